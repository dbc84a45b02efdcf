"""The JSON shapes of issues, labels and milestones: https://docs.github.com/en/rest/issues"""

from __future__ import annotations

from urllib.parse import quote

from fastrel_twin.call import Call, Json
from fastrel_twin.records import Comment, Issue, Label, Milestone
from fastrel_twin.rest.basic_shapes import time, user


def label(call: Call, one: Label) -> Json:
    return {
        "id": one.id,
        "node_id": f"LA_{one.id}",
        "url": f"{call.repository}/labels/{quote(one.name)}",
        "name": one.name,
        "color": one.color,
        "default": False,
        "description": one.description or None,
        "archived_at": None,
        "archived_by": None,
    }


def milestone(call: Call, one: Milestone) -> Json:
    items = [issue for issue in call.store.issues.values() if issue.milestone == one.number]
    open_items = sum(issue.state == "open" for issue in items)
    return {
        "url": f"{call.repository}/milestones/{one.number}",
        "html_url": f"{call.web}/milestone/{one.number}",
        "labels_url": f"{call.repository}/milestones/{one.number}/labels",
        "id": 5000 + one.number,
        "node_id": f"MI_{one.number}",
        "number": one.number,
        "title": one.title,
        "description": one.description or None,
        "creator": user(call, one.creator),
        "open_issues": open_items,
        "closed_issues": len(items) - open_items,
        "state": one.state,
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "due_on": time(one.due_on),
        "closed_at": time(one.closed_at),
    }


def labels_of(call: Call, names: list[str]) -> list[Json]:
    known = call.store.labels
    return [label(call, known.get(name.lower()) or Label(1, name)) for name in names]


def labels_inside(call: Call, names: list[str]) -> list[Json]:
    """The labels as issues and pull requests show them: without the moment at which they were archived."""
    return [{key: value for key, value in one.items() if key != "archived_at"} for one in labels_of(call, names)]


def issue(call: Call, one: Issue) -> Json:
    own = f"{call.repository}/issues/{one.number}"
    kind = "pull" if one.pull else "issues"
    found = call.store.milestones.get(one.milestone)
    data: Json = {
        "id": 900_000 + one.number,
        "node_id": f"I_{one.number}",
        "url": own,
        "repository_url": call.repository,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": f"{call.web}/{kind}/{one.number}",
        "number": one.number,
        "state": one.state,
        "state_reason": one.state_reason,
        "title": one.title,
        "body": one.body or None,
        "user": user(call, one.author),
        "labels": labels_inside(call, one.labels),
        "assignee": user(call, one.assignees[0]) if one.assignees else None,
        "assignees": [user(call, login) for login in one.assignees],
        "milestone": milestone(call, found) if found else None,
        "locked": one.locked,
        "active_lock_reason": None,
        "comments": len(one.comments),
        "closed_at": time(one.closed_at),
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at or one.created_at),
        "closed_by": user(call, one.closed_by) if one.closed_by and one.state == "closed" else None,
        "author_association": call.store.association(one.author),
    }
    if one.pull:
        data["draft"] = one.pull.draft
        data["pull_request"] = {
            "url": f"{call.repository}/pulls/{one.number}",
            "html_url": f"{call.web}/pull/{one.number}",
            "diff_url": f"{call.web}/pull/{one.number}.diff",
            "patch_url": f"{call.web}/pull/{one.number}.patch",
            "merged_at": time(one.pull.merged_at),
        }
    return data


def comment(call: Call, number: int, one: Comment) -> Json:
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": f"{call.repository}/issues/comments/{one.id}",
        "html_url": f"{call.web}/issues/{number}#issuecomment-{one.id}",
        "issue_url": f"{call.repository}/issues/{number}",
        "body": one.body,
        "user": user(call, one.author),
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at or one.created_at),
        "author_association": call.store.association(one.author),
    }
