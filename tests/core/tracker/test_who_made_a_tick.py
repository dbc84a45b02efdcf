"""Which issues can be the release issue, and which ticks count: by who wrote them, as GitHub shows it. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fastrel.github.issue_history import Editing, Revision
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.tracker.body import parse_body
from fastrel.tracker.trust import is_believed, made_by, not_believed, unproven

ISSUE = Issue(1, "t", "u", "open", "", "eve", (), False, False, 0)


@pytest.mark.parametrize(
    ("association", "author", "bot", "login", "believed"),
    [
        *((one, "eve", False, "mia", True) for one in ("OWNER", "MEMBER", "COLLABORATOR")),
        *(
            (one, "eve", False, "mia", False)
            for one in ("CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "NONE", "member", "")
        ),
        ("NONE", "mia", False, "mia", True),
        ("NONE", "Mia", False, "mia", False),
        ("NONE", "eve", False, "", False),
        ("NONE", "", False, "", False),  # an author whose account is deleted, and no token
        ("NONE", "some[bot]", True, "mia", True),
    ],
)
def test_who_can_open_the_release_issue(association: str, author: str, bot: bool, login: str, believed: bool) -> None:
    assert is_believed(replace(ISSUE, association=association, author=author, by_bot=bot), login) is believed


def text(a: str = "[ ]", b: str = "[ ]", more: str = "") -> str:
    return f'<!-- fastrel tracker version="0.2.0" -->\n- {a} a <!-- step a -->{more}\n- {b} b <!-- step b -->\n'


def by(login: str, body: str | None, *, first: bool = False, bot: bool = False) -> Editing:
    return Editing(login, bot, body, first)


def makers(*history: Editing) -> dict[str, str | None]:
    found = made_by(history, ("a", "b"))
    return {step: one.login if one else None for step, one in found.items()}


def evidence(**values: str) -> str:
    inside = " ".join(f'{key}="{value}"' for key, value in values.items())
    return f" <!-- /step {inside} sum=00000000 -->"


def test_a_tick_is_that_of_whoever_made_it_first_without_a_break() -> None:
    first, second, third = by("ada", text(), first=True), by("mia", text("[x]")), by("tim", text("[x]") + "words")
    assert makers(third, second, first) == {"a": "mia", "b": "ada"}
    assert makers(first) == {"a": "ada", "b": "ada"}
    # Taken back and made again: whoever made it again.
    assert makers(by("tim", text("[x]")), by("eve", text()), second, first)["a"] == "tim"
    assert makers(second) == {"a": None, "b": None}  # the revisions before are not known
    assert makers() == {"a": None, "b": None}
    assert makers(by("mia", None), first) == {"a": "mia", "b": "mia"}  # a text that was deleted says nothing


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"by": "mia", "summary": "x"}, {"by": "mia", "summary": "x", "skip": "approved"}),
        ({"by": "mia", "summary": "x", "skip": "why"}, {"by": "mia", "summary": "x", "skip": "another"}),
        ({"by": "mia", "summary": "x", "covers": "1,2"}, {"by": "mia", "summary": "x", "covers": "1,2,3"}),
    ],
)
def test_another_reason_and_more_that_is_covered_is_another_tick(mine: dict[str, str], theirs: dict[str, str]) -> None:
    first = by("mia", text("[x]", more=evidence(**mine)), first=True)
    assert makers(by("tim", text("[x]", more=evidence(**theirs))), first)["a"] == "tim"
    assert makers(by("tim", text("[x]", more=evidence(**{**mine, "summary": "other words"}))), first)["a"] == "mia"


@pytest.mark.parametrize(
    ("has", "needs", "counts"),
    [
        (Role.WRITE, Role.WRITE, True),
        (Role.ADMIN, Role.WRITE, True),
        (Role.TRIAGE, Role.WRITE, False),
        (Role.WRITE, Role.MAINTAIN, False),
        (None, Role.READ, False),
    ],
)
def test_a_tick_counts_from_the_steps_role_on(has: Role | None, needs: Role, counts: bool) -> None:
    entries = parse_body(text("[x]", "[x]")).entries
    tim = by("tim", None)
    found = unproven(entries, {"a": needs}, {"a": tim, "b": None}, lambda one: has)
    assert found == ({} if counts else {"a": f"tim, who has not the role {needs}, wrote it"})


def test_who_is_not_shown_proves_nothing_and_what_is_not_ticked_needs_no_proof() -> None:
    entries = parse_body(text("[x]", "[ ]")).entries
    needed = {"a": Role.WRITE, "b": Role.WRITE}
    assert unproven(entries, needed, {}, lambda one: Role.ADMIN) == {"a": "GitHub does not show who wrote it"}
    nameless = {"a": by("", None)}
    assert unproven(entries, needed, nameless, lambda one: None) == {
        "a": "somebody, who has not the role write, wrote it"
    }


def strange(
    read: str, wanted: str, *between: tuple[str, str | None], ours: tuple[str, ...] = (), now: str = ""
) -> tuple[str, ...]:
    """The steps that nobody ticked who may; `ada` may tick `a` and every app all, `tim` none."""
    revisions = tuple(Revision(body, None, login, login == "robot") for login, body in between)
    return not_believed(
        read, now or read, wanted, revisions, ours, lambda login, bot, step: bot or (login, step) == ("ada", "a")
    )


@pytest.mark.parametrize(
    ("login", "step", "expected"),
    [("ada", "a", ()), ("ada", "b", ("b",)), ("tim", "a", ("a",)), ("robot", "b", ()), ("", "a", ("a",))],
)
def test_a_tick_that_is_brought_back_needs_somebody_who_may_tick_it(
    login: str, step: str, expected: tuple[str, ...]
) -> None:
    ticked = text("[x]") if step == "a" else text(b="[x]")
    assert strange(text(), ticked, (login, ticked)) == expected


def test_a_tick_that_is_brought_back_and_that_nobody_made_is_not_believed() -> None:
    assert strange(text(), text("[x]")) == ("a",)
    assert strange(text(), text("[x]"), ("ada", None)) == ("a",)
    assert strange(text(), text("[x]"), ("ada", text())) == ("a",)


def test_a_tick_that_one_who_may_and_one_who_may_not_have_made_is_not_believed() -> None:
    assert strange(text(), text("[x]"), ("ada", text("[x]")), ("tim", text("[x]"))) == ("a",)


def test_our_own_ticks_and_what_was_read_are_no_strangers() -> None:
    assert strange(text(), text("[x]", "[x]"), ours=("a", "b")) == ()
    assert strange(text("[x]"), text("[x]"), ("tim", text("[x]"))) == ()
    assert strange(text("[x]"), text(), ("tim", text())) == ()


def test_another_skip_of_a_step_that_was_ticked_is_looked_at() -> None:
    skip = evidence(by="ada", skip="no")
    assert strange(text("[x]"), text("[x]", more=skip), ("tim", text("[x]", more=skip))) == ("a",)


def test_a_tick_that_stands_there_now_is_not_ours_to_judge() -> None:
    """Somebody made it after our writing: it stays theirs."""
    assert strange(text(), text("[x]"), now=text("[x]")) == ()
