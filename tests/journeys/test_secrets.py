"""The token stays where it belongs: a whole release and its failures, with every log at its most talkative, and then a
search through all output, all files and the command lines and environments of all programs that were started.

Covered are all logs of Python's `logging`, git's own traces, and what people see. Not covered is
`http.client.HTTPConnection.debuglevel`, by which Python itself prints whole requests: no environment variable or option
sets it, and our code does not (`test_nothing_of_ours_prints_whole_requests`).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from forked import Programs
from secret_search import files_with, forms, leaks
from short_guide import WITH_GIT, shorten
from stage import DECISIONS, ROOT, Project

PLANTED = "ghp_Kn0wn+Secret/0fThisTest=1234567890ab"
WRONG = "ghp_Wr0ng+Secret/0fThisTest=1234567890ab"


@pytest.fixture
def token(request: pytest.FixtureRequest) -> str:
    """A token of this test alone: the kernel also shows the command lines of tests that run at the same time."""
    return f"ghp_Kn0wn+Secret/{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]}=12345678"


@pytest.fixture
def signed_in(project: Project, twin: Twin, token: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The maintainer, with a token that is nowhere by accident."""
    twin.store.users["mia"].token = token
    monkeypatch.setenv("GH_TOKEN", token)
    for name in ("GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE_SETUP", "PYTHONDEVMODE", "PYTHONFAULTHANDLER"):  # fmt: skip
        monkeypatch.setenv(name, "1")
    return Project(twin, project.path, token)


@dataclass
class Witness:
    """What the programs that were started got: a program on PATH in front of each writes it down."""

    record: Path
    seen: set[bytes] = field(default_factory=set)
    """Command lines of all processes, as the kernel shows them."""

    def calls(self, program: str) -> list[tuple[str, dict[str, str]]]:
        """Arguments and environment of each call."""
        found = []
        for file in sorted(self.record.glob(f"{program}.*")):
            arguments, _, environment = file.read_bytes().decode(errors="replace").partition("\0\0")
            pairs = (one.partition("=") for one in environment.split("\0") if "=" in one)
            found.append((arguments, {name: value for name, _, value in pairs}))
        return found


@pytest.fixture
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    record, front = tmp_path / "record", tmp_path / "front"
    record.mkdir()
    front.mkdir()
    env = shutil.which("env")
    for name in ("git", "bash", "gh"):
        real = shutil.which(name) or "/bin/false"
        script = front / name
        script.write_text(
            f'#!/bin/sh\n{{ printf "%s\\n" "$@"; printf "\\0\\0"; {env} -0; }} > "{record}/{name}.$$"\nexec {real} "$@"\n'
        )
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{front}{os.pathsep}{os.environ['PATH']}")
    found = Witness(record)
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(found, over), daemon=True)
    watcher.start()
    yield found
    over.set()
    watcher.join(timeout=10)


def _watch(witness: Witness, over: threading.Event) -> None:
    if sys.platform != "linux":
        return  # there is no /proc; the programs in front of the real ones tell of their arguments everywhere
    known: set[str] = set()

    while not over.wait(0.05):
        there = {name for name in os.listdir("/proc") if name.isdecimal()}  # noqa: PTH208  # as cheap as can be
        for name in there - known:
            try:
                witness.seen.add(Path("/proc", name, "cmdline").read_bytes())
            except OSError:
                continue
        known = there


class Talk:
    """Runs programs talkatively and keeps all that they say."""

    def __init__(self, folder: Path, output: Path, programs: Programs) -> None:
        self.folder = folder
        self.said: list[str] = []
        self._output = output
        self._programs = programs

    def run(self, *arguments: str, module: str = "fastrel_cli", code: int | None = 0) -> str:
        self._output.unlink(missing_ok=True)
        ended = self._programs.start([module, *arguments], str(self._output), folder=self.folder).wait(timeout=120)
        self.said.append(self._output.read_text(encoding="utf-8", errors="replace"))
        assert code is None or ended == code, (arguments, self.said[-1][-3000:])
        return self.said[-1]


