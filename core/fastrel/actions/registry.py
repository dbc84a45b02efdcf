"""Which actions there are: every `Action` in a module of this folder, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from inspect import isabstract
from types import MappingProxyType

import fastrel.actions
from fastrel.actions.action import Action
from fastrel.actions.by_hand import ByHand
from fastrel.actions.shell import Shell
from fastrel.errors import GuideError
from fastrel.guide.model import Step


@cache
def actions() -> Mapping[str, Action]:
    """All actions that a guide may use, by name."""
    for module in pkgutil.iter_modules(fastrel.actions.__path__):
        importlib.import_module(f"{fastrel.actions.__name__}.{module.name}")
    named = {kind.name: kind() for kind in _subclasses(Action) if not isabstract(kind) and kind.name}  # type: ignore[type-abstract]  # the root of all actions is abstract
    return MappingProxyType(dict(sorted(named.items())))


def parameters_of_actions() -> dict[str, frozenset[str]]:
    """What the linter needs: the names of the parameters of each action."""
    return {name: frozenset(action.parameters) for name, action in actions().items()}


def action_of(step: Step) -> Action:
    """The action of a step; a shell or a manual one when the step uses none. GuideError for an unknown name."""
    if not step.uses:
        return Shell() if step.script is not None or step.check else ByHand()
    found = actions().get(step.uses)
    if found is None:
        raise GuideError(
            f"Step {step.id} uses the unknown action {step.uses}.",
            done="Nothing was changed.",
            next_step="Type `fastrel-checklist lint` to see what is meant.",
        )
    return found


def _subclasses(kind: type[Action]) -> list[type[Action]]:
    return [one for child in kind.__subclasses__() for one in (child, *_subclasses(child))]
