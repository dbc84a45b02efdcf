"""Refs, commits and what brought them in GraphQL: https://docs.github.com/en/graphql/reference/objects#commit"""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.graph.connection import actor_type, connection
from fastrel_twin.graph.issue_type import label_type, milestone_of_number
from fastrel_twin.records import Issue
from fastrel_twin.rest.basic_shapes import time


def ref_named(call: Call, name: str) -> Json | None:
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


def object_named(call: Call, name: str) -> Json | None:
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
        "commits": lambda info, **page: connection(ahead, lambda sha: _commit(call, sha), page),
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
        "parents": lambda info, **page: connection(facts.parents, lambda older: _commit(call, older), page),
        "associatedPullRequests": lambda info, **page: connection(pulls, lambda one: _pull(call, one), page),
        "history": lambda info, path="", **page: connection(
            call.store.bare.history(sha, path or ""), lambda older: _commit(call, older), page
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
        "author": actor_type(call, one.author),
        "labels": lambda info, **page: connection(one.labels, label_type, page),
        "milestone": milestone_of_number(call, one.milestone),
    }
