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
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fastrel.actions.non_interactive import NonInteractive
from fastrel.actions.prompts import Brought, Question
from fastrel.engine.evaluate import check
from fastrel.engine.open_release import open_release
from fastrel.engine.reporter import Options, Outcome
from fastrel.engine.run import run
from fastrel.engine.session import Session
from fastrel.engine.sync import sync
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.client import Client
from fastrel.github.gateway import Repository
from fastrel.guide.parser import read_guide
from fastrel.report.verdict import Status
from fastrel.tracker.body import parse_body
from fastrel.tracker.model import UNVERIFIED
from fastrel_twin.clone import clone_sample
from fastrel_twin.faults import ANSWERS, Fault
from fastrel_twin.records import CommitStatus, Issue, Release
from fastrel_twin.server import running_twin
from fastrel_twin.simulated_ci import Timing
from hostile import TRIED
from silent import Silent

LONG = settings.get_current_profile_name() == "long"
SEQUENCES = int(os.environ.get("FASTREL_SEQUENCES", "2000" if LONG else "4"))
MOVES = 14 if LONG else 9
GUIDE = """---
fastrel:
  repository: ServiceNow/Fast-LLM
  branch: main
  version_files: [fast_llm/__init__.py, setup.cfg]
  discussion_category: Announcements
---
# Release

## 1. Get ready
<!-- checklist -->
- [ ] Issues <!-- step issues uses=milestone.issues -->
- [ ] Pull requests <!-- step pulls uses=milestone.pulls -->
- [ ] Bugs <!-- step bugs uses=bugs.decide -->
- [ ] CI <!-- step ci uses=ci.branch -->
<!-- /checklist -->

## 2. Version
<!-- checklist -->
- [ ] Set <!-- step set uses=version.set -->
- [ ] Commit <!-- step commit uses=version.commit -->
<!-- /checklist -->

## 3. Tag
<!-- checklist role=maintain -->
- [ ] Create <!-- step create uses=tag.create -->
- [ ] Push <!-- step push uses=tag.push -->
- [ ] Draft <!-- step draft uses=release.draft -->
- [ ] Notes <!-- step notes uses=release.notes -->
- [ ] Edit <!-- step edit uses=release.edit -->
- [ ] Publish <!-- step publish uses=release.publish -->
<!-- /checklist -->

## 4. After
<!-- checklist role=maintain -->
- [ ] Announce <!-- step forum uses=discussion.forum -->

    ```markdown
    # Fast-LLM {{ version }} is released

    It is out.
    ```

- [ ] Next version <!-- step next uses=version.next -->
- [ ] Commit next <!-- step commit-next uses=version.commit-next -->
- [ ] Close milestone <!-- step close-milestone uses=milestone.close -->
- [ ] Next milestone <!-- step next-milestone uses=milestone.next -->
- [ ] Close <!-- step close uses=tracker.close -->
<!-- /checklist -->
"""
STEPS = tuple(re.findall(r"<!-- step ([\w-]+)", GUIDE))
FAULTS = ("bad gateway", "server error", "not found", "missing scope", "refused as invalid", "conflict")
PLACES = (
    ("PATCH", "/releases/"),
    ("POST", "/releases"),
    ("PATCH", "/issues/"),
    ("POST", "/issues/"),
    ("PATCH", "/milestones/"),
    ("POST", "/milestones"),
    ("POST", "/graphql"),
    ("GET", "/issues"),
    ("GET", "/releases"),
    ("GET", "/git/"),
)


class Decides(NonInteractive):
    """Somebody who decides everything, and writes notes of their own."""

    def __init__(self, notes: str) -> None:
        super().__init__({"open-issue": "defer", "open-pull": "defer", "open-bugs": "ship"})
        self.notes = notes

    def answer(self, question: Question) -> str:
        return question.default or "known and harmless"

    def brought(self, question: Question) -> Brought | None:
        return Brought(self.notes)


