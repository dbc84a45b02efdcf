"""GraphQL, executed by graphql-core against the types of `schema.graphql`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

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
from fastrel_twin.shapes import time
from fastrel_twin.store import Comment, Discussion, Edit, Issue

T = TypeVar("T")
Field = Callable[..., object]
SCHEMA = Path(__file__).parent / "schema.graphql"
"""A part of GitHub's own schema; a test compares them."""


def execute(call: Call) -> Json:
    """The answer to a GraphQL request, in GitHub's shape: errors carry a `type`, `path` and `locations`."""
    query, variables = call.text("query"), call.body.get("variables")
    root: dict[str, Field] = {
        "viewer": lambda info: _actor(call, call.user.login if call.user else ""),
        "repository": lambda info, owner, name, **_: _repository(call, owner, name),
        "repositoryOwner": lambda info, login: _owner(call, login),
        "addDiscussionComment": lambda info, input: _add_comment(call, input),
        "createDiscussion": lambda info, input: _create_discussion(call, input),
        "deleteDiscussion": lambda info, input: _delete_discussion(call, input),
        "deleteDiscussionComment": lambda info, input: _delete_comment(call, input),
    }
    document, errors = _document(query)
    if document is None or errors:
        result = ExecutionResult(None, list(errors))
    else:
        result = execute_sync(
            _schema(),
            document,
            root_value=root,
            variable_values=variables if isinstance(variables, dict) else None,
            operation_name=call.text("operationName") or None,
        )
    answer: Json = {"data": result.data}
    if result.errors:
        answer["errors"] = [
            {**error.formatted, **({"type": error.extensions["type"]} if error.extensions else {})}
            for error in result.errors
        ]
    return answer


