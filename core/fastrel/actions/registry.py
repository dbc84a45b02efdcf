"""The available actions: those of this folder and its rooms, and those of other packages.

A package offers an action by an entry point in the group `fastrel.actions`, whose name is the action's name. What is
wrong with such a package is told where a guide uses its action, and nowhere else.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from types import MappingProxyType

import fastrel.actions
from fastrel.actions.action import Action
from fastrel.actions.in_order import InOrder
from fastrel.actions.manual import Manual
from fastrel.actions.proposed import Proposed
from fastrel.actions.shell import Shell
from fastrel.actions.third_party import Guarded
from fastrel.errors import GuideError
from fastrel.guide.model import Step

GROUP = "fastrel.actions"


@cache
def own_actions() -> Mapping[str, Action]:
    """The actions that come with this package, by name."""
    ours = f"{fastrel.actions.__name__}."
    for module in pkgutil.walk_packages(fastrel.actions.__path__, ours):
        importlib.import_module(module.name)
    found = [kind for kind in _subclasses(Action) if kind.__module__.startswith(ours) and kind is not Guarded]  # type: ignore[type-abstract]  # the root of all actions is abstract
    named = {kind.name: kind() for kind in found if not isabstract(kind) and kind.name}
    return MappingProxyType(dict(sorted(named.items())))


def actions() -> Mapping[str, Action]:
    """All actions that a guide may use, by name."""
    return {**own_actions(), **_others()[0]}


def unusable() -> Mapping[str, str]:
    """Actions of other packages that cannot be used, by name, with the reason."""
    return _others()[1]


def parameters_of_actions() -> dict[str, frozenset[str]]:
    """What the linter needs: the names of the parameters of each action."""
    return {name: frozenset(action.parameters) for name, action in actions().items()}


def action_of(step: Step) -> Action:
    """The action of a step; a shell or a manual one when the step uses none. GuideError for an unknown name."""
    return Proposed(_action_of(step)) if step.proposed and step.uses else _action_of(step)


def _action_of(step: Step) -> Action:
    if not step.uses:
        return Shell() if step.script is not None or step.check else Manual()
    if len(step.actions) > 1:
        return InOrder([_action_of(one) for one in parts_of(step)], parts_of(step))
    found = own_actions().get(step.uses) or actions().get(step.uses)
    if found is not None:
        return found
    if step.uses in unusable():
        raise GuideError(
            f"Step {step.id} cannot use the action {step.uses}: {unusable()[step.uses]}.",
            done="Nothing was changed.",
            next_step="Update or reinstall that package.",
        )
    raise GuideError(
        f"Step {step.id} uses the unknown action {step.uses}.",
        done="Nothing was changed.",
        next_step="Type `fastrel-checklist lint` to see what is meant.",
    )


def parts_of(step: Step) -> tuple[Step, ...]:
    """The step for each of its actions, as if it used no other."""
    return tuple(replace(step, uses=name) for name in step.actions) or (step,)


@cache
def _others() -> tuple[Mapping[str, Action], Mapping[str, str]]:
    """The actions of other packages, and why some are unusable; an action never takes the place of another."""
    usable: dict[str, Action] = {}
    wrong: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        package = point.dist.name if point.dist else point.module
        if point.name in own_actions():
            continue
        if point.name in usable or point.name in wrong:
            usable.pop(point.name, None)
            wrong[point.name] = f"several packages offer it, {package} among them"
            continue
        kind, reason = _loaded(point)
        if kind:
            usable[point.name] = Guarded(kind, package)
        else:
            wrong[point.name] = f"{reason} (package {package})"
    return MappingProxyType(usable), MappingProxyType(wrong)


def _loaded(point: EntryPoint) -> tuple[Action | None, str]:
    try:
        kind = point.load()
    except (Exception, SystemExit) as error:  # whatever a foreign module does when it is imported
        return None, f"{point.value} cannot be imported: {type(error).__name__}: {error}"
    if not (isinstance(kind, type) and issubclass(kind, Action)) or isabstract(kind):
        return None, f"{point.value} is not an action with a check"
    if getattr(kind, "name", "") != point.name:
        return None, f"{point.value} calls itself “{getattr(kind, 'name', '')}”"
    return kind(), ""


def _subclasses(kind: type[Action]) -> list[type[Action]]:
    return [one for child in kind.__subclasses__() for one in (child, *_subclasses(child))]
