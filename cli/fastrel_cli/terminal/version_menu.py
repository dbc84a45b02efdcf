"""The menu of versions that may be released next, with what was merged since the last release."""

from __future__ import annotations

import sys

import click

from fastrel.engine.next_versions import NextVersions
from fastrel.errors import WorkRemains
from fastrel.text.plain import plain_line
from fastrel_cli.command_hints import command_line
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.ask import pick

SHOWN = 8
"""How many pull requests are named."""
LONGEST = 68
"""Characters of a title that are shown."""


def chosen_version(found: NextVersions) -> str:
    """The version that a person chooses: one of the menu by number, word or version, or another one that is typed.
    WorkRemains when they choose none."""
    for line in menu_lines(found):
        echo_folded(line, sys.stderr)
    names = [(one.version, one.word) for one in found.candidates]
    default = next((n for n, one in enumerate(found.candidates) if one.version == found.proposed), None)
    default = None if found.in_progress else default  # a second release at the same time is chosen, not agreed to
    answer = pick("Which version?", names, default=default, other=lambda typed: typed.lstrip("v")[:1].isdigit())
    if isinstance(answer, int):
        return found.candidates[answer].version
    if isinstance(answer, str):
        return answer
    raise WorkRemains(
        "No release was opened.",
        done="Nothing was changed.",
        next_step=f"Type `{command_line('open', found.proposed)}`, or another version.",
    )


def menu_lines(found: NextVersions) -> list[str]:
    """What was merged, and the versions with their numbers."""
    since = f"since {plain_line(found.since)}" if found.since else "so far"
    lines = []
    if found.in_progress:
        lines.append(click.style(f"In progress: {', '.join(found.in_progress)}.", fg="yellow"))
    if found.merged is not None:
        count = len(found.merged)
        lines.append(f"{count} pull {'request was' if count == 1 else 'requests were'} merged {since}.")
        newest = list(reversed(found.merged))
        lines += [click.style(f"  #{one.number} {_short(one.title)}", dim=True) for one in newest[:SHOWN]]
        lines += [click.style(f"  … and {count - SHOWN} more", dim=True)] if count > SHOWN else []
    width = max((len(one.version) for one in found.candidates), default=0)
    for number, one in enumerate(found.candidates, start=1):
        milestone = ""
        if one.milestone:
            due = f", due on {one.milestone.due:%Y-%m-%d}" if one.milestone.due else ""
            milestone = f"  (milestone {plain_line(one.milestone.title)}{due})"
        lines.append(f"  {number}. {one.version:<{width}}  {one.word}{milestone}")
    return lines


def _short(title: str) -> str:
    words = plain_line(title)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
