"""Pages as people write them, built by the real MkDocs: each step is on the page, and what is wrong is told with its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs_site import mkdocs, page_of
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
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(config)
    (folder / "docs" / "index.md").write_text(text)
    return *mkdocs(folder, "build", "--strict"), page_of(folder, "index.html")


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


INCLUDED = "- [ ] Included\n"
GUIDE = HEAD + "<!-- checklist -->\n- [ ] One\n- [ ] Two\n\n{}\n<!-- /checklist -->\n"
SNIPPETS = CONFIG + "  - pymdownx.snippets\n"


@pytest.mark.parametrize(
    ("plugin", "config", "line"),
    [
        ("", SNIPPETS, '--8<-- "part.md"'),
        ("mkdocs_include_markdown_plugin", CONFIG.replace("plugins:\n", "plugins:\n  - include-markdown\n"), '{% include-markdown "../part.md" %}'),
    ],
)  # fmt: skip
def test_steps_that_another_plugin_includes_are_told(tmp_path: Path, plugin: str, config: str, line: str) -> None:
    if plugin:
        pytest.importorskip(plugin)
    (tmp_path / "part.md").write_text(INCLUDED)
    code, said, _ = built(tmp_path, GUIDE.format(line), config)
    assert code == 1
    assert "step included is on the page and not in the file: another plugin has included it" in said, said


@pytest.mark.parametrize(
    ("plugin", "config", "around"),
    [
        ("", SNIPPETS, '--8<-- "part.md"'),
        ("mkdocs_include_markdown_plugin", CONFIG.replace("plugins:\n", "plugins:\n  - include-markdown\n"), '{% include-markdown "../part.md" %}'),
    ],
)  # fmt: skip
def test_text_that_is_included_around_the_steps_is_on_the_page(
    tmp_path: Path, plugin: str, config: str, around: str
) -> None:
    if plugin:
        pytest.importorskip(plugin)
    (tmp_path / "part.md").write_text("Hello from elsewhere.\n")
    code, said, page = built(tmp_path, f"{GUIDE.format('')}\n{around}\n", config)
    assert code == 0, said
    assert "Hello from elsewhere." in page
    assert re.findall(r'data-fastrel-step="([\w-]+)"', page) == ["one", "two"]


def test_a_guide_in_several_languages_has_the_steps_of_each(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs_static_i18n")
    languages = "[{locale: en, default: true, name: English}, {locale: fr, name: French}]"
    config = CONFIG.replace("plugins:\n", f"plugins:\n  - i18n: {{docs_structure: suffix, languages: {languages}}}\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.fr.md").write_text(GUIDE.format("").replace("One", "Un").replace("Two", "Deux"))
    code, said, page = built(tmp_path, GUIDE.format(""), config)
    assert code == 0, said
    french = (tmp_path / "site" / "fr" / "index.html").read_text(encoding="utf-8")
    for html, steps in ((page, ["one", "two"]), (french, ["un", "deux"])):
        assert re.findall(r'data-fastrel-step="([\w-]+)"', html) == steps
        assert len(re.findall(r"assets/fastrel\.\w+\.js", html)) == 1
        assert len(re.findall(r"assets/fastrel\.\w+\.css", html)) == 1


@pytest.mark.parametrize("addresses", ["true", "false"])
def test_a_header_on_another_page_leads_to_the_guide_and_builds_strictly(tmp_path: Path, addresses: str) -> None:
    """MkDocs knows links to files and would warn of each link to a page."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "home.md").write_text("# Home\n\n<!-- release -->\n")
    steps = [{"id": one, "title": one, "phase": "Release", "status": "todo"} for one in ("one", "two")]
    state = {"schema": "fastrel.report/1", "version": "0.2.0", "repository": "o/r", "steps": steps}
    (tmp_path / "state.json").write_text(json.dumps(state))
    config = CONFIG.replace("offline: true", "pinned: {index.md: state.json}")
    config = config.replace("urls: false", f"urls: {addresses}\nextra_css: [own.css]")
    (tmp_path / "docs" / "own.css").write_text(":root { --fastrel-done: blue }\n")
    code, said, page = built(tmp_path, GUIDE.format(""), config)
    assert code == 0, said
    assert "contains a" not in said, said  # link that MkDocs does not know
    home = "home/index.html" if addresses == "true" else "home.html"
    html = (tmp_path / "site" / home).read_text(encoding="utf-8")
    guide = "../" if addresses == "true" else "index.html"  # of the next step, and of each cell
    assert re.findall(r'href="([^"]*#step-[^"]*)"', html) == [f"{guide}#step-{one}" for one in ("one", "two", "one")]
    # What a site sets in its own style is set after ours.
    assert page.index("assets/fastrel.") < page.index("own.css")


def test_mkdocs_refuses_pages_beside_its_own_file(tmp_path: Path) -> None:
    code, said, _ = built(tmp_path, GUIDE.format(""), f"docs_dir: .\n{CONFIG}")
    assert code == 1
    assert "The 'docs_dir' should not be the parent directory of the config file" in said
