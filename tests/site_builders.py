"""Builds the release guide with MkDocs, ProperDocs and Zensical, and compares the articles.

    python tests/site_builders.py mkdocs properdocs zensical

Each argument is the program of a builder, in an environment of its own that has fastrel-checklist, too. They build the same
page with the Markdown extension and the example's snapshot; all but the themes' own anchors must be the same.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIGURATION = """\
site_name: Fast-LLM
theme: {{name: material, font: false}}
markdown_extensions:
  - admonition
  - attr_list
  - pymdownx.highlight
  - pymdownx.superfences
  - toc: {{permalink: true}}
  - fastrel: {{snapshot: {snapshot}}}
"""
THEMES_OWN = re.compile(r'<a id="__skip"[^>]*></a>')
ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.DOTALL)


def main(programs: list[str]) -> int:
    articles = {program: article(program) for program in map(os.path.abspath, programs)}
    first, *others = articles
    different = 0
    for other in others:
        lines = list(difflib.unified_diff(articles[first], articles[other], first, other, lineterm="", n=1))
        print("\n".join(lines[:40]) if lines else f"{other}: the same article as {first}, {len(articles[other])} lines")
        different += bool(lines)
    return 1 if different else 0


def article(program: str) -> list[str]:
    """The lines of the guide's article as a builder makes it, blank ones left out."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "docs").mkdir()
        for name in ("release-guide.md", "index.md"):
            shutil.copy(ROOT / "docs" / "release-guide.md", root / "docs" / name)
        snapshot = ROOT / "docs" / "example" / "snapshot.json"
        (root / "mkdocs.yml").write_text(CONFIGURATION.format(snapshot=snapshot), encoding="utf-8")
        subprocess.run([program, "build", "-f", "mkdocs.yml"], cwd=root, check=True, stdout=subprocess.DEVNULL)
        found = ARTICLE.search((root / "site" / "release-guide" / "index.html").read_text(encoding="utf-8"))
    assert found, f"{program} made no article"
    assert found[1].count("data-fastrel-step") >= 25, f"{program} shows no state"
    return [line for line in map(str.strip, THEMES_OWN.sub("", found[1]).splitlines()) if line]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
