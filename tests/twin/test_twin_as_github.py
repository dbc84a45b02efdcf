"""The twin behaves like GitHub: asked through PyGithub, plain HTTP and git; answers checked with GitHub's own schemas."""

from __future__ import annotations

import importlib
import subprocess
from pathlib import Path

import pytest
import requests
from github import Auth, Github, GithubException, UnknownObjectException
from github.Repository import Repository as GithubRepository
from pydantic import TypeAdapter

from fastrel_twin.clone import clone_sample
from fastrel_twin.records import Asset, Comment, CommitStatus, Deployment, Pull
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import GUIDE, Project

NAME = "ServiceNow/Fast-LLM"


def repository(twin: Twin, role: str = "maintain") -> GithubRepository:
    auth = Auth.Token(twin.tokens[role])
    return Github(auth=auth, base_url=twin.api_url, retry=None, seconds_between_writes=None).get_repo(NAME)


def get(twin: Twin, path: str, role: str | None = "maintain", **headers: str) -> requests.Response:
    if role:
        headers["Authorization"] = f"Bearer {twin.tokens[role]}"
    return requests.get(f"{twin.api_url}{path}", headers=headers, timeout=10)


def graphql(twin: Twin, query: str, **variables: object) -> dict[str, object]:
    answer = requests.post(
        f"{twin.url}/api/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {twin.tokens['maintain']}"},
        timeout=10,
    )
    loaded = answer.json()
    assert isinstance(loaded, dict)
    return loaded


# Answers have GitHub's shapes


def furnished(twin: Twin) -> dict[str, object]:
    """What the sample lacks: a pull request of the API, a deployment, a file of a release, a comment, a status."""
    store = twin.store
    head = store.bare.resolve("main")
    store.bare.set_ref("refs/heads/topic", head)
    pull = store.add_issue("A change", "carl", pull=Pull("topic", opened=0.0))
    deployment = Deployment(store.new_id(), head, "main", "github-pages", "mia", store.now(), state="success")
    store.deployments.append(deployment)
    release = next(iter(store.releases.values()))
    release.assets.append(Asset(store.new_id(), "a.whl", b"wheel", "application/zip", "mia", store.now()))
    comment = Comment(store.new_id(), "mia", "Why?", store.now())
    store.issues[29].comments.append(comment)
    store.statuses.append(CommitStatus(store.new_id(), head, "coverage", "success", "mia", store.now()))
    tag = store.bare.refs()["refs/tags/v0.1.0"].sha
    return {"pull": pull.number, "deployment": deployment.id, "release": release.id, "tag": tag, "comment": comment.id}


@pytest.mark.parametrize(
    ("path", "name", "many"),
    [
        ("/user", "PublicUser", False),
        ("/meta", "ApiOverview", False),
        (f"/repos/{NAME}/issues?state=all&per_page=100", "Issue", True),
        (f"/repos/{NAME}/issues/29", "Issue", False),
        (f"/repos/{NAME}/milestones?state=all", "Milestone", True),
        (f"/repos/{NAME}/labels", "Label", True),
        (f"/repos/{NAME}/releases", "Release", True),
        (f"/repos/{NAME}/git/matching-refs/tags/", "GitRef", True),
        (f"/repos/{NAME}/git/ref/heads/main", "GitRef", False),
        (f"/repos/{NAME}/commits/main", "Commit", False),
        (f"/repos/{NAME}/compare/v0.1.0...main", "CommitComparison", False),
        (f"/repos/{NAME}/commits/main/check-runs", "ReposOwnerRepoCommitsRefCheckRunsGetResponse200", False),
        (f"/repos/{NAME}/contents/setup.cfg", "ContentFile", False),
        (f"/repos/{NAME}", "FullRepository", False),
        (f"/repos/{NAME}/commits/main/status", "CombinedCommitStatus", False),
        (f"/repos/{NAME}/actions/runs", "ReposOwnerRepoActionsRunsGetResponse200", False),
        (f"/repos/{NAME}/pulls?state=all", "PullRequestSimple", True),
        (f"/repos/{NAME}/pulls/{{pull}}", "PullRequest", False),
        (f"/repos/{NAME}/branches/main", "BranchWithProtection", False),
        (f"/repos/{NAME}/deployments", "Deployment", True),
        (f"/repos/{NAME}/deployments/{{deployment}}/statuses", "DeploymentStatus", True),
        (f"/repos/{NAME}/releases/{{release}}/assets", "ReleaseAsset", True),
        (f"/repos/{NAME}/git/tags/{{tag}}", "GitTag", False),
        (f"/repos/{NAME}/collaborators/mia/permission", "RepositoryCollaboratorPermission", False),
        (f"/repos/{NAME}/issues/29/comments", "IssueComment", True),
        (f"/repos/{NAME}/issues/comments/{{comment}}", "IssueComment", False),
    ],
)
def test_answers_parse_with_githubs_published_schemas(twin: Twin, path: str, name: str, many: bool) -> None:
    answer = get(twin, path.format(**furnished(twin)))
    assert answer.status_code == 200
    assert answer.json()
    # By name: the type checker would read some fifty megabytes of models.
    model = getattr(importlib.import_module("githubkit_schemas.latest.models"), name)
    for one in answer.json() if many else [answer.json()]:
        TypeAdapter(model).validate_python(one)


