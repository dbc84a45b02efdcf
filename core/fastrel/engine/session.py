"""A session: one guide, one repository, perhaps one checkout; and what can be done with them together."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from fastrel.actions.registry import action_of
from fastrel.board.history import history_json, history_of
from fastrel.engine.agreements import Agreements, Remembered, commands_of, key_of, not_agreed
from fastrel.engine.closed_early import reopen_words
from fastrel.engine.evaluate import evaluate
from fastrel.engine.guide_changes import guide_news, guide_place
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.roles import role_of
from fastrel.engine.selection import coming_version, current_version, in_progress, only_version
from fastrel.engine.tick_authors import believer
from fastrel.engine.warnings import warnings_of
from fastrel.errors import NotAuthenticated, RoleUnknown, TrackerClosed, UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.github.transport.failures import SIGN_IN
from fastrel.guide.changes import Command, GuideNews
from fastrel.guide.model import Guide
from fastrel.release import Release, parse_version, release_of, require_may_follow
from fastrel.report.report import Report, report_json
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import (
    GIVEN_UP,
    change_tracker,
    find_tracker,
    given_up_tracker,
    record_guide,
    trackers,
    unlabelled_tracker,
)
from fastrel.tracker.model import Change
from fastrel.tracker.new_body import Line
from fastrel.tracker.trust import Believes

SKEW = timedelta(minutes=1)
"""How far this computer's clock may be from GitHub's and still count; answers take their time."""
NOT_AGREED = "nobody on this machine has agreed to its command"
OTHER_THAN_RECORDED = "its command is not the one of the release issue's guide"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """What every command works with."""

    guide: Guide
    repository: Repository
    worktree: Worktree | None = None
    clock: Callable[[], datetime] = utc_now
    on_behalf_of: str = ""
    """Whose wish is executed, where that is not the token's owner: their role counts, their name is the evidence's."""
    pause: Callable[[float], None] = time.sleep
    """Waits for so many seconds, before another try."""
    agreements: Agreements = field(default_factory=Remembered)
    """Which commands of guides a person has agreed to."""
    retyped: Callable[[str], str] | None = None
    """What was typed, with a version in it, for messages; None where nothing was typed."""

    def now(self) -> datetime:
        """What time it is: GitHub's, where this computer's clock is wrong."""
        here, there = self.clock(), self.repository.client.server_now()
        return there if there and abs(there - here) > SKEW else here

    def release(self, version: str = "") -> Release:
        """The release of a version; without one, that of the open tracker, the next milestone or the next minor."""
        settings = self.guide.settings
        if version:
            parse_version(version, settings.naming.scheme)
        self._read_ahead()
        self.repository.require_usable(
            self.settled_guide().settings.branch
        )  # says best what is wrong with the repository
        wanted = version or current_version(self.repository, settings)
        tracker = find_tracker(self.repository, settings, str(parse_version(wanted, settings.naming.scheme)))
        return self.release_at(wanted, parse_body(tracker.body).base if tracker else "")

    def proposal(self) -> str:
        """The version that comes next: the open milestone's, else the next minor."""
        self._read_ahead()
        self.repository.require_usable(self.settled_guide().settings.branch)
        return coming_version(self.repository, self.guide.settings)

    def context(self, version: str = "", *, to_run: bool = False) -> ReleaseContext:
        """The release of a version, with its tracker and what is new in the guide since the tracker names one. To run
        steps, the guide is compared also outside of a checkout."""
        before = self.repository.client.requests
        return replace(self.context_of(self.release(version), to_run=to_run), requests_before=before)

    def in_progress(self, version: str = "", *, to_run: bool = False, to_go_on: bool = True) -> ReleaseContext:
        """The context of a release that has an open tracker; without a version, of the only one. UsageError when there
        is none."""
        version = self.require_version(version)
        self.require_tracker(version, to_go_on=to_go_on)
        return self.context(version, to_run=to_run)

    def settled_guide(self) -> Guide:
        """The guide with the branch that releases come from: GitHub's default branch unless the guide says another."""
        settings = self.guide.settings
        if settings.branch_given:
            return self.guide
        default = self.repository.facts().default_branch
        return replace(self.guide, settings=replace(settings, branch=default or settings.branch))

    def context_of(self, release: Release, *, to_run: bool = False) -> ReleaseContext:
        before = self.repository.client.requests
        tracker = find_tracker(self.repository, self.guide.settings, release.version)
        commands = not_agreed(self.guide, self.repository, self.worktree, self.agreements)
        news = None
        if tracker and (self.worktree or to_run):
            news = guide_news(self.settled_guide(), parse_body(tracker.body), self.repository, self.worktree)
            news = self._with_commands(news, commands)
        withheld = {one.step_id: NOT_AGREED for one in commands}
        if news:
            withheld |= dict.fromkeys(news.withheld - self._agreed(), OTHER_THAN_RECORDED)
        return ReleaseContext(
            self.settled_guide(),
            release,
            self.repository,
            self.now,
            self.now(),
            worktree=self.worktree,
            tracker=tracker,
            given_up=None if tracker else given_up_tracker(self.repository, self.guide.settings, release.version),
            guide_news=news,
            pause=self.pause,
            withheld=withheld,
            requests_before=before,
        )

    def _with_commands(self, news: GuideNews | None, commands: tuple[Command, ...]) -> GuideNews | None:
        """The news with the commands that nobody has agreed to."""
        if not commands:
            return news
        path, current = guide_place(self.guide, self.worktree)
        return replace(news or GuideNews(current, current, path), to_agree=True, commands=commands)

    def _agreed(self) -> set[str]:
        """The steps to whose commands, all of them, a person at this machine has agreed."""
        commands = commands_of(self.guide)
        left = {one.step_id for one in commands if not self.agreements.holds(key_of(one, self.repository))}
        return {one.step_id for one in commands} - left

    def agree(self) -> None:
        """Remember that a person agrees to all commands of the guide at hand."""
        self.agreements.remember(key_of(one, self.repository) for one in commands_of(self.guide))

    def record_guide(self, tracker: int, news: GuideNews) -> None:
        """Name the guide at hand in the tracker, so that it is announced once."""
        if news.to_record:
            record_guide(self.repository, tracker, news.path, news.current, believes=self.believes, pause=self.pause)

    @property
    def believes(self) -> Believes:
        """Who may tick which step."""
        return believer(self.repository, self.guide)

    def change_tracker(
        self, number: int, changes: Sequence[Change], new_lines: Sequence[Line] = (), *, read: Issue | None = None
    ) -> Issue:
        """Bring changes into a tracker; returns it as it is then. `read` is the tracker where it was read just now."""
        return change_tracker(
            self.repository, number, changes, new_lines, believes=self.believes, read=read, pause=self.pause
        )

    def report(self, version: str = "", *, known: bool = False) -> Report:
        """A verdict for every step of a release, read anew. With `known`, UsageError for a version that no release has
        or may have, before anything of the guide is executed."""
        self.repository.fresh()
        context = self.context(version)
        if known:
            self._require_known(context)
        return self.report_of(context)

    def report_of(self, context: ReleaseContext) -> Report:
        """A verdict for every step, and what to know besides."""
        report = evaluate(context)
        more = warnings_of(context, self.clock())
        return replace(report, warnings=(*report.warnings, *more))

    def _require_known(self, context: ReleaseContext) -> None:
        """UsageError when nothing speaks for a version: no tracker, no milestone, no tag, and it may not follow."""
        release, settings = context.release, self.guide.settings
        if context.tracker or release.tag in self.repository.code.tags():
            return
        if release.milestone and self.repository.milestones.named(release.milestone):
            return
        require_may_follow(release.version, self.repository.code.tags(), settings.naming)

    def snapshot(self, version: str = "") -> dict[str, object]:
        """What a docs site shows: the report and the past releases, in their JSON form. Costs no more than a report.
        UsageError for a version that no release has or may have."""
        report = self.report(version, known=True)
        others = self.others_in_progress(report.release.version)
        if others:
            report = replace(report, warnings=(*report.warnings, f"In progress, too: {', '.join(others)}."))
        past = history_of(
            trackers(self.repository, self.guide.settings),
            self.guide,
            report.guide_path,
            releases=self.repository.releases.all(),
            tags=self.repository.code.tags(),
            repository_url=self.repository.facts().url,
        )
        return {**report_json(report), "releases": history_json(past)}

    def others_in_progress(self, version: str) -> list[str]:
        """The versions of the other releases in progress."""
        return [str(one) for one in in_progress(self.repository, self.guide.settings) if str(one) != version]

    def require_login(self) -> str:
        """Who acts: the token's owner, or on whose behalf it is used. NotAuthenticated without a token."""
        login = self.repository.login()
        if not login:
            raise NotAuthenticated("There is no token.", done="Nothing was changed.", next_step=SIGN_IN)
        return self.on_behalf_of or login

    def role(self) -> Role | None:
        """The role that counts of whoever acts; None when GitHub does not say."""
        granted = self.repository.role_of(self.on_behalf_of) if self.on_behalf_of else self.repository.role()
        return role_of(self.require_login(), granted, self.guide.settings)

    def require_role(self) -> Role:
        """The role that counts. RoleUnknown when GitHub does not say."""
        role = self.role()
        if role is None:
            raise RoleUnknown(
                f"GitHub does not say which role {self.require_login()} has in {self.repository.name}.",
                done="Nothing was changed.",
                next_step="Use a token that may read the repository's metadata, or list the login under `maintainers:` "
                "in the guide.",
            )
        return role

    def require_version(self, version: str) -> str:
        """The version itself, or that of the one open tracker. UsageError when there is none."""
        if version:
            return str(parse_version(version, self.guide.settings.naming.scheme))
        try:
            return only_version(self.repository, self.guide, self.retyped)
        except UsageError:
            self.repository.require_usable(self.settled_guide().settings.branch)  # which may be why there is none
            raise

    def require_tracker(self, version: str, *, to_go_on: bool = True) -> Issue:
        """The open tracker of a version, or one that a run has closed and was killed before it could say so there.
        UsageError when there is none or it is closed; to go on with a release, its version must also be one that may
        be opened."""
        tracker = find_tracker(self.repository, self.guide.settings, version)
        if tracker is None:
            self.repository.require_usable(self.settled_guide().settings.branch)
            if to_go_on:
                self.repository.require_writable()
                require_may_follow(version, self.repository.code.tags(), self.guide.settings.naming)
            self.require_labelled(self.release_at(version))
            raise UsageError(
                f"There is no release issue for {version}.",
                done="Nothing was changed.",
                next_step=f"Type `fastrel-checklist open {version}`.",
            )
        if tracker.state != "open" and not self._lacks_last_ticks(tracker):
            raise TrackerClosed(
                f"The release issue of {version} is closed: {tracker.url}",
                done="Nothing was changed.",
                next_step=f"{reopen_words(tracker)} Or open the next version.",
            )
        return tracker

    def require_labelled(self, release: Release) -> None:
        """UsageError when the tracker of a release is there and has lost its label, by which trackers are found."""
        settings = self.guide.settings
        found = unlabelled_tracker(self.repository, settings, release.version, release.milestone)
        if found:
            raise UsageError(
                f"The release issue of {release.version} has lost its label {settings.label}: {found.url}",
                done="Nothing was changed.",
                next_step=f"Give it back: `gh issue edit {found.url} --add-label {shlex.quote(settings.label)}`.",
            )

    def _lacks_last_ticks(self, tracker: Issue) -> bool:
        """Whether all is ticked in a completed tracker but what comes last, such as that it is closed."""
        if tracker.state_reason in GIVEN_UP:
            return False
        entries = entries_of(tracker)
        left = [step for step in self.guide.steps() if not (step.id in entries and entries[step.id].ticked)]
        return bool(left) and all(action_of(step).last for step in left)

    def release_at(self, version: str, base: str = "") -> Release:
        settings, tags = self.settled_guide().settings, self.repository.code.tags()
        return release_of(version, tags, settings.naming, branch=settings.branch, base=base)

    def _read_ahead(self) -> None:
        """Start at once all reads that do not depend on the version, so that a report takes two rounds of requests."""
        repository, settings = self.repository, self.settled_guide().settings
        reads: list[Callable[[], object]] = [
            repository.code.tags,
            lambda: repository.issues.labelled(settings.label, "all"),
            repository.milestones.all,
            repository.releases.all,
            repository.facts,
            repository.login,
            lambda: repository.code.head(settings.branch),
            lambda: repository.ci.check_runs(settings.branch),
            lambda: repository.ci.statuses(settings.branch),
            lambda: repository.issues.labelled(settings.bug_label),
            lambda: repository.code.file(".github/release.yml", settings.branch),
            lambda: repository.code.protection(settings.branch),
            lambda: repository.code.rule_list(settings.branch),
        ]
        if repository.client.authenticated:
            reads.append(repository.discussions.enabled)
        repository.client.concurrently(*reads)
