"""The guide's page in real Chromium: what it shows, how it refreshes itself, and that nothing can harm it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Error, Page

from browser import chromium, served
from docs_site import site_of
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

STRICT = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' http://127.0.0.1:*"
PLAIN = """site_name: Plain
theme: {name: mkdocs, highlightjs: false}
plugins: [fastrel]
markdown_extensions: [pymdownx.superfences, toc]
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def build(project: Project, config: str = "") -> Path:
    """Build the sample project's site; with `config`, by another configuration."""
    if config:
        (project.path / "mkdocs.yml").write_text(config)
    return site_of(project)


def add_option(project: Project, line: str) -> None:
    """Set an option of the plugin in the sample project."""
    file = project.path / "mkdocs.yml"
    text = file.read_text()
    assert "  - fastrel:\n" in text
    file.write_text(text.replace("  - fastrel:\n", f"  - fastrel:\n      {line}\n"))


def open_page(browser: Browser, address: str, **options: object) -> Page:
    """The guide's page; an error in its scripts fails the test when `check` is called."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # options of a context, by name
    page.goto(f"{address}/release-guide/")
    return page


def state(page: Page, step: str) -> str:
    return " ".join(page.locator(f"[data-fastrel-step={step}] .fastrel-state").first.inner_text().split())


def followed(page: Page) -> None:
    """Wait until the page shows the release issue's ticks."""
    page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")


def trouble(page: Page) -> str:
    return page.locator(".fastrel-header .fastrel-trouble").inner_text().strip()


def milestone(page: Page) -> str:
    return page.locator(".fastrel-header .fastrel-milestone-count").inner_text()


def count(page: Page) -> str:
    return page.locator(".fastrel-header .fastrel-count").inner_text()


