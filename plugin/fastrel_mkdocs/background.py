"""Asking GitHub in a process of its own, so that MkDocs reads its pages meanwhile.

What is to be asked, the token with it, goes to the process by its standard input, and its answer comes by its standard
output. The process also looks for mistakes in the guide, for which all actions are loaded: it needs them anyway.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fastrel.errors import FastrelError, NotAuthenticated, UsageError
from fastrel.github.connection import Connection
from fastrel.github.fields import Fields
from fastrel.guide.model import Guide, Problem
from fastrel.guide.parser import parse_guide
from fastrel_mkdocs.cache import keep, read_kept

MAX_WAIT = 5
"""Seconds for which a build waits for a rate limit."""
KINDS: dict[str, type[FastrelError]] = {"token": NotAuthenticated, "use": UsageError, "other": FastrelError}
"""The kinds of errors between which a build distinguishes, as they are called between the processes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The state of a guide, as a snapshot has it, or why there is none; and what is wrong in the guide itself."""

    state: dict[str, object]
    mistakes: tuple[Problem, ...]
    error: FastrelError | None = None


class Asking:
    """A question that is under way."""

    def __init__(self, guide: Guide, repository: str, connection: Connection, answers: Path) -> None:
        question = {
            "path": guide.path,
            "text": guide.text,
            "version": guide.settings.version,
            "repository": repository,
            "api_url": connection.api_url,
            "token": connection.token,
            "answers": str(answers),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdin is not None, "asked for"
        with suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(json.dumps(question).encode())

    def answer(self) -> Answer | None:
        """The answer, waited for; None when the process failed."""
        assert self._process.stdout is not None, "asked for"
        with self._process.stdout as stdout:
            said = stdout.read()
        self._process.wait()
        try:
            return _read(Fields.of(json.loads(said)))
        except (ValueError, FastrelError):
            return None


def ask(guide: Guide, repository: str, connection: Connection, answers: Path) -> Answer:
    """The state from GitHub. What has not changed since the last build costs nothing of the rate limit."""
    from fastrel.engine.session import Session
    from fastrel.github.client import Client
    from fastrel.github.gateway import Repository

    mistakes = mistakes_in(guide)
    client = Client(connection.api_url, connection.token, max_wait=MAX_WAIT)
    client.keep_answers(read_kept(answers))
    session = Session(guide, Repository(client, repository))
    try:
        # The first request decides whether there is anybody to ask; without it every step would be `unknown`.
        session.repository.facts()
        state = session.snapshot()
    except FastrelError as error:
        return Answer({}, mistakes, error)
    keep(answers, client.kept_answers())
    return Answer(state, mistakes)


def mistakes_in(guide: Guide) -> tuple[Problem, ...]:
    """What `fastrel-checklist lint` reports of a guide."""
    from fastrel.actions.registry import parameters_of_actions, unusable
    from fastrel.guide.lint import lint

    return lint(guide, parameters_of_actions(), unusable())


def main() -> None:
    """The other process."""
    question = Fields.of(json.loads(sys.stdin.buffer.read()))
    guide = parse_guide(question.text("text"), question.text("path"))
    guide = replace(guide, settings=replace(guide.settings, version=question.text("version")))
    connection = Connection(question.text("api_url"), question.text("token") or None)
    answer = ask(guide, question.text("repository"), connection, Path(question.text("answers")))
    sys.stdout.write(json.dumps(_written(answer)))


def _written(answer: Answer) -> dict[str, object]:
    written: dict[str, object] = {
        "state": answer.state,
        "mistakes": [asdict(mistake) for mistake in answer.mistakes],
    }
    if answer.error:
        kind = next(name for name, one in KINDS.items() if isinstance(answer.error, one))
        written["error"] = {"problem": answer.error.problem, "next_step": answer.error.next_step, "kind": kind}
    return written


def _read(written: Fields) -> Answer:
    mistakes = tuple(
        Problem(one.text("path"), one.number("line"), one.text("message"), one.text("suggestion"))
        for one in written.items("mistakes")
    )
    error = written.sub("error")
    if not error.data:
        return Answer(dict(written.sub("state").data), mistakes)
    kind = KINDS.get(error.text("kind"), FastrelError)
    return Answer({}, mistakes, kind(error.text("problem"), next_step=error.text("next_step")))


if __name__ == "__main__":
    main()
