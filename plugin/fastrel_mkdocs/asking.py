"""Asking GitHub in a process of its own, so that MkDocs reads its pages meanwhile.

What is to be asked, the token with it, goes to the process by its standard input, and its answer comes by its standard
output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fastrel.connection import Connection
from fastrel.errors import FastrelError, NotAuthenticated
from fastrel.guide.model import Guide
from fastrel.guide.parser import parse_guide
from fastrel.repository.fields import Fields


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

    def answer(self) -> dict[str, object] | None:
        """The state, waited for. FastrelError when GitHub could not be asked; None when the process failed."""
        assert self._process.stdout is not None, "asked for"
        with self._process.stdout as stdout:
            said = stdout.read()
        self._process.wait()
        try:
            found = Fields.of(json.loads(said))
        except (ValueError, FastrelError):
            return None
        if "problem" not in found.data:
            return dict(found.sub("state").data) or None
        kind = NotAuthenticated if found.flag("not_authenticated") else FastrelError
        raise kind(found.text("problem"), next_step=found.text("next_step"))


def main() -> None:
    """The other process."""
    from fastrel_mkdocs.state import ask

    question = Fields.of(json.loads(sys.stdin.buffer.read()))
    guide = parse_guide(question.text("text"), question.text("path"))
    guide = replace(guide, settings=replace(guide.settings, version=question.text("version")))
    connection = Connection(question.text("api_url"), question.text("token") or None)
    answer: dict[str, object]
    try:
        answer = {"state": ask(guide, question.text("repository"), connection, Path(question.text("answers")))}
    except FastrelError as error:
        refused = isinstance(error, NotAuthenticated)
        answer = {"problem": error.problem, "next_step": error.next_step, "not_authenticated": refused}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
