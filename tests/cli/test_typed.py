"""What a message tells to type again is what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastrel_cli.commands.run import command
from fastrel_cli.options import split
from fastrel_cli.typed import typed


@pytest.mark.parametrize(
    ("arguments", "again"),
    [
        ([], ""),
        (["0.2.0", "--until", "push-tag"], "--until push-tag"),
        (["0.2.0", "push-tag", "--yes", "--dry-run"], "push-tag --yes"),
        (["--answer", "a=b", "--answer", "c=d: e"], "--answer a=b --answer 'c=d: e'"),
        (["--close-open", "--rerun-failed", "--interval", "5"], "--close-open --rerun-failed --interval 5"),
        (["--defer-open", "--guide", "my guide.md", "--repo", "o/n"], "--defer-open --guide 'my guide.md' --repo o/n"),
    ],
)
def test_what_was_typed_is_told_without_the_dry_run(arguments: list[str], again: str) -> None:
    with command.make_context("run", list(arguments)) as context:
        assert typed(*split(context.params["arguments"])[1]) == again


def test_paths_are_shown_as_they_are_typed(tmp_path: Path) -> None:
    notes = tmp_path / "notes of mine.md"
    notes.write_text("x")
    with command.make_context("run", ["--notes-file", str(notes)]):
        assert typed() == f"--notes-file '{notes}'"
