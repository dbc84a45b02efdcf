"""GraphQL, executed by graphql-core against the types of `schema.graphql`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from fastrel_twin.call import Call, Json
from fastrel_twin.graph.connection import actor_type, require_permission
from fastrel_twin.graph.discussion_type import (
    add_comment,
    create_discussion,
    delete_comment,
    delete_discussion,
)
from fastrel_twin.graph.repository_type import owner_named, repository_named

Field = Callable[..., object]
SCHEMA = Path(__file__).parent / "schema.graphql"
"""A part of GitHub's own schema; a test compares them."""


def execute(call: Call) -> Json:
    """The answer to a GraphQL request, in GitHub's shape: errors carry a `type`, `path` and `locations`."""
    query, variables = call.text("query"), call.body.get("variables")
    login = call.user.login if call.user else ""
    root: dict[str, Field] = {
        # The name with which it signs in, also of an app.
        "viewer": lambda info: {**actor_type(call, login), "login": login},
        "repository": lambda info, owner, name, **_: repository_named(call, owner, name),
        "repositoryOwner": lambda info, login: owner_named(call, login),
        "addDiscussionComment": lambda info, input: add_comment(_writing(call), input),
        "createDiscussion": lambda info, input: create_discussion(_writing(call), input),
        "deleteDiscussion": lambda info, input: delete_discussion(_writing(call), input),
        "deleteDiscussionComment": lambda info, input: delete_comment(_writing(call), input),
    }
    schema = _schema(call.store.lacking)
    document, errors = _document(query, schema)
    if document is None or errors:
        result = ExecutionResult(None, list(errors))
    else:
        result = execute_sync(
            schema,
            document,
            root_value=root,
            variable_values=variables if isinstance(variables, dict) else None,
            operation_name=call.text("operationName") or None,
        )
    answer: Json = {"data": result.data}
    if result.errors:
        answer["errors"] = [
            {
                **error.formatted,
                "message": _as_github_says(error.message),
                **({"type": error.extensions["type"]} if error.extensions else {}),
            }
            for error in result.errors
        ]
    return answer


def _writing(call: Call) -> Call:
    require_permission(call, "discussions=write")
    return call


def _as_github_says(message: str) -> str:
    """Source: https://github.com/refined-github/refined-github/issues/6946"""
    found = re.match(r"Cannot query field '(\w+)' on type '(\w+)'", message)
    return f"Field '{found[1]}' doesn't exist on type '{found[2]}'" if found else message


# The same few queries come again and again, and validating one takes longer than answering it.
@lru_cache(maxsize=128)
def _document(query: str, schema: GraphQLSchema) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """A query, parsed, and what is wrong with it."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema, document))


@cache
def _schema(lacking: tuple[str, ...]) -> GraphQLSchema:
    """The schema, without the fields that a server does not know, such as `Issue.userContentEdits`."""
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    for name, _, field in (one.partition(".") for one in lacking if "/" not in one):
        del schema.get_type(name).fields[field]  # type: ignore[union-attr]
    for name in ("Actor", "GitObject", "RepositoryOwner"):
        schema.get_type(name).resolve_type = lambda value, info, kind: value["__typename"]  # type: ignore[union-attr]
    return schema
