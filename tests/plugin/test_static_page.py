"""`fastrel-checklist page`: the guide as one HTML file, in real Chromium, from the disk and from a site."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from browser import chromium, served
from fastrel_mkdocs import static_page
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


class Visit:
    """A page in the browser, with what it asks for and complains about."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        self.page: Page = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # options, by name
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._ask)
        self.page.goto(address)

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.append(message.text)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def count(self) -> str:
        return self.page.locator(".fastrel-header .fastrel-count").inner_text()


def test_the_file_opens_from_the_disk_and_shows_the_state(
    cli: Cli, project: Project, browser: Browser, released_up_to: ReleasedUpTo, tmp_path: Path
) -> None:
    released_up_to("push-tag")
    file = tmp_path / "release.html"
    written = cli("page", "--no-refresh", "--output", str(file))
    assert (written.code, written.out, written.err) == (0, "", f"{file}: release 0.2.0\n")
    visit = Visit(browser, file.as_uri(), color_scheme="dark")
    assert re.fullmatch(r"\d+ of 25 steps", visit.count())
    assert visit.page.title() == "Release guide"
    assert visit.page.locator("#step-push-tag input").is_checked()
    assert "fastrel-checklist run 0.2.0" in visit.page.locator(".fastrel-step.fastrel-todo").first.inner_text()
    assert visit.page.locator("article pre code").count() > 3  # also those inside of steps
    assert "{{" not in visit.page.locator("article .fastrel-steps").first.inner_text()
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 25, 29)"
    assert visit.said == []
    assert visit.asked == [file.as_uri()]


def test_it_follows_the_release_issue_and_nothing_else_is_asked(
    cli: Cli, project: Project, browser: Browser, twin: Twin, tmp_path: Path
) -> None:
    begin_release(cli)
    assert cli("page", "--output", str(tmp_path / "release.html")).code == 0
    cli("run", "milestone-issues", "--yes", "--defer-open")
    strict = {
        "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self' http://127.0.0.1:*"
    }
    with served(tmp_path, strict) as address:
        visit = Visit(browser, f"{address}/release.html")
        visit.page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")
        assert visit.page.locator("#step-milestone-issues input").is_checked()
        assert visit.said == []
        assert visit.asked == [f"{address}/release.html", f"{twin.api_url}/repos/ServiceNow/Fast-LLM/issues/38"]


def test_it_follows_a_snapshot_of_the_site(cli: Cli, project: Project, browser: Browser, tmp_path: Path) -> None:
    begin_release(cli)
    assert cli("page", "--snapshot", "state.json", "--output", str(tmp_path / "release.html")).code == 0
    cli("run", "milestone-issues", "--yes", "--defer-open")
    assert cli("snapshot", "--output", str(tmp_path / "state.json")).code == 0
    with served(tmp_path) as address:
        visit = Visit(browser, f"{address}/release.html")
        visit.page.wait_for_selector("#step-milestone-issues.fastrel-done")
        assert visit.asked == [f"{address}/release.html", f"{address}/state.json"]
        assert visit.said == []


HOSTILE = """

## More <b>here</b>

See [the plan](../PLAN.md#next), [here](#more), ![a picture](img/a.png) and <script>document.title = "taken"</script>.

<img src="x" onerror="document.title = 'taken'">

| a | b |
|---|--:|
| 1 | 2 |
"""


def test_links_lead_to_the_repository_and_scripts_of_the_guide_do_not_run(
    cli: Cli, project: Project, browser: Browser, twin: Twin, tmp_path: Path
) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text() + HOSTILE)
    file = tmp_path / "release.html"
    assert cli("page", "--output", str(file)).code == 0
    visit = Visit(browser, file.as_uri())
    assert visit.page.title() == "Release guide"
    web = f"{twin.url}/ServiceNow/Fast-LLM"
    text = file.read_text()
    assert f'href="{web}/blob/main/PLAN.md#next"' in text
    assert 'href="#more"' in text
    assert f'src="{web}/raw/main/docs/img/a.png"' in text
    assert f'<a href="{web}/blob/main/docs/release-guide.md">ServiceNow/Fast-LLM: docs/release-guide.md</a>' in text
    assert all("Content Security Policy" in one or "ERR_" in one for one in visit.said)


def test_it_is_written_to_standard_output_and_in_other_languages(cli: Cli, project: Project) -> None:
    shown = cli("page", "--language", "de", "--output", "-")
    assert shown.code == 0
    assert shown.err == ""
    assert shown.out.startswith('<!doctype html>\n<html lang="de">')
    assert "von 25 Schritten" in shown.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "nowhere/page.html"], "There is no folder nowhere."),
        (["--output", "page.html", "--language", "xx"], "The page has no words in “xx”."),
        (["9.9.9", "--output", "page.html"], "9.9.9"),
    ],
)
def test_what_cannot_be_written_is_said(cli: Cli, project: Project, arguments: list[str], words: str) -> None:
    refused = cli("page", *arguments)
    assert refused.code == 2
    assert words in refused.err
    assert not (project.path / "page.html").exists()


def test_a_missing_package_is_named_before_anybody_is_asked(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_page, "NEEDS", "not_installed")
    before = len(twin.requests)
    refused = cli("page", "--output", "page.html")
    assert refused.code == 2
    assert "not_installed" in refused.err
    assert "fastrel-checklist[mkdocs]" in refused.err
    assert len(twin.requests) == before


def test_the_articles_of_the_page_and_of_mkdocs_have_the_same_steps(cli: Cli, project: Project) -> None:
    """One code renders both."""
    begin_release(cli)
    page = cli("page", "--output", "-").out
    ids = re.findall(r'id="(step-[\w-]+)"', page)
    steps = cli("status", "--json").json["steps"]
    assert isinstance(steps, list)
    assert ids == [f"step-{one['id']}" for one in steps]
    words = re.search(r'data-fastrel-words="([^"]*)"', page)
    assert words is None or json.loads(words[1].replace("&quot;", '"'))
