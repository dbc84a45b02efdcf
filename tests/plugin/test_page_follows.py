"""Between two builds the page follows the release: the same next step as the command line, few requests, one time per fact."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from browser import chromium, served
from docs_site import build, site_of, text_of, with_option
from fastrel_mkdocs.languages.english import ENGLISH
from fastrel_mkdocs.words import SCRIPT
from fastrel_twin.server import Twin
from stage import ROOT, Cli, Project, begin_release

SCRIPT_FILE = ROOT / "plugin" / "fastrel_mkdocs" / "assets" / "fastrel.js"
ISSUE = "/repos/ServiceNow/Fast-LLM/issues/38"
NEXT = "document.querySelector('.fastrel-header .fastrel-next-link').getAttribute('href')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{address}/release-guide/")
    return page


def followed(page: Page) -> None:
    page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")


def next_of(cli: Cli) -> str:
    """The first step that is neither done nor skipped, as `status` has it."""
    return next(
        name
        for name, status in cli("status", "0.2.0", "--json").statuses().items()
        if status not in ("done", "skipped")
    )


def trouble(page: Page) -> str:
    return page.locator(".fastrel-header .fastrel-trouble").inner_text().strip()


def test_command_line_and_page_name_the_same_next_step_after_each_step(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    steps: list[tuple[str, ...]] = [
        ("run", "0.2.0", "milestone-issues", "milestone-pulls", "pull-labels", "--yes", "--defer-open"),
        ("tick", "docs-current", "--note", "read"),
        ("tick", "open-bugs", "--note", "ship them"),
        ("run", "0.2.0", "set-version", "--yes"),
        ("untick", "docs-current"),
        ("skip", "docs-current", "--reason", "no change"),
        ("run", "0.2.0", "--yes", "--until", "create-tag"),
    ]
    (project.path / "docs" / "home.md").write_text("# Home\n\n<!-- release -->\n")
    with served(site_of(project)) as address:
        page = opened(browser, address)
        followed(page)
        home = page.context.new_page()
        home.goto(f"{address}/home/")
        for arguments in steps:
            done = cli(*arguments)
            assert done.code in (0, 1, 3), done.err
            page.reload()
            followed(page)
            expected = next_of(cli)
            assert page.evaluate(NEXT) == f"#step-{expected}", arguments
            item = page.locator(f"#step-{expected}")
            assert not item.evaluate("one => one.classList.contains('fastrel-blocked')"), arguments
            assert item.locator(".fastrel-command").first.is_visible(), arguments
            # The header on another page is served by what this tab has asked, and leads to the guide.
            home.wait_for_function(f"{NEXT} === '../release-guide/#step-{expected}'")
            assert (
                home.locator(".fastrel-count").inner_text()
                == page.locator(".fastrel-header .fastrel-count").inner_text()
            )
            assert home.locator(".fastrel-cell").count() == 25
            done_here, done_there = (one.locator(".fastrel-cell.fastrel-done").count() for one in (home, page))
            assert done_here == done_there
            if arguments[0] == "untick":
                assert not page.locator("#step-docs-current input").is_checked()
                assert page.locator("#step-docs-current .fastrel-ticked").inner_text() == ""
        assert (
            page.locator("#step-push-tag .fastrel-command code").inner_text() == "fastrel-checklist run 0.2.0 push-tag"
        )
        assert cli("abort", "0.2.0", "--reason", "0.2.1 comes instead", "--yes").code == 0
        page.reload()
        followed(page)
        assert page.locator(".fastrel-verdict-words").inner_text() == "This release was given up"
        assert page.locator(".fastrel-header .fastrel-next").is_hidden()


def test_a_page_that_was_built_before_the_release_was_opened_finds_its_issue(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    with served(site_of(project)) as address:
        page = opened(browser, address)
        followed(page)
        assert "fastrel-checklist open 0.2.0" in page.locator(".fastrel-tracker").inner_text()
        begin_release(cli)
        # Anybody may open an issue; one of a stranger is not the release issue.
        mine = twin.store.issues[38]
        twin.store.add_issue("Release 0.2.0", "stranger", body=mine.body, labels=["release"])
        asked = len(twin.requests)
        page.reload()
        page.wait_for_selector(".fastrel-tracker > a")
        assert page.locator(".fastrel-tracker > a").inner_text() == "#38"
        assert page.locator("#step-main-ci .fastrel-ticked").inner_text().startswith("by mia")
        assert len(twin.requests) - asked == 1


COUNTING = """
  AbortController.prototype.abort = () => {};  // the clock of the test runs faster than the network
  const fetched = window.fetch;
  window.pending = 0;
  window.fetch = async (...all) => {
    window.pending += 1;
    try { return await fetched(...all); } finally { window.pending -= 1; }
  };
