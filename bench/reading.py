"""A report over a slow network, against what physics asks and against reading one thing after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import PYTHON, ROOT, Row, alternately
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.simulated_ci import Timing

DELAY = 0.15
"""Seconds that each answer takes, as from another continent."""
ROUNDS = 8
ONE_BY_ONE = ROOT / "bench" / "one_by_one.py"


def rows() -> list[Row]:
    status = [PYTHON, "-m", "fastrel_cli", "status", "0.2.0"]
    with _project() as (twin, checkout, environment):
        asked = len(twin.requests)
        alternately([status], 1, env=environment, cwd=checkout)
        paths = [_path(path) for _, path, _ in twin.requests[asked:]]
        plain = [PYTHON, str(ONE_BY_ONE), *paths]
        near: list[list[float]] = []
        far: list[list[float]] = []
        for _ in range(ROUNDS):  # with and without the delay in turns, too, as the difference is what counts
            for delay, measured in ((0, near), (DELAY, far)):
                twin.delay(delay)
                measured.append(alternately([status, plain], 1, env=environment, cwd=checkout))
        near_ours, near_plain = map(min, zip(*near, strict=True))
        far_ours, far_plain = map(min, zip(*far, strict=True))
    waited, physics = far_ours - near_ours, 2 * DELAY
    return [
        Row(
            "what 150 ms a request add to `status` / two round trips",
            waited / physics,
            1.5,
            f"{waited * 1000:.0f} ms / {physics * 1000:.0f} ms; {len(paths)} requests",
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
