"""A report over a slow network, against what physics asks and against reading one thing after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import PYTHON, ROOT, Row, alternately
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing

DELAY = 0.15
"""Seconds that each answer takes, as from another continent."""
ROUNDS = 8
ISSUES = 300
"""Open bugs of the row with a long list."""
ONE_BY_ONE = ROOT / "bench" / "one_by_one.py"


def rows() -> list[Row]:
    status = [PYTHON, "-m", "fastrel_cli", "status", "0.2.0"]
    with _project() as (twin, checkout, environment):

        def measured(commands: list[list[str]]) -> tuple[list[float], list[float]]:
            """The best times of commands nearby and far away; with and without the delay in turns, too, as the
            difference is what counts."""
            near: list[list[float]] = []
            far: list[list[float]] = []
            for _ in range(ROUNDS):
                for delay, times in ((0, near), (DELAY, far)):
                    twin.delay(delay)
                    times.append(alternately(commands, 1, env=environment, cwd=checkout))
            twin.delay(0)
            best_near, best_far = [list(map(min, zip(*times, strict=True))) for times in (near, far)]
            return best_near, best_far

        asked = len(twin.requests)
        alternately([status], 1, env=environment, cwd=checkout)
        paths = [_path(path) for _, path, _ in twin.requests[asked:]]
        plain = [PYTHON, str(ONE_BY_ONE), *paths]
        (near_ours, near_plain), (far_ours, far_plain) = measured([status, plain])
        bugs = sum("bug" in one.labels and one.state == "open" for one in twin.store.issues.values())
        for number in range(bugs, ISSUES):
            twin.store.add_issue(f"Bug {number}", "carl", labels=["bug"])
        (near_many,), (far_many,) = measured([status])
    waited, physics = far_ours - near_ours, 2 * DELAY
    further, pages = far_many - near_many, (ISSUES // 100 - 1) * DELAY
    return [
        Row(
            "what 150 ms a request add to `status` / two round trips",
            waited / physics,
            1.5,
            f"{waited * 1000:.0f} ms / {physics * 1000:.0f} ms; {len(paths)} requests",
        ),
        Row(
            f"the same with {ISSUES} open bugs, paged by cursors / two round trips and one for each further page",
            further / (physics + pages),
            1.5,
            f"{further * 1000:.0f} ms / {(physics + pages) * 1000:.0f} ms; {ISSUES // 100} pages, one after the other",
        ),
        Row(
            "the same requests one by one with PyGithub / `status`",
            far_plain / far_ours,
            4,
            f"{far_plain:.2f} s / {far_ours:.2f} s with start-up; {near_plain:.2f} s / {near_ours:.2f} s nearby",
            at_least=True,
        ),
    ]


def _path(logged: str) -> str:
    """What PyGithub is asked for: the path below the API's address."""
    return "graphql" if logged.endswith("/graphql") else logged.removeprefix("/api/v3")


@contextmanager
def _project() -> Iterator[tuple[Twin, Path, dict[str, str]]]:
    guide = (ROOT / "docs" / "release-guide.md").read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory(prefix="fastrel-bench-") as folder,
        running_twin(Path(folder) / "github", guide_text=guide, timing=Timing()) as twin,
    ):
        token = twin.tokens["maintain"]
        checkout = clone_sample(twin, Path(folder) / "Fast-LLM")
        yield twin, checkout, {"GITHUB_API_URL": twin.api_url, "GH_TOKEN": token}
