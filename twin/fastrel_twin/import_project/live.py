"""Reads a seed from GitHub: what the token may see, and without changing anything."""

from __future__ import annotations

from datetime import UTC, datetime

from fastrel.engine.session import Session
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue, MergedPull
from fastrel.release import Release
from fastrel.tracker.issue import trackers
from fastrel.tracker.marker import tracker_version
from fastrel_twin.import_project.seed import Seed, SeedIssue, SeedMilestone, SeedPull, SeedRelease


def seed_of(session: Session, release: Release) -> Seed:
    """What GitHub knows of a release that is to be rehearsed. FastrelError when it cannot be read."""
    repository, settings = session.repository, session.guide.settings
    facts, role = repository.facts(), repository.role()
    milestones = {one.number: one for one in repository.milestones.all()}
    own = repository.milestones.named(release.milestone) if release.milestone else None
    merged, brought = _merged(repository, release)
    found: dict[int, Issue] = {}
    listings = [
        repository.issues.in_milestone(own.number) if own else (),
        repository.issues.labelled(settings.bug_label),
        trackers(repository, settings),
    ]
    for issue in (one for listing in listings for one in listing):
        found[issue.number] = issue
    titles = {number: one.title for number, one in milestones.items()}
    issues = [_issue(one, titles, merged.get(one.number), brought.get(one.number, ())) for one in found.values()]
    issues += [_only_merged(pull, brought[number]) for number, pull in merged.items() if number not in found]
    labels = [settings.bug_label, *(label for one in issues for label in one.labels), *settings.feature_labels]
    rules = repository.code.rules(release.branch)
    head, checklist = repository.code.head(release.branch), settings.workflow_path
    runs = [one.name for one in repository.ci.results(release.branch, head, checklist)]
    return Seed(
        repository=repository.name,
        login=repository.login(),
        role=role.value if role else "",
        labels=tuple(dict.fromkeys(labels)),
        milestones=tuple(
            SeedMilestone(one.title, one.state, one.due.isoformat() if one.due else "") for one in milestones.values()
        ),
        issues=tuple(sorted(issues, key=lambda one: one.number)),
        releases=tuple(
            SeedRelease(
                one.tag, one.name, one.draft, one.prerelease, one.published_at.isoformat() if one.published_at else ""
            )
            for one in repository.releases.all()
        ),
        categories=tuple(one.name for one in repository.discussions.categories()),
        has_discussions=facts.has_discussions,
        takes_pushes=rules.takes_pushes,
        checks=tuple(dict.fromkeys([*runs, *rules.checks])),
        workflows=_workflows(repository, release, checklist),
        web=facts.url.removesuffix(f"/{facts.name}"),
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _merged(repository: Repository, release: Release) -> tuple[dict[int, MergedPull], dict[int, tuple[str, ...]]]:
    """The pull requests that were merged since the previous release, and the commits that each brought."""
    pulls: dict[int, MergedPull] = {}
    commits: dict[int, tuple[str, ...]] = {}
    for commit in repository.code.commits_since(release.previous_tag, release.branch):
        for pull in commit.pulls:
            pulls[pull.number] = pull
            commits[pull.number] = (*commits.get(pull.number, ()), commit.sha)
    return pulls, commits


def _workflows(repository: Repository, release: Release, checklist: str) -> tuple[str, ...]:
    tag = repository.code.tags().get(release.previous_tag)
    if tag is None:
        return ()
    return tuple(run.name for run in repository.ci.workflow_runs(repository.code.commit_of(tag), tag.name, checklist))


def _issue(issue: Issue, titles: dict[int, str], merged: MergedPull | None, commits: tuple[str, ...]) -> SeedIssue:
    pull = (
        SeedPull(issue.merged or merged is not None, merged.base if merged else "", commits) if issue.is_pull else None
    )
    return SeedIssue(
        issue.number,
        issue.title,
        issue.author,
        issue.state,
        issue.state_reason,
        issue.labels,
        titles.get(issue.milestone, ""),
        issue.body if tracker_version(issue.body) else "",
        issue.created.isoformat() if issue.created else "",
        issue.closed.isoformat() if issue.closed else "",
        pull,
    )


def _only_merged(pull: MergedPull, commits: tuple[str, ...]) -> SeedIssue:
    """A merged pull request of which only the commits are known."""
    return SeedIssue(
        pull.number, pull.title, pull.author, "closed", labels=pull.labels, pull=SeedPull(True, pull.base, commits)
    )
