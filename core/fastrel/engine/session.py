"""A session: one guide, one repository, perhaps one checkout; and what can be done with them together."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from fastrel.actions.registry import action_of
from fastrel.board.history import history_json, history_of
from fastrel.engine.agreements import Agreements, Remembered, commands_of, key_of, not_agreed
from fastrel.engine.evaluate import evaluate
from fastrel.engine.guide_changes import guide_news, guide_place, is_inside, is_uncommitted
from fastrel.engine.preconditions import other_server
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.roles import role_of
from fastrel.engine.selection import coming_version, current_version, in_progress, only_version
from fastrel.errors import GuideError, NotAuthenticated, RoleUnknown, TrackerClosed, UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.failures import SIGN_IN
from fastrel.github.gateway import Repository
from fastrel.github.limits import duration
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.guide.changes import UNCOMMITTED, Command, GuideNews
from fastrel.guide.model import Guide, Step
from fastrel.guide.template import LITERAL, render
from fastrel.release import Release, parse_version, release_of, require_may_follow, require_one_spelling
from fastrel.report.report import Report, report_json
from fastrel.text.suggest import nearest
from fastrel.tracker.body import Header, Line, parse_body, render_body, tracker_version
from fastrel.tracker.guide_text import around_steps, linker
from fastrel.tracker.issue import (
    GIVEN_UP,
    CannotBeAssigned,
    change_tracker,
    close_double,
    doubles,
    find_tracker,
    given_up_tracker,
    open_tracker,
    record_guide,
    strange_trackers,
    trackers,
)
from fastrel.tracker.model import Change
from fastrel.tracker.state import with_state
from fastrel.tracker.ticks import changes_for, line_for

SKEW = timedelta(minutes=1)
"""How far this computer's clock may be from GitHub's and still count; answers take their time."""
NOT_AGREED = "nobody on this machine has agreed to its command"
OTHER_THAN_RECORDED = "its command is not the one of the tracker's guide"
TOLD_SKEW = timedelta(minutes=10)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """A tracker, whether it was created now, and what to know about its release."""

    tracker: Issue
    created: bool
    warnings: tuple[str, ...] = ()


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
            parse_version(version)
        self._read_ahead()
        self.repository.require_usable(
            self.settled_guide().settings.branch
        )  # says best what is wrong with the repository
        wanted = version or current_version(self.repository, settings)
        tracker = find_tracker(self.repository, settings, str(parse_version(wanted)))
        return self._release(wanted, parse_body(tracker.body).base if tracker else "")

    def proposal(self) -> str:
        """The version that comes next: the open milestone's, else the next minor."""
        self._read_ahead()
        self.repository.require_usable(self.settled_guide().settings.branch)
        return coming_version(self.repository, self.guide.settings)

    def context(self, version: str = "", *, to_run: bool = False) -> ReleaseContext:
        """The release of a version, with its tracker and what is new in the guide since the tracker names one. To run
        steps, the guide is compared also outside of a checkout."""
        return self._context(self.release(version), to_run=to_run)

    def settled_guide(self) -> Guide:
        """The guide with the branch that releases come from: GitHub's default branch unless the guide says another."""
        settings = self.guide.settings
        if settings.branch_given:
            return self.guide
        default = self.repository.facts().default_branch
        return replace(self.guide, settings=replace(settings, branch=default or settings.branch))

    def _context(self, release: Release, *, to_run: bool = False) -> ReleaseContext:
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
            record_guide(self.repository, tracker, news.path, news.current, pause=self.pause)

    def report(self, version: str = "", *, known: bool = False) -> Report:
        """A verdict for every step of a release, read anew. With `known`, UsageError for a version that no release has
        or may have, before anything of the guide is executed."""
        self.repository.fresh()
        before = self.repository.client.requests
        context = self.context(version)
        if known:
            self._require_known(context)
        report = self.report_of(context)
        return replace(report, requests=self.repository.client.requests - before)

    def report_of(self, context: ReleaseContext) -> Report:
        """A verdict for every step, and what to know besides."""
        report = evaluate(context)
        more = (*self._doubled(context.release.version), *self._strange(), *self._outside(), *self._wrong_clock())
        return replace(report, warnings=(*report.warnings, *more))

    def _require_known(self, context: ReleaseContext) -> None:
        """UsageError when nothing speaks for a version: no tracker, no milestone, no tag, and it may not follow."""
        release, settings = context.release, self.guide.settings
        if context.tracker or release.tag in self.repository.code.tags():
            return
        if release.milestone and self.repository.milestones.named(release.milestone):
            return
        require_may_follow(release.version, self.repository.code.tags(), settings.tag)

    def snapshot(self, version: str = "") -> dict[str, object]:
        """What a docs site shows: the report and the past releases, in their JSON form. Costs no more than a report.
        UsageError for a version that no release has or may have."""
        report = self.report(version, known=True)
        past = history_of(
            trackers(self.repository, self.guide.settings),
            self.guide,
            report.guide_path,
            releases=self.repository.releases.all(),
            tags=self.repository.code.tags(),
            repository_url=self.repository.facts().url,
        )
        return {**report_json(report), "releases": history_json(past)}

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
            return str(parse_version(version))
        try:
            return only_version(self.repository, self.guide.settings, self.retyped)
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
                require_may_follow(version, self.repository.code.tags(), self.guide.settings.tag)
            raise UsageError(
                f"There is no tracker for {version}.",
                done="Nothing was changed.",
                next_step=f"Type `fastrel-checklist open {version}`.",
            )
        if tracker.state != "open" and not self._lacks_last_ticks(tracker):
            raise TrackerClosed(
                f"The tracker of {version} is closed: {tracker.url}",
                done="Nothing was changed.",
                next_step="Reopen it on GitHub if the release is not finished, or open the next version.",
            )
        return tracker

    def step(self, step_id: str) -> Step:
        """A step of the guide. UsageError that suggests the nearest one."""
        steps = {step.id: step for step in self.guide.steps()}
        if step_id in steps:
            return steps[step_id]
        hint = nearest(step_id, steps)
        raise UsageError(
            f"The guide has no step “{step_id}”.",
            done="Nothing was changed.",
            next_step=f"Did you mean {hint}?" if hint else "Type `fastrel-checklist status` to see the steps.",
        )

    def open(self, version: str, commit: str = "") -> Opened:
        """The tracker of a version, created unless it exists. UsageError when the version may not follow.

        With a commit that is not the head of the branch, the release is a hotfix: it starts there, on a branch of its
        own. UsageError when the branch does not hold it, or the tracker that exists starts elsewhere; OtherServer when
        the checkout is that of another server's repository.
        """
        if problem := other_server(self.worktree, self.repository):
            raise problem
        login = self.require_login()
        release = self.release(version)
        self.repository.require_writable()
        found = find_tracker(self.repository, self.guide.settings, release.version)
        base = self._base(commit) if commit else ""
        if found:
            if commit and base != release.base:
                begins = f"at {release.base[:7]}" if release.base else f"at the head of {release.branch}"
                raise UsageError(
                    f"The tracker of {release.version} exists, and its release begins {begins}: {found.url}",
                    done="Nothing was changed.",
                    next_step=f"Go on with it, or give it up first: `fastrel-checklist abort {release.version}`.",
                )
            return Opened(found, False, self._without_doubles(found))
        require_may_follow(release.version, self.repository.code.tags(), self.guide.settings.tag, base=base)
        settings = self.guide.settings
        others = in_progress(self.repository, settings)
        require_one_spelling(release.version, self.repository.code.tags(), settings.tag, map(str, others))
        if base:
            release = self._release(version, base)
        context = self._context(release)
        report = evaluate(context)
        milestone = self.repository.milestones.named(release.milestone) if release.milestone else None
        lines = [line_for(one, login, context.now) for one in report.steps]
        header = self._header(report)
        body = render_body(header, self._as_in_the_guide(lines, header, context))
        created, unassigned = self._create_tracker(
            release.version, body, milestone.number if milestone and milestone.state == "open" else 0, login
        )
        # Two people may open at the same moment; the oldest tracker wins, whoever made it.
        self.repository.fresh()
        first = find_tracker(self.repository, self.guide.settings, release.version) or created
        if first.number != created.number:
            close_double(self.repository, first, created, pause=self.pause)
            return Opened(first, False)
        warnings = (*report.warnings, *unassigned)
        if release.milestone and milestone is None:
            warnings += (f"There is no milestone {release.milestone} yet; create it before its steps are run.",)
        if is_uncommitted(self.guide, self.worktree):
            warnings += (f"{UNCOMMITTED} The tracker names the commit without them.",)
        return Opened(created, True, warnings)

    def _create_tracker(self, version: str, body: str, milestone: int, login: str) -> tuple[Issue, tuple[str, ...]]:
        """The new tracker, and what to know about its assignees. GitHub Actions and other apps are none, unless the
        guide names them."""
        settings = self.guide.settings
        people = settings.assignees or (() if login.endswith("[bot]") else (login,))
        create = partial(open_tracker, self.repository, settings, version, body, milestone=milestone)
        try:
            return create(assignees=people), ()
        except CannotBeAssigned as error:
            if settings.assignees:
                raise
            warning = f"{', '.join(error.logins)} cannot be assigned to issues here, so the tracker has no assignee."
            return create(assignees=()), (warning,)

    def sync(self, version: str = "") -> Report:
        """Evaluate, and tick in the tracker what is verified."""
        login = self.require_login()
        version = self.require_version(version)
        self.require_tracker(version)
        report = self.report(version)
        self.write_ticks(report, login)
        return self.report(version)

    def write_ticks(self, report: Report, login: str) -> list[str]:
        """Write what a report shows into its tracker, also lines for steps that the guide gained since. Returns the
        steps that are newly ticked there."""
        if report.tracker is None:
            return []
        tracker = self.repository.issues.one(report.tracker.number)
        # A tick that does not count is taken back first, so that the new one is seen to be somebody else's.
        doubted = [one.step.id for one in report.steps if one.doubt and one.status.settled]
        if doubted:
            away = [Change(step_id, False) for step_id in doubted]
            tracker = change_tracker(self.repository, tracker.number, away, pause=self.pause)
        entries = entries_of(tracker)
        changes = changes_for(report.steps, entries, login, self.now())
        new = self._lines_missing(report, set(entries), login)
        if changes or new or with_state(tracker.body) != tracker.body:
            change_tracker(self.repository, tracker.number, changes, new, pause=self.pause)
        ticked = [one.step_id for one in changes] + [line.step_id for line in new if line.step_id not in entries]
        settled = {one.step.id for one in report.steps if one.status.settled}
        return [one for one in ticked if one in settled and not (one in entries and entries[one].ticked)]

    def _without_doubles(self, tracker: Issue) -> tuple[str, ...]:
        """Close what is left of two that opened at the same moment, when the later one was killed before it did so."""
        if tracker.state != "open":
            return ()
        version = tracker_version(tracker.body) or ""
        found = doubles(self.repository, self.guide.settings, version)
        for one in found:
            close_double(self.repository, tracker, one, pause=self.pause)
        return tuple(f"{one.url} was a second tracker of {version} and is closed; its ticks are kept." for one in found)

    def _doubled(self, version: str) -> tuple[str, ...]:
        """That there are several open trackers of the version."""
        more = ", ".join(f"#{one.number}" for one in doubles(self.repository, self.guide.settings, version))
        closes = f"`fastrel-checklist open {version}` brings its ticks into the oldest one and closes it"
        return (f"There is more than one open tracker of {version}: {more}, too; {closes}.",) if more else ()

    def _outside(self) -> tuple[str, ...]:
        """That nobody can have reviewed the guide, since it is not in the repository."""
        if self.worktree is None or is_inside(self.guide, self.worktree):
            return ()
        words = "its steps and roles are those of whoever wrote the file"
        return (f"The guide {self.guide.path} lies outside of the repository: {words}.",)

    def _strange(self) -> tuple[str, ...]:
        """That somebody who does not belong to the repository opened an issue that looks like a tracker."""
        found = strange_trackers(self.repository, self.guide.settings)
        return tuple(
            f"{one.url} looks like a tracker of {tracker_version(one.body)}, but {one.author}, who opened it, does not "
            "belong to the repository. It is left out."
            for one in found[:3]
        )

    def _lacks_last_ticks(self, tracker: Issue) -> bool:
        """Whether all is ticked in a completed tracker but what comes last, such as that it is closed."""
        if tracker.state_reason in GIVEN_UP:
            return False
        entries = entries_of(tracker)
        left = [step for step in self.guide.steps() if not (step.id in entries and entries[step.id].ticked)]
        return bool(left) and all(action_of(step).last for step in left)

    def _wrong_clock(self) -> tuple[str, ...]:
        """That the clock of this computer is far from GitHub's, which counts then."""
        here, there = self.clock(), self.repository.client.server_now()
        if there is None or abs(there - here) < TOLD_SKEW:
            return ()
        way = "behind" if there > here else "ahead of"
        off = duration(abs(there - here).total_seconds())
        return (f"The clock of this computer is {off} {way} GitHub's, which counts here.",)

    def _lines_missing(self, report: Report, known: set[str], login: str) -> list[Line]:
        """All lines when the tracker lacks some, so that each new one finds its predecessor; else none."""
        lines = [line_for(one, login, report.at) for one in report.steps]
        return lines if any(line.step_id not in known for line in lines) else []

    def _as_in_the_guide(self, lines: list[Line], header: Header, context: ReleaseContext) -> list[Line]:
        """The lines with what the guide says around them, and with links that work in an issue."""
        literal = self.guide.settings.placeholders == LITERAL
        values = context.release.values(self.repository.name)

        def fill(text: str) -> str:
            try:
                return render(text, values, literal=literal)
            except GuideError:
                return text

        links = linker(self.guide.text, header.guide_url, header.guide_path)
        around = around_steps(self.guide, fill, header.guide_url, header.guide_path)
        return [replace(one, title=links(one.title), around=around.get(one.step_id)) for one in lines]

    def _header(self, report: Report) -> Header:
        facts = self.repository.facts()
        path, commit = guide_place(self.guide, self.worktree)
        return Header(
            version=report.release.version,
            kind=report.release.kind.value,
            milestone_title=report.milestone.title if report.milestone else "",
            milestone_url=report.milestone.url if report.milestone else "",
            guide_path=path,
            guide_url=f"{facts.url}/blob/{commit or report.release.branch}/{path}",
            guide_commit=commit,
            base=report.release.base,
            base_url=f"{facts.url}/commit/{report.release.base}" if report.release.base else "",
        )

    def _release(self, version: str, base: str = "") -> Release:
        settings, tags = self.settled_guide().settings, self.repository.code.tags()
        return release_of(version, tags, template=settings.tag, branch=settings.branch, base=base)

    def _base(self, commit: str) -> str:
        """The full SHA of the commit that a hotfix starts from; empty when that is the head of the branch."""
        branch, code = self.settled_guide().settings.branch, self.repository.code
        if not re.fullmatch(r"[0-9a-f]{7,40}", commit):
            raise UsageError(
                f"“{commit}” is not the SHA of a commit.", done="Nothing was changed.", next_step="Give 7 to 40 digits."
            )
        relation = code.relation(commit, branch)
        if relation == "identical":
            return ""
        if relation != "ahead":
            raise UsageError(
                f"{branch} does not hold the commit {commit}.",
                done="Nothing was changed.",
                next_step=f"Name a commit of {branch} on GitHub: `git log {branch}`.",
            )
        return code.head(commit)

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
