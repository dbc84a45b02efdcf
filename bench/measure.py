"""How things are measured: commands take turns, and the best of several rounds counts."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. The limit is what `ratio` may be at most or, with `at_least`, must be."""

    subject: str
    ratio: float
    limit: float
    detail: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    @property
    def wanted(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Used:
    """What a command used: seconds of wall time and of its own computing, and megabytes of memory at its peak."""

    seconds: float
    computing: float
    megabytes: float


def alternately(
    commands: Sequence[Sequence[str]], rounds: int, *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> list[float]:
    """The best time of each command in seconds; they take turns, so that a busy machine is busy for all."""
    best = [float("inf")] * len(commands)
    for _ in range(rounds):
        for number, command in enumerate(commands):
            best[number] = min(best[number], used(command, env=env, cwd=cwd).seconds)
    return best


def used(command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Used:
    """Run a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **(env or {})}, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None, "asked for"
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{said.decode(errors='replace')}")
    return Used(seconds, usage.ru_utime + usage.ru_stime, _megabytes(usage))


def _megabytes(usage: resource.struct_rusage) -> float:
    """The peak of the resident memory; Linux counts it in kilobytes, macOS in bytes."""
    return usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
