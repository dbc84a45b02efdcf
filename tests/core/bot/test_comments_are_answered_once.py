"""A comment is executed once, also when its answer is deleted and an old run is started again. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastrel.bot.commands import Verb
from fastrel.bot.events import Heard
from fastrel.bot.pending import FRESH, RERUN, RunId, claims, marker, pending, since
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


def test_a_new_run_of_an_old_event_says_what_it_would_have_executed() -> None:
    (one,) = pending([comment(1, "/status")], BOT, RunId(5, 2), NOW, Heard(1, "carl", "/run", NOW))
    assert [command.verb for command in one.commands] == [Verb.RUN]


def test_a_new_run_of_an_old_event_says_nothing_when_a_later_comment_is_answered() -> None:
    heard = Heard(1, "carl", "/run", NOW)
    thread = [comment(1, "/run"), comment(2, "/status"), comment(3, marker(2), BOT)]
    assert pending(thread, BOT, RunId(5, 2), NOW, heard) == []


def test_an_answer_that_is_broken_off_is_taken_up_although_later_comments_are_answered() -> None:
    thread = [
        comment(1, "/run"),
        comment(2, "/status"),
        comment(3, marker(1, RunId(5, 1)), BOT),
        comment(4, marker(2), BOT),
    ]
    heard = Heard(1, "carl", "/run", NOW)
    (one,) = pending(thread, BOT, RunId(5, 2), NOW, heard)
    assert (one.comment, one.stale, one.problem) == (1, (3,), "")


def test_what_is_answered_stays_so_whatever_is_broken_off() -> None:
    # A claim of a run that still goes on answers nothing yet; the newest of the answers counts, not the first.
    thread = [comment(1, "/run"), comment(2, "/run"), comment(3, "/run"), comment(4, marker(3, RunId(7, 1)), BOT)]
    assert [one.comment for one in pending(thread, BOT, RunId(9, 1), NOW)] == [1, 2]
    answered = [*thread[:3], comment(4, marker(1), BOT), comment(5, marker(2), BOT)]
    assert [one.comment for one in pending(answered, BOT, RunId(9, 1), NOW)] == [3]
    # The answer to the comment itself says that it is answered, not that it is passed over.
    assert [
        one.comment for one in pending([comment(1, "/run"), comment(2, marker(1), BOT)], BOT, RunId(9, 1), NOW)
    ] == []


def test_an_answer_that_somebody_deleted_between_others_is_not_given_again() -> None:
    thread = [
        *(comment(number, "/run") for number in (1, 2, 3)),
        comment(4, marker(1), BOT),
        comment(5, marker(3), BOT),
    ]
    assert pending(thread, BOT, RunId(9, 1), NOW) == []
    assert [one.comment for one in pending([*thread, comment(6, "/run")], BOT, RunId(9, 1), NOW)] == [6]


def test_only_the_comment_that_started_the_run_is_compared_with_its_event() -> None:
    heard = Heard(2, "carl", "/status", NOW)
    found = pending([comment(1, "/run"), comment(2, "/status")], BOT, RunId(9, 1), NOW, heard)
    assert [(one.comment, one.problem, one.commands[0].verb) for one in found] == [
        (1, "", Verb.RUN),
        (2, "", Verb.STATUS),
    ]


def test_what_was_asked_for_is_what_the_event_says() -> None:
    heard = Heard(1, "carl", "/run", NOW)
    (one,) = pending([comment(1, "words")], BOT, RunId(9, 1), NOW, heard)
    assert (one.commands[0].verb, "edited" in one.problem, one.late) == (Verb.RUN, True, False)
    (gone,) = pending([], BOT, RunId(9, 1), NOW, heard)
    assert (gone.comment, gone.author, gone.commands[0].verb, gone.late) == (1, "carl", Verb.RUN, False)


def test_a_comment_without_a_time_is_left_alone_and_one_of_a_day_ago_is_too() -> None:
    timeless = replace(comment(1, "/run"), created=None)
    assert pending([timeless], BOT, RunId(9, 1), NOW) == []
    for hours, found in ((23, 1), (25, 0), (47, 0)):
        old = replace(comment(1, "/run"), created=NOW - timedelta(hours=hours))
        assert len(pending([old], BOT, RunId(9, 1), NOW)) == found


def test_a_claim_without_a_time_and_one_of_two_hours_ago_are_given_up() -> None:
    def claimed(hours: float | None) -> int:
        claim = comment(2, marker(1, RunId(4, 1)), BOT)
        created = None if hours is None else NOW - timedelta(hours=hours)
        return len(pending([comment(1, "/run"), replace(claim, created=created)], BOT, RunId(9, 1), NOW))

    assert [claimed(one) for one in (None, 1.9, 2.1, 2.9)] == [1, 0, 1, 1]


def test_an_event_without_a_time_counts_from_now() -> None:
    assert since(Heard(1, "carl", "/run", None), NOW) == NOW - FRESH - timedelta(minutes=1)


def test_a_marker_names_the_run_and_its_attempt() -> None:
    (claim,) = claims([comment(2, marker(1, RunId(5, 3)), BOT)], BOT)
    assert (claim.answers, claim.run) == (1, RunId(5, 3))
    (answer,) = claims([comment(2, marker(1), BOT)], BOT)
    assert answer.run is None


def test_a_comment_that_another_event_finds_is_late() -> None:
    heard = Heard(2, "carl", "/run", NOW)
    found = pending([comment(1, "/run"), comment(2, "/run")], BOT, RunId(9, 1), NOW, heard)
    assert [(one.comment, one.late) for one in found] == [(1, True), (2, False)]
