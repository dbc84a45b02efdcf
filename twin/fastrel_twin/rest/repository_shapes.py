"""The JSON shapes of repositories: https://docs.github.com/en/rest/repos"""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.records import ROLES, User
from fastrel_twin.rest.basic_shapes import user


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
        "private": call.store.private,
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
        "default_branch": call.store.default_branch,
        "topics": [],
        "has_issues": call.store.has_issues,
        "has_projects": False,
        "has_downloads": False,
        "has_wiki": False,
        "has_pages": True,
        "has_discussions": call.store.has_discussions,
        "archived": call.store.archived,
        "disabled": call.store.disabled,
        "visibility": "private" if call.store.private else "public",
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
    # Of an app they may be missing: those of GitHub Actions are told here, those of other apps are not.
    is_other_app = call.user is not None and call.user.bot and not call.user.app
    if call.user and not is_other_app and not call.store.hides_permissions:
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
