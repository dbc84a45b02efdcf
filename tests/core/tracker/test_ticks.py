"""What a report means for the lines of the release issue: ticks, doubts, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fastrel.errors import RemoteError
from fastrel.guide.model import Step
from fastrel.guide.parser import parse_guide
from fastrel.report.report import StepReport
from fastrel.report.verdict import Link, Status, Verdict, done, failed, manual, skipped, todo
from fastrel.tracker.body import LIMIT, length
from fastrel.tracker.issue import change_tracker, record_guide
from fastrel.tracker.model import Change, Entry, Evidence
from fastrel.tracker.state import without_state
from fastrel.tracker.ticks import changes_for, evidence_of, line_for
from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
THEN = datetime(2026, 11, 1, tzinfo=UTC)
GUIDE = parse_guide(
    "<!-- checklist -->\n- [ ] a <!-- step a uses=tag.create -->\n- [x] b <!-- step b -->\n<!-- /checklist -->\n"
)
A, B = GUIDE.steps()
ADA = Evidence("it was there", by="ada", at=THEN, covers=("1", "2"))


def changes(verdict: Verdict, ticked: bool = False, evidence: Evidence | None = None, doubt: str = "") -> list[Change]:
    one = StepReport(A, "One", "a", verdict, doubt=doubt)
    return changes_for([one], {"a": Entry("a", ticked, evidence)}, "mia", AT)


def test_what_is_verified_is_ticked_with_who_and_when() -> None:
    (change,) = changes(replace(done("v1 is there", Link("v1", "https://x.example")), covers=("7",)))
    assert change == Change("a", True, Evidence("v1 is there", (("v1", "https://x.example"),), "mia", AT, "", ("7",)))
    (skip,) = changes(skipped("not this time"))
    assert skip.evidence is not None
    assert skip.evidence.skip_reason == "not this time"
    assert changes(done("v1 is there"), True, ADA) == []
    assert changes(todo("it is not there")) == []


def test_a_tick_from_the_browser_is_nobodys() -> None:
    (change,) = changes(done("v1 is there"), True)
    assert change.evidence == Evidence("v1 is there")
    b = StepReport(B, "One", "b", done("ticked in the release issue"))
    assert changes_for([b], {"b": Entry("b", True)}, "mia", AT) == []  # what only a person judges needs no more


@pytest.mark.parametrize("verdict", [todo("gone"), failed("gone"), manual("gone")])
def test_a_tick_that_the_check_contradicts_keeps_who_when_and_what_it_covers(verdict: Verdict) -> None:
    (change,) = changes(verdict, True, ADA)
    assert change == Change(
        "a", True, Evidence("unverified: was verified before; gone", (), "ada", THEN, "", ("1", "2"))
    )
    assert changes(verdict, True, change.evidence) == []  # said already
    (again,) = changes(done("back"), True, change.evidence)
    assert again.evidence is not None
    assert (again.evidence.summary, again.evidence.by) == ("back", "mia")
    (bare,) = changes(verdict, True)
    assert bare.evidence == Evidence("unverified: gone")


def test_what_could_not_be_read_and_what_does_not_count_is_left_alone() -> None:
    assert changes(Verdict(Status.UNKNOWN, "GitHub does not answer"), True, ADA) == []
    assert changes(todo("gone"), True, ADA, doubt="eve wrote it") == []
    assert changes_for([StepReport(A, "One", "a", done("x"))], {}, "mia", AT) == []


def test_a_new_line_is_ticked_by_what_is_verified_or_by_the_guide() -> None:
    def ticked(step, verdict) -> tuple[bool, bool]:  # type: ignore[no-untyped-def]  # a step and a verdict
        line = line_for(StepReport(step, "One", "t", verdict), "mia", AT)
        return bool(line.change and line.change.ticked), line.ticked

    assert ticked(A, done("x")) == (True, False)
    assert ticked(A, todo("x")) == (False, False)
    assert ticked(B, manual("x")) == (False, True)
    assert ticked(replace(B, uses="tag.create"), manual("x")) == (False, False)
    assert evidence_of(done("x"), "mia", AT).skip_reason == ""


LINKED = replace(ADA, links=(("v1", "https://x.example/v1"),))


@pytest.mark.parametrize(
    ("evidence", "proved", "words", "links"),
    [
        (LINKED, True, "was verified before; gone", True),
        (LINKED, False, "gone", False),
        (replace(LINKED, summary="unverified: was verified before; gone for an hour"), True, "was verified before; gone", True),
        (replace(LINKED, summary="unverified: was verified before; gone for an hour"), False, "was verified before; gone", True),
        (replace(LINKED, summary="unverified: it never was"), True, "gone", False),
        (replace(LINKED, skip_reason="no need"), True, "gone", False),
        (None, True, "gone", False),
    ],
)  # fmt: skip
def test_what_was_verified_once_and_is_contradicted_now_says_so_and_keeps_its_links(
    evidence: Evidence | None, proved: bool, words: str, links: bool
) -> None:
    def doubt(step: Step) -> Evidence:
        one, entry = StepReport(step, "One", step.id, failed("gone")), Entry(step.id, True, evidence)
        (change,) = changes_for([one], {step.id: entry}, "mia", AT, proved=proved)
        assert change.ticked
        assert change.evidence
        return change.evidence

    found = doubt(A)
    assert found.summary == f"unverified: {words}"
    assert found.links == (LINKED.links if links else ())
    assert (found.by, found.at, found.covers) == (("ada", THEN, ("1", "2")) if evidence else ("", None, ()))
    # A step without an action of ours was never verified.
    assert doubt(B).summary == "unverified: gone"


def test_a_doubt_that_is_written_already_is_not_written_again() -> None:
    assert changes(failed("gone"), True, replace(ADA, summary="unverified: gone")) == []
    assert changes(failed("gone"), True, replace(ADA, summary="unverified: was verified before; gone")) == []
    assert len(changes(failed("gone now"), True, replace(ADA, summary="unverified: gone"))) == 1


def test_only_a_step_without_an_id_of_its_own_is_found_again_by_its_title() -> None:
    given, made = parse_guide(
        "<!-- checklist -->\n- [ ] Do it well <!-- step a -->\n- [ ] Do it well\n<!-- /checklist -->\n"
    ).steps()
    assert line_for(StepReport(given, "One", "Do it well", todo("x")), "mia", AT).plain_id == ""
    assert line_for(StepReport(made, "One", "Do it well", todo("x")), "mia", AT).plain_id == "do-it-well"


# On GitHub


def test_a_guide_that_somebody_else_names_meanwhile_stays_named(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    issue = twin.store.issues[38]
    here, theirs, ours = project.git("rev-parse", "HEAD"), "b" * 40, "c" * 40

    def somebody() -> None:
        twin.store.edit_body(issue, issue.body.replace(here, theirs), "ada")

    repository = project.session().repository
    twin.faults.add(Fault("PATCH", "/issues/38", wrong=Wrong.NOTHING, meanwhile=somebody))
    record_guide(repository, 38, "docs/g.md", ours, believes=lambda *_: True, pause=lambda _: None)
    assert theirs in issue.body
    assert ours not in issue.body
    record_guide(repository, 38, "docs/g.md", ours, believes=lambda *_: True, pause=lambda _: None)
    assert ours in issue.body


def test_a_commit_that_finds_no_room_is_said_before_github_is_asked(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    issue = twin.store.issues[38]
    shorter = without_state(issue.body).replace(project.git("rev-parse", "HEAD"), "")
    twin.store.edit_body(issue, shorter + "\n" + "p" * (LIMIT - length(shorter) - 20), "ada")
    before = issue.body
    with pytest.raises(RemoteError, match="has no room") as failed:
        record_guide(
            project.session().repository,
            38,
            "docs/release-guide.md",
            "c" * 40,
            believes=lambda *_: True,
            pause=lambda _: None,
        )
    assert "Make its text shorter" in failed.value.next_step
    assert issue.body == before


@pytest.mark.parametrize("left", [0, 40])
def test_a_body_never_reaches_githubs_limit(cli: Cli, project: Project, twin: Twin, left: int) -> None:
    begin_release(cli)
    issue = twin.store.issues[38]
    twin.store.edit_body(issue, issue.body + "\n" + "p" * (LIMIT - length(issue.body) - 2 - left), "ada")
    tick = Change("open-bugs", True, Evidence("words " * 300, by="mia", at=AT))
    change_tracker(project.session().repository, 38, [tick], believes=lambda *_: True, pause=lambda _: None)
    assert length(issue.body) < LIMIT
    assert "- [x] Decide about the open bugs" in issue.body