class ReleaseModel(RuleBasedStateMachine):
    """One release of the sample project."""

    @initialize()
    def begins(self) -> None:
        TRIED["sequences of a release"] += 1
        self.stack = ExitStack()
        root = Path(tempfile.mkdtemp(prefix="fastrel-model-"))
        self.stack.callback(shutil.rmtree, root, ignore_errors=True)
        self.twin = self.stack.enter_context(running_twin(root / "github", guide_text=GUIDE, timing=Timing()))
        self.twin.store.rate_limit = 10**9
        before = {name: os.environ.get(name) for name in ("GH_TOKEN", "GITHUB_API_URL", "XDG_STATE_HOME")}
        self.stack.callback(_restore, before)
        os.environ["GH_TOKEN"], os.environ["GITHUB_API_URL"] = self.twin.tokens["maintain"], self.twin.api_url
        os.environ["XDG_STATE_HOME"] = str(root / "state")
        self.clone = clone_sample(self.twin, root / "mine" / "Fast-LLM")
        self.other = clone_sample(self.twin, root / "theirs" / "Fast-LLM", name="Ada Admin")
        self.typed: list[str] = []
        self.typed_notes: list[str] = []
        self.count = 0
        open_release(self.session(), "0.2.0")

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def session(self) -> Session:
        guide = read_guide(self.clone / "docs" / "release-guide.md")
        client = Client(self.twin.api_url, self.twin.tokens["maintain"])
        return Session(guide, Repository(client, self.twin.store.name), Worktree.at(self.clone), pause=lambda _: None)

    @property
    def tracker(self) -> Issue:
        return next(one for one in self.twin.store.issues.values() if "release" in one.labels)

    @property
    def release(self) -> Release | None:
        return next((one for one in self.twin.store.releases.values() if one.tag == "v0.2.0"), None)

    # What the maintainer does

    @rule(until=st.sampled_from([*STEPS, ""]))
    def runs(self, until: str) -> None:
        self.walk(Options(until=until, poll=0.01, patience=2))

    @rule(until=st.sampled_from([*STEPS, ""]))
    def looks_before_running(self, until: str) -> None:
        dry = self.walk(Options(until=until, poll=0.01, patience=2, dry_run=True, unattended=True))
        real = self.walk(Options(until=until, poll=0.01, patience=2))
        if dry is None or real is None:
            return
        listed = [(one.step_id, list(map(_steady, one.effects))) for one in dry.walked if one.effects]
        done = [(one.step_id, list(map(_steady, one.effects))) for one in real.walked if one.effects]
        if real.stopped is None:
            assert listed == done
        else:
            assert listed[: len(done)] == done or len(done) > len(listed), (listed, done, real.stopped.problem)

    @rule(
        until=st.sampled_from([*STEPS, ""]),
        place=st.sampled_from(PLACES),
        answer=st.sampled_from(FAULTS),
        applied=st.booleans(),
        after=st.integers(0, 12),
    )
    def runs_with_a_fault(self, until: str, place: tuple[str, str], answer: str, applied: bool, after: int) -> None:
        verb, path = place
        fault = ANSWERS[answer].at(verb, path, applied=applied and answer in ("bad gateway", "server error"))
        self.twin.faults.add(Fault(**{**_fields(fault), "after": after}))  # type: ignore[arg-type]  # the same fields
        try:
            self.walk(Options(until=until, poll=0.01, patience=1))
        finally:
            self.twin.faults.clear()

    @rule()
    def syncs(self) -> None:
        if self.tracker.state == "open":
            sync(self.session(), "0.2.0")

    # What others do

    @rule()
    def an_issue_comes_into_the_milestone(self) -> None:
        self.twin.store.add_issue("One more", "rae", milestone=2)

    @rule()
    def a_bug_comes(self) -> None:
        self.twin.store.add_issue("It crashes", "rae", labels=["bug"])

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
    def somebody_writes_into_the_tracker(self) -> None:
        words = f"A note by rae, number {len(self.typed)}."
        self.typed.append(words)
        self.twin.store.edit_body(self.tracker, f"{self.tracker.body}\n\n{words}\n", "rae")

    @precondition(lambda self: self.release is not None)
    @rule()
    def somebody_writes_into_the_notes(self) -> None:
        assert self.release
        words = f"Written on GitHub, number {len(self.typed_notes)}."
        self.typed_notes.append(words)
        self.release.body = f"{words}\n\n{self.release.body}"

    @precondition(lambda self: self.release is not None)
    @rule()
    def somebody_removes_the_link_below_the_list(self) -> None:
        assert self.release
        self.release.body = re.sub(r"\*\*Full Changelog\*\*.*", "", self.release.body)

    @rule(step=st.sampled_from(STEPS), ticked=st.booleans())
    def somebody_clicks_a_box(self, step: str, ticked: bool) -> None:
        body = self.tracker.body
        old, new = ("[ ]", "[x]") if ticked else ("[x]", "[ ]")
        lines = [
            line.replace(f"- {old}", f"- {new}", 1) if f"<!-- step {step} -->" in line else line
            for line in body.split("\n")
        ]
        self.twin.store.edit_body(self.tracker, "\n".join(lines), "rae")

    # What must hold

    def walk(self, options: Options) -> Outcome | None:
        """A run, and what must hold after it."""
        before = {one.step_id for one in parse_body(self.tracker.body).entries.values() if one.ticked}
        ended = self.tracker.state == "closed"
        session = self.session()
        outcome: Outcome | None = None
        stopped: FastrelError | None = None
        try:
            outcome = run(session, "0.2.0", options, Decides("Our notes."), Silent(), sleep=lambda _: None)
        except FastrelError as error:
            stopped = error
        if outcome:
            stopped = outcome.stopped
        if options.dry_run:
            return outcome
        self.twin.faults.clear()
        if stopped:
            assert stopped.done, stopped.problem
        context = self.session().context("0.2.0")
        verdicts = {step_id: check(one) for step_id, one in context.contexts().items()}
        entries = parse_body(self.tracker.body).entries
        for one in entries.values():
            said = one.evidence.summary if one.evidence else ""
            if one.ticked and one.step_id not in before and said and not said.startswith(UNVERIFIED):
                if one.step_id == "close":
                    continue
                found = verdicts[one.step_id]
                # CI of the newest commit moves on with what the run itself has pushed.
                if one.step_id == "ci" and found.status is Status.WAITING:
                    continue
                assert found.status.settled, (one.step_id, said, found)
        if self.tracker.state == "closed" and not ended:
            left = {one: found for one, found in verdicts.items() if not found.status.settled and one != "close"}
            assert not left, left
        return outcome

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "twin"):
            return
        for words in self.typed:
            assert self.tracker.body.count(words) == 1, words
        for words in self.typed_notes:
            assert self.release is not None
            assert words in self.release.body

    @invariant()
    def nothing_is_done_twice(self) -> None:
        if not hasattr(self, "twin"):
            return
        store = self.twin.store
        assert sum(one.tag == "v0.2.0" for one in store.releases.values()) <= 1
        assert set(Counter(one.title for one in store.discussions.values()).values()) <= {1}
        assert set(Counter(one.title for one in store.milestones.values()).values()) <= {1}
        assert len([one for one in self.tracker.comments if "fastrel summary" in one.body]) <= 1
        if self.release:
            assert self.release.body.count("Our notes.") <= 1
            assert self.release.body.count("**Full Changelog**") <= 1
            lines = [line for line in self.release.body.splitlines() if re.match(r"\* .* in \S+/pull/\d+$", line)]
            assert len(lines) == len(set(lines))
        titles = Counter(
            store.bare.commit(sha).message.strip() for sha in store.bare.history(store.bare.resolve("main"))
        )
        assert titles["Bump version to 0.2.0"] <= 1
        assert titles["Start development on version 0.2.1"] <= 1


def _restore(environment: dict[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _fields(fault: Fault) -> dict[str, object]:
    return {name: getattr(fault, name) for name in Fault.__dataclass_fields__}


def _steady(words: str) -> str:
    return re.sub(r" [0-9a-f]{7}\b", "", words)


ReleaseModel.TestCase.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=MOVES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestReleaseModel = ReleaseModel.TestCase
