"""The pictures of README and docs, made from the real thing in one go, all of one release: that of the docs' example.

Run by `make screenshots`, which also writes docs/example anew.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from example_site import EXAMPLE, VERSION, example, states
from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.text import Text

from animation import Panel, animated
from browser import chromium, served
from fastrel_twin.server import Twin
from stage import ROOT

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1120, 1180
PHONE = 390
COLUMNS = 100
SEEN_AT = "2026-11-24T11:30:00Z"
"""When the example is looked at."""
LEFT_BEHIND = re.compile(r"\r|\x1b\[\d*[AK]")
CURSOR = re.compile(r"\x1b\[\??[0-9;]*[A-HJKSTfhl]")
ONLY = """ids => {
  const all = [...document.querySelector('.fastrel-header').parentElement.children];
  const from = all.findIndex(one => one.id === ids);
  all.forEach((one, at) => { if (at < from && one.tagName !== 'H1' && !one.matches('.fastrel-header')) one.style.display = 'none'; });
}"""
"""Puts the header and one phase together into a picture."""


def main() -> None:
    with chromium() as browser:
        scene = _PushedTag(browser)
        with example(scene) as (project, twin):
            status = f"fastrel-checklist status {VERSION} --all"
            _terminal(project, "terminal-status", status, _screen(project, "status", VERSION, "--all"))
            _issue(browser, twin, "issue", (900, 900))
            for name, text in zip(("snapshot.json", "board.json"), states(project, twin), strict=True):
                (EXAMPLE / name).write_text(text, encoding="utf-8")
        for scheme in ("light", "dark"):
            _site(browser, scheme)


@dataclass
class _PushedTag:
    """The step that the animated picture shows: the terminal pushes the tag, the issue's box and the page follow."""

    browser: Browser

    def __call__(self, project: Path, twin: Twin) -> None:
        _build(project, project / "site")
        size = {"width": 590, "height": 330}

        def fresh() -> Page:
            return self.browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]  # a size

        with served(project / "site") as address:
            before = [self._of_issue(fresh(), twin), self._of_page(fresh(), address)]
            screen = _screen(project, "run", VERSION, "push-tag", "--yes")
            # As somebody sees it who opens the page then: a page keeps an answer for a minute.
            after = [self._of_issue(fresh(), twin), self._of_page(fresh(), address)]
        panels = [Panel(*both) for both in zip(before, after, strict=True)]
        command = f"fastrel-checklist run {VERSION} push-tag"
        _terminal(project, "terminal-run", command, screen)
        drawn = animated(command, screen, panels, COLUMNS)
        (IMAGES / "three-views.svg").write_text(drawn, encoding="utf-8")

    def _of_issue(self, page: Page, twin: Twin) -> bytes:
        page.goto(_tracker(twin))
        page.evaluate(
            "[...document.querySelectorAll('.task-list-item')].find(one => one.textContent.includes('Push the tag'))"
            ".scrollIntoView({block: 'center'})"
        )
        return page.screenshot(type="jpeg", quality=72)

    def _of_page(self, page: Page, address: str) -> bytes:
        page.goto(f"{address}/release-guide/")
        page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")
        page.add_style_tag(content=".md-header, .fastrel-sticky { display: none !important }")
        page.locator("#step-push-tag").evaluate("one => one.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)  # what moves comes to rest
        return page.screenshot(type="jpeg", quality=72)


def _tracker(twin: Twin) -> str:
    found = next(one for one in twin.store.issues.values() if "release" in one.labels and one.state == "open")
    return f"{twin.url}/{twin.store.name}/issues/{found.number}"


def _issue(browser: Browser, twin: Twin, name: str, size: tuple[int, int]) -> None:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(_tracker(twin))
    page.screenshot(path=IMAGES / f"{name}.png")


def _site(browser: Browser, scheme: str) -> None:
    """Pictures of this project's own docs, which show the example."""
    ending = "" if scheme == "light" else "-dark"
    with tempfile.TemporaryDirectory() as folder:
        _build(ROOT, Path(folder))
        with served(Path(folder)) as address:

            def opened(place: str, width: int = WIDTH, height: int = HEIGHT) -> Page:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
                page = context.new_page()
                page.clock.install(time=SEEN_AT)
                page.goto(f"{address}/{place}/")
                page.add_style_tag(content=".md-sidebar, .md-header, .md-tabs { display: none }")
                page.wait_for_timeout(400)  # what moves comes to rest
                return page

            page = opened("release-guide")
            page.evaluate(ONLY, "1-get-ready")
            page.screenshot(path=IMAGES / f"guide{ending}.png")
            if scheme == "dark":
                return
            for step, name in (("open-bugs", "step-contradicted"), ("tag-ci", "step-failed")):
                page = opened("release-guide", 900)
                page.locator(f"#step-{step}").evaluate(
                    "one => one.closest('[hidden], details')?.setAttribute('open', '')"
                )
                page.locator(f"#step-{step}").screenshot(path=IMAGES / f"{name}.png")
            for place, selector in (("board", ".fastrel-board"), ("past-releases", ".fastrel-releases")):
                page = opened(place, 900)
                name = "board" if place == "board" else "plot"
                page.locator(selector).first.screenshot(path=IMAGES / f"{name}.png")
            phone = opened("release-guide", PHONE, 700)
            phone.locator("#step-push-tag").evaluate("one => one.scrollIntoView()")
            phone.evaluate("window.scrollBy(0, -80)")
            phone.wait_for_timeout(600)
            phone.screenshot(path=IMAGES / "guide-phone.png")


def _build(project: Path, folder: Path) -> None:
    arguments = ["build", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", "mkdocs", *arguments], cwd=project, env=environment, check=True)


def _terminal(project: Path, name: str, command: str, screen: str) -> None:
    """What a command has shown in a terminal, as an SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), command))
    console.print(Text.from_ansi(screen), soft_wrap=True)
    drawn = console.export_svg(title=project.name, unique_id=name)
    # Without the fonts that it would fetch from another server: that of the reader's system is used.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    (IMAGES / f"{name}.svg").write_text(drawn.replace("Fira Code, monospace", "monospace") + "\n", encoding="utf-8")


def _screen(project: Path, *arguments: str) -> str:
    """What stays on the screen of a terminal; the line that shows how long a command reads is gone by then."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    errors = other if arguments[0] == "run" else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "fastrel_cli", *arguments], cwd=project, env=environment, stdin=subprocess.DEVNULL,
        stdout=other, stderr=errors,
    )  # fmt: skip
    os.close(other)
    screen = b""
    with suppress(OSError):  # the other side is closed
        while chunk := os.read(main, 65536):
            screen += chunk
    os.close(main)
    assert process.wait() in (0, 3), screen
    return _settled(screen.decode())


def _settled(screen: str) -> str:
    """The lines as they stay on the screen: without those that were drawn anew, and without moves of the cursor."""
    lines = []
    for line in screen.replace("\r\n", "\n").split("\n"):
        if LEFT_BEHIND.search(line):
            line = re.split(r"\r|\x1b\[\d*[AK]|\x1b\[2K", line)[-1]
        lines.append(CURSOR.sub("", line))
    return "\n".join(lines).strip("\n")


if __name__ == "__main__":
    main()
