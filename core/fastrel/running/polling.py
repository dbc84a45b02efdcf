"""Reads the verdicts of steps anew, and polls while something outside is in progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from fastrel.actions.action import Context
from fastrel.actions.registry import action_of
from fastrel.engine.evaluate import check, in_order
from fastrel.engine.release_context import ReleaseContext
from fastrel.engine.tick_authors import ticks_that_do_not_count
from fastrel.errors import FastrelError
from fastrel.github.model import Issue
from fastrel.github.transport.limits import duration
from fastrel.guide.model import Step
from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status
from fastrel.running.reporter import Options, Reporter
from fastrel.running.stop_reasons import gave_up
from fastrel.tracker.trust import Value, values_of

UNREAD = 5
"""How many looks in a row may fail while waiting."""


class Watch:
    """Reads verdicts of steps, and remembers the last one of each."""

    def __init__(
        self,
        release_context: ReleaseContext,
        report: Report,
        options: Options,
        reporter: Reporter,
        sleep: Callable[[float], None],
    ) -> None:
        self.release_context = release_context
        self.report = report
        self.options = options
        self.reporter = reporter
        self.sleep = sleep
        self.again = options.again(report.release.version)
        self.verdicts = {one.step.id: one.verdict for one in report.steps}
        self._judged = _judged(release_context)
        self._of_head = [step for step in release_context.guide.steps() if action_of(step).of_head]
        self._head = self._newest() if self._of_head else ""

    def look(self, step: Step, decision: str = "") -> StepReport:
        """The step's verdict, read anew."""
        verdict = check(self.context(step, decision))
        self.verdicts[step.id] = verdict
        ordered = in_order(self.release_context.guide, self.verdicts)[step.id]
        return replace(self.report.of(step.id), verdict=ordered)

    def void(self) -> list[StepReport]:
        """Look again at what was settled by a commit that is no longer the newest of the branch."""
        settled = [step for step in self._of_head if self.verdicts[step.id].status.settled]
        if not settled:
            return []
        self.release_context.repository.fresh()
        before, self._head = self._head, self._newest()
        # Where it cannot be read, the steps say so themselves.
        return [] if before and before == self._head else [self.look(step) for step in settled]

    def undone(self, steps: Sequence[Step], *, strictly: bool) -> list[StepReport]:
        """Those of the steps that were settled and are not any more, after `reread`. What is in progress again or
        cannot be read just now counts only strictly."""
        settled = [step for step in steps if self.verdicts[step.id].status.settled and not action_of(step).last]
        contexts = [self.seen(step) for step in settled]
        found = self.release_context.repository.client.each(check, contexts)
        mild = () if strictly else (Status.WAITING, Status.UNKNOWN)
        reports = []
        for step, verdict in zip(settled, found, strict=True):
            if not verdict.status.settled and verdict.status not in mild:
                self.verdicts[step.id] = verdict
                reports.append(replace(self.report.of(step.id), verdict=verdict))
        return reports

    def reread(self) -> None:
        """Read the tracker and all else anew. Who wrote the tracker is asked where its ticks have changed."""
        before = self.release_context
        now = before.reread()
        same = before.doubts is not None and self._judged == _judged(now)
        self.release_context = replace(now, doubts=before.doubts if same else ticks_that_do_not_count(now))
        self._judged = _judged(now)

    def wrote(self, tracker: Issue, steps: Iterable[str]) -> None:
        """The run itself has ticked steps that it may tick, so nobody needs to be asked who did."""
        ours = values_of(tracker.body)
        number, state, values = self._judged
        self._judged = number, state, {**values, **{one: ours[one] for one in steps if one in ours}}

    def context(self, step: Step, decision: str = "") -> Context:
        """All that the step's action may look at, read anew."""
        self.reread()
        return self.seen(step, decision)

    def seen(self, step: Step, decision: str = "") -> Context:
        """All that the step's action may look at, as it was read last."""
        left = tuple(one for one, verdict in self.verdicts.items() if one != step.id and not verdict.status.settled)
        return replace(self.release_context.at(step), decision=decision, unsettled=left)

    def until_changed(self, step: Step, old: Status, decision: str = "", said: str = "") -> StepReport:
        """Look until the status is another one, or GitHub has had its time to show it."""
        began = time.monotonic()
        one = self.look(step, decision)
        while one.status is old and (not said or one.verdict.summary == said):
            if time.monotonic() - began >= self.options.lag:
                break
            self.sleep(min(self.options.poll, 2))
            one = self.look(step, decision)
        return one

    def while_waiting(self, one: StepReport, decision: str) -> StepReport:
        """Look again and again while something outside is in progress, up to the patience. A look that fails on the
        way does not end the wait: registries and sites have their moments."""
        began = time.monotonic()
        shown, unread, limit = one, 0, self.release_context.repository.client.rate_limit
        expected, asked = None, False
        while shown.status is Status.WAITING:
            elapsed = time.monotonic() - began
            bound = shown.verdict.patience
            patience = self.options.patience if bound is None else min(self.options.patience, bound)
            if elapsed > patience:
                raise gave_up(shown, elapsed, self.again, rehearsed=self.options.is_rehearsal)
            if shown.verdict.part and not asked:
                asked, left = True, self._expectation(one.step)
                expected = None if left is None else elapsed + left
            self.reporter.waits(shown, elapsed, patience, expected)
            self.sleep(max(self.options.poll, min(limit.away, patience - elapsed + 1)))
            with limit.no_wait():
                found = self.look(one.step, decision)
            if found.status is Status.UNKNOWN and limit.away:
                # A rate limit does not end the wait; it only makes it slower.
                words = f"{shown.verdict.summary} (GitHub's rate limit is used up for {duration(limit.away)})"
                told = replace(shown, verdict=replace(shown.verdict, summary=words))
                self.reporter.waits(told, elapsed, patience, expected)
                continue
            unread = unread + 1 if found.status is Status.UNKNOWN else 0
            if not 0 < unread <= UNREAD:
                shown = found
        if shown.status is Status.FAILED and shown.verdict.passing:
            return self.until_changed(one.step, Status.FAILED, decision)
        return shown

    def _newest(self) -> str:
        try:
            return self.release_context.repository.code.head(self.report.release.branch)
        except FastrelError:
            return ""

    def _expectation(self, step: Step) -> float | None:
        """How long the wait that begins will take as things usually go; nothing of the run depends on it."""
        try:
            with self.release_context.repository.client.rate_limit.no_wait():
                return action_of(step).expectation(self.context(step))
        except FastrelError:
            return None


def _judged(context: ReleaseContext) -> tuple[int, str, Mapping[str, Value]]:
    """What the ticks that do not count are found by: the tracker, whether it is open, and what it says of each step.
    Words that stand beside the ticks are nobody's proof."""
    tracker = context.tracker
    return (tracker.number, tracker.state, values_of(tracker.body)) if tracker else (0, "", {})
