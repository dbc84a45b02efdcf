"""What the script of the page believes of an answer, case by case: a page without a site, and answers without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import markdown
import pytest
from markdown.extensions import Extension
from playwright.sync_api import Browser, Page, Route

from browser import chromium
from fastrel.guide.model import Settings
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from fastrel_mkdocs.view import view_of
from stage import ROOT

SCRIPT = (ROOT / "plugin" / "fastrel_mkdocs" / "assets" / "fastrel.js").read_text(encoding="utf-8")
HOME = "http://docs.example"
SNAPSHOT = f"{HOME}/fastrel.json"
API = "http://api.example"
ISSUE = f"{API}/repos/o/r/issues/38"
LIST = f"{API}/repos/o/r/issues"
Json = dict[str, object]
PAGE = """# Guide

## One

<!-- checklist -->
- [ ] Make the tag. <!-- step tag uses=tag.create -->
- [ ] Look at it. <!-- step look -->
- [ ] Push it. <!-- step push uses=tag.push needs=tag -->
<!-- /checklist -->

## Two

<!-- checklist -->
- [ ] Draft it. <!-- step draft uses=release.draft -->
<!-- /checklist -->
"""


def step(name: str, status: str, phase: str = "One", **more: object) -> Json:
    base: Json = {"id": name, "phase": phase, "title": name, "uses": None if name == "look" else "x", "role": "write",
                  "status": status, "summary": f"{name} is {status}", "links": [], "ticked": None, "unverified": False,
                  "by_hand": name == "look", "decided": False, "needs": ["tag"] if name == "push" else []}  # fmt: skip
    return {**base, **more}


def report(*steps: Json, **more: object) -> Json:
    milestone = {"title": "0.2.0", "url": f"{HOME}/m", "state": "open", "open_issues": 2, "closed_issues": 3,
                 "due": None, "overdue": False}  # fmt: skip
    tracker = {"number": 38, "url": f"{HOME}/38", "state": "open", "assignees": []}
    return {
        "schema": "fastrel.report/1", "version": "0.2.0", "kind": "minor", "tag": "v0.2.0", "previous_tag": "v0.1.0",
        "repository": "o/r", "at": "2026-11-24T03:12:00Z", "tracker": tracker, "milestone": milestone,
        "steps": [*steps, *(one for one in USUAL if one["id"] not in {each["id"] for each in steps})], **more,
    }  # fmt: skip


USUAL = [
    step("tag", "todo"),
    step("look", "manual"),
    step("push", "blocked", alone={"status": "todo", "summary": "it is not on the remote"}),
    step("draft", "blocked", "Two", alone={"status": "todo", "summary": "there is none"}),
]


def issue(ticks: Mapping[str, object], **more: object) -> Json:
    return {
        "number": 38, "state": "open", "html_url": f"{HOME}/38", "url": ISSUE, "body": body(ticks),
        "author_association": "MEMBER", "user": {"login": "mia"}, "milestone": None, **more,
    }  # fmt: skip


def body(ticks: Mapping[str, object], *, schema: str = "fastrel.state/1", version: str = "0.2.0") -> str:
    state = json.dumps({"schema": schema, "version": version, "steps": ticks}).replace("-->", "")
    return f'<!-- fastrel tracker version="0.2.0" -->\n<!-- fastrel state {state} -->\nRelease\n'


TICK = {"by": "mia", "at": "2026-11-24T03:00:00Z", "summary": "it is there"}


@dataclass
class Shown:
    """A page after an answer."""

    page: Page
    asked: list[str] = field(default_factory=list)

    def statuses(self) -> dict[str, str]:
        found = self.page.evaluate(
            """() => [...document.querySelectorAll("[data-fastrel-step]")].map((item) =>
            [item.dataset.fastrelStep, ["done", "todo", "waiting", "failed", "manual", "blocked", "skipped", "unknown"]
              .filter((one) => item.classList.contains(`fastrel-${one}`)).join(" ")])"""
        )
        return dict(found)

    def ticked(self) -> set[str]:
        boxes = {name: self.page.locator(f"#step-{name} input").is_checked() for name in ("tag", "look", "push")}
        return {name for name, checked in boxes.items() if checked}

    def text(self, selector: str) -> str:
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def state(self, name: str) -> str:
        return self.text(f"#step-{name} .fastrel-state")

    @property
    def trouble(self) -> str:
        return self.text(".fastrel-trouble")

    def links(self, name: str) -> list[str]:
        anchors = self.page.locator(f"#step-{name} .fastrel-evidence a")
        return [anchors.nth(number).get_attribute("href") or "" for number in range(anchors.count())]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as running:
        yield blank(running)


def blank(browser: Browser) -> Page:
    opened = browser.new_context().new_page()
    # Answers are there at once, so that nothing has to be waited for.
    opened.add_init_script(
        """sessionStorage.clear();
        window.waiting = [];
        const later = window.setTimeout;
        window.setTimeout = (one, wait, ...more) => wait > 9_000 ? window.waiting.push(one) : later(one, wait, ...more);
        window.fetch = async (url) => {
          (window.asked ||= []).push(url);
          const data = window.answers[url];
          return { status: data === undefined ? 404 : 200, ok: data !== undefined, headers: new Headers(),
                   text: async () => JSON.stringify(data) };
        };"""
    )
    return opened


def shown(
    page: Page,
    source: str,
    address: str,
    answers: Mapping[str, object],
    built: Json | None = None,
    more: str = "",
    text: str = PAGE,
) -> Shown:
    """The page as it is after its first question is answered; `built` is the report that it was built with."""
    view = view_of(built or report(), "live")
    state = PageState(Settings(repository="o/r"), view, sources={source: address})
    extensions: list[str | Extension] = [
        ChecklistExtension(provider=lambda: state),
        "pymdownx.superfences",
        "pymdownx.tasklist",
    ]
    inside = markdown.markdown(text, extensions=extensions)
    told = json.dumps(answers).replace("</", "<\\/")
    html = f"<!doctype html><body>{more}{inside}<script>window.answers = {told}</script><script>{SCRIPT}</script>"

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route(f"{HOME}/", answer)
    page.goto(f"{HOME}/")
    page.evaluate("new Promise((done) => setTimeout(done, 0))")
    asked = page.evaluate("window.asked || []")
    page.unroute(f"{HOME}/")
    return Shown(page, asked)


def by_snapshot(page: Page, answer: Json) -> Shown:
    return shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: answer})


def by_issue(page: Page, answer: Json, built: Json | None = None) -> Shown:
    return shown(page, "tracker", ISSUE, {ISSUE: answer}, built)


def by_list(page: Page, *issues: Json) -> Shown:
    return shown(page, "list", LIST, {LIST: list(issues)})


LATER = {"at": "2026-11-24T04:00:00Z"}
BUILT = {"tag": "todo", "look": "manual", "push": "blocked", "draft": "blocked"}
DONE = step("tag", "done")
UNREADABLE = "The newer state has no form that this page can read."


# A snapshot


@pytest.mark.parametrize("at", ["2026-11-24T04:00:00Z", "2026-11-24T03:12:00Z"])
def test_a_snapshot_that_is_no_older_is_shown(page: Page, at: str) -> None:
    found = by_snapshot(page, report(DONE, step("push", "todo"), at=at))
    assert found.statuses() == {**BUILT, "tag": "done", "push": "todo"}
    assert found.state("tag").startswith("done tag is done")
    assert found.text(".fastrel-count") == "1 of 4 steps"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"at": "2026-11-24T03:11:59Z"}, ""),
        ({"at": "nonsense"}, ""),
        ({"at": "2026-11-24T03:11:59Z", "version": "0.1.0"}, ""),
        ({"version": "0.3.0"}, "The newer state is about 0.3.0, so it is not shown."),
        ({"schema": "fastrel.report/2"}, UNREADABLE),
        ({"schema": "fastrel.state/1"}, UNREADABLE),
        ({"steps": [None, *USUAL]}, UNREADABLE),
        ({"steps": [{**DONE, "links": [None]}, *USUAL[1:]]}, UNREADABLE),
    ],
)
def test_an_older_or_another_snapshot_is_not_shown_and_said_where_it_is_newer(
    page: Page, other: Json, said: str
) -> None:
    found = by_snapshot(page, report(DONE, **{**LATER, **other}))
    assert found.statuses() == BUILT
    assert found.trouble == said


@pytest.mark.parametrize("answer", [None, [], "<!doctype html>", 3, True])
@pytest.mark.parametrize("source", ["snapshot", "tracker", "list"])
def test_an_answer_that_is_something_else_is_said(page: Page, source: str, answer: object) -> None:
    address = {"snapshot": SNAPSHOT, "tracker": ISSUE, "list": LIST}[source]
    found = shown(page, source, address, {address: answer})
    assert found.statuses() == BUILT
    assert "read" in found.trouble or (source == "list" and found.trouble == "")  # a list of nothing is one


def test_a_file_of_the_site_that_is_not_there_is_not_taken_for_the_release_issue(page: Page) -> None:
    assert "could not be read" in shown(page, "snapshot", SNAPSHOT, {}).trouble
    assert "(404)" in shown(page, "snapshot", SNAPSHOT, {}).trouble
    assert "or it is private" in shown(page, "tracker", ISSUE, {}).trouble


def test_a_release_that_is_finished_is_not_late_any_more(page: Page) -> None:
    milestone = {"title": "0.2.0", "url": f"{HOME}/m", "open_issues": 0, "closed_issues": 5,
                 "due": "2026-11-20T00:00:00Z", "overdue": True}  # fmt: skip
    built = report(milestone=milestone)
    late = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: report(milestone=milestone, **LATER)}, built)
    assert "4 days late" in late.text(".fastrel-header")
    done = [{**one, "status": "done"} for one in USUAL]
    finished = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: report(*done, milestone=milestone, **LATER)}, built)
    assert "late" not in finished.text(".fastrel-counts")


def test_a_clock_that_is_wrong_makes_no_moment_one_of_the_future(page: Page) -> None:
    """The times of the state are those of GitHub."""
    running = page.context.browser
    assert running
    page = blank(running)  # a clock stays with its page
    page.clock.set_fixed_time("2026-11-24T00:00:00Z")  # three hours behind
    found = by_snapshot(page, report(DONE, **LATER))
    assert "Checked 2026-11-24 04:00 UTC" in found.text(".fastrel-checked")
    page.clock.set_fixed_time("2026-11-24T05:00:00Z")
    assert "Checked 1 hour ago" in by_snapshot(page, report(DONE, **LATER)).text(".fastrel-checked")


def test_new_rows_of_past_releases_do_not_make_the_plot_new(page: Page) -> None:
    past = {"number": 30, "url": f"{HOME}/30", "version": "0.1.0", "opened": "2026-10-01T00:00:00Z",
            "closed": "2026-10-02T00:00:00Z", "phases": [{"name": "One", "ended": "2026-10-02T00:00:00Z"}]}  # fmt: skip
    newer = {**past, "version": "0.1.1", "closed": "2026-11-02T00:00:00Z"}
    built = report(releases=[past])
    for listed, said in (([past], ""), ([newer, past], "what follows is as of")):
        answer = report(releases=listed, **LATER)
        found = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: answer}, built, text=f"{PAGE}\n<!-- releases -->\n")
        assert found.page.locator(".fastrel-releases tbody tr").count() == len(listed)
        assert said in found.text(".fastrel-plot-age")
        assert found.page.locator(".fastrel-plot-age").is_visible() is bool(said)
    # Nor are rows taken from an older snapshot, or from one of another repository.
    for other in ({"at": "2026-11-24T03:00:00Z"}, {**LATER, "repository": "o/fork"}, {**LATER, "schema": "x"}):
        answer = report(releases=[newer, past], **other)
        found = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: answer}, built, text=f"{PAGE}\n<!-- releases -->\n")
        assert found.page.locator(".fastrel-releases tbody tr").count() == 1, other


def test_on_paper_phases_that_are_done_are_unfolded(page: Page) -> None:
    built = report(*({**one, "status": "done"} for one in USUAL[:3]))
    found = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: built}, built)
    assert found.page.locator("#step-tag").is_hidden()
    for event, is_hidden in (("beforeprint", False), ("afterprint", True)):
        found.page.evaluate(f"dispatchEvent(new Event('{event}'))")
        assert found.page.locator("#step-tag").is_hidden() is is_hidden


def test_an_address_that_names_no_step_does_no_harm(page: Page) -> None:
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    by_snapshot(page, report(DONE, **LATER))
    page.evaluate("location.hash = '#step-%E0%A4%A'; dispatchEvent(new Event('hashchange'))")
    assert errors == []


@pytest.mark.parametrize(
    "other",
    [
        {"repository": "o/fork"},
        {"steps": USUAL[:3]},
        {"steps": [*USUAL[:3], step("else", "done", "Two")]},
        {"steps": [*USUAL, step("more", "done", "Two")]},
    ],
)
def test_a_snapshot_of_another_repository_or_of_other_steps_is_said_and_not_shown(page: Page, other: Json) -> None:
    found = by_snapshot(page, report(DONE, **{**LATER, **other}))
    assert found.statuses() == BUILT
    assert "about other steps than this page" in found.trouble


@pytest.mark.parametrize("status", ["constructor", "toString", "", "DONE", 1, None])
def test_a_status_that_is_none_is_unknown(page: Page, status: object) -> None:
    found = by_snapshot(page, report({**DONE, "status": status}, **LATER))
    assert found.statuses()["tag"] == "unknown"
    assert found.ticked() == set()


def test_only_links_of_the_web_that_readers_can_open_are_links(page: Page) -> None:
    addresses = [
        "javascript:alert(1)", "data:text/html,x", " javascript:x", "//evil.example", "https://ok.example/a",
        "HTTP://ok.example/b", "https://ok.example/releases/tag/untagged-1", "https://ok.example/releases/edit/v1",
    ]  # fmt: skip
    links = [{"text": f"L{number}", "url": url} for number, url in enumerate(addresses)]
    past = {"number": 1, "url": "javascript:x", "version": "0.1.0", "opened": "2026-01-01", "closed": "2026-01-02"}
    found = by_snapshot(page, report({**DONE, "links": links}, releases=[past], **LATER))
    assert found.links("tag") == ["https://ok.example/a", "HTTP://ok.example/b"]
    assert "L0" in found.state("tag")


def test_what_a_snapshot_says_of_the_milestone_is_shown(page: Page) -> None:
    milestone = {"open_issues": 7, "closed_issues": 9}
    assert (
        by_snapshot(page, report(milestone=milestone, **LATER)).text(".fastrel-milestone-count") == "7 open, 9 closed"
    )


def test_a_failed_step_is_next_and_said_first(page: Page) -> None:
    found = by_snapshot(page, report(step("draft", "failed", "Two"), **LATER))
    assert found.text(".fastrel-verdict-words") == "Blocked: a step failed"
    assert found.page.locator(".fastrel-next-link").first.get_attribute("href") == "#step-draft"
    assert found.text(".fastrel-next-why") == "draft is failed"
    assert found.text(".fastrel-next-label") == "Failed:"  # `status` calls another step next
    failed = report(step("draft", "failed", "Two"))
    again = shown(page, "snapshot", SNAPSHOT, {SNAPSHOT: report(**LATER)}, failed)
    assert again.text(".fastrel-next-label") == "Next:"


def test_a_contradicted_tick_is_counted(page: Page) -> None:
    found = by_snapshot(page, report({**USUAL[0], "ticked": TICK, "unverified": True}, **LATER))
    assert found.text(".fastrel-contradictions") == "1 tick that GitHub contradicts"
    assert "ticked, but GitHub contradicts it" in found.state("tag")
    assert found.ticked() == {"tag"}
    settled = by_snapshot(page, report({**USUAL[0], "ticked": TICK}, **LATER))
    assert settled.page.locator(".fastrel-contradictions").count() == 0


# The release issue


def test_a_tick_of_the_release_issue_is_shown_and_opens_what_needs_it(page: Page) -> None:
    found = by_issue(
        page, issue({"tag": {**TICK, "links": [["v0.2.0", "https://ok.example/t"], ["x", "javascript:x"]]}})
    )
    assert found.statuses() == {**BUILT, "tag": "done", "push": "todo"}
    assert "by mia" in found.state("tag")
    assert found.links("tag") == ["https://ok.example/t"]
    assert "Ticks read" in found.text(".fastrel-read")
    rest = by_issue(page, issue({"tag": TICK, "look": TICK, "push": {**TICK, "skipped": True}}))
    assert rest.statuses() == {"tag": "done", "look": "done", "push": "skipped", "draft": "todo"}
    assert "skipped by mia" in rest.state("push")


@pytest.mark.parametrize(
    "text",
    [
        body({"tag": TICK}, version="0.3.0"),
        body({"tag": TICK}, schema="fastrel.state/2"),
        body({"tag": TICK}) + body({}),
        body({}) + body({"tag": TICK}),
        body({"tag": TICK}).replace("<!-- fastrel state", "> <!-- fastrel state"),
        body({"tag": TICK}).replace(" -->\nRelease", "\nRelease"),
        body({"tag": TICK}).replace('"steps": {', '"steps": "x", "other": {'),
        "",
    ],
)
def test_what_is_no_state_of_this_version_is_said_and_not_shown(page: Page, text: str) -> None:
    found = by_issue(page, issue({}, body=text))
    assert found.statuses() == BUILT
    assert found.ticked() == set()
    assert found.trouble == "The release issue holds no state that this page can read."


def test_a_doubted_tick_stays_open_and_marked(page: Page) -> None:
    found = by_issue(page, issue({"tag": {**TICK, "unverified": True}}))
    assert found.statuses()["tag"] == "todo"
    assert found.ticked() == {"tag"}
    assert "ticked, but GitHub contradicts it" in found.state("tag")
    assert found.statuses()["push"] == "blocked"


def test_a_bare_tick_proves_only_what_a_person_judges(page: Page) -> None:
    found = by_issue(page, issue({"tag": {}, "look": {}}))
    assert found.statuses() == {**BUILT, "look": "done"}
    assert "ticked in the browser, not checked yet" in found.state("tag")
    assert found.ticked() == {"tag", "look"}


@pytest.mark.parametrize("tick", [None, True, "x", 1])
def test_what_is_no_tick_is_none(page: Page, tick: object) -> None:
    assert by_issue(page, issue({"tag": tick, "look": tick})).statuses() == BUILT


def test_a_tick_that_was_taken_back_opens_what_only_it_had_proven(page: Page) -> None:
    built = report(
        step("tag", "done", ticked=TICK), step("look", "done", ticked=TICK, decided=True), step("push", "done"),
        step("draft", "todo", "Two"),
    )  # fmt: skip
    found = by_issue(page, issue({}), built)
    assert found.statuses() == {"tag": "done", "look": "manual", "push": "done", "draft": "blocked"}
    assert "look" not in found.ticked()
    assert found.text("#step-tag .fastrel-ticked") == ""


def test_a_tick_in_the_browser_stays_until_the_command_line_has_seen_it_and_it_is_gone(page: Page) -> None:
    """The data in the release issue are those of the last command."""
    look = step("look", "done", decided=True, ticked={"by": "", "at": None, "note": "", "skipped": False})
    assert by_issue(page, issue({}), report(look)).statuses()["look"] == "done"
    assert by_issue(page, issue({"tag": TICK}), report(look)).statuses()["look"] == "done"
    found = by_issue(page, issue({"look": {}}), report(look))
    assert found.statuses()["look"] == "done"
    page.evaluate("answer => { window.answers = answer }", {ISSUE: issue({})})
    next_asked(found)
    assert found.statuses()["look"] == "manual"


def test_an_answer_from_before_the_build_is_not_used_again(page: Page) -> None:
    answer = json.dumps({"status": 200, "text": json.dumps(issue({})), "at": "AT"}).replace('"AT"', "Date.now() - 1000")
    kept = f"<script>sessionStorage.setItem('fastrel:{ISSUE}', JSON.stringify({answer}))</script>"
    before, after = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-10, 10))
    for built, asked in ((before, []), (after, [ISSUE])):
        at = report(at=built.isoformat())
        assert shown(page, "tracker", ISSUE, {ISSUE: issue({})}, at, more=kept).asked == asked


def test_what_is_done_or_under_way_stays_so_below_an_open_phase(page: Page) -> None:
    for status in ("done", "skipped", "waiting", "failed", "unknown"):
        built = report(step("draft", status, "Two"))
        assert by_issue(page, issue({}), built).statuses()["draft"] == status
    unticked = report(step("push", "done", decided=True, ticked=TICK), step("tag", "todo"))
    assert by_issue(page, issue({}), unticked).statuses()["push"] == "blocked"


def test_a_blocked_step_names_what_comes_first(page: Page) -> None:
    found = by_issue(page, issue({"tag": TICK}))
    assert "→ Look at it and 1 more" in found.state("draft")
    alone = by_issue(page, issue({"tag": TICK, "push": TICK}))
    assert "→ Look at it" in alone.state("draft")
    assert "more" not in alone.state("draft")


def test_the_words_of_the_build_stay_where_the_tick_is_no_news(page: Page) -> None:
    built = report(step("tag", "done", ticked=TICK, summary="annotated tag v0.2.0 on abc1234"))
    kept = by_issue(page, issue({"tag": {**TICK, "summary": "older words"}}), built)
    assert "annotated tag v0.2.0 on abc1234" in kept.state("tag")
    skipped = by_issue(page, issue({"tag": {**TICK, "skipped": True, "summary": "no tag this time"}}), built)
    assert "no tag this time" in skipped.state("tag")
    fresh = by_issue(page, issue({"tag": {**TICK, "summary": "it is there now"}}))
    assert "it is there now" in fresh.state("tag")


def test_a_doubt_of_the_build_stays_until_the_tick_is_another(page: Page) -> None:
    """The tick in the release issue is the one that the build has doubted, and nobody has looked since."""
    built = report({**USUAL[0], "ticked": TICK, "unverified": True})
    assert "GitHub contradicts it" in by_issue(page, issue({"tag": TICK}), built).state("tag")
    later = {**TICK, "at": "2026-11-24T03:00:05Z"}
    for tick, status in ((later, "done"), ({}, "todo"), (None, "todo")):
        found = by_issue(page, issue({"tag": tick}), built)
        assert "contradicts" not in found.state("tag")
        assert found.statuses()["tag"] == status
        assert found.page.locator(".fastrel-contradictions").count() == 0


@pytest.mark.parametrize("links", [[None, "x", 5, [], ["t"]], "x", {"a": 1}, None])
def test_links_that_are_none_do_no_harm(page: Page, links: object) -> None:
    found = by_issue(page, issue({"tag": {**TICK, "links": links}}))
    assert found.statuses()["tag"] == "done"
    assert found.links("tag") == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("o/r/issues/7", "#7"),
        ("o/r/pull/8", "#8"),
        ("o/r/discussions/9", "#9"),
        ("o/r/commit/0123456789abcdef", "0123456"),
        ("o/r/releases/tag/v0.2.0", "v0.2.0"),
        ("o/r/milestone/3", "milestone"),
        ("o/r/actions/runs/5?x=1#y", "5"),
        ("", "ok.example"),
    ],
)
def test_an_address_without_a_name_of_its_own_gets_a_short_one(page: Page, path: str, name: str) -> None:
    url = f"https://ok.example/{path}"
    for text in ("", url):
        found = by_issue(page, issue({"tag": {**TICK, "links": [[text, url]]}}))
        assert found.page.locator("#step-tag .fastrel-evidence a").inner_text() == name
    named = by_issue(page, issue({"tag": {**TICK, "links": [["Its name", url]]}}))
    assert named.page.locator("#step-tag .fastrel-evidence a").inner_text() == "Its name"


def test_a_link_stands_in_the_place_of_its_words(page: Page) -> None:
    links = [["v0.2.0", "https://ok.example/a"], ["main", "https://ok.example/b"], ["else", "https://ok.example/c"]]
    found = by_issue(page, issue({"tag": {**TICK, "summary": "tag v0.2.0 is on main now", "links": links}}))
    assert found.text("#step-tag .fastrel-evidence") == "tag v0.2.0 is on main now else"
    assert found.links("tag") == [url for _, url in links]
    first = by_issue(page, issue({"tag": {**TICK, "summary": "v0.2.0 is there", "links": links[:1]}}))
    assert first.text("#step-tag .fastrel-evidence") == "v0.2.0 is there"


def test_the_release_issue_is_no_issue_of_its_milestone(page: Page) -> None:
    milestone = {"html_url": f"{HOME}/m", "open_issues": 5, "closed_issues": 7}
    assert by_issue(page, issue({}, milestone=milestone)).text(".fastrel-milestone-count") == "4 open, 7 closed"
    closed = by_issue(page, issue({}, milestone=milestone, state="closed"))
    assert closed.text(".fastrel-milestone-count") == "5 open, 6 closed"
    assert "(closed)" in closed.text(".fastrel-tracker")
    other = by_issue(page, issue({}, milestone={**milestone, "html_url": f"{HOME}/other"}))
    assert other.text(".fastrel-milestone-count") != "4 open, 7 closed"


# The list in which the release issue is looked for


@pytest.mark.parametrize(
    ("about", "believed"),
    [
        ({}, True),
        ({"author_association": "OWNER"}, True),
        ({"author_association": "COLLABORATOR"}, True),
        ({"author_association": "NONE", "user": {"login": "github-actions[bot]"}}, True),
        ({"author_association": "NONE"}, False),
        ({"author_association": "CONTRIBUTOR"}, False),
        ({"author_association": "NONE", "user": None}, False),
        ({"pull_request": {}}, False),
        ({"body": body({"tag": TICK}, version="0.3.0")}, False),
    ],
)
def test_only_an_issue_of_somebody_who_belongs_to_the_repository_is_followed(
    page: Page, about: Json, believed: bool
) -> None:
    found = by_list(page, issue({"tag": TICK}, **about))
    assert (found.statuses()["tag"] == "done") is believed
    assert found.asked == [LIST]


def test_of_several_the_first_is_followed(page: Page) -> None:
    later = issue({"tag": TICK, "look": TICK}, number=40)
    found = by_list(page, later, issue({"tag": TICK}), {**later, "number": 39})
    assert found.statuses()["look"] == "manual"


def next_asked(found: Shown) -> list[str]:
    """What the page asks when its time has come."""
    asked = found.page.evaluate(
        """() => { window.asked = []; window.waiting.splice(-1).forEach((one) => one());
        return new Promise((done) => setTimeout(() => done(window.asked), 0)); }"""
    )
    return list(asked)


@pytest.mark.parametrize(
    ("address", "asked"),
    [(ISSUE, ISSUE), ("http://evil.example/repos/o/r/issues/38", LIST), ("javascript:x", LIST), (None, LIST)],
)
def test_the_next_question_goes_to_the_same_server(page: Page, address: object, asked: str) -> None:
    found = by_list(page, issue({"tag": TICK}, url=address))
    assert found.statuses()["tag"] == "done"
    assert next_asked(found) == [asked]


def test_nobody_is_asked_any_more_when_the_release_issue_is_closed_or_gone(page: Page) -> None:
    assert next_asked(by_issue(page, issue({}))) == [ISSUE]
    assert next_asked(by_issue(page, issue({}, state="closed"))) == []
    assert next_asked(by_issue(page, issue({}, state="closed", body=""))) == []
    assert next_asked(shown(page, "tracker", ISSUE, {})) == []
    tracker = {"number": 38, "url": f"{HOME}/38", "state": "closed", "assignees": []}
    assert next_asked(by_snapshot(page, report(tracker=tracker, **LATER))) == []
    assert next_asked(by_snapshot(page, report(tracker=tracker, at="2020-01-01T00:00:00Z"))) == []
    assert next_asked(by_snapshot(page, report(tracker=None, **LATER))) == [SNAPSHOT]


@pytest.mark.parametrize(("agreed", "asked"), [("true", [ISSUE]), ("false", []), ("undefined", [])])
def test_another_server_is_asked_only_with_consent(page: Page, agreed: str, asked: list[str]) -> None:
    dialogue = f"<script>window.__md_get = () => ({{ github: {agreed} }})</script><p data-md-component=consent></p>"
    assert shown(page, "tracker", ISSUE, {}, more=dialogue).asked == asked
    assert shown(page, "tracker", ISSUE, {}, more="<p data-md-component=consent></p>").asked == []
    assert shown(page, "snapshot", SNAPSHOT, {}, more=dialogue).asked == [SNAPSHOT]
    broken = dialogue.replace("({ github", "x.y, ({ github")
    assert shown(page, "tracker", ISSUE, {}, more=broken).asked == []


def test_a_page_that_holds_all_pages_for_print_asks_nobody(page: Page) -> None:
    """The addresses in it are those of other pages."""
    around = '<div id="print-site-page"></div>'
    found = shown(page, "tracker", ISSUE, {ISSUE: issue({"tag": TICK})}, more=around)
    assert found.asked == []
    assert found.statuses() == BUILT


def test_a_release_that_was_given_up_is_marked_so(page: Page) -> None:
    def given_up(found: Shown) -> bool:
        return bool(found.page.evaluate("'fastrelGivenUp' in document.querySelector('.fastrel-header').dataset"))

    assert given_up(by_issue(page, issue({}, state="closed", state_reason="not_planned")))
    assert not given_up(by_issue(page, issue({}, state="closed", state_reason="completed")))
    assert not given_up(by_issue(page, issue({}, state_reason="not_planned")))  # open again
    gone = {"number": 38, "url": f"{HOME}/38"}
    assert given_up(by_snapshot(page, report(tracker=None, given_up=gone, **LATER)))
    assert not given_up(by_snapshot(page, report(given_up=gone, **LATER)))
    assert not given_up(by_snapshot(page, report(tracker=None, **LATER)))
