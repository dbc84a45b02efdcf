"""Requests for every endpoint that the twin serves, with the status that GitHub would answer with.

A test asks them in this order, and checks requests and answers with what GitHub publishes; the documentation says which
statuses were checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastrel_twin.records import Asset, Comment, CommitStatus, Deployment, Protection
from fastrel_twin.rulesets import Ruleset
from fastrel_twin.server import Twin

HERE = "/repos/ServiceNow/Fast-LLM"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `{names}` in its path and body stand for what `furnish` returns, and for what was made before."""

    request: str
    """Method and path."""
    status: int
    role: str = "maintain"
    """Whose token is sent; `nobody` sends none, `app` that of GitHub Actions."""
    body: Mapping[str, object] | None = None
    file: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    called: str = ""
    """The name that later requests have for the number of what is made."""

    @property
    def method(self) -> str:
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.request.partition(" ")[2]


def furnish(twin: Twin) -> dict[str, str]:
    """Put into the world what the sample lacks; returns numbers and commits by name."""
    store, bare = twin.store, twin.store.bare
    head, old = bare.resolve("main"), bare.resolve("v0.1.0")
    store.add_user("github-actions[bot]", "write", bot=True, app=True)
    for branch in ("clash", "topic"):
        tree = bare.git("rev-parse", f"{old if branch == 'clash' else head}^{{tree}}")
        who = ("-c", "user.name=carl", "-c", "user.email=carl@example.org")
        parent = bare.git("rev-list", "--max-parents=0", head) if branch == "clash" else head
        bare.set_ref(f"refs/heads/{branch}", bare.git(*who, "commit-tree", tree, "-p", parent, "-m", "A change"))
    deployment = Deployment(store.new_id(), head, "main", "github-pages", "mia", store.now(), state="success")
    store.deployments.append(deployment)
    release = next(iter(store.releases.values()))
    asset = Asset(store.new_id(), "a.whl", b"wheel", "application/zip", "mia", store.now())
    release.assets.append(asset)
    store.statuses.append(CommitStatus(store.new_id(), head, "coverage", "success", "mia", store.now()))
    twin.simulated_ci.failing.add("CI")
    red = next(run for run in twin.simulated_ci.runs() if run.name == "CI")
    store.protect("release", Protection(checks=("Test",)))
    ruleset = store.add_ruleset(Ruleset(store.new_id(), "Tags", "tag", ["refs/tags/old-*"], {"creation": {}}))
    comment = Comment(store.new_id(), "mia", "Why?", store.now())
    store.issues[30].comments.append(comment)
    return {
        "comment": str(comment.id),
        "head": head,
        "release": str(release.id),
        "asset": str(asset.id),
        "deployment": str(deployment.id),
        "ruleset": str(ruleset.id),
        "tag": bare.refs()["refs/tags/v0.1.0"].sha,
        "run": str(red.id),
        "nothing": "0" * 40,
    }


