"""Git objects by name, read by one `git cat-file` that stays: a process for each object would take longer than all
else that the twin does."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GitObject:
    sha: str
    kind: str
    """`commit`, `tag`, `tree` or `blob`."""
    content: bytes


class Objects:
    """The objects of one repository; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> GitObject | None:
        """What a name such as `SHA`, `SHA^{commit}` or `SHA:path` stands for; None when there is no such object.

        Source: https://git-scm.com/docs/git-cat-file#_batch_output
        """
        if "\n" in name:
            return None
        with self._lock:
            process = self._process = self._process or self._started()
            assert process.stdin is not None, "asked for"
            assert process.stdout is not None, "asked for"
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            # `SHA KIND SIZE`, else `NAME missing` or another word; a name may hold spaces, a SHA does not.
            head = process.stdout.readline().decode(errors="replace").split()
            if len(head) != 3 or not head[2].isdecimal() or not _is_sha(head[0]):
                return None
            content = process.stdout.read(int(head[2]))
            process.stdout.read(1)
            return GitObject(head[0], head[1], content)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._process:
                self._process.communicate()
                self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=self._path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for the twin, which then ends this
        )


def _is_sha(word: str) -> bool:
    return len(word) in (40, 64) and all(one in "0123456789abcdef" for one in word)
