"""What comes from outside (servers, caches, snapshots, editors, remotes): read, or refused in words."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring, tostring

from hypothesis import example, given
from hypothesis import strategies as st

from fastrel.actions.questions.prompts import Option
from fastrel.errors import FastrelError
from fastrel.github.transport.addresses import repository_of
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import fault
from fastrel.github.transport.paging import links_of, numbered, page_path
from fastrel.guide.model import Settings
from fastrel.release import may_follow, parse_version, release_of, released_versions
from fastrel.text.plain import plain, plain_line
from fastrel_cli.terminal.decision_list import decision_list, read_decisions
from fastrel_cli.terminal.report_parts import title_words
from fastrel_mkdocs.html.elements import header_element, step_element
from fastrel_mkdocs.html.history import releases_element
from fastrel_mkdocs.view import view_of
from fastrel_mkdocs.words import Words
from hostile import FOREIGN, JSON, TEXT, case, costly_fuzz, fuzz

REPORT = {
    "schema": "fastrel.report/1", "version": "0.2.0", "kind": "minor", "repository": "a/b", "previous_tag": "v0.1.0", "base": None, "at": "2026-11-24T03:12:00Z",
    "tracker": {"number": 7, "url": "https://x.example/7", "state": "open"},
    "milestone": {"title": "0.2.0", "url": "https://x.example/m", "state": "open", "open_issues": 1, "closed_issues": 2, "due": "2026-11-20T00:00:00Z", "overdue": True},
    "warnings": ["w"],
    "steps": [
        {"id": "a", "phase": "p", "title": "A", "uses": "release.publish", "role": "write", "status": "done", "summary": "s",
         "links": [{"text": "t", "url": "https://x.example/t"}], "ticked": {"by": "mia", "at": "2026-11-24T03:12:00Z", "note": None}, "unverified": False}
    ],
    "releases": [{"version": "0.1.0", "number": 3, "url": "https://x.example/3", "given_up": False, "opened": "2026-01-01T00:00:00Z",
                  "closed": "2026-01-02T00:00:00Z", "phases": [{"name": "p", "ended": "2026-01-01T12:00:00Z"}]}],
}  # fmt: skip
PLACES = st.sampled_from(
    [("version",), ("kind",), ("repository",), ("previous_tag",), ("base",), ("at",), ("tracker",), ("tracker", "number"), ("tracker", "url"), ("milestone",), ("milestone", "due"), ("milestone", "open_issues"),
     ("milestone", "title"), ("warnings",), ("steps",), ("steps", 0), ("steps", 0, "id"), ("steps", 0, "status"), ("steps", 0, "summary"), ("steps", 0, "links"), ("steps", 0, "links", 0, "url"),
     ("steps", 0, "ticked"), ("steps", 0, "ticked", "at"), ("steps", 0, "ticked", "by"), ("releases",), ("releases", 0, "opened"), ("releases", 0, "closed"), ("releases", 0, "phases", 0, "ended"),
     ("releases", 0, "phases", 0, "name"), ("schema",)]
)  # fmt: skip
TIMES = st.sampled_from(
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-W01",
        "20260101T000000",
        "٢٠٢٦-01-01",
    ]
)


def _at(inside: object, key: str | int) -> object:
    if isinstance(inside, list):
        return inside[key] if isinstance(key, int) and key < len(inside) else None
    return inside.get(key) if isinstance(inside, dict) else None


def _put(inside: object, key: str | int, value: object) -> None:
    if isinstance(inside, list):
        inside[:1] = [value]
    elif isinstance(inside, dict):
        inside[key] = value


def changed(changes: list[tuple[tuple[str | int, ...], object]]) -> object:
    """The report with other values at some places."""
    report: object = copy.deepcopy(REPORT)
    for path, value in changes:
        at: object = report
        for key in path[:-1]:
            at = _at(at, key)
        _put(at, path[-1], value)
    return report


ALLOWED = frozenset(
    [
        "a",
        "button",
        "code",
        "div",
        "figcaption",
        "figure",
        "g",
        "li",
        "p",
        "path",
        "details",
        "summary",
        "ol",
        "progress",
        "rect",
        "small",
        "span",
        "strong",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
    ]
)


WORDS = Words()


@costly_fuzz
@given(JSON | st.lists(st.tuples(PLACES, JSON | TIMES | FOREIGN), max_size=3).map(changed))
def test_any_report_is_shown_or_refused(data: object) -> None:
    with case():
        try:
            view = view_of(data, "snapshot")
        except FastrelError:
            return
        for element in (
            header_element(view, {"tracker": "https://x.example"}, WORDS),
            releases_element(view.past, WORDS),
            *(step_element(step, view.version, WORDS) for step in view.steps.values()),
        ):
            for one in element.iter():
                assert one.tag in ALLOWED, one.tag
                assert not [name for name in one.attrib if name.startswith("on") or name in ("style", "src")]
                assert re.match(r"https?://|#step-|#\Z|\Z", one.get("href", "")), one.get("href")
            fromstring(tostring(element, encoding="unicode"))
        values = view.release(Settings()).values(view.repository)
        assert all(re.fullmatch(r"[\w./+-]*", value) for value in values.values())


@fuzz
@given(
    JSON
    | st.dictionaries(
        FOREIGN, st.tuples(FOREIGN | st.just('W/"a"'), FOREIGN | st.integers(), JSON).map(list), max_size=3
    )
)
def test_any_kept_answers_are_taken_or_left(kept: object) -> None:
    with case():
        client = Client("http://127.0.0.1:9", "token")
        client.keep_answers(kept)
        for answer in client._answers.values():
            assert answer.etag.isascii()
            assert answer.etag.isprintable()
            assert isinstance(answer.link, str)


@fuzz
@given(
    st.lists(
        st.sampled_from(
            [
                '<https://api.github.com/x?page=3>; rel="last"',
                "<http://[>",
                '; rel="last"',
                ",",
                ";",
                "?page=x",
                "?page=-1",
                '?page=0>; rel="last"',
                "page=" + "9" * 5000,
            ]
        )
        | FOREIGN
    ).map("".join)
)
@example(
    '<https://api.github.com/repositories/1/issues?per_page=100&page=2>; rel="next", <https://api.github.com/repositories/1/issues?per_page=100&page=7>; rel="last"'
)
def test_any_link_header_gives_links_that_are_asked_of_the_api(link: str) -> None:
    api = "https://api.github.com"
    with case():
        links = links_of(link)
        assert not (links.next and links.broken)
        assert page_path(links.next, "/issues?a=1", api).startswith(("/", ""))
        found = numbered(links, "/issues?a=1", api)
        assert found is None or 2 <= found.last < 10**9


@fuzz
@given(
    st.integers(400, 599),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "x-accepted-oauth-scopes"]),
        FOREIGN | st.sampled_from(["0", "9" * 30, "9" * 12, "²"]),
    ),
    JSON | st.fixed_dictionaries({"message": JSON, "errors": JSON | st.lists(JSON)}),
)
def test_any_failure_becomes_an_error_in_words(status: int, headers: dict[str, str], body: object) -> None:
    with case():
        error = fault("GET", "/x", status, headers, body)
        assert isinstance(error, FastrelError)
        assert error.problem


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,5}", fullmatch=True)
FORMS = st.sampled_from(
    ["https://github.com/{}/{}", "https://github.com/{}/{}.git", "https://github.com/{}/{}/", "https://user:x@host:8443/{}/{}.git", "git@github.com:{}/{}.git", "ssh://git@host:22/{}/{}", "host:{}/{}"]
)  # fmt: skip
ON_DISK = st.sampled_from(["/srv/git/{}/{}.git", "../{}/{}", "file:///srv/{}/{}.git/", "{}/{}"])


@fuzz
@given(FORMS, NAMES, NAMES)
def test_a_repository_is_known_from_each_form_of_its_address(form: str, owner: str, name: str) -> None:
    with case():
        assert repository_of(form.format(owner, name)) == f"{owner}/{name}"


@fuzz
@given(ON_DISK, NAMES, NAMES)
def test_an_address_on_a_disk_names_no_repository(form: str, owner: str, name: str) -> None:
    with case():
        assert repository_of(form.format(owner, name)) == ""


@fuzz
@given(
    st.lists(st.sampled_from(["/", ":", "@", ".git", "https://", "git@h", "a", " ", "\n", "//"]) | TEXT).map("".join)
)
def test_any_remote_address_is_a_repository_or_nothing(address: str) -> None:
    with case():
        found = repository_of(address)
        assert not found or re.fullmatch(r"[^/]+/[^/]+", found, re.DOTALL)


OPTIONS = [Option("close", "close it"), Option("defer", "to the next \x1b[2J\nmilestone"), Option("keep", "")]


@fuzz
@given(
    FOREIGN,
    st.lists(FOREIGN.map("#1 {}".format), min_size=1, max_size=5),
    st.lists(st.sampled_from(["close", "defer", "keep"]), min_size=5, max_size=5),
    FOREIGN,
)
def test_a_list_of_decisions_is_read_as_it_was_written(
    words: str, subjects: list[str], chosen: list[str], typed: str
) -> None:
    with case():
        subjects, words = [plain_line(one) for one in subjects], plain_line(words)
        text = decision_list(words, subjects, OPTIONS, "close", "a problem")
        assert read_decisions(text, subjects, OPTIONS) == ["close"] * len(subjects)
        lines = text.split("\n")
        lines[: len(subjects)] = [line.replace("close", one, 1) for line, one in zip(lines, chosen, strict=False)][
            : len(subjects)
        ]
        assert read_decisions("\n".join(lines), subjects, OPTIONS) == chosen[: len(subjects)]
        assert isinstance(read_decisions(typed + text, subjects, OPTIONS), (list, str))


@fuzz
@given(FOREIGN | st.text())
def test_nothing_on_the_screen_commands_the_terminal(text: str) -> None:
    with case():
        for shown in (plain(text), plain_line(text), title_words(text)):
            shown.encode()
            assert not re.search(
                r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]", shown
            )
        assert "\n" not in plain_line(text) + title_words(text)


@fuzz
@given(
    st.lists(
        st.sampled_from(["v0.1.0", "v1.0.0-rc.1", "v2.0.0-" + "9" * 5000, "v" + "9" * 5000 + ".0.0", "v1.0.0+b", "x"])
        | FOREIGN.map("v{}".format)
    ),
    FOREIGN | st.sampled_from(["0.2.0", "v0.2", "1.0.0-" + "9" * 5000]),
)
def test_any_tags_and_version_give_a_release_or_words(tags: list[str], text: str) -> None:
    with case():
        assert may_follow(released_versions(tags))
        try:
            parse_version(text)
        except FastrelError:
            return
        assert release_of(text, tags).tag == f"v{text}"


@costly_fuzz
@given(st.datetimes(timezones=st.just(UTC)), st.lists(JSON))
def test_a_report_survives_its_way_through_a_file(at: datetime, extra: list[object]) -> None:
    with case():
        report = {**REPORT, "at": at.isoformat(), "extra": extra}
        assert view_of(json.loads(json.dumps(report)), "cached") == view_of(report, "cached")
