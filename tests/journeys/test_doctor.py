"""`doctor`: each thing that can be wrong is found, named, and comes with a way to mend it. Nothing is changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from fastrel_twin.faults import Fault
from fastrel_twin.records import Protection
from fastrel_twin.server import Twin
from stage import Cli, Golden, Project, Result, converse, steady

WORKFLOW = ".github/workflows/release-checklist.yml"
Break = Callable[[Project], None]


def found(result: Result, name: str) -> dict[str, str]:
    checks = result.json["checks"]
    assert isinstance(checks, list)
    one = next(check for check in checks if check["id"] == name)
    assert isinstance(one, dict)
    return one


def store(change: str) -> Break:
    """Changes the twin by a statement about its `store`."""

    def apply(project: Project) -> None:
        exec(change, {"store": project.twin.store, "Protection": Protection, "timedelta": timedelta})

    return apply


def guide(old: str, new: str) -> Break:
    return lambda project: project.change_guide(old, new)


def git(*arguments: str) -> Break:
    return lambda project: void(project.git(*arguments))


def file(path: str, text: str) -> Break:
    def write(project: Project) -> None:
        (project.path / path).parent.mkdir(parents=True, exist_ok=True)
        (project.path / path).write_text(text)

    return write


def both(*breaks: Break) -> Break:
    return lambda project: void([one(project) for one in breaks])


def void(value: object) -> None:
    """So that a lambda gives nothing."""


BROKEN: list[tuple[str, Break, str, str, str]] = [
    ("token", store("store.users['mia'].expires = store.now() + timedelta(days=3)"), "warning", "expires on 20", "Make a new one"),
    ("token", store("store.users['mia'].expires = store.now() + timedelta(days=90)"), "ok", "valid until 20", ""),
    ("token", store("store.users['mia'].token = 'another'"), "problem", "GitHub does not accept the token of GH_TOKEN", "gh auth login"),
    ("scopes", store("store.users['mia'].scopes = ('gist',)"), "problem", "the token lacks repo", "--scopes repo"),
    ("scopes", store("store.users['mia'].scopes = ('public_repo',)"), "warning", "lacks workflow", "--scopes workflow"),
    ("scopes", store("store.users['mia'].scopes = ('repo', 'workflow')"), "ok", "repo, workflow", ""),
    ("scopes", store(""), "unknown", "does not list the permissions", "Contents: Read and write"),
    ("server", store("store.rate_limit = 100"), "warning", "of 5000 requests are left", "The limit is renewed at"),
    ("repository", guide("ServiceNow/Fast-LLM", "ServiceNow/Slow-LLM"), "problem", "There is no repository ServiceNow/Slow-LLM", "`repository:`"),
    ("role", store("store.users['mia'].role = 'write'"), "warning", "mia has write and may run 18 of 25 steps, not create-tag", "lists mia"),
    ("role", store("store.hides_permissions = True"), "ok", "mia has maintain", ""),
    ("branch", guide("branch: main", "branch: master"), "problem", "there is no branch master", "`branch: main`"),
    ("protection", store("store.protect('main')"), "ok", "takes no pushes; the version comes by a pull request", ""),
    ("protection", both(store("store.protect('main')"), guide("branch: main", "branch: main\n  bump: direct")), "warning", "bump: direct", "Remove `bump: direct`"),
    ("labels", store("del store.labels['bug']"), "warning", "there is no label bug", "`bug_label:`"),
    ("labels", store("[store.labels.pop(one) for one in ('breaking', 'enhancement')]"), "warning", "no label breaking or", "`feature_labels:`"),
    ("milestone", store("store.milestones[2].state = 'closed'"), "warning", "the next release is 0.2.0; its milestone is closed", "/milestones"),
    ("milestone", store("store.milestones.pop(2)"), "warning", "its milestone does not exist", "/milestones"),
    ("milestone", store("store.milestones[2].due_on = None"), "warning", "milestone 0.2.0 has no due date", "/milestone/2/edit"),
    ("discussions", store("store.has_discussions = False"), "problem", "switched off", "/settings"),
    ("discussions", guide("discussion_category: Announcements", "discussion_category: News"), "problem", "no category News; there are Announcements, General", "`discussion_category:`"),
    ("discussions", guide("  discussion_category: Announcements\n", ""), "problem", "names no discussion_category", "Choose one of Announcements"),
    ("release-notes", store("store.labels.pop('documentation')"), "warning", "labels that do not exist: documentation", "/labels"),
    ("actions", store("store.users['mia'].role = 'admin'"), "ok", "Actions are on", ""),
    ("actions", both(store("store.users['mia'].role = 'admin'; store.actions_enabled = False"), file(WORKFLOW, "x")), "problem", "never runs", "/settings/actions"),
    ("actions", both(store("store.users['mia'].role = 'admin'; store.allowed_actions = 'local_only'"), file(WORKFLOW, "x")), "warning", "only actions of this owner", "Allow"),
    ("actions", store(""), "unknown", "only an admin may read this", "/settings/actions"),
    ("actions-token", both(store("store.users['mia'].role = 'admin'; store.protect('main')"), file(WORKFLOW, "x")), "warning", "may not open pull requests", "Allow GitHub Actions to create"),
    ("actions-token", store("store.users['mia'].role = 'admin'"), "ok", "workflows may read unless they say otherwise", ""),
    ("workflow", file(WORKFLOW, "uses: OWNER/fastrel-checklist/.github/workflows/checklist.yml@v1"), "problem", "still says OWNER", "remove `if: false`"),
    ("workflow", file(WORKFLOW, "uses: octo/fastrel-checklist/.github/workflows/checklist.yml@v1"), "ok", "is there", ""),
    ("guide", guide("uses=tag.create", "uses=tag.make"), "problem", "1 mistake, the first:", "fastrel-checklist lint"),
    ("guide", lambda project: (project.path / "docs/release-guide.md").unlink(), "problem", "No guide was found", "fastrel-checklist init"),
    ("version-files", file("setup.cfg", "[metadata]\nversion = 9.9.9\n"), "problem", "they disagree: fast_llm/__init__.py says 0.1.1-dev, setup.cfg says 9.9.9", "same version"),
    ("version-files", file("fast_llm/__init__.py", "x = 1\n"), "problem", "fast_llm/__init__.py gives `__version__` no value", "pattern"),
    ("version-files", lambda project: (project.path / "fast_llm/__init__.py").unlink(), "problem", "fast_llm/__init__.py does not exist", "`version_files:`"),
    ("remote", git("remote", "set-url", "origin", "https://github.com/me/fork.git"), "problem", "No remote of this checkout is ServiceNow/Fast-LLM", "git remote add"),
    ("checkout", file("setup.cfg", "[metadata]\nversion = 0.1.1-dev\n# more\n"), "warning", "uncommitted changes in setup.cfg", "Commit or stash"),
    ("checkout", git("switch", "--quiet", "-c", "topic"), "warning", "it is on topic; a release is run on main", "git switch main"),
    ("checkout", git("switch", "--quiet", "--detach"), "warning", "on no branch (detached HEAD)", "git switch main"),
    ("identity", both(git("config", "--unset", "user.name"), git("config", "--unset", "user.email"), git("config", "user.useConfigOnly", "true")), "problem", "does not know who commits", "git config"),
    ("signing", git("config", "tag.gpgsign", "true"), "problem", "tags are signed by GnuPG, but gpg was not found", "Install gpg"),
    ("signing", both(git("config", "tag.gpgsign", "true"), git("config", "gpg.format", "ssh")), "problem", "by ssh, but no key is named", "user.signingKey"),
    ("signing", both(git("config", "commit.gpgsign", "yes"), git("config", "gpg.program", "true")), "problem", "commits are signed by GnuPG, but git could not sign", "Try"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "health", "summary", "mend"), BROKEN)
def test_what_is_wrong_is_found_and_can_be_mended(
    cli: Cli, project: Project, name: str, change: Break, health: str, summary: str, mend: str
) -> None:
    change(project)
    before = project.git("status", "--porcelain"), project.twin.store.bare.git("for-each-ref")
    result = cli("doctor", "--json")
    one = found(result, name)
    assert one["health"] == health, one
    assert summary in one["summary"]
    assert mend in one["mend"]
    assert bool(one["mend"]) == (health != "ok")
    assert result.code == (0 if result.json["healthy"] else 1)
    assert (health != "problem") or result.code == 1
    assert (project.git("status", "--porcelain"), project.twin.store.bare.git("for-each-ref")) == before
    asked = [(verb, path) for verb, path, _ in project.twin.requests]
    assert all(verb == "GET" or path.startswith(("/api/graphql", "/ServiceNow/Fast-LLM.git/")) for verb, path in asked)
    assert "twin-token" not in result.out + result.err


def test_all_is_well(cli: Cli, project: Project, golden: Golden, twin: Twin) -> None:
    result = cli("doctor")
    assert result.code == 0
    text = re.sub(r"git \d[\d.]+", "git <version>", steady(result.out, twin))
    golden("journeys/doctor.txt", re.sub(r"\d+ of 5000", "<n> of 5000", text))


def test_a_table_on_a_terminal(project: Project) -> None:
    code, screen = converse(["doctor"], [])
    assert code == 0
    assert re.search(r"✔ +token +a token of mia, from GH_TOKEN", screen)
    assert "→ A fine-grained token needs" in screen
    assert screen.rstrip().endswith("24 ok, 3 unknown")


def test_it_takes_two_rounds_and_no_read_is_made_twice(cli: Cli, project: Project, twin: Twin) -> None:
    asked = len(twin.requests)
    result = cli("doctor", "--json")
    paths = [path for _, path, _ in twin.requests[asked:]]
    assert paths[0].endswith("/rate_limit")
    assert len(paths) == len(set(paths)) == result.json["requests"] == 13


def test_without_a_token_it_says_so_and_tells_the_rest(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    result = cli("doctor", "--json")
    assert result.code == 1
    assert found(result, "token")["health"] == "problem"
    assert {found(result, name)["health"] for name in ("role", "scopes", "discussions", "actions")} == {"unknown"}
    assert {found(result, name)["health"] for name in ("branch", "labels", "milestone", "guide")} == {"ok"}


@pytest.mark.parametrize("token", ["GITHUB_TOKEN", "gh"])
def test_the_source_of_the_token_is_named(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    if token == "gh":
        program = tmp_path / "bin" / "gh"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho {project.token}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    else:
        monkeypatch.setenv(token, project.token)
    assert found(cli("doctor", "--json"), "token")["summary"].endswith(f"from {token}")


def test_a_server_that_cannot_be_reached_is_asked_once(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    result = cli("doctor", "--json")
    assert result.code == 1
    assert "cannot be reached" in found(result, "server")["summary"]
    assert result.json["requests"] == 1
    assert found(result, "branch")["summary"] == "GitHub could not be asked"
    assert found(result, "guide")["health"] == "ok"


@pytest.mark.parametrize("address", ["../own.git", "https://gitlab.com/team/own.git"])
@pytest.mark.parametrize("reachable", [True, False])
def test_an_origin_that_is_not_on_github_is_no_repository(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, address: str, reachable: bool
) -> None:
    if not reachable:
        monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    project.git("remote", "set-url", "origin", address)
    project.change_guide("  repository: ServiceNow/Fast-LLM\n", "")
    one = found(cli("doctor", "--json"), "repository")
    assert (one["health"], one["summary"]) == ("problem", f"origin is {address}, which is on no GitHub server")
    assert one["mend"] == "Give --repo OWNER/NAME, or write `repository:` into the guide."
    assert (
        f"error: Which repository is not known: origin is {address}, which is on no GitHub server." in cli("status").err
    )


def test_a_project_without_a_remote_names_no_repository(cli: Cli, project: Project) -> None:
    project.git("remote", "remove", "origin")
    project.change_guide("  repository: ServiceNow/Fast-LLM\n", "")
    assert found(cli("doctor", "--json"), "repository")["summary"] == "which repository is not known"


def test_a_read_that_fails_leaves_the_other_checks_alone(cli: Cli, project: Project, twin: Twin) -> None:
    twin.faults.add(*[Fault("GET", "/labels", 500)] * 20)
    result = cli("doctor", "--json")
    assert found(result, "labels")["health"] == "unknown"
    assert found(result, "milestone")["health"] == "ok"


def test_a_server_without_rate_limits(cli: Cli, project: Project, twin: Twin) -> None:
    twin.faults.add(Fault("GET", "/rate_limit", 404, message="Rate limiting is not enabled."))
    result = cli("doctor", "--json")
    assert found(result, "server")["health"] == "ok"
    assert found(result, "branch")["health"] == "ok"


def test_outside_of_any_project(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    result = cli("doctor", "--json")
    assert result.code == 1
    assert "No guide was found" in found(result, "guide")["summary"]
    assert found(result, "remote")["health"] == "unknown"
    assert (result.json["repository"], result.json["guide"]) == (None, None)


def test_packages_outside_of_the_tested_ranges_are_named(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.0" if name.lower() == "click" else version(name))
    one = found(cli("doctor", "--json"), "packages")
    assert one["health"] == "warning"
    assert "click 1.0 (" in one["summary"]
    assert "`pip install --upgrade fastrel-checklist`; if it was installed from a clone, `pip" in one["mend"]
