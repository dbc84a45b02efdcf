"""The attributes in our comments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fastrel.guide.attributes import parse_attributes, read_value, write_value


def test_words_pairs_and_quotes_are_read() -> None:
    found = parse_attributes("""tag-it run uses=tag.create check="test -d 'site'" note='say "hi"'""")
    assert found.words == ("tag-it", "run")
    assert dict(found.pairs) == {"uses": "tag.create", "check": "test -d 'site'", "note": 'say "hi"'}
    assert found.problems == ()


def test_what_cannot_be_read_is_told() -> None:
    assert "twice" in parse_attributes("a=1 a=2").problems[0]
    assert "not KEY=VALUE" in parse_attributes('check="never closed').problems[0]


@given(st.text())
def test_what_is_written_is_read_again_and_can_not_end_the_comment(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    written = write_value(value)
    assert "-->" not in written
    assert "--" not in written
    assert "\n" not in written
    pairs = parse_attributes(f"key={written} other=1").pairs
    assert (read_value(pairs["key"]), pairs["other"]) == (value, "1")
