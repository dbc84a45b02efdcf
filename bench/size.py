"""Large guides and large milestones: what a report costs when they grow, in time and in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.measure import PYTHON, ROOT, Row, Used, used
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing

SIZES = (100, 1_000, 10_000)
ROUNDS = 5
MEMORY = 200
"""Megabytes."""
HEAD = "---\nfastrel:\n  repository: ServiceNow/Fast-LLM\n---\n# Releasing\n\n<!-- checklist -->\n"


def rows() -> list[Row]:
    return [
        *_grown("steps in the guide", lambda twin, guide, size: guide.write_text(_guide(size), encoding="utf-8")),
        *_grown("issues in the milestone", lambda twin, guide, size: _add_issues(twin, size)),
    ]


def _grown(noun: str, grow: Callable[[Twin, Path, int], object]) -> list[Row]:
    """Time for each of the last entries against that for each of those before, and memory against its limit."""
    found: list[Used] = []
    for size in SIZES:
        guide = (ROOT / "docs" / "release-guide.md").read_text(encoding="utf-8")
        with (
            tempfile.TemporaryDirectory(prefix="fastrel-bench-") as folder,
            running_twin(Path(folder) / "github", guide_text=guide, timing=Timing()) as twin,
        ):
            checkout = clone_sample(twin, Path(folder) / "Fast-LLM")
            grow(twin, checkout / "docs" / "release-guide.md", size)
            environment = {"GITHUB_API_URL": twin.api_url, "GH_TOKEN": twin.tokens["maintain"]}
            command = [PYTHON, "-m", "fastrel_cli", "status", "0.2.0"]
            tries = [used(command, env=environment, cwd=checkout) for _ in range(ROUNDS)]
            found.append(min(tries, key=lambda one: one.computing))
    # The time of the command alone, without that of the server. Start-up is the same for all, so growth is compared.
    small, middle, large = (one.computing for one in found)
    # Differences of less than a tenth of the smallest time are noise: dividing by them would tell nothing.
    growth = (large - small) / max(middle - small, small / 10)
    entries = (SIZES[2] - SIZES[0]) / (SIZES[1] - SIZES[0])
    times = " / ".join(f"{one.computing:.2f} s" for one in found)
    sizes = " / ".join(f"{size:,}" for size in SIZES)
    memory = found[-1].megabytes
    return [
        Row(f"`status`, {sizes} {noun}: growth / linear growth", growth / entries, 1.5, times),
        Row(f"memory with {SIZES[-1]:,} {noun} / {MEMORY} MB", memory / MEMORY, 1, f"{memory:.0f} MB"),
    ]


def _guide(steps: int) -> str:
    """Phases of twenty steps each."""
    parts = []
    for number in range(steps):
        if number % 20 == 0:
            parts.append(f"<!-- /checklist -->\n\n## Phase {number // 20}\n\n<!-- checklist -->\n" if number else "")
        parts.append(f"- [ ] Do thing {number}. <!-- step thing-{number} -->\n")
    return f"{HEAD}{''.join(parts)}<!-- /checklist -->\n"


def _add_issues(twin: Twin, number: int) -> None:
    with twin.store.lock:
        for one in range(number):
            twin.store.add_issue(f"Issue {one}", "rae", body="What is wrong, and how to see it. " * 10, milestone=2)
