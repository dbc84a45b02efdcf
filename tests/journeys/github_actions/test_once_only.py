"""A command has one effect and one answer, however often, late or simultaneously its event is delivered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastrel.bot.events import Heard
from fastrel.bot.pending import RunId, marker, pending, wins
from fastrel.github.model import Comment
from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.server import Twin
from stage import Cli, step_of
from webhooks import Runner

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BOT = "github-actions[bot]"


def test_an_event_that_comes_twice_is_answered_once(runner: Runner) -> None:
    payload = runner.commented(runner.write("mia", "/skip announce-forum quiet"))
    assert runner.on("issue_comment", payload).outputs["changed"] == "true"
    body = runner.body
    runner.says("mia", "/untick announce-forum")
    again = runner.on("issue_comment", payload)
    assert (again.code, again.outputs["changed"]) == (0, "false")
    assert len(runner.answers) == 2
    assert runner.body != body  # the first command was not executed again


def test_of_two_runs_at_the_same_moment_one_answers(runner: Runner, twin: Twin) -> None:
    """Such as an event and a schedule, which do not wait for each other."""
    payload = runner.commented(runner.write("carl", "/run milestone-issues --defer-open"))
    runs = [
        runner.begin("issue_comment", payload, run=91),
        runner.begin("issue_comment", payload, run=92),
        runner.begin("schedule", {"schedule": "17 */6 * * *"}, "--task", "answer", run=93),
    ]
    ended = [one.end() for one in runs]
    assert [one.code for one in ended] == [0, 0, 0], [one.log for one in ended]
    (answer,) = runner.answers
    assert "- ✅ `milestone-issues` done" in answer
    assert [one.outputs["changed"] for one in ended].count("true") == 1
    assert [one.title for one in twin.store.milestones.values()].count("0.3.0") == 1


def test_a_comment_that_another_run_claims_meanwhile_is_left_to_it(runner: Runner, twin: Twin) -> None:
    asked = runner.write("carl", "/skip announce-forum quiet")

    def other() -> None:
        runner.write(runner.bot.login, marker(asked.id, RunId(99, 1)))

    path = f"/issues/{runner.number}/comments"
    twin.faults.add(Fault("POST", path, wrong=Wrong.NOTHING, meanwhile=other))
    before = runner.body
    ran = runner.on("issue_comment", runner.commented(asked))
    assert (ran.code, ran.outputs["changed"], runner.body) == (0, "false", before)
    assert len(runner.answers) == 1


def test_a_comment_whose_run_was_dropped_is_answered_by_the_next(runner: Runner, cli: Cli) -> None:
    """GitHub keeps one waiting run for each group and drops the others."""
    first = runner.write("carl", "/tick open-bugs ship")
    runner.write("mia", "What do you think?")
    second = runner.write("mia", "/skip announce-forum quiet")
    ran = runner.on("issue_comment", runner.commented(second))
    assert ran.code == 0, ran.log
    assert [answer.splitlines()[0] for answer in runner.answers] == [marker(first.id), marker(second.id)]
    step = step_of(cli, "open-bugs")
    assert step["ticked"]["by"] == "carl"  # type: ignore[index]  # each in their own name


def test_what_is_written_during_a_run_is_answered_by_it(runner: Runner) -> None:
    """Also by the run of its own event, which then finds nothing left."""
    first, second = runner.write("carl", "/status"), runner.write("mia", "/help")
    runner.on("issue_comment", runner.commented(first))
    assert len(runner.answers) == 2
    assert runner.on("issue_comment", runner.commented(second)).code == 0
    assert len(runner.answers) == 2


def test_a_run_that_broke_off_is_taken_up_by_its_next_attempt(runner: Runner, cli: Cli) -> None:
    payload = runner.commented(runner.write("carl", "/tick open-bugs ship"))
    runner.project.twin.faults.add(Fault("PATCH", "/issues/comments/"))
    broken = runner.on("issue_comment", payload, run=77)
    assert broken.code == 1
    assert "::error::GitHub failed to answer PATCH" in broken.log
    (claim,) = runner.answers
    assert claim.startswith(marker(runner.world_comments[0].id, RunId(77, 1)))
    # Another run cannot know whether the first one still works on it.
    assert runner.on("issue_comment", payload, run=78).code == 0
    assert runner.answers == [claim]
    again = runner.on("issue_comment", payload, run=77, attempt=2)
    assert again.code == 0, again.log
    (answer,) = runner.answers
    assert "- ✅ `open-bugs` done: ship" in answer


def test_one_thread_that_cannot_be_answered_does_not_keep_others_from_it(runner: Runner, cli: Cli, twin: Twin) -> None:
    assert cli("open", "0.1.1").code == 0
    broken, fine = runner.number, max(twin.store.issues)
    for number in (broken, fine):
        runner.number = number
        runner.write("carl", "/help")
    twin.faults.add(Fault("POST", f"/issues/{broken}/comments"))
    ran = runner.on("schedule", {"schedule": "17 */6 * * *"}, "--task", "answer")
    assert ran.code == 1
    assert f"#{broken}" in ran.summary
    assert len(runner.answers) == 1


def test_when_githubs_answer_is_lost_nobody_claims_that_nothing_changed(runner: Runner) -> None:
    runner.project.twin.faults.add(Fault("PATCH", f"/issues/{runner.number}", applied=True))
    runner.says("carl", "/tick open-bugs ship")
    assert "The release issue may have been changed." in runner.answers[0]
    assert "ship" in runner.body


# Which comments are to be answered, as a pure decision


def comment(number: int, text: str, *, author: str = "carl", minutes: float = 1, edited: bool = False) -> Comment:
    return Comment(text, "", author, number, author == BOT, NOW - timedelta(minutes=minutes), edited)


def left(*thread: Comment, heard: Heard | None = None, run: RunId = RunId(5, 1)) -> list[int]:  # noqa: B008
    return [one.comment for one in pending(thread, BOT, run, NOW, heard)]


def test_oldest_first_whatever_the_order_of_the_listing() -> None:
    assert left(comment(3, "/run"), comment(1, "/status"), comment(2, "talk")) == [1, 3]


def test_what_is_older_than_a_day_is_not_executed_unless_its_event_comes_only_now() -> None:
    old = comment(1, "/run", minutes=2000)
    assert left(old) == []
    assert left(old, heard=Heard(1, "carl", "/run", old.created)) == [1]


def test_edited_comments_are_passed_over() -> None:
    assert left(comment(1, "/run", edited=True), comment(2, "/status")) == [2]


def test_line_endings_are_no_edit() -> None:
    (found,) = pending([comment(1, "/run\n")], BOT, RunId(5, 1), NOW, Heard(1, "carl", "/run\r\n"))
    assert found.problem == ""


def test_an_answer_in_progress_is_left_alone_until_it_is_given_up() -> None:
    asked = comment(1, "/run", minutes=300)
    assert left(asked, comment(2, marker(1), author=BOT)) == []
    assert left(asked, comment(2, marker(1, RunId(4, 1)), author=BOT, minutes=5)) == []
    assert left(asked, comment(2, marker(1, RunId(4, 1)), author=BOT, minutes=130)) == [1]
    assert left(asked, comment(2, marker(1, RunId(5, 1)), author=BOT), run=RunId(5, 2)) == [1]
    assert left(asked, comment(2, marker(1, RunId(5, 1)), author="rae")) == [1]


def test_the_first_claim_wins() -> None:
    thread = [comment(9, marker(1, RunId(6, 1)), author=BOT), comment(8, marker(1, RunId(5, 1)), author=BOT)]
    assert wins(8, 1, thread, BOT)
    assert not wins(9, 1, thread, BOT)
    assert wins(7, 1, thread, BOT)  # the listing lags behind
    assert wins(7, 1, [], BOT)
    forged = [comment(2, marker(1, RunId(1, 1)), author="rae"), *thread]
    assert wins(8, 1, forged, BOT)
