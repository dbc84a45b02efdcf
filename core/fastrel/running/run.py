"""Running steps: check, role, confirm, run, check again, tick; in the order of the guide.

A dry run makes the same plans and stops there, so that it cannot drift from what a run does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from fastrel.actions.action import YES, Output, Plan
from fastrel.actions.questions.prompts import Prompter, PutOff, Quit, Undecided
from fastrel.actions.registry import action_of
from fastrel.engine.evaluate import check_action
from fastrel.engine.preconditions import with_allowance
from fastrel.engine.roles import role_problem
from fastrel.engine.session import Session
from fastrel.engine.sync import write_ticks
from fastrel.engine.taken_away import taken_away_problems
from fastrel.errors import (
    FastrelError,
    GitError,
    RemoteError,
    RoleTooLow,
    RoleTooLowNow,
    WorkRemains,
)
from fastrel.github.role import Role
from fastrel.guide.model import Step
from fastrel.process.reads import noted
from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status
from fastrel.running.agreement import agreed
from fastrel.running.answers import prompter_of, require_answers
from fastrel.running.confirmation import confirmed, require_somebody, step_stays_open
from fastrel.running.done_words import UNCHANGED, complete
from fastrel.running.dry_run import DryRun
from fastrel.running.ground import Ground
from fastrel.running.polling import Watch
from fastrel.running.readiness import problems_before_run, require_none
from fastrel.running.reporter import Options, Outcome, Reporter, Walked
from fastrel.running.stop_reasons import stop_of, what_remains
from fastrel.running.verify import require_shown, shows
from fastrel.text.kept_text import drop, kept


def run(
    session: Session,
    version: str,
    options: Options,
    prompter: Prompter,
    reporter: Reporter,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Run steps of a release. What stops the run is in the outcome; wrong use raises before the first effect."""
    try:
        with noted() as reads:
            prepared = _Run(session, version, options, prompter, reporter, sleep)
        prepared.reads = reads
        prepared.begin()
    except FastrelError as error:
        error.done = error.done or "Nothing was changed."
        raise
    return prepared.outcome()