@pytest.fixture
def talk(signed_in: Project, tmp_path: Path) -> Iterator[Talk]:
    programs = Programs(ROOT / "tests" / "support" / "verbose.py")
    yield Talk(signed_in.path, tmp_path / "said", programs)
    programs.end()


def test_a_whole_release_leaves_no_token_behind(
    signed_in: Project, talk: Talk, twin: Twin, tmp_path: Path, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.run("status")
    talk.run("open", "0.2.0")
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    talk.run("run", "--dry-run")
    talk.run("run", "docs-current", "--yes", code=3)  # the script runs; a person must confirm
    for step in DECISIONS:
        talk.run("tick", step, "--note", "decided")
    talk.run("skip", "announce-forum", "--reason", "quiet")
    talk.run("sync", "--json")
    done = talk.run("run", "--yes", "--defer-open", "--interval", "0.05")
    talk.run("snapshot", "0.2.0", "--output", "site/fastrel.json")
    talk.run("build", "--strict", "--verbose", module="mkdocs")
    talk.run("open", "0.3.0")
    talk.run("abort", "0.3.0", "--reason", "no", "--yes")
    shorten(signed_in, *WITH_GIT)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    talk.run("rehearse", "0.3.0")
    assert list(temporary.glob("*/release-guide.html"))  # of the rehearsal, this alone is left

    # It was as talkative as can be: the libraries spoke, and git.
    assert "DEBUG github.Requester" in done
    assert "DEBUG urllib3.connectionpool" in done
    assert [output for output in talk.said if leaks(output, [signed_in.token])] == []
    assert files_with([signed_in.path, temporary, tmp_path / "home"], [signed_in.token]) == []
    assert files_with([tmp_path / "github"], [signed_in.token]) == []
    assert [line for line in witness.seen.copy() if leaks(line, [signed_in.token])] == []

    calls = {program: witness.calls(program) for program in ("git", "bash", "gh")}
    assert any("push" in arguments for arguments, _ in calls["git"])
    assert any("mkdocs build" in arguments for arguments, _ in calls["bash"])
    for program, found in calls.items():
        for arguments, environment in found:
            assert not leaks(arguments, [signed_in.token]), program
            # git's credential helpers may need it, under the name by which the user gave it; scripts get nothing.
            allowed = {"GH_TOKEN"} if program == "git" else set()
            assert {name for name, value in environment.items() if leaks(value, [signed_in.token])} <= allowed, (
                arguments
            )
    # Addresses are in the log of every server on the way.
    assert [path for _, path, _ in twin.requests if leaks(path, [signed_in.token])] == []


def test_failures_show_no_token(
    signed_in: Project,
    talk: Talk,
    twin: Twin,
    token: str,
    tmp_path: Path,
    witness: Witness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = (token, WRONG)
    talk.run("open", "0.2.0")
    # A remote whose address holds the token, as some people have it: every way in which its use fails.
    address = twin.clone_url.replace("://", f"://x-access-token:{token}@")
    signed_in.git("remote", "set-url", "origin", address)
    config = signed_in.path / ".git" / "config"
    twin.store.users["mia"].role = "read"
    talk.run("run", "--yes", code=None)
    twin.store.users["mia"].role = "maintain"
    signed_in.git("config", "--replace-all", "credential.helper", "")
    for name, url in (
        ("refused", address.replace(token, WRONG)),
        ("nobody listens", address.replace(twin.url.rpartition(":")[2], "9/")),
        ("another repository", address.replace("ServiceNow/Fast-LLM", "other/thing")),
        ("no repository at all", f"http://x:{token}@127.0.0.1"),
    ):
        signed_in.git("remote", "set-url", "origin", url)
        for command in (("run", "--yes"), ("status", "--repo", "a/b")):
            assert talk.run(*command, code=None), name
    signed_in.change_guide("  repository: ServiceNow/Fast-LLM\n", "")
    assert "Which repository is not known" in talk.run("status", code=2)
    signed_in.git("checkout", "--quiet", ".")
    signed_in.git("remote", "set-url", "origin", twin.clone_url)
    assert not leaks(config.read_text(), secrets)

    monkeypatch.setenv("GH_TOKEN", WRONG)
    talk.run("status", code=2)
    talk.run("run", "--yes", code=2)
    talk.run("build", "--strict", "--verbose", module="mkdocs", code=1)
    monkeypatch.setenv("GH_TOKEN", f"{WRONG}\nmore")
    assert "is not a token" in talk.run("status", code=2)
    monkeypatch.setenv("GH_TOKEN", token)
    for place in (
        "http://127.0.0.1:9/api/v3",
        f"{twin.url}/nowhere",
        f"https://x:{token}@127.0.0.1/",
        "https://127.0.0.1:9",
    ):
        monkeypatch.setenv("GITHUB_API_URL", place)
        talk.run("run", "0.2.0", "--yes", code=None)
        talk.run("build", "--strict", module="mkdocs", code=None)

    assert [output for output in talk.said if "Traceback" in output] == []
    assert [output for output in talk.said if leaks(output, secrets)] == []
    assert files_with([signed_in.path, tmp_path / "home"], secrets) == []
    # The kernel shows everybody the address that git hands to its own helper; that is the remote that somebody set so.
    assert [line for line in witness.seen.copy() if leaks(line, secrets) and b"fastrel" in line] == []


def test_a_script_that_fails_shows_no_token_of_github(signed_in: Project, talk: Talk, twin: Twin) -> None:
    loose = "ghp_" + "a1B2" * 9
    signed_in.change_guide("mkdocs build --strict\n", f"echo http://x:{loose}@host {loose}\n    false\n", push=True)
    talk.run("open", "0.2.0")
    said = talk.run("run", "docs-current", "--yes", code=1)
    shown = said[said.index("exit code 1") :]
    assert "http://host ***" in shown
    assert not leaks(shown, [loose])


def test_the_search_finds_a_token_in_every_place_in_which_it_could_hide(tmp_path: Path) -> None:
    """Without this, the tests above could be blind."""
    pair = base64.b64encode(f"x-access-token:{PLANTED}".encode()).decode()
    planted = {
        "raw": f"a {PLANTED} b".encode(),
        "percent": b"https://x/?t=ghp_Kn0wn%2BSecret%2F0fThisTest%3D1234567890ab&x",
        "half-percent": b"ghp_Kn0wn%2BSecret/0fThisTest%3D1234567890ab",
        "header": f"Authorization: Basic {pair}".encode(),
        "page.gz": gzip.compress(PLANTED.encode()),
        "loose-object": zlib.compress(f"blob 3\0{PLANTED}".encode()),
        **{f"shifted-{n}": base64.b64encode(b"x" * n + PLANTED.encode() + b"yy") for n in range(4)},
    }
    for name, content in planted.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(content)
    (tmp_path / "named" / PLANTED.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")).mkdir(parents=True)
    repository = tmp_path / "packed"
    repository.mkdir()
    identity = ["-c", "user.name=x", "-c", "user.email=x@x"]
    for command in (
        ["init", "--quiet"],
        ["commit", "--quiet", "--allow-empty", "-m", f"say {PLANTED}"],
        ["gc", "--quiet"],
    ):
        subprocess.run(["git", *identity, "-C", str(repository), *command], check=True)
    for folder in (*planted, "named", "packed"):
        assert files_with([tmp_path / folder], [PLANTED]), folder
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "file").write_text(PLANTED[:-1] + base64.b64encode(PLANTED[:-3].encode()).decode()[:20])
    assert files_with([tmp_path / "clean"], [PLANTED]) == []
    assert len(forms(PLANTED)) == 6


def test_nothing_of_ours_prints_whole_requests() -> None:
    sources = [file for room in ("core", "plugin", "cli", "twin") for file in (ROOT / room).rglob("*.py")]
    assert len(sources) > 100
    assert [file for file in sources if "debuglevel" in file.read_text(encoding="utf-8")] == []


def test_the_environment_of_git_never_switches_its_own_redaction_off(
    signed_in: Project, talk: Talk, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    talk.run("open", "0.2.0")
    assert {environment["GIT_TRACE_REDACT"] for _, environment in witness.calls("git") if "GIT_TERMINAL_PROMPT" in environment} == {"1"}  # fmt: skip
    assert stat.S_IMODE((signed_in.path / ".git").stat().st_mode)
