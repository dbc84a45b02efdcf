"""Deployments to environments, such as `github-pages`."""

from __future__ import annotations

from fastrel_twin.call import Answer, Call, Routes, not_found
from fastrel_twin.rest import run_shapes

REPO = "/repos/{owner}/{name}"


def list_deployments(call: Call) -> Answer:
    """Newest first, filtered by commit, ref and environment."""
    query = call.query
    found = [
        one
        for one in reversed(call.store.deployments)
        if query.get("sha", one.sha) == one.sha
        and query.get("ref", one.ref) == one.ref
        and query.get("environment", one.environment) == one.environment
    ]
    return call.page(found, lambda one: run_shapes.deployment(call, one))


def list_statuses(call: Call) -> Answer:
    """Newest first. A deployment that succeeds makes the earlier ones of its environment inactive, which is a status
    more; their own stays below it."""
    # Source: `auto_inactive` in https://docs.github.com/en/rest/deployments/statuses, true unless it is said
    deployments = call.store.deployments
    found = next((one for one in deployments if one.id == call.number("id")), None)
    if found is None:
        raise not_found()
    replaced = found.state == "success" and any(
        one.environment == found.environment and one.state == "success" and one.id > found.id for one in deployments
    )
    states = [*(["inactive"] if replaced else []), found.state]
    numbered = list(zip(range(len(states), 0, -1), states, strict=True))
    return call.page(numbered, lambda one: run_shapes.deployment_status(call, found, *one))


ROUTES: Routes = [
    ("GET", REPO + "/deployments", list_deployments),
    ("GET", REPO + "/deployments/{id}/statuses", list_statuses),
]
