"""Commands in a comment: its leading lines that begin with `/`. They are parsed and never given to a shell.

Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from fastrel.github.role import Role
from fastrel.tracker.escape import one_line, shorten

MOST = 10
"""Commands in one comment."""
_COMMAND = re.compile(r"/([a-z]+)(?:[ \t]+(.*))?\Z", re.IGNORECASE | re.DOTALL)
_LINE = re.compile(r"\r\n|\n|\r")
_OPTIONS = ("--rerun-failed", "--defer-open", "--close-open")
_WORDS = 1000
"""Characters of a note or a reason."""


class Verb(StrEnum):
    """What a command does."""

    RUN = "run"
    TICK = "tick"
    UNTICK = "untick"
    SKIP = "skip"
    STATUS = "status"
    HELP = "help"

    @property
    def role(self) -> Role:
        """What it needs at least; a step may need more."""
        return Role.READ if self in (Verb.STATUS, Verb.HELP) else Role.WRITE


@dataclass(frozen=True, slots=True)
class Command:
    """One command. With a `problem`, it cannot be executed as it is written."""

    verb: Verb
    line: str
    """As it was typed, on one line."""
    steps: tuple[str, ...] = ()
    words: str = ""
    """A note, or the reason for a skip."""
    options: tuple[str, ...] = ()
    version: str = ""
    problem: str = ""


def read_commands(text: str) -> tuple[Command, ...]:
    """The commands of a comment: its leading lines, blank ones left out, as far as they begin with one of our words.

    So nothing in a quotation, in code or further down is a command, and the words of other tools are none of ours.
    """
    found: list[Command] = []
    for line in _LINE.split(text):
        if not line.strip():
            if not found:
                break
            continue
        matched = _COMMAND.match(line)
        verb = next((one for one in Verb if matched and one.value == matched[1].lower()), None)
        if matched is None or verb is None:
            break
        found.append(_command(verb, line, matched[2] or ""))
        if len(found) > MOST:
            problem = f"A comment may hold {MOST} commands; this one has more, and none of them was executed."
            return (Command(found[0].verb, found[0].line, problem=problem),)
    return tuple(found)


def _command(verb: Verb, line: str, rest: str) -> Command:
    shown = shorten(one_line(line), 200)
    words = [one for one in map(one_line, rest.split()) if one]
    if verb is Verb.RUN:
        return _run(shown, words)
    if verb in (Verb.STATUS, Verb.HELP):
        return Command(verb, shown)
    if not words:
        return Command(verb, shown, problem=f"/{verb} needs the id of a step.")
    note = shorten(" ".join(words[1:]), _WORDS)
    if verb is Verb.SKIP and not note:
        return Command(verb, shown, problem="Skipping a step needs a reason: /skip STEP REASON")
    if verb is Verb.UNTICK and note:
        return Command(verb, shown, problem="/untick takes the id of one step and nothing else.")
    return Command(verb, shown, (_step(words[0]),), note)


def _run(shown: str, words: list[str]) -> Command:
    version = words.pop(0).removeprefix("v") if words and re.match(r"v?\d+\.", words[0]) else ""
    options = tuple(one for one in words if one.startswith("--"))
    steps = tuple(_step(one) for one in words if not one.startswith("--"))
    unknown = next((one for one in options if one not in _OPTIONS), "")
    problem = f"/run has no option {shorten(unknown, 40)}; it has {', '.join(_OPTIONS)}." if unknown else ""
    if {"--defer-open", "--close-open"} <= set(options):
        problem = "--defer-open and --close-open exclude each other."
    return Command(Verb.RUN, shown, tuple(dict.fromkeys(steps)), options=options, version=version, problem=problem)


def _step(word: str) -> str:
    return shorten(word.strip("`"), 100)
