"""In GitHub Actions no line of ours is a command for the runner, whoever wrote the words in it."""

from __future__ import annotations

import io
import json

import pytest

from fastrel_cli.github_actions.escape_commands import EscapedStream
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

HOSTILE = "##[error]gone ::add-mask::x"


@pytest.mark.parametrize(
    "command",
    [("status",), ("status", "--json"), ("run", "--dry-run"), ("snapshot", "--output", "-"), ("open", "0.2.0")],
)
def test_titles_are_no_commands_for_the_runner(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    begin_release(cli)
    for issue in twin.store.issues.values():
        if not issue.pull:
            issue.title = f"{HOSTILE}\n::add-mask::mia\n::error::x"
    project.change_guide("Push the tag.", f"{HOSTILE} push.", push=True)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    shown = cli(*command)
    lines = (shown.out + shown.err).splitlines()
    assert [line for line in lines if "##[" in line or line.lstrip().startswith("::")] == []
    if "--json" in command or "-" in command:
        assert json.loads(shown.out)["version"] == "0.2.0"


def test_elsewhere_the_words_stay_as_they_are(cli: Cli, project: Project) -> None:
    begin_release(cli)
    project.change_guide("Push the tag.", f"{HOSTILE} push.", push=True)
    assert "##[error]gone" in cli("run", "--dry-run").err
    assert any("##[error]gone" in one["title"] for one in cli("status", "--json").json["steps"])  # type: ignore[attr-defined]  # a list of steps


@pytest.mark.parametrize(
    "pieces",
    [
        ["::error::x"],
        ["  ", "::error::x"],
        [":", ":error::x"],
        ["words\n", ":", ":", "error::x"],
        ["\t", ":", ":error::x\n::add-mask::y"],
        ["words\r::error::x"],
        ["##[error]x"],
        ["##", "[error]x"],
        ["#", "#", "[error]x"],
        ["words #", "#[error]x ##[group]y"],
        ["###", "[error]x"],
        ["\n", "##", "[error]x\n", "##", "[error]y"],
    ],
)
def test_what_is_written_in_pieces_is_no_command_either(pieces: list[str]) -> None:
    below = io.BytesIO()
    stream = EscapedStream(below, encoding="utf-8", write_through=True, newline="")
    for piece in pieces:
        assert stream.write(piece) == len(piece)
    lines = below.getvalue().decode().replace("\r", "\n").split("\n")
    assert [line for line in lines if "##[" in line or line.lstrip().startswith("::")] == []


def test_our_own_commands_and_plain_words_stay_as_they_are() -> None:
    below = io.BytesIO()
    stream = EscapedStream(below, encoding="utf-8", write_through=True, newline="")
    for piece in ("a: ", ":", "b", "\n#", "# [x]\n", ": one\n"):
        stream.write(piece)
    stream.command("::warning::w\n")
    assert below.getvalue().decode() == "a: :b\n## [x]\n: one\n::warning::w\n"
