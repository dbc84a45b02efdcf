"""Questions that are answered by a letter or the beginning of a word, with help, as those of `git add --patch`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from fastrel.text.plain import plain_line
from fastrel_cli.streams.typeahead import discard_typed_ahead
from fastrel_cli.streams.wrap import echo_folded, folded_for


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer: the letter that is typed, the word that it begins or stands for, and what happens."""

    letter: str
    word: str
    help: str


YES = Way("y", "yes", "yes, do this")
NO = Way("n", "no", "no, and stop before this step")
SKIP = Way("s", "skip", "skip for now: this stays open, and the run goes on with what does not need it")
PHASE = Way("a", "all", "yes, also to the rest of this phase, except what becomes public")
RELEASE = Way("A", "everything", "yes, also to the rest of the release, except what becomes public")
QUIT = Way("q", "quit", "stop here; what is done stays done")
HELP = Way("?", "help", "show this help")


def ask(question: str, ways: Sequence[Way], *, default: Way | None = None, indent: str = "      ") -> Way:
    """The way that a person chooses. The question is asked again, with the help, until it is one of them."""
    ways = (*ways, HELP)
    words = f"{indent}{question} [{','.join(one.letter for one in ways)}]"
    words += f" (Enter: {default.letter})" if default else ""
    while True:
        found = _matching(_typed(words), ways, default)
        if len(found) == 1 and found[0] is not HELP:
            return found[0]
        if len(found) > 1:
            echo_folded(f"{indent}That may be {' or '.join(one.word for one in found)}; type more of it.", sys.stderr)
            continue
        for one in ways:
            echo_folded(f"{indent}{one.letter} - {one.help}", sys.stderr)


def confirmed(question: str, *, default: bool, indent: str = "") -> bool:
    """Yes or no."""
    no = Way("n", "no", "no")
    return ask(question, (Way("y", "yes", "yes"), no), default=YES if default else no, indent=indent).word == "yes"


def _typed(words: str) -> str:
    discard_typed_ahead()
    shown = folded_for(sys.stderr, words, room=1)
    return str(click.prompt(shown, default="", show_default=False, prompt_suffix=" ", err=True)).strip()


def _matching(typed: str, ways: Sequence[Way], default: Way | None) -> list[Way]:
    """Those that a text stands for: its letter, in its own case first, else the beginning of its word."""
    if not typed:
        return [default] if default else []
    exact = [one for one in ways if typed == one.letter]
    alike = [one for one in ways if typed.casefold() == one.letter]
    return exact or alike or [one for one in ways if one.word.startswith(typed.casefold())]


def pick(
    question: str,
    names: Sequence[Sequence[str]],
    *,
    default: int | None = None,
    skip: bool = False,
    other: Callable[[str], bool] = lambda typed: False,
) -> int | str | Way:
    """The index of one of several things that were listed with numbers: its number, or the beginning of one of its
    names; a text as it was typed, where `other` takes it; SKIP, where something may be left open, or QUIT."""
    ways = (*((SKIP,) if skip else ()), QUIT, HELP)
    words = f"{question} [{','.join(one.letter for one in ways)}]"
    words += f" (Enter: {default + 1})" if default is not None else ""
    while True:
        typed = _typed(words)
        if not typed and default is not None:
            return default
        found = _numbered(typed, names) or _named(typed, names, ways)
        if len(found) == 1 and found[0] != HELP:
            return found[0]
        if not found and other(typed):
            return typed
        _explain(typed, found, names, ways)


def _numbered(typed: str, names: Sequence[Sequence[str]]) -> list[int | Way]:
    return [int(typed) - 1] if typed.isdecimal() and 1 <= int(typed) <= len(names) else []


def _named(typed: str, names: Sequence[Sequence[str]], ways: Sequence[Way]) -> list[int | Way]:
    """What a text names; only its beginning, where that is not the whole of something."""
    if not typed:
        return []
    text = typed.casefold()
    whole: list[int | Way] = [n for n, known in enumerate(names) if text in (name.casefold() for name in known)]
    if whole:
        return whole
    begun: list[int | Way] = [
        n for n, known in enumerate(names) if any(name.casefold().startswith(text) for name in known)
    ]
    return [*begun, *(one for one in ways if text == one.letter or one.word.startswith(text))]


def _explain(typed: str, found: Sequence[int | Way], names: Sequence[Sequence[str]], ways: Sequence[Way]) -> None:
    if len(found) > 1:
        words = [one.word if isinstance(one, Way) else plain_line(names[one][0]) for one in found]
        echo_folded(f"    That may be {' or '.join(words)}; type more of it.", sys.stderr)
        return
    if typed and not found:
        echo_folded(f"    “{plain_line(typed)}” is not one of the choices.", sys.stderr)
    echo_folded(f"    1 to {len(names)}, or the beginning of its words - that one", sys.stderr)
    for one in ways:
        echo_folded(f"    {one.letter} - {one.help}", sys.stderr)
