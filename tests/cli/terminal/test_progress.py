"""The line that moves while something is waited for: the times stay whole at any width, the words give way."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from fastrel_cli.terminal import progress as waiting

WORDS = "3 of 3 still running on v0.2.0: Tests (in_progress), Docker image (in_progress), Documentation (queued)"


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_elapsed_time_and_limit_stay_whole(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=columns, no_color=True, highlight=False)
    monkeypatch.setattr(waiting, "console", lambda *, stderr: terminal)
    line = waiting.Waiting()
    line.show(WORDS, (1, 3), 5.0, 3600.0, 240.0)
    line.stop()
    drawn = re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue()))
    shown = [one.rstrip() for one in drawn if "at most" in one][-1]
    assert re.search(r"\d:\d\d:\d\d of about 4 min, at most 60 min", shown), shown
    assert len(shown) <= columns
    if columns >= 80:
        assert "━" in shown
        assert "at most 60 min 3 of 3 " in shown
