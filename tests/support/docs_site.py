"""Docs sites, built by the real MkDocs, strictly: in this process, which has imported it once, or in one of its own."""

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from threading import Lock
from types import CodeType, SimpleNamespace
from unittest.mock import patch

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs import __main__ as program
from mkdocs.theme import Theme

from fastrel.web import http
from fastrel_mkdocs.state import background
from stage import Project


def build(project: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what MkDocs said, and the guide's page as text with tags."""
    return *mkdocs(project, "build", "--strict", *arguments), page_of(project)


def build_apart(project: Path, *arguments: str) -> tuple[int, str, str]:
    """The same in a process of its own, which asks GitHub in another one, as people have it."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, page_of(project)


def page_of(project: Path, name: str = "release-guide/index.html") -> str:
    """A page of the site; empty where there is none."""
    page = project / "site" / name
    return page.read_text(encoding="utf-8") if page.exists() else ""


def site_of(project: Project) -> Path:
    """The folder of the sample project's site, built just now and without a word."""
    code, said, _ = build(project.path, "--quiet")
    assert (code, said) == (0, "")
    return project.path / "site"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def with_option(project: Project, line: str) -> None:
    config = project.path / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - fastrel:\n", f"  - fastrel:\n      {line}\n"))


def mkdocs(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of MkDocs, run in a folder as its program runs it, in this process."""
    said, code = io.StringIO(), 0
    with ExitStack() as stack:
        stack.enter_context(chdir(folder))
        stack.enter_context(redirect_stdout(said))
        stack.enter_context(redirect_stderr(said))
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(_as_before("mkdocs"))
        stack.enter_context(_as_before("mkdocs.commands.build"))
        stack.enter_context(patch.object(Theme, "get_env", _environment))
        stack.enter_context(_asked_here())
        try:
            program.cli.main(list(arguments), prog_name="mkdocs")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:  # as Python shows it at the end of a process
            traceback.print_exc()
            code = 1
    return code, said.getvalue()


@contextmanager
def _as_before(name: str) -> Iterator[None]:
    """Leave a logger as it is: MkDocs adds to it with each run, and says nothing twice."""
    logger = logging.getLogger(name)
    handlers, filters = logger.handlers[:], logger.filters[:]
    level, propagate = logger.level, logger.propagate
    try:
        yield
    finally:
        logger.handlers[:], logger.filters[:] = handlers, filters
        logger.setLevel(level)
        logger.propagate = propagate


class Compiled(BytecodeCache):
    """The templates of a theme, compiled once: that takes longer than all else in a build."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._kept[bucket.key, bucket.checksum] = bucket.code


class ListedOnce(FileSystemLoader):
    """The folders of installed themes, which do not change. Of Material's fourteen thousand files nearly all are icons,
    in a hidden folder; MkDocs would look at the name of each and pass over it."""

    def list_templates(self) -> list[str]:
        return _listed(tuple(self.searchpath))


@cache
def _listed(folders: tuple[str, ...]) -> list[str]:
    assert all(Path(folder).is_relative_to(Path(program.__file__).parents[1]) for folder in folders)
    return [name for name in FileSystemLoader(folders).list_templates() if not name.startswith(".")]


_original = Theme.get_env
_compiled: dict[tuple[str, ...], Compiled] = {}


def _environment(theme: Theme) -> Environment:
    found = _original(theme)
    found.bytecode_cache = _compiled.setdefault((*theme.dirs, *sorted(found.extensions)), Compiled())
    found.loader = ListedOnce(theme.dirs)
    return found


@contextmanager
def _asked_here() -> Iterator[None]:
    """What the plugin runs in a process of its own runs in its thread, with the same bytes in and out."""
    one_at_a_time = Lock()
    streams = SimpleNamespace(executable=sys.executable, stdin=None, stdout=None)

    class Process:
        def __init__(self, command: list[str], **_: int) -> None:
            assert command == [sys.executable, "-m", background.__name__]

        def communicate(self, question: bytes) -> tuple[bytes, None]:
            with one_at_a_time, patch.object(http, "_asked", set()):
                streams.stdin, streams.stdout = io.TextIOWrapper(io.BytesIO(question)), io.StringIO()
                background.main()
                return streams.stdout.getvalue().encode(), None

    processes = SimpleNamespace(Popen=Process, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL)
    with patch.object(background, "subprocess", processes), patch.object(background, "sys", streams):
        yield
