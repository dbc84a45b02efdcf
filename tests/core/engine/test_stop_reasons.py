"""What a stopped run advises: something that leads on, and never only the command that was just typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fastrel.errors import FastrelError
from fastrel.guide.parser import parse_guide
from fastrel.report.report import StepReport
from fastrel.report.verdict import Status, Verdict
from fastrel.running.reporter import Options
from fastrel.running.stop_reasons import gave_up, stop_of, undone, what_remains

REHEARSAL = Options(command="fastrel-checklist rehearse", more="0.2.0 --scripts")
RUN = Options()
MENDS = ("Repair it, then ", "Look at it, then ", "Correct the guide")
"""What a person does before the command is worth typing again."""

Reason = Callable[[StepReport, Options], FastrelError | None]
REASONS: dict[str, Reason] = {
    "the step": lambda one, options: stop_of(
        one, options.again("0.2.0"), options.again("0.2.0", "--rerun-failed"), rehearsed=options.is_rehearsal
    ),
    "waited for too long": lambda one, options: gave_up(
        one, 700, options.again("0.2.0"), rehearsed=options.is_rehearsal
    ),
    "not done any more": lambda one, options: undone([one], options.again("0.2.0"), "tag"),
    "left": lambda one, options: what_remains([one], 3, (), options.again("0.2.0"), options),
    "left, with others": lambda one, options: what_remains([one, one], 3, ("a",), options.again("0.2.0"), options),
}


def step(status: Status, patience: float | None = None) -> StepReport:
    guide = parse_guide("- [ ] Do it. <!-- step do uses=tag.push -->\n", "guide.md")
    return StepReport(guide.phases[0].steps[0], "Tag", "Do it.", Verdict(status, "something", patience=patience))


@pytest.mark.parametrize("patience", [None, 600])
@pytest.mark.parametrize("status", [one for one in Status if not one.settled])
@pytest.mark.parametrize("reason", REASONS)
def test_a_rehearsal_never_advises_only_the_command_that_was_typed(
    reason: str, status: Status, patience: float | None
) -> None:
    found = REASONS[reason](step(status, patience), REHEARSAL)
    assert found
    advice = found.next_step
    assert advice.startswith(MENDS) or "Correct the guide" in advice, advice
    # What would act on the release itself is no advice of a rehearsal.
    assert re.findall(r"`fastrel-checklist (?!rehearse|lint)", advice) == [], advice


@pytest.mark.parametrize("status", [one for one in Status if not one.settled])
@pytest.mark.parametrize("reason", REASONS)
def test_a_run_names_the_command_that_goes_on(reason: str, status: Status) -> None:
    found = REASONS[reason](step(status), RUN)
    assert found
    assert "`fastrel-checklist run 0.2.0`" in found.next_step, found.next_step
