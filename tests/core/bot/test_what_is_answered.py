"""Which events and comments are listened to, and what a comment asks for. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fastrel.bot.answers import answer_body
from fastrel.bot.commands import MOST, Command, Verb, read_commands
from fastrel.bot.events import Answer, Heard, Nothing, Reaction, Sweep, Sync, is_tracker, reaction_to
from fastrel.bot.pending import ABANDONED, FRESH, RunId, claims, marker, pending, since, wins
from fastrel.github.model import Comment
from fastrel.github.role import Role
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Settings
from fastrel.tracker.body import LIMIT, length

Json = dict[str, object]
BOT = "github-actions[bot]"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
MARKER = '<!-- fastrel tracker version="0.2.0" -->\nRelease'
SETTINGS = Settings(branch="main", tag="v{version}", label="release")


def issue(**other: object) -> Json:
    labels = [{"name": "Release"}]
    return {"number": 38, "state": "open", "body": MARKER, "labels": labels, "author_association": "MEMBER",
            "user": {"login": "mia", "type": "User"}, **other}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "believed"),
    [
        ({}, True),
        ({"labels": []}, False),
        ({"labels": [{"name": "releases"}]}, False),
        ({"body": "Release"}, False),
        ({"body": '<!-- fastrel tracker version="x" -->'}, False),
        ({"pull_request": {"url": "u"}}, False),
        ({"author_association": "CONTRIBUTOR"}, False),
        ({"author_association": "NONE"}, False),
        ({"author_association": "NONE", "user": {"login": "", "type": "User"}}, False),
    ],
)
def test_an_issue_is_the_release_issue_by_author_label_and_marker(other: Json, believed: bool) -> None:
    assert is_tracker(Fields(issue(**other)), SETTINGS) is believed


def comment_event(text: str = "/run", action: str = "created", kind: str = "User", **other: object) -> Json:
    user = {"login": "carl", "type": kind}
    comment = {"id": 7, "user": user, "body": text, "created_at": "2026-11-28T08:00:00Z"}
    return {"action": action, "issue": issue(**other), "comment": comment}


@pytest.mark.parametrize(
    ("payload", "listens"),
    [
        (comment_event(), True),
        (comment_event(action="edited"), False),
        (comment_event(action="deleted"), False),
        (comment_event(kind="Bot"), False),
        (comment_event(kind=""), False),
        (comment_event(text="Well, /run"), False),
        (comment_event(text="\n/run"), False),
        (comment_event(labels=[]), False),
        (comment_event(author_association="NONE"), False),
    ],
)
def test_which_comments_are_listened_to(payload: Json, listens: bool) -> None:
    found = reaction_to("issue_comment", Fields(payload), SETTINGS)
    assert isinstance(found, Answer if listens else Nothing)
    assert not isinstance(found, Answer) or found == Answer(
        38, Heard(7, "carl", "/run", datetime(2026, 11, 28, 8, tzinfo=UTC))
    )


def issue_event(action: str = "edited", sender: str = "User", **other: object) -> Json:
    return {"action": action, "issue": issue(**other), "sender": {"type": sender}}


def runs(name: str, branch: str | None, action: str = "completed", event: str = "push", head: str = "o/r") -> Json:
    run: Json = {"head_branch": branch, "event": event, "head_repository": {"full_name": head}}
    inside: Json = {"check_suite": run} if name == "check_run" else run
    return {"action": action, name: inside, "repository": {"full_name": "o/r"}}


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        *((name, {}, Sweep()) for name in ("schedule", "workflow_dispatch", "repository_dispatch")),
        ("issues", issue_event(), Sync("0.2.0")),
        ("issues", issue_event(sender="Bot"), None),
        ("issues", issue_event(state="closed"), None),
        ("issues", issue_event("labeled", labels=[]), Sync()),
        ("issues", issue_event("edited", labels=[]), None),
        ("push", {"ref": "refs/heads/main"}, Sync()),
        ("push", {"ref": "refs/heads/release/0.2.1"}, Sync()),
        ("push", {"ref": "refs/heads/releases"}, None),
        ("push", {"ref": "refs/tags/v0.2.0"}, Sync()),
        ("push", {"ref": "refs/tags/main"}, None),
        ("release", {"release": {"tag_name": "v0.2.0"}}, Sync()),
        ("release", {"release": {"tag_name": "nightly"}}, None),
        ("status", {"branches": [{"name": "topic"}, {"name": "main"}]}, Sync()),
        ("status", {"branches": [{"name": "topic"}]}, None),
        *((name, runs(name, "main"), Sync()) for name in ("check_suite", "check_run", "workflow_run")),
        *((name, runs(name, "main", "requested"), None) for name in ("check_suite", "check_run", "workflow_run")),
        *((name, runs(name, "topic"), None) for name in ("check_suite", "check_run", "workflow_run")),
        *((name, runs(name, "v0.2.0"), Sync()) for name in ("check_suite", "check_run", "workflow_run")),
        *((name, runs(name, None), Sync()) for name in ("check_suite", "check_run", "workflow_run")),
        ("workflow_run", runs("workflow_run", "main", head="eve/r"), None),
        ("workflow_run", runs("workflow_run", "main", event="pull_request"), None),
        ("workflow_run", runs("workflow_run", "main", event="pull_request_target"), None),
        ("milestone", {}, Sync()),
        ("deployment_status", {}, Sync()),
        ("watch", {}, None),
    ],
)
def test_what_an_event_asks_for(name: str, payload: Json, expected: Reaction | None) -> None:
    found = reaction_to(name, Fields(payload), SETTINGS)
    assert isinstance(found, Nothing) if expected is None else found == expected


# Commands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/run", [Command(Verb.RUN, "/run")]),
        ("/run\n\n/status\n", [Command(Verb.RUN, "/run"), Command(Verb.STATUS, "/status")]),
        ("\n/run", []),
        (" /run", []),
        ("words\n/run", []),
        ("/run\nwords\n/status", [Command(Verb.RUN, "/run")]),
        ("/deploy\n/run", []),
        ("/runs", []),
        ("/RUN `a` b a", [Command(Verb.RUN, "/RUN `a` b a", ("a", "b"))]),
        ("/run v0.2.0 a", [Command(Verb.RUN, "/run v0.2.0 a", ("a",), version="0.2.0")]),
        ("/run --defer-open a", [Command(Verb.RUN, "/run --defer-open a", ("a",), options=("--defer-open",))]),
        ("/tick \u200b a", [Command(Verb.TICK, "/tick a", ("a",))]),
        ("/tick a it is\t so", [Command(Verb.TICK, "/tick a it is so", ("a",), "it is so")]),
        ("/skip a why", [Command(Verb.SKIP, "/skip a why", ("a",), "why")]),
        ("/untick a", [Command(Verb.UNTICK, "/untick a", ("a",))]),
        ("/help me", [Command(Verb.HELP, "/help me")]),
    ],
)
def test_a_comment_is_read(text: str, expected: list[Command]) -> None:
    assert list(read_commands(text)) == expected


@pytest.mark.parametrize("text", ["/tick", "/untick", "/skip", "/skip a", "/untick a b", "/run --force",
                                  "/run --defer-open --close-open"])  # fmt: skip
def test_what_cannot_be_executed_as_it_is_written_says_why(text: str) -> None:
    (found,) = read_commands(text)
    assert found.problem


@pytest.mark.parametrize("count", [1, MOST, MOST + 1, 500])
def test_more_than_ten_commands_are_refused_as_a_whole(count: int) -> None:
    found = read_commands("/run\n" + "/status\n" * (count - 1))
    assert len(found) == (count if count <= MOST else 1)
    assert bool(found[0].problem) is (count > MOST)
    assert found[0].verb is Verb.RUN


def test_what_each_command_needs_at_least() -> None:
    assert {verb for verb in Verb if verb.role is Role.READ} == {Verb.STATUS, Verb.HELP}
    assert {verb.role for verb in Verb} == {Role.READ, Role.WRITE}


# Comments that are still to be answered


def comment(number: int, text: str = "/run", author: str = "carl", minutes: float = 5, edited: bool = False) -> Comment:
    return Comment(text, "", author, number, author.endswith("[bot]"), NOW - timedelta(minutes=minutes), edited)


def left(*thread: Comment, heard: Heard | None = None, run: RunId = RunId(5, 1)) -> list[tuple[int, bool]]:  # noqa: B008
    return [(one.comment, bool(one.problem)) for one in pending(thread, BOT, run, NOW, heard)]


HEARD = Heard(1, "carl", "/run", NOW - timedelta(minutes=5))


def test_answers_are_known_by_their_first_characters_in_comments_of_our_own() -> None:
    ours = comment(2, marker(1), BOT)
    assert [one.answers for one in claims([ours], BOT)] == [1]
    assert claims([comment(2, marker(1), "eve")], BOT) == []
    assert claims([comment(2, f"words {marker(1)}", BOT)], BOT) == []
    assert left(comment(1), ours) == []
    assert left(comment(1), comment(2, marker(1), "eve")) == [(1, False)]
    assert left(comment(1), comment(2, f"> {marker(1)}", BOT)) == [(1, False)]


def test_bots_are_not_answered_and_plain_words_are_not_commands() -> None:
    assert left(comment(1, author="other[bot]"), comment(2, "words"), comment(3, "/status")) == [(3, False)]


def test_an_edited_or_deleted_comment_is_executed_by_nobody() -> None:
    assert left(comment(1, edited=True)) == []
    assert left(comment(1, edited=True), heard=HEARD) == [(1, True)]
    assert left(comment(1, "/run evil"), heard=HEARD) == [(1, True)]
    assert left(heard=HEARD) == [(1, True)]
    assert left(comment(2, marker(1), BOT), heard=HEARD) == []
    assert left(comment(1), heard=HEARD) == [(1, False)]


def test_how_old_a_command_may_be() -> None:
    day = FRESH.total_seconds() / 60
    assert left(comment(1, minutes=day), comment(2, minutes=day + 1)) == [(1, False)]
    old = Heard(2, "carl", "/run", NOW - timedelta(minutes=day + 1))
    assert left(comment(2, minutes=day + 1), heard=old) == [(2, False)]
    assert since(old, NOW) == NOW - timedelta(minutes=day + 2)
    assert since(None, NOW) == NOW - FRESH - timedelta(minutes=1)


def test_a_claim_is_left_alone_until_it_is_given_up_or_tried_again() -> None:
    hours = ABANDONED.total_seconds() / 60
    asked = comment(1, minutes=600)

    def claimed(minutes: float, by: RunId, run: RunId) -> list[tuple[int, bool]]:
        return left(asked, comment(2, marker(1, by), BOT, minutes), run=run)

    assert claimed(hours, RunId(4, 1), RunId(5, 1)) == []
    assert claimed(hours + 1, RunId(4, 1), RunId(5, 1)) == [(1, False)]
    assert claimed(1, RunId(5, 1), RunId(5, 2)) == [(1, False)]
    assert claimed(1, RunId(5, 2), RunId(5, 2)) == []
    assert claimed(1, RunId(4, 1), RunId(5, 2)) == []
    assert left(asked, comment(2, marker(1), BOT, minutes=hours + 1)) == []  # finished, however long ago
    (one,) = pending([asked, comment(2, marker(1, RunId(5, 1)), BOT)], BOT, RunId(5, 2), NOW)
    assert one.stale == (2,)


def test_of_two_claims_the_first_one_answers() -> None:
    thread = [
        comment(2, marker(1, RunId(4, 1)), BOT),
        comment(3, marker(1, RunId(5, 1)), BOT),
        comment(4, marker(9), BOT),
    ]
    assert wins(2, 1, thread, BOT)
    assert not wins(3, 1, thread, BOT)
    assert wins(5, 8, thread, BOT)  # the listing lags behind


def test_an_answer_fits_into_a_comment() -> None:
    from fastrel.bot.answers import Result

    long = Result(Command(Verb.RUN, "/run"), log="x" * 30_000)
    body = answer_body(1, "carl", [long] * 10)
    assert length(body) < LIMIT
    assert body.startswith(marker(1))
