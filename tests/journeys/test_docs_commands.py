"""Every command that README and docs show in a shell block is typed on the twin, as docs_commands.yml says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from stage import ROOT, Cli, Project, ReleasedUpTo

FENCE = re.compile(r"^([ ]*)(`{3,})(\w*)[^\n]*\n(.*?)^\1\2[ ]*$", re.MULTILINE | re.DOTALL)
SHELL = ("bash", "console", "sh", "shell")
GENERATED = ("docs/reference/cli.md",)
"""Its commands are the examples of the commands' own help."""
MORE_PROGRAMS = ("sed", "printf", "grep")


@dataclass(frozen=True)
class Place:
    """What a page's commands need."""

    up_to: str | None = None
    before: str = ""
    put: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    shows: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)


PLACES = {
    name: Place(**(place or {}))
    for name, place in yaml.safe_load((Path(__file__).parent / "docs_commands.yml").read_text(encoding="utf-8")).items()
}


def blocks(page: str) -> list[str]:
    """The shell blocks of a page for its readers; those inside of other blocks, and of steps, are not."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block for indent, _, language, block in FENCE.findall(text) if language in SHELL and not indent]


def pages() -> dict[str, list[str]]:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    names = [file.relative_to(ROOT).as_posix() for file in files]
    return {name: found for name in names if name not in GENERATED and (found := blocks(name))}


def left_out(line: str, place: Place) -> bool:
    return any(line.startswith(beginning) for beginning in place.left)


def test_the_list_has_every_page_with_commands_and_no_other() -> None:
    assert set(PLACES) == set(pages())
    for name, place in PLACES.items():
        lines = "".join(blocks(name)).splitlines()
        for beginning in place.left:
            assert any(line.startswith(beginning) for line in lines), f"{name} does not show {beginning}"
        for words in place.put:
            if not words.startswith("run 0.1"):
                assert words.rstrip("\n") in "".join(blocks(name)), f"{name} does not show {words}"


EXECUTED = [
    name
    for name, place in PLACES.items()
    if any(not left_out(line, place) for line in "".join(blocks(name)).splitlines())
]


@pytest.mark.parametrize("name", EXECUTED)
def test_the_commands_of_a_page_work(
    name: str,
    cli: Cli,
    project: Project,
    released_up_to: ReleasedUpTo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, shown = PLACES[name], ""
    programs = tmp_path / "more"
    programs.mkdir()
    for program in MORE_PROGRAMS:
        found = shutil.which(program, path="/usr/bin:/bin")
        if found:
            (programs / program).symlink_to(found)
    monkeypatch.setenv("PATH", os.pathsep.join([os.environ["PATH"], str(programs)]))
    Path.home().mkdir(exist_ok=True)
    if place.up_to is not None:
        released_up_to(place.up_to)
    _bash(place.before)
    values = {"$TWIN": project.twin.api_url, "$RELEASED": project.git("rev-parse", "--short", "HEAD~1")}
    for block in blocks(name):
        for old, new in place.put.items():
            block = block.replace(old, values.get(new, new))
        for line in block.splitlines():
            if line.strip() and not left_out(line, place):
                shown += _typed(line, cli, monkeypatch, {0, 3, *place.codes})
    missing = [words for words in place.shows if words not in " ".join(shown.split())]
    assert not missing, shown


def _typed(line: str, cli: Cli, monkeypatch: pytest.MonkeyPatch, fine: set[int]) -> str:
    """What a line prints. The program itself is called in this process, which is quicker; what needs a shell gets one."""
    words = shlex.split(line, comments=True)
    if words[0] == "export":
        monkeypatch.setenv(*words[1].split("=", 1))
        return ""
    if words[0] == "cd" and len(words) == 2 and Path(words[1]).is_dir():
        monkeypatch.chdir(words[1])
        return ""
    if words[0] != "fastrel-checklist" or any(one in (">", "|") for one in words):
        return _bash(line)
    done = cli(*words[1:])
    assert done.code in fine, f"{line}\n{done.out}{done.err}"
    return f"{done.out}\n{done.err}\n"


def _bash(script: str) -> str:
    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return f"{done.stdout}\n{done.stderr}\n"