class _Run:
    """One pass over the steps; keeps what it learned on the way."""

    def __init__(
        self,
        session: Session,
        version: str,
        options: Options,
        prompter: Prompter,
        reporter: Reporter,
        sleep: Callable[[float], None],
    ) -> None:
        self.session = session
        self.options = options
        self.prompter = prompter
        self.reporter = reporter
        self.login = session.require_login()
        self.chosen = self._chosen()
        context = session.in_progress(version, to_run=True)
        self.version = context.release.version
        self.again = options.again(self.version)
        tracker = context.open_tracker
        self.news = context.guide_news
        self.context = agreed(session, context, reporter, dry_run=options.dry_run)
        report = replace(session.report_of(self.context), guide=self.news)
        self.report = with_allowance(report, self.chosen, session.repository.client.allowance)
        self.watch = Watch(self.context, self.report, options, reporter, sleep)
        self.walked: dict[str, Walked] = {}
        self.fresh = True
        """Whether nothing was done or waited for since the report."""
        self.wrote = False
        """Whether the tracker was changed."""
        self.reads: list[str] = []
        """The requests and git commands of the report at the beginning."""
        self.role = Role.READ
        # Steps that need no further write: ticked already, or ticked by the write at the beginning.
        self.ticked = {one.step.id for one in self.report.steps if one.status.settled}
        self.written: list[str] = []
        """Steps that this run has ticked."""
        self.ground = Ground(self.watch, tracker, self.ticked)

    def begin(self) -> None:
        """All that must hold before the first effect. Changes nothing."""
        # A dry run is for whoever may look.
        self.role = (self.session.role() or Role.READ) if self.options.dry_run else self.session.require_role()
        self.reporter.begins(self.report, self.options)
        self._require_ready()

    def outcome(self) -> Outcome:
        """Walk, then say how it went."""
        try:
            stopped = self._caught_up() or self._run_through()
        finally:
            self.reporter.ends()
        try:
            holds = self.options.dry_run or (self.fresh and not self.wrote)
            final = self.report if holds else self.session.report_of(self.context.reread())
            final = replace(final, guide=self.news)
        except FastrelError as error:
            self._complete(error)
            return Outcome(self.report, tuple(self.walked.values()), stopped or error)
        if stopped is None and not self.options.dry_run:
            # What was settled in this run and cannot be read just now is settled.
            settled = {one.step_id for one in self.walked.values() if one.after.settled}
            chosen = [final.of(step.id) for step in self.chosen]
            left = [one for one in chosen if not one.status.settled]
            left = [one for one in left if one.status is not Status.UNKNOWN or one.step.id not in settled]
            undecided = [one.step_id for one in self.walked.values() if one.undecided]
            stopped = what_remains(left, len(chosen), undecided, self.again, self.options)
        return Outcome(final, tuple(self.walked.values()), stopped)

    def _chosen(self) -> tuple[Step, ...]:
        wanted = {self.session.guide.step(one).id for one in self.options.steps}
        last = self.session.guide.step(self.options.until).id if self.options.until else ""
        chosen: list[Step] = []
        for step in self.session.guide.steps():
            if not wanted or step.id in wanted:
                chosen.append(step)
            if step.id == last:
                break
        return tuple(chosen)

    def _require_ready(self) -> None:
        """No role and no precondition hinders the steps that are left; a dry run tells what does."""
        to_run = [step for step in self.chosen if not self.report.of(step.id).status.settled]
        refused = [problem for step in to_run if self.options.steps and (problem := self._refusal(step))]
        require_answers(self.context.guide, self.context.contexts(), self.options)
        if refused and not self.options.dry_run:
            raise RoleTooLow("\n".join(refused), done="Nothing was changed.", next_step="Ask a maintainer to run it.")
        allowed = [self.report.of(step.id) for step in to_run if not self._refusal(step)]
        problems = problems_before_run(self.context, allowed)
        if not self.options.dry_run:
            require_none(problems, self.again)
        for problem in (*refused, *problems) if self.options.dry_run else ():
            self.reporter.hinders(problem)

    def _caught_up(self) -> FastrelError | None:
        """Name the guide that was agreed to in the tracker, and tick what is verified already."""
        if not self.options.dry_run:
            try:
                if self.news and self.report.tracker and self.session.agreements.by_person:
                    self.wrote = True
                    self.session.record_guide(self.report.tracker.number, self.news)
                self._write(self.report)
            except FastrelError as error:
                error.done = error.done or "No step was run; ticks of steps that are done may have been written."
                return error
        return None

    def _run_through(self) -> FastrelError | None:
        if self.options.dry_run:
            dry = DryRun(self.watch, self.options, self.prompter, self.reporter, self._refusal, self.reads)
            self.walked = dry.plan(self.chosen)
            return None
        try:
            for step in self.chosen:
                for void in self._void():
                    self._go_through(void)
                self._go_through(step)
        except FastrelError as error:
            self._complete(error)
            error.next_step = error.next_step or f"Fix the cause, then {self.again}."
            return error
        return None

    def _void(self) -> list[Step]:
        """Passed steps to which the run must go back, since what was done after them has moved the branch. So does one
        that is stopped here and started again. Other steps of a moved branch block what comes after them."""
        if not self.walked:
            return []
        last = self._last()
        if not last.effects and last.after is last.before:
            return []
        found = [one for one in self.watch.void() if not one.status.settled and one.step.id in self.walked]
        if found:
            self.reporter.returns(found, self.report.release.branch)
            self.ticked -= {one.step.id for one in found}
            self._write(replace(self.report, steps=tuple(found)))
        return [one.step for one in found]

    def _go_through(self, step: Step) -> None:
        one = self.report.of(step.id)
        self.walked[step.id] = self.walked.pop(step.id, Walked(step.id, one.status, one.status))
        try:
            self._settle(step)
        except Quit:
            raise self._stopped(step) from None
        except Undecided as error:
            if one.status is Status.MANUAL:
                error.next_step += f" When it is settled, `fastrel-checklist tick {step.id} --note WORDS`."
            if self.options.steps and not isinstance(error, PutOff):
                raise
            self._last().undecided = True
            self.reporter.puts_off(one, error)

    def _last(self) -> Walked:
        """What happens to the step that the run is at, or was at last."""
        return next(reversed(self.walked.values()))

    def _complete(self, error: FastrelError) -> None:
        effects = [words for walked in self.walked.values() for words in walked.effects]
        complete(error, effects, list(dict.fromkeys(self.written)))

    def _settle(self, step: Step) -> None:
        one = self.report.of(step.id)
        # Up to the first step that is left, no time has passed since the report.
        if not (self.fresh and one.status.settled):
            self.fresh = False
            one = self.watch.look(step)
        self.reporter.reaches(one)
        if one.status is Status.BLOCKED:
            self._leave(one, ticked=False)
            if self.options.steps:
                raise WorkRemains(
                    f"Step {step.id} is blocked: {one.verdict.summary}.",
                    next_step=f"Type `{self.options.command} {self.version}` to do what comes before.",
                )
            return
        one = self._until_settled(one)
        self._tick(one)
        if self._last().effects:
            self.ground.require_nothing_undone(step)

    def _until_settled(self, one: StepReport) -> StepReport:
        """Wait and run until the step is settled. Raises what stops it."""
        step, decision = one.step, ""
        one = self._repaired(self.watch.while_waiting(one, decision))
        for _ in step.actions or ("",):
            if one.status not in (Status.TODO, Status.MANUAL):
                break
            self._require_role(step)
            before, said = len(self._last().effects), one.verdict.summary if len(step.actions) > 1 else ""
            decision = self._apply(one, decision) or decision
            # After effects, GitHub may need a moment to show them.
            changed = len(self._last().effects) > before
            look = self.watch.until_changed
            one = look(step, Status.TODO, decision, said) if changed else self.watch.look(step, decision)
            one = self._repaired(self.watch.while_waiting(one, decision))
        if one.status.settled:
            return one
        rerun = self.options.again(self.version, "--rerun-failed") if self._can_rerun(one) else ""
        raise stop_of(one, self.again, rerun, rehearsed=self.options.is_rehearsal)

    def _repaired(self, one: StepReport) -> StepReport:
        """The step after red jobs were run again, as often as was asked for."""
        for _ in range(self.options.rerun_failed):
            if one.status is not Status.FAILED:
                break
            plan = action_of(one.step).repair(self.watch.context(one.step))
            if not plan.effects:
                break
            self._require_role(one.step)
            self._do(one, plan)
            # GitHub shows the old result for a moment.
            one = self.watch.while_waiting(self.watch.until_changed(one.step, Status.FAILED), "")
        return one

    def _can_rerun(self, one: StepReport) -> bool:
        """Whether running red jobs again is something that was not tried yet."""
        try:
            return (
                not self.options.rerun_failed
                and one.status is Status.FAILED
                and bool(action_of(one.step).repair(self.watch.context(one.step)).effects)
            )
        except FastrelError:
            return False

    def _apply(self, one: StepReport, decision: str = "") -> str:
        """Plan, confirm and apply; returns what a person decided."""
        context = self.watch.seen(one.step, decision)
        self.ground.require(one.step)
        for problem in taken_away_problems(self.version, [one], {one.step.id: context}):
            raise WorkRemains(problem, done=f"{one.step.id} was not run.", next_step=f"Then {self.again}.")
        prompter = prompter_of(context, self.options, self.prompter)
        confirmed_only = bool(one.step.confirm) and check_action(context).status is Status.DONE
        if not confirmed_only:
            require_somebody(one, context, self.options, prompter)
        plan = Plan() if confirmed_only else action_of(one.step).plan(context, prompter)
        try:
            self._do(one, plan)
        except FastrelError as error:
            if kept(plan.kept) is not None:
                error.done = f"{error.done} What you have typed is kept in {plan.kept}; the next run offers it.".strip()
            raise
        drop(plan.kept)
        if plan.left:
            raise step_stays_open(plan)
        return confirmed(one, context, plan.decision, prompter)

    def _do(self, one: StepReport, plan: Plan) -> None:
        """Show, confirm and apply effects."""
        if plan.effects:
            self.reporter.plans(one, plan)
            agreed = self.options.answers.get(one.step.id) == YES
            if not (agreed or self.reporter.allows(one, plan.effects)):
                raise self._stopped(one.step)
        if plan.effects or plan.decision:
            self.ground.require_anew(one.step)
        for number, effect in enumerate(plan.effects, start=1):
            self.reporter.applies(one, effect, number, len(plan.effects))
            # An effect reads before it creates: git may have pushed, or an hour may have passed since the question.
            self.session.repository.fresh()
            try:
                result = effect.apply()
                if isinstance(result, Output):
                    self.reporter.hears(one, result)
            except FastrelError as error:
                # The answer may have been lost on its way while the change was made: git and GitHub decide.
                if not (isinstance(error, (RemoteError, GitError)) and shows(self.watch, one.step, effect)):
                    own = "" if error.done == UNCHANGED else error.done
                    if "not ticked" not in own:
                        error.done = f"{own} {one.step.id} is not ticked.".strip()
                    raise
            self._last().calls += effect.calls
            self._last().effects.append(effect.words)
        if plan.decision:
            require_shown(self.watch, one.step, plan.effects)

    def _stopped(self, step: Step) -> WorkRemains:
        """A person ends the run before a step."""
        return WorkRemains(
            f"Stopped before {step.id}.",
            done=f"{step.id} changed nothing.",
            next_step=f"Continue with {self.again}.",
        )

    def _refusal(self, step: Step) -> str:
        return role_problem(self.report.of(step.id).step, self.login, self.role, self.session.guide.settings)

    def _require_role(self, step: Step) -> None:
        problem = self._refusal(step)
        if problem:
            kind = RoleTooLowNow if self.written or any(one.effects for one in self.walked.values()) else RoleTooLow
            raise kind(
                problem,
                done=f"{step.id} was not run.",
                next_step=f"Ask a maintainer to type `fastrel-checklist run {self.version}`.",
            )

    def _tick(self, one: StepReport) -> None:
        self.watch.verdicts[one.step.id] = one.verdict
        if one.step.id not in self.ticked:
            try:
                self._write(replace(self.report, steps=(one,)))
            except FastrelError as error:
                error.done = error.done or (
                    f"Step {one.step.id} is done ({one.verdict.summary}); its tick may not be written yet."
                )
                error.next_step += f" Then {self.again}, which also ticks it."
                raise
            self.ticked.add(one.step.id)
        self._leave(one, ticked=True)

    def _write(self, report: Report) -> None:
        """Write what a report shows into the tracker."""
        written = write_ticks(self.session, self.context, report, self.login)
        self.written += written.ticked
        self.wrote = self.wrote or written.changed
        if written.tracker:
            steps = self.session.guide.steps()
            self.watch.wrote(
                written.tracker, [one.id for one in steps if one.id in written.ticked and not self._refusal(one)]
            )

    def _leave(self, one: StepReport, *, ticked: bool) -> None:
        self._last().after = one.status
        self.reporter.leaves(one, ticked=ticked)
