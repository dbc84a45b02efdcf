"""The documentation of the twin lists what it serves, what of that the product uses, and what was checked."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest

import fastrel.github
from endpoint_uses import ENDPOINTS, QUERIES
from fastrel.board.fetch import open_issues
from fastrel.github.gateway import Repository
from fastrel.github.model import CheckResult
from fastrel.github.role import Role
from fastrel.github.token import read_token
from fastrel.github.transport.client import Client
from fastrel_twin.faults import Fault
from fastrel_twin.server import Twin
from published import DESCRIPTION
from published_models import operations
from queries import OPERATION, queries
from recording import PRODUCT, Recorder
from served import served
from stage import Project
from templates import fitting
from twin_reference import PAGE, documented, page, statuses
from twin_requests import furnish


def test_the_page_is_as_fresh_as_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "type `make reference`"


@pytest.mark.parametrize("route", served(), ids=lambda one: f"{one.method} {one.path}")
def test_every_endpoint_says_how_it_behaves_and_is_asked_with_success(route: object) -> None:
    known = documented(route)  # type: ignore[arg-type]  # parametrize hides the type
    assert statuses(known)
    assert statuses(known)[0] < 300


def test_the_uses_are_of_endpoints_and_queries_that_there_are() -> None:
    assert {documented(one).id for one in served()} >= ENDPOINTS.keys()
    assert {one.name for one in queries()} == QUERIES.keys()


# What the product asks


def calls(twin: Twin, repository: Repository, file: Path) -> dict[str, Callable[[], object]]:
    """A call of each public method of the product's repository."""
    names = furnish(twin)
    head, branch = names["head"], "main"
    code, ci, issues, milestones = repository.code, repository.ci, repository.issues, repository.milestones
    releases, discussions, pulls = repository.releases, repository.discussions, repository.pulls
    draft = releases.create_draft("v0.2.0", prerelease=False)
    general = discussions.category("General")
    assert general
    topic = twin.store.add_discussion("Words", "More words", "mia", "General")

    anonymous = Client(twin.api_url, None)

    def with_file() -> None:
        releases.upload(draft, file)
        repository.fresh()
        releases.delete_asset(next(asset for one in releases.all() for asset in one.assets))

    return {
        "Repository.facts": repository.facts,
        "Repository.login": lambda: (repository.login(), app(twin, repository).login()),
        "Repository.role": lambda: hidden(twin, repository),
        "Repository.role_of": lambda: repository.role_of("rae"),
        "Repository.fresh": repository.fresh,
        "Repository.require_usable": lambda: repository.require_usable(branch),
        "Repository.require_writable": repository.require_writable,
        "fetch.open_issues": lambda: [
            open_issues(client, [place], "bug")
            for client in (repository.client, anonymous)
            for place in ("ServiceNow", "nobody", repository.name)
        ],
        "token.read_token": lambda: [read_token(one) for one in (repository.client, without_limits(twin, repository))],
        "Code.head": lambda: code.head(branch),
        "Code.tags": code.tags,
        "Code.commit_of": lambda: code.commit_of(code.tags()["v0.1.0"]),
        "Code.tagged_at": lambda: code.tagged_at(code.tags()["v0.1.0"]),
        "Code.message_of": lambda: code.message_of(code.tags()["v0.1.0"]),
        "Code.file": lambda: code.file("setup.cfg", branch),
        "Code.touching": lambda: code.touching("fast_llm", head, frozenset({head})),
        "Code.new_commits": lambda: code.new_commits("v0.1.0", branch),
        "Code.commits_since": lambda: (
            code.commits_since("v0.1.0", branch),
            code.commits_since("", branch),
            code.commits_since("v0.1.0", head),
            Repository(anonymous, repository.name).code.commits_since("", branch),
        ),
        "Code.has_branch": lambda: code.has_branch(branch),
        "Code.changed_files": lambda: code.changed_files(head),
        "Code.headline": lambda: code.headline(head),
        "Code.relation": lambda: code.relation("v0.1.0", branch),
        "Code.rules": lambda: code.rules(branch),
        "Code.protection": lambda: code.protection(branch),
        "Code.rule_list": lambda: code.rule_list(branch),
        "Code.tag_rules": lambda: code.tag_rules("old-1"),
        "Code.may_bypass": lambda: code.may_bypass(int(names["ruleset"])),
        "Checks.check_runs": lambda: ci.check_runs(branch),
        "Checks.sees_all_checks": lambda: [ci.sees_all_checks(branch), without_checks(twin, repository)],
        "Checks.statuses": lambda: ci.statuses(branch),
        "Checks.workflow_runs": lambda: ci.workflow_runs(head, branch, ""),
        "Checks.results": lambda: ci.results(branch, head, ""),
        "Checks.runs_of": lambda: ci.runs_of(branch),
        "Checks.permissions": ci.permissions,
        "Checks.token_permissions": ci.token_permissions,
        "Checks.rerun_failed": lambda: ci.rerun_failed(CheckResult("", "", "", "", id=int(names["run"]))),
        "Checks.dispatch": lambda: ci.dispatch("ci.yaml", branch),
        "Checks.dispatched": lambda: ci.dispatched(head, branch),
        "Checks.deployment": lambda: ci.deployment(head, "github-pages"),
        "Discussions.enabled": discussions.enabled,
        "Discussions.categories": discussions.categories,
        "Discussions.role_for": lambda: discussions.role_for("General", Role.WRITE),
        "Discussions.category": lambda: discussions.category("General"),
        "Discussions.thread": lambda: discussions.thread(topic.number),
        "Discussions.newest": lambda: discussions.newest(general),
        "Discussions.comment": lambda: discussions.comment(discussions.thread(topic.number)[0], "Well"),
        "Discussions.create": lambda: discussions.create(general, "Title", "Body"),
        "Discussions.delete_comment": lambda: discussions.delete_comment(discussions.thread(topic.number)[1][0]),
        "Discussions.delete": lambda: discussions.delete(discussions.thread(topic.number)[0]),
        "Issues.may_be_assigned": lambda: issues.may_be_assigned("mia"),
        "Issues.labels": issues.labels,
        "Issues.text": lambda: issues.text(29),
        "Issues.editors": lambda: issues.editors(29),
        "Issues.thread": lambda: issues.thread(29, twin.store.now()),
        "Issues.change_comment": lambda: issues.change_comment(int(names["comment"]), "Because."),
        "Issues.delete_comment": lambda: issues.delete_comment(int(names["comment"])),
        "Issues.labelled": lambda: issues.labelled("bug"),
        "Issues.in_milestone": lambda: issues.in_milestone(2),
        "Issues.one": lambda: issues.one(29),
        "Issues.anew": lambda: issues.anew(30),
        "Issues.comments": lambda: issues.comments(29),
        "Issues.create": lambda: issues.create("T", "B", labels=["bug"], assignees=["mia"], milestone=2),
        "Issues.change": lambda: issues.change(29, {"state": "closed"}),
        "Issues.comment": lambda: issues.comment(29, "Why?"),
        "Issues.add_label": lambda: issues.add_label(29, "enhancement"),
        "Issues.ensure_label": lambda: issues.ensure_label("release", colour="0e8a16", description="Words"),
        "Milestones.all": milestones.all,
        "Milestones.title_of": lambda: milestones.title_of("0.2.0"),
        "Milestones.named": lambda: milestones.named("0.2.0"),
        "Milestones.ensure": lambda: milestones.ensure("9.0.0"),
        "Milestones.close": lambda: milestones.close(2),
        "Milestones.set_due": lambda: milestones.set_due(2, twin.store.now()),
        "Pulls.of_branch": lambda: pulls.of_branch("topic", branch),
        "Pulls.open": lambda: pulls.open("topic", branch, "T", "B"),
        "Releases.all": releases.all,
        "Releases.of_tag": lambda: releases.of_tag("v0.2.0"),
        "Releases.create_draft": lambda: releases.create_draft("v0.3.0", prerelease=True),
        "Releases.change": lambda: releases.change(draft, {"body": "words"}),
        "Releases.latest": releases.latest,
        "Releases.generated_notes": lambda: releases.generated_notes("v0.2.0", "v0.1.0"),
        "Releases.upload": with_file,
        "Releases.delete_asset": lambda: None,  # with the file above
        "Releases.delete": lambda: releases.delete(draft),
    }


