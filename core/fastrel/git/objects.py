"""Git objects by name, read by one `git cat-file` that stays, since a process for each object takes long."""

from __future__ import annotations

import os
import re
import select
import subprocess
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fastrel.errors import GitError

TIMEOUT = 300
"""Seconds that git may take for one command, or for one object, which a partial clone fetches first."""
END_TIMEOUT = 5
"""Seconds that it may take to end."""
_CHUNK = 1 << 16
_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) ([a-z]+) ([0-9]+)")
"""The line before an object: its SHA, kind and size."""


@dataclass(frozen=True, slots=True)
class GitObject:
    sha: str
    kind: str
    """`commit`, `tag`, `tree` or `blob`."""
    content: bytes


class GitEnded(GitError):
    """Git ended instead of answering, such as in a partial clone whose remote cannot be reached."""


class Objects:
    """The objects of one repository as they are now; safe to use from several threads. `environment` makes that of the
    git program; it is this program's own without it."""

    def __init__(self, path: Path, environment: Callable[[], Mapping[str, str] | None] = lambda: None) -> None:
        self._path = path
        self._environment = environment
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended_by: weakref.finalize[[subprocess.Popen[bytes]], Objects] | None = None

    def read(self, name: str) -> GitObject | None:
        """What a name such as `HEAD`, `SHA^{commit}` or `SHA:path` stands for; None when there is no such object.
        GitEnded when git ends instead of answering, GitError when it takes too long.

        Source: https://git-scm.com/docs/git-cat-file#_batch_output
        """
        if "\n" in name or "\0" in name or name.endswith("\r"):  # git takes these for the end of the name
            return None
        with self._lock:
            for _ in range(2):  # it may have ended meanwhile, such as by a Ctrl-C that was for all of the terminal
                try:
                    return _asked(self._process or self._started(), name)
                except (BrokenPipeError, EOFError):
                    self._end()
                except BaseException:  # what is left of the answer would be taken for the next one
                    self._end()
                    raise
        raise GitEnded("`git cat-file --batch` ended without an answer.")

    def close(self) -> None:
        """End the process; reading again is possible."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._process = subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=self._path,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._ended_by = weakref.finalize(self, _ended, process)
        return process

    def _end(self) -> None:
        if self._ended_by:
            self._ended_by()
        self._process = self._ended_by = None


def _asked(process: subprocess.Popen[bytes], name: str) -> GitObject | None:
    assert process.stdin is not None, "asked for"
    process.stdin.write(os.fsencode(f"{name}\n"))
    said = bytearray()
    while b"\n" not in said:
        said += _more(process)
    head, _, content = bytes(said).partition(b"\n")
    found = _FOUND.fullmatch(head)
    if not found:  # `NAME missing`, or another word
        return None
    sha, kind, size = found[1].decode(), found[2].decode(), int(found[3])
    parts, left = [content], size + 1 - len(content)
    while left > 0:
        parts.append(_more(process))
        left -= len(parts[-1])
    return GitObject(sha, kind, b"".join(parts)[:size])


def _more(process: subprocess.Popen[bytes]) -> bytes:
    """What git says next. EOFError when it has ended."""
    assert process.stdout is not None, "asked for"
    waiting = select.poll()
    waiting.register(process.stdout, select.POLLIN)
    if not waiting.poll(TIMEOUT * 1000):
        raise GitError(f"`git cat-file --batch` did not answer in {TIMEOUT} seconds.")
    chunk = os.read(process.stdout.fileno(), _CHUNK)
    if not chunk:
        raise EOFError
    return chunk


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Let a process end: it does when nobody can ask any more."""
    for one in (process.stdin, process.stdout):
        if one:
            with suppress(OSError):
                one.close()
    try:
        process.wait(timeout=END_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