def test_the_first_paint_is_the_state_of_the_build(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        page = open_page(browser, address, java_script_enabled=False)
        assert count(page) == "1 of 25 steps"
        assert state(page, "milestone-issues").startswith("ready 3 open issues in milestone 0.2.0")
        assert "fastrel-checklist run 0.2.0 milestone-issues" in state(page, "milestone-issues")
        assert page.locator(".fastrel-copy").first.is_hidden()  # nobody would serve it
        assert page.locator("#step-main-ci input").is_checked()
        assert milestone(page) == " 5 open, 13 closed"
        assert page.locator(".fastrel-phase").count() == 6
        assert page.locator(".fastrel-header .fastrel-tracker a").inner_text() == "#38"


def test_the_page_follows_the_tracker_while_it_is_open(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        cli("run", "milestone-issues", "--yes", "--defer-open")
        cli("skip", "docs-current", "--reason", "no <b>change</b>")
        page = open_page(browser, address)
        followed(page)
        assert state(page, "milestone-issues").startswith("no open issue in milestone 0.2.0")
        assert state(page, "milestone-issues").endswith("by mia now")
        assert state(page, "docs-current").startswith("no <b>change</b> skipped by mia")
        assert page.locator("#step-milestone-issues input").is_checked()
        assert count(page) == "3 of 25 steps"
        assert page.locator(".fastrel-phase .fastrel-count").first.inner_text() == "3 of 6 steps"
        # Three were deferred, and the tracker is not counted.
        assert milestone(page) == " 2 open, 13 closed"
        assert page.locator(".fastrel-next a").inner_text() == "Settle every pull request of the milestone"
        assert [one for one in twin.requests if one[0] == "OPTIONS"] == []  # no preflight


def test_what_the_cli_does_arrives_while_the_page_is_open(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        page = browser.new_context().new_page()
        page.clock.install()
        page.goto(f"{address}/release-guide/")
        followed(page)
        assert state(page, "milestone-issues").startswith("ready")
        cli("run", "milestone-issues", "--yes", "--defer-open")
        page.clock.fast_forward("05:15")
        page.wait_for_function("document.querySelector('#step-milestone-issues').classList.contains('fastrel-done')")
        # After the end nothing is asked any more.
        cli("abort", "--reason", "enough", "--yes")
        page.clock.fast_forward("05:15")
        page.wait_for_function("document.querySelector('.fastrel-tracker-state').textContent === ' (closed)'")
        assert milestone(page) == " 2 open, 13 closed"  # nor is the tracker when it is closed
        asked = asked_for_tracker(twin)
        page.clock.fast_forward("30:00")
        page.wait_for_timeout(300)
        assert asked_for_tracker(twin) == asked


def test_what_comes_next_goes_when_nothing_is_left(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    add_option(project, "snapshot: fastrel.json")
    site = build(project)
    cli("snapshot", "--output", str(site / "fastrel.json"))
    data = json.loads((site / "fastrel.json").read_text())
    with served(site) as address:
        data["steps"][0]["status"] = "skipped"
        (site / "fastrel.json").write_text(json.dumps({**data, "at": "2099-01-01T00:00:00Z"}))
        page = open_page(browser, address)
        page.wait_for_function("document.querySelector('.fastrel-next a').textContent.startsWith('Settle every pull')")
        said = page.locator(".fastrel-next").inner_text().split("\n")
        assert said[:2] == ["Next:", "Settle every pull request of the milestone"]
        for step in data["steps"]:
            step["status"] = "done"
        (site / "fastrel.json").write_text(json.dumps({**data, "at": "2099-01-02T00:00:00Z"}))
        page = open_page(browser, address)
        page.wait_for_selector(".fastrel-is-finished.fastrel-header")
        assert count(page) == "25 of 25 steps"
        assert page.locator(".fastrel-verdict-words").inner_text() == "Finished: every step is done or skipped"
        assert page.locator(".fastrel-next").is_hidden()


def test_a_snapshot_that_cannot_be_written_says_so(cli: Cli, project: Project) -> None:
    (project.path / "taken").write_text("a file, not a folder")
    refused = cli("snapshot", "--output", "taken/fastrel.json")
    assert refused.code == 2
    assert "There is no folder taken." in refused.err
    assert "No file was written." in refused.err
    assert cli("snapshot", "--output", "new/fastrel.json").code == 2
    assert not (project.path / "new").exists()
    (project.path / "new").mkdir()
    assert cli("snapshot", "--output", "new/fastrel.json").code == 0
    assert [one.name for one in (project.path / "new").iterdir()] == ["fastrel.json"]


def test_a_tick_is_not_taken_for_the_truth(cli: Cli, project: Project, browser: Browser, twin: Twin) -> None:
    """Boxes lie: a claim stays one, whether it was there at the build or came after it."""
    begin_release(cli)
    cli("tick", "create-tag", "--note", "really")
    with served(build(project)) as address:
        issue = twin.store.issues[38]
        issue.body = re.sub(r"- \[ \] (.*<!-- step push-tag -->)", r"- [x] \1", issue.body)
        page = open_page(browser, address)
        followed(page)
        assert page.locator("#step-create-tag input").is_checked()
        assert page.locator("#step-create-tag.fastrel-contradicted.fastrel-blocked").count() == 1
        assert "ticked, but GitHub contradicts it" in state(page, "create-tag")
        # What somebody ticks in the browser is in the data of the issue after the next command, and not before.
        assert not page.locator("#step-push-tag input").is_checked()
        assert page.locator(".fastrel-contradictions").inner_text() == "1 tick that GitHub contradicts"
        assert count(page) == "1 of 25 steps"
        cli("sync")
        page.reload()
        page.wait_for_function("document.querySelector('.fastrel-contradictions').textContent.startsWith('2 ticks')")
        assert page.locator("#step-push-tag.fastrel-contradicted input").is_checked()
        # A tick by the command line is contradicted at once: it has looked.
        cli("tick", "publish-release", "--note", "I think so")
        page.reload()
        page.wait_for_function("document.querySelector('.fastrel-contradictions').textContent.startsWith('3 ticks')")
        assert page.locator("#step-publish-release.fastrel-contradicted input").is_checked()


def test_a_snapshot_of_the_site_is_preferred(cli: Cli, project: Project, browser: Browser, twin: Twin) -> None:
    begin_release(cli)
    add_option(project, "snapshot: fastrel.json")
    with served(build(project)) as address:
        cli("run", "milestone-issues", "milestone-pulls", "--yes", "--defer-open")
        written = cli("snapshot", "--output", "site/fastrel.json")
        assert written.code == 0, written.err
        assert written.err == "site/fastrel.json: release 0.2.0\n"
        asked = len(twin.requests)
        page = open_page(browser, address)
        page.wait_for_selector("#step-milestone-pulls.fastrel-done")
        assert count(page) == "3 of 25 steps"
        assert "8 merged in milestone 0.2.0" in state(page, "milestone-pulls")
        assert len(twin.requests) == asked


BAD_SNAPSHOTS = [
    "", "{", "[]", "null", "42", '{"schema": "fastrel.report/1"}', '{"schema": "other/2", "version": "0.2.0", "steps": []}',
    '{"schema": "fastrel.report/1", "version": "0.2.0", "at": "2099-01-01T00:00:00Z", "steps": null}',
    '{"schema": "fastrel.report/1", "version": "0.2.0", "at": "x", "steps": [{"id": "main-ci", "status": "failed"}]}',
    '{"schema": "fastrel.report/1", "version": "9.9.9", "at": "2099-01-01T00:00:00Z", "steps": []}', None,
]  # fmt: skip


def _keep(errors: list[str], error: Error) -> None:
    errors.append(str(error))


TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until the page has shown what it knows."""


def test_bad_data_leaves_the_page_as_it_was_built(project: Project, browser: Browser) -> None:
    add_option(project, "snapshot: fastrel.json")
    site = build(project)
    with served(site) as address:
        page = browser.new_context().new_page()
        errors: list[str] = []
        page.on("pageerror", partial(_keep, errors))
        for content in BAD_SNAPSHOTS:
            (site / "fastrel.json").unlink(missing_ok=True)
            if content is not None:
                (site / "fastrel.json").write_text(content)
            with page.expect_event("requestfinished", lambda request: request.url.endswith("/fastrel.json")):
                page.goto(f"{address}/release-guide/")
            page.evaluate(TWO_FRAMES)
            assert page.locator(".fastrel-read").is_hidden(), content
            assert count(page) == "1 of 25 steps", content
            assert errors == [], content
            page.evaluate("localStorage.clear(); sessionStorage.clear()")  # so that the next page asks, too


def test_a_tracker_that_cannot_be_read_leaves_the_page_as_it_was_built(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        twin.store.anonymous_limit = 0
        page = open_page(browser, address)
        page.wait_for_load_state("networkidle")
        assert page.locator(".fastrel-read").is_hidden()
        asked = len(twin.requests)
        page.reload()
        page.wait_for_load_state("networkidle")
        assert len(twin.requests) == asked  # a failure is remembered, too


HOSTILE = [
    "<script>window.hacked=1</script>", "<img src=x onerror='window.hacked=1'>", "<svg onload=window.hacked=1>",
    "[x](javascript:window.hacked=1)", '"><iframe srcdoc="<script>parent.hacked=1</script>">', "{{ 7*7 }}", "${window.hacked=1}",
    "--><script>window.hacked=1</script>", "</span></li></ul><h1>owned</h1>", "\u202eevil", "&lt;script&gt;",
]  # fmt: skip


def test_nothing_that_people_type_becomes_an_element(cli: Cli, project: Project, browser: Browser, twin: Twin) -> None:
    """Titles, names, labels and notes of a hostile world, at the build and in the browser."""
    begin_release(cli)
    store = twin.store
    for number, payload in enumerate(HOSTILE):
        store.issues[
            38
        ].body += f"\n{payload} <!-- step main-ci --> {payload}\n- [x] {payload} <!-- step docs-current -->"
        store.add_issue(payload, "carl", milestone=2, labels=["bug", payload])
        cli("skip", "announce-forum", "--reason", payload)
        if number % 3 == 0:
            cli("tick", "open-bugs", "--note", payload)
    store.milestones[2].description = HOSTILE[0]
    with served(build(project)) as address:
        for attempt in ("build", "tracker"):
            page = browser.new_context().new_page()
            page.goto(f"{address}/release-guide/", wait_until="networkidle")
            inside = page.locator(".fastrel-header, .fastrel-state, .fastrel-phase")
            names = {name.lower() for name in inside.evaluate_all(
                "all => all.flatMap(one => [...one.querySelectorAll('*')].map(it => it.tagName))"
            )}  # fmt: skip
            assert names <= {
                "a",
                "span",
                "strong",
                "p",
                "ul",
                "li",
                "small",
                "time",
                "progress",
                "code",
                "button",
                "div",
            }, attempt
            assert page.evaluate("window.hacked") is None
            assert page.locator("a[href^='javascript' i]").count() == 0
            assert not page.get_by_role("heading", name="owned").count()
            for payload in HOSTILE:
                cli("skip", "announce-discussion", "--reason", payload)


def test_a_strict_content_security_policy_is_enough(cli: Cli, project: Project, browser: Browser) -> None:
    """No inline script, no inline style; Material itself needs both, so this is the plain theme."""
    begin_release(cli)
    with served(build(project, PLAIN), {"Content-Security-Policy": STRICT}) as address:
        cli("tick", "docs-current", "--note", "read")
        page = browser.new_context().new_page()
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "fastrel" in said.text else None)
        page.goto(f"{address}/release-guide/")
        followed(page)
        assert state(page, "docs-current").startswith("read by mia")
        assert refused == []


def test_a_command_is_copied(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{address}/release-guide/")
        page.locator("#step-milestone-issues .fastrel-copy").click()
        page.wait_for_selector(".fastrel-copied")
        assert page.evaluate("navigator.clipboard.readText()") == "fastrel-checklist run 0.2.0 milestone-issues"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_read_it(cli: Cli, project: Project, browser: Browser, scheme: str, width: int) -> None:
    """axe-core finds nothing in what we add; on a phone nothing is wider than the screen."""
    begin_release(cli)
    cli("tick", "create-tag", "--note", "a claim that the world contradicts")
    if scheme == "dark":
        file = project.path / "mkdocs.yml"
        file.write_text(file.read_text().replace("  font: false\n", "  font: false\n  palette: {scheme: slate}\n"))
    with served(build(project)) as address:
        page = open_page(browser, address, viewport={"width": width, "height": 900})
        followed(page)
        # The colours of code are Material's own.
        ours = {"include": [[".fastrel-header"], [".fastrel-phase"], [".fastrel-step"]], "exclude": [["pre"]]}
        found = Axe().run(page, context=ours)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_moves_when_the_refresh_arrives(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(one => window.shift += one.value))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(f"{address}/release-guide/")
        followed(page)
        page.wait_for_timeout(300)
        assert page.evaluate("window.shift") < 0.02


def test_search_does_not_find_what_changes(cli: Cli, project: Project) -> None:
    begin_release(cli)
    file = project.path / "mkdocs.yml"
    file.write_text(file.read_text().replace("plugins:\n", "plugins:\n  - search\n"))
    index = json.loads((build(project) / "search" / "search_index.json").read_text())
    text = " ".join(one["text"] for one in index["docs"] if one["location"].startswith("release-guide/"))
    assert "Settle every open issue" in text
    assert not re.search(r"ticked by|fastrel-checklist run 0.2.0 milestone-issues|3 open issues", text)


CONSENT = "extra:\n  consent:\n    title: Cookies\n    description: May we?\n    cookies:\n      github: GitHub\n"


def asked_for_tracker(twin: Twin) -> int:
    return len([one for one in twin.requests if one[:2] == ("GET", "/api/v3/repos/ServiceNow/Fast-LLM/issues/38")])


def test_github_is_asked_only_after_consent(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    config = project.path / "mkdocs.yml"
    with served(build(project, config.read_text() + CONSENT)) as address:
        page = browser.new_context().new_page()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.goto(f"{address}/release-guide/", wait_until="networkidle")
        assert page.locator(".fastrel-read").is_hidden()
        assert [url for url in asked if not url.startswith(address)] == []
        page.evaluate("localStorage.setItem('/.__consent', JSON.stringify({github: true}))")
        page.reload()
        followed(page)


def test_it_works_under_instant_navigation(cli: Cli, project: Project, browser: Browser, twin: Twin) -> None:
    """squidfunk#1918: scripts broke when a page was replaced instead of loaded."""
    begin_release(cli)
    site = project.path / "site"
    site.mkdir()
    with served(site) as address:
        config = (project.path / "mkdocs.yml").read_text()
        instant = config.replace("  font: false\n", "  font: false\n  features: [navigation.instant]\n")
        build(project, f"site_url: {address}/\n{instant}")
        cli("run", "milestone-issues", "--yes", "--defer-open")
        page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        with page.expect_response("**/sitemap.xml") as sitemap:
            page.goto(f"{address}/")
        sitemap.value.finished()
        # Material takes clicks over when it has read the sitemap; until then they load a page as ever.
        page.evaluate("new Promise(resolve => requestIdleCallback(resolve))")
        page.evaluate("window.sameDocument = true")
        page.locator(".md-sidebar--primary").get_by_role("link", name="Release guide").first.click()
        followed(page)
        assert page.evaluate("window.sameDocument") is True
        assert "no open issue" in state(page, "milestone-issues")


def test_an_answer_that_never_comes_is_given_up(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        add_option(project, f"snapshot: http://127.0.0.1:{silent.getsockname()[1]}/fastrel.json")
        with served(build(project)) as address:
            page = browser.new_context().new_page()
            failed: list[str] = []
            page.on("requestfailed", lambda request: failed.append(request.url))
            page.goto(f"{address}/release-guide/", wait_until="commit")
            page.wait_for_timeout(6_000)
            assert [url.endswith("/fastrel.json") for url in failed] == [True]
            assert page.locator(".fastrel-read").is_hidden()


def test_on_paper_there_are_no_buttons(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        page = open_page(browser, address)
        page.emulate_media(media="print")
        assert page.locator(".fastrel-command:visible").count() == 0
        assert page.locator("#step-main-ci .fastrel-evidence").is_visible()


def test_the_keyboard_reaches_every_command(cli: Cli, project: Project, browser: Browser) -> None:
    begin_release(cli)
    with served(build(project)) as address:
        page = open_page(browser, address)
        page.wait_for_selector(".fastrel-ready")
        page.locator("#step-milestone-issues .fastrel-permalink").focus()
        seen = set()
        for _ in range(8):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        assert "copy fastrel-checklist run 0.2.0 milestone-issues" in seen
