"""YAML that others wrote costs no more than it should, and is refused in words."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from fastrel.actions.pulls import read_configuration
from fastrel.errors import GuideError
from fastrel.guide.parser import parse_guide
from fastrel.text.bounded_yaml import BadYaml, read_yaml

ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new}\n  <<: [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    ALIASES: "more than 100000 values",
    MERGES: "more than 100000 values",
    "a: &a [*a]\n": "an alias stands for what it is part of",
    "a: &a {<<: *a}\n": "an alias stands for what it is part of",
    "a: " + "[" * 60 + "]" * 60: "nested too deeply",
    "a: " + "[" * 20_000: "nested too deeply",
    "a: " + "- " * 20_000: "sequence entries are not allowed here",
    "- " * 20_000: "nested too deeply",
    "a: 1" + ":1" * 20_000: "a number is too long",
    "a: 0x" + "f" * 20_000: "a number is too long",
    "a: " + "1" * 20_000: "a number is too long",
    "a: 2020-99-99": "invalid value",
    "a: !!bool x": "invalid value",
    "a: \x00": "special characters are not allowed",
    "? [a]\n: b": "unhashable",
    "a: !!python/object/apply:os.system [true]": "could not determine a constructor",
}


@pytest.mark.parametrize("text", HOSTILE, ids=HOSTILE.values())
def test_a_bomb_is_refused_quickly_and_in_words(text: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(BadYaml, match=HOSTILE[text]):
            read_yaml(text)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 10
    (problem,) = [one for one in parse_guide(f"---\n{text}\n---\n- [ ] a\n").problems if "YAML" in one.message]
    assert HOSTILE[text] in problem.message
    with pytest.raises(GuideError, match=f"release.yml is not a release-notes configuration: line .*{HOSTILE[text]}"):
        read_configuration(text, ".github/release.yml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12:30", "12:30"),
        ("1_000", 1000),
        ("-0x1F", -31),
        ("1.50", 1.5),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: &x {k: 1}\nb: {<<: *x, l: 2}", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
        ("", None),
    ],
)
def test_ordinary_values_are_read(text: str, value: object) -> None:
    assert read_yaml(text)[0] == value


def test_a_problem_names_the_line_of_its_own_entry() -> None:
    text = (
        "---\ntitle: pattern\nfastrel:\n  version_files:\n    - path: a\n      pattern: (x)\n    - path: b\n"
        "      pattern: x\n    - ../c\n---\n- [ ] a\n"
    )
    assert [one.line for one in parse_guide(text).problems] == [8, 9]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_front_matter_ends_where_it_says_whatever_the_line_endings(ending: str) -> None:
    text = "---\nfastrel:\n  branch: dev\nnote: |\n  - [ ] not a step\n---\n- [ ] a\n".replace("\n", ending)
    guide = parse_guide(text)
    assert guide.settings.branch == "dev"
    assert [step.line for step in guide.steps()] == [7]
