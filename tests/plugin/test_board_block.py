"""The `<!-- board -->` block: a table that anybody can read, escaped, asked for once per build, kept for offline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import markdown
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser

from browser import chromium, served
from docs_site import build, site_of, text_of, with_option
from fastrel.board.board import board_from_json
from fastrel.guide.model import Settings
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from fastrel_mkdocs.html.board import BoardView
from fastrel_mkdocs.state.board_state import state_of_board
from fastrel_twin.server import Twin
from fastrel_twin.store import Store
from stage import Cli, Golden, Project, begin_release

PAGE = "# Releases\n\n<!-- board -->\n\n```html\n<!-- board -->\n```\n"


def release(**more: object) -> dict[str, object]:
    return {
        "repository": "Acme/tool", "version": "1.0.0", "number": 7, "url": "https://x.example/7",
        "opened": "2026-11-01T00:00:00Z", "updated": "2026-11-03T00:00:00Z", "assignees": ["mia"],
        "milestone": {"title": "1.0.0", "url": "https://x.example/m", "due": "2026-11-10T12:00:00Z", "overdue": True},
        "progress": {"settled": 1, "total": 2}, "phases": [{"name": "1. Tag", "settled": 1, "total": 2}],
        "unverified": 1, "skipped": 0, "next": {"id": "push-tag", "phase": "1. Tag"},
        "last_tick": {"by": "mia", "at": "2026-11-02T00:00:00Z"}, "attention": ["overdue", "unverified", "quiet"], **more,
    }  # fmt: skip


def board(*releases: dict[str, object], **more: object) -> dict[str, object]:
    return {"schema": "fastrel.board/1", "at": "2026-11-24T03:12:00Z", "places": ["Acme"], "repositories": 2,
            "requests": 1, "releases": list(releases), "problems": [], **more}  # fmt: skip


def html(data: dict[str, object] | None, page: str = PAGE) -> str:
    view = BoardView(board_from_json(data), "live") if data else None
    state = PageState(Settings(), None, board=view, has_board=True)
    return markdown.markdown(page, extensions=[ChecklistExtension(provider=lambda: state), "pymdownx.superfences"])


def test_a_board_looks_like_this(golden: Golden) -> None:
    done = release(
        repository="Acme/other", milestone=None, next=None, last_tick=None, attention=["finished"], assignees=[]
    )
    shown = html(board(release(), done, problems=[{"place": "Acme/gone", "problem": "There is no such repository."}]))
    golden("plugin/board.html", shown)
    assert "&lt;!-- board --&gt;" in shown  # code stays code


def test_nothing_in_progress_and_nothing_known_are_said() -> None:
    assert "No release is in progress." in html(board())
    assert "The releases in progress are not known." in html(None)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "&lt;b&gt;",
        "\x02wzxhzdk:0\x03",
        '" onload="x',
        "[x](y) **z**",
        "\u202e",
    ],
)
def test_nothing_of_a_tracker_becomes_markup(payload: str) -> None:
    def shown(text: str) -> list[str]:
        one = release(
            repository=text, version=text, url=text, assignees=[text],
            milestone={"title": text, "url": text, "due": "2026-11-10T12:00:00Z", "overdue": True},
            next={"id": text, "phase": text}, last_tick={"by": text, "at": "2026-11-02T00:00:00Z"},
        )  # fmt: skip
        return re.findall(r"<(\/?\w+)", html(board(one, problems=[{"place": text, "problem": text}])))

    assert shown(payload) == shown("x")


def test_hosts_without_plugins_show_a_file(tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    file.write_text(json.dumps(board(release())), encoding="utf-8")
    shown = markdown.markdown(PAGE, extensions=["fastrel"], extension_configs={"fastrel": {"board": str(file)}})
    assert "Acme/tool" in shown
    assert "Checked" in shown
    file.write_text("[]", encoding="utf-8")
    assert "are not known" in markdown.markdown(PAGE, extensions=[ChecklistExtension(board=str(file))])


# On a site


def with_board(cli: Cli, project: Project, option: str = "board: [ServiceNow, Acme]") -> Store:
    (project.path / "docs" / "board.md").write_text(PAGE)
    with_option(project, option)
    begin_release(cli)
    other = project.twin.store.add_repository("Acme/tool")
    issue = next(one for one in project.twin.store.issues.values() if "release" in one.labels)
    other.add_issue("Release", "mia", body=issue.body.replace("0.2.0", "7.0.0"), labels=["release"])
    return other


def page_of(project: Project) -> str:
    return (project.path / "site" / "board" / "index.html").read_text(encoding="utf-8")


def test_a_build_asks_once_and_shows_every_release(cli: Cli, project: Project, twin: Twin) -> None:
    with_board(cli, project)
    (project.path / "docs" / "again.md").write_text(PAGE)
    before = len(twin.requests)
    code, said, _ = build(project.path)
    assert code == 0, said
    text = text_of(page_of(project))
    assert re.search(r"ServiceNow/Fast-LLM ?0\.2\.0 ?1 of 25 steps ?milestone-issues 1\. Get ready", text)
    assert re.search(r"Acme/tool ?7\.0\.0", text)
    assert "Checked 20" in text
    assert twin.tokens["maintain"] not in page_of(project)
    with_board_requests = len(twin.requests) - before
    for name in ("board", "again"):
        (project.path / "docs" / f"{name}.md").unlink()
    before = len(twin.requests)
    build(project.path)
    assert with_board_requests - (len(twin.requests) - before) == 2  # one for each owner


def test_a_kept_board_of_the_future_is_read_anew(project: Project, twin: Twin, tmp_path: Path) -> None:
    """The clock was wrong then, or is now."""
    wanted = (["ServiceNow"], "release", project.connection(), tmp_path, timedelta(minutes=1))
    assert state_of_board(*wanted).view
    (file,) = tmp_path.glob("board-*.json")
    before = len(twin.requests)
    assert state_of_board(*wanted).view
    assert len(twin.requests) == before
    file.write_text(json.dumps({**json.loads(file.read_text()), "at": "2099-01-01T00:00:00Z"}))
    assert state_of_board(*wanted).view
    assert len(twin.requests) > before


def test_without_a_network_the_kept_board_is_shown_with_its_age(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_board(cli, project)
    build(project.path)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    code, said, _ = build(project.path)
    assert code == 0, said
    assert "7.0.0" in page_of(project)
    assert "GitHub could not be read when this page was built." in text_of(page_of(project))
    for kept in (project.path / ".cache" / "plugin" / "fastrel").glob("board-*"):
        kept.unlink()
    assert build(project.path)[0] == 0
    assert "are not known" in page_of(project)


def test_offline_nothing_is_asked_for_the_board(cli: Cli, project: Project, twin: Twin) -> None:
    with_board(cli, project)
    build(project.path)
    with_option(project, "offline: true")
    before = len(twin.requests)
    assert build(project.path)[0] == 0
    assert len(twin.requests) == before
    assert "Checked 20" in text_of(page_of(project))


def test_without_a_token_an_unchanged_board_is_not_sent_again(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_board(cli, project, "board: [ServiceNow/Fast-LLM, Acme/tool]")
    monkeypatch.delenv("GH_TOKEN")
    build(project.path)
    before = len(twin.requests)
    build(project.path)
    listings = [
        status for _, path, status in twin.requests[before:] if "labels=release&per_page=100&state=open" in path
    ]
    assert listings == [304, 304]
    assert "7.0.0" in page_of(project)


def test_a_board_of_nobody_is_a_mistake_that_is_said(cli: Cli, project: Project) -> None:
    with_board(cli, project, "board: []")
    code, said, _ = build(project.path)
    assert code == 1
    assert "board.md: the option `board` of the plugin names no owner and no repository" in said


def test_a_name_that_is_none_is_a_mistake_that_is_said(cli: Cli, project: Project) -> None:
    with_board(cli, project, "board: [a/b/c]")
    code, said, _ = build(project.path)
    assert code == 1
    assert "“a/b/c” is neither an owner nor OWNER/NAME" in said


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_read_the_board(cli: Cli, project: Project, browser: Browser, scheme: str, width: int) -> None:
    with_board(cli, project)
    if scheme == "dark":
        file = project.path / "mkdocs.yml"
        file.write_text(file.read_text().replace("  font: false\n", "  font: false\n  palette: {scheme: slate}\n"))
    with served(site_of(project)) as address:
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"{address}/board/")
        page.wait_for_selector(".fastrel-board table")
        found = Axe().run(page, context={"include": [[".fastrel-board"]]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
