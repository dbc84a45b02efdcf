"""What the table and the plain lines of a report share: heading, signs, words of a tick, and the console."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

import click

from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status
from fastrel.text.plain import plain_line
from fastrel_cli.command_hints import command_line, with_given_options
from fastrel_cli.streams.hyperlinks import linked
from fastrel_cli.streams.verbosity import color_wanted

if TYPE_CHECKING:
    from rich.console import Console

SIGNS = {
    Status.DONE: ("✔", "green"),
    Status.TODO: ("○", "cyan"),
    Status.WAITING: ("…", "yellow"),
    Status.FAILED: ("✘", "red"),
    Status.MANUAL: ("?", "magenta"),
    Status.BLOCKED: ("·", "dim"),
    Status.SKIPPED: ("–", "dim"),
    Status.UNKNOWN: ("!", "red"),
}

COLOURS = {"dim": "bright_black"}
"""Click's words for those of rich."""
_LINK = re.compile(r"\[([^\[\]]*)\]\([^)\[]*\)")
_VERBATIM = re.compile(r"`+[^`]*`+|\{\{[^{}]*\}\}")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|[*_])(?=\S)([^*_]+)(?<=\S)\1(?!\w)")


def heading_lines(report: Report, stream: TextIO) -> list[str]:
    """Version, progress, milestone and tracker, to be written to a stream."""
    release = report.release
    kind = f"{release.kind} pre-release" if release.prerelease else release.kind.value
    kind += f" from {release.base[:7]}" if release.base else ""
    lines = [
        f"Release {release.version} ({kind}) of {report.repository}: {report.settled} of {len(report.steps)} steps"
    ]
    milestone = report.milestone
    if milestone:
        due = ""
        if milestone.due:
            due = f", due on {milestone.due:%Y-%m-%d}{' (overdue)' if milestone.overdue else ''}"
        counts = f"{milestone.open_issues} open, {milestone.closed_issues} closed"
        title = linked(f"Milestone {plain_line(milestone.title)}", milestone.url, stream)
        lines.append(f"{title}: {counts}{due}")
    if report.tracker:
        lines.append(
            f"Release issue #{report.tracker.number} ({report.tracker.state}): {plain_line(report.tracker.url)}"
        )
    elif report.given_up:
        lines.append(f"Given up, release issue #{report.given_up.number}: {plain_line(report.given_up.url)}")
        lines.append(f"To open it again: {command_line('open', release.version)}")
    else:
        lines.append(f"No release issue yet: {command_line('open', release.version)}")
    lines += [f"Warning: {with_given_options(plain_line(warning))}" for warning in report.warnings]
    return lines


def next_line(report: Report) -> str:
    """What comes next, and what to type for it; empty when nothing does."""
    one = report.next
    if one is None or report.given_up:
        return ""
    command = command_line("run" if report.tracker else "open", report.release.version)
    return f"Next: {one.step.id} ({one.status}, needs {one.step.role}). Type `{command}`."


def sign_of(status: Status) -> str:
    """The coloured sign of a status."""
    sign, colour = SIGNS[status]
    return click.style(sign, fg=COLOURS.get(colour, colour))


def ticked_words(one: StepReport) -> str:
    """Who ticked or skipped the step and when."""
    if one.tick is None:
        return ""
    words = f"{'skipped' if one.tick.skipped else 'ticked'} by {plain_line(one.tick.by) or 'hand'}"
    if one.tick.at:
        words += f", {one.tick.at:%Y-%m-%d %H:%M} UTC"
    return f"{words}, unverified" if one.unverified else words


def nested_id(one: StepReport) -> str:
    """The id of a step, set in as deep as the step is nested."""
    return f"{'  ' * one.step.depth}{one.step.id}"


def summary_words(one: StepReport) -> str:
    """What the check found; with the title before it, where the id is made of a script that it cannot hold."""
    summary = plain_line(one.verdict.summary)
    letters = [letter for letter in one.title if letter.isalpha()]
    unread = 2 * sum(letter.isascii() for letter in letters) < len(letters)
    return f"{title_words(one.title)}: {summary}" if unread else summary


def title_words(title: str) -> str:
    """A step's title without Markdown's marks. In code and in `{{ }}` nothing is a mark."""
    text = _LINK.sub(r"\1", title.replace("\0", ""))
    kept = [one.strip("`") for one in _VERBATIM.findall(text)]
    pieces = _EMPHASIS.sub(r"\2", _VERBATIM.sub("\0", text)).split("\0")
    return plain_line("".join(word for pair in zip(pieces, [*kept, ""], strict=True) for word in pair))


def console(*, stderr: bool = False) -> Console:
    """A console that respects NO_COLOR and pipes."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False, no_color=color_wanted() is False)
