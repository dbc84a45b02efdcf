"""Problems of a guide beyond its form: unknown names, needs that cannot be met."""

from __future__ import annotations

from collections.abc import Mapping

from fastrel.guide.changelog_order import changelog_problems
from fastrel.guide.lines import split_lines
from fastrel.guide.model import EMPTY, Guide, Problem, Step
from fastrel.guide.outline import outline
from fastrel.guide.parser import blocks_of
from fastrel.guide.template import LITERAL, template_problems
from fastrel.release import release_of
from fastrel.text.suggest import nearest

HINTED = 20
"""For how many unknown steps a similar one is looked for, which takes long in a long guide."""
VALUES = frozenset(release_of("0.1.0", []).values(""))
"""The names that `{{ }}` may hold."""


def lint(
    guide: Guide, actions: Mapping[str, frozenset[str]], unusable: Mapping[str, str] = EMPTY
) -> tuple[Problem, ...]:
    """Everything that is wrong with a guide, by line. `actions` maps each action's name to its parameters' names,
    `unusable` those of other packages that cannot be loaded to the reason."""
    found = list(guide.problems)
    steps = list(guide.steps())
    if not steps:
        found.append(Problem(guide.path, 1, "the guide has no step", "add a list with `- [ ]` items"))
    for step in steps:
        broken = [name for name in step.actions if name in unusable]
        found += [Problem(guide.path, step.line, f"action {name} is unusable: {unusable[name]}") for name in broken]
        found += [] if broken else _action_problems(guide, step, actions)
    found += _needs_problems(guide, steps)
    found += _page_problems(guide)
    found += changelog_problems(guide)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.line))


def _action_problems(guide: Guide, step: Step, actions: Mapping[str, frozenset[str]]) -> list[Problem]:
    if not step.uses:
        return [
            Problem(guide.path, step.line, f"unknown attribute “{name}” of step {step.id}", _meant(name, _ATTRIBUTES))
            for name in step.params
        ]
    unknown = [name for name in step.uses.split(",") if name not in actions]
    if unknown:
        return [Problem(guide.path, step.line, f"unknown action “{name}”", _meant(name, actions)) for name in unknown]
    if len(set(step.actions)) < len(step.actions):
        return [Problem(guide.path, step.line, f"step {step.id} uses an action twice", "name it once")]
    known = frozenset[str]().union(*(actions[name] for name in step.actions))
    return [
        Problem(
            guide.path,
            step.line,
            f"action {step.uses} has no parameter “{name}”",
            _meant(name, known | frozenset(_ATTRIBUTES)),
        )
        for name in step.params
        if name not in known
    ]


_ATTRIBUTES = ("uses", "run", "check", "confirm", "role", "if", "needs")


def _meant(word: str, known: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> str:
    hint = nearest(word, known)
    return f"did you mean {hint}?" if hint else ""


def _needs_problems(guide: Guide, steps: list[Step]) -> list[Problem]:
    order = {step.id: position for position, step in enumerate(steps)}
    circles = _circles(steps)
    problems: list[Problem] = []
    unknown = 0
    for step in steps:
        for needed in step.needs:
            if needed not in order:
                unknown += 1
                hint = _meant(needed, tuple(order)) if unknown <= HINTED else ""
                problems.append(Problem(guide.path, step.line, f"step {step.id} needs unknown step “{needed}”", hint))
            elif needed == step.id:
                problems.append(Problem(guide.path, step.line, f"step {step.id} needs itself: a cycle", "remove it"))
            elif order[needed] > order[step.id]:
                circle = " (a cycle)" if circles.get(needed) == circles.get(step.id) else ""
                problems.append(
                    Problem(
                        guide.path,
                        step.line,
                        f"step {step.id} needs “{needed}”, which comes later{circle}",
                        f"move {needed} above it",
                    )
                )
    return problems


def _circles(steps: list[Step]) -> dict[str, int]:
    """A number for each step; steps that need each other have the same one (Tarjan's algorithm, without recursion)."""
    needs = {step.id: step.needs for step in steps}
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    circles: dict[str, int] = {}
    open_ones: list[str] = []
    for first in needs:
        walk = [] if first in numbers else [(first, iter(needs[first]))]
        while walk:
            one, left = walk[-1]
            if one not in numbers:
                numbers[one] = lowest[one] = len(numbers)
                open_ones.append(one)
            following = next((other for other in left if other in needs and other not in circles), None)
            if following is None:
                walk.pop()
                if walk:
                    around = walk[-1][0]
                    lowest[around] = min(lowest[around], lowest[one])
                if lowest[one] == numbers[one]:
                    while one not in circles:
                        circles[open_ones.pop()] = numbers[one]
            elif following in numbers:
                lowest[one] = min(lowest[one], numbers[following])
            else:
                walk.append((following, iter(needs[following])))
    return circles


def _page_problems(guide: Guide) -> list[Problem]:
    """What concerns lines rather than steps: `{{ }}` and `{% %}`."""
    lines = split_lines(guide.text)
    page = outline(guide.text)
    blocks, _ = blocks_of(page)
    problems: list[Problem] = []
    for block in blocks:
        text = "\n".join(lines[block.start : block.end])
        if guide.settings.placeholders == LITERAL:
            continue
        problems += [
            Problem(guide.path, block.start + line + 1, message) for line, message in template_problems(text, VALUES)
        ]
        for number, line in enumerate(lines[block.start : block.end], start=block.start + 1):
            if "%}" in line.partition("{%")[2]:
                problems.append(Problem(guide.path, number, "{% %} is not executed in a guide", "use {{ }} or if="))
    return problems
