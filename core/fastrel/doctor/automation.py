"""GitHub Actions, as far as the workflow of the checklist needs it.

Source: https://docs.github.com/en/rest/actions/permissions
"""

from __future__ import annotations

from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.subject import Subject

ADMIN = "only an admin may read this"


def actions_check(subject: Subject) -> Finding:
    """Whether Actions run at all, and which ones may."""
    if subject.repository is None:
        return unknown("actions", "the repository is not known")
    page = f"{subject.page}/settings/actions"
    found = subject.repository.ci.permissions()
    if found is None:
        return unknown("actions", ADMIN, f"Look at {page}.")
    workflow = subject.settings.workflow_path
    there = subject.has_file(workflow)
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


def actions_token_check(subject: Subject) -> Finding:
    """What the token of a workflow may do. Our workflow names its permissions itself, so that a default of `read` does
    no harm; opening pull requests needs a yes of its own."""
    if subject.repository is None:
        return unknown("actions-token", "the repository is not known")
    page = f"{subject.page}/settings/actions"
    found = subject.repository.ci.token_permissions()
    if found is None:
        return unknown("actions-token", ADMIN, f"Look at {page}.")
    by_pull = (
        subject.settings.bump == "pull-request"
        or not subject.repository.code.rules(subject.settings.branch).takes_pushes
    )
    needed = subject.has_file(subject.settings.workflow_path) and subject.uses("version.") and by_pull
    if needed and not found.flag("can_approve_pull_request_reviews"):
        return warning(
            "actions-token",
            "workflows may not open pull requests, by which the version comes",
            f"Allow GitHub Actions to create pull requests at {page}, or give the workflow another token.",
        )
    return ok("actions-token", f"workflows may {found.text('default_workflow_permissions')} unless they say otherwise")


def workflow_check(subject: Subject) -> Finding:
    from fastrel.adopt.drafting import PLACEHOLDER

    workflow = subject.settings.workflow_path
    text = subject.worktree.read(workflow) if subject.worktree else None
    if text is None:
        return ok("workflow", f"there is no {workflow}; commands are typed")
    if PLACEHOLDER in text:
        return problem(
            "workflow",
            f"{workflow} still says OWNER",
            "Put the owner of the fastrel-checklist that you use in its place, and remove `if: false`.",
        )
    return ok("workflow", f"{workflow} is there")
