"""Runs the git program in one folder; its failures become errors.

Every command runs without a terminal prompt and in the C locale; a failure carries the command and what git said.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fastrel.errors import GitError
from fastrel.git import commands
from fastrel.git.objects import TIMEOUT, GitEnded, GitObject, Objects
from fastrel.git.stale_locks import unlock
from fastrel.process import changes
from fastrel.process.reads import note
from fastrel.text.redact import without_secrets

log = logging.getLogger("fastrel.git")
_OTHER_PLACE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"}
)
"""Variables by which git tells what it starts, such as a hook, which repository it works in."""
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BY_SHA = re.compile(rf"{_SHA.pattern}(?:$|[:^])")


class GitProgram:
    """Runs git in a folder, for classes that say what is asked of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[tuple[str, ...], bytes] = {}
        """What git said of commits by their SHAs, which stays true: a command asks for the same many times."""
        self._places: dict[tuple[str, ...], str] = {}
        """Where the checkout's files are, by what was asked."""
        self._objects = Objects(root, self._environment)
        self._kept: dict[str, GitObject] = {}
        """Objects by names that begin with a SHA, which stay what they are."""

    def _git(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode == 0:
            if arguments[0] in ("commit", "push") or arguments[:2] in (("tag", "--annotate"), ("tag", "--delete")):
                changes.made(f"git {arguments[0]}")
            return done.stdout.decode(errors="replace").rstrip("\n")
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        said = without_secrets("\n".join(line.rstrip() for line in lines))
        why = said or _ending(done.returncode)
        raise GitError(f"`{commands.typed(arguments)}` failed: {why}", next_step=unlock(said))

    def _of_commits(self, *arguments: str, shas: Sequence[str]) -> bytes | None:
        """What git answers about commits; None when it does not know them or says no, which a fetch may change. Asked
        once when whole SHAs name all of them."""
        if arguments in self._known:
            note([without_secrets(commands.typed(arguments))])
            return self._known[arguments]
        done = self._run(*arguments)
        if done.returncode:
            return None
        if all(map(_SHA.fullmatch, shas)):
            self._known[arguments] = done.stdout
        return done.stdout

    def _object(self, name: str, *typed: str) -> GitObject | None:
        """What a name stands for; None when git cannot tell here, which a fetch may change. `typed` is the command by
        which a person sees it."""
        words = without_secrets(commands.typed(typed))
        note([words])
        if name in self._kept:
            return self._kept[name]
        began = time.monotonic()
        found: GitObject | None = None
        with suppress(GitEnded):
            found = self._objects.read(name)
        answer = found.kind if found else "none"
        log.debug("%s: %s, %.0f ms", words, answer, (time.monotonic() - began) * 1000)
        if found and _BY_SHA.match(name):
            self._kept[name] = found
        return found

    def _place(self, *asked: str) -> str:
        """What `git rev-parse` says of where the checkout's files are, which stays true."""
        if asked not in self._places:
            self._places[asked] = self._git("rev-parse", *asked)
        return self._places[asked]

    def _succeeds(self, *arguments: str) -> bool:
        return self._run(*arguments).returncode == 0

    def _run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
        began = time.monotonic()
        words = without_secrets(commands.typed(arguments))
        note([words])
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self.root,
                env={**self._environment(), **(environment or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
            log.debug("%s: exit %s, %.0f ms", words, done.returncode, (time.monotonic() - began) * 1000)
            return done
        except subprocess.TimeoutExpired:
            raise GitError(f"`{commands.typed(arguments)}` did not finish in {TIMEOUT} seconds.") from None
        except FileNotFoundError as error:
            if error.filename != "git":
                raise
            raise GitError("The git program was not found.", next_step="Install git.") from None

    def _environment(self) -> dict[str, str]:
        own = (self.root / ".git").exists()  # what a hook of git says of its own repository is not meant then
        return {
            **{name: value for name, value in os.environ.items() if not (own and name in _OTHER_PLACE)},
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_TRACE_REDACT": "1",  # whoever traces git sees no passwords in what it says
            "LC_ALL": "C",
        }


def _ending(code: int) -> str:
    return f"it was killed by signal {-code}" if code < 0 else f"exit code {code}"
