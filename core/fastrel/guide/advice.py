"""Warnings about what is valid in a guide, but will stop a release unless a person helps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastrel.guide.changelog_order import uncommitted_changelog
from fastrel.guide.model import Guide, Problem, Step
from fastrel.guide.outline import Node, outline

COMMIT = "uses=version.commit"
_NEARLY = re.compile(
    r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[\](?!\()|\[[ xX]\](?=[^\s(:\[])|\[\u00a0\]|\[[ xX]\]\u00a0)"
    r"|[-*+]\[[ xX]?\](?!\())"
)
"""What looks like a box and is none for GitHub."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """An action that needs another one, before it or after it."""

    action: str
    needs: tuple[str, ...]
    """Any of these."""
    why: str
    before: bool = True
    by_hand: str = ""
    """A command by which a script or a person may do the other half."""


_RELEASE = ("release.draft",)
PAIRS = (
    _Pair(
        "version.commit",
        ("version.set", "changelog.release"),
        "commits the version that no step before it sets",
        by_hand="{{ version }}",
    ),
    _Pair("version.commit-next", ("version.next",), "commits the next version that no step before it sets"),
    _Pair("version.next", ("version.commit-next",), "sets the next version that no step after it commits", False),
    _Pair("tag.push", ("tag.create",), "pushes the tag that no step before it makes", by_hand="git tag"),
    *(
        _Pair(f"release.{name}", _RELEASE, "works on the release that no step before it drafts", by_hand="gh release")
        for name in ("notes", "edit", "discussion", "assets", "publish")
    ),
    _Pair(
        "release.draft", ("release.publish",), "drafts the release that no step after it publishes", False, "gh release"
    ),
    _Pair(
        "discussion.announce",
        ("release.discussion",),
        "comments on the release's discussion, which no step before it starts",
    ),
)
"""Halves of which a guide may have only one. A script or a person may do the other."""


def advice(guide: Guide) -> tuple[Problem, ...]:
    """Steps that rely on what no step does, by line."""
    found = [
        *uncommitted(guide),
        *uncommitted_changelog(guide),
        *_halves(guide),
        *_proposed(guide),
        *_nested(guide),
        *nearly_boxes(guide.text, guide.path),
    ]
    return tuple(sorted(found, key=lambda one: one.line))


def uncommitted(guide: Guide) -> list[Problem]:
    """Steps that tag a version which no step commits."""
    if not guide.settings.version_files:
        return []
    found: list[Problem] = []
    setting: Step | None = None
    for step in guide.steps():
        if "version.set" in step.actions:
            setting = step
        if "version.commit" in step.actions or "git commit" in (step.script or ""):
            setting = None
        elif "tag.create" in step.actions and setting is not None:
            message = (
                f"step {step.id} tags the commit that carries the version, and no step between {setting.id} and it "
                "makes one"
            )
            found.append(Problem(guide.path, step.line, message, f"give the step that commits {COMMIT}"))
    return found


def _halves(guide: Guide) -> list[Problem]:
    """Actions without the one that belongs to them."""
    steps = [(step, action) for step in guide.steps() for action in step.actions]
    names = [action for _, action in steps]
    found = []
    for place, (step, action) in enumerate(steps):
        for pair in PAIRS:
            others = names[:place] if pair.before else names[place + 1 :]
            if pair.action != action or set(pair.needs) & set(others) or _is_done_by_hand(guide, step, pair):
                continue
            where = "before" if pair.before else "after"
            hint = f"add a step {where} it with uses={pair.needs[0]}"
            found.append(Problem(guide.path, step.line, f"step {step.id} {pair.why}", hint))
    return found


def _is_done_by_hand(guide: Guide, step: Step, pair: _Pair) -> bool:
    """Whether the command of the other half stands in a step of its own."""
    others = [one for one in guide.steps() if one.id != step.id and not one.uses]
    return bool(pair.by_hand) and any(pair.by_hand in (one.script or one.details) for one in others)


def _proposed(guide: Guide) -> list[Problem]:
    """That nobody has confirmed actions which `init` has proposed; once a page."""
    steps = [step for step in guide.steps() if step.proposed]
    if not steps:
        return []
    named = f"the actions of {len(steps)} steps" if len(steps) > 1 else f"the action of step {steps[0].id}"
    message = f"{named} were proposed by init, and nobody has confirmed them: such a step asks before it does anything"
    return [Problem(guide.path, steps[0].line, message, "remove the word “proposed” where the action is right")]


def _nested(guide: Guide) -> list[Problem]:
    """That some other programs flatten lists nested by fewer than four spaces; once a page."""
    lines = {step.line - 1 for step in guide.steps()}
    for item in outline(guide.text).items:
        columns = item.indent - item.parent.indent if item.parent else 0
        if item.start in lines and item.parent and item.parent.start != item.start and 0 < columns < 4:
            message = f"nested by {columns} spaces, which some programs other than GitHub and the docs site flatten"
            return [Problem(guide.path, item.start + 1, message, "four spaces are read alike everywhere")]
    return []


def nearly_boxes(text: str, path: str) -> list[Problem]:
    """Items with what looks like a box and is none: `- []`, `-[ ]`, `- [ ]x`, a non-breaking space."""
    page = outline(text)
    code = {
        line for node in _all(page.tree) if node.kind in ("fence", "code_block") for line in range(node.start, node.end)
    }
    message = "this looks like a box, but GitHub shows it as text"
    return [
        Problem(path, number + 1, message, "write `- [ ] ` and then the text")
        for number, line in enumerate(page.lines)
        if number not in code and _NEARLY.match(line)
    ]


def _all(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.children)
