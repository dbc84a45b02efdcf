"""The people of a run: somebody at a terminal, nobody, or a rehearsal that answers in their place."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import click

from fastrel.actions.edited_text import edited_earlier
from fastrel.actions.non_interactive import brought, question_words, undecided
from fastrel.actions.prompts import Brought, Option, Prompter, Question, Undecided
from fastrel.text.kept_text import keep_edit
from fastrel.text.plain import plain, plain_line
from fastrel_cli.terminal.decision_list import decision_list, read_decisions
from fastrel_cli.terminal.numbered_choice import pick
from fastrel_cli.terminal.typeahead import discard_typed_ahead
from fastrel_cli.terminal.wrap import echo_folded, folded_for

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
        return _confirm(
            folded_for(sys.stderr, f"      {question_words(question)}", room=len(" [y/N]: ")), default=False
        )

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        if not options:
            raise undecided(question)
        discard_typed_ahead()
        echo_folded(f"  {question_words(question)}", sys.stderr)
        for number, option in enumerate(options, start=1):
            echo_folded(f"    {number}. {plain_line(option.words)}", sys.stderr)
        default = next((n for n, one in enumerate(options) if one.value == question.default), None)
        named = all(one.words.startswith(one.value) for one in options)
        names = [(one.value, plain_line(one.words)) for one in options]
        number = pick(f"    {'Number or name' if named else 'Number or words'}", names, default=default)
        return options[number].value

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
        way = self.choose(replace(question, words="How do you want to decide?", default="each"), ways)
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
            if edited is None and not _confirm("  The list was not saved. Take it as it is?", default=False):
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
        discard_typed_ahead()
        words = folded_for(sys.stderr, f"  {question_words(question)}", room=len(f" [{question.default}]: "))
        return str(click.prompt(words, default=question.default or None, err=True))

    def edit(self, question: Question, text: str) -> str:
        earlier = edited_earlier(question, text)
        if earlier is not None and earlier != text:
            click.echo(f"  A text that you have typed was not saved: {plain_line(str(question.kept))}", err=True)
            if _confirm("  Go on with it?", default=True):
                text = earlier
        echo_folded(f"  Read {question_words(question)}:\n", sys.stderr)
        echo_folded("\n".join(f"    {line}".rstrip() for line in plain(text).splitlines()), sys.stderr)
        if _confirm("\n  Edit them?", default=False) and (edited := click.edit(text, extension=".md")):
            if question.kept:
                _keep(question.kept, text, edited)
            return edited
        if _confirm("  Are they right as they are?", default=True):
            return text
        raise Undecided("The notes are not confirmed.", next_step="Run the step again when they are.")

    def brought(self, question: Question) -> Brought | None:
        return brought(self._notes_file, self._replaces)


def _keep(file: Path, before: str, edited: str) -> None:
    try:
        keep_edit(file, before, edited)
    except OSError as error:
        click.echo(f"  warning: your text cannot be kept in {file}: {error.strerror}", err=True)


def _confirm(words: str, *, default: bool) -> bool:
    discard_typed_ahead()
    return click.confirm(words, default=default, err=True)


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
