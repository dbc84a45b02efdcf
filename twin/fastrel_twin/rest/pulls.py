"""Pull requests: listed, opened, merged in the ways that GitHub offers."""

from __future__ import annotations

from fastrel_twin.call import Answer, Call, Refused, Routes, invalid, not_found
from fastrel_twin.merging import Conflict, merge
from fastrel_twin.records import Issue, Pull
from fastrel_twin.rest import pull_shapes

REPO = "/repos/{owner}/{name}"
PULL = REPO + "/pulls/{number}"


def list_pulls(call: Call) -> Answer:
    """Filtered by state, head and base."""
    query = call.query
    state, head = query.get("state", "open"), query.get("head", "")
    found = [
        one
        for one in call.store.issues.values()
        if one.pull
        and state in ("all", one.state)
        and (not head or head == f"{call.store.name.partition('/')[0]}:{one.pull.head}")
        and query.get("base", one.pull.base) == one.pull.base
    ]
    found.sort(key=lambda one: (one.created_at, one.number), reverse=query.get("direction", "desc") != "asc")
    return call.page(found, lambda one: pull_shapes.pull(call, one))


def create_pull(call: Call) -> Answer:
    """422 when a branch is missing, when there are no commits between them, or when there is one already. Where the
    play says so, a reviewer merges it after a while."""
    user = call.require("read")
    head, base = call.text("head").rpartition(":")[2], call.text("base")
    refs = call.store.bare.refs()
    for name, branch in (("head", head), ("base", base)):
        if f"refs/heads/{branch}" not in refs:
            raise invalid("PullRequest", name, "invalid")
    if not call.store.bare.commits_between(call.store.bare.resolve(base), call.store.bare.resolve(head)):
        raise invalid("PullRequest", "", "custom", f"No commits between {base} and {head}")
    if any(one.pull and one.pull.head == head and one.state == "open" for one in call.store.issues.values()):
        raise invalid("PullRequest", "", "custom", f"A pull request already exists for {head}.")
    pull = Pull(head, base, head_sha=call.store.bare.resolve(head), opened=call.simulated_ci.clock())
    issue = call.store.add_issue(call.text("title"), user.login, body=call.text("body"), pull=pull)
    return Answer(_one(call, issue), 201)


def get_pull(call: Call) -> Answer:
    """With whether it can be merged."""
    return Answer(_one(call, _pull(call)))


def merge_pull(call: Call) -> Answer:
    """A merge, squash or rebase by git in the bare repository; CI starts. A closed or draft one, or one whose branch is
    not there: 405, a conflict: 409."""
    user = call.require("write")
    issue = _pull(call)
    assert issue.pull is not None, "found as a pull request"
    if issue.state == "open" and issue.pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    if issue.state != "open" or not call.store.bare.resolve(issue.pull.head):
        raise Refused(405, "Pull Request is not mergeable")
    try:
        sha = merge(call.store, issue, call.text("merge_method", "merge"), user.login)
    except Conflict:
        raise Refused(409, "Merge conflict") from None
    call.simulated_ci.observe()
    return Answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def pulls_of_commit(call: Call) -> Answer:
    """Those that brought the commit to a branch."""
    sha = call.store.bare.resolve(call.path["sha"])
    found = [one for one in call.store.issues.values() if one.pull and sha in one.pull.commits]
    return call.page(found, lambda one: pull_shapes.pull(call, one))


def _pull(call: Call) -> Issue:
    found = call.store.issues.get(call.number("number"))
    if found is None or found.pull is None:
        raise not_found()
    return found


def _one(call: Call, issue: Issue) -> dict[str, object]:
    assert issue.pull is not None, "a pull request"
    return {
        **pull_shapes.pull(call, issue),
        "merged": issue.pull.merged_at is not None,
        "mergeable": True if issue.state == "open" else None,
        "mergeable_state": "draft" if issue.pull.draft else "clean",
        "rebaseable": True,
        "merged_by": None,
        "comments": len(issue.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 1,
        "changed_files": 1,
    }


ROUTES: Routes = [
    ("GET", REPO + "/pulls", list_pulls),
    ("POST", REPO + "/pulls", create_pull),
    ("GET", PULL, get_pull),
    ("PUT", PULL + "/merge", merge_pull),
    ("GET", REPO + "/commits/{sha}/pulls", pulls_of_commit),
]
