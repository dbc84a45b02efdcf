"""Options and fixtures of the test suite.

`pytest --golden-update` writes the golden files under `tests/golden` anew instead of comparing (`make golden`).
`pytest --fail-on-skip` makes every skipped test a failure, as `.ci/run` wants it.
`pytest --long` runs more than a hundred times as many cases of the fuzz tests; their number is printed. Of others that
torture it runs all cases instead of a few.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import sys
import time
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

import hostile
from fastrel_twin.app import application
from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from kept_states import KeptStates
from published import DESCRIPTION, description
from published_schema import faults
from recording import Recorder
from stage import GOLDEN_FILES, Cli, Golden, Project, ReleasedUpTo, Result, begin_release
from webhooks import Runner


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write the golden files anew")
    parser.addoption("--fail-on-skip", action="store_true", help="a skipped test is a failure")
    parser.addoption("--long", action="store_true", help="run many more cases of the tests that torture")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("long" if config.getoption("--long") else "short")
    # Without byte code, each process of the command line compiles all that it imports, which takes longer than its work.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A shell has the jobs in its background ignore Ctrl-C, and their children with them.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


ROOMS = ("torture", "plugin", "journeys", "twin", "cli", "core")
"""The folders of the tests, those first whose files take the longest, so that no process has much to do alone at last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        return ROOMS.index(room) if room in ROOMS else len(ROOMS)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    # What is there by now stays to the end: nobody needs to look at it again and again for what can go. Nor, for what the
    # tests make, as often as Python does by itself, which takes a tenth of their time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    # Until Python 3.12, a protocol's members are looked for at each `isinstance`, which requests asks a dozen times for
    # each request: a tenth of its time.
    if sys.version_info < (3, 12):
        members = lru_cache(maxsize=None)(typing._get_protocol_attrs)  # type: ignore[attr-defined]  # not public
        typing._get_protocol_attrs = members  # type: ignore[attr-defined]  # not public


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)  # of a process that pytest-xdist has started
    if output is not None:
        output["tried"] = dict(hostile.TRIED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    hostile.TRIED.update(getattr(node, "workeroutput", {}).get("tried", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, count in hostile.TRIED.items():
        terminalreporter.write_line(f"{count:,} {what}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]  # a hook wrapper is a generator
    report = yield
    if report.skipped and item.config.getoption("--fail-on-skip") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of the machine that tests find: `gh` must not be found, and the guide's commands must. Only git, the
    shell and this Python's programs are."""
    folder = tmp_path_factory.mktemp("programs")
    for name in ("git", "bash", "sh", "test", "cat", "true", "false", "env", "touch", "sleep", "mkdir", "rm"):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return folder


@pytest.fixture
def settings_of_all_tests() -> Iterator[pytest.MonkeyPatch]:
    """For what the fixtures of all tests replace, apart from what a test replaces itself."""
    with pytest.MonkeyPatch.context() as replaced:
        yield replaced


@pytest.fixture(autouse=True)
def isolated_environment(
    monkeypatch: pytest.MonkeyPatch, settings_of_all_tests: pytest.MonkeyPatch, tmp_path: Path, programs: Path
) -> None:
    """No token, no git configuration and no network of the machine reaches a test."""
    for name in (
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "GITHUB_API_URL",
        "GITHUB_EVENT_NAME",
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ):
        monkeypatch.delenv(name, raising=False)
    # Else each request looks through the environment for a proxy.
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), str(programs)]))
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"a test must not connect to {address}")
        connect(self, address)  # type: ignore[arg-type]  # any address that the socket takes

    settings_of_all_tests.setattr(socket.socket, "connect", only_loopback)


FEW = ("plugin", "journeys", "cli")
"""The folders of tests whose commands keep few connections."""


@pytest.fixture(autouse=True)
def no_pauses(settings_of_all_tests: pytest.MonkeyPatch) -> None:
    """A read that failed is asked again at once, and changes do not wait for each other. Programs of their own do."""
    settings_of_all_tests.setattr("fastrel.github.transport.pygithub.BACKOFF", 0)
    settings_of_all_tests.setattr("fastrel.github.transport.pace.SECONDS", 0)


