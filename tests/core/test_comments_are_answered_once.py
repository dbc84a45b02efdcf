"""A comment is executed once, also when its answer is deleted and an old run is started again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastrel.bot.events import Heard
from fastrel.bot.pending import RERUN, RunId, marker, pending
from fastrel.github.model import Comment

BOT = "github-actions[bot]"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def comment(number: int, text: str, author: str = "carl") -> Comment:
    return Comment(text, "", author, number, author == BOT, NOW - timedelta(minutes=5))


def test_a_new_run_of_an_old_event_executes_nothing_when_the_answer_is_gone() -> None:
    heard = Heard(1, "carl", "/run", NOW)
    (one,) = pending([comment(1, "/run")], BOT, RunId(5, 2), NOW, heard)
    assert one.problem == RERUN


def test_a_new_attempt_goes_on_where_the_first_one_broke_off() -> None:
    heard = Heard(1, "carl", "/run", NOW)
    broken = comment(2, marker(1, RunId(5, 1)), BOT)
    (one,) = pending([comment(1, "/run"), broken], BOT, RunId(5, 2), NOW, heard)
    assert (one.problem, one.stale) == ("", (2,))


def test_what_came_before_the_newest_answer_is_answered() -> None:
    thread = [comment(1, "/run"), comment(2, "/status"), comment(3, marker(2), BOT), comment(4, "/run")]
    assert [one.comment for one in pending(thread, BOT, RunId(9, 1), NOW)] == [4]


def test_the_comment_that_started_a_run_is_answered_although_a_later_one_is() -> None:
    thread = [comment(1, "/run"), comment(2, "/status"), comment(3, marker(2), BOT)]
    heard = Heard(1, "carl", "/run", NOW)
    assert [one.comment for one in pending(thread, BOT, RunId(9, 1), NOW, heard)] == [1]


def test_a_comment_that_another_event_finds_is_late() -> None:
    heard = Heard(2, "carl", "/run", NOW)
    found = pending([comment(1, "/run"), comment(2, "/run")], BOT, RunId(9, 1), NOW, heard)
    assert [(one.comment, one.late) for one in found] == [(1, True), (2, False)]
