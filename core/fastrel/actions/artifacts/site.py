"""The published documentation, verified by the version that it shows, or by GitHub's record of its deployment."""

from __future__ import annotations

from fastrel.actions.action import Action, Context
from fastrel.actions.later_release import unless_superseded
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, waiting
from fastrel.web.docs_site import site_answers, site_shows

LOOKED_AT = 10
"""How many runs of a workflow are looked at, the newest first."""


class SiteLive(Action):
    name = "site.live"
    summary = (
        "Done when the published site shows the version, in its text or in `versions.json`; or, with `path=`, when the "
        "site answers there; or, with `environment=`, when GitHub records a successful deployment of the tag; or, with "
        "`workflow=`, when that workflow is green on the branch for a commit that holds the tag's, and the site "
        "answers. `run` waits. It stays done when a later release changes this."
    )
    parameters = {
        "url": "URL of the site, instead of `site:` in the front matter",
        "text": "what the site must show, instead of the version",
        "path": "path below the site that must answer, such as `{{ version }}/`; then its text is not read",
        "workflow": "name of the workflow that deploys the site from the branch, where no page shows the version",
        "environment": "environment of the deployment, such as `github-pages`; then the site itself is not read",
    }

    def check(self, context: Context) -> Verdict:
        return unless_superseded(context, self._now(context), _proof(context))

    def _now(self, context: Context) -> Verdict:
        tag = context.repository.code.tags().get(context.release.tag)
        if tag is None:
            return blocked(f"{context.release.tag} is not on the remote yet")
        environment = context.parameter("environment")
        if environment:
            return _deployed(context, environment, context.repository.code.commit_of(tag))
        url = context.parameter("url", context.settings.site)
        if not url:
            return failed("the guide names no site")
        workflow = context.parameter("workflow")
        if workflow:
            return _deployed_by(context, workflow, context.repository.code.commit_of(tag), url)
        path = context.parameter("path")
        if path:
            return _answers_at(url, path)
        wanted = context.parameter("text", "{{ version }}")
        shown = site_shows(url, wanted)
        if not shown:
            return waiting(f"the site does not show {wanted} yet", Link("site", url))
        return done(f"the site shows {wanted}", Link("site", shown))


def _proof(context: Context) -> str:
    """Words that a verified step has in its evidence."""
    if context.parameter("environment"):
        return "is deployed to"
    return "the site answers" if context.parameter("workflow") or context.parameter("path") else "the site shows"


def _answers_at(url: str, path: str) -> Verdict:
    """Whether the site has a page at a path, such as the folder of the version."""
    place = f"{url.rstrip('/')}/{path.lstrip('/')}"
    if not site_answers(place):
        return waiting(f"the site does not answer at {path} yet", Link("site", url))
    return done(f"the site answers at {path}", Link("site", place))


def _deployed_by(context: Context, workflow: str, commit: str, url: str) -> Verdict:
    """Whether a workflow of the branch has deployed a commit that holds the tag's, and the site answers."""
    branch, code = context.release.branch, context.repository.code
    runs = [one for one in context.repository.ci.runs_of(branch) if workflow in (one.name, one.file.rpartition("/")[2])]
    runs.sort(key=lambda one: one.id, reverse=True)
    holding = [one for one in runs[:LOOKED_AT] if one.sha == commit or code.relation(commit, one.sha) == "ahead"]
    green = next((one for one in holding if one.conclusion == "success"), None)
    if green is None:
        if not holding or not holding[0].conclusion:
            return waiting(f"{workflow} has not deployed {context.release.version} from {branch} yet")
        red = holding[0]
        return failed(f"{workflow} ended with {red.conclusion} on {red.sha[:7]}", Link(workflow, red.url))
    if not site_answers(url):
        return waiting("the site does not answer yet", Link("site", url))
    words = f"{workflow} is green on {green.sha[:7]}, which holds {context.release.tag}, and the site answers"
    return done(words, Link(workflow, green.url), Link("site", url))


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
