"""The published documentation, verified by the version that it shows, or by GitHub's record of its deployment."""

from __future__ import annotations

from fastrel.actions.action import Action, Context
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, waiting
from fastrel.web.docs_site import site_shows


class SiteLive(Action):
    name = "site.live"
    summary = (
        "Done when the published site shows the version, in its text or in `versions.json`; or, with `environment=`, "
        "when GitHub records a successful deployment of the tag. `run` waits."
    )
    parameters = {
        "url": "address of the site, instead of `site:` in the front matter",
        "text": "what the site must show, instead of the version",
        "environment": "environment of the deployment, such as `github-pages`; then the site itself is not read",
    }

    def check(self, context: Context) -> Verdict:
        tag = context.repository.code.tags().get(context.release.tag)
        if tag is None:
            return blocked(f"{context.release.tag} is not on the remote yet")
        environment = context.parameter("environment")
        if environment:
            return _deployed(context, environment, context.repository.code.commit_of(tag))
        url = context.parameter("url", context.settings.site)
        if not url:
            return failed("the guide names no site")
        wanted = context.parameter("text", "{{ version }}")
        shown = site_shows(url, wanted)
        if not shown:
            return waiting(f"the site does not show {wanted} yet", Link("site", url))
        return done(f"the site shows {wanted}", Link("site", shown))


def _deployed(context: Context, environment: str, commit: str) -> Verdict:
    found = context.repository.ci.deployment(commit, environment)
    if found is None:
        return waiting(f"{commit[:7]} is not deployed to {environment} yet")
    links = [Link(environment, found.url)] if found.url else []
    if not found.conclusion:
        return waiting(f"the deployment of {commit[:7]} to {environment} goes on", *links)
    if found.conclusion != "success":
        return failed(f"the deployment of {commit[:7]} to {environment} ended with {found.conclusion}", *links)
    return done(f"{commit[:7]} is deployed to {environment}", *links)
