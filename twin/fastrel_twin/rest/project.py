"""The user, the repository, its labels and collaborators."""

from __future__ import annotations

from fastrel_twin import shapes
from fastrel_twin.call import Answer, Call, Json, Refused, Routes, invalid, not_found
from fastrel_twin.world import ROLES, User

REPO = "/repos/{owner}/{name}"


def get_user(call: Call) -> Answer:
    if call.user is None:
        raise Refused(401, "Requires authentication")
    if call.user.app:
        raise Refused(403, "Resource not accessible by integration")
    more = {"name": None, "company": None, "blog": "", "location": None, "email": None, "hireable": None, "bio": None}
    counts = {"public_repos": 1, "public_gists": 0, "followers": 0, "following": 0}
    times = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"}
    return Answer({**shapes.user(call, call.user.login), **more, **counts, **times})


def get_repository(call: Call) -> Answer:
    owner, _, name = call.world.name.partition("/")
    repository = call.repository
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
        "id": 1,
        "node_id": "R_1",
        "name": name,
        "full_name": call.world.name,
        "private": False,
        "owner": {**shapes.user(call, owner), "type": "Organization"},
        "html_url": call.web,
        "description": "A sample project",
        "fork": False,
        "url": repository,
        **{f"{one}_url": f"{repository}/{one}" for one in links},
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
        "has_discussions": call.world.has_discussions,
        "archived": False,
        "disabled": False,
        "visibility": "public",
        "license": None,
        "forks": 0,
        "forks_count": 0,
        "open_issues": sum(one.state == "open" for one in call.world.issues.values()),
        "open_issues_count": sum(one.state == "open" for one in call.world.issues.values()),
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
    if call.user and not call.world.hides_permissions:
        data["permissions"] = permissions(call.user)
    return Answer(data)


def permissions(user: User) -> dict[str, bool]:
    """The booleans of a role, as `permissions` of a repository has them."""
    names = dict(zip(ROLES, ("pull", "triage", "push", "maintain", "admin"), strict=True))
    return {name: user.may(role) for role, name in names.items()}


def get_permission(call: Call) -> Answer:
    call.require("read")
    user = call.world.users.get(call.path["login"])
    if user is None:
        raise not_found()
    # The old field knows three roles only: triage reads `read`, maintain reads `write`.
    old = {"triage": "read", "maintain": "write"}.get(user.role, user.role)
    named = user.custom_role or user.role
    shaped = {**shapes.user(call, user.login), "permissions": permissions(user), "role_name": named}
    return Answer({"permission": old, "role_name": named, "user": shaped})


def list_labels(call: Call) -> Answer:
    return call.page(list(call.world.labels.values()), lambda one: shapes.label(call, one))


def get_label(call: Call) -> Answer:
    found = call.world.labels.get(call.path["label"].lower())
    if found is None:
        raise not_found()
    return Answer(shapes.label(call, found))


def create_label(call: Call) -> Answer:
    call.require("write")
    name = call.text("name")
    if not name:
        raise invalid("Label", "name", "missing_field")
    if name.lower() in call.world.labels:
        raise invalid("Label", "name", "already_exists")
    label = call.world.add_label(name, call.text("color", "ededed"), call.text("description"))
    return Answer(shapes.label(call, label), 201)


def get_rate_limit(call: Call) -> Answer:
    state = {"limit": 5000, "remaining": call.world.rate_limit, "reset": 2_000_000_000, "used": 0}
    return Answer({"resources": {"core": state, "graphql": state, "search": state}, "rate": state})


ROUTES: Routes = [
    ("GET", "/user", get_user),
    ("GET", "/rate_limit", get_rate_limit),
    ("GET", REPO, get_repository),
    ("GET", REPO + "/collaborators/{login}/permission", get_permission),
    ("GET", REPO + "/labels", list_labels),
    ("POST", REPO + "/labels", create_label),
    ("GET", REPO + "/labels/{label}", get_label),
]
