"""Pages as people write them, built by the real MkDocs: each step is on the page, and what is wrong is told with its line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastrel.guide.parser import parse_guide

CONFIG = """site_name: x
use_directory_urls: false
plugins:
  - fastrel:
      offline: true
markdown_extensions:
  - admonition
  - md_in_html
  - pymdownx.superfences
"""
HEAD = "---\nfastrel:\n  repository: o/r\n---\n# Release\n\n"
PAGES = {
    "two spaces": "- [ ] Prepare\n  - [ ] Fix the version\n  - [ ] Wait for a review\n- [ ] Publish\n",
    "code, then text": "- [ ] One\n- [ ] Two:\n  ```\n  build\n  ```\n  This writes a file.\n- [ ] Three\n",
    "code, then an item": "- [ ] One\n- [ ] Two\n  ```sh\n  make\n  ```\n    - [ ] Look\n- [ ] Three\n",
    "a quote": "- [ ] One\n- [ ] Two\n  > Mind the gap.\n- [ ] Three\n",
    "details": "- [ ] One\n\n<details><summary>More</summary>\n\n- [ ] Two\n- [ ] Three\n\n</details>\n",
    "two markers": "- [ ] One\n   - - [ ] Two\n   - - [ ] Three\n- [ ] Four\n",
}


def built(folder: Path, text: str, config: str = CONFIG) -> tuple[int, str, str]:
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(config)
    (folder / "docs" / "index.md").write_text(text)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    page = folder / "site" / "index.html"
    return done.returncode, done.stdout + done.stderr, page.read_text(encoding="utf-8") if page.exists() else ""


@pytest.mark.parametrize("name", PAGES)
def test_each_step_of_a_page_is_on_the_site(tmp_path: Path, name: str) -> None:
    code, said, page = built(tmp_path, HEAD + PAGES[name])
    assert code == 0, said
    steps = [step.id for step in parse_guide(HEAD + PAGES[name]).steps()]
    assert re.findall(r'data-fastrel-step="([\w-]+)"', page) == steps


def test_front_matter_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    code, said, _ = built(tmp_path, "---\nfastrel:\n  repository: o/r\n  tag: [\n---\n# Release\n\n- [ ] One\n")
    assert code == 1
    assert re.search(r"index\.md:\d+: the front matter is not valid YAML", said), said


def test_mkdocs_macros_leaves_the_values_of_the_guide_alone(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs_macros")
    text = HEAD + "<!-- checklist -->\n- [ ] Tag {{ version }}\n<!-- /checklist -->\n"
    config = CONFIG.replace("plugins:\n", "extra:\n  version: WRONG\nplugins:\n  - macros\n")
    code, said, page = built(tmp_path, text, config)
    assert code == 0, said
    assert "Tag {{ version }}" in page
    assert "WRONG" not in page
