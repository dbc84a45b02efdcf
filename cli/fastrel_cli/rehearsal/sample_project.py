"""Rehearsal of the sample project: a whole release against the twin, with the code that `run` uses."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastrel.actions.questions.prompts import Prompter
from fastrel.engine.open_release import open_release
from fastrel.engine.session import Session
from fastrel.errors import UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import Connection
from fastrel.guide.locate import find_guide
from fastrel.guide.parser import read_guide
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel.text.install_hint import install_words
from fastrel.text.plain import plain
from fastrel_cli.exit_codes import INTERRUPTED
from fastrel_cli.rehearsal.docs_site import build_site, require_ours
from fastrel_cli.rehearsal.environment import environment
from fastrel_cli.rehearsal.git_environment import git_environment
from fastrel_cli.running import show_outcome
from fastrel_cli.streams.verbosity import is_quiet, say
from fastrel_cli.terminal.prompts import Interactive, ScriptedAnswers
from fastrel_cli.terminal.run_log import TerminalReporter
from fastrel_cli.typed import typed

if TYPE_CHECKING:
    from fastrel_twin.server import Twin

SAMPLE_VERSION = "0.2.0"
POLL = 0.25
"""Seconds between two looks at the simulated CI, registry and site."""


@contextmanager
def local_github(root: Path, guide_text: str, *, port: int = 0) -> Iterator[tuple[Twin, Path, str]]:
    """The twin with its sample project, a clone of it, and the maintainer's token; stopped at the end."""
    require_twin()
    from fastrel_twin.clone import clone_sample
    from fastrel_twin.server import running_twin
    from fastrel_twin.workflows.simulated_ci import Timing

    timing = Timing(register_seconds=0.3, ci_seconds=2.0, image_seconds=1.0, site_seconds=1.0, merge_seconds=1.5)
    with (
        git_environment(root),
        running_twin(root / "github", guide_text=guide_text, timing=timing, port=port) as twin,
    ):
        token = twin.tokens["maintain"]
        clone = root / "Fast-LLM"
        clone_sample(twin, clone)
        yield twin, clone, token


def require_twin() -> None:
    """UsageError when the packages of the local GitHub are not installed."""
    try:
        import fastrel_twin.server  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"The local GitHub needs a package that is not installed ({error.name}).",
            done="Nothing was started.",
            next_step=install_words("rehearse"),
        ) from None


def sample_guide(guide: Path | None) -> str:
    """The guide that the sample project gets: the given one, else its own, that of Fast-LLM."""
    return read_guide(guide).text if guide else packaged_guide().read_text(encoding="utf-8")


def packaged_guide() -> Path:
    """The Fast-LLM release guide: beside the twin in a wheel, in `docs/` in a checkout."""
    import fastrel_twin

    beside = Path(fastrel_twin.__file__).parent / "sample" / "release-guide.md"
    return beside if beside.is_file() else Path(fastrel_twin.__file__).parents[2] / "docs" / "release-guide.md"


def rehearse(
    version: str, guide: Path | None, *, interactive: bool, serve: bool, site_dir: Path | None, as_json: bool
) -> int:
    """Run a whole release and show the end; returns the exit code."""
    if site_dir:
        require_ours(site_dir)
    began = time.monotonic()
    prompter: Prompter = Interactive() if interactive else ScriptedAnswers()
    with (
        throw_away_folder() as root,
        local_github(root, sample_guide(guide)) as (twin, clone, token),
        environment(
            GITHUB_API_URL=twin.api_url,
            GH_TOKEN=token,
            PATH=_path_with_our_programs(),
            NO_MKDOCS_2_WARNING="1",  # seven lines by Material in the output of each build
        ),
    ):
        session = _session(Connection(twin.api_url, token), clone, twin.store.name)
        opened = open_release(session, version)
        _say(f"A rehearsal: GitHub is played by {twin.url}, nothing public happens.")
        for warning in opened.warnings:
            _say(click.style(f"warning: {plain(warning)}", fg="yellow"))
        _say(f"Opened the release issue: {opened.tracker.url}\n")
        options = Options(poll=POLL, patience=120, command="fastrel-checklist rehearse", more=typed())
        outcome = run(session, version, options, prompter, TerminalReporter(agreed=not interactive))
        site = build_site(clone, site_dir, version)
        code = show_outcome(outcome, as_json=as_json, rehearsal={})
        _say(f"\n{end_words(outcome, len(twin.requests), time.monotonic() - began)}")
        _say(f"The docs site with the final state: {_page_of_guide(site, clone)}")
        if is_quiet() and not site_dir and not serve:
            shutil.rmtree(site)  # nobody was told where it is
        if serve:
            _serve(twin, site)
        elif outcome.report.tracker:
            _say("The local GitHub is stopped, so its URLs lead nowhere; `--serve` keeps it running.")
        return code


def _page_of_guide(site: Path, clone: Path) -> Path:
    """The file of the guide's page in the site; the site's first page when MkDocs has put it elsewhere."""
    page = site / find_guide(clone).relative_to(clone / "docs").with_suffix(".html")
    return page if page.is_file() else site / "index.html"


def _session(connection: Connection, clone: Path, repository: str) -> Session:
    """The sample takes the part of the guide's own repository, whether that has one yet or not."""
    guide = read_guide(find_guide(clone))
    client = Client(connection.api_url, connection.token)
    return Session(guide, Repository(client, repository), Worktree.at(clone))


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A temporary folder for one rehearsal, which Ctrl-C ends."""
    root = Path(tempfile.mkdtemp(prefix="fastrel-rehearsal-"))
    try:
        yield root
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. Nothing of the rehearsal is left; the same command begins a new one.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    finally:
        shutil.rmtree(root, ignore_errors=True)


def end_words(outcome: Outcome, requests: int, seconds: float) -> str:
    """How a rehearsal ended."""
    report = outcome.report
    settled = f"{report.settled} of {len(report.steps)} steps are done or skipped"
    words = f"{settled}; {requests} requests, {seconds:.1f} seconds. Nothing of it is public."
    if outcome.stopped:
        words += (
            "\nThis was a rehearsal: a `run`, a `tick` or a push that is named above would be for the real release."
        )
    return words


def _serve(twin: Twin, site: Path) -> None:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say(f"GitHub: {twin.url}/ServiceNow/Fast-LLM\nSite:   http://127.0.0.1:{server.server_port}/")
        _say("Ctrl-C stops both.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            server.shutdown()


def _path_with_our_programs() -> str:
    """PATH with the folder of this Python first, so that the guide's own commands find `mkdocs`."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _say(text: str) -> None:
    say(text)
