"""Prompters: interactive, scripted, predecided."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import click

from fastrel.actions.questions.edited_text import edited_earlier
from fastrel.actions.questions.non_interactive import brought, question_words, undecided
from fastrel.actions.questions.prompts import Brought, Option, Prompter, PutOff, Question, Quit, Undecided
from fastrel.text.kept_text import keep_edit
from fastrel.text.plain import plain, plain_line
from fastrel_cli.streams.typeahead import discard_typed_ahead
from fastrel_cli.streams.wrap import echo_folded, folded_for
from fastrel_cli.terminal.ask import HELP, QUIT, SKIP, Way, ask, confirmed, pick
from fastrel_cli.terminal.decision_list import decision_list, read_decisions

JUDGED = (Way("y", "yes", "yes, it is"), Way("n", "no", "no: the step stays open"), SKIP, QUIT)
"""What only a person can judge."""
READ = (
    Way("y", "yes", "yes, take them as they are"),
    Way("e", "edit", "edit them"),
    Way("n", "no", "no: the step stays open"),
    SKIP,
    QUIT,
)
"""A text that a person reads."""
SHOWN = 20
"""How many subjects are listed before they are decided about."""


class Interactive:
    """Asks on the terminal."""

    def __init__(self, notes_file: Path | None = None, *, replaces: bool = False) -> None:
        self._notes_file = notes_file
        self._replaces = replaces

    def are_there(self) -> bool:
        return True

    def agree(self, question: Question) -> bool:
        return _settled(ask(question_words(question), JUDGED, default=JUDGED[1]), question) is JUDGED[0]

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        if not options:
            raise undecided(question)
        echo_folded(f"  {question_words(question)}", sys.stderr)
        for number, option in enumerate(options, start=1):
            name = "" if option.words.startswith(option.value) else f"{option.value}: "
            echo_folded(f"    {number}. {plain_line(f'{name}{option.words}')}", sys.stderr)
        default = next((n for n, one in enumerate(options) if one.value == question.default), None)
        names = [(one.value, plain_line(one.words)) for one in options]
        found = pick("    Number or word", names, default=default, skip=True)
        if isinstance(found, int):
            return options[found].value
        assert isinstance(found, Way), "no other text is taken"
        return _settled(found, question).word

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        if len(subjects) < 2:
            return [self.choose(replace(question, subject=one), options) for one in subjects]
        echo_folded(f"  {plain_line(question.subject)}: {len(subjects)} are open.", sys.stderr)
        for subject in subjects[:SHOWN]:
            echo_folded(f"    {plain_line(subject)}", sys.stderr)
        if len(subjects) > SHOWN:
            click.echo(f"    … and {len(subjects) - SHOWN} more", err=True)
        ways = [Option("each", "decide one by one"), Option("list", "write it down in the editor")]
        ways += [Option(one.value, f"all of them: {one.words}") for one in options]
        way = self.choose(replace(question, words="how do you want to decide?", default="each"), ways)
        if way == "each":
            click.echo("  Nothing is changed before the last answer.", err=True)
            return [self.choose(replace(question, subject=one), options) for one in subjects]
        return self._by_list(question, subjects, options) if way == "list" else [way] * len(subjects)

    def _by_list(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        subjects = [plain_line(one) for one in subjects]
        text = decision_list(question_words(question), subjects, options, question.default or options[0].value)
        while True:
            edited = click.edit(text, extension=".txt")
            # Some editors write nothing when nothing was changed, so not saving may mean both.
            if edited is None and not confirmed(
                "The list was not saved. Take it as it is?", default=False, indent="  "
            ):
                raise Undecided("The list was not saved: nothing is decided.", next_step="Run the step again.")
            if edited is not None and not edited.strip():
                raise Undecided("The list is empty: nothing is decided.", next_step="Run the step again.")
            read = read_decisions(text if edited is None else edited, subjects, options)
            if isinstance(read, list):
                return read
            text = decision_list(
                question_words(question), subjects, options, question.default or options[0].value, read
            )

    def answer(self, question: Question) -> str:
        words = folded_for(sys.stderr, f"  {question_words(question)}", room=len(f" [{question.default}]: "))
        while True:
            discard_typed_ahead()
            typed = str(click.prompt(words, default=question.default or None, err=True)).strip()
            way = next((one for one in (SKIP, QUIT, HELP) if typed == one.letter), None)
            if way is None:
                return typed
            if way is not HELP:
                _settled(way, question)
            for one in (SKIP, QUIT, HELP):
                echo_folded(f"  {one.letter} - {one.help}", sys.stderr)

    def edit(self, question: Question, text: str) -> str:
        earlier = edited_earlier(question, text)
        if earlier is not None and earlier != text:
            click.echo(f"  A text that you have typed was not saved: {plain_line(str(question.kept))}", err=True)
            if confirmed("Go on with it?", default=True, indent="  "):
                text = earlier
        echo_folded(f"  Read {question_words(question)}:\n", sys.stderr)
        echo_folded("\n".join(f"    {line}".rstrip() for line in plain(text).splitlines()), sys.stderr)
        click.echo(err=True)
        while True:
            way = _settled(ask("Are they right?", READ, default=READ[0], indent="  "), question)
            if way is READ[0]:
                return text
            if way is READ[2]:
                raise Undecided("The notes are not confirmed.", next_step="Run the step again when they are.")
            if edited := click.edit(text, extension=".md"):
                if question.kept:
                    _keep(question.kept, text, edited)
                return edited

    def brought(self, question: Question) -> Brought | None:
        return brought(self._notes_file, self._replaces)


def _keep(file: Path, before: str, edited: str) -> None:
    try:
        keep_edit(file, before, edited)
    except OSError as error:
        click.echo(f"  warning: your text cannot be kept in {file}: {error.strerror}", err=True)


def _settled(way: Way, question: Question) -> Way:
    """The way itself, unless it leaves the question open or ends the run."""
    if way is SKIP:
        raise PutOff(asks=question_words(question))
    if way is QUIT:
        raise Quit("Stopped.")
    return way


class Predecided:
    """What options decided beforehand is not asked; everything else is."""

    def __init__(self, decisions: Mapping[str, str], prompter: Prompter) -> None:
        self._decisions = decisions
        self._people = prompter

    def are_there(self) -> bool:
        return self._people.are_there()

    def agree(self, question: Question) -> bool:
        return self._people.agree(question)

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        decided = self._decisions.get(question.topic)
        if decided in {option.value for option in options}:
            return decided or ""
        return self._people.choose(question, options)

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        decided = self._decisions.get(question.topic)
        if decided in {option.value for option in options}:
            return [decided or ""] * len(subjects)
        return self._people.choose_each(question, subjects, options)

    def answer(self, question: Question) -> str:
        return self._people.answer(question)

    def edit(self, question: Question, text: str) -> str:
        return self._people.edit(question, text)

    def brought(self, question: Question) -> Brought | None:
        return self._people.brought(question)


class ScriptedAnswers:
    """Answers in people's place, and says each time that it does."""

    REASON = "they are known and have a workaround"
    CHOICES: ClassVar = {"open-bugs": "ship", "pull-label": "enhancement"}
    """What it answers to questions that have no default, by their topic."""
    NOTE = "This release was rehearsed: nothing public happened.\n\n"

    def are_there(self) -> bool:
        return True

    def agree(self, question: Question) -> bool:
        return bool(self._says(question, "yes"))

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        wanted = question.default or self.CHOICES.get(question.topic, "")
        option = next((one for one in options if one.value == wanted), options[0])
        self._says(question, option.words)
        return option.value

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        return [self.choose(replace(question, subject=one), options) for one in subjects]

    def answer(self, question: Question) -> str:
        return self._says(question, question.default or self.REASON)

    def edit(self, question: Question, text: str) -> str:
        self._says(replace(question, words=f"Edit {question.words}?"), "a sentence is added on top")
        return text if text.startswith(self.NOTE) else self.NOTE + text

    def brought(self, question: Question) -> Brought | None:
        return None

    def _says(self, question: Question, answer: str) -> str:
        told = click.style(f"[the rehearsal answers: {answer}]", fg="magenta")
        echo_folded(f"    {question_words(question)} {told}", sys.stderr)
        return answer
