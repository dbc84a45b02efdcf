"""How much is said: `--quiet`, `--verbose`, colours; each where it is written, and never a token."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from fastrel_cli.streams.verbosity import color_wanted
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse


@pytest.mark.parametrize("arguments", [("--quiet", "board", "ServiceNow"), ("board", "ServiceNow", "-q")])
def test_quiet_leaves_the_result_and_nothing_else(cli: Cli, project: Project, arguments: tuple[str, ...]) -> None:
    begin_release(cli)
    loud, result = cli("board", "ServiceNow"), cli(*arguments)
    assert (result.code, result.out, result.err) == (0, loud.out, "")
    assert "in progress" in loud.err


def test_quiet_keeps_warnings_and_errors(cli: Cli, project: Project) -> None:
    assert "There is no such owner" in cli("board", "Nobody", "--quiet").err
    assert "error: " in cli("tick", "no-such-step", "--quiet").err


def test_a_quiet_run_prints_only_how_it_ended(cli: Cli, project: Project) -> None:
    begin_release(cli)
    loud = cli("run", "main-ci", "--yes", "--dry-run")
    assert "Dry run" in loud.out
    result = cli("run", "main-ci", "--yes", "--quiet", "--interval", "0.05")
    assert result.code == 0, result.err
    assert result.err == ""
    assert "/issues/38" in result.out


def test_who_is_asked_sees_what_about_even_when_it_is_quiet(cli: Cli, project: Project) -> None:
    begin_release(cli)
    code, screen = converse(["run", "milestone-issues", "--defer-open", "--quiet"], [("Do this?", "n")])
    assert code == 3
    assert "move #29 to milestone 0.3.0" in screen


@pytest.mark.parametrize("arguments", [("--verbose", "status"), ("status", "-v")])
def test_verbose_shows_each_request_and_git_command_once(
    cli: Cli, project: Project, twin: Twin, arguments: tuple[str, ...]
) -> None:
    plain = cli("status")
    before = len(twin.requests)
    result = cli(*arguments)
    shown = re.findall(r"^  (GET|POST) (\S+): (\d+)", result.err, re.MULTILINE)
    api = [(method, status) for method, path, status in twin.requests[before:] if path.startswith("/api/")]
    of_api = [(method, int(status)) for method, path, status in shown if not path.startswith("http")]
    assert sorted(of_api) == sorted(api)
    assert re.search(r"^  git rev-parse --show-toplevel: exit 0, \d+ ms$", result.err, re.MULTILINE)
    assert twin.tokens["maintain"] not in result.err
    assert result.out.splitlines()[0] == plain.out.splitlines()[0]
    assert not re.search("GET|git ", cli("status").err)  # only that one command was verbose


def test_verbose_says_which_request_failed(cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    result = cli("board", "ServiceNow", "--verbose")
    assert result.code == 1
    assert re.search(r"POST /api/graphql: failed, \d+ ms", result.err)


COLOURS = [
    ({}, None), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, None), ({"FORCE_COLOR": "1"}, True),
    ({"FORCE_COLOR": "0"}, None), ({"CLICOLOR_FORCE": "1"}, True), ({"CLICOLOR": "0"}, False), ({"TERM": "dumb"}, False),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False), ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
]  # fmt: skip


@pytest.mark.parametrize(("variables", "wanted"), COLOURS)
def test_the_variables_for_colours_are_those_that_people_know(
    variables: dict[str, str], wanted: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert color_wanted() is wanted


COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]")


@pytest.mark.parametrize("arguments", [["status"], ["board"], ["run", "no-such-step"], ["lint"]])
def test_no_colour_reaches_a_terminal_that_wants_none(
    cli: Cli, project: Project, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(converse(arguments, [], raw=True)[1])


@pytest.mark.parametrize(
    ("arguments", "link"),
    [
        (["status"], r";{url}/milestone/2\x1b\\[^\x1b]*Milestone 0\.2\.0\x1b"),
        (
            ["run", "main-ci", "--yes"],
            r";{url}/milestone/2\x1b\\Milestone 0\.2\.0\x1b(?s:.*);{url}/commit/\w+\x1b\\main-ci\x1b",
        ),
        (["tick", "main-ci"], r";{url}/commit/\w+\x1b\\main-ci\x1b"),
    ],
)
def test_words_with_an_address_can_be_opened_at_a_terminal(
    cli: Cli, project: Project, twin: Twin, arguments: list[str], link: str
) -> None:
    begin_release(cli)
    screen = converse(arguments, [], raw=True)[1]
    pattern = link.replace("{url}", re.escape(f"{twin.url}/ServiceNow/Fast-LLM"))
    assert re.search(rf"\x1b\]8;[^;]*{pattern}", screen), screen
    piped = cli(*arguments)
    assert "\x1b" not in piped.out + piped.err


@pytest.mark.parametrize("arguments", [["status"], ["board"], ["run", "no-such-step"], ["tick", "main-ci"]])
def test_a_dumb_terminal_gets_text_alone(cli: Cli, project: Project, arguments: list[str]) -> None:
    begin_release(cli)
    screen = converse(arguments, [], raw=True, term="dumb")[1]
    assert "\x1b" not in screen
    assert screen.strip()


def test_a_pipe_gets_text_alone_unless_colours_are_forced(cli: Cli, project: Project) -> None:
    begin_release(cli)
    result = cli("tick", "no-such-step")
    assert "\x1b" not in result.out + result.err
    forced = subprocess.run(
        [sys.executable, "-m", "fastrel_cli", "tick", "no-such-step"],
        env={**os.environ, "FORCE_COLOR": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert COLOUR.search(forced.stderr)
