"""The gate through which every request and every git command of a real process passes, twice: before and after.

Whoever keeps the gate is told of each passing, and may end the process there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer

from fastrel_twin.proxy import Asked, Moment
from snapshot import Scene

PATIENCE = 400
"""Seconds that one command may take."""


@dataclass(frozen=True, slots=True)
class Passing:
    """Something that the process is about to do, or has just done without knowing the result yet."""

    moment: Moment
    words: str
    only_reads: bool


Keeper = Callable[[Passing], bool]
"""Told of each passing, one at a time. False when the process is not to go on."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code, negative for a signal, and what it printed."""

    code: int
    out: str
    err: str


def run_through(scene: Scene, arguments: tuple[str, ...], keeper: Keeper, *, kill_with: int = 0) -> Ended:
    """Run the real command with a keeper at its gate.

    When the keeper says no, the process gets the signal: SIGKILL hits the tool alone, as the kernel's own would, and
    SIGINT the whole group, as a terminal's Ctrl-C does.
    """
    with _gate(scene, keeper, deadly=kill_with == signal.SIGKILL) as gate:
        process = subprocess.Popen(
            [sys.executable, "-m", "fastrel_cli", *arguments],
            cwd=scene.checkout, env=gate.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        gate.strike = lambda: _strike(process.pid, kill_with)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"{arguments} did not end in {PATIENCE} seconds:\n{out}{err}") from None
        _wait_for_group(process.pid)
        return Ended(process.returncode, out, err)


class _Gate:
    """Asks the keeper, one passing at a time; after its no, what is deadly lets nothing pass any more."""

    def __init__(self, keeper: Keeper, environment: dict[str, str], *, deadly: bool) -> None:
        self._deadly = deadly
        self.environment = environment
        self.strike: Callable[[], None] = lambda: None
        self._keeper = keeper
        self._closed = False
        self._lock = threading.Lock()

    def passes(self, passing: Passing) -> bool:
        with self._lock:
            if self._closed:
                return False
            if self._keeper(passing):
                return True
            # Who is killed does nothing more; who is interrupted may tidy up.
            self._closed = self._deadly
            self.strike()
            return False


@contextmanager
def _gate(scene: Scene, keeper: Keeper, *, deadly: bool) -> Iterator[_Gate]:
    git = shutil.which("git")
    assert git
    folder = Path(os.environ["HOME"]) / "gate"
    folder.mkdir(exist_ok=True)
    shim, address = folder / "git", folder / "socket"
    shim.write_text(f"#!{sys.executable} -IS\n{(Path(__file__).parent / 'git_shim.py').read_text()}")
    shim.chmod(0o755)
    address.unlink(missing_ok=True)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    gate = _Gate(keeper, {**os.environ, "PATH": path, "FASTREL_GATE": str(address), "FASTREL_GIT": git}, deadly=deadly)

    def watch(moment: Moment, asked: Asked) -> bool:
        return gate.passes(Passing(moment, _steady(f"{asked.method} {asked.path}"), asked.only_reads))

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            moment, arguments = json.loads(self.rfile.readline())
            passing = Passing(Moment[moment], _steady(f"git {' '.join(arguments)}"), False)
            self.wfile.write(b"1" if gate.passes(passing) else b"0")

    with ThreadingUnixStreamServer(str(address), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True, name="gate")
        thread.start()
        scene.proxy.watch = watch
        try:
            yield gate
        finally:
            scene.proxy.watch = None
            server.shutdown()
            thread.join(timeout=10)


def _steady(words: str) -> str:
    """Words by which the same passing is found in another run, whose commits and ids are others."""
    return re.sub(r"/releases/\d+", "/releases/ID", re.sub(r"\b[0-9a-f]{40}\b", "SHA", words))


def _strike(pid: int, number: int) -> None:
    if number == signal.SIGKILL:
        os.kill(pid, number)
    else:
        os.killpg(pid, number)


def _wait_for_group(group: int) -> None:
    """Until the children of a killed process have ended, too; people do not type that fast."""
    deadline = time.monotonic() + PATIENCE
    while any(_lives(one, group) for one in Path("/proc").glob("[0-9]*/stat")):
        assert time.monotonic() < deadline, "children of the killed process go on"
        time.sleep(0.01)


def _lives(stat: Path, group: int) -> bool:
    """Whether a process belongs to the group; those that wait to be buried do not."""
    try:
        state, _, own_group = stat.read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(own_group) == group and state != "Z"
