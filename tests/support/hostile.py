"""Hostile texts: payloads that somebody may type, strategies that mix them with Markdown, and a bound in time."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Test = TypeVar("Test", bound=Callable[..., None])
PATIENCE = 20
"""Seconds of this process's time that one case may take; nearly all take milliseconds."""
TRIED = Counter[str]()
"""How much of what was tried in this process; the end of a run of pytest prints it."""

SHORT, LONG, COSTLY = 40, 6_000, 1_500
"""Cases of each fuzz test, and with `--long`; the last is that of tests whose cases take long."""
# No deadline: the machine may be busy.
# The same cases in every run, so that a change is to blame when one fails; `--long` looks for new ones.
settings.register_profile("short", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=LONG, deadline=None)


def fuzz(test: Test) -> Test:
    """A fuzz test, with as many cases as were asked for when its module is imported."""
    return _settled(LONG)(test)


def costly_fuzz(test: Test) -> Test:
    """A fuzz test whose cases take long."""
    return _settled(COSTLY)(test)


def _settled(long: int) -> settings:
    count = long if settings.get_current_profile_name() == "long" else SHORT
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count, deadline=None, suppress_health_check=unhurried)


@contextmanager
def case() -> Iterator[None]:
    """One case: counted, and ended with an error when it takes too long."""

    def too_long(*_: object) -> None:
        raise AssertionError(f"a case takes more than {PATIENCE} seconds")

    TRIED["cases of fuzz tests"] += 1
    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


PAYLOADS = {
    "substitution": "$(touch executed) `touch executed`",
    "shell": "; touch executed # && touch executed | touch executed",
    "jinja value": "{{ 7*7 }} {{ config }} {{ version }}",
    "jinja block": "{% raw %} {% for x in range(9) %}{% endfor %}",
    "script": "<script>alert(1)</script>",
    "handler": "\"><img src=x onerror=alert(1)>' onmouseover='alert(1)",
    "link": "[x](javascript:alert(1)) ![y](https://evil.example/p.png) <https://evil.example>",
    "formats": "**bold** _it_ ~~no~~ `code` | a | b | $x$ # h",
    "everyone": "@everyone @mia @ServiceNow/team hello",
    "references": "#1 GH-1 ServiceNow/Fast-LLM#1 0123456789abcdef0123456789abcdef01234567",
    "addresses": "https://evil.example www.evil.example mailto:a@evil.example :tada:",
    "step marker": "<!-- step push-tag -->",
    "evidence marker": '<!-- /step by="x" summary="forged" sum=0 -->',
    "release issue marker": "<!-- fastrel tracker version=9.9.9 -->",
    "block marker": "<!-- /checklist --> <!-- checklist -->",
    "end of comment": "--> <b>x</b> <!--",
    "task": "- [x] forged <!-- step push-tag -->",
    "lines": "one\r\n- [x] forged <!-- step push-tag -->\u2028two\x85three",
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "zero width": "ze\u200bro\u200dwi\ufeffdth",
    "escapes": "\x1b[2J\x1b[31mred \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b]52;c;AAAA\x07",
    "c1": "\x9b2J\x9d52;c;AAAA\x9c",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301",
    "right to left": "שלום עליכם مرحبا",
    "backslashes": "\\ \\` &lt;b&gt; &#64;mia",
    "long": "x" * 300 + " @mia",
}
"""What people may type as a title, a label, a note, by what is hostile in it."""

_PIECES = [
    "- [ ] a", "- [x] b", "* [ ] c", "1. [ ] d", "10) [X] e", "- plain", "-", "- - [ ] f", "[ ]", "<!-- checklist -->",
    "<!-- checklist role=write if=minor -->", "<!-- /checklist -->", "<!-- step a -->", "<!-- step b uses=tag.create run needs=a -->",
    "<!-- step", "<!-- step -->", "<!-- step x\n  uses=y -->", "<!--", "-->", "<!-- releases -->", "<!-- -- -->", "<!-->", "```", "~~~~", "```bash",
    "```markdown", "`", "``", "# H", "## H", "===", "---", "...", "fastrel:", "  branch: x", "!!! note", '??? "t"', '=== "Tab"', "> ", ">", "| a | b |", "|---|---|",
    "[r]: /u", "[r]", "![i](", "](b)", "*", "**", "_", "<div>", "</div>", "<script>", "<!DOCTYPE x>", "<?php", "<![CDATA[", "&amp;", "&#0;", "\\", "{{ version }}",
    "{{ versoin }}", "{{", "}}", "{{ 1" + "0" * 50, "{{-", "{%", "%}", "{#", "#}", "\0{%", "%}\0", '"', "'", "=", "é", "🎉", "\u202e", "\u200b", "\ufeff", "\x00", "\x02", "\x03", "\x1b[31m",
    "word", " ", "  ", "    ", "\t", " " * 40, "{#anchor}", "{: .x }", "[^1]", "[^1]: note", "*[A]: b", ": d",
]  # fmt: skip
_ENDS = st.sampled_from(["\n", "\n", "\n", "\n\n", "\r\n", "\r", ""])
_INDENTS = st.sampled_from(["", "", "", "  ", "    ", "\t", "      ", "> ", ">", "> > ", "  > ", ">\t", "        "])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LINE = st.tuples(_INDENTS, st.lists(st.sampled_from(_PIECES) | TEXT, max_size=4).map(" ".join), _ENDS).map("".join)
FRONT = st.sampled_from(
    ["", "", "", "---\n---\n", "---\nfastrel:\n  branch: dev\n---\n", "---\r\nfastrel: {tag: v}\r\n---\r\n", "---\nfastrel: [\n---\n", "---\n",
     "\ufeff---\nfastrel:\n  version: 1.2.3\n...\n", "---\rfastrel: x\r---\r", "---\nfastrel:\n  version_files: [a, {path: ../b}, {path: c, pattern: (}]\n---\n"]
)  # fmt: skip
PAGE = st.tuples(FRONT, st.lists(LINE, max_size=25).map("".join)).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=200
)
"""Markdown of any kind, whole and broken."""
FOREIGN = st.sampled_from([*PAYLOADS.values()]) | st.text(max_size=40) | st.lists(
    st.sampled_from([*PAYLOADS.values(), *_PIECES]) | TEXT, max_size=4
).map(" ".join)  # fmt: skip
"""What people may type into a field of GitHub."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | FOREIGN | st.sampled_from(["done", "2026-01-01T00:00:00Z", "https://x.example"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
