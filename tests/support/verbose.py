"""Runs modules as programs, each in a process of its own, with every log of every library at its most talkative.

`python verbose.py` reads a line of JSON for each program from its standard input, and writes the exit code when it has
ended. It has imported what the programs need before it forks, which takes longer than what most of them do.
"""

from __future__ import annotations

import atexit
import faulthandler
import importlib
import json
import logging
import os
import runpy
import sys
import traceback
import warnings
from typing import NoReturn

NEEDED = ("fastrel_cli.main", "fastrel.engine.session", "fastrel.running.run", "fastrel.actions.registry", "fastrel_mkdocs.plugin",
          "github", "mkdocs.commands.build", "rich.console")  # fmt: skip


def main() -> None:
    faulthandler.enable()
    warnings.simplefilter("default")
    logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.captureWarnings(True)
    for name in ("github", "github.Requester", "github.GithubRetry", "urllib3", "requests", "mkdocs"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in NEEDED:
        importlib.import_module(name)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _become(json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(program: dict[str, object]) -> NoReturn:
    """Go on as a program, with its environment, its folder and its output."""
    environment, folder, output, arguments = (
        program[name] for name in ("environment", "folder", "output", "arguments")
    )
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(folder))
    for number, place, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, str(output), os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        os.dup2(os.open(place, flags), number)
    os.dup2(1, 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # what the other one has read stays with it
    sys.argv = arguments
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
    main()
