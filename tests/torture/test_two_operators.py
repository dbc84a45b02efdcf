"""Two operators run the same release at the same time, in a drawn order of their requests: each effect happens once.

`--long` draws more orders, `FASTREL_RACES=300` as many as it says.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.engine.open_release import Opened, open_release
from fastrel.engine.session import Session
from fastrel.engine.sync import sync
from fastrel.engine.tick import tick
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.guide.parser import read_guide
from fastrel.report.report import Report
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel.tracker.body import parse_body
from fastrel.tracker.layout import layout
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing
from hostile import TRIED
from operators import Operator, Waiting
from silent_reporter import Silent
from stage import DECISIONS, GUIDE

LONG = settings.get_current_profile_name() == "long"
RACES = int(os.environ.get("FASTREL_RACES", "60" if LONG else "1"))
OPENINGS = RACES * 3
BURSTS = RACES
ROLES = ("maintain", "admin")


def pause_of(client: Client) -> Callable[[float], None]:
    return client.pauses if isinstance(client, Waiting) else time.sleep


@contextmanager
def fresh_twin(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    """A twin with a release that is opened and decided."""
    with running_twin(root / "github", guide_text=GUIDE.read_text(encoding="utf-8"), timing=Timing()) as twin:
        monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
        twin.store.rate_limit = 10**9
        yield twin


def session_of(twin: Twin, client: Client, clone: Path | None = None) -> Session:
    guide = read_guide(clone / "docs" / "release-guide.md" if clone else GUIDE)
    worktree = Worktree.at(clone) if clone else None
    return Session(guide, Repository(client, twin.store.name), worktree, pause=pause_of(client))


def ready(twin: Twin) -> None:
    session = session_of(twin, Client(twin.api_url, twin.tokens["maintain"]))
    open_release(session, "0.2.0")
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    for step in DECISIONS:
        tick(session, "0.2.0", step, "decided")


def take_turns(operators: Sequence[Operator], chance: random.Random) -> None:
    """Until all have ended: one of them goes on by some requests."""
    while busy := [one for one in operators if not one.ended]:
        one = chance.choice(busy)
        for _ in range(chance.choice([1, 1, 2, 3, 8])):
            one.goes_on()


def of(twin: Twin, role: str, work: Callable[[Client], object]) -> Operator:
    return Operator(twin.api_url, twin.tokens[role], work)


@pytest.mark.parametrize("seed", range(RACES))
def test_two_who_run_a_release_do_each_thing_once(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_twin(tmp_path, monkeypatch) as twin:
        ready(twin)

        def runs(role: str) -> Callable[[Client], Outcome]:
            clone = clone_sample(twin, tmp_path / role / "Fast-LLM", name=role)
            prompter = NonInteractive({"open-issue": "defer", "open-pull": "defer"})
            options = Options(poll=1, patience=60)
            return lambda client: run(
                session_of(twin, client, clone), "0.2.0", options, prompter, Silent(), sleep=pause_of(client)
            )

        operators = [of(twin, role, runs(role)) for role in ROLES]
        take_turns(operators, random.Random(seed))
        for operator in operators:
            outcome = operator.outcome()
            assert isinstance(outcome, Outcome)
            assert outcome.stopped is None, (outcome.stopped.problem, outcome.stopped.done)
        done_once(twin)
        TRIED["releases by two at once"] += 1


def done_once(twin: Twin) -> None:
    """Each effect of the release is there, and not twice."""
    store = twin.store
    refs = store.bare.refs()
    head = refs["refs/heads/main"].commit
    messages = [store.bare.commit(sha).message for sha in store.bare.history(head)]
    assert messages[:2] == ["Start development on version 0.2.1", "Bump version to 0.2.0"]
    assert max(Counter(messages).values()) == 1
    assert refs["refs/tags/v0.2.0"].commit == store.bare.commit(head).parents[0]
    (release,) = [one for one in store.releases.values() if one.tag == "v0.2.0"]
    assert not release.draft
    assert release.body.count("/compare/v0.1.0...v0.2.0") == 1
    assert len(store.discussions[release.discussion].comments) == 1
    titles = Counter(one.title for one in store.discussions.values())
    assert set(titles.values()) == {1}
    assert set(Counter(one.title for one in store.milestones.values()).values()) == {1}
    (tracker,) = [one for one in store.issues.values() if "release" in one.labels]
    assert tracker.state == "closed"
    assert len(tracker.comments) == 1
    ticked_once(tracker.body)
    assert "- [ ]" not in tracker.body


def ticked_once(body: str) -> None:
    rows = layout(body).rows
    assert set(Counter(row.step_id for row in rows).values()) == {1}
    assert all(row.rest.count("<!-- /step ") == (1 if row.ticked else 0) for row in rows)


@pytest.mark.parametrize("seed", range(OPENINGS))
def test_three_who_open_a_release_share_one_tracker(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    with fresh_twin(tmp_path, monkeypatch) as twin:
        roles = ("maintain", "admin", "write")
        operators = [of(twin, role, lambda client: open_release(session_of(twin, client), "0.2.0")) for role in roles]
        killed = chance.randrange(6)
        if killed < len(operators):  # one of them is stopped for good somewhere
            for _ in range(chance.randrange(1, 12)):
                operators[killed].goes_on()
        take_turns([one for number, one in enumerate(operators) if number != killed], chance)
        opened = [one.outcome() for number, one in enumerate(operators) if number != killed]
        last = open_release(session_of(twin, Client(twin.api_url, twin.tokens["maintain"])), "0.2.0")
        trackers = [one for one in twin.store.issues.values() if "release" in one.labels]
        assert [one.number for one in trackers if one.state == "open"] == [last.tracker.number]
        assert last.tracker.number == min(one.number for one in trackers)
        assert all(one.state_reason == "duplicate" for one in trackers if one.state != "open")
        for one in opened:
            assert isinstance(one, Opened)
            assert one.tracker.number == last.tracker.number
        if killed < len(operators):  # it wakes up again
            operators[killed].finishes()
            assert [one.number for one in twin.store.issues.values() if "release" in one.labels and one.state == "open"]
    TRIED["openings by three at once"] += 1


def test_ticks_on_a_second_tracker_are_kept_when_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_twin(tmp_path, monkeypatch) as twin:
        session = session_of(twin, Client(twin.api_url, twin.tokens["maintain"]))
        first = open_release(session, "0.2.0").tracker
        body = twin.store.issues[first.number].body
        second = twin.store.add_issue("Release 0.2.0", "carl", body=body, labels=["release"])
        second.body = body.replace("- [ ] Decide", "- [x] Decide").replace("\n\n###", "\n\nMy words.\n\n###", 1)
        ticked = {step for step, entry in parse_body(second.body).entries.items() if entry.ticked}
        assert ticked
        report = session.report("0.2.0")
        assert any(f"#{second.number}, too" in warning for warning in report.warnings)
        opened = open_release(session, "0.2.0")
        assert opened.tracker.number == first.number
        assert f"/issues/{second.number} was a second release issue" in opened.warnings[0]
        entries = parse_body(twin.store.issues[first.number].body).entries
        assert ticked <= {step for step, entry in entries.items() if entry.ticked}
        assert (second.state, second.state_reason) == ("closed", "duplicate")
        there = "Its ticks by people with the step's role are there, too; what people wrote here stays here."
        assert second.comments[0].body == f"Duplicate of #{first.number}. {there}"
        assert "My words." in second.body
        third = twin.store.add_issue("Release 0.2.0", "carl", body=body, labels=["release"])
        open_release(session, "0.2.0")
        assert third.state_reason == "duplicate"
        assert third.comments[0].body == f"Duplicate of #{first.number}. What people wrote stays here."
        assert session.report("0.2.0").warnings == ()


@pytest.mark.parametrize("seed", range(BURSTS))
def test_a_burst_of_sync_ticks_everything_once(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_twin(tmp_path, monkeypatch) as twin:
        ready(twin)
        for number in (29, 30, 31):
            twin.store.close(twin.store.issues[number])
        tracker = next(one for one in twin.store.issues.values() if "release" in one.labels)
        operators = [of(twin, "maintain", lambda client: sync(session_of(twin, client), "0.2.0")) for _ in range(8)]
        take_turns(operators, random.Random(seed))
        for operator in operators:
            assert isinstance(operator.outcome(), Report)
        ticked_once(tracker.body)
        assert parse_body(tracker.body).entries["milestone-issues"].ticked
    TRIED["bursts of eight syncs"] += 1
