"""The JSON shapes of GitHub's REST API: https://docs.github.com/en/rest (and its OpenAPI description)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import quote

from fastrel_twin.bare_repository import CommitFacts, Ref
from fastrel_twin.call import Call, Json
from fastrel_twin.store import (
    ROLES,
    Asset,
    Comment,
    Issue,
    Label,
    Milestone,
    Release,
    User,
)


def time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def user(call: Call, login: str) -> Json:
    known = call.store.users.get(login) or User(login, 1, "read")
    own = f"{call.api}/users/{quote(login)}"
    page = f"apps/{login.removesuffix('[bot]')}" if known.bot else login
    return {
        "login": login,
        "id": known.id,
        "node_id": f"U_{known.id}",
        "avatar_url": f"{call.store.url}/avatars/{known.id}",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{call.store.url}/{page}",
        "followers_url": f"{own}/followers",
        "following_url": f"{own}/following{{/other_user}}",
        "gists_url": f"{own}/gists{{/gist_id}}",
        "starred_url": f"{own}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{own}/subscriptions",
        "organizations_url": f"{own}/orgs",
        "repos_url": f"{own}/repos",
        "events_url": f"{own}/events{{/privacy}}",
        "received_events_url": f"{own}/received_events",
        "type": "Bot" if known.bot else "User",
        "user_view_type": "public",
        "site_admin": False,
    }


def repository(call: Call) -> Json:
    """The repository, complete."""
    owner, _, name = call.store.name.partition("/")
    links = (
        "forks",
        "keys",
        "collaborators",
        "teams",
        "hooks",
        "events",
        "assignees",
        "branches",
        "tags",
        "blobs",
        "languages",
        "stargazers",
        "contributors",
        "subscribers",
        "subscription",
        "commits",
        "comments",
        "contents",
        "compare",
        "merges",
        "archive",
        "downloads",
        "issues",
        "pulls",
        "milestones",
        "notifications",
        "labels",
        "releases",
        "deployments",
        "issue_events",
        "git_tags",
        "git_refs",
        "trees",
        "statuses",
        "git_commits",
        "issue_comment",
    )
    data: Json = {
        "id": call.store.id,
        "node_id": f"R_{call.store.id}",
        "name": name,
        "full_name": call.store.name,
        "private": False,
        "owner": {**user(call, owner), "type": "Organization"},
        "html_url": call.web,
        "description": "A sample project",
        "fork": call.store.is_fork,
        "url": call.repository,
        **{f"{one}_url": f"{call.repository}/{one}" for one in links},
        "git_url": f"{call.web}.git",
        "ssh_url": f"{call.web}.git",
        "clone_url": f"{call.web}.git",
        "svn_url": call.web,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "size": 1,
        "default_branch": "main",
        "topics": [],
        "has_issues": True,
        "has_projects": False,
        "has_downloads": False,
        "has_wiki": False,
        "has_pages": True,
        "has_discussions": call.store.has_discussions,
        "archived": call.store.archived,
        "disabled": False,
        "visibility": "public",
        "license": None,
        "forks": 0,
        "forks_count": 0,
        "open_issues": sum(one.state == "open" for one in call.store.issues.values()),
        "open_issues_count": sum(one.state == "open" for one in call.store.issues.values()),
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "network_count": 0,
        "subscribers_count": 0,
        "pushed_at": "2026-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
    }
    if call.user and not call.store.hides_permissions:
        data["permissions"] = permissions(call.user)
    return data


def repository_inside(call: Call) -> Json:
    """The repository as other answers show it, such as those about pull requests and workflow runs."""
    return {key: value for key, value in repository(call).items() if key not in _ONLY_ALONE}


_ONLY_ALONE = ("network_count", "subscribers_count", "allow_squash_merge", "allow_merge_commit", "allow_rebase_merge")


def permissions(user: User) -> dict[str, bool]:
    """The booleans of a role, as `permissions` of a repository has them."""
    names = dict(zip(ROLES, ("pull", "triage", "push", "maintain", "admin"), strict=True))
    return {name: user.may(role) for role, name in names.items()}


def label(call: Call, one: Label) -> Json:
    return {
        "id": one.id,
        "node_id": f"LA_{one.id}",
        "url": f"{call.repository}/labels/{quote(one.name)}",
        "name": one.name,
        "color": one.color,
        "default": False,
        "description": one.description or None,
        "archived_at": None,
        "archived_by": None,
    }


def milestone(call: Call, one: Milestone) -> Json:
    items = [issue for issue in call.store.issues.values() if issue.milestone == one.number]
    open_items = sum(issue.state == "open" for issue in items)
    return {
        "url": f"{call.repository}/milestones/{one.number}",
        "html_url": f"{call.web}/milestone/{one.number}",
        "labels_url": f"{call.repository}/milestones/{one.number}/labels",
        "id": 5000 + one.number,
        "node_id": f"MI_{one.number}",
        "number": one.number,
        "title": one.title,
        "description": one.description or None,
        "creator": user(call, one.creator),
        "open_issues": open_items,
        "closed_issues": len(items) - open_items,
        "state": one.state,
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "due_on": time(one.due_on),
        "closed_at": time(one.closed_at),
    }


def labels_of(call: Call, names: list[str]) -> list[Json]:
    known = call.store.labels
    return [label(call, known.get(name.lower()) or Label(1, name)) for name in names]


def _labels_inside(call: Call, names: list[str]) -> list[Json]:
    """The labels as issues and pull requests show them: without the moment at which they were archived."""
    return [{key: value for key, value in one.items() if key != "archived_at"} for one in labels_of(call, names)]


def issue(call: Call, one: Issue) -> Json:
    own = f"{call.repository}/issues/{one.number}"
    kind = "pull" if one.pull else "issues"
    found = call.store.milestones.get(one.milestone)
    data: Json = {
        "id": 900_000 + one.number,
        "node_id": f"I_{one.number}",
        "url": own,
        "repository_url": call.repository,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": f"{call.web}/{kind}/{one.number}",
        "number": one.number,
        "state": one.state,
        "state_reason": one.state_reason,
        "title": one.title,
        "body": one.body or None,
        "user": user(call, one.author),
        "labels": _labels_inside(call, one.labels),
        "assignee": user(call, one.assignees[0]) if one.assignees else None,
        "assignees": [user(call, login) for login in one.assignees],
        "milestone": milestone(call, found) if found else None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(one.comments),
        "closed_at": time(one.closed_at),
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at or one.created_at),
        "closed_by": None,
        "author_association": call.store.association(one.author),
    }
    if one.pull:
        data["draft"] = one.pull.draft
        data["pull_request"] = {
            "url": f"{call.repository}/pulls/{one.number}",
            "html_url": f"{call.web}/pull/{one.number}",
            "diff_url": f"{call.web}/pull/{one.number}.diff",
            "patch_url": f"{call.web}/pull/{one.number}.patch",
            "merged_at": time(one.pull.merged_at),
        }
    return data


def comment(call: Call, number: int, one: Comment) -> Json:
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": f"{call.repository}/issues/comments/{one.id}",
        "html_url": f"{call.web}/issues/{number}#issuecomment-{one.id}",
        "issue_url": f"{call.repository}/issues/{number}",
        "body": one.body,
        "user": user(call, one.author),
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at or one.created_at),
        "author_association": call.store.association(one.author),
    }


def release(call: Call, one: Release) -> Json:
    own = f"{call.repository}/releases/{one.id}"
    # GitHub shows a draft under a provisional address until it is published.
    page = f"{call.web}/releases/tag/{f'untagged-{one.id:020x}' if one.draft else one.tag}"
    data: Json = {
        "url": own,
        "assets_url": f"{own}/assets",
        "upload_url": f"{own.replace('/api/v3/', '/api/uploads/', 1)}/assets{{?name,label}}",
        "html_url": page,
        "id": one.id,
        "author": user(call, one.author),
        "node_id": f"RE_{one.id}",
        "tag_name": one.tag,
        "target_commitish": one.target,
        "name": one.name or None,
        "draft": one.draft,
        "immutable": False,
        "prerelease": one.prerelease,
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "published_at": time(one.published_at),
        "assets": [asset(call, one, file) for file in one.assets],
        "tarball_url": None if one.draft else f"{call.repository}/tarball/{one.tag}",
        "zipball_url": None if one.draft else f"{call.repository}/zipball/{one.tag}",
        "body": one.body,
    }
    if one.discussion:
        data["discussion_url"] = f"{call.web}/discussions/{one.discussion}"
    return data


def asset(call: Call, one: Release, file: Asset) -> Json:
    return {
        "url": f"{call.repository}/releases/assets/{file.id}",
        "id": file.id,
        "node_id": f"RA_{file.id}",
        "name": file.name,
        "label": None,
        "uploader": user(call, file.uploader),
        "content_type": file.content_type,
        "state": file.state,
        "size": len(file.content),
        "digest": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
        "download_count": 0,
        "created_at": time(file.created_at),
        "updated_at": time(file.created_at),
        "browser_download_url": f"{call.web}/releases/download/{one.tag}/{file.name}",
    }


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


def git_ref(call: Call, ref: Ref) -> Json:
    kind = f"{ref.kind}s"
    return {
        "ref": ref.name,
        "node_id": f"REF_{ref.name}",
        "url": f"{call.repository}/git/{quote(ref.name)}",
        "object": {"sha": ref.sha, "type": ref.kind, "url": f"{call.repository}/git/{kind}/{ref.sha}"},
    }


def commit(call: Call, facts: CommitFacts) -> Json:
    own = f"{call.repository}/commits/{facts.sha}"
    return {
        "url": own,
        "sha": facts.sha,
        "node_id": f"C_{facts.sha}",
        "html_url": f"{call.web}/commit/{facts.sha}",
        "comments_url": f"{own}/comments",
        "commit": {
            "url": f"{call.repository}/git/commits/{facts.sha}",
            "author": {"name": facts.author, "email": facts.email, "date": facts.authored_at},
            "committer": {"name": facts.committer, "email": facts.email, "date": facts.committed_at},
            "message": facts.message,
            "comment_count": 0,
            "tree": {"sha": facts.tree, "url": f"{call.repository}/git/trees/{facts.tree}"},
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "payload": None,
                "signature": None,
                "verified_at": None,
            },
        },
        "author": None,
        "committer": None,
        "parents": [
            {"sha": sha, "url": f"{call.repository}/commits/{sha}", "html_url": f"{call.web}/commit/{sha}"}
            for sha in facts.parents
        ],
    }