@pytest.fixture(autouse=True)
def few_connections(settings_of_all_tests: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A command's reads still meet, on two connections instead of sixteen: on a server that answers at once, more of them
    take a third of a command's time to begin and to wait for each other. All are there where tests torture, and where
    one is marked."""
    room = request.node.path.relative_to(Path(__file__).parent).parts[0]
    if room in FEW and not request.node.get_closest_marker("all_connections"):
        settings_of_all_tests.setattr("fastrel.github.transport.client.CONNECTIONS", 2)


@pytest.fixture(autouse=True)
def recorder(settings_of_all_tests: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """All that passes the twins of a test, in this process. In the end each request and its answer must be as GitHub's
    published description says, and each GraphQL query of ours as the official schema allows. Without `make node` there
    are none of those, and tests/twin says so by skipping. A test that makes a twin answer as GitHub never would clears
    the recording."""
    recording = Recorder()
    settings_of_all_tests.setattr("fastrel_twin.server.application", recording.around(application))
    yield recording
    if DESCRIPTION.is_file():
        mistakes = [words for one in recording.exchanges for words in description().mistakes(one)]
        mistakes += [words for query in recording.queries for words in faults(query)]
        assert not mistakes, "\n".join(dict.fromkeys(mistakes))


@pytest.fixture(scope="session")
def kept_states(tmp_path_factory: pytest.TempPathFactory) -> KeptStates:
    """States that many tests begin with, made once."""
    return KeptStates(tmp_path_factory.mktemp("kept") / "states")


@pytest.fixture
def twin(tmp_path: Path, kept_states: KeptStates) -> Iterator[Twin]:
    """A local GitHub whose outside world is as fast as it gets."""
    with kept_states.twin(tmp_path / "github") as running:
        yield running


@pytest.fixture
def project(twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_states: KeptStates) -> Project:
    """A clone of the sample project; the environment is that of its maintainer, in its folder."""
    token = twin.tokens["maintain"]
    monkeypatch.setenv("GITHUB_API_URL", twin.api_url)
    monkeypatch.setenv("GH_TOKEN", token)
    path = kept_states.checkout(twin, tmp_path / "work" / "Fast-LLM")
    monkeypatch.chdir(path)
    return Project(twin, path, token)


@pytest.fixture
def released_up_to(cli: Cli, project: Project, kept_states: KeptStates) -> ReleasedUpTo:
    """Brings a project that nobody has touched to where `open_ready` and `run_until` bring it: release 0.2.0 is open,
    people have decided, and all steps up to the named one are done. The state is made once and copied."""

    def go(step: str = "", version: str = "0.2.0") -> None:
        kept_states.release(cli, project, step, version)

    return go


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs the real command in this process and returns what it printed; a traceback fails the test."""
    from fastrel_cli.main import exit_code

    def run(*arguments: str) -> Result:
        capfd.readouterr()
        code = exit_code(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    def reach(words: tuple[str, ...], act: Callable[[], None]) -> None:
        # Whoever has put something else into the place of the code wants to see what that does.
        if "project" not in request.fixturenames or monkeypatch._setattr:
            act()
            return
        kept_states: KeptStates = request.getfixturevalue("kept_states")
        kept_states.reach(request.getfixturevalue("project"), words, act)

    return Cli(run, reach)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outside world of a rehearsal in this process is as fast as it gets, so that less is asked again."""
    fast = Timing(merge_seconds=0.0)
    monkeypatch.setattr("fastrel_twin.workflows.simulated_ci.Timing", lambda **_: fast)


@pytest.fixture
def runner_of(cli: Cli, project: Project, tmp_path: Path) -> Callable[[int], Runner]:
    """GitHub Actions in the sample project, whose release issue has that number."""

    def here(environment: Mapping[str, str], folder: Path, arguments: list[str]) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open() as nothing:
            for name in set(os.environ) - set(environment):
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(folder)
            patch.setattr(sys, "stdin", nothing)
            ran = cli(*arguments)
        return ran.code, ran.out + ran.err

    def of(number: int) -> Runner:
        bot = project.twin.store.add_user("github-actions[bot]", "write", bot=True, app=True)
        return Runner(project, tmp_path / "runner", bot, here, number)

    return of


@pytest.fixture
def runner(cli: Cli, project: Project, runner_of: Callable[[int], Runner]) -> Runner:
    """GitHub Actions in the sample project, where release 0.2.0 is open."""
    begin_release(cli)
    return runner_of(max(project.twin.store.issues))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file under `tests/golden`, or writes it there with `--golden-update`."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN_FILES / name
        if request.config.getoption("--golden-update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return
        assert file.is_file(), f"{file} is missing; `make golden` writes it"
        assert text == file.read_text(encoding="utf-8")

    return compare
