"""GitHub's official GraphQL schema, which comes by `make node`, and what is wrong with a query."""

from __future__ import annotations

from functools import cache

from graphql import GraphQLSchema, GraphQLSyntaxError, build_schema, parse, validate

from published import PACKAGES

OFFICIAL = PACKAGES / "@octokit" / "graphql-schema" / "schema.graphql"


@cache
def official() -> GraphQLSchema:
    """The schema, read once."""
    # As GitHub publishes it, it names fields twice and deprecates fields of interfaces; that is none of our business.
    return build_schema(OFFICIAL.read_text(encoding="utf-8"), assume_valid=True, assume_valid_sdl=True)


@cache
def faults(query: str) -> tuple[str, ...]:
    """What the official schema does not allow in a query."""
    try:
        return tuple(f"{error.message}\n{query}" for error in validate(official(), parse(query)))
    except GraphQLSyntaxError as error:
        return (f"{error.message}\n{query}",)
