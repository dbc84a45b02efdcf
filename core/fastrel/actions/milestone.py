"""The milestone of a release: its issues and pull requests, its closing, and the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import UNKNOWN, request
from fastrel.actions.questions.answers import DATE
from fastrel.actions.questions.prompts import Option, Prompter, Question
from fastrel.errors import UsageError
from fastrel.github.model import Issue, Milestone
from fastrel.report.verdict import Link, Verdict, done, failed, skipped, todo
from fastrel.tracker.marker import tracker_version

SHOWN = 5
"""How many issues a summary links."""
DEFAULT_CADENCE = timedelta(days=30)
"""Time between milestones when there are no past ones to learn from."""


class MilestoneIssues(Action):
    name = "milestone.issues"
    summary = (
        "Done when the release's milestone has no open issue; the release issue and pull requests do not count. "
        "Asks per issue: close, or defer to the next minor's milestone."
    )

    def check(self, context: Context) -> Verdict:
        milestone = _milestone(context)
        if milestone is None or context.release.prerelease:
            return _no_milestone(context)
        left = _open_issues(context, milestone)
        link = Link(milestone.title, milestone.url)
        if not left:
            return done(f"no open issue in milestone {milestone.title}", link)
        return todo(_count(left, "open issue", milestone, context.now), link, *_links(left))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        milestone = _required(context)
        target = _next_title(context)
        options = [
            Option("defer", f"move it to milestone {target}"),
            Option("completed", "close it as completed"),
            Option("not_planned", "close it as not planned"),
        ]
        issues = _open_issues(context, milestone)
        question = Question("open-issue", f"move it to {target}, or close it?", f"milestone {milestone.title}", "defer")
        answers = prompter.choose_each(question, [f"#{one.number} {one.title}" for one in issues], options)
        deferred = _Deferral(context)
        return Plan(
            tuple(
                deferred.effect(issue) if answer == "defer" else _close(context, issue, answer)
                for issue, answer in zip(issues, answers, strict=True)
            )
        )

    def answers(self, context: Context) -> tuple[str, ...]:
        return ("defer", "completed", "not_planned")

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _missing(context)


class MilestonePulls(Action):
    name = "milestone.pulls"
    summary = (
        "Done when no pull request of the milestone is open. Asks per pull request whether to defer it; never merges."
    )

    def check(self, context: Context) -> Verdict:
        milestone = _milestone(context)
        if milestone is None or context.release.prerelease:
            return _no_milestone(context)
        pulls = [one for one in context.repository.issues.in_milestone(milestone.number) if one.is_pull]
        left = [one for one in pulls if one.state == "open"]
        unmerged = [one for one in pulls if one.state != "open" and not one.merged]
        link = Link(milestone.title, milestone.url)
        if left:
            return todo(_count(left, "open pull request", milestone, context.now), link, *_links(left))
        merged = f"{len(pulls) - len(unmerged)} merged in milestone {milestone.title}"
        flag = f"; closed without merging: {', '.join(f'#{one.number}' for one in unmerged)}" if unmerged else ""
        return done(merged + flag, link, *_links(unmerged))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        milestone = _required(context)
        options = [Option("defer", f"move it to milestone {_next_title(context)}"), Option("keep", "leave it")]
        issues = context.repository.issues.in_milestone(milestone.number)
        pulls = [one for one in issues if one.is_pull and one.state == "open"]
        question = Question(
            "open-pull", f"move it to {_next_title(context)}, or leave it?", f"milestone {milestone.title}", "defer"
        )
        answers = prompter.choose_each(question, [f"#{one.number} {one.title}" for one in pulls], options)
        deferred = _Deferral(context)
        chosen = [pull for pull, answer in zip(pulls, answers, strict=True) if answer == "defer"]
        kept = len(pulls) - len(chosen)
        words = "1 pull request is" if kept == 1 else f"{kept} pull requests are"
        left = f"{words} left in milestone {milestone.title}." if kept else ""
        return Plan(tuple(deferred.effect(pull) for pull in chosen), left=left)

    def answers(self, context: Context) -> tuple[str, ...]:
        return ("defer", "keep")


class MilestoneClose(Action):
    name = "milestone.close"
    summary = "Done when the release's milestone is closed. Closes it."

    def check(self, context: Context) -> Verdict:
        milestone = _milestone(context)
        if milestone is None or context.release.prerelease:
            return _no_milestone(context)
        link = Link(milestone.title, milestone.url)
        if milestone.state == "closed":
            return done(f"milestone {milestone.title} is closed", link)
        return todo(f"milestone {milestone.title} is open", link)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        milestone = _required(context)
        close = Effect(
            f"close milestone {milestone.title}",
            lambda: context.repository.milestones.close(milestone.number),
            calls=(request(context, "PATCH", f"milestones/{milestone.number}"),),
            public=False,
        )
        return Plan((close,))


class MilestoneNext(Action):
    name = "milestone.next"
    summary = (
        "Done when the next minor's milestone is open and has a due date. Creates it, proposing a date by the "
        "cadence of past milestones."
    )

    def check(self, context: Context) -> Verdict:
        if context.release.prerelease:
            return _no_milestone(context)
        found = context.repository.milestones.named(context.release.next_milestone)
        if found is None or found.state != "open":
            return todo(f"there is no open milestone {_next_title(context)}")
        link = Link(found.title, found.url)
        if found.due is None:
            return todo(f"milestone {found.title} has no due date", link)
        return done(f"milestone {found.title} is due on {found.due:%Y-%m-%d}", link)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        title = _next_title(context)
        proposal = next_due(context.repository.milestones.all(), context.now)
        answer = prompter.answer(
            Question("due-date", f"When is milestone {title} due?", default=f"{proposal:%Y-%m-%d}")
        )
        due = _date(answer)

        def create() -> None:
            milestone = context.repository.milestones.ensure(title, due)
            if milestone.due is None or milestone.due.date() != due.date():
                context.repository.milestones.set_due(milestone.number, due)

        found = context.repository.milestones.named(context.release.next_milestone)
        calls = _opening(context)
        if not calls or (found and found.state != "open"):
            number = found.number if found else UNKNOWN
            calls = (*calls, request(context, "PATCH", f"milestones/{number}"))
        return Plan((Effect(f"open milestone {title}, due on {due:%Y-%m-%d}", create, calls=calls, public=False),))

    def answers(self, context: Context) -> tuple[str, ...]:
        return (DATE,)

    def taken_away(self, context: Context) -> str:
        found = context.repository.milestones.named(context.release.next_milestone)
        return "" if found else f"milestone {_next_title(context)}"


def next_due(milestones: Sequence[Milestone], now: datetime) -> datetime:
    """A due date by the cadence of past milestones: the latest due date plus the median distance, never in the past.

    Noon UTC, so that GitHub shows the same day in most time zones.
    """
    dues = sorted(one.due for one in milestones if one.due)
    gaps = [later - earlier for earlier, later in pairwise(dues) if later > earlier]
    cadence = timedelta(seconds=median(gap.total_seconds() for gap in gaps)) if gaps else DEFAULT_CADENCE
    due = (dues[-1] if dues else now) + cadence
    if due <= now:
        due = now + cadence
    return due.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def _next_title(context: Context) -> str:
    """The title of the next minor's milestone: by the guide's template, else in the way of the others."""
    title, milestones = context.release.next_milestone, context.repository.milestones
    if not context.settings.milestone:
        return milestones.title_of(title)
    found = milestones.named(title)
    return found.title if found else title


def _milestone(context: Context) -> Milestone | None:
    return context.repository.milestones.named(context.release.milestone) if context.release.milestone else None


def _no_milestone(context: Context) -> Verdict:
    if context.release.prerelease:
        return skipped(f"milestone {context.release.milestone} goes on until the final release")
    if not context.release.milestone:
        return skipped(f"a {context.release.kind} release has no milestone")
    return failed(_missing(context)[0])


def _missing(context: Context) -> tuple[str, ...]:
    """That there is no such milestone, and which there are; empty when there is one or none is needed."""
    if not context.release.milestone or context.release.prerelease or _milestone(context):
        return ()
    still_open = [one.title for one in context.repository.milestones.all() if one.state == "open"]
    there = f"open are: {', '.join(still_open[:5])}" if still_open else "none is open"
    renamed = _of_the_tracker(context)
    hint = f"; release issue #{context.tracker.number} is in {renamed}" if renamed and context.tracker else ""
    return (f"there is no milestone named {context.release.milestone}; {there}{hint}",)


def _of_the_tracker(context: Context) -> str:
    """The milestone that the release issue is in, which somebody may have renamed."""
    number = context.tracker.milestone if context.tracker else None
    return next((one.title for one in context.repository.milestones.all() if number and one.number == number), "")


def _required(context: Context) -> Milestone:
    found = _milestone(context)
    if found is None:
        raise UsageError(
            f"There is no milestone named {context.release.milestone}.",
            done="Nothing was changed.",
            next_step="Create it on GitHub, or give the right one its name.",
        )
    return found


def _open_issues(context: Context, milestone: Milestone) -> list[Issue]:
    return [
        one
        for one in context.repository.issues.in_milestone(milestone.number)
        if one.state == "open" and not one.is_pull and tracker_version(one.body) is None
    ]


def _opening(context: Context) -> tuple[str, ...]:
    """The request that makes or reopens the next minor's milestone; none when it is open, or planned before."""
    found = context.repository.milestones.named(context.release.next_milestone)
    if found and found.state == "open":
        return ()
    call = request(context, *(("PATCH", f"milestones/{found.number}") if found else ("POST", "milestones")))
    return () if call in context.planned else (call,)


