"""The requests of an effect, as a dry run shows them: method and path. `{id}` stands for what is not known before."""

from __future__ import annotations

from fastrel.actions.action import Context

UNKNOWN = "{id}"


def request(context: Context, verb: str, path: str) -> str:
    """A request about the repository; the path is what follows its name."""
    return f"{verb} /repos/{context.repository.name}/{path}"


def mutation(context: Context, name: str) -> str:
    """A change by GraphQL."""
    return f"POST {context.repository.client.graphql_path} ({name})"
