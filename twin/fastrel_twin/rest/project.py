"""The user, the repository, its labels and collaborators."""

from __future__ import annotations

import re
from dataclasses import replace

from fastrel_twin.access import Kind, kind_of
from fastrel_twin.call import Answer, Call, Refused, Routes, TooLow, invalid, not_found
from fastrel_twin.rest import basic_shapes, issue_shapes, repository_shapes

REPO = "/repos/{owner}/{name}"


def get_user(call: Call) -> Answer:
    """The user of the token. The token of GitHub Actions, or of another app, belongs to nobody: 403."""
    if call.user is None:
        raise Refused(401, "Requires authentication")
    if call.user.app or call.user.bot:
        raise Refused(403, "Resource not accessible by integration")
    more = {"name": None, "company": None, "blog": "", "location": None, "email": None, "hireable": None, "bio": None}
    counts = {"public_repos": 1, "public_gists": 0, "followers": 0, "following": 0}
    times = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"}
    return Answer({**basic_shapes.user(call, call.user.login), **more, **counts, **times})


def get_repository(call: Call) -> Answer:
    """With what the user may do, unless the store is told to hide it. Any other repository: 404."""
    return Answer(repository_shapes.repository(call))


def list_organization_repositories(call: Call) -> Answer:
    """All repositories of an organization, archived ones and forks, too. A user is none: 404."""
    if call.path["owner"] in call.store.users or not call.store.repositories_of(call.path["owner"]):
        raise not_found()
    return list_repositories(call)


def list_repositories(call: Call) -> Answer:
    """All repositories of a user, who may have none, or of an organization."""
    found = call.store.repositories_of(call.path["owner"])
    if not found and call.path["owner"] not in call.store.users:
        raise not_found()
    return call.page(found, lambda one: repository_shapes.repository_inside(replace(call, store=one)))


def get_permission(call: Call) -> Answer:
    """Roles as booleans, and in the old field, which reads `write` for a maintainer and `read` for triage. For who has
    write access, and for the token of an app or of a workflow, which has no role and needs only `metadata: read`, that
    every one of them has. An app is no collaborator: 404.
    Source: https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user"""
    if not (call.user and kind_of(call.user) is Kind.APP):
        call.require("write")
    user = call.store.users.get(call.path["login"])
    if user is None or user.bot:
        raise not_found()
    # The old field knows three roles only: triage reads `read`, maintain reads `write`.
    old = {"triage": "read", "maintain": "write"}.get(user.role, user.role)
    named = user.custom_role or user.role
    shaped = {
        **basic_shapes.user(call, user.login),
        "permissions": repository_shapes.permissions(user),
        "role_name": named,
    }
    return Answer({"permission": old, "role_name": named, "user": shaped})


def list_labels(call: Call) -> Answer:
    """All labels, in pages."""
    return call.page(list(call.store.labels.values()), lambda one: issue_shapes.label(call, one))


def get_label(call: Call) -> Answer:
    """Whatever the case of its name."""
    found = call.store.labels.get(call.path["label"].lower())
    if found is None:
        raise not_found()
    return Answer(issue_shapes.label(call, found))


def create_label(call: Call) -> Answer:
    """Needs write access. A name that exists: 422 `already_exists`."""
    call.require("write")
    name = call.text("name")
    if not name:
        raise invalid("Label", "name", "missing_field")
    if name.lower() in call.store.labels:
        raise invalid("Label", "name", "already_exists")
    if len(call.text("description")) > 100:
        raise invalid("Label", "description", "too_long", "description is too long (maximum is 100 characters)")
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", call.text("color", "ededed")):
        raise invalid("Label", "color", "invalid")
    label = call.store.add_label(name, call.text("color", "ededed"), call.text("description"))
    return Answer(issue_shapes.label(call, label), 201)


def check_assignee(call: Call) -> Answer:
    """204 for who can be assigned to issues, which apps cannot; else 404."""
    if not call.store.can_be_assigned(call.path["login"]):
        raise not_found()
    return Answer(None, 204)


def get_rate_limit(call: Call) -> Answer:
    """What is left of 5000 requests, of 60 without a token. Asking costs nothing. An Enterprise Server: 404.
    Source: https://github.com/actions/stale/issues/1227"""
    if call.store.server_version:
        raise Refused(404, "Rate limiting is not enabled.")
    if call.user is None:
        call.store.anonymous_limit += 1
        limit, left = 60, call.store.anonymous_limit
    else:
        call.store.rate_limit += 1
        limit, left = 5000, call.store.rate_limit
    state = {"limit": limit, "remaining": left, "reset": 2_000_000_000, "used": limit - left}
    return Answer({"resources": {"core": state, "graphql": state, "search": state}, "rate": state})


def get_meta(call: Call) -> Answer:
    """Next to nothing; of an Enterprise Server, its version. Source: https://github.com/github/gh-gei/issues/743"""
    version = call.store.server_version
    return Answer({"verifiable_password_authentication": False, **({"installed_version": version} if version else {})})


def get_actions_permissions(call: Call) -> Answer:
    """For admins only."""
    _require_admin(call)
    store = call.store
    more = {"allowed_actions": store.allowed_actions} if store.actions_enabled else {}
    if store.allowed_actions == "selected":
        more["selected_actions_url"] = f"{call.repository}/actions/permissions/selected-actions"
    return Answer({"enabled": store.actions_enabled, **more, "sha_pinning_required": False})


def get_workflow_permissions(call: Call) -> Answer:
    """For admins only."""
    _require_admin(call)
    return Answer(
        {
            "default_workflow_permissions": call.store.workflow_permissions,
            "can_approve_pull_request_reviews": call.store.workflows_may_open_pulls,
        }
    )


def _require_admin(call: Call) -> None:
    if call.require("read").role != "admin":
        raise TooLow


ROUTES: Routes = [
    ("GET", "/user", get_user),
    ("GET", "/rate_limit", get_rate_limit),
    ("GET", "/orgs/{owner}/repos", list_organization_repositories),
    ("GET", "/users/{owner}/repos", list_repositories),
    ("GET", "/meta", get_meta),
    ("GET", REPO, get_repository),
    ("GET", REPO + "/collaborators/{login}/permission", get_permission),
    ("GET", REPO + "/actions/permissions", get_actions_permissions),
    ("GET", REPO + "/actions/permissions/workflow", get_workflow_permissions),
    ("GET", REPO + "/assignees/{login}", check_assignee),
    ("GET", REPO + "/labels", list_labels),
    ("POST", REPO + "/labels", create_label),
    ("GET", REPO + "/labels/{label}", get_label),
]
