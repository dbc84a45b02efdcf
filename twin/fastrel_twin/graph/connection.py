"""Pages of connections, actors and errors, for all types of the twin's GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from graphql import (
    GraphQLError,
)

from fastrel_twin.access import graph_refusal
from fastrel_twin.call import Call, Json

T = TypeVar("T")


def wrong(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


def connection(entries: Sequence[T], shape: Callable[[T], Json], page: Json) -> Json:
    """A page of a connection; `first` or `last` is required and at most 100, as on GitHub."""
    first = page.get("first")
    if not isinstance(first, int):
        raise wrong("MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value to paginate properly.")
    if not 0 <= first <= 100:
        raise wrong("EXCESSIVE_PAGINATION", f"Requesting {first} records exceeds the `first` limit of 100 records.")
    start = int(str(page.get("after") or "c0")[1:])
    stop = start + first
    return {
        "nodes": [shape(one) for one in entries[start:stop]],
        "totalCount": len(entries),
        "pageInfo": {
            "hasNextPage": stop < len(entries),
            "hasPreviousPage": start > 0,
            "startCursor": f"c{start}",
            "endCursor": f"c{min(stop, len(entries))}",
        },
    }


def actor_type(call: Call, login: str) -> Json:
    user = call.store.users.get(login)
    kind = "Bot" if user and user.bot else "User"
    # GraphQL knows bots by their bare names, REST by `name[bot]`.
    shown = login if user and user.app else login.removesuffix("[bot]")
    return {"__typename": kind, "id": f"U_{login}", "login": shown, "url": f"{call.store.url}/{login}"}


def require_permission(call: Call, needed: str) -> None:
    """Refuse what a fine-grained token or an app's was not granted. Source: https://github.com/cli/cli/issues/8842"""
    if refused := graph_refusal(call.store, call.user, needed):
        raise wrong("FORBIDDEN", refused)


def signed_in(call: Call) -> str:
    if call.user is None:
        raise wrong("FORBIDDEN", "This endpoint requires you to be authenticated.")
    return call.user.login