"""


def tab(browser: Browser) -> Page:
    """A page whose clock the test moves."""
    page = browser.new_context().new_page()
    page.clock.install()
    page.add_init_script(COUNTING)
    return page


def pass_by(page: Page, minutes: int) -> None:
    """Let minutes pass; each answer is waited for before the clock goes on."""
    for _ in range(minutes):
        page.clock.run_for(60_000)
        page.wait_for_function("window.pending === 0", polling=20)


def test_an_open_tab_asks_at_most_twelve_times_an_hour_and_sooner_after_a_change(
    cli: Cli, project: Project, browser: Browser
) -> None:
    begin_release(cli)
    with served(site_of(project)) as address:
        page = tab(browser)
        body = {"text": ""}
        asked: list[str] = []

        def answer(route: Route) -> None:
            asked.append(route.request.url)
            assert "referer" not in route.request.headers
            fetched = route.fetch()
            body["text"] = body["text"] or fetched.text()
            route.fulfill(response=fetched, body=body["text"])

        page.route(f"**{ISSUE}", answer)
        page.goto(f"{address}/release-guide/")
        followed(page)
        pass_by(page, 60)
        assert 10 <= len(asked) <= 12
        # Whoever looks at it again sees what is new, but not more often than that.
        before = len(asked)
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.wait_for_function("window.pending === 0")
        page.evaluate("dispatchEvent(new Event('focus'))")
        assert len(asked) - before <= 1
        for _ in range(40):
            page.clock.run_for(11_000)
            page.evaluate("dispatchEvent(new Event('focus'))")
            page.wait_for_function("window.pending === 0", polling=20)
        assert len(asked) - before <= 3
        # After a change it asks again in ten seconds.
        changed = json.loads(body["text"])
        body["text"] = json.dumps({**changed, "title": "Another title"})
        before = len(asked)
        pass_by(page, 15)
        assert len(asked) - before >= 4  # one or two without the change
        # Another tab of the same site is served by what this one asks.
        count = len(asked)
        other = page.context.new_page()
        other.route(f"**{ISSUE}", answer)
        other.goto(f"{address}/release-guide/")
        followed(other)
        assert len(asked) == count + 1


@pytest.mark.parametrize(
    ("status", "headers", "said", "more"),
    [
        (404, {}, "GitHub does not show the release issue", 0),
        (403, {"Retry-After": "3000"}, "GitHub asks to wait until", 0),
        (429, {"Retry-After": "1200"}, "GitHub asks to wait until", 1),
    ],
)
def test_a_refusal_stops_the_requests_or_is_waited_out(
    cli: Cli, project: Project, browser: Browser, status: int, headers: dict[str, str], said: str, more: int
) -> None:
    begin_release(cli)
    exposed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    with served(site_of(project)) as address:
        page = tab(browser)
        asked: list[str] = []

        def refuse(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(status=status, headers={**headers, **exposed}, body="{}")

        page.route(f"**{ISSUE}", refuse)
        page.goto(f"{address}/release-guide/")
        page.wait_for_function("document.querySelector('.fastrel-trouble').textContent !== ''")
        assert trouble(page).startswith(said)
        pass_by(page, 30)
        page.evaluate("dispatchEvent(new Event('focus'))")  # nor does it ask when somebody comes back
        pass_by(page, 1)
        assert len(asked) == 1 + more
        assert page.locator(".fastrel-checked").inner_text().startswith("Checked")
        assert page.locator(".fastrel-read").is_hidden()


def test_a_snapshot_of_other_steps_or_with_odd_words_is_not_believed(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    with_option(project, "snapshot: fastrel.json")
    folder = site_of(project)
    cli("snapshot", "--output", str(folder / "fastrel.json"))
    data = json.loads((folder / "fastrel.json").read_text())
    later = {**data, "at": "2099-01-01T00:00:00Z"}
    with served(folder) as address:
        before = len(twin.requests)
        for steps in (data["steps"][:3], [{**one, "id": f"x-{one['id']}"} for one in data["steps"]]):
            (folder / "fastrel.json").write_text(json.dumps({**later, "steps": steps}))
            page = opened(browser, address)
            page.wait_for_function("document.querySelector('.fastrel-trouble').textContent !== ''")
            assert "about other steps" in trouble(page)
            assert page.locator(".fastrel-header .fastrel-count").inner_text() == "1 of 25 steps"
        odd = [{**one, "status": "constructor"} for one in data["steps"]]
        (folder / "fastrel.json").write_text(json.dumps({**later, "steps": odd}))
        page = opened(browser, address)
        page.wait_for_selector(".fastrel-is-unknown.fastrel-header")
        assert page.locator(".fastrel-unknown.fastrel-step").count() == 25
        assert len(twin.requests) == before  # with a snapshot GitHub is not asked


def test_lists_of_releases_and_boards_follow_while_they_are_open(
    cli: Cli, project: Project, browser: Browser, twin: Twin
) -> None:
    begin_release(cli)
    for line in ("board_snapshot: board.json", "board: [ServiceNow]", "snapshot: fastrel.json"):
        with_option(project, line)
    for name, block in (("past", "releases"), ("overview", "board"), ("home", "release")):
        (project.path / "docs" / f"{name}.md").write_text(f"# Page\n\n<!-- {block} -->\n")
    folder = site_of(project)

    def publish() -> None:
        assert cli("snapshot", "--output", str(folder / "fastrel.json")).code == 0
        (folder / "board.json").write_text(cli("board", "ServiceNow", "--json").out)

    publish()
    with served(folder) as address:
        context = browser.new_context()
        pages = {name: context.new_page() for name in ("past", "overview", "home")}
        for name, page in pages.items():
            page.clock.install()
            page.goto(f"{address}/{name}/")
        assert pages["past"].locator(".fastrel-none").is_visible()
        assert pages["overview"].locator("tbody tr").count() == 1
        cli("tick", "docs-current", "--note", "read")
        publish()
        snapshot = json.loads((folder / "fastrel.json").read_text())
        released = json.loads((ROOT / "docs" / "example" / "snapshot.json").read_text())["releases"]
        (folder / "fastrel.json").write_text(json.dumps({**snapshot, "releases": released}))
        before = len(twin.requests)
        for page in pages.values():
            page.clock.fast_forward("05:15")
        pages["past"].wait_for_selector(".fastrel-releases tbody tr >> nth=1")
        assert pages["past"].locator("tbody th").all_inner_texts() == ["0.2.1", "0.2.0"]
        assert pages["past"].locator(".fastrel-none").is_hidden()
        pages["overview"].wait_for_function("document.querySelector('td .fastrel-bar').value === 2")
        assert pages["overview"].locator("td.fastrel-col-next code").inner_text() == "milestone-issues"
        pages["home"].wait_for_function("document.querySelector('.fastrel-count').textContent === '2 of 25 steps'")
        assert len(twin.requests) == before


def test_two_guides_on_one_site_each_show_their_own(cli: Cli, project: Project) -> None:
    (project.path / "docs" / "hotfix.md").write_text(
        "---\nfastrel:\n  repository: ServiceNow/Fast-LLM\n---\n# Hotfix guide\n\n## Do\n\n<!-- checklist -->\n"
        "- [ ] Find the cause. <!-- step find -->\n- [ ] Mend it. <!-- step mend -->\n"
        "- [ ] Push the tag. <!-- step push-tag uses=tag.push -->\n<!-- /checklist -->\n"
    )
    docs = project.path / "docs"
    (docs / "past.md").write_text("# Past\n\n<!-- releases -->\n")
    (docs / "past-hotfix.md").write_text("# Past\n\n<!-- releases guide=hotfix.md -->\n")
    (docs / "home.md").write_text("# Home\n\n<!-- release guide=hotfix.md -->\n")
    folder = site_of(project)
    assert "of 3 steps" in text_of((folder / "hotfix" / "index.html").read_text())
    for name in ("past", "past-hotfix"):
        assert "No release has been finished yet." in (folder / name / "index.html").read_text()
    home = (folder / "home" / "index.html").read_text()
    assert "of 3 steps" in text_of(home)
    assert home.count("fastrel-header") == 1
    (docs / "home.md").write_text("# Home\n\n<!-- release guide=nothing.md -->\n")
    code, said, _ = build(project.path)
    assert code == 1
    assert "“guide=nothing.md” names no guide of this site; there are hotfix.md, release-guide.md" in said
    assert "--guide" not in said


def test_the_script_has_the_english_words_of_the_page() -> None:
    table = re.search(r"const WORDS = \{(.*?)\n  \};", SCRIPT_FILE.read_text(encoding="utf-8"), re.DOTALL)
    assert table
    words = dict(re.findall(r'(\w+): "((?:[^"\\]|\\.)*)"', table[1]))
    assert words == {key: ENGLISH[key] for key in SCRIPT}