PROJECT = (
    Ask("GET /user", 200),
    Ask("GET /user", 401, "nobody"),
    Ask("GET /user", 403, "app"),
    Ask("GET /rate_limit", 200),
    Ask("GET /meta", 200),
    Ask("GET /orgs/ServiceNow/repos?per_page=100", 200),
    Ask("GET /orgs/nobody/repos", 404),
    Ask("GET /users/ServiceNow/repos?per_page=100", 200),
    Ask("GET /users/nobody/repos", 404),
    Ask(f"GET {HERE}/actions/permissions", 200, "admin"),
    Ask(f"GET {HERE}/actions/permissions", 403),
    Ask(f"GET {HERE}/actions/permissions/workflow", 200, "admin"),
    Ask(f"GET {HERE}/actions/permissions/workflow", 403),
    Ask(f"GET {HERE}", 200),
    Ask(f"GET {HERE}", 200, "nobody"),
    Ask("GET /repos/no/body", 404),
    Ask(f"GET {HERE}/collaborators/mia/permission", 200),
    Ask(f"GET {HERE}/collaborators/nobody/permission", 404),
    Ask(f"GET {HERE}/collaborators/mia/permission", 401, "nobody"),
    Ask(f"GET {HERE}/labels?per_page=100", 200),
    Ask(f"POST {HERE}/labels", 201, body={"name": "a label", "color": "0e8a16", "description": "Words"}),
    Ask(f"POST {HERE}/labels", 422, body={"name": "a label", "color": "0e8a16"}),
    Ask(f"POST {HERE}/labels", 403, "read", {"name": "another"}),
    Ask(f"GET {HERE}/labels/a%20label", 200),
    Ask(f"GET {HERE}/labels/none", 404),
    Ask(f"GET {HERE}/assignees/mia", 204),
    Ask(f"GET {HERE}/assignees/nobody", 404),
)
ISSUES = (
    Ask(f"GET {HERE}/issues?state=all&per_page=100&labels=bug&sort=created&direction=asc", 200),
    Ask(f"GET {HERE}/issues?state=all&per_page=100", 200),
    Ask(
        f"POST {HERE}/issues",
        201,
        body={"title": "T", "body": "B", "labels": ["new"], "assignees": ["mia"], "milestone": 2},
    ),
    Ask(f"POST {HERE}/issues", 401, "nobody", {"title": "T"}),
    Ask(f"POST {HERE}/issues", 422, body={"body": "without a title"}),
    Ask(f"POST {HERE}/issues", 422, body={"title": "T", "assignees": ["nobody"]}),
    Ask(f"GET {HERE}/issues/29", 200),
    Ask(f"GET {HERE}/issues/999", 404),
    Ask(f"PATCH {HERE}/issues/29", 200, body={"title": "T", "body": "B", "milestone": None, "labels": ["bug"]}),
    Ask(f"PATCH {HERE}/issues/29", 200, body={"state": "closed", "state_reason": "not_planned"}),
    Ask(f"PATCH {HERE}/issues/29", 403, "read", {"state": "open"}),
    Ask(f"PATCH {HERE}/issues/999", 404, body={"state": "open"}),
    Ask(f"PATCH {HERE}/issues/29", 422, body={"body": "x" * 65_537}),
    Ask(f"POST {HERE}/issues/29/comments", 201, body={"body": "Why?"}),
    Ask(f"POST {HERE}/issues/29/comments", 422, body={"body": ""}),
    Ask(f"POST {HERE}/issues/999/comments", 404, body={"body": "Why?"}),
    Ask(f"GET {HERE}/issues/29/comments?per_page=100", 200),
    Ask(f"GET {HERE}/issues/29/comments?since=2020-01-01T00:00:00Z&per_page=100", 200),
    Ask(f"GET {HERE}/issues/comments/{{comment}}", 200),
    Ask(f"GET {HERE}/issues/comments/9", 404),
    Ask(f"PATCH {HERE}/issues/comments/{{comment}}", 200, body={"body": "Because."}),
    Ask(f"PATCH {HERE}/issues/comments/{{comment}}", 422, body={"body": ""}),
    Ask(f"PATCH {HERE}/issues/comments/9", 404, body={"body": "Because."}),
    Ask(f"DELETE {HERE}/issues/comments/{{comment}}", 403, "read"),
    Ask(f"DELETE {HERE}/issues/comments/{{comment}}", 204),
    Ask(f"DELETE {HERE}/issues/comments/{{comment}}", 404),
    Ask(f"POST {HERE}/issues/29/labels", 200, body={"labels": ["enhancement"]}),
    Ask(f"POST {HERE}/issues/29/labels", 403, "read", {"labels": ["enhancement"]}),
    Ask(f"POST {HERE}/issues/999/labels", 404, body={"labels": ["enhancement"]}),
    Ask(f"PUT {HERE}/issues/29/labels", 200, body={"labels": ["bug"]}),
    Ask(f"GET {HERE}/milestones?state=all&per_page=100", 200),
    Ask(f"POST {HERE}/milestones", 201, body={"title": "9.0.0", "due_on": "2031-01-01T12:00:00Z"}),
    Ask(f"POST {HERE}/milestones", 422, body={"title": "9.0.0"}),
    Ask(f"POST {HERE}/milestones", 403, "read", {"title": "9.1.0"}),
    Ask(f"GET {HERE}/milestones/2", 200),
    Ask(f"GET {HERE}/milestones/99", 404),
    Ask(f"PATCH {HERE}/milestones/2", 200, body={"state": "closed"}),
    Ask(f"PATCH {HERE}/milestones/2", 200, body={"due_on": "2031-01-01T12:00:00Z"}),
    Ask(f"PATCH {HERE}/milestones/99", 404, body={"state": "open"}),
)
PULLS = (
    Ask(f"POST {HERE}/pulls", 201, body={"head": "topic", "base": "main", "title": "T", "body": "B", "maintainer_can_modify": True}, called="topic"),
    Ask(f"POST {HERE}/pulls", 422, body={"head": "topic", "base": "main", "title": "T"}),
    Ask(f"POST {HERE}/pulls", 422, body={"head": "none", "base": "main", "title": "T"}),
    Ask(f"POST {HERE}/pulls", 201, body={"head": "clash", "base": "main", "title": "T"}, called="clash"),
    Ask(f"POST {HERE}/pulls", 401, "nobody", {"head": "topic", "base": "main", "title": "T"}),
    Ask(f"GET {HERE}/pulls?head=ServiceNow:topic&base=main&state=all&direction=desc&per_page=100", 200),
    Ask(f"GET {HERE}/pulls?state=all&per_page=100", 200),
    Ask(f"GET {HERE}/pulls/{{topic}}", 200),
    Ask(f"GET {HERE}/pulls/999", 404),
    Ask(f"PUT {HERE}/pulls/{{clash}}/merge", 409, body={"merge_method": "merge"}),
    Ask(f"PUT {HERE}/pulls/{{topic}}/merge", 403, "read"),
    Ask(f"PUT {HERE}/pulls/{{topic}}/merge", 200, body={"merge_method": "squash"}),
    Ask(f"PUT {HERE}/pulls/{{topic}}/merge", 405),
    Ask(f"GET {HERE}/pulls/{{topic}}", 200),
    Ask(f"GET {HERE}/commits/main/pulls", 200),
)  # fmt: skip
RELEASES = (
    Ask(f"GET {HERE}/releases?per_page=100", 200),
    Ask(f"POST {HERE}/releases", 201, body={"tag_name": "v0.2.0", "name": "v0.2.0", "draft": True, "prerelease": False, "body": ""}),
    Ask(f"POST {HERE}/releases", 403, "read", {"tag_name": "v0.2.0"}),
    Ask(f"POST {HERE}/releases", 422, body={"tag_name": "v0.1.0"}),
    Ask(f"GET {HERE}/releases/tags/v0.2.0", 404),
    Ask(f"GET {HERE}/releases/tags/v0.1.0", 200),
    Ask(f"GET {HERE}/releases/latest", 200),
    Ask(f"POST {HERE}/releases/generate-notes", 200, body={"tag_name": "v0.2.0", "previous_tag_name": "v0.1.0"}),
    Ask(f"POST {HERE}/releases/generate-notes", 403, "read", {"tag_name": "v0.2.0"}),
    Ask(f"POST {HERE}/releases/generate-notes", 422, body={"tag_name": "v0.2.0", "target_commitish": "none"}),
    Ask(f"GET {HERE}/releases/{{release}}", 200),
    Ask(f"GET {HERE}/releases/9", 404),
    Ask(f"PATCH {HERE}/releases/{{release}}", 200, body={"body": "words", "make_latest": "true"}),
    Ask(f"PATCH {HERE}/releases/{{release}}", 404, body={"discussion_category_name": "none"}),
    Ask(f"PATCH {HERE}/releases/{{release}}", 200, body={"discussion_category_name": "General"}),
    Ask(f"POST {HERE}/releases/{{release}}/assets?name=b.whl", 201, file=b"wheel", headers={"Content-Type": "application/zip"}),
    Ask(f"POST {HERE}/releases/{{release}}/assets?name=b.whl", 422, file=b"wheel"),
    Ask(f"GET {HERE}/releases/{{release}}/assets?per_page=100", 200),
    Ask(f"DELETE {HERE}/releases/assets/{{asset}}", 204),
    Ask(f"DELETE {HERE}/releases/assets/{{asset}}", 404),
    Ask(f"DELETE {HERE}/releases/{{release}}", 403, "read"),
    Ask(f"DELETE {HERE}/releases/{{release}}", 204),
    Ask(f"DELETE {HERE}/releases/{{release}}", 404),
    Ask(f"GET {HERE}/releases/latest", 404),
)  # fmt: skip
CHECKS = (
    Ask(f"GET {HERE}/commits/main/check-runs?filter=latest&per_page=100", 200),
    Ask(f"GET {HERE}/commits/{{nothing}}/check-runs", 422),
    Ask(f"POST {HERE}/check-runs", 201, "app", {"name": "lint", "head_sha": "{head}", "status": "in_progress"}),
    Ask(f"POST {HERE}/check-runs", 201, "app", {"name": "lint", "head_sha": "{head}", "status": "completed", "conclusion": "failure"}),
    Ask(f"POST {HERE}/check-runs", 403, "read", {"name": "lint", "head_sha": "{head}"}),
    Ask(f"GET {HERE}/commits/main/check-runs?filter=latest&per_page=100", 200),
    Ask(f"POST {HERE}/statuses/{{head}}", 201, body={"state": "failure", "context": "coverage", "target_url": "https://example.org/1"}),
    Ask(f"POST {HERE}/statuses/{{head}}", 201, body={"state": "success"}),
    Ask(f"POST {HERE}/statuses/{{head}}", 422, body={"state": "purple"}),
    Ask(f"GET {HERE}/commits/main/status?per_page=100", 200),
    Ask(f"GET {HERE}/actions/runs?head_sha={{head}}&per_page=100", 200),
    Ask(f"GET {HERE}/actions/runs?branch=main&per_page=100", 200),
    Ask(f"GET {HERE}/actions/runs/{{run}}/jobs?per_page=100&filter=latest", 200),
    Ask(f"GET {HERE}/actions/runs/9/jobs", 404),
    Ask(f"POST {HERE}/actions/runs/{{run}}/rerun-failed-jobs", 403, "read"),
    Ask(f"POST {HERE}/actions/runs/{{run}}/rerun-failed-jobs", 201),
    Ask(f"POST {HERE}/actions/runs/9/rerun-failed-jobs", 404),
    Ask(f"POST {HERE}/actions/workflows/ci.yaml/dispatches", 204, body={"ref": "main"}),
    Ask(f"POST {HERE}/actions/workflows/ci.yaml/dispatches", 422, body={"ref": "none"}),
    Ask(f"POST {HERE}/actions/workflows/none.yml/dispatches", 404, body={"ref": "main"}),
    Ask(f"GET {HERE}/deployments?sha={{head}}&environment=github-pages&per_page=100", 200),
    Ask(f"GET {HERE}/deployments/{{deployment}}/statuses?per_page=100", 200),
    Ask(f"GET {HERE}/deployments/9/statuses", 404),
)  # fmt: skip
CODE = (
    Ask(f"GET {HERE}/git/ref/heads/main", 200),
    Ask(f"GET {HERE}/git/ref/heads/none", 404),
    Ask(f"GET {HERE}/git/matching-refs/tags/", 200),
    Ask(f"POST {HERE}/git/refs", 201, body={"ref": "refs/heads/release", "sha": "{head}"}),
    Ask(f"POST {HERE}/git/refs", 422, body={"ref": "refs/heads/release", "sha": "{head}"}),
    Ask(f"POST {HERE}/git/refs", 403, "read", {"ref": "refs/heads/other", "sha": "{head}"}),
    Ask(f"GET {HERE}/branches/main", 200),
    Ask(f"GET {HERE}/branches/release", 200),
    Ask(f"GET {HERE}/branches/none", 404),
    Ask(f"DELETE {HERE}/git/refs/heads/release", 204),
    Ask(f"DELETE {HERE}/git/refs/heads/release", 422),
    Ask(f"GET {HERE}/git/tags/{{tag}}", 200),
    Ask(f"GET {HERE}/git/tags/{{nothing}}", 404),
    Ask(f"GET {HERE}/commits?sha=main&per_page=3", 200),
    Ask(f"GET {HERE}/commits?sha=none", 404),
    Ask(f"GET {HERE}/compare/v0.1.0...main?per_page=100", 200),
    Ask(f"GET {HERE}/compare/main...v0.1.0", 200),
    Ask(f"GET {HERE}/compare/v0.1.0...none", 404),
    Ask(f"GET {HERE}/contents/setup.cfg?ref=main", 200),
    Ask(f"GET {HERE}/contents/none.cfg", 404),
    Ask(f"GET {HERE}/commits/main", 200),
    Ask(f"GET {HERE}/commits/{{nothing}}", 422),
)
RULES = (
    Ask(f"GET {HERE}/rules/branches/release?per_page=100", 200),
    Ask(f"GET {HERE}/rules/branches/main?per_page=100", 200),
    Ask(f"GET {HERE}/rulesets?per_page=100", 200),
    Ask(f"GET {HERE}/rulesets/{{ruleset}}", 200),
    Ask(f"GET {HERE}/rulesets/9", 404),
)
ROOMS = {
    "project": PROJECT,
    "issues": ISSUES,
    "pulls": PULLS,
    "releases": RELEASES,
    "checks": CHECKS,
    "code": CODE,
    "rules": RULES,
}
