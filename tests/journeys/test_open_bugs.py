"""Open bugs: a decision covers those that were there, whoever made it and however; later ones are asked about again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from fastrel.actions.bugs import DecideOnBugs
from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.actions.questions.prompts import Option, Prompter, Question
from fastrel.errors import FastrelError
from fastrel.tracker.body import parse_body
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse, step_of

NEW = "#39 came since the decision: fix first, or ship with a reason"


@pytest.fixture
def opened(cli: Cli, project: Project) -> Project:
    begin_release(cli)
    return project


def bugs(cli: Cli) -> tuple[object, object]:
    step = step_of(cli, "open-bugs")
    return step["status"], step["summary"]


def covered(twin: Twin) -> tuple[str, ...]:
    evidence = parse_body(twin.store.issues[38].body).entries["open-bugs"].evidence
    return evidence.covers if evidence else ()


def add_bug(twin: Twin) -> None:
    twin.store.add_issue("It crashes", "rae", labels=["bug"])


def test_a_decision_by_tick_covers_the_bugs_of_then(cli: Cli, opened: Project, twin: Twin) -> None:
    assert cli("tick", "open-bugs", "--note", "ship: all cosmetic").code == 0
    assert bugs(cli) == ("done", "ship: all cosmetic")
    assert covered(twin) == ("31", "35", "36")
    add_bug(twin)
    assert bugs(cli) == ("manual", NEW)
    assert [one["text"] for one in links(cli)] == ["#39"]
    assert cli("sync").code == 0
    assert f"unverified: was verified before; {NEW}" in twin.store.issues[38].body
    assert bugs(cli) == ("manual", NEW)
    assert cli("tick", "open-bugs", "--note", "that, too").code == 0
    assert bugs(cli) == ("done", "that, too")
    assert covered(twin) == ("31", "35", "36", "39")


def links(cli: Cli) -> list[dict[str, str]]:
    found = step_of(cli, "open-bugs")["links"]
    assert isinstance(found, list)
    return found


def test_fewer_bugs_need_no_new_decision(cli: Cli, opened: Project, twin: Twin) -> None:
    assert cli("tick", "open-bugs", "--note", "ship: all cosmetic").code == 0
    add_bug(twin)
    assert cli("sync").code == 0
    twin.store.close(twin.store.issues[39])
    twin.store.close(twin.store.issues[31])
    assert bugs(cli)[0] == "done"
    # An older issue that becomes a bug is a new one, too.
    twin.store.issues[29].labels.append("bug")
    assert bugs(cli) == ("manual", "#29 came since the decision: fix first, or ship with a reason")


def test_a_tick_without_words_covers_what_is_open_when_it_is_written_down(
    cli: Cli, opened: Project, twin: Twin
) -> None:
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace("- [ ] Decide about the open bugs", "- [x] Decide about the open bugs")
    add_bug(twin)
    assert bugs(cli) == ("done", "ticked in the release issue")
    assert cli("sync").code == 0
    assert covered(twin) == ("31", "35", "36", "39")
    twin.store.add_issue("It hangs", "rae", labels=["bug"])
    assert bugs(cli) == ("manual", "#40 came since the decision: fix first, or ship with a reason")


def test_a_tick_because_there_was_no_bug_is_no_decision(cli: Cli, project: Project, twin: Twin) -> None:
    for number in (31, 35, 36):
        twin.store.close(twin.store.issues[number])
    begin_release(cli)
    assert bugs(cli) == ("done", "no open issue is labelled bug")
    add_bug(twin)
    assert bugs(cli) == ("manual", "1 open bug: fix first, or ship with a reason")


def test_a_run_asks_about_the_new_ones_and_records_all(cli: Cli, opened: Project, twin: Twin) -> None:
    assert cli("tick", "open-bugs", "--note", "ship: all cosmetic").code == 0
    add_bug(twin)
    answers = [
        ("Number or word", "ship"),
        ("Why can the release ship with them?", "all known"),
    ]
    code, screen = converse(["run", "open-bugs"], answers)
    assert code == 0, screen
    assert NEW in screen
    assert bugs(cli) == ("done", "ship with 4 open bugs: all known")
    assert covered(twin) == ("31", "35", "36", "39")


class Thinks(NonInteractive):
    """Somebody who ships, gives a reason, and takes their time for it."""

    def __init__(self, meanwhile: Callable[[], object], reason: str = "all known") -> None:
        super().__init__({})
        self.meanwhile = meanwhile
        self.reason = reason

    def choose(self, question: Question, options: Sequence[Option]) -> str:
        return "ship"

    def answer(self, question: Question) -> str:
        self.meanwhile()
        return self.reason


def decision(project: Project, prompter: Prompter) -> str:
    session = project.session()
    return DecideOnBugs().plan(session.context("0.2.0").at(session.guide.step("open-bugs")), prompter).decision


def test_bugs_that_come_while_somebody_thinks_are_not_decided_on(opened: Project, twin: Twin) -> None:
    assert decision(opened, Thinks(lambda: None)) == "ship with 3 open bugs: all known"
    with pytest.raises(FastrelError, match="#39 came while this was decided"):
        decision(opened, Thinks(lambda: add_bug(twin)))
    # One that is closed meanwhile is nothing to think about again.
    assert (
        decision(opened, Thinks(lambda: twin.store.close(twin.store.issues[39]))) == "ship with 4 open bugs: all known"
    )


@pytest.mark.parametrize("reason", ["", "  "])
def test_shipping_with_bugs_needs_a_reason(opened: Project, reason: str) -> None:
    with pytest.raises(FastrelError, match="needs a reason"):
        decision(opened, Thinks(lambda: None, reason))
