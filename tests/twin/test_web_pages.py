"""The local GitHub's pages: links open, Markdown is shown as on GitHub, and nothing that people wrote is markup."""

from __future__ import annotations

import re

import pytest
import requests

from fastrel_twin.server import Twin
from fastrel_twin.web.markdown import rendered
from stage import Cli, Project, ReleasedUpTo, begin_release


def page(twin: Twin, path: str) -> str:
    answer = requests.get(f"{twin.url}/ServiceNow/Fast-LLM{path}", timeout=10)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def test_the_release_issue_shows_boxes_and_no_comments(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    text = page(twin, "/issues/38")
    assert len(re.findall(r'<input type="checkbox" disabled( checked)?>', text)) == 25
    assert "<!--" not in text.partition("<main>")[2]
    assert "step milestone-issues" not in text
    assert '<h1 class="title">Release 0.2.0 <span>#38</span></h1>' in text
    assert 'href="' + f"{twin.url}/ServiceNow/Fast-LLM/milestone/" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "Commits of main"),
        ("/issues", "Support sequence-parallel loss"),
        ("/issues/29", "Support sequence-parallel loss"),
        ("/pulls", "Open pull requests"),
        ("/pull/22", "Rename the batch configuration"),
        ("/milestones", "0.2.0"),
        ("/milestone/2", "open, 13 closed"),
        ("/releases", "v0.1.0"),
        ("/releases/tag/v0.1.0", "Published"),
        ("/discussions", "Discussions"),
        ("/compare/v0.1.0...main", "Commits of main"),
    ],
)
def test_each_kind_of_page_opens(path: str, words: str, twin: Twin, project: Project) -> None:
    assert words in page(twin, path)


@pytest.mark.parametrize("path", ["/issues/999", "/issues/x", "/releases/tag/none", "/milestone/99", "/discussions/1²"])
def test_what_is_not_there_is_not_found(path: str, twin: Twin) -> None:
    assert requests.get(f"{twin.url}/ServiceNow/Fast-LLM{path}", timeout=10).status_code == 404


def test_a_draft_opens_at_its_address(released_up_to: ReleasedUpTo, cli: Cli, project: Project, twin: Twin) -> None:
    released_up_to("generate-notes")
    draft = next(one for one in twin.store.releases.values() if one.draft)
    text = page(twin, f"/releases/tag/untagged-{draft.id:020x}")
    assert "Draft" in text
    assert "<li>" in text


def test_what_people_write_is_no_markup(twin: Twin, project: Project) -> None:
    issue = twin.store.add_issue(
        "<script>a</script>", "mia", body='<img src=x onerror="b()"> <b>bold</b> [x](javascript:c)'
    )
    text = page(twin, f"/issues/{issue.number}").partition("<main>")[2]
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;img src=x onerror=&quot;b()&quot;&gt; <b>bold</b>" in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- [x] a\n- [ ] **b**\n- c", '<li class="task-list-item"><input type="checkbox" disabled checked> a</li>'),
        ("- [ ] **b**", '<li class="task-list-item"><input type="checkbox" disabled> <strong>b</strong></li>'),
        ("- \\[ ] a", "<li>[ ] a</li>"),
        ("<!-- step a -->\n\n<details><summary>S</summary>\n\ntext\n\n</details>", "<details><summary>S</summary>"),
        ("| a |\n|---|\n| ~~b~~ |", "<td><s>b</s></td>"),
    ],
)
def test_markdown_is_githubs(text: str, html: str) -> None:
    assert html in rendered(text)
    assert "<!--" not in rendered(text)
