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
    """The newest state only."""
    found = next((one for one in call.store.deployments if one.id == call.number("id")), None)
    if found is None:
        raise not_found()
    return call.page([found], lambda one: run_shapes.deployment_status(call, one))


ROUTES: Routes = [
    ("GET", REPO + "/deployments", list_deployments),
    ("GET", REPO + "/deployments/{id}/statuses", list_statuses),
]
