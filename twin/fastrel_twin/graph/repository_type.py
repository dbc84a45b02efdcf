"""Repositories and their owners in GraphQL: https://docs.github.com/en/graphql/reference/objects#repository"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastrel_twin.call import Call, Json
from fastrel_twin.graph.commit_type import object_named, ref_named
from fastrel_twin.graph.connection import connection, require_permission, wrong
from fastrel_twin.graph.discussion_type import (
    category_type,
    discussion_of_number,
    discussion_type,
    discussions_of,
)
from fastrel_twin.graph.issue_type import issue_of_number, issue_type, issues_of


def repository_named(call: Call, owner: str, name: str) -> Json:
    found = call.store.repository(f"{owner}/{name}")
    if found is None:
        raise wrong("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return _repository_of(call if found is call.store else replace(call, store=found))


def owner_named(call: Call, login: str) -> Json | None:
    """An owner of repositories: a user, or else an organization."""
    found = call.store.repositories_of(login)
    if not found:
        return None
    kind = "User" if login in call.store.users else "Organization"
    shown = found[0].name.partition("/")[0]
    return {
        "__typename": kind,
        "id": f"O_{shown}",
        "login": shown,
        "url": f"{call.store.url}/{shown}",
        "repositories": lambda info, isArchived=None, isFork=None, orderBy=None, ownerAffiliations=None, **page: (
            connection(
                [one for one in found if isArchived in (None, one.archived) and isFork in (None, one.is_fork)],
                lambda one: _repository_of(replace(call, store=one)),
                page,
            )
        ),
    }


def _repository_of(call: Call) -> Json:
    parts = _parts_of(call)
    for name, needed in _PERMISSIONS.items():
        parts[name] = _guarded(call, needed, parts[name])
    return parts


def _guarded(call: Call, needed: str, resolve: Callable[..., object]) -> Callable[..., object]:
    def guarded(info: object, **arguments: object) -> object:
        require_permission(call, needed)
        return resolve(info, **arguments)

    return guarded


_PERMISSIONS = {
    "issues": "issues=read",
    "issue": "issues=read",
    "discussionCategories": "discussions=read",
    "discussions": "discussions=read",
    "discussion": "discussions=read",
    "ref": "contents=read",
    "object": "contents=read",
}
"""What a part of a private repository needs of a token with permissions."""


def _parts_of(call: Call) -> dict[str, Any]:
    return {
        "id": f"R_{call.store.id}",
        "isArchived": call.store.archived,
        "isFork": call.store.is_fork,
        "issues": lambda info, labels=None, states=None, orderBy=None, **page: connection(
            issues_of(call, labels, states, orderBy), lambda one: issue_type(call, one), page
        ),
        "nameWithOwner": call.store.name,
        "hasDiscussionsEnabled": call.store.has_discussions,
        "viewerPermission": call.user.role.upper() if call.user else None,
        "discussionCategories": lambda info, **page: connection(
            call.store.categories if call.store.has_discussions else [], category_type, page
        ),
        "discussions": lambda info, categoryId=None, orderBy=None, **page: connection(
            discussions_of(call, categoryId), lambda one: discussion_type(call, one), page
        ),
        "discussion": lambda info, number: discussion_of_number(call, number),
        "issue": lambda info, number: issue_of_number(call, number),
        "ref": lambda info, qualifiedName: ref_named(call, qualifiedName),
        "object": lambda info, oid=None, expression=None: object_named(call, str(oid or expression or "")),
    }
