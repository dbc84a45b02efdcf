"""Discussions, read and written: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions"""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.graph.connection import actor_type, connection, signed_in, wrong
from fastrel_twin.records import Comment, Discussion
from fastrel_twin.rest.basic_shapes import time


def category_type(name: str) -> Json:
    slug = name.lower().replace("&", "-").replace(" ", "-")
    return {"id": f"DIC_{name}", "name": name, "slug": slug, "isAnswerable": name == "Q&A"}


def discussions_of(call: Call, category_id: str | None) -> list[Discussion]:
    found = [one for one in call.store.discussions.values() if category_id in (None, f"DIC_{one.category}")]
    return sorted(found, key=lambda one: one.number, reverse=True)


def discussion_of_number(call: Call, number: int) -> Json:
    found = call.store.discussions.get(number)
    if found is None:
        raise wrong("NOT_FOUND", f"Could not resolve to a Discussion with the number of {number}.")
    return discussion_type(call, found)


def discussion_type(call: Call, one: Discussion) -> Json:
    url = f"{call.web}/discussions/{one.number}"
    return {
        "id": one.node_id,
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "url": url,
        **_author(call, one.author),
        "createdAt": time(one.created_at),
        "category": category_type(one.category),
        "comments": lambda info, **page: connection(one.comments, lambda it: _comment(call, url, it), page),
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
        "author": actor_type(call, login),
        "authorAssociation": call.store.association(login),
        "viewerDidAuthor": bool(call.user and call.user.login == login),
    }


def add_comment(call: Call, data: Json) -> Json:
    user = signed_in(call)
    found = next((one for one in call.store.discussions.values() if one.node_id == data["discussionId"]), None)
    if found is None:
        raise wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['discussionId']}'")
    comment = Comment(call.store.new_id(), user, str(data["body"]), call.store.now())
    found.comments.append(comment)
    return {"comment": _comment(call, f"{call.web}/discussions/{found.number}", comment)}


def create_discussion(call: Call, data: Json) -> Json:
    user = signed_in(call)
    category = str(data["categoryId"]).removeprefix("DIC_")
    if category not in call.store.categories or not call.store.has_discussions:
        raise wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['categoryId']}'")
    if not call.store.may_announce(call.user, category):
        raise wrong("FORBIDDEN", f"{user} does not have the correct permissions to execute `CreateDiscussion`")
    discussion = call.store.add_discussion(str(data["title"]), str(data["body"]), user, category)
    return {"discussion": discussion_type(call, discussion)}


def delete_discussion(call: Call, data: Json) -> Json:
    user = signed_in(call)
    found = next((one for one in call.store.discussions.values() if one.node_id == data["id"]), None)
    if found is None:
        raise wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['id']}'")
    _require_own(call, user, found.author)
    del call.store.discussions[found.number]
    return {"discussion": discussion_type(call, found)}


def delete_comment(call: Call, data: Json) -> Json:
    user = signed_in(call)
    for discussion in call.store.discussions.values():
        for one in discussion.comments:
            if f"DC_{one.id}" == data["id"]:
                _require_own(call, user, one.author)
                discussion.comments.remove(one)
                return {"comment": _comment(call, f"{call.web}/discussions/{discussion.number}", one)}
    raise wrong("NOT_FOUND", f"Could not resolve to a node with the global id of '{data['id']}'")


def _require_own(call: Call, user: str, author: str) -> None:
    if user != author and not (call.user and call.user.may("triage")):
        raise wrong("FORBIDDEN", f"{user} does not have the correct permissions to execute this.")