@pytest.mark.parametrize(
    ("path", "name"),
    [("permissions", "ActionsRepositoryPermissions"), ("permissions/workflow", "ActionsGetDefaultWorkflowPermissions")],
)
def test_permissions_of_actions_parse_with_githubs_published_schemas(twin: Twin, path: str, name: str) -> None:
    model = getattr(importlib.import_module("githubkit_schemas.latest.models"), name)
    for enabled, allowed in ((True, "all"), (True, "selected"), (False, "all")):
        twin.store.actions_enabled, twin.store.allowed_actions = enabled, allowed
        answer = get(twin, f"/repos/{NAME}/actions/{path}", "admin")
        assert answer.status_code == 200
        TypeAdapter(model).validate_python(answer.json())
        assert set(answer.json()) <= {field.alias or key for key, field in model.model_fields.items()}
    assert get(twin, f"/repos/{NAME}/actions/{path}", "maintain").status_code == 403
    assert get(twin, f"/repos/{NAME}/actions/{path}", None).status_code == 401


def test_headers_tell_about_the_token(twin: Twin) -> None:
    assert "X-OAuth-Scopes" not in get(twin, "/rate_limit").headers
    mia = twin.store.users["mia"]
    mia.scopes, mia.expires = ("repo", "workflow"), twin.store.now()
    headers = get(twin, "/rate_limit").headers
    assert headers["X-OAuth-Scopes"] == "repo, workflow"
    assert headers["github-authentication-token-expiration"].endswith(" UTC")
    assert "X-OAuth-Scopes" not in get(twin, "/rate_limit", None).headers


# Reading


def test_issues_are_listed_as_github_lists_them(twin: Twin) -> None:
    project = repository(twin)
    assert project.permissions.maintain
    assert not project.permissions.admin
    coming = project.get_milestone(2)
    assert coming.title == "0.2.0"
    numbers = {issue.number for issue in project.get_issues(milestone=coming, state="open")}
    assert numbers == {29, 30, 31, 32, 33}  # pull requests, too
    assert {issue.number for issue in project.get_issues(labels=["bug"])} == {31, 35, 36}
    assert (coming.open_issues, coming.closed_issues) == (5, 13)


def test_long_listings_come_in_pages_with_links(twin: Twin) -> None:
    for number in range(250):
        twin.store.add_issue(f"Issue {number}", "rae", labels=["many"])
    assert len(list(repository(twin).get_issues(labels=["many"]))) == 250
    first = get(twin, f"/repos/{NAME}/issues?labels=many&per_page=100")
    assert set(first.links) == {"next"}
    for comment in range(250):
        twin.store.issues[29].comments.append(Comment(9000 + comment, "mia", "Why?", twin.store.now()))
    first = get(twin, f"/repos/{NAME}/issues/29/comments?per_page=100")
    assert set(first.links) == {"next", "last"}
    assert "page=3" in first.links["last"]["url"]
    last = requests.get(first.links["last"]["url"], timeout=10)
    assert len(last.json()) == 50
    assert set(last.links) == {"prev", "first"}


