"""Badge, feed, calendar and description of a guide: valid, the same for the same state, and harmless whatever names say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest

from docs_site import build
from fastrel.report.verdict import Link, Status
from fastrel_mkdocs.files.badge import badge_of, badge_svg, shields_json
from fastrel_mkdocs.files.calendar_file import Due, due_of, icalendar
from fastrel_mkdocs.files.feed import atom_feed
from fastrel_mkdocs.html.history import axis_marks
from fastrel_mkdocs.state.cache import read_kept
from fastrel_mkdocs.view import GuideView, view_of
from fastrel_mkdocs.views import description_of, files_of, with_head
from fastrel_mkdocs.words import TABLES, Words
from hostile import PAYLOADS
from stage import ROOT, Cli, Project, begin_release

ATOM = "{http://www.w3.org/2005/Atom}"
SVG = "{http://www.w3.org/2000/svg}"
PAGE = "https://docs.example/release-guide/"
EXAMPLE = ROOT / "docs" / "example" / "snapshot.json"
SHIELDS = {"schemaVersion", "label", "message", "color", "isError"}


def example(**changes: object) -> GuideView:
    return replace(view_of(read_kept(EXAMPLE), "snapshot"), **changes)  # type: ignore[arg-type]  # fields by name


def hostile_view(text: str) -> GuideView:
    """The example with a text wherever people of GitHub can write one."""
    view = example()
    steps = {
        name: replace(step, title=text, summary=text, by=text, links=(Link(text, text),), phase=text)
        for name, step in view.steps.items()
    }
    past = tuple(replace(one, tracker=Link(text, text), published=text) for one in view.past)
    assert view.milestone
    milestone = replace(view.milestone, link=Link(text, text))
    return replace(view, steps=steps, past=past, milestone=milestone, assignees=(text,), tracker=Link(text, text))


def unfolded(calendar: str) -> list[str]:
    """The lines of a calendar, each of which must be as long as RFC 5545 allows."""
    assert calendar.endswith("\r\n")
    lines = calendar.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 and "\n" not in line and "\r" not in line for line in lines)
    return "\r\n".join(lines).replace("\r\n ", "").split("\r\n")


def valid_feed(text: str) -> Element:
    """A feed with what RFC 4287 requires of it."""
    feed = fromstring(text)
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
        datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "")
        assert (one.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    for entry in feed.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    for link in feed.iter(f"{ATOM}link"):
        assert link.get("href", "").startswith(("http://", "https://"))
    ids = [one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return feed


def test_the_badge_says_in_a_few_words_where_the_release_stands() -> None:
    view, words = example(), Words()
    badge = badge_of(view, words)
    assert (badge.label, badge.message) == ("release", "0.3.0 · 12/25 · failed")
    assert shields_json(badge) == {
        "schemaVersion": 1, "label": "release", "message": "0.3.0 · 12/25 · failed", "color": "#c62430", "isError": True,
    }  # fmt: skip
    steps = {name: replace(step, status=Status.DONE, unverified=False) for name, step in view.steps.items()}
    assert badge_of(replace(view, steps=steps), words).message == "0.3.0 · 25/25 · finished"
    last = list(steps)[-1]
    steps[last] = replace(steps[last], status=Status.TODO)
    assert badge_of(replace(view, steps=steps), words).message == "0.3.0 · 24/25 · ready"
    steps[last] = replace(steps[last], unverified=True, ticked=True)
    assert badge_of(replace(view, steps=steps), words).message == "0.3.0 · 24/25 · 1 tick that GitHub contradicts"
    given_up = example(given_up=Link("#43", "https://github.com/o/r/issues/43"), tracker=None)
    assert badge_of(given_up, words).message == "0.3.0 · 12/25 · given up"
    assert due_of(given_up, words) == []
    assert badge_of(None, words).message == "could not be read"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_people_type_breaks_out_of_a_view(payload: str) -> None:
    view, words = hostile_view(payload), Words()
    found = files_of("release-guide.md", view, words, page_url=PAGE, site_url="https://docs.example/")
    svg = fromstring(found["fastrel/release-guide.svg"])
    allowed = {f"{SVG}{one}" for one in ("svg", "title", "rect", "path", "g", "text")}
    assert {one.tag for one in svg.iter()} <= allowed
    shields = json.loads(found["fastrel/release-guide.json"])
    assert set(shields) <= SHIELDS
    assert all(isinstance(shields[name], str) for name in ("label", "message", "color"))
    valid_feed(found["fastrel/release-guide.atom"])
    lines = unfolded(found["fastrel/release-guide.ics"])
    assert lines[0] == "BEGIN:VCALENDAR"
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    page = with_head("<html><head><title>x</title></head></html>", view, words, feed_url="../fastrel/a.atom")
    inside = re.search(r"<title>x</title>(.*)</head>", page, re.DOTALL)
    assert inside
    without = re.sub(r'<(?:meta property="og:(?:title|description)" content|link [^<>]*href)="[^"<>]*">', "", inside[1])
    assert without.strip() == ""


def test_a_feed_has_the_ticks_and_the_ends_of_releases_the_newest_first() -> None:
    text = atom_feed(example(), Words(), PAGE, "https://docs.example/fastrel/release-guide.atom")
    feed = valid_feed(text)
    titles = [one.findtext(f"{ATOM}title") or "" for one in feed.iter(f"{ATOM}entry")]
    times = [one.findtext(f"{ATOM}updated") or "" for one in feed.iter(f"{ATOM}entry")]
    assert len(titles) == 50
    assert times == sorted(times, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == times[0]
    assert "0.3.0: done: Push the tag" in titles
    assert any(one.startswith("0.3.0: ticked, but GitHub contradicts it:") for one in titles)
    assert "Release 0.2.1 is finished" in titles
    assert f"{PAGE}#step-push-tag" in text
    assert atom_feed(example(), Words(), PAGE, "https://docs.example/fastrel/release-guide.atom") == text
    # Without a `site_url` there are the addresses on GitHub.
    assert "https://github.com/ServiceNow/Fast-LLM/issues/43" in atom_feed(example(), Words(), "", "")


def test_a_feed_without_anything_is_a_feed() -> None:
    valid_feed(atom_feed(example(steps={}, past=(), at=None), Words(), "", ""))


def test_a_milestone_is_a_day_of_a_calendar() -> None:
    view = example()
    lines = unfolded(icalendar(due_of(view, Words()), datetime(2026, 11, 24, 9, 30, tzinfo=UTC), Words()))
    for line in (
        "VERSION:2.0",
        "DTSTAMP:20261124T093000Z",
        "DTSTART;VALUE=DATE:20270210",
        "DTEND;VALUE=DATE:20270211",
        "SUMMARY:Release 0.3.0 of ServiceNow/Fast-LLM is due",
        "DESCRIPTION:12 of 25 steps",
        "URL:https://github.com/ServiceNow/Fast-LLM/milestone/3",
    ):
        assert line in lines
    assert sum(line.startswith("UID:") for line in lines) == 1
    assert icalendar(due_of(example(milestone=None), Words()), datetime.now(UTC), Words()) == ""


def test_words_of_a_calendar_are_escaped_and_folded_between_letters() -> None:
    text = "a\\b;c,d\ne " + "é發😀" * 40
    due = Due("o/r", "1.0.0", datetime(2026, 1, 2, tzinfo=UTC), "https://x/1", text)
    lines = unfolded(icalendar([due], datetime(2026, 1, 1, tzinfo=UTC), Words()))
    (described,) = [line for line in lines if line.startswith("DESCRIPTION:")]
    assert described.startswith("DESCRIPTION:a\\\\b\\;c\\,de ")
    assert described.endswith("é發😀")


@pytest.mark.parametrize("language", sorted(TABLES))
def test_each_language_has_its_own_words_for_the_views(language: str) -> None:
    words = Words(language)
    badge = badge_of(example(), words)
    assert fromstring(badge_svg(badge)).get("aria-label") == f"{badge.label}: {badge.message}"
    assert "0.3.0" in description_of(example(), words)
    valid_feed(atom_feed(example(), words, PAGE, ""))


@pytest.mark.parametrize(
    ("longest", "unit", "marks"),
    [
        (timedelta(), "minute", [1]),
        (timedelta(minutes=7), "minute", [2, 4, 6, 8]),
        (timedelta(hours=5), "hour", [1, 2, 3, 4, 5]),
        (timedelta(days=6.5), "day", [2, 4, 6, 8]),
        (timedelta(days=400), "day", [100, 200, 300, 400]),
        (timedelta(days=9000), "day", [1500 * one for one in range(1, 7)]),
    ],
)
def test_an_axis_has_round_marks_and_holds_the_longest_release(longest: timedelta, unit: str, marks: list[int]) -> None:
    assert axis_marks(longest) == (unit, marks)


def test_a_site_has_the_files_and_its_page_names_them(cli: Cli, project: Project) -> None:
    begin_release(cli)
    config = project.path / "mkdocs.yml"
    config.write_text(f"site_url: https://docs.example/fast-llm/\n{config.read_text()}")
    own = project.path / "docs" / "fastrel" / "release-guide.json"
    own.parent.mkdir()
    own.write_text("{}")
    code, said, page = build(project.path)
    assert code == 0, said
    folder = project.path / "site" / "fastrel"
    assert {one.name for one in folder.iterdir()} == {
        "release-guide.svg", "release-guide.json", "release-guide.atom", "release-guide.ics",
    }  # fmt: skip
    assert (folder / "release-guide.json").read_text() == "{}"  # the site's own file is left alone
    feed = (folder / "release-guide.atom").read_text()
    assert 'href="https://docs.example/fast-llm/release-guide/#step-main-ci"' in feed
    assert 'rel="self"' in feed
    assert b"\r\r\n" not in (folder / "release-guide.ics").read_bytes()
    assert re.search(
        r'<meta property="og:description" content="Release 0\.2\.0: Ready for the next step · 1 of 25', page
    )
    assert re.search(r'<link rel="alternate" [^>]*href="\.\./fastrel/release-guide\.atom">', page)
    config.write_text(config.read_text().replace("  - fastrel:\n", "  - fastrel:\n      views: false\n"))
    code, said, page = build(project.path)
    assert code == 0, said
    assert "og:description" not in page
    assert [one.name for one in folder.iterdir()] == ["release-guide.json"]
