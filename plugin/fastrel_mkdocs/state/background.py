"""Reads the state of a guide while MkDocs reads its pages: the kept one where GitHub answers as at the last build, else
a new one, in a process of its own.

What is to be asked, the token with it, goes to the process by its standard input, and its answer comes by its standard
output. The process also looks for mistakes in the guide, for which all actions are loaded: it needs them anyway.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from fastrel.actions.guide_problems import problems_of
from fastrel.errors import FastrelError, NotAuthenticated, UsageError
from fastrel.github.transport.connection import Connection
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Guide, Problem
from fastrel.guide.parser import parse_guide
from fastrel.report.schema import json_time
from fastrel_mkdocs.state.cache import keep, read_kept
from fastrel_mkdocs.state.recheck import Witness, key_of, still_as

REQUESTS = ".requests"
"""Ending of the file that holds what the kept state was read from."""
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
    """A read of a guide's state that is in progress."""

    def __init__(self, guide: Guide, connection: Connection, file: Path) -> None:
        self._answer: Answer | None = None
        self._thread = Thread(target=self._ask, args=(guide, connection, file), daemon=True)
        self._thread.start()

    def answer(self) -> Answer | None:
        """The answer, waited for; None when the process failed."""
        self._thread.join()
        return self._answer

    def _ask(self, guide: Guide, connection: Connection, file: Path) -> None:
        self._answer = unchanged(guide, connection, file) or _ask_apart(guide, connection, file)


def unchanged(guide: Guide, connection: Connection, file: Path) -> Answer | None:
    """The kept state with the time of now, when GitHub answers as it did when that was read."""
    state, kept = read_kept(file), read_kept(file.with_suffix(REQUESTS))
    if not isinstance(state, dict) or not isinstance(kept, dict):
        return None
    try:
        at = still_as(kept, state, key_of(guide, connection), connection, datetime.now(UTC))
        mistakes = _mistakes(Fields.of(kept))
    except FastrelError:  # the files hold something else than what was written
        return None
    if at is None:
        return None
    state["at"] = json_time(at)
    return Answer(state, mistakes)


def _ask_apart(guide: Guide, connection: Connection, file: Path) -> Answer | None:
    question = {
        "path": guide.path,
        "text": guide.text,
        "version": guide.settings.version,
        "repository": guide.settings.repository,
        "api_url": connection.api_url,
        "token": connection.token,
        "file": str(file),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    said, _ = process.communicate(json.dumps(question).encode())
    try:
        return _read(Fields.of(json.loads(said)))
    except (ValueError, FastrelError):
        return None


def ask(guide: Guide, connection: Connection, file: Path) -> Answer:
    """The state from GitHub. What has not changed since the last build costs nothing of the rate limit."""
    from fastrel.engine.session import Session
    from fastrel.github.gateway import Repository
    from fastrel.github.transport.client import Client
    from fastrel.web.http import servers_asked

    mistakes = problems_of(guide)
    client, witness = Client(connection.api_url, connection.token, max_wait=MAX_WAIT), Witness()
    client.on_answer = witness.hear
    answers = file.with_suffix(".answers")
    client.keep_answers(read_kept(answers))
    repository, others = guide.settings.repository, servers_asked()
    session = Session(guide, Repository(client, repository))
    try:
        # The first request decides whether there is anybody to ask; without it every step would be `unknown`.
        session.repository.facts()
        state = session.snapshot()
    except FastrelError as error:
        return Answer({}, mistakes, error)
    keep(answers, client.kept_answers())
    evaluated = None if servers_asked() - others else witness.evaluated(key_of(guide, connection), state)
    keep(file.with_suffix(REQUESTS), {**(evaluated or {}), "mistakes": [asdict(mistake) for mistake in mistakes]})
    return Answer(state, mistakes)


def main() -> None:
    """The other process."""
    question = Fields.of(json.loads(sys.stdin.buffer.read()))
    guide = parse_guide(question.text("text"), question.text("path"))
    settings = replace(guide.settings, version=question.text("version"), repository=question.text("repository"))
    connection = Connection(question.text("api_url"), question.text("token") or None)
    answer = ask(replace(guide, settings=settings), connection, Path(question.text("file")))
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


def _mistakes(written: Fields) -> tuple[Problem, ...]:
    return tuple(
        Problem(one.text("path"), one.number("line"), one.text("message"), one.text("suggestion"))
        for one in written.items("mistakes")
    )


def _read(written: Fields) -> Answer:
    mistakes = _mistakes(written)
    error = written.sub("error")
    if not error.data:
        return Answer(dict(written.sub("state").data), mistakes)
    kind = KINDS.get(error.text("kind"), FastrelError)
    return Answer({}, mistakes, kind(error.text("problem"), next_step=error.text("next_step")))


if __name__ == "__main__":
    main()
