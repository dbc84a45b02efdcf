"""The example that our own docs show: two finished releases and one that is in trouble, and a board, all made by the real
command line on the twin. Times are stretched over weeks, addresses are GitHub's.

Run by `make example`; writes docs/example/.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import GUIDE, ROOT

EXAMPLE = ROOT / "docs" / "example"
VERSION = "0.3.0"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""When the example is looked at."""
GAPS = (1.5, 4, 21, 2.5, 9, 0.7, 26, 3, 14, 1.2, 6)
"""Hours between two moments of the example, going back in time."""
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


def main() -> None:
    with example() as (project, twin):
        EXAMPLE.mkdir(exist_ok=True)
        snapshot, board = states(project, twin)
        for name, text in (("snapshot.json", snapshot), ("board.json", board)):
            (EXAMPLE / name).write_text(text, encoding="utf-8")


@contextmanager
def example(push_tag: Callable[[Path, Twin], None] | None = None) -> Iterator[tuple[Path, Twin]]:
    """A checkout whose third release has a failed, a waiting and a contradicted step. `push_tag` does that step of it,
    such as to take pictures of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_twin(
            Path(folder) / "github", guide_text=GUIDE.read_text(encoding="utf-8"), timing=Timing(), additions=True
        ) as twin,
    ):
        os.environ.update(GITHUB_API_URL=twin.api_url, GH_TOKEN=twin.tokens["maintain"], NO_MKDOCS_2_WARNING="1")
        project = clone_sample(twin, Path(folder) / "work" / "Fast-LLM")
        for number in (24, 27):
            twin.store.issues[number].labels.append("enhancement")
        for version in ("0.2.0", "0.2.1"):
            _decide(project, version)
            if version == "0.2.1":
                _run(project, "skip", "announce-forum", "--version", version, "--reason", "a small fix")
            _run(project, "run", version, "--yes", "--defer-open", "--interval", "0.05")
        _decide(project, VERSION)
        twin.simulated_ci.on_branch = ("Documentation",)
        twin.simulated_ci.failing.add("CI")
        _run(project, "run", VERSION, "--yes", "--defer-open", "--interval", "0.05", "--until", "create-tag")
        if push_tag:
            push_tag(project, twin)
        _run(project, "run", VERSION, "--yes", "--interval", "0.05", "--until", "push-tag")
        _run(project, "run", VERSION, "draft-release", "generate-notes", "edit-notes", "--yes", "--interval", "0.05")
        twin.store.add_issue(
            "Checkpoints of the new format cannot be read", "carl", milestone=_milestone(twin), labels=["bug"]
        )
        _run(project, "sync", VERSION)
        yield project, twin


def states(project: Path, twin: Twin) -> tuple[str, str]:
    """The snapshot and the board as texts."""
    _others(twin)
    file = project / "fastrel.json"
    _run(project, "snapshot", VERSION, "--output", str(file))
    board = subprocess.run(
        [sys.executable, "-m", "fastrel_cli", "board", "ServiceNow", "--json"],
        cwd=project, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return stretched(file.read_text(encoding="utf-8"), twin.url), stretched(board, twin.url)


def stretched(text: str, url: str) -> str:
    """The text with GitHub's address, and its moments spread over the weeks before `NOW`, in the same order."""
    data = json.loads(text)
    keep = {data["milestone"]["due"]} if data.get("milestone") else set()
    found = sorted({one for one in MOMENT.findall(text) if one not in keep}, key=datetime.fromisoformat)
    begun = datetime.fromisoformat(data["at"])
    past = [one for one in found if datetime.fromisoformat(one) <= begun]
    moments, at = {}, NOW
    for number, one in enumerate(reversed(past)):
        moments[one] = at
        at -= timedelta(hours=GAPS[number % len(GAPS)])
    text = MOMENT.sub(
        lambda match: f"{moments[match[0]]:%Y-%m-%dT%H:%M:%SZ}" if match[0] in moments else match[0], text
    )
    return re.sub(r"127\.0\.0\.1:\d+/(?=servicenow/)", "ghcr.io/", text.replace(url, "https://github.com"))


def _decide(project: Path, version: str) -> None:
    _run(project, "open", version)
    for step, note in (
        ("docs-current", "read by two people"),
        ("open-bugs", "ship with 3 open bugs: they have a workaround"),
        ("edit-notes", "a summary for users stands on top"),
    ):
        _run(project, "tick", step, "--version", version, "--note", note)


def _others(twin: Twin) -> None:
    """Releases in progress of further repositories."""
    store = twin.store
    mine = next(one for one in store.issues.values() if "release" in one.labels and one.state == "open")
    for name, version, days, ticks, who in (
        ("ServiceNow/AgentLab", "0.14.0-rc.2", 28, 18, ["mia", "rae"]),
        ("ServiceNow/TapeAgents", "1.0.0", 28, 99, ["tom"]),
        ("ServiceNow/WorkArena", "2.1.0", -2, 12, ["mia"]),
        ("ServiceNow/embeddings", "3.0.0", 40, 3, []),
    ):
        other = store.add_repository(name)
        due = store.now() + timedelta(days=days)
        milestone = other.add_milestone(version, "mia", due)
        body = re.sub(r"- \[x\]", "- [ ]", mine.body.replace(VERSION, version))
        body = re.sub(r"(<!-- step [a-z-]+ -->).*", r"\1", body)
        body = re.sub(r"- \[ \]", "- [x]", body, count=ticks)
        other.add_issue(
            f"Release {version}", "mia", body=body, labels=["release"], milestone=milestone.number, assignees=who
        )


def _milestone(twin: Twin) -> int:
    return next(number for number, one in twin.store.milestones.items() if one.title == VERSION)


def _run(project: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fastrel_cli", *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
