"""Running steps from the command line, and saying how it went."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.actions.questions.prompts import Prompter
from fastrel.engine.session import Session
from fastrel.report.report import Report
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel_cli.streams.json_output import print_json
from fastrel_cli.streams.messages import error_text
from fastrel_cli.streams.verbosity import say
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.prompts import Interactive, Predecided
from fastrel_cli.terminal.run_log import TerminalReporter


def run_steps(
    session: Session,
    version: str,
    options: Options,
    *,
    agreed: bool,
    decisions: Mapping[str, str],
    notes_file: Path | None,
    replace_notes: bool,
    as_json: bool,
) -> int:
    """Run and return the exit code."""
    there = sys.stdin.isatty() and not agreed and not options.dry_run
    prompter: Prompter = (
        Predecided(decisions, Interactive(notes_file, replaces=replace_notes))
        if there
        else NonInteractive(decisions, notes_file, replaces=replace_notes)
    )
    # Without a terminal nobody can confirm an effect, so effects then need --yes.
    reporter = TerminalReporter(agreed=agreed, plan_is_result=options.dry_run and not as_json)
    outcome = run(session, version, options, prompter, reporter)
    if options.dry_run and not as_json:
        return _show_planned(outcome, options)
    return show_outcome(outcome, as_json=as_json)


def _show_planned(outcome: Outcome, options: Options) -> int:
    """The end of a dry run, on standard output; returns the exit code."""
    calls = [call for one in outcome.walked for call in one.calls]
    git = sum(call.startswith("git ") for call in calls)
    requests = sum(call.startswith(("POST /", "PATCH /", "PUT /", "DELETE /")) for call in calls)
    counts = f"{_count(git, 'git command')} and {_count(requests, 'request')}"
    click.echo(
        f"\nA run would change something by {counts}, besides the ticks. To start it: "
        f"{options.again(outcome.report.release.version).strip('`')}"
    )
    if outcome.report.tracker:
        click.echo(outcome.report.tracker.url)
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def show_finished(report: Report, *, as_json: bool) -> int:
    """Say that nothing is left of a release; returns the exit code."""
    if as_json:
        print_json(report, walked=[], stopped=None)
    else:
        say(f"Release {report.release.version} is finished: there is nothing left to do.")
        if report.tracker:
            click.echo(report.tracker.url)
    return 0


def show_outcome(outcome: Outcome, *, as_json: bool, rehearsal: Mapping[str, object] | None = None) -> int:
    """Print how a run went; returns the exit code. `rehearsal` is the summary of a rehearsal in the JSON; a rehearsal
    prints its own end, since its tracker cannot be visited."""
    if as_json:
        walked = [
            {
                "id": one.step_id,
                "before": one.before.value,
                "after": one.after.value,
                "effects": one.effects,
                "calls": one.calls,
            }
            for one in outcome.walked
        ]
        stopped = outcome.stopped
        why = None if stopped is None else {"problem": stopped.problem, "done": stopped.done, "next": stopped.next_step}
        more = {"rehearsal": rehearsal} if rehearsal else {}
        print_json(outcome.report, walked=walked, stopped=why, **more)
    if outcome.stopped:
        click.echo("", err=True)
        echo_folded(error_text(outcome.stopped), sys.stderr)
        return outcome.stopped.exit_code
    if not as_json and rehearsal is None:
        report = outcome.report
        following = f" Next: {report.next.step.id} ({report.next.status})." if report.next else ""
        say(f"\n{report.settled} of {len(report.steps)} steps are done or skipped.{following}")
        if report.tracker:
            click.echo(report.tracker.url)
    return 0
