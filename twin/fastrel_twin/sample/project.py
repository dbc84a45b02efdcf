"""The sample's GitHub state: people, labels, milestones, issues, pull requests, the last release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fastrel_twin.records import Issue, Milestone, Pull, Release
from fastrel_twin.sample.history import (
    BEFORE_LAST_RELEASE,
    BOT,
    ISSUES,
    LABELS,
    OPEN_PULLS,
    OWNER,
    PEOPLE,
    PROJECT,
    SINCE_LAST_RELEASE,
    PullStory,
)
from fastrel_twin.store import Store

NAME = f"{OWNER}/{PROJECT}"


def furnish(store: Store, commits: Mapping[str, str]) -> None:
    """Fill a new store; `commits` are those of the repository by their keys."""
    for login, role in PEOPLE.items():
        store.add_user(login, role)
    store.add_user(BOT, "write", bot=True)
    for name, color in LABELS.items():
        store.add_label(name, color)
    now = store.now()
    last = store.add_milestone("0.1.0", "mia", now - timedelta(days=46))
    last.state, last.closed_at = "closed", now - timedelta(days=45)
    coming = store.add_milestone("0.2.0", "mia", now + timedelta(days=14))
    milestones = {last.title: last, coming.title: coming}
    for story in ISSUES:
        issue = Issue(story.number, story.title, story.author, now - timedelta(days=90 - story.number))
        issue.labels = list(story.labels)
        issue.milestone = milestones[story.milestone].number if story.milestone else 0
        if story.closed:
            store.close(issue)
        store.issues[issue.number] = issue
    for pull in BEFORE_LAST_RELEASE:
        _merged(store, pull, last, commits, days=60 - pull.number)
    for pull in SINCE_LAST_RELEASE:
        _merged(store, pull, coming, commits, days=40 - pull.number)
    for one in OPEN_PULLS:
        issue = Issue(one.number, one.title, one.author, now - timedelta(days=3), milestone=coming.number)
        issue.labels = ["enhancement"]
        issue.pull = Pull(one.branch, draft=one.draft)
        store.issues[issue.number] = issue
    store.issues = dict(sorted(store.issues.items()))
    release = Release(store.new_id(), "v0.1.0", "mia", now - timedelta(days=45), name="v0.1.0")
    release.published_at = now - timedelta(days=45)
    release.body = f"The first release.\n\n**Full Changelog**: {store.url}/{NAME}/commits/v0.1.0"
    store.releases[release.id] = release


def _merged(store: Store, pull: PullStory, milestone: Milestone, commits: Mapping[str, str], days: int) -> None:
    key = f"#{pull.number}"
    issue = Issue(pull.number, pull.title, pull.author, store.now() - timedelta(days=days + 2))
    issue.labels, issue.milestone = list(pull.labels), milestone.number
    issue.pull = Pull(
        f"{pull.author}/work",
        merged_at=store.now() - timedelta(days=days),
        merge_commit=commits[key],
        commits=frozenset(sha for name, sha in commits.items() if name in (key, f"{key}a", f"{key}b")),
    )
    store.close(issue, None)
    issue.closed_at = issue.pull.merged_at
    store.issues[issue.number] = issue