# The same few queries come again and again, and validating one takes longer than answering it.
@lru_cache(maxsize=128)
def _document(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """A query, parsed, and what is wrong with it."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(_schema(), document))


@cache
def _schema() -> GraphQLSchema:
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    for name in ("Actor", "GitObject", "RepositoryOwner"):
        schema.get_type(name).resolve_type = lambda value, info, kind: value["__typename"]  # type: ignore[union-attr]
    return schema


def _wrong(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


def _repository(call: Call, owner: str, name: str) -> Json:
    found = call.store.repository(f"{owner}/{name}")
    if found is None:
        raise _wrong("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return _repository_of(call if found is call.store else replace(call, store=found))


def _owner(call: Call, login: str) -> Json | None:
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
            _connection(
                [one for one in found if isArchived in (None, one.archived) and isFork in (None, one.is_fork)],
                lambda one: _repository_of(replace(call, store=one)),
                page,
            )
        ),
    }


def _repository_of(call: Call) -> Json:
    return {
        "id": f"R_{call.store.id}",
        "isArchived": call.store.archived,
        "isFork": call.store.is_fork,
        "issues": lambda info, labels=None, states=None, orderBy=None, **page: _connection(
            _issues(call, labels, states, orderBy), lambda one: _issue(call, one), page
        ),
        "nameWithOwner": call.store.name,
        "hasDiscussionsEnabled": call.store.has_discussions,
        "viewerPermission": call.user.role.upper() if call.user else None,
        "discussionCategories": lambda info, **page: _connection(
            call.store.categories if call.store.has_discussions else [], _category, page
        ),
        "discussions": lambda info, categoryId=None, orderBy=None, **page: _connection(
            _discussions(call, categoryId), lambda one: _discussion(call, one), page
        ),
        "discussion": lambda info, number: _one_discussion(call, number),
        "issue": lambda info, number: _one_issue(call, number),
        "ref": lambda info, qualifiedName: _ref(call, qualifiedName),
        "object": lambda info, oid=None, expression=None: _object(call, str(oid or expression or "")),
    }


def _issues(call: Call, labels: list[str] | None, states: list[str] | None, order: Json | None) -> list[Issue]:
    """Issues with any of the labels, as GraphQL has it (REST wants all of them), without pull requests."""
    wanted = {one.lower() for one in labels or []}
    found = [
        one
        for one in call.store.issues.values()
        if not one.pull
        and (not wanted or wanted & {name.lower() for name in one.labels})
        and (states is None or one.state.upper() in states)
    ]
    newest_first = bool(order and order["direction"] == "DESC")
    updated = bool(order and order["field"] == "UPDATED_AT")
    return sorted(
        found,
        key=lambda one: ((one.updated_at or one.created_at) if updated else one.created_at, one.number),
        reverse=newest_first,
    )


def _issue(call: Call, one: Issue) -> Json:
    return {
        "id": f"I_{one.number}",
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "url": f"{call.web}/issues/{one.number}",
        "state": one.state.upper(),
        "author": _actor(call, one.author),
        "createdAt": time(one.created_at),
        "updatedAt": time(one.updated_at or one.created_at),
        "milestone": _milestone(call, one.milestone),
        "assignees": lambda info, **page: _connection(one.assignees, lambda it: _actor(call, it), page),
        "labels": lambda info, **page: _connection(one.labels, _label, page),
        **_revisions(call, one),
    }


def _milestone(call: Call, number: int) -> Json | None:
    one = call.store.milestones.get(number)
    if one is None:
        return None
    return {
        "id": f"MI_{one.number}",
        "number": one.number,
        "title": one.title,
        "url": f"{call.web}/milestone/{one.number}",
        "dueOn": time(one.due_on),
        "state": one.state.upper(),
    }


def _label(name: str) -> Json:
    return {"id": f"LA_{name}", "name": name}


def _category(name: str) -> Json:
    slug = name.lower().replace("&", "-").replace(" ", "-")
    return {"id": f"DIC_{name}", "name": name, "slug": slug, "isAnswerable": name == "Q&A"}


def _discussions(call: Call, category_id: str | None) -> list[Discussion]:
    found = [one for one in call.store.discussions.values() if category_id in (None, f"DIC_{one.category}")]
    return sorted(found, key=lambda one: one.number, reverse=True)


def _one_discussion(call: Call, number: int) -> Json:
    found = call.store.discussions.get(number)
    if found is None:
        raise _wrong("NOT_FOUND", f"Could not resolve to a Discussion with the number of {number}.")
    return _discussion(call, found)


def _discussion(call: Call, one: Discussion) -> Json:
    url = f"{call.web}/discussions/{one.number}"
    return {
        "id": one.node_id,
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "url": url,
        **_author(call, one.author),
        "createdAt": time(one.created_at),
        "category": _category(one.category),
        "comments": lambda info, **page: _connection(one.comments, lambda it: _comment(call, url, it), page),
    }


def _comment(call: Call, url: str, one: Comment) -> Json:
    return {
        "id": f"DC_{one.id}",
        "databaseId": one.id,
        "body": one.body,
        "url": f"{url}#discussioncomment-{one.id}",
        **_author(call, one.author),
        "createdAt": time(one.created_at),
    }


def _author(call: Call, login: str) -> Json:
    return {
        "author": _actor(call, login),
        "authorAssociation": call.store.association(login),
        "viewerDidAuthor": bool(call.user and call.user.login == login),
    }


def _one_issue(call: Call, number: int) -> Json:
    one = call.store.issues.get(number)
    if one is None or one.pull:
        raise _wrong("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
    return _issue(call, one)


def _revisions(call: Call, one: Issue) -> Json:
    edits = call.store.edits(one)
    return {
        "editor": _actor(call, edits[0].editor) if edits else None,
        "lastEditedAt": time(edits[0].at) if edits else None,
        "includesCreatedEdit": bool(edits),
        "userContentEdits": lambda info, **page: _connection(
            list(enumerate(edits)), lambda it: _edit(call, f"UCE_{one.number}_{len(edits) - it[0]}", it[1]), page
        ),
    }


def _edit(call: Call, node_id: str, one: Edit) -> Json:
    at = time(one.at)
    return {
        "id": node_id,
        "createdAt": at,
        "editedAt": at,
        "updatedAt": at,
        "deletedAt": None,
        "deletedBy": None,
        "diff": one.body,  # not a difference: GitHub answers with the whole body
        "editor": _actor(call, one.editor),
    }


def _actor(call: Call, login: str) -> Json:
    user = call.store.users.get(login)
    kind = "Bot" if user and user.bot else "User"
    # GraphQL knows bots by their bare names, REST by `name[bot]`.
    shown = login if user and user.app else login.removesuffix("[bot]")
    return {"__typename": kind, "id": f"U_{login}", "login": shown, "url": f"{call.store.url}/{login}"}


def _ref(call: Call, name: str) -> Json | None:
    bare = call.store.bare
    ref = bare.refs().get(name)
    if ref is None:
        return None
    prefix, _, short = name.rpartition("/")
    target: Json = _commit(call, ref.commit)
    if ref.kind == "tag":
        facts = bare.tag(ref.sha)
        message = facts.message if facts else ""
        target = {
            "__typename": "Tag",
            "id": f"TA_{ref.sha}",
            "oid": ref.sha,
            "name": short,
            "message": message,
            "target": _commit(call, ref.commit),
        }
    return {
        "id": f"REF_{name}",
        "name": short,
        "prefix": f"{prefix}/",
        "target": target,
        "compare": lambda info, headRef: _compare(call, ref.commit, headRef),
    }


def _object(call: Call, name: str) -> Json | None:
    sha = call.store.bare.resolve(name)
    return _commit(call, sha) if sha else None


def _compare(call: Call, base: str, head_name: str) -> Json | None:
    head = call.store.bare.resolve(head_name)
    if not head:
        return None
    ahead = list(reversed(call.store.bare.commits_between(base, head)))
    behind = call.store.bare.commits_between(head, base)
    return {
        "aheadBy": len(ahead),
        "behindBy": len(behind),
        "commits": lambda info, **page: _connection(ahead, lambda sha: _commit(call, sha), page),
    }


def _commit(call: Call, sha: str) -> Json:
    facts = call.store.bare.commit(sha)
    pulls = [one for one in call.store.issues.values() if one.pull and sha in one.pull.commits]
    return {
        "__typename": "Commit",
        "id": f"C_{sha}",
        "oid": sha,
        "message": facts.message,
        "messageHeadline": facts.message.partition("\n")[0],
        "committedDate": facts.committed_at,
        "url": f"{call.web}/commit/{sha}",
        "parents": lambda info, **page: _connection(facts.parents, lambda older: _commit(call, older), page),
        "associatedPullRequests": lambda info, **page: _connection(pulls, lambda one: _pull(call, one), page),
        "history": lambda info, **page: _connection(
            call.store.bare.history(sha), lambda older: _commit(call, older), page
        ),
    }


def _pull(call: Call, one: Issue) -> Json:
    merged_at = one.pull.merged_at if one.pull else None
    return {
        "id": f"PR_{one.number}",
        "number": one.number,
        "title": one.title,
        "url": f"{call.web}/pull/{one.number}",
        "merged": merged_at is not None,
        "baseRefName": one.pull.base if one.pull else "",
        "mergedAt": time(merged_at),
        "author": _actor(call, one.author),
        "labels": lambda info, **page: _connection(one.labels, _label, page),
        "milestone": _milestone(call, one.milestone),
    }


def _add_comment(call: Call, data: Json) -> Json:
    user = _signed_in(call)
    found = next((one for one in call.store.discussions.values() if one.node_id == data["discussionId"]), None)
    if found is None:
        raise _wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['discussionId']}'")
    comment = Comment(call.store.new_id(), user, str(data["body"]), call.store.now())
    found.comments.append(comment)
    return {"comment": _comment(call, f"{call.web}/discussions/{found.number}", comment)}


def _create_discussion(call: Call, data: Json) -> Json:
    user = _signed_in(call)
    category = str(data["categoryId"]).removeprefix("DIC_")
    if category not in call.store.categories or not call.store.has_discussions:
        raise _wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['categoryId']}'")
    discussion = call.store.add_discussion(str(data["title"]), str(data["body"]), user, category)
    return {"discussion": _discussion(call, discussion)}


def _delete_discussion(call: Call, data: Json) -> Json:
    user = _signed_in(call)
    found = next((one for one in call.store.discussions.values() if one.node_id == data["id"]), None)
    if found is None:
        raise _wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['id']}'")
    _require_own(call, user, found.author)
    del call.store.discussions[found.number]
    return {"discussion": _discussion(call, found)}


def _delete_comment(call: Call, data: Json) -> Json:
    user = _signed_in(call)
    for discussion in call.store.discussions.values():
        for one in discussion.comments:
            if f"DC_{one.id}" == data["id"]:
                _require_own(call, user, one.author)
                discussion.comments.remove(one)
                return {"comment": _comment(call, f"{call.web}/discussions/{discussion.number}", one)}
    raise _wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['id']}'")


def _require_own(call: Call, user: str, author: str) -> None:
    if user != author and not (call.user and call.user.may("triage")):
        raise _wrong("FORBIDDEN", f"{user} does not have the correct permissions to execute this.")


def _signed_in(call: Call) -> str:
    if call.user is None:
        raise _wrong("FORBIDDEN", "This endpoint requires you to be authenticated.")
    return call.user.login


def _connection(entries: Sequence[T], shape: Callable[[T], Json], page: Json) -> Json:
    """A page of a connection; `first` or `last` is required and at most 100, as on GitHub."""
    first = page.get("first")
    if not isinstance(first, int):
        raise _wrong(
            "MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value to paginate properly."
        )
    if not 0 <= first <= 100:
        raise _wrong("EXCESSIVE_PAGINATION", f"Requesting {first} records exceeds the `first` limit of 100 records.")
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
