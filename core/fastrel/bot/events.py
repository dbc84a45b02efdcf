"""Decides what to do for an event of GitHub Actions: which trackers to sync, which comment to answer. Pure.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastrel.bot.commands import read_commands
from fastrel.github.model import Issue
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Settings
from fastrel.release import version_of_tag
from fastrel.tracker.marker import version_of_guide
from fastrel.tracker.trust import is_believed


@dataclass(frozen=True, slots=True)
class Heard:
    """The comment that started a run, as it was at that moment."""

    id: int
    author: str
    body: str
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sync:
    """Bring ticks up to date: those of all open trackers, or of one version's.

    An event that is not about one tracker means all of them: GitHub drops a waiting run for a later
    one, which must not do less.
    """

    version: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the commands in the thread of a tracker."""

    tracker: int
    comment: Heard


@dataclass(frozen=True, slots=True)
class Sweep:
    """Bring all open trackers up to date and answer what nobody has answered in their threads."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The event asks for nothing, and why."""

    reason: str


Reaction = Sync | Answer | Sweep | Nothing

_ISSUES = frozenset(
    {"opened", "closed", "reopened", "deleted", "transferred", "labeled", "unlabeled", "milestoned", "demilestoned"}
)
"""What happens to an ordinary issue that steps look at."""
_EVERYTHING = frozenset(
    {"milestone", "discussion", "discussion_comment", "deployment_status", "page_build", "registry_package"}
)
"""Events that no release can be read from, and that steps of any may look at."""
_HOTFIX = "release/"


def reaction_to(name: str, payload: Fields, settings: Settings) -> Reaction:
    """What to do about an event, by its name and payload."""
    if name in ("schedule", "workflow_dispatch", "repository_dispatch"):
        return Sweep()
    if name == "issue_comment":
        return _to_comment(payload, settings)
    if name == "issues":
        return _to_issue(payload, settings)
    if name == "push":
        return _to_ref(payload.text("ref"), settings)
    if name == "release":
        return _to_tag(payload.sub("release").text("tag_name"), settings)
    if name in ("check_suite", "check_run", "workflow_run", "status"):
        return _to_checks(name, payload, settings)
    if name in _EVERYTHING:
        return Sync()
    return Nothing(f"No step looks at the event {name}.")


def is_tracker(issue: Fields, settings: Settings) -> bool:
    """Whether an issue, as GitHub shows it, is a tracker: by its author, its label and its marker. A pull request is
    none."""
    found = Issue.read(issue)
    labelled = settings.label.casefold() in {label.casefold() for label in found.labels}
    return labelled and not found.is_pull and bool(_version(issue, settings)) and is_believed(found, "")


def _to_comment(payload: Fields, settings: Settings) -> Reaction:
    issue, comment = payload.sub("issue"), payload.sub("comment")
    author = comment.sub("user")
    if payload.text("action") != "created":
        return Nothing("Comments are read once, when they are written.")
    if not is_tracker(issue, settings):
        return Nothing("The comment is not in the thread of a release issue.")
    if author.text("type") != "User":
        return Nothing("Comments of bots are not commands.")
    if not read_commands(comment.text("body")):
        return Nothing("The comment does not begin with a command.")
    heard = Heard(comment.number("id"), author.text("login"), comment.text("body"), comment.time("created_at"))
    return Answer(issue.number("number"), heard)


def _to_issue(payload: Fields, settings: Settings) -> Reaction:
    issue, action = payload.sub("issue"), payload.text("action")
    if not is_tracker(issue, settings):
        moved = action in _ISSUES
        return Sync() if moved else Nothing(f"No step looks at an issue that is {action} and no release issue.")
    if issue.text("state") != "open":
        return Nothing("The release issue is closed.")
    # Our own edits start no run where the token is that of Actions; with the token of an app they do.
    if payload.sub("sender").text("type") == "Bot":
        return Nothing("A bot edited the release issue, as this tool does.")
    return Sync(_version(issue, settings))


def _to_ref(ref: str, settings: Settings) -> Reaction:
    if ref.startswith("refs/tags/"):
        return _to_tag(ref.removeprefix("refs/tags/"), settings)
    return _to_branch(ref.removeprefix("refs/heads/"), settings)


def _to_branch(branch: str, settings: Settings) -> Reaction:
    if branch == settings.branch or branch.startswith(_HOTFIX):
        return Sync()
    return Nothing("The branch is none that is released from.")


def _to_tag(tag: str, settings: Settings) -> Reaction:
    ours = version_of_tag(tag, settings.naming) is not None
    return Sync() if ours else Nothing("The tag is not that of a release.")


def _to_checks(name: str, payload: Fields, settings: Settings) -> Reaction:
    run = payload.sub(name)
    if name == "status":
        branches = {one.text("name") for one in payload.items("branches")}
        return Sync() if settings.branch in branches else Nothing("The branch is none that is released from.")
    if payload.text("action") != "completed":
        return Nothing("The checks are not through yet.")
    if name == "workflow_run":
        # The branch of a fork may have any name.
        own = payload.sub("repository").text("full_name")
        if run.text("event").startswith("pull_request") or run.sub("head_repository").text("full_name") != own:
            return Nothing("The checks are those of a pull request.")
    branch = (run.sub("check_suite") if name == "check_run" else run).text("head_branch")
    if not branch:  # as for a tag, or for the branch of a fork
        return Sync()
    # The runs of a tag have its name in the place of a branch.
    tagged = version_of_tag(branch, settings.naming) is not None
    return Sync() if tagged else _to_branch(branch, settings)


def _version(issue: Fields, settings: Settings) -> str:
    """The version in the marker of a tracker of the guide; empty when it is none."""
    return version_of_guide(issue.text("body"), settings)
