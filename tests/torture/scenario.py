"""A release from its first command to its last, as a list of deeds, in the modes that are tortured."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastrel_twin.clone import clone_sample
from fastrel_twin.proxy import twin_behind_proxy
from fastrel_twin.records import Issue
from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from snapshot import Scene
from stage import GUIDE

MODES = ("minor", "patch", "pull-request")
PEOPLE_WROTE = (
    "Please wait for **Ada** before phase 4.  \n\n* [ ] a box of our own <!-- not yours -->",
    "    \t  — a note below a step, with “quotes”, ünïcode 🚀 and trailing blanks   ",
    "## Our minutes\n\n| who | what |\n|---|---|\n| mia | `run` |\n\n- [x] lunch\n<!-- step no-such-step -->",
)
"""What people put above, between and below the steps; it must be there at the end, byte for byte."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that somebody types, and types again when it was killed."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does on GitHub."""

    words: str
    do: Callable[[Twin], None]


Step = Command | Deed


def steps_of(mode: str) -> tuple[Step, ...]:
    """The whole release, in its order."""
    version = "0.1.1" if mode == "patch" else "0.2.0"
    return (
        Command(("open", version)),
        Deed("people write into the release issue, tick a box and label pull requests", _people),
        Command(("tick", "open-bugs", "--version", version, "--note", "they have a workaround")),
        Command(("tick", "edit-notes", "--version", version, "--note", "read by mia")),
        Command(("sync", version)),
        Command(("run", version, "--yes", "--defer-open", "--interval", "0.05", "--timeout", "2")),
    )


@contextmanager
def scene_of(mode: str, root: Path) -> Iterator[Scene]:
    """The scene before the first step; the environment of this process is that of the maintainer, in the checkout."""
    timing = Timing(merge_seconds=0.0 if mode == "pull-request" else None)
    with twin_behind_proxy(root / "github", guide_text=GUIDE.read_text(encoding="utf-8"), timing=timing) as (
        twin,
        proxy,
    ):
        if mode == "pull-request":
            twin.store.protect("main")
        checkout = root / "work" / "Fast-LLM"
        kept, here = dict(os.environ), Path.cwd()
        os.environ.update(environment(twin, root))
        clone_sample(twin, checkout)
        os.chdir(checkout)
        try:
            yield Scene(twin, checkout, proxy)
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(kept)


def environment(twin: Twin, root: Path) -> dict[str, str]:
    """What the maintainer's shell has set; nothing of this machine's own git or GitHub comes in."""
    return {
        "GITHUB_API_URL": twin.api_url,
        "GH_TOKEN": twin.tokens["maintain"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(root),
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


def tracker_of(twin: Twin) -> Issue | None:
    """The tracker; None when there is none. AssertionError when there are several."""
    found = [one for one in twin.store.issues.values() if "release" in one.labels]
    assert len(found) < 2, f"{len(found)} release issues"
    return found[0] if found else None


def people_lost(twin: Twin) -> list[str]:
    """What people wrote and is not in the tracker any more, or is there twice."""
    tracker = tracker_of(twin)
    body = tracker.body if tracker else ""
    return [text for text in PEOPLE_WROTE if body.count(text) != 1]


def _people(twin: Twin) -> None:
    tracker = tracker_of(twin)
    assert tracker, "there is no release issue to write into"
    lines = tracker.body.split("\n")
    ours = next(number for number, line in enumerate(lines) if "<!-- step docs-current -->" in line)
    lines[ours] = lines[ours].replace("- [ ]", "- [x]")
    lines.insert(ours + 1, PEOPLE_WROTE[1])
    marker, head = lines[0], lines[1:]
    tracker.body = "\n".join([marker, PEOPLE_WROTE[0], "", *head, "", PEOPLE_WROTE[2]])
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
