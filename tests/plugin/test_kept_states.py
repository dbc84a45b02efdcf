"""A report in its JSON form, as a snapshot or a kept state has it, becomes what the page shows, whatever stands in it."""

from __future__ import annotations

import pytest

from fastrel.errors import UsageError
from fastrel.report.verdict import Status
from fastrel_mkdocs.view import plain_title, view_of

Json = dict[str, object]
OPENED, CLOSED = "2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"


def step(name: str, status: object = "done", **more: object) -> Json:
    return {"id": name, "phase": "One", "title": name, "uses": "tag.create", "role": "write", "status": status, **more}


def report(*steps: Json, **more: object) -> Json:
    return {"schema": "fastrel.report/1", "version": "0.2.0", "repository": "o/r", "steps": list(steps), **more}


@pytest.mark.parametrize("status", ["gone", "", "DONE", None, "constructor"])
def test_a_status_that_is_not_known_is_unknown(status: object) -> None:
    view = view_of(report(step("a", status, alone={"status": status, "summary": "x"})), "cached")
    assert view.steps["a"].status is Status.UNKNOWN
    assert view.steps["a"].alone is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": "fastrel.report/2"},
        {"schema": None},
        {"repository": "o/r<script>"},
        {"repository": "o/r/x"},
        {"repository": "<b>/r"},
        {"repository": ""},
        {"version": "<b>"},
        {"version": "0.2"},
        {"version": ""},
    ],
)
def test_what_is_no_report_of_ours_is_refused(wrong: Json) -> None:
    with pytest.raises(UsageError):
        view_of(report(**wrong), "snapshot")


def test_links_to_drafts_are_left_out() -> None:
    urls = [
        "https://x.example/o/r/releases/tag/untagged-1a2b", "https://x.example/o/r/releases/edit/v1",
        "https://x.example/o/r/releases/tag/v1",
    ]  # fmt: skip
    view = view_of(report(step("a", links=[{"text": "t", "url": url} for url in urls])), "live")
    assert [link.url for link in view.steps["a"].links] == urls[2:]


def test_a_tick_that_github_contradicts_is_one() -> None:
    tick = {"by": "mia", "at": OPENED}
    steps = [
        step("a", "todo", ticked=tick, unverified=True), step("b", ticked=tick), step("c", "todo", unverified=True),
    ]  # fmt: skip
    view = view_of(report(*steps), "live")
    assert [one.contradicted for one in view.steps.values()] == [True, False, False]
    assert view.contradicted == 1


def test_who_says_that_a_step_is_done() -> None:
    steps = [
        step("said", by_hand=True), step("not-said", "manual", by_hand=False), step("old", "manual", uses=None),
        step("old-action", "manual"), step("old-done", uses=None),
    ]  # fmt: skip
    view = view_of(report(*steps), "live")
    assert [one.by_hand for one in view.steps.values()] == [True, False, True, False, False]
    assert view.steps["said"].command("0.2.0") == "fastrel-checklist tick said --version 0.2.0"
    assert view.steps["not-said"].command("0.2.0") == "fastrel-checklist run 0.2.0 not-said"


@pytest.mark.parametrize("status", [one.value for one in Status])
def test_the_release_is_linked_once_it_is_published(status: str) -> None:
    publish = step("p", status, uses="release.publish", links=[{"text": "v0.2.0", "url": "https://x.example/v"}])
    view = view_of(report(step("a", links=[{"text": "x", "url": "https://x.example/a"}]), publish), "live")
    assert (view.published is not None) is (status == "done")
    assert view.published is None or view.published.url == "https://x.example/v"


def past(*ticks: tuple[str, str], given_up: bool = False) -> Json:
    return {"version": "0.1.0", "number": 1, "url": "u", "given_up": given_up, "opened": OPENED, "closed": CLOSED,
            "ticks": [{"id": name, "at": at} for name, at in ticks]}  # fmt: skip


def test_how_long_a_step_takes_is_learnt_from_releases_that_were_finished() -> None:
    releases = [
        past(("a", "2026-11-01T01:00:00Z"), ("b", "2026-11-01T03:00:00Z")),
        past(("a", "2026-11-01T05:00:00Z")),
        past(("a", "2026-11-01T02:00:00Z")),
        past(("a", "2026-11-02T23:00:00Z"), given_up=True),
        past(("a", "2026-11-02T23:30:00Z"), given_up=True),
    ]
    view = view_of(report(step("a"), releases=releases), "live")
    assert view.usual_seconds("a") == 2 * 3600
    assert view.usual_seconds("b") == 2 * 3600  # from the tick before
    assert view.usual_seconds("c") is None


def test_a_past_release_without_its_times_is_left_out() -> None:
    releases = [{**past(), "opened": None}, {**past(), "closed": None}, past()]
    assert len(view_of(report(releases=releases), "live").past) == 1


def test_progress_by_phase_and_what_comes_before() -> None:
    steps = [
        step("a"), step("b", "todo"), step("c", "skipped", phase="Two"), step("d", "blocked", phase="Two"),
        step("e", "todo", phase="Three"),
    ]  # fmt: skip
    view = view_of(report(*steps), "live")
    assert view.phases() == {"One": (1, 2), "Two": (1, 2), "Three": (0, 1)}
    assert [one.id for one in view.before("Three")] == ["b", "d"]
    assert view.before("One") == []
    assert view.settled == 2
    assert view.next is not None
    assert view.next.id == "b"
    assert view.is_about(["e", "d", "c", "b", "a"])
    assert not view.is_about(["a", "b"])
    assert not view.is_about(["a", "b", "c", "d", "e", "f"])


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Push the `tag`.", "Push the tag"),
        ("See [the page](https://x.example/a_(b)) now", "See the page) now"),
        ("![alt](x.png) **bold** ~~gone~~", "alt bold gone"),
        ("Wait...", "Wait.."),
        (" a ", "a"),
    ],
)
def test_a_title_is_shown_as_plain_text(title: str, plain: str) -> None:
    assert plain_title(title) == plain
