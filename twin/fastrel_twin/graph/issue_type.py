"""Issues, labels and milestones in GraphQL: https://docs.github.com/en/graphql/reference/objects#issue"""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.graph.connection import actor_type, connection, wrong
from fastrel_twin.records import Edit, Issue
from fastrel_twin.rest.basic_shapes import time


def issues_of(call: Call, labels: list[str] | None, states: list[str] | None, order: Json | None) -> list[Issue]:
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


def issue_of_number(call: Call, number: int) -> Json:
    one = call.store.issues.get(number)
    if one is None or one.pull:
        raise wrong("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
    return issue_type(call, one)


def issue_type(call: Call, one: Issue) -> Json:
    return {
        "id": f"I_{one.number}",
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "url": f"{call.web}/issues/{one.number}",
        "state": one.state.upper(),
        "author": actor_type(call, one.author),
        "authorAssociation": call.store.association(one.author),
        "viewerDidAuthor": bool(call.user and call.user.login == one.author),
        "createdAt": time(one.created_at),
        "updatedAt": time(one.updated_at or one.created_at),
        "milestone": milestone_of_number(call, one.milestone),
        "assignees": lambda info, **page: connection(one.assignees, lambda it: actor_type(call, it), page),
        "labels": lambda info, **page: connection(one.labels, label_type, page),
        **_revisions(call, one),
    }


def milestone_of_number(call: Call, number: int) -> Json | None:
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


def label_type(name: str) -> Json:
    return {"id": f"LA_{name}", "name": name}


def _revisions(call: Call, one: Issue) -> Json:
    edits = call.store.edits(one)
    return {
        "editor": actor_type(call, edits[0].editor) if edits else None,
        "lastEditedAt": time(edits[0].at) if edits else None,
        "includesCreatedEdit": bool(edits),
        "userContentEdits": lambda info, **page: connection(
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
        "editor": actor_type(call, one.editor),
    }
