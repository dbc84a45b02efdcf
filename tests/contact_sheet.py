"""The contact sheet of the page: the example of our own docs, light and dark, on a desktop, a tablet and a phone.

Run by `make screenshots`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser

from browser import chromium, served
from stage import ROOT

SHEET = ROOT / "docs" / "images" / "contact-sheet.jpg"
WIDTHS = (1440, 820, 390)
HEIGHT = 1000
SEEN_AT = "2026-11-24T11:30:00Z"
"""When the example is looked at."""
PLACES = (
    ("release-guide", "0"),
    ("release-guide", "document.querySelector('#step-tag-ci').offsetTop - 420"),
    ("board", "0"),
    ("past-releases", "0"),
)
CONFIGURATION = """\
site_name: Fast-LLM
docs_dir: {docs}
theme: {{name: material, font: false, palette: {{scheme: {scheme}}}}}
plugins:
  - fastrel:
      pinned: {{release-guide.md: {example}/snapshot.json}}
      pinned_board: {example}/board.json
markdown_extensions: [admonition, attr_list, pymdownx.highlight, pymdownx.superfences, {{toc: {{permalink: true}}}}]
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        root = Path(folder)
        docs = root / "docs"
        docs.mkdir()
        for name in ("release-guide.md", "board.md", "past-releases.md"):
            text = (ROOT / "docs" / name).read_text(encoding="utf-8")
            (docs / name).write_text(
                text.replace("](reference/site.md#releases-of-many-repositories)", "](release-guide.md)"),
                encoding="utf-8",
            )
        pictures = [picture for scheme in ("default", "slate") for picture in _pictures(browser, root, scheme)]
        _sheet(browser, pictures)


def _pictures(browser: Browser, root: Path, scheme: str) -> list[tuple[int, bytes]]:
    config = root / f"{scheme}.yml"
    example = ROOT / "docs" / "example"
    config.write_text(CONFIGURATION.format(docs=root / "docs", scheme=scheme, example=example), encoding="utf-8")
    site = root / scheme
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(site)], check=True)
    found = []
    with served(site) as address:
        for place, scroll in PLACES:
            for width in WIDTHS:
                page = browser.new_context(viewport={"width": width, "height": HEIGHT}).new_page()
                page.clock.install(time=SEEN_AT)
                page.goto(f"{address}/{place}/")
                page.evaluate(f"window.scrollTo(0, {scroll})")
                page.wait_for_timeout(400)  # the title in the header glides
                found.append((width, page.screenshot(type="jpeg", quality=70)))
                page.context.close()
    return found


def _sheet(browser: Browser, pictures: list[tuple[int, bytes]]) -> None:
    """All pictures in rows, made small."""
    images = "".join(
        f'<img height="300" src="data:image/jpeg;base64,{b64encode(picture).decode()}">' for _, picture in pictures
    )
    page = browser.new_context(viewport={"width": 860, "height": 600}).new_page()
    page.set_content(f"<body style='margin:8px;background:#888;font-size:0'><style>img{{margin:3px}}</style>{images}")
    page.wait_for_timeout(300)
    page.screenshot(path=SHEET, full_page=True, type="jpeg", quality=60)


if __name__ == "__main__":
    main()
