"""The JSON shape of pull requests: https://docs.github.com/en/rest/pulls"""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.records import Issue
from fastrel_twin.rest.basic_shapes import time, user
from fastrel_twin.rest.issue_shapes import issue
from fastrel_twin.rest.repository_shapes import repository_inside


def pull(call: Call, one: Issue) -> Json:
    """A pull request, as the list shows it; `mergeable` and the like come with a single one."""
    assert one.pull is not None, "an issue"
    own, page = f"{call.repository}/pulls/{one.number}", f"{call.web}/pull/{one.number}"
    data = {key: value for key, value in issue(call, one).items() if key not in _ONLY_ISSUES}
    heads = call.store.bare.refs()
    head = heads.get(f"refs/heads/{one.pull.head}")
    base = heads.get(f"refs/heads/{one.pull.base}")
    links = ("self", "html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses")
    return {
        **data,
        "url": own,
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": f"{call.repository}/issues/{one.number}",
        "commits_url": f"{own}/commits",
        "review_comments_url": f"{own}/comments",
        "review_comment_url": f"{own}/comments{{/number}}",
        "comments_url": f"{call.repository}/issues/{one.number}/comments",
        "statuses_url": f"{call.repository}/statuses/x",
        "merged_at": time(one.pull.merged_at),
        "merge_commit_sha": one.pull.merge_commit or None,
        "draft": one.pull.draft,
        "requested_reviewers": [],
        "requested_teams": [],
        "auto_merge": None,
        "head": _side(call, one.pull.head, head.commit if head else one.pull.head_sha),
        "base": _side(call, one.pull.base, base.commit if base else ""),
        "_links": {name: {"href": own} for name in links},
    }


_ONLY_ISSUES = ("pull_request", "state_reason", "events_url", "repository_url", "labels_url", "closed_by", "comments")


def _side(call: Call, branch: str, sha: str) -> Json:
    owner = call.store.name.partition("/")[0]
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": sha or "0" * 40,
        "user": {**user(call, owner), "type": "Organization"},
        "repo": repository_inside(call),
    }
