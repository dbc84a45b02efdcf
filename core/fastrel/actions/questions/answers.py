"""Answers given before a run, as `--answer STEP=VALUE`: their check, and the prompter that gives them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from fastrel.actions.action import YES
from fastrel.actions.questions.prompts import Brought, Option, Prompter, Question, Undecided
from fastrel.errors import UsageError
from fastrel.text.suggest import nearest

T = TypeVar("T")

DATE, TEXT = "YYYY-MM-DD", "TEXT"
"""Forms that an answer may have."""


def read_answers(given: Sequence[str]) -> dict[str, str]:
    """Value by step. UsageError for what is no answer, or two of them for one step."""
    found: dict[str, str] = {}
    for one in given:
        step, equals, value = one.partition("=")
        step, value = step.strip(), value.strip()
        if not (step and equals and value):
            raise UsageError(
                f"“{one}” is not a valid answer.",
                done="Nothing was changed.",
                next_step="Write it as `--answer STEP=VALUE`, such as `--answer milestone-issues=defer`.",
            )
        if found.get(step, value) != value:
            raise UsageError(
                f"There are two answers for step {step}: {found[step]} and {value}.",
                done="Nothing was changed.",
                next_step="Give one of them.",
            )
        found[step] = value
    return found


def require_answer(step: str, value: str, forms: Sequence[str]) -> None:
    """UsageError, naming what may be answered, when a value has none of the forms."""
    if any(_fits(value, form) for form in forms):
        return
    hint = nearest(value, forms)
    guess = f"Did you mean {hint}?" if hint else f"Give {_either(forms)}."
    raise UsageError(
        f"“{value}” is not a valid answer for step {step}; it takes {_either(forms)}.",
        done="Nothing was changed.",
        next_step=guess,
    )


class Answered:
    """The prompter of one step: gives its answer, and passes all other questions to another prompter."""

    def __init__(self, step: str, answers: Mapping[str, str], forms: Sequence[str], prompter: Prompter) -> None:
        self._step = step
        self._value = answers.get(step, "")
        self._forms = forms
        self._prompter = prompter

    def are_there(self) -> bool:
        return self._value == YES or self._prompter.are_there()

    def agree(self, question: Question) -> bool:
        return True if self._value == YES else self._otherwise(lambda: self._prompter.agree(question))

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        return self._of(options) or self._otherwise(lambda: self._prompter.choose(question, options))

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        value = self._of(options)
        if value:
            return [value] * len(subjects)
        return self._otherwise(lambda: self._prompter.choose_each(question, subjects, options))

    def answer(self, question: Question) -> str:
        head, colon, rest = self._value.partition(":")
        heads = {form.partition(":")[0] for form in self._forms if ":" in form}
        value = rest.strip() if colon and head.strip() in heads else self._value
        return value if value not in ("", YES) else self._otherwise(lambda: self._prompter.answer(question))

    def edit(self, question: Question, text: str) -> str:
        return text if self._value == YES else self._otherwise(lambda: self._prompter.edit(question, text))

    def brought(self, question: Question) -> Brought | None:
        return self._prompter.brought(question)

    def _of(self, options: Sequence[Option]) -> str:
        word = self._value.partition(":")[0].strip()
        return next((one.value for one in options if one.value in (self._value, word)), "")

    def _otherwise(self, ask: Callable[[], T]) -> T:
        """What the other prompter says; where it says nothing, its error names the answers that may be given."""
        try:
            return ask()
        except Undecided as error:
            if self._can_be_told(error):
                error.next_step = f"{error.next_step.rstrip('.')}, or give `--answer {self._step}={self._example}`."
            raise

    def _can_be_told(self, error: Undecided) -> bool:
        return error.by_answer and bool(self._forms) and "--answer" not in error.next_step

    @property
    def _example(self) -> str:
        form = self._forms[0]
        return shlex.quote(form) if ":" in form else form


def _fits(value: str, form: str) -> bool:
    """Whether a value has a form: the word itself, a date, any text, or a word with a text behind its colon."""
    if form == DATE:
        try:
            return bool(datetime.strptime(value, "%Y-%m-%d"))
        except ValueError:
            return False
    head, colon, _ = form.partition(":")
    if colon:
        return re.fullmatch(rf"{re.escape(head)}\s*:\s*\S.*", value, re.DOTALL) is not None
    return form in (TEXT, value)


def _either(forms: Sequence[str]) -> str:
    *first, last = forms
    return f"{', '.join(first)} or {last}" if first else last
