"""Messages about a guide that differs from the one that the tracker names."""

from __future__ import annotations

import shlex

from fastrel.guide.changes import UNCOMMITTED, Change, Difference, GuideNews, How
from fastrel.text.plain import named, plain

SIGNS = {How.ADDED: "+", How.REMOVED: "-", How.CHANGED: "~"}
SHOWN = 30
"""How many steps are named."""
WIDTH = 90
"""Characters of an old or new text that are shown."""


def announcement_lines(news: GuideNews) -> list[str]:
    """Which steps were added, removed and changed, and in what."""
    lines = [UNCOMMITTED] if news.uncommitted else []
    if news.problem:
        lines.append(news.problem)
    if news.problem and not news.changes:
        lines.append("What has changed since is not known, so all commands of the guide count as new.")
    if news.changes:
        commit = (
            f"commit {news.recorded[:7]}, which the release issue records"
            if news.to_agree
            else "the release issue's commit"
        )
        lines.append(f"The guide {news.path} has changed since {commit}:")
    elif not news.problem and not news.uncommitted and not news.commands:
        lines.append(f"The text around the steps of {news.path} has changed since commit {news.recorded[:7]}.")
    for change in news.changes[:SHOWN]:
        lines += _change_lines(change)
    if len(news.changes) > SHOWN:
        lines.append(f"  … and {len(news.changes) - SHOWN} more")
    lines += _command_lines(news)
    if news.changes and news.current:
        lines.append(f"To see the full diff: `git diff {news.recorded[:7]} -- {shlex.quote(news.path)}`")
    return [f"Warning: {plain(lines[0])}", *(plain(line) for line in lines[1:])]


def _command_lines(news: GuideNews) -> list[str]:
    """The commands that are to be agreed to, each in full."""
    if not news.commands:
        return []
    lines = ["Commands that the release branch does not have, and that nobody on this machine has agreed to:"]
    for one in news.commands:
        first, *more = named(one.text.strip("\n")).split("\n")
        lines += [f"  {one.step_id}, {one.part}: {first}", *(f"      {line}" for line in more)]
    return lines


def _change_lines(change: Change) -> list[str]:
    name = f"{change.step_id}: {change.title}" if change.step_id else "the guide itself"
    lines = [f"  {SIGNS[change.how]} {_short(name)}"]
    # The text of a new step stands in its first line already.
    shown = [one for one in change.parts if change.how is How.CHANGED or one.part != "text"]
    return lines + [f"      {one.part}: {_words(one)}" for one in shown]


def _words(one: Difference) -> str:
    old, new = " ".join(named(one.old).split()), " ".join(named(one.new).split())
    # What differs must not be in the part that is cut off.
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    if old and same > WIDTH // 2:
        old, new = f"…{old[same - 20 :]}", f"…{new[same - 20 :]}"
    if not old:
        return _short(new) or "other spaces"
    if old == new:
        return f"{_short(new)} (other spaces)"
    return f"{_short(old)} → {_short(new) or ('nothing' if one.gone else 'an empty line')}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
