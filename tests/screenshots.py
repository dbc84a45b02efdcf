"""The pictures of README and docs, made from the real thing: a release in progress on the twin, in Chromium and in a
terminal.

Run by `make screenshots`.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from browser import chromium, served
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from stage import GUIDE, ROOT

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1120, 1180
PHONE = 390
COLUMNS = 100
LEFT_BEHIND = re.compile(r"\r|\x1b\[\d*[AK]")
CURSOR = re.compile(r"\x1b\[\??[0-9;]*[A-HJKSTfhl]")
DARK = "  font: false\n  palette: {scheme: slate}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with running_twin(root / "github", guide_text=GUIDE.read_text(encoding="utf-8")) as twin:
            project = _release_in_progress(twin, root)
            _terminal(project, "terminal-status", "status")
            _pictures(project, "light")
            config = project / "mkdocs.yml"
            config.write_text(config.read_text().replace("  font: false\n", DARK))
            _pictures(project, "dark")


def _release_in_progress(twin: Twin, root: Path) -> Path:
    """A clone of the sample project whose release is tagged and waits for its notes."""
    os.environ.update(GITHUB_API_URL=twin.api_url, GH_TOKEN=twin.tokens["maintain"], NO_MKDOCS_2_WARNING="1")
    project = clone_sample(twin, root / "work" / "Fast-LLM")
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    for arguments in (
        ("open", "0.2.0"),
        ("tick", "docs-current", "--note", "read by two people"),
        ("tick", "open-bugs", "--note", "ship with 3 open bugs: they have a workaround"),
        ("run", "--yes", "--defer-open", "--interval", "0.1", "--until", "open-bugs"),
    ):
        subprocess.run([sys.executable, "-m", "fastrel_cli", *arguments], cwd=project, check=True, capture_output=True)
    _terminal(project, "terminal-run", "run", "--yes", "--until", "generate-notes")
    return project


def _terminal(project: Path, name: str, *arguments: str) -> None:
    """What a command shows in a terminal, as an SVG; the line that shows how long it reads is gone by then."""
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
    assert process.wait() == 0, screen
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), f"fastrel-checklist {shlex.join(arguments)}"))
    console.print(Text.from_ansi(_settled(screen.decode())), soft_wrap=True)
    drawn = console.export_svg(title=project.name, unique_id=name)
    # Without the fonts that it would fetch from another server: that of the reader's system is used.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    (IMAGES / f"{name}.svg").write_text(drawn.replace("Fira Code, monospace", "monospace") + "\n", encoding="utf-8")


def _settled(screen: str) -> str:
    """The lines as they stay on the screen: without those that were drawn anew, and without moves of the cursor."""
    lines = []
    for line in screen.replace("\r\n", "\n").split("\n"):
        if LEFT_BEHIND.search(line):
            line = re.split(r"\r|\x1b\[\d*[AK]|\x1b\[2K", line)[-1]
        lines.append(CURSOR.sub("", line))
    return "\n".join(lines).strip("\n")


def _pictures(project: Path, scheme: str) -> None:
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=project, check=True)
    with served(project / "site") as address, chromium() as browser:
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        page.goto(f"{address}/release-guide/")
        page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")
        page.add_style_tag(content=".md-sidebar, .md-header { display: none }")
        # The header and the phase that is in progress stand together in the picture.
        page.evaluate(
            """() => {
              const all = [...document.querySelector('.fastrel-header').parentElement.children];
              const from = all.findIndex(one => one.id === '3-tag-it');
              all.forEach((one, at) => { if (at > 1 && at < from && one.tagName !== 'H1') one.hidden = true; });
              document.querySelector('.fastrel-header').hidden = false;
            }"""
        )
        page.screenshot(path=IMAGES / ("guide.png" if scheme == "light" else "guide-dark.png"))
        phone = browser.new_context(viewport={"width": PHONE, "height": 700}).new_page()
        phone.goto(f"{address}/release-guide/")
        phone.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")
        phone.locator("#step-push-tag").evaluate("one => one.scrollIntoView()")
        phone.evaluate("window.scrollBy(0, -80)")
        phone.wait_for_timeout(600)  # the title in the header glides
        if scheme == "light":
            phone.screenshot(path=IMAGES / "guide-phone.png")


if __name__ == "__main__":
    main()
