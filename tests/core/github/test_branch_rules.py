"""What the patterns of rulesets take. Pure."""

from __future__ import annotations

import pytest

from fastrel.github.branch_rules import Rule
from fastrel.github.transport.fields import Fields


@pytest.mark.parametrize(
    ("operator", "pattern", "text", "allowed"),
    [
        ("starts_with", "v", "v1.0", True),
        ("starts_with", "v", "1.0v", False),
        ("ends_with", "v", "1.0v", True),
        ("ends_with", "v", "v1.0", False),
        ("contains", "1.", "v1.0", True),
        ("contains", "2.", "v1.0", False),
        ("regex", r"^v\d", "v1.0", True),
        ("regex", r"\.0$", "v1.0", True),  # anywhere
        ("regex", r"^\d", "v1.0", False),
    ],
)
def test_a_pattern_is_met_or_not_and_turned_round(operator: str, pattern: str, text: str, allowed: bool) -> None:
    assert Rule("tag_name_pattern", 1, operator, pattern).allows(text) is allowed
    assert Rule("tag_name_pattern", 1, operator, pattern, negate=True).allows(text) is not allowed


@pytest.mark.parametrize("negate", [False, True])
@pytest.mark.parametrize(
    ("operator", "pattern"), [("regex", r"(?<name>v)("), ("", ""), ("like", "v"), ("contain", "(")]
)
def test_a_pattern_that_cannot_be_judged_forbids_nothing(operator: str, pattern: str, negate: bool) -> None:
    assert Rule("tag_name_pattern", 1, operator, pattern, negate=negate).allows("x")


def test_a_pattern_of_another_operator_is_no_expression() -> None:
    assert Rule("tag_name_pattern", 1, "starts_with", "v(").allows("v(1")


def test_a_rule_is_read_with_the_ruleset_that_it_names_or_that_it_was_read_from() -> None:
    said = {"type": "commit_message_pattern", "parameters": {"operator": "contains", "pattern": "a", "negate": True}}
    assert Rule.read(Fields(said), 7) == Rule("commit_message_pattern", 7, "contains", "a", negate=True)
    assert Rule.read(Fields({**said, "ruleset_id": 3}), 7).ruleset == 3
    assert Rule.read(Fields({"type": "creation"})) == Rule("creation", 0)
