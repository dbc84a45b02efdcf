"""Programs of this repository in processes of their own, without the half second in which Python imports what they need.

A server has imported it, and forks for each program. What nobody has called yet is as in a process that begins anew.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import select
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

NEEDED = (
    "fastrel_cli.main", "fastrel_cli.sessions", "fastrel_cli.running", "fastrel_cli.terminal.prompts", "fastrel_cli.terminal.run_log",
    "fastrel.engine.session", "fastrel.engine.open_release", "fastrel.running.run", "fastrel.actions.registry", "github", "rich.console",
)  # fmt: skip


class Programs:
    """Starts programs, one after the other."""

    def __init__(self, server: Path = Path(__file__)) -> None:
        self.server = subprocess.Popen(
            [sys.executable, str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(
        self,
        arguments: list[str],
        output: str,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> Started:
        """Begin `python -m` these arguments. Its input, output and errors are a terminal or go to a file."""
        assert self.server.stdin
        told = dict(os.environ if environment is None else environment)
        asked = {"environment": told, "folder": str(folder or Path.cwd()), "output": output, "arguments": arguments}
        self.server.stdin.write(json.dumps(asked) + "\n")
        self.server.stdin.flush()
        return Started(self.server)

    def end(self) -> None:
        self.server.communicate()


class Started:
    """A program, with as much of `subprocess.Popen` as is needed."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        assert server.stdout
        self._said = server.stdout
        self._id = int(self._said.readline())
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        if self._code is None and select.select([self._said], [], [], 0)[0]:
            self._code = int(self._said.readline())
        return self._code

    def wait(self, timeout: float = 0) -> int:
        """Its exit code, waited for; it is killed if that takes too long."""
        until = time.monotonic() + timeout
        while self._code is None and select.select([self._said], [], [], max(0, until - time.monotonic()))[0]:
            self._code = int(self._said.readline())
        if self._code is None:
            os.kill(self._id, 9)
            raise AssertionError(f"it has not ended in {timeout} seconds")
        return self._code


def serve(needed: Iterable[str]) -> None:
    """Read a line of JSON for each program; write its process id, then its exit code."""
    for name in needed:
        importlib.import_module(name)
    for line in sys.stdin:
        program = json.loads(line)
        output = os.open(program["output"], os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOCTTY)
        process = os.fork()
        if not process:
            _become(program, output)
        print(process, flush=True)  # from here on the terminal is held open
        os.close(output)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(program: dict[str, object], output: int) -> NoReturn:
    """Go on as a program, with its environment, its folder and its output."""
    environment, arguments, is_terminal = program["environment"], program["arguments"], os.isatty(output)
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(str(program["folder"]))
    os.dup2(output if is_terminal else os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    # The streams as Python makes them at its beginning: those of the server know what was there before.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", buffering=1 if is_terminal else -1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = [str(one) for one in arguments]
    code = 0
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # without clearing up what was imported, which takes as long as importing it


if __name__ == "__main__":
    serve(NEEDED)
