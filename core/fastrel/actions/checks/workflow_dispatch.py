"""Workflows that are started by hand: GitHub starts none for what is pushed with the `GITHUB_TOKEN` of Actions.

Source: https://docs.github.com/en/actions/security-for-github-actions/security-guides/automatic-token-authentication
"""

from __future__ import annotations

from urllib.parse import quote

from fastrel.actions.action import Context
from fastrel.actions.calls import request

ACTIONS = "github-actions[bot]"
"""Who pushes with that token."""


def is_actions(context: Context) -> bool:
    """Whether the token is that of GitHub Actions."""
    return context.repository.client.authenticated and context.repository.login() == ACTIONS


def workflows(context: Context) -> list[str]:
    """The files that `dispatch=` of the step names."""
    return [one.strip() for one in context.parameter("dispatch").split(",") if one.strip()]


def dispatch_call(context: Context, workflow: str) -> str:
    """The request that starts a workflow."""
    return request(context, "POST", f"actions/workflows/{quote(workflow)}/dispatches")


def not_started(context: Context, commit: str, ref: str) -> list[str]:
    """The workflows of `dispatch=` that do not run on a branch or tag at a commit, where nobody else starts them."""
    wanted = workflows(context) if is_actions(context) else []
    started = context.repository.ci.dispatched(commit, ref) if wanted else frozenset()
    return [one for one in wanted if one not in started]
