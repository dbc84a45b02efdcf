"""Questions of actions to people, and the protocol of the prompters that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastrel.errors import WorkRemains


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: the value that the action gets and the words that a person reads."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can decide. `topic` names the kind of question, such as `open-issue`, so that an
    option on the command line or a rehearsal can answer it."""

    topic: str
    words: str
    subject: str = ""
    """What it is about, such as `#12`."""
    default: str = ""
    kept: Path | None = None
    """Where a text that a person types is kept at once, and is looked for when they are asked again."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A text from a file. It goes above what a program has generated, unless it is to take the place of all."""

    text: str
    replaces: bool = False


class Undecided(WorkRemains):
    """Raised when a decision is needed that nobody can make.

    `asks` is the question, and `by_answer` says whether an answer could be given before the run.
    """

    def __init__(
        self, problem: str, *, done: str = "", next_step: str = "", asks: str = "", by_answer: bool = False
    ) -> None:
        super().__init__(problem, done=done, next_step=next_step)
        self.asks = asks
        self.by_answer = by_answer


class PutOff(Undecided):
    """Raised when a person leaves a step open for now. The run goes on, also one of named steps."""

    def __init__(self, problem: str = "skipped for now.", *, next_step: str = "", asks: str = "") -> None:
        super().__init__(problem, next_step=next_step, asks=asks)


class Quit(WorkRemains):
    """Raised when a person ends the run at a question."""


class Prompter(Protocol):
    """Each method that asks raises Undecided when nobody can answer."""

    def are_there(self) -> bool:
        """Whether somebody can say yes to what only a person can judge."""
        ...

    def agree(self, question: Question) -> bool:
        """Yes or no on a matter of judgement."""
        ...

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        """The value of one of the options."""
        ...

    def choose_each(self, question: Question, subjects: Sequence[str], options: Sequence[Option]) -> list[str]:
        """The value of one of the options for each of several subjects, in their order."""
        ...

    def answer(self, question: Question) -> str:
        """Free text, such as a reason or a date; the default when the person just agrees."""
        ...

    def edit(self, question: Question, text: str) -> str:
        """A text as the person changed or confirmed it; the question's words name the text."""
        ...

    def brought(self, question: Question) -> Brought | None:
        """A text that was brought in a file for this question; None when there is none."""
        ...
