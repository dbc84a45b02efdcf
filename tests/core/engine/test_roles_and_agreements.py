"""Whose role counts, what an agreement is good for, and when a closed release is final. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fastrel.engine.agreements import NoAgreements, Remembered, commands_of, key_of
from fastrel.engine.finished_release import LATER, final_verdicts
from fastrel.engine.roles import role_of, role_problem
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.github.transport.client import Client
from fastrel.guide.changes import Command
from fastrel.guide.model import Settings
from fastrel.guide.parser import parse_guide

LISTED = Settings(maintainers=("Carl",))
ONLY = Settings(maintainers=("Carl",), only_maintainers=True)
R, T, W, M, A = Role.READ, Role.TRIAGE, Role.WRITE, Role.MAINTAIN, Role.ADMIN


@pytest.mark.parametrize(
    ("login", "granted", "settings", "counts"),
    [
        ("carl", None, Settings(), None),
        *(("carl", role, Settings(), role) for role in Role),
        # The guide widens: from whatever GitHub says or does not say, never down.
        ("carl", None, LISTED, M),
        *(("CARL", role, LISTED, A if role is A else M) for role in Role),
        ("eve", None, LISTED, None),
        *(("eve", role, LISTED, role) for role in Role),
        # The guide narrows everybody else, and raises nobody.
        ("eve", None, ONLY, None),
        ("eve", R, ONLY, R),
        ("eve", T, ONLY, T),
        ("eve", W, ONLY, W),
        ("eve", M, ONLY, W),
        ("eve", A, ONLY, W),
        ("carl", A, ONLY, A),
        ("carl", W, ONLY, M),
        ("carl", None, ONLY, M),
    ],
)
def test_which_role_counts(login: str, granted: Role | None, settings: Settings, counts: Role | None) -> None:
    assert role_of(login, granted, settings) == counts


def test_a_role_is_enough_from_the_steps_own_on() -> None:
    (step,) = parse_guide("<!-- checklist role=maintain -->\n- [ ] a <!-- step a -->\n<!-- /checklist -->\n").steps()
    allowed = [role for role in Role if not role_problem(step, "eve", role, Settings())]
    assert allowed == [M, A]
    assert role_problem(step, "eve", W, Settings()) == "a needs role maintain; eve has write."
    assert role_problem(step, "eve", W, ONLY).endswith("as the guide lists who is a maintainer.")
    assert "lists" not in role_problem(step, "eve", T, ONLY)


# Agreements

COMMAND = Command("look", "check", "true")


def key(command: Command = COMMAND, name: str = "o/r", api: str = "https://api.github.com") -> str:
    return key_of(command, Repository(Client(api, None), name))


@pytest.mark.parametrize(
    "other",
    [
        lambda: key(replace(COMMAND, step_id="other")),
        lambda: key(replace(COMMAND, part="script")),
        lambda: key(replace(COMMAND, text="true ")),
        lambda: key(replace(COMMAND, text="\ntrue")),
        lambda: key(name="o/fork"),
        lambda: key(api="https://ghe.example/api/v3"),
        lambda: key(replace(COMMAND, step_id="look\0check", part="", text="true")),
    ],
)
def test_an_agreement_is_for_one_text_in_one_step_of_one_repository(other: Callable[[], str]) -> None:
    assert other() != key()
    assert key(name="O/R") == key()


def test_an_agreement_is_kept_once_and_in_a_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "state" / "agreed"
    Remembered(file).remember(["a", "b", "a"])
    Remembered(file).remember(["b", "c"])
    assert file.read_text() == "a\nb\nc\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [Remembered(file).holds(one) for one in ("a", "c", "d", "")] == [True, True, False, False]
    file.write_text("a words of a person\n")
    assert Remembered(file).holds("a")
    here = Remembered()
    here.remember(["x"])
    assert here.holds("x")


def test_a_bot_agrees_to_nothing() -> None:
    none = NoAgreements()
    none.remember(["a"])
    assert not none.holds("a")
    assert not none.by_person
    assert Remembered().by_person


def test_all_commands_of_a_guide_are_asked_about() -> None:
    guide = parse_guide(
        '<!-- checklist -->\n- [ ] a <!-- step a check="one" -->\n- [ ] b <!-- step b run check="two" -->\n\n'
        "    ```bash\n    three\n    ```\n- [ ] c <!-- step c -->\n<!-- /checklist -->\n"
    )
    found = [(one.step_id, one.part, one.text.strip()) for one in commands_of(guide)]
    assert found == [("a", "check", "one"), ("b", "script", "three"), ("b", "check", "two")]


# What is final

GUIDE = parse_guide(
    "<!-- checklist -->\n- [ ] a <!-- step a uses=tag.create -->\n- [ ] b <!-- step b -->\n"
    "- [ ] c <!-- step c uses=tracker.close -->\n<!-- /checklist -->\n"
)
PROOF = ' <!-- /step by="mia" at="2026-11-28T07:00:00Z" summary="it is there" sum=00000000 -->'


def closed(
    a: str = f"[x] a <!-- step a -->{PROOF}", b: str = "[x] b <!-- step b -->", c: str = "[ ] c <!-- step c -->"
) -> Issue:
    lines = "".join(f"- {one}\n" for one in (a, b, c) if one)
    body = f'<!-- fastrel tracker version="0.2.0" -->\n{lines}'
    return Issue(1, "t", "u", "closed", body, "mia", (), False, False, 0, "completed")


def test_a_closed_release_with_proof_of_every_step_is_final() -> None:
    found = final_verdicts(GUIDE, closed())
    assert found is not None
    assert [(key, one.status.value, one.summary) for key, one in found.items()] == [
        ("a", "done", "it is there"),
        ("b", "done", "ticked in the release issue"),
        ("c", "done", "the release issue is closed"),
    ]


@pytest.mark.parametrize(
    "tracker",
    [
        None,
        replace(closed(), state="open"),
        replace(closed(), state_reason="not_planned"),
        replace(closed(), state_reason="duplicate"),
        closed(a="[ ] a <!-- step a -->"),
        closed(a="[x] a <!-- step a -->"),
        closed(a=f"[x] a <!-- step a -->{PROOF.replace('it is there', 'unverified: it is not there')}"),
        closed(b="[ ] b <!-- step b -->"),
        closed(a="", b="", c=""),
    ],
)
def test_what_lacks_proof_of_a_step_is_not_final(tracker: Issue | None) -> None:
    assert final_verdicts(GUIDE, tracker) is None


def test_a_step_that_came_later_and_one_that_was_skipped_say_so() -> None:
    found = final_verdicts(GUIDE, closed(b=""))
    assert found is not None
    assert (found["b"].status.value, found["b"].summary) == ("skipped", LATER)
    skip = PROOF.replace("sum=", 'skip="not this time" sum=')
    found = final_verdicts(GUIDE, closed(a=f"[x] a <!-- step a -->{skip}"))
    assert found is not None
    assert (found["a"].status.value, found["a"].summary) == ("skipped", "not this time")


def test_the_last_step_is_done_as_its_line_proves_or_by_the_closed_issue() -> None:
    closed_by_hand = "the release issue is closed"
    for line, summary in (
        ("", closed_by_hand),
        ("[ ] c <!-- step c -->", closed_by_hand),
        ("[x] c <!-- step c -->", closed_by_hand),
        (f"[x] c <!-- step c -->{PROOF}", "it is there"),
        (f"[ ] c <!-- step c -->{PROOF}", "it is there"),
    ):
        found = final_verdicts(GUIDE, closed(c=line))
        assert found is not None, line
        assert (found["c"].status.value, found["c"].summary) == ("done", summary), line


def test_the_links_of_a_proof_are_those_of_its_verdict() -> None:
    proof = PROOF.replace("sum=", 'links="https://x.example/1" sum=')
    found = final_verdicts(GUIDE, closed(a=f"[x] a <!-- step a -->{proof}"))
    assert found is not None
    assert [one.url for one in found["a"].links] == ["https://x.example/1"]
