"""Asks for agreement to a guide that differs from the one that the tracker names."""

from __future__ import annotations

import shlex
from dataclasses import replace

from fastrel.engine.release_context import ReleaseContext
from fastrel.engine.session import NOT_AGREED, Session
from fastrel.errors import WorkRemains
from fastrel.guide.changes import GuideNews
from fastrel.running.reporter import Reporter


def agreed(session: Session, context: ReleaseContext, reporter: Reporter, *, dry_run: bool) -> ReleaseContext:
    """The context with which a run goes on after what is new in the guide was announced, and agreed to by a person."""
    news = context.guide_news
    if not _is_agreed(news, reporter, dry_run=dry_run):
        return context
    withheld: dict[str, str] = {}
    if news and not session.agreements.by_person:
        # A bot agrees to nothing: what the release branch does not have is not executed.
        withheld = {one.step_id: NOT_AGREED for one in news.commands}
    elif news and news.to_agree:
        session.agree()
    context = replace(context, guide_news=None, withheld=withheld)
    # A person may have taken a while to answer.
    return context.reread() if news and news.to_agree else context


def _is_agreed(news: GuideNews | None, reporter: Reporter, *, dry_run: bool) -> bool:
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
