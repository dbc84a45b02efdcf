"""Tools and people change one tracker at the same time, in any order of their requests: nothing that anybody did is lost.

`--long` draws thousands of interleavings, `FASTREL_INTERLEAVINGS=500` as many as it says; how many there were is printed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import change_tracker
from fastrel.tracker.layout import layout
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.model import Change, Entry, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing
from hostile import TRIED
from operators import Operator
from stage import GUIDE
from tracker_editors import Person

LONG = settings.get_current_profile_name() == "long"
INTERLEAVINGS = int(os.environ.get("FASTREL_INTERLEAVINGS", "4000" if LONG else "40"))
SHARE = 250
"""Interleavings of one test, so that several processes can work at them, each against a twin that stays small."""
AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
STEPS = ("one", "two", "three", "four", "five")
LINES = [Line("1. Get ready" if step in STEPS[:3] else "2. Go", step, f"Do `{step}` well.") for step in STEPS]
BODY = render_body(Header("0.2.0", "minor"), LINES)
AT_ONCE = 3
"""Tools that write at the same time, at most."""
CROWD = 2
"""Other tools beside one that unticks, with which it may lose."""
LOGINS = ("mia", "carl", "rae", "bot")


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    with running_twin(tmp_path / "github", guide_text=GUIDE.read_text(encoding="utf-8"), timing=Timing()) as running:
        yield running


@dataclass
class Unticking:
    """A tool that takes back a tick, and how many others write meanwhile."""

    tool: Operator
    step: str
    others: int


class Tracker(RuleBasedStateMachine):
    """One tracker, the tools that are writing to it, and a person in front of GitHub's page.

    A rule that cannot apply does nothing: how many requests a tool makes is not drawn, so no draw may depend on it.
    """

    twin: Twin

    def __init__(self) -> None:
        super().__init__()
        store = self.twin.store
        with store.lock:
            self.issue = store.add_issue("Release 0.2.0", "mia", body=BODY)
        self.tools: list[Operator] = []
        self.seed = 0
        self.prompter: list[Person] = []
        self.wished: dict[str, set[bool]] = {step: {False} for step in STEPS}
        """What was last wanted of each box; more than one thing when it was wanted at the same time."""
        self.fresh: set[str] = set()
        """The steps that somebody has wished something of since nobody wrote."""
        self.unticked: set[str] = set()
        self.proven: set[str] = set()
        self.writes = 0
        self.unticking: list[Unticking] = []

    @property
    def busy(self) -> list[Operator]:
        return [tool for tool in self.tools if not tool.ended]

    @property
    def may_start(self) -> bool:
        return len(self.busy) < AT_ONCE

    def wishes(self, wanted: dict[str, bool]) -> None:
        """Somebody wants boxes so, now: whatever was wanted before anybody who still writes began is over."""
        if not self.busy:
            self.fresh.clear()
        for step, ticked in wanted.items():
            self.wished[step] = {ticked} | (self.wished[step] if step in self.fresh else set())
            self.fresh.add(step)
            if not ticked:
                self.unticked.add(step)

    @rule(steps=st.sets(st.sampled_from(STEPS), min_size=1, max_size=3), who=st.sampled_from(LOGINS))
    def a_tool_ticks(self, steps: set[str], who: str) -> None:
        if not self.may_start:
            return
        self.writes += 1
        evidence = Evidence(f"found {self.writes}", by=who, at=AT)
        self.wishes(dict.fromkeys(steps, True))
        self.proven |= steps
        self.starts([Change(step, True, evidence) for step in sorted(steps)])

    @rule(step=st.sampled_from(STEPS))
    def a_tool_unticks(self, step: str) -> None:
        entry = parse_body(self.issue.body).entries.get(step)
        if self.may_start and entry:
            self.wishes({step: False})
            self.cannot_tell(step, entry)
            others = len(self.busy)
            self.starts([Change(step, False)])
            self.unticking.append(Unticking(self.tools[-1], step, others))
            self.crowded()

    @rule()
    def a_tool_adds_what_is_missing(self) -> None:
        if self.may_start:
            self.starts([], LINES)

    @rule(who=st.integers(0, AT_ONCE - 1), requests=st.integers(1, 3))
    def a_tool_goes_on(self, who: int, requests: int) -> None:
        if not self.busy:
            return
        tool = self.busy[who % len(self.busy)]
        for _ in range(requests):
            tool.goes_on()
        TRIED["requests in drawn orders"] += requests

    @rule(seed=st.integers(0, 10**6))
    def a_person_edits(self, seed: int) -> None:
        person = Person(f"p{len(self.prompter)}q", seed)
        self.prompter.append(person)
        before = parse_body(self.issue.body).entries
        with self.twin.store.lock:
            self.twin.store.edit_body(self.issue, person.edits(self.issue.body, 1), "rae")
        self.wishes(person.flipped)
        for step, ticked in person.flipped.items():
            if not ticked:
                self.cannot_tell(step, before[step])
        TRIED["edits by people meanwhile"] += 1

    def cannot_tell(self, step: str, before: Entry) -> None:
        """For two minutes after a bare tick, a tool cannot tell who takes it back from who wrote over it."""
        if before.ticked and not before.evidence:
            self.wished[step].add(True)

    def crowded(self) -> None:
        """Where two others write while a tool unticks, one may repair what the other was just repairing, and takes the
        tick of a moment before for one that was written over."""
        for one in self.unticking:
            if one.others >= CROWD:
                self.wished[one.step].add(True)
        self.unticking = [one for one in self.unticking if not one.tool.ended and one.others < CROWD]

    def starts(self, changes: list[Change], lines: list[Line] | None = None) -> None:
        number, name = self.issue.number, self.twin.store.name

        def work(client: Client) -> object:
            return change_tracker(
                Repository(client, name), number, changes, lines or (), believes=lambda *_: True, pause=lambda _: None
            )

        self.tools.append(Operator(self.twin.api_url, self.twin.tokens["maintain"], work))
        for one in self.unticking:
            one.others += not one.tool.ended
        self.crowded()
        TRIED["tools at work"] += 1

    def teardown(self) -> None:
        for tool in self.tools:
            tool.outcome()
        TRIED["interleavings"] += 1
        body = self.issue.body
        assert [word for one in self.prompter for word in one.typed if word not in body] == []
        entries = parse_body(body).entries
        deleted = {step for one in self.prompter for step in one.deleted}
        assert set(STEPS) - set(entries) <= deleted
        for step, entry in entries.items():
            assert entry.ticked in self.wished[step] or step in deleted, step
            assert entry.evidence or step not in self.proven or step in self.unticked | deleted, step
        rows = layout(body).rows
        assert max(Counter(row.step_id for row in rows).values(), default=1) == 1
        assert [row.step_id for row in rows if row.rest.count("<!-- /step ") > 1] == []
        assert body.count("<!-- step ") == len(rows)
        assert tracker_version(body) == "0.2.0"
        assert body.count("<!-- fastrel tracker ") == 1
        with self.twin.store.lock:
            del self.twin.store.issues[self.issue.number]
            self.twin._requests.log.clear()


@pytest.mark.parametrize("share", range(-(-INTERLEAVINGS // SHARE)))
def test_nothing_that_tools_and_people_do_at_once_is_lost(share: int, twin: Twin) -> None:
    twin.store.rate_limit = 10**9
    seconds = count()
    twin.store.now = lambda: AT + timedelta(seconds=next(seconds))
    Tracker.twin = twin
    run_state_machine_as_test(
        Tracker,
        settings=settings(
            max_examples=min(SHARE, INTERLEAVINGS - share * SHARE),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[Phase.reuse, Phase.generate],  # to make a failure smaller takes many minutes
        ),
    )