class _Deferral:
    """Moves issues to the next minor's milestone, which is made (or reopened) when the first one comes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._number = 0
        self._is_opened = False

    def effect(self, issue: Issue) -> Effect:
        title, context = _next_title(self._context), self._context
        opening, self._is_opened = () if self._is_opened else _opening(context), True
        return Effect(
            f"move #{issue.number} to milestone {title}",
            lambda: self._move(issue),
            calls=(*opening, request(context, "PATCH", f"issues/{issue.number}")),
            public=False,
        )

    def _move(self, issue: Issue) -> None:
        repository = self._context.repository
        if not self._number:
            self._number = repository.milestones.ensure(_next_title(self._context)).number
        repository.issues.change(issue.number, {"milestone": self._number})


def _close(context: Context, issue: Issue, reason: str) -> Effect:
    content = {"state": "closed", "state_reason": reason}
    return Effect(
        f"close #{issue.number} as {reason.replace('_', ' ')}",
        lambda: context.repository.issues.change(issue.number, content),
        calls=(request(context, "PATCH", f"issues/{issue.number}"),),
        public=False,
    )


def _count(issues: Sequence[Issue], noun: str, milestone: Milestone, now: datetime) -> str:
    due = ""
    if milestone.due:
        due = f", due on {milestone.due:%Y-%m-%d}{' (overdue)' if milestone.is_overdue(now) else ''}"
    return f"{len(issues)} {noun}{'' if len(issues) == 1 else 's'} in milestone {milestone.title}{due}"


def _links(issues: Sequence[Issue]) -> list[Link]:
    return [Link(f"#{one.number}", one.url) for one in issues[:SHOWN]]


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(hour=12, tzinfo=UTC)
    except ValueError:
        raise UsageError(
            f"“{text}” is not a date.", done="Nothing was changed.", next_step="Write it as YYYY-MM-DD."
        ) from None
