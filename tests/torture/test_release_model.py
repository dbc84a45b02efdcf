"""A whole release as a state machine: a run in pieces, faults between any two requests, and what others do meanwhile.

After each move: what a run has ticked is proved, "complete" is said only when a fresh look says so, no text that a
person typed is lost, nothing is done twice, and a dry run lists what the run that follows does.

`--long` tries many more sequences, `FASTREL_SEQUENCES=3000` as many as it says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fastrel.engine.evaluate import check
from fastrel.engine.open_release import open_release
from fastrel.engine.session import Session
from fastrel.engine.sync import sync
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.guide.parser import read_guide
from fastrel.report.verdict import Status
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel.text.kept_text import kept, kept_place
from fastrel.tracker.body import parse_body
from fastrel.tracker.model import UNVERIFIED
from fastrel_twin.clone import clone_sample
from fastrel_twin.faults import ANSWERS
from fastrel_twin.records import CommitStatus, Issue, Release
from fastrel_twin.server import running_twin
from fastrel_twin.workflows.simulated_ci import Timing
from hostile import TRIED
from silent_reporter import Silent
from torture.release_model import (
    EFFECTS,
    EVENTS,
    FAULTS,
    GUIDE,
    NOTES,
    PLACES,
    STEPS,
    VERSIONS,
    Event,
    Person,
    click,
    during,
    release_of,
    restore,
    steady,
    tracker_of,
)

LONG = settings.get_current_profile_name() == "long"
SEQUENCES = int(os.environ.get("FASTREL_SEQUENCES", "2000" if LONG else "2"))
MOVES = 14 if LONG else 6
LOOK = 45
"""Requests of one look at everything, and of the closing itself."""
UNTIL = st.sampled_from([*STEPS, ""])
WHO = st.sampled_from(["maintain", "maintain", "write"])


class ReleaseModel(RuleBasedStateMachine):
    """One release of the sample project."""

    @initialize(version=st.sampled_from(VERSIONS), in_editor=st.booleans())
    def begins(self, version: str, in_editor: bool) -> None:
        TRIED["sequences of a release"] += 1
        self.version, self.person = version, Person(in_editor=in_editor)
        self.stack = ExitStack()
        root = Path(tempfile.mkdtemp(prefix="fastrel-model-"))
        self.stack.callback(shutil.rmtree, root, ignore_errors=True)
        self.twin = self.stack.enter_context(
            running_twin(root / "github", guide_text=GUIDE, timing=Timing(), additions=True)
        )
        self.twin.store.rate_limit = 10**9
        before = {name: os.environ.get(name) for name in ("GH_TOKEN", "GITHUB_API_URL", "XDG_STATE_HOME")}
        self.stack.callback(restore, before)
        os.environ["GH_TOKEN"], os.environ["GITHUB_API_URL"] = self.twin.tokens["maintain"], self.twin.api_url
        os.environ["XDG_STATE_HOME"] = str(root / "state")
        self.clone = clone_sample(self.twin, root / "mine" / "Fast-LLM")
        self.other = clone_sample(self.twin, root / "theirs" / "Fast-LLM", name="Ada Admin")
        self.typed: list[str] = []
        self.typed_notes: list[str] = []
        self.count = 0
        open_release(self.session(), version)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def session(self, who: str = "maintain") -> Session:
        guide = read_guide(self.clone / "docs" / "release-guide.md")
        client = Client(self.twin.api_url, self.twin.tokens[who])
        return Session(guide, Repository(client, self.twin.store.name), Worktree.at(self.clone), pause=lambda _: None)

    @property
    def tracker(self) -> Issue:
        return tracker_of(self.twin.store)

    @property
    def release(self) -> Release | None:
        return release_of(self.twin.store, self.version)

    # What people do with the tool

    @rule(until=UNTIL, who=WHO)
    def runs(self, until: str, who: str) -> None:
        self.walk(Options(until=until, poll=0.01, patience=2), who)

    @rule(step=st.sampled_from(STEPS))
    def runs_one_step(self, step: str) -> None:
        self.walk(Options(steps=(step,), poll=0.01, patience=2))

    @rule(until=UNTIL, who=WHO)
    def looks_before_running(self, until: str, who: str) -> None:
        options = Options(until=until, poll=0.01, patience=2, unattended=not self.person.in_editor)
        dry, real = self.walk(replace(options, dry_run=True), who), self.walk(options, who)
        if dry is None or real is None:
            return
        listed, done = (
            [(one.step_id, steady(words)) for one in it.walked for words in one.effects] for it in (dry, real)
        )
        # A dry run takes it that what a run waits for comes.
        waits = real.stopped is not None and "still waiting" in real.stopped.problem
        assert done == (listed[: len(done)] if waits else listed), (listed, done, real.stopped)

    @rule(
        until=UNTIL,
        place=st.sampled_from(PLACES),
        answer=st.sampled_from(FAULTS),
        applied=st.booleans(),
        after=st.integers(0, 12),
    )
    def runs_with_a_fault(self, until: str, place: tuple[str, str], answer: str, applied: bool, after: int) -> None:
        fault = ANSWERS[answer].at(*place, applied=applied and answer in ("bad gateway", "server error"))
        self.twin.faults.add(replace(fault, after=after))
        self.walk(Options(until=until, poll=0.01, patience=1))

    @rule(
        effect=st.sampled_from(EFFECTS),
        answer=st.sampled_from(FAULTS),
        applied=st.booleans(),
        after=st.sampled_from([0, 0, 1]),
    )
    def an_effect_meets_a_fault(
        self, effect: tuple[str, str, str, str], answer: str, applied: bool, after: int
    ) -> None:
        step, method, path, body = effect
        if step != STEPS[0]:
            self.walk(Options(until=STEPS[STEPS.index(step) - 1], poll=0.01, patience=1))
        fault = ANSWERS[answer].at(
            method, path, body=body, applied=applied and answer in ("bad gateway", "server error")
        )
        self.twin.faults.add(replace(fault, after=after))
        self.walk(Options(until=step, poll=0.01, patience=1))

    @rule(
        until=UNTIL,
        method=st.sampled_from(["GET", "PATCH", "POST"]),
        event=st.sampled_from(sorted(EVENTS)),
        after=st.integers(0, 250),
    )
    def something_happens_during_a_run(self, until: str, method: str, event: str, after: int) -> None:
        asked: list[int] = []

        def meanwhile() -> None:
            with self.twin.store.lock:
                EVENTS[event].happens(self.twin.store)
            asked.append(len(self.twin.requests))

        self.twin.faults.add(during(method, after, meanwhile))
        before = self.tracker.state
        self.walk(Options(until=until, poll=0.01, patience=1), undone=EVENTS[event].undoes)
        if asked and (before, self.tracker.state) == ("open", "closed"):
            self.was_not_seen(EVENTS[event], asked[0])

    @rule(until=UNTIL, method=st.sampled_from(["GET", "PATCH"]), after=st.integers(0, 8), into=st.sampled_from("tn"))
    def somebody_writes_during_a_run(self, until: str, method: str, after: int, into: str) -> None:
        """Between the tool's reading and its writing of the same text, too."""

        def meanwhile() -> None:
            with self.twin.store.lock:
                self.somebody_writes_into_the_tracker() if into == "t" else self.somebody_writes_into_the_notes()

        path = f"/issues/{self.tracker.number}" if into == "t" else "/releases"
        self.twin.faults.add(during(method, after, meanwhile, path))
        self.walk(Options(until=until, poll=0.01, patience=1))

    @rule()
    def syncs(self) -> None:
        if self.tracker.state == "open":
            sync(self.session(), self.version)

    # What others do

    @rule(event=st.sampled_from(sorted(EVENTS)))
    def something_happens(self, event: str) -> None:
        EVENTS[event].happens(self.twin.store)

    @rule(state=st.sampled_from(["failure", "success", "pending"]))
    def a_status_is_told(self, state: str) -> None:
        store = self.twin.store
        sha = store.bare.resolve("main")
        store.statuses[:] = [one for one in store.statuses if one.context != "jenkins"]
        store.statuses.append(CommitStatus(store.new_id(), sha, "jenkins", state, "ada", store.now()))

    @precondition(lambda self: self.count < 3)
    @rule()
    def somebody_merges(self) -> None:
        self.count += 1
        git = ["git", "-c", "advice.detachedHead=false"]
        for words in (
            ["fetch", "--quiet", "origin", "main"],
            ["checkout", "--quiet", "--detach", "FETCH_HEAD"],
            ["commit", "--quiet", "--allow-empty", "-m", f"Work {self.count}"],
            ["push", "--quiet", "origin", "HEAD:main"],
        ):
            subprocess.run([*git, *words], cwd=self.other, check=True, capture_output=True)

    @rule()
    def the_checkout_is_brought_up_to_date(self) -> None:
        git = ["git", "pull", "--quiet", "--rebase", "origin", "main"]
        subprocess.run(git, cwd=self.clone, check=False, capture_output=True)

    @rule()
    def somebody_writes_into_the_tracker(self) -> None:
        words = f"A note by rae, number {len(self.typed)}."
        self.typed.append(words)
        self.twin.store.edit_body(self.tracker, f"{self.tracker.body}\n\n{words}\n", "rae")

    @rule()
    def somebody_writes_into_the_notes(self) -> None:
        if self.release:
            words = f"Written on GitHub, number {len(self.typed_notes)}."
            self.typed_notes.append(words)
            self.release.body = f"{words}\n\n{self.release.body}"

    @rule()
    def somebody_removes_the_link_below_the_list(self) -> None:
        if self.release:
            self.release.body = re.sub(r"\*\*Full Changelog\*\*.*", "", self.release.body)

    @rule(step=st.sampled_from(STEPS), ticked=st.booleans())
    def somebody_clicks_a_box(self, step: str, ticked: bool) -> None:
        self.twin.store.edit_body(self.tracker, click(self.tracker.body, step, ticked=ticked), "rae")

    # What must hold

    def walk(self, options: Options, who: str = "maintain", undone: Collection[str] = ()) -> Outcome | None:
        """A run, and what must hold after it; `undone` are steps that others have undone meanwhile."""
        entries = parse_body(self.tracker.body).entries
        before = {one.step_id for one in entries.values() if one.ticked}
        ended = self.tracker.state == "closed"
        outcome: Outcome | None = None
        try:
            outcome = run(self.session(who), self.version, options, self.person, Silent(), sleep=lambda _: None)
            stopped = outcome.stopped
        except FastrelError as error:
            stopped = error
        self.twin.faults.clear()
        if stopped:
            assert stopped.done, stopped.problem
        if options.dry_run:
            assert parse_body(self.tracker.body).entries == entries
            return outcome
        context = self.session().context(self.version)
        verdicts = {step_id: check(one) for step_id, one in context.contexts().items()}
        for one in parse_body(self.tracker.body).entries.values():
            said = one.evidence.summary if one.evidence else ""
            ours = one.ticked and one.step_id not in before and not said.startswith(UNVERIFIED)
            if not ours or one.step_id == "close" or one.step_id in undone:
                continue
            found = verdicts[one.step_id]
            # CI of the newest commit moves on with what the run itself has pushed.
            if one.step_id == "ci" and found.status is Status.WAITING:
                continue
            assert found.status.settled, (one.step_id, said, found)
        closed = self.tracker.state == "closed" and not ended
        if closed or (stopped is None and not options.until and not options.steps):
            left = {one: found for one, found in verdicts.items() if not found.status.settled}
            assert not left.keys() - {"close", *undone}, left
            assert self.tracker.state == "closed"
        return outcome

    def was_not_seen(self, event: Event, happened: int) -> None:
        """A release was closed although something had happened: it was just before, and nothing that was read since
        showed it. All is looked at again before a release is closed."""
        log = self.twin.requests[happened:]
        closing = next((n for n, one in enumerate(log) if one[0] == "POST" and one[1].endswith("/comments")), 0)
        shown = [path for _, path, _ in log[:closing] if event.shows and event.shows in path]
        assert not shown, (event, shown)
        assert not event.shows or closing < LOOK, (event, closing)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "twin"):
            return
        for words in self.typed:
            assert self.tracker.body.count(words) == 1, words
        for words in self.typed_notes:
            assert self.release is not None
            assert words in self.release.body
        edit = parse_body(self.tracker.body).entries["edit"]
        waits = kept(kept_place(self.twin.store.name, f"notes-v{self.version}.md")) or ""
        if edit.evidence and edit.evidence.summary.startswith("notes edited"):
            assert self.release
            assert NOTES in self.release.body or NOTES in waits

    @invariant()
    def nothing_is_done_twice(self) -> None:
        if not hasattr(self, "twin"):
            return
        store = self.twin.store
        assert sum(one.tag == f"v{self.version}" for one in store.releases.values()) <= 1
        assert set(Counter(one.title for one in store.discussions.values()).values()) <= {1}
        assert sum("is out." in it.body for one in store.discussions.values() for it in one.comments) <= 1
        assert set(Counter(one.title for one in store.milestones.values()).values()) <= {1}
        assert len([one for one in self.tracker.comments if "fastrel summary" in one.body]) <= 1
        if self.release:
            assert self.release.body.count(NOTES) <= 1
            assert self.release.body.count("**Full Changelog**") <= 1
            lines = [line for line in self.release.body.splitlines() if re.match(r"\* .* in \S+/pull/\d+$", line)]
            assert len(lines) == len(set(lines))
        titles = Counter(
            store.bare.commit(sha).message.split("\n")[0] for sha in store.bare.history(store.bare.resolve("main"))
        )
        assert titles[f"Bump version to {self.version}"] <= 1
        assert all(count == 1 for title, count in titles.items() if title.startswith("Start development on version"))


ReleaseModel.TestCase.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=MOVES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestReleaseModel = ReleaseModel.TestCase


@pytest.mark.parametrize("version", VERSIONS[:1])
def test_where_nothing_happens_the_release_of_the_model_goes_to_its_end(version: str) -> None:
    """Else the sequences would try nothing."""
    model = ReleaseModel()
    try:
        model.begins(version, in_editor=False)
        model.looks_before_running("", "maintain")
        assert model.tracker.state == "closed"
        model.nothing_is_lost()
        model.nothing_is_done_twice()
    finally:
        model.teardown()
