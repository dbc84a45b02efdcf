"""Access of tokens: what each may ask, and how it is refused: status, text and headers.

A fine-grained token and an app's have permissions, which every answer names in `X-Accepted-GitHub-Permissions`; a
classic token has scopes. Public repositories are read without either.

Source: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens and
https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api; that checks have no permission of
fine-grained tokens: https://github.com/orgs/community/discussions/129512
"""

from __future__ import annotations

import re
from enum import StrEnum

from fastrel_twin.call import Refused, not_found
from fastrel_twin.records import User
from fastrel_twin.store import Store

PERMISSIONS = "X-Accepted-GitHub-Permissions"
SCOPES = "X-Accepted-OAuth-Scopes"
LEVELS = ("none", "read", "write", "admin")


class Kind(StrEnum):
    CLASSIC = "classic"
    FINE_GRAINED = "fine-grained"
    APP = "app"
    """Of GitHub Actions, or an installation of another app."""


TEXTS = {
    Kind.FINE_GRAINED: "Resource not accessible by personal access token",
    Kind.APP: "Resource not accessible by integration",
}

_BELOW = r"/repos/\{owner\}/\{name\}"
_TABLE = tuple(
    (re.compile(_BELOW + below + r"(/|$)"), permission)
    for below, permission in (
        (r"/collaborators", "metadata"),
        (r"/rules", "metadata"),
        (r"/rulesets", "metadata"),
        (r"/assignees", "metadata"),
        (r"/actions/permissions", "administration"),
        (r"/actions", "actions"),
        (r"/(commits/\{ref:path\}/)?check-runs", "checks"),
        (r"/commits/\{ref:path\}/status", "statuses"),
        (r"/statuses", "statuses"),
        (r"/commits/\{sha\}/pulls", "pull_requests"),
        (r"/pulls", "pull_requests"),
        (r"/deployments", "deployments"),
        (r"/(issues|labels|milestones)", "issues"),
        (r"/(releases|contents|commits|compare|branches|git)", "contents"),
        (r"", "metadata"),
    )
)


def kind_of(user: User) -> Kind:
    if user.app or user.bot:
        return Kind.APP
    return Kind.FINE_GRAINED if user.scopes is None else Kind.CLASSIC


def permission_of(method: str, route: str) -> str:
    """What a request needs, such as `issues=write`; empty where it is of no repository."""
    found = next((permission for path, permission in _TABLE if path.match(route)), "")
    return f"{found}={'read' if method == 'GET' else 'write'}" if found else ""


def headers_for(user: User | None, method: str, route: str) -> dict[str, str]:
    """What every answer to a token of this kind says of what would have done."""
    if user is None:
        return {}
    if kind_of(user) is Kind.CLASSIC:
        return {SCOPES: "repo" if route.startswith("/repos/") else ""}
    needed = permission_of(method, route)
    return {PERMISSIONS: needed} if needed else {}


def require_token(store: Store, user: User | None, method: str, route: str) -> None:
    """Refuse what the token may not do, whatever the role of its owner is."""
    needed = permission_of(method, route)
    if not needed or (not store.private and method == "GET" and not needed.startswith("administration")):
        return
    if user is None:
        if store.private:
            raise not_found()
        return
    if kind_of(user) is Kind.CLASSIC:
        enough = {"repo"} if store.private else {"repo", "public_repo"}
        if not enough & set(user.scopes or ()):
            raise not_found()
        return
    if store.private and user.permissions is not None and not user.permissions:
        raise not_found()  # a token that was not given this repository
    if not may(user, needed):
        raise refusal(user)


def may(user: User, needed: str) -> bool:
    """Whether a fine-grained token or an app's has a permission such as `issues=write`."""
    name, _, level = needed.partition("=")
    if name == "metadata" and level == "read":
        return True
    if name == "checks" and kind_of(user) is Kind.FINE_GRAINED:
        return False
    if user.permissions is None:
        return True
    return LEVELS.index(user.permissions.get(name, "none")) >= LEVELS.index(level)


def graph_refusal(store: Store, user: User | None, needed: str) -> str:
    """Why GraphQL refuses a part of a query or a mutation, such as `discussions=write`; empty where it does not."""
    if user is None or kind_of(user) is Kind.CLASSIC or may(user, needed):
        return ""
    return TEXTS[kind_of(user)] if store.private or needed.endswith("=write") else ""


def refusal(user: User, route: str = "") -> Refused:
    """How a token is refused whose owner's role is too low, or that lacks a permission."""
    kind = kind_of(user)
    if kind is not Kind.CLASSIC:
        return Refused(403, TEXTS[kind])
    if "/releases" in route:
        return not_found()
    if "/collaborators" in route:
        return Refused(403, "Must have push access to view collaborator permission.")
    return Refused(403, "Must have admin rights to Repository.")