def app(twin: Twin, repository: Repository) -> Repository:
    token = next(user.token for user in twin.store.users.values() if user.app)
    return Repository(Client(twin.api_url, token), repository.name)


def without_checks(twin: Twin, repository: Repository) -> bool:
    """A fine-grained token in a private repository."""
    twin.store.private = True
    repository.fresh()
    found = bool(repository.ci.check_runs("main")) and not repository.ci.sees_all_checks("main")
    twin.store.private = False
    repository.fresh()
    return found


def hidden(twin: Twin, repository: Repository) -> None:
    twin.store.hides_permissions = True
    repository.fresh()
    assert repository.role()
    twin.store.hides_permissions = False


def without_limits(twin: Twin, repository: Repository) -> Client:
    """A GitHub Enterprise Server may have no rate limits, and says so by 404."""
    twin.faults.add(Fault("GET", "/rate_limit", 404, after=1))
    return repository.client


def public_names(repository: Repository) -> set[str]:
    """The public methods of the repository and its parts, and the functions beside them that take a client."""
    found = {
        f"{type(part).__name__}.{name}"
        for part in (repository, *vars(repository).values())
        if type(part).__module__.startswith("fastrel.github.") and not isinstance(part, Client)
        for name, _ in inspect.getmembers(type(part), inspect.isfunction)
    }
    modules = [f"fastrel.github.{info.name}" for info in pkgutil.iter_modules(fastrel.github.__path__)]
    for name_of_module in (*modules, "fastrel.board.fetch"):
        module = importlib.import_module(name_of_module)
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and next(iter(inspect.signature(one).parameters), "") == "client":
                found.add(f"{module.__name__.rpartition('.')[2]}.{name}")
    return {one for one in found if "._" not in one}


def test_the_page_knows_what_the_product_uses(twin: Twin, project: Project, tmp_path: Path, recorder: Recorder) -> None:
    repository = project.session().repository
    file = tmp_path / "file.whl"
    file.write_bytes(b"wheel")
    made = calls(twin, repository, file)
    assert made.keys() == public_names(repository), "calls() has a call of each"
    for call in made.values():
        call()
    templates = {method: [path for other, path in operations() if other == method] for method, _ in operations()}
    used = {
        operations()[one.method, fitting(one.path, templates[one.method])].id
        for one in recorder.exchanges
        if one.agent == PRODUCT
    }
    assert used == ENDPOINTS.keys()
    sent = [name for text in recorder.queries for _, name in OPERATION.findall(text)]
    assert set(sent) == {one.name for one in queries()}


@pytest.mark.skipif(not DESCRIPTION.is_file(), reason="needs GitHub's descriptions: `make node`")
def test_github_enterprise_server_has_what_the_product_uses() -> None:
    files = [one for one in DESCRIPTION.parent.glob("ghes-*.json") if "deref" not in one.name]
    assert files
    used = [one for one in operations().values() if one.id in ENDPOINTS]
    for file in files:
        paths = json.loads(file.read_text(encoding="utf-8"))["paths"]
        missing = [one.id for one in used if one.method.lower() not in paths.get(one.path, {})]
        assert missing == [], file.name
