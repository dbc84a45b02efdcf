"""The twin answers as GitHub does, wherever somebody has recorded what GitHub does: one test for each row of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from github_facts import FILE, Fact, differences, facts
from recording import Recorder


@pytest.mark.parametrize("fact", facts(), ids=lambda one: one.fact)
def test_the_twin_answers_as_github_does(fact: Fact, twin: Twin, recorder: Recorder) -> None:
    assert differences(fact, twin) == []
    if not fact.published:
        recorder.exchanges.clear()


def test_every_fact_has_a_name_of_its_own_and_a_source() -> None:
    assert len({one.fact for one in facts()}) == len(facts()), FILE
    assert [one.fact for one in facts() if not one.source.startswith(("https://", "npm:", "pypi:"))] == []


def test_a_fact_that_the_twin_gets_wrong_is_told(twin: Twin, tmp_path: Path) -> None:
    wrong = Fact("wrong", "https://example.org", "GET {repo}", 404, json={"name": "x", "fork": "/True/"}, lacks=("id",))
    found = " ".join(differences(wrong, twin))
    assert all(one in found for one in ("status 200, not 404", ".name: 'Fast-LLM', not 'x'", ".fork", "key id"))
