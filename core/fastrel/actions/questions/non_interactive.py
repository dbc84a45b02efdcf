"""The prompter for runs without a person: gives what options decided, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fastrel.actions.questions.prompts import Brought, Option, Question, Undecided
from fastrel.errors import UsageError
from fastrel.text.plain import plain, plain_line

AT_HOME = "in a terminal, without --yes"
"""Where somebody could decide."""


class NonInteractive:
    """For `--yes` and without a terminal: decides only what options decided beforehand."""

    def __init__(
        self,
        decisions: Mapping[str, str],
        notes_file: Path | None = None,
        *,
        replaces: bool = False,
        where: str = AT_HOME,
    ) -> None:
        self._decisions = decisions
        self._notes_file = notes_file
        self._replaces = replaces
        self._where = where

    def are_there(self) -> bool:
        return False

    def agree(self, question: Question) -> bool:
        raise undecided(question, self._where)

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        decided = self._decisions.get(question.topic)
        if decided is None or decided not in {option.value for option in options}:
            raise undecided(question, self._where)
        return decided

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        return [self.choose(replace(question, subject=one), options) for one in subjects]

    def answer(self, question: Question) -> str:
        if question.default:
            return question.default
        raise undecided(question, self._where)

    def edit(self, question: Question, text: str) -> str:
        error = undecided(question, self._where, f"A person must read and confirm {question_words(question)}.")
        error.asks = f"read and confirm {question_words(question)}"
        raise error

    def brought(self, question: Question) -> Brought | None:
        return brought(self._notes_file, self._replaces)


def brought(file: Path | None, replaces: bool) -> Brought | None:
    """The text of a file that was named on the command line. UsageError when it is none."""
    return Brought(_text_of(file), replaces) if file else None


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        why = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"cannot be read ({error.strerror})"
        raise UsageError(f"{file} {why}.", done="The notes stay as they are.", next_step="Fix the file.") from None


def question_words(question: Question) -> str:
    subject = plain_line(question.subject).removesuffix(".")
    return f"{subject}: {plain(question.words)}" if subject else plain(question.words)


_WAYS = {"notes": ", or give --notes-file", "pull-label": ", or set the label on GitHub"}
"""Options that decide in a person's place, by the topic of the question."""


def undecided(question: Question, where: str = AT_HOME, problem: str = "") -> Undecided:
    way = _WAYS.get(question.topic, "")
    return Undecided(
        problem or f"A person must decide: {question_words(question)}",
        next_step=f"Run the step {where}{way}.",
        asks=question_words(question),
        by_answer=where == AT_HOME,
    )
