"""The problems of a guide, by the linter and the available actions."""

from __future__ import annotations

from fastrel.guide.model import Guide, Problem


def problems_of(guide: Guide) -> tuple[Problem, ...]:
    """What `fastrel-checklist lint` reports of a guide's text."""
    # Imported here, since all actions are.
    from fastrel.actions.registry import parameters_of_actions, unusable
    from fastrel.guide.lint import lint

    return lint(guide, parameters_of_actions(), unusable())
