"""GitHub Actions, as far as the workflow of the checklist needs it.

Source: https://docs.github.com/en/rest/actions/permissions
"""

from __future__ import annotations

from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.patient import Patient

ADMIN = "only an admin may read this"


def actions_check(patient: Patient) -> Finding:
    """Whether Actions run at all, and which ones may."""
    if patient.repository is None:
        return unknown("actions", "the repository is not known")
    page = f"{patient.page}/settings/actions"
    found = patient.repository.ci.permissions()
    if found is None:
        return unknown("actions", ADMIN, f"Look at {page}.")
    workflow = patient.settings.workflow_path
    there = patient.has_file(workflow)
    if not found.flag("enabled"):
        if there:
            return problem(
                "actions", f"Actions are switched off, so {workflow} never runs", f"Switch them on at {page}."
            )
        return ok("actions", "Actions are switched off")
    allowed = found.text("allowed_actions")
    if there and allowed in ("local_only", "selected"):
        words = {"local_only": "only actions of this owner may run", "selected": "only selected actions may run"}[
            allowed
        ]
        return warning("actions", words, f"Allow actions/* and fastrel-checklist at {page}.")
    return ok("actions", "Actions are on")


def actions_token_check(patient: Patient) -> Finding:
    """What the token of a workflow may do. Our workflow names its permissions itself, so that a default of `read` does
    no harm; opening pull requests needs a yes of its own."""
    if patient.repository is None:
        return unknown("actions-token", "the repository is not known")
    page = f"{patient.page}/settings/actions"
    found = patient.repository.ci.token_permissions()
    if found is None:
        return unknown("actions-token", ADMIN, f"Look at {page}.")
    by_pull = (
        patient.settings.bump == "pull-request"
        or not patient.repository.code.rules(patient.settings.branch).takes_pushes
    )
    needed = patient.has_file(patient.settings.workflow_path) and patient.uses("version.") and by_pull
    if needed and not found.flag("can_approve_pull_request_reviews"):
        return warning(
            "actions-token",
            "workflows may not open pull requests, by which the version comes",
            f"Allow GitHub Actions to create pull requests at {page}, or give the workflow another token.",
        )
    return ok("actions-token", f"workflows may {found.text('default_workflow_permissions')} unless they say otherwise")


def workflow_check(patient: Patient) -> Finding:
    from fastrel.adopt.drafting import PLACEHOLDER

    workflow = patient.settings.workflow_path
    text = patient.worktree.read(workflow) if patient.worktree else None
    if text is None:
        return ok("workflow", f"there is no {workflow}; commands are typed")
    if PLACEHOLDER in text:
        return problem(
            "workflow",
            f"{workflow} still says OWNER",
            "Put the owner of the fastrel-checklist that you use in its place, and remove `if: false`.",
        )
    return ok("workflow", f"{workflow} is there")
