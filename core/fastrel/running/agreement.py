"""Agreeing to a guide that is not the one which the tracker names."""

from __future__ import annotations

import shlex

from fastrel.errors import WorkRemains
from fastrel.guide.changes import GuideNews
from fastrel.running.reporter import Reporter


def is_agreed(news: GuideNews | None, reporter: Reporter, *, dry_run: bool) -> bool:
    """Announce a guide that is not the tracker's, before anything of it is executed, its checks included; whether all
    of it may be. WorkRemains when somebody does not want that."""
    if news:
        reporter.announces(news)
    if not news or not news.to_agree:
        return True
    if dry_run:
        return False
    if not reporter.agrees(news):
        see = f"`git log -p {news.recorded[:12]}.. -- {shlex.quote(news.path)}`." if news.recorded else ""
        raise WorkRemains(
            "Stopped before the first step.",
            done="Nothing was changed.",
            next_step=f"See what changed in {news.path}: {see}",
        )
    return True
