"""Every help text has examples that can be typed, and says how the command ends; the codes are what happens."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from fastrel_cli.exit_codes import EXIT_CODES
from fastrel_cli.main import COMMANDS, cli
from fastrel_cli.reference import examples_of
from stage import Cli, Project, begin_release


def command_of(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


EXAMPLES = [line for name in COMMANDS for line in examples_of(command_of(name))] + examples_of(cli)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_examples_of_itself(name: str) -> None:
    examples = examples_of(command_of(name))
    assert examples
    assert all(line.startswith(f"fastrel-checklist {name}") for line in examples)


@pytest.mark.parametrize("line", EXAMPLES)
def test_each_example_can_be_typed(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state.json").touch()
    program, name, *arguments = shlex.split(line.partition(" | ")[0], comments=True)
    assert program == "fastrel-checklist"
    command_of(name).make_context(name, arguments, parent=click.Context(cli))  # parses and checks, and runs nothing


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_says_how_the_command_ends(cli: Cli, name: str) -> None:
    result = cli(*filter(None, [name, "--help"]))
    assert result.code == 0
    assert "Exit codes:" in result.out
    assert "--quiet" in result.out
    assert "--verbose" in result.out


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_on_a_standard_terminal(cli: Cli, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in cli(*filter(None, [name, "--help"])).out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sttus", "Did you mean status?"),
        ("--verbos", "--verbose"),
        ("--repo", "The option --repo stands behind the command."),
        ("qqqqq", "qqqqq"),
    ],
)
def test_what_is_mistyped_before_or_as_a_command(cli: Cli, typed: str, words: str) -> None:
    done = cli(typed)
    assert done.code == 2
    assert words in done.err


def test_the_exit_codes_are_those_of_the_table(cli: Cli, project: Project) -> None:
    begin_release(cli)
    seen = {
        cli("lint").code,  # fine
        cli("tick", "no-such-step").code,  # wrong use
        cli("run", "milestone-issues").code,  # nobody is there to decide
    }
    project.change_guide("uses=tag.push", "uses=tag.psh")
    seen.add(cli("lint").code)  # mistakes
    assert seen == set(EXIT_CODES) - {130}  # Ctrl-C is in test_continuous_integration.py


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no release guide yet. To make one, type: fastrel-checklist init"),
        ({"docs/releasing.md": "---\nfastrel: {}\n---\n- [ ] Tag.\n"}, "The guide is docs/releasing.md."),
        ({"docs/a.md": "---\nfastrel: {}\n---\n", "docs/b.md": "---\nfastrel: {}\n---\n"}, "several guides"),
        (None, "not in a git repository. To watch a release, type: fastrel-checklist rehearse --sample"),
    ],
)
def test_without_a_command_it_says_the_one_to_type_next(
    cli: Cli, files: dict[str, str] | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    if files is not None:
        (place / ".git").mkdir()
    for name, text in (files or {}).items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
    monkeypatch.chdir(place)
    shown = cli()
    assert shown.code == 0
    assert said in " ".join(" ".join(shown.out.splitlines()[-2:]).split())
    headings = [line for line in shown.out.splitlines()[:-2] if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options:", "Every day:", "Set up:", "Rarely:", "For workflows and shells:"]
