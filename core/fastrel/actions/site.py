"""The published documentation, verified by the version that it shows."""

from __future__ import annotations

from fastrel.actions.action import Action, Context
from fastrel.verdict import Link, Verdict, blocked, done, failed, waiting
from fastrel.website import site_shows


class SiteLive(Action):
    name = "site.live"
    summary = "Done when the published site shows the version, in its text or in `versions.json`. `run` waits."
    parameters = {"url": "address of the site, instead of `site:` in the front matter"}

    def check(self, context: Context) -> Verdict:
        url = context.parameter("url", context.settings.site)
        if not url:
            return failed("the guide names no site")
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        shown = site_shows(url, context.release.version)
        if not shown:
            return waiting(f"the site does not show {context.release.version} yet", Link("site", url))
        return done(f"the site shows {context.release.version}", Link("site", shown))