def test_an_unchanged_answer_is_not_sent_again_and_costs_nothing(twin: Twin) -> None:
    first = get(twin, f"/repos/{NAME}/milestones")
    again = get(twin, f"/repos/{NAME}/milestones", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    twin.store.milestones[2].title = "0.2.0!"
    assert get(twin, f"/repos/{NAME}/milestones", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_unchanged_answer_costs_a_request_without_a_token(twin: Twin) -> None:
    first = get(twin, f"/repos/{NAME}", None)
    again = get(twin, f"/repos/{NAME}", None, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert int(again.headers["X-RateLimit-Remaining"]) == int(first.headers["X-RateLimit-Remaining"]) - 1


def test_asking_for_the_rate_limit_costs_nothing(twin: Twin) -> None:
    get(twin, f"/repos/{NAME}")
    left = [get(twin, "/rate_limit").json()["rate"]["remaining"] for _ in range(2)]
    assert left == [4999, 4999]


def test_git_is_what_git_says(twin: Twin, project: Project) -> None:
    remote = repository(twin)
    assert remote.get_branch("main").commit.sha == project.git("rev-parse", "HEAD")
    assert remote.get_contents("setup.cfg").decoded_content == (project.path / "setup.cfg").read_bytes()  # type: ignore[union-attr]  # a file, not a folder
    ref = remote.get_git_ref("tags/v0.1.0")
    assert ref.object.type == "tag"
    tag = remote.get_git_tag(ref.object.sha)
    assert (tag.message, tag.object.sha) == ("Release version 0.1.0", project.git("rev-parse", "v0.1.0^{commit}"))
    comparison = remote.compare("v0.1.0", "main")
    assert comparison.total_commits == int(project.git("rev-list", "--count", "v0.1.0..main"))
    assert comparison.status == "ahead"


# Errors


def test_errors_have_githubs_shape(twin: Twin) -> None:
    unknown = get(twin, f"/repos/{NAME}/issues/999")
    assert (unknown.status_code, unknown.json()["message"]) == (404, "Not Found")
    wrong = requests.get(f"{twin.api_url}/user", headers={"Authorization": "Bearer nonsense"}, timeout=10)
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Bad credentials")
    assert requests.get(f"{twin.api_url}/user", timeout=10).status_code == 401
    with pytest.raises(GithubException) as caught:
        repository(twin).create_milestone("0.2.0")
    assert caught.value.status == 422
    assert caught.value.data["errors"][0]["code"] == "already_exists"
    assert get(twin, "/repos/somebody/else").status_code == 404
    broken = requests.post(f"{twin.api_url}/repos/{NAME}/issues", data="{", timeout=10,
                           headers={"Authorization": f"Bearer {twin.tokens['write']}"})  # fmt: skip
    assert (broken.status_code, broken.json()["message"]) == (400, "Problems parsing JSON")


def test_the_rate_limit_ends(twin: Twin) -> None:
    twin.store.rate_limit = 1
    assert get(twin, "/user").headers["X-RateLimit-Remaining"] == "0"
    refused = get(twin, "/user")
    assert refused.status_code == 403
    assert "rate limit" in refused.json()["message"]


@pytest.mark.parametrize(
    ("role", "may"),
    [("read", set()), ("triage", {"label"}), ("write", {"label", "release"}), ("admin", {"label", "release"})],
)
def test_roles_decide_what_is_allowed(twin: Twin, role: str, may: set[str]) -> None:
    project = repository(twin, role)
    done, refusals = set(), []
    for name, attempt in (
        ("label", lambda: project.get_issue(29).add_to_labels("bug")),
        ("release", lambda: project.create_git_release("v9.9.9", "v9.9.9", "", draft=True)),
    ):
        try:
            attempt()
            done.add(name)
        except GithubException as error:
            refusals.append(error.status)
    assert done == may
    assert set(refusals) <= {403}


def test_comments_are_changed_and_deleted_by_their_author_or_with_write_access(twin: Twin) -> None:
    comment = repository(twin, "read").get_issue(29).create_comment("Why?")
    own = repository(twin, "read").get_issue(29).get_comment(comment.id)
    own.edit("Why not?")
    assert repository(twin).get_issue(29).get_comment(comment.id).body == "Why not?"
    with pytest.raises(GithubException) as refused:
        repository(twin, "triage").get_issue(29).get_comment(comment.id).delete()
    assert refused.value.status == 403
    repository(twin, "write").get_issue(29).get_comment(comment.id).delete()
    with pytest.raises(UnknownObjectException):
        repository(twin).get_issue(29).get_comment(comment.id)
    with pytest.raises(GithubException, match="too_long"):
        repository(twin, "read").get_issue(29).create_comment("x" * 65_537)


# Releases


def test_a_draft_is_not_found_by_its_tag_until_it_is_published(twin: Twin) -> None:
    project = repository(twin)
    draft = project.create_git_release("v0.2.0", "v0.2.0", "", draft=True, target_commitish="main")
    assert "untagged-" in draft.html_url
    with pytest.raises(UnknownObjectException):
        project.get_release("v0.2.0")
    assert [one.tag_name for one in project.get_releases()] == ["v0.2.0", "v0.1.0"]
    assert [one.tag_name for one in repository(twin, "read").get_releases()] == ["v0.1.0"]
    draft.update_release("v0.2.0", "words", draft=False)
    assert project.get_release("v0.2.0").body == "words"
    assert project.get_latest_release().tag_name == "v0.2.0"
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()
    with pytest.raises(GithubException, match="already_exists"):
        project.create_git_release("v0.2.0", "v0.2.0", "")


def test_publishing_starts_a_discussion_in_a_category_that_exists(twin: Twin) -> None:
    draft = repository(twin).create_git_release("v0.2.0", "v0.2.0", "notes", draft=True)
    url, token = (
        f"{twin.api_url}/repos/{NAME}/releases/{draft.id}",
        {"Authorization": f"Bearer {twin.tokens['maintain']}"},
    )
    wrong = requests.patch(url, json={"draft": False, "discussion_category_name": "Nope"}, headers=token, timeout=10)
    assert wrong.status_code == 404
    right = requests.patch(url, json={"draft": False, "discussion_category_name": "General"}, headers=token, timeout=10)
    number = int(right.json()["discussion_url"].rpartition("/")[2])
    assert twin.store.discussions[number].category == "General"


def test_notes_are_generated_from_merged_pull_requests_and_the_configuration(twin: Twin) -> None:
    notes = repository(twin).generate_release_notes("v0.2.0", previous_tag_name="v0.1.0", target_commitish="main").body
    assert notes.partition("\n\n")[2].startswith(
        "## What's Changed\n### Breaking changes\n* Rename the batch configuration by @mia in "
    )
    assert "### Other Changes\n* Prepare data in parallel by @carl" in notes
    assert "Tidy the test fixtures" not in notes
    assert "triton" not in notes
    assert notes.endswith(f"**Full Changelog**: {twin.url}/{NAME}/compare/v0.1.0...v0.2.0")


# Git over HTTP


def push(project: Project, token: str, monkeypatch: pytest.MonkeyPatch) -> subprocess.CompletedProcess[str]:
    monkeypatch.setenv("GH_TOKEN", token)
    return subprocess.run(
        ["git", "push", "origin", "main"], cwd=project.path, capture_output=True, text=True, check=False
    )


def test_a_push_needs_the_token_of_somebody_who_may(
    twin: Twin, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.git("commit", "--quiet", "--allow-empty", "-m", "More")
    head, before = project.git("rev-parse", "HEAD"), twin.store.bare.refs()["refs/heads/main"].sha
    for token in ("nonsense", twin.tokens["read"]):
        refused = push(project, token, monkeypatch)
        assert refused.returncode != 0
        assert twin.store.bare.refs()["refs/heads/main"].sha == before
    assert push(project, twin.tokens["write"], monkeypatch).returncode == 0
    assert repository(twin).get_branch("main").commit.sha == head
    config = (project.path / ".git" / "config").read_text()
    assert not any(token in config for token in twin.tokens.values())


def test_a_push_past_the_server_is_noticed(twin: Twin, project: Project) -> None:
    project.git("tag", "v0.2.0")
    project.git("push", "--quiet", str(twin.bare), "v0.2.0")
    assert get(twin, f"/repos/{NAME}/git/ref/tags/v0.2.0").json()["object"]["type"] == "commit"
    runs = get(twin, f"/repos/{NAME}/actions/runs").json()["workflow_runs"]
    assert {run["name"] for run in runs if run["head_branch"] == "v0.2.0"} == {"CI"}


# The outside world


def test_the_outside_world_takes_its_time(tmp_path: Path) -> None:
    now = [1000.0]
    timing = Timing(register_seconds=5, ci_seconds=60, image_seconds=20, site_seconds=30)
    with running_twin(tmp_path / "g", guide_text=GUIDE.read_text(), timing=timing, clock=lambda: now[0]) as twin:
        twin.simulated_ci.site_workflow = "CI"
        twin.store.bare.set_ref("refs/tags/v0.2.0", twin.store.bare.resolve("main"))

        def runs() -> list[tuple[str, str | None]]:
            found = get(twin, f"/repos/{NAME}/actions/runs").json()["workflow_runs"]
            return [(run["status"], run["conclusion"]) for run in found if run["head_branch"] == "v0.2.0"]

        def image() -> int:
            url = f"{twin.url}/v2/servicenow/fast-llm/manifests/0.2.0"
            challenge = requests.get(url, timeout=10)
            assert challenge.status_code == 401
            assert f'realm="{twin.url}/registry-token"' in challenge.headers["WWW-Authenticate"]
            token = requests.get(f"{twin.url}/registry-token", timeout=10).json()["token"]
            return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code

        def site() -> str:
            return requests.get(f"{twin.url}/pages/{NAME}/", timeout=10).text

        assert runs() == []
        now[0] += 6
        assert {status for status, _ in runs()} == {"queued"}
        now[0] += 30
        assert {status for status, _ in runs()} == {"in_progress"}
        now[0] += 30
        assert runs() == [("completed", "success")]
        assert image() == 404
        assert "0.2.0" not in site()
        now[0] += 20
        assert image() == 200
        now[0] += 20
        assert "0.2.0" in site()


def test_a_failed_workflow_is_red_until_it_is_run_again(twin: Twin) -> None:
    twin.simulated_ci.failing.add("CI")
    runs = get(twin, f"/repos/{NAME}/commits/main/check-runs").json()["check_runs"]
    assert {run["name"]: run["conclusion"] for run in runs} == {
        "Test": "failure",
        "Docker": "skipped",
        "Build": "success",
        "Deploy": "success",
    }
    red = next(run for run in runs if run["name"] == "Test")
    answer = requests.post(f"{twin.api_url}/repos/{NAME}/actions/runs/{red['id']}/rerun-failed-jobs", timeout=10,
                           headers={"Authorization": f"Bearer {twin.tokens['write']}"})  # fmt: skip
    assert answer.status_code == 201
    twin.simulated_ci.failing.clear()
    again = get(twin, f"/repos/{NAME}/commits/main/check-runs").json()["check_runs"]
    assert {run["conclusion"] for run in again} == {"success"}


# GraphQL


def test_discussions_are_there_through_graphql_only(twin: Twin) -> None:
    query = "query($o: String!, $n: String!) { repository(owner: $o, name: $n) { id discussionCategories(first: 5) { nodes { id name } } } }"
    data = graphql(twin, query, o="ServiceNow", n="Fast-LLM")["data"]
    assert isinstance(data, dict)
    category = data["repository"]["discussionCategories"]["nodes"][0]
    assert category["name"] == "Announcements"
    mutation = (
        'mutation($r: ID!, $c: ID!) { createDiscussion(input: {repositoryId: $r, categoryId: $c, title: "T", body: "B"})'
        " { discussion { id number } } }"
    )
    created = graphql(twin, mutation, r=data["repository"]["id"], c=category["id"])["data"]
    assert isinstance(created, dict)
    discussion = created["createDiscussion"]["discussion"]
    comment = 'mutation($d: ID!) { addDiscussionComment(input: {discussionId: $d, body: "hello"}) { comment { url } } }'
    assert "errors" not in graphql(twin, comment, d=discussion["id"])
    assert [one.body for one in twin.store.discussions[discussion["number"]].comments] == ["hello"]


def test_graphql_refuses_as_github_does(twin: Twin) -> None:
    assert (
        requests.post(f"{twin.url}/api/graphql", json={"query": "{ viewer { login } }"}, timeout=10).status_code == 401
    )
    assert "errors" in graphql(twin, "{ nonsense }")
    query = '{ repository(owner: "no", name: "body") { id } }'
    assert graphql(twin, query)["errors"][0]["type"] == "NOT_FOUND"  # type: ignore[index]  # a list of errors
    unbounded = '{ repository(owner: "ServiceNow", name: "Fast-LLM") { discussionCategories { nodes { id } } } }'
    assert "first" in str(graphql(twin, unbounded)["errors"])


def test_pages_behind_the_addresses_are_escaped(twin: Twin) -> None:
    issue = twin.store.add_issue("<script>alert(1)</script>", "rae", body="<img src=x>")
    page = requests.get(f"{twin.url}/{NAME}/issues/{issue.number}", timeout=10).text
    assert "<script>" not in page
    assert "<img" not in page


def test_two_twins_do_not_meet(twin: Twin, tmp_path: Path) -> None:
    with running_twin(tmp_path / "second", guide_text="- [ ] a\n") as second:
        second.store.add_issue("Only here", "rae")
        assert second.url != twin.url
        assert len(second.store.issues) == len(twin.store.issues) + 1
        assert (clone_sample(second, tmp_path / "clone") / "docs" / "release-guide.md").read_text() == "- [ ] a\n"
