"""What is stopped by Ctrl-C ends at once, and what is typed where the folder is gone is answered in words."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stage import Cli, Project

PROGRAM = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('fastrel_cli', run_name='__main__')"
)
"""A shell that runs the tests in the background has them ignore Ctrl-C; a person's shell does not."""


@pytest.mark.parametrize(
    ("times", "command"),
    [(1, "status 0.2.0"), (2, "status 0.2.0"), (5, "run 0.2.0 --yes"), (2, "board octo"), (1, "doctor")],
)
def test_ctrl_c_on_a_network_that_stalls_gives_the_prompt_back(project: Project, command: str, times: int) -> None:
    """The server takes the connection and never answers; a request alone would wait longer than this test does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        api = f"http://127.0.0.1:{server.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *command.split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "GITHUB_API_URL": api},
        )
        try:
            connection, _ = server.accept()
            for _ in range(times):
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
        connection.close()
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    assert "KeyboardInterrupt" not in out + err


LOST = """
import signal, threading, weakref
from fastrel_cli.streams.interrupts import keep_interrupts

class Held: pass
signal.signal(signal.SIGINT, signal.{interrupt})
signal.signal(signal.SIGTERM, signal.default_int_handler)
keep_interrupts()
held = Held()
watched = weakref.ref(held, lambda _: signal.raise_signal(signal.{pressed}))
try:
    del held
    print("lost" if not threading.Event().wait(60) else "")
except KeyboardInterrupt:
    print("ended")
"""


@pytest.mark.parametrize(("interrupt", "pressed"), [("default_int_handler", "SIGINT"), ("SIG_IGN", "SIGTERM")])
def test_ctrl_c_while_python_calls_back_is_not_lost(interrupt: str, pressed: str) -> None:
    """Python drops what a callback raises, such as the one by which an import lets go of its lock."""
    program = LOST.format(interrupt=interrupt, pressed=pressed)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=90, check=False)
    assert (done.stdout, done.stderr) == ("ended\n", "")


@pytest.mark.parametrize("command", ["status", "doctor", "lint", "run"])
def test_a_folder_that_was_deleted_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    shown = cli(command)
    assert shown.code == 2
    assert "The folder that you are in no longer exists." in shown.err
