"""The new files that the steps of a release have made in a checkout, as long as git does not track them.

Remembered inside the git folder, by version and step, since a release may be run in pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from fastrel.git.worktree import Worktree
from fastrel.text.atomic_write import write_whole

NAME = "fastrel-made-files.json"


class MadeFiles:
    """What the steps of one version have made."""

    def __init__(self, worktree: Worktree, version: str) -> None:
        self._worktree = worktree
        self._version = version

    @contextmanager
    def by(self, step: str) -> Iterator[None]:
        """Remember what is new after a step's program has run, also when it fails or is killed."""
        before = self._worktree.new_files()
        made = {path: by for path, by in self.all().items() if path in before}
        self._write({"made": made, "at_work": {"step": step, "before": list(before)}})
        try:
            yield
        finally:
            found = self.all()
            self._write({"made": found} if found else {})

    def all(self) -> Mapping[str, str]:
        """The steps by the paths of the files that they made and that are still new."""
        kept = self._read().get(self._version)
        if not isinstance(kept, dict):
            return {}
        new = self._worktree.new_files()
        known, at_work = kept.get("made"), kept.get("at_work")
        made = {path: by for path, by in known.items() if path in new} if isinstance(known, dict) else {}
        if isinstance(at_work, dict) and isinstance(at_work.get("before"), list):
            made.update({path: str(at_work.get("step")) for path in new if path not in at_work["before"]})
        return made

    @property
    def _file(self) -> Path:
        return self._worktree.git_path(NAME)

    def _read(self) -> dict[str, object]:
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def _write(self, kept: Mapping[str, object]) -> None:
        others = {version: one for version, one in self._read().items() if version != self._version}
        content = {**others, **({self._version: kept} if kept else {})}
        with suppress(OSError):  # a checkout that cannot be written to gets no commit either
            if content:
                write_whole(self._file, json.dumps(content), 0o600)
            else:
                self._file.unlink(missing_ok=True)
