"""What a stopped run advises: something that leads on, and never only the command that was just typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fastrel.errors import FastrelError, RemoteError
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


AGAIN, RERUN = "`fastrel-checklist run 0.2.0`", "`fastrel-checklist run 0.2.0 --rerun-failed`"


@pytest.mark.parametrize(
    ("status", "rerun", "problem", "next_step"),
    [
        (Status.FAILED, "", "Step do needs repair: something.", f"Repair it, then {AGAIN}."),
        (
            Status.FAILED,
            RERUN,
            "Step do needs repair: something.",
            f"Repair it, then {AGAIN}. Or run the red jobs again: {RERUN}.",
        ),
        (Status.UNKNOWN, RERUN, "Step do cannot be read: something", f"When it can be reached, {AGAIN}."),
        (
            Status.TODO,
            RERUN,
            "Step do was run, but its check does not find it done: something.",
            f"Look at it, then {AGAIN}; what is done already is not done twice.",
        ),
    ],
)
def test_what_a_step_stops_with(status: Status, rerun: str, problem: str, next_step: str) -> None:
    found = stop_of(step(status), AGAIN, rerun)
    assert (found.problem, found.next_step) == (problem, next_step)
    assert found.done == "do is not ticked."
    assert isinstance(found, RemoteError) is (status is Status.UNKNOWN)


@pytest.mark.parametrize(
    ("patience", "elapsed", "skips"), [(None, 9999, False), (600, 599, False), (600, 600, False), (600, 601, True)]
)
def test_after_waiting_in_vain_a_skip_is_named_only_where_nothing_may_come(
    patience: float | None, elapsed: float, skips: bool
) -> None:
    found = gave_up(step(Status.WAITING, patience), elapsed, AGAIN)
    assert found.problem == f"Step do is still waiting after {elapsed} seconds: something."
    assert ("skip do --reason WHY" in found.next_step) is skips
    assert (found.next_step == f"Continue later with {AGAIN}.") is not skips


def test_what_is_not_done_any_more_is_named_with_what_undid_it() -> None:
    one = step(Status.TODO)
    assert undone([one], AGAIN).problem == "do is not done any more: something."
    assert undone([one, one], AGAIN, "tag").problem == "do, do are not done any more since tag: something."
    assert undone([one] * 5, AGAIN).problem.startswith("do, do, do and 2 more are not")
    assert undone([one] * 3, AGAIN).problem.startswith("do, do, do are not")


def test_what_is_left_of_a_run_and_who_goes_on() -> None:
    assert what_remains([], 3, (), AGAIN, RUN) is None
    manual, todo = step(Status.MANUAL), step(Status.TODO)
    for left, undecided, next_step in (
        ([todo], (), f"{AGAIN}."),
        ([manual], (), f"`fastrel-checklist tick do` when it is done, then {AGAIN}."),
        ([manual], ("a",), f"`fastrel-checklist tick do` when it is done, then {AGAIN}."),
        ([manual, todo], (), f"{AGAIN}."),
        ([todo], ("a", "b"), f"{AGAIN}, once a person has decided, as said at each step: a, b."),
    ):
        found = what_remains(left, 3, undecided, AGAIN, RUN)
        assert found
        assert found.next_step == next_step
        assert found.done == f"{3 - len(left)} of the 3 steps of this run are done and ticked."
        assert found.problem == f"Not done yet: {', '.join(['do'] * len(left))}."
