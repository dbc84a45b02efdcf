"""The pictures of README and docs, made from the real thing: a release in progress on the twin, in Chromium.

Run by `make screenshots`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from browser import chromium, served
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin, running_twin
from stage import GUIDE, ROOT

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1120, 1180
PHONE = 390
DARK = "  font: false\n  palette: {scheme: slate}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with running_twin(root / "github", guide_text=GUIDE.read_text(encoding="utf-8")) as twin:
            project = _release_in_progress(twin, root)
            _pictures(project, "light")
            config = project / "mkdocs.yml"
            config.write_text(config.read_text().replace("  font: false\n", DARK))
            _pictures(project, "dark")


def _release_in_progress(twin: Twin, root: Path) -> Path:
    """A clone of the sample project whose release is tagged and waits for its notes."""
    os.environ.update(GITHUB_API_URL=twin.api_url, GH_TOKEN=twin.tokens["maintain"], NO_MKDOCS_2_WARNING="1")
    project = clone_sample(twin, root / "work" / "Fast-LLM")
    for number in (24, 27):
        twin.world.issues[number].labels.append("enhancement")
    for arguments in (
        ("open", "0.2.0"),
        ("tick", "docs-current", "--note", "read by two people"),
        ("tick", "open-bugs", "--note", "ship with 3 open bugs: they have a workaround"),
        ("run", "--yes", "--defer-open", "--interval", "0.1", "--until", "generate-notes"),
    ):
        subprocess.run([sys.executable, "-m", "fastrel_cli", *arguments], cwd=project, check=True, capture_output=True)
    return project


def _pictures(project: Path, scheme: str) -> None:
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=project, check=True)
    with served(project / "site") as address, chromium() as browser:
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
        page.goto(f"{address}/release-guide/")
        page.wait_for_function("document.querySelector('.fastrel-source').textContent === '(tracker)'")
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
        phone.wait_for_function("document.querySelector('.fastrel-source').textContent === '(tracker)'")
        phone.locator("#step-push-tag").evaluate("one => one.scrollIntoView()")
        phone.evaluate("window.scrollBy(0, -80)")
        phone.wait_for_timeout(600)  # the title in the header glides
        if scheme == "light":
            phone.screenshot(path=IMAGES / "guide-phone.png")


if __name__ == "__main__":
    main()
