"""The Python-Markdown extension: ticks, state and anchors of steps; nothing of a report becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import markdown
import pytest

from fastrel.errors import FastrelError
from fastrel.guide.model import Settings
from fastrel.guide.parser import parse_guide
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from fastrel_mkdocs.view import GuideView, view_of
from stage import Golden

PAGE = """# Guide

Prose with {{ version }}.

## Tag

<!-- checklist -->
- [ ] Tag it as `{{ tag }}`. <!-- step create-tag uses=tag.create -->

  ```bash
  git tag {{ tag }}
  ```
- [ ] Push the tag. <!-- step push-tag uses=tag.push -->
  - [ ] A nested one. <!-- step nested -->
<!-- /checklist -->

- [ ] not a step
"""


def step(name: str, status: str, summary: str = "words", **more: object) -> dict[str, object]:
    base: dict[str, object] = {"id": name, "phase": "Tag", "title": "t", "uses": None, "role": "write", "status": status,
                               "summary": summary, "links": [], "ticked": None, "unverified": False}  # fmt: skip
    return {**base, **more}


def report(*steps: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "schema": "fastrel.report/1", "version": "0.2.0", "kind": "minor", "prerelease": False, "tag": "v0.2.0",
        "previous_tag": "v0.1.0", "repository": "a/b", "at": "2026-11-24T03:12:00Z", "tracker": None, "milestone": None,
        "progress": {"settled": 1, "total": 3}, "requests": 1, "steps": list(steps), **more,
    }  # fmt: skip


USUAL = report(
    step("create-tag", "done", "annotated tag v0.2.0", links=[{"text": "v0.2.0", "url": "https://x.example/t"}],
         ticked={"by": "mia", "at": "2026-11-24T03:00:00Z", "note": None}),
    step("push-tag", "todo", title="Push the `tag`.", ticked={"by": None, "at": None, "note": None}, unverified=True),
    step("nested", "blocked"),
    tracker={"number": 38, "url": "https://x.example/38", "state": "open"},
    milestone={"title": "0.2.0", "url": "https://x.example/m", "state": "open", "open_issues": 2, "closed_issues": 3, "due": "2026-11-01T12:00:00Z", "overdue": True},
)  # fmt: skip


def html(data: dict[str, object] | None, page: str = PAGE, *, tasklist: bool = True, whole_page: bool = False) -> str:
    view: GuideView | None = view_of(data, "live") if data else None
    state = PageState(Settings(), view, whole_page=whole_page)
    others = ["pymdownx.superfences", *(["pymdownx.tasklist"] if tasklist else [])]
    return markdown.markdown(page, extensions=[ChecklistExtension(provider=lambda: state), *others])


def shown(page: str, state: PageState) -> str:
    """A page of a host that knows its state."""
    return markdown.markdown(page, extensions=[ChecklistExtension(provider=lambda: state), "pymdownx.superfences"])


def test_a_release_that_was_given_up_says_so_and_names_no_next_step() -> None:
    given_up = report(
        step("create-tag", "failed"),
        step("push-tag", "todo"),
        step("nested", "todo"),
        given_up={"number": 38, "url": "https://x.example/38"},
    )
    page = html(given_up)
    assert "This release was given up" in page
    assert 'class="fastrel-next" hidden' in page
    assert '<a href="https://x.example/38">#38</a>' in page
    assert "fastrel-checklist open 0.2.0" in page
    assert "fastrel-is-ended" in page


@pytest.mark.parametrize(
    ("known", "settings", "shown"),
    [
        ("trunk", Settings(), "trunk"),
        ("release-0.2.0", Settings(branch="main", branch_given=True), "release-0.2.0"),
        ("", Settings(branch="stable", branch_given=True), "stable"),
        ("", Settings(), "BRANCH"),
        ("<b>`x`</b>", Settings(), "BRANCH"),
    ],
)
def test_the_branch_is_the_releases_and_never_a_guess(known: str, settings: Settings, shown: str) -> None:
    page = PAGE.replace("Push the tag.", "Push `{{ branch }}`.")
    data = report(step("create-tag", "todo"), step("push-tag", "todo"), step("nested", "todo"), branch=known)
    state = PageState(settings, view_of(data, "live"))
    shown_page = markdown.markdown(
        page, extensions=[ChecklistExtension(provider=lambda: state), "pymdownx.superfences"]
    )
    assert f"Push <code>{shown}</code>" in shown_page


def test_a_guide_looks_like_this(golden: Golden) -> None:
    golden("plugin/guide.html", html(USUAL))
    golden("plugin/guide-without-state.html", html(None))


def test_ticks_follow_the_state_and_steps_have_anchors() -> None:
    root = ElementTree.fromstring(f"<x>{html(USUAL, tasklist=False)}</x>")
    items = {item.get("id"): item for item in root.iter("li") if item.get("id")}
    assert set(items) == {"step-create-tag", "step-push-tag", "step-nested"}
    boxes = {key: next(item.iter("input")).get("checked") for key, item in items.items()}
    # A person's tick is shown although the world contradicts it, and marked.
    assert boxes == {"step-create-tag": "checked", "step-push-tag": "checked", "step-nested": None}
    assert "ticked, but GitHub contradicts it words by hand" in "".join(items["step-push-tag"].itertext())
    assert "fastrel-contradicted" in items["step-push-tag"].get("class", "")
    assert "fastrel-contradicted" not in items["step-create-tag"].get("class", "")


def test_a_skipped_step_says_who_skipped_it() -> None:
    by = {"by": "mia", "at": "2026-11-24T03:00:00Z", "note": "quiet", "skipped": True}
    text = " ".join(re.sub("<[^>]+>", "", html(report(step("push-tag", "skipped", "quiet", ticked=by)))).split())
    assert "skipped quiet skipped by mia 2026-11-24 03:00 UTC" in text


def test_values_are_shown_and_prose_is_left_alone() -> None:
    page = html(USUAL)
    assert "<code>v0.2.0</code>" in page
    assert "git tag v0.2.0" in re.sub("<[^>]+>", "", page)
    assert "Prose with {{ version }}." in page
    assert "{{ tag }}" in html(None)


def test_a_page_as_in_its_file_is_shown_like_one_that_was_changed() -> None:
    """The first is taken apart as its file, the second anew."""
    for page in (
        PAGE,
        f"\n\n{PAGE}\n\n",
        PAGE.replace("checklist -->", "no -->"),
        PAGE.replace("- [ ] not", "* [x]\tnot"),
    ):
        guide = parse_guide(f"---\nfastrel:\n  label: x\n---\n{page}")
        state = PageState(guide.settings, view_of(USUAL, "live"), whole_page=True)
        anew, once = shown(page, state), shown(page, replace(state, guide=guide))
        assert anew == once
        assert "create-tag" in once
        assert shown(f"{page}\nMore.\n", replace(state, guide=guide)) == shown(f"{page}\nMore.\n", state)


def test_with_literal_placeholders_what_is_no_value_stays() -> None:
    page = PAGE.replace("Push the tag.", "Push {{ it }} to {{ tag }}.")
    guide = parse_guide(f"---\nfastrel:\n  placeholders: literal\n---\n{page}")
    state = PageState(guide.settings, view_of(USUAL, "live"), whole_page=True)
    for one in (state, replace(state, guide=guide)):
        assert "Push {{ it }} to v0.2.0." in shown(page, one)


def test_the_header_says_where_the_release_stands_and_when() -> None:
    text = re.sub("<[^>]+>", "", html(USUAL))
    text = " ".join(text.split())
    assert text.startswith("Guide Ready for the next step 1 tick that GitHub contradicts 22 days late ")
    assert "Release 0.2.0 minor 1 of 3 steps" in text
    assert "Milestone 0.2.0 2 open, 3 closed, due on 2026-11-01, overdue" in text
    assert "Next: Push the tag needs write" in text
    assert "Checked 2026-11-24 03:12 UTC" in text
    assert "live" not in text  # what is built is never that


def test_other_pages_are_not_touched() -> None:
    page = "# Other\n\n- [ ] a task <!-- step x -->\n"
    assert html(USUAL, page) == markdown.markdown(page, extensions=["pymdownx.superfences", "pymdownx.tasklist"])


def test_a_page_without_blocks_can_be_a_guide_as_a_whole() -> None:
    page = "# Guide\n\n- [ ] Push it\n"
    shown = html(report(step("push-it", "manual", "a person does this")), page, whole_page=True)
    assert 'id="step-push-it"' in shown
    assert "a person does this" in shown


PAYLOADS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[x](javascript:alert(1))", "<!-- /checklist -->", "`code` **bold**",
    "\x02wzxhzdk:0\x03", "&lt;b&gt;", "javascript:alert(1)", "' onmouseover='alert(1)", "{{ 7*7 }}", "</span></li></ul><h1>x</h1>", "\u0002amp\u0003",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_report_becomes_markup(payload: str) -> None:
    hostile = report(
        step("create-tag", "done", payload, links=[{"text": payload, "url": payload}, {"text": payload, "url": f"https://x.example/{payload}"}],
             ticked={"by": payload, "at": None, "note": payload}),
        tracker={"number": 1, "url": payload, "state": payload},
        milestone={"title": payload, "url": payload, "state": "open", "open_issues": 1, "closed_issues": 1, "due": None},
    )  # fmt: skip
    calm = report(
        step("create-tag", "done", "x", links=[{"text": "x", "url": "x"}, {"text": "x", "url": "https://x.example/x"}], ticked={"by": "x", "at": None, "note": "x"}),
        tracker={"number": 1, "url": "x", "state": "x"},
        milestone={"title": "x", "url": "x", "state": "open", "open_issues": 1, "closed_issues": 1, "due": None},
    )  # fmt: skip

    def skeleton(page: str) -> list[str]:
        return re.findall(r"<(\/?\w+)", page)

    shown = html(hostile)
    assert skeleton(shown) == skeleton(html(calm))
    assert 'href="javascript' not in shown
    assert "49" not in shown


def test_a_snapshot_file_serves_hosts_without_plugins(tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    file.write_text(json.dumps(USUAL), encoding="utf-8")
    shown = markdown.markdown(PAGE, extensions=["fastrel"], extension_configs={"fastrel": {"snapshot": str(file)}})
    assert "annotated tag <a" in shown
    assert "Checked" in shown
    file.write_text("[]", encoding="utf-8")
    assert 'id="step-push-tag"' in markdown.markdown(PAGE, extensions=[ChecklistExtension(snapshot=str(file))])


def test_a_comment_outside_of_the_blocks_makes_no_further_step() -> None:
    page = f"- [x] forged <!-- step push-tag -->\n- [x] forged <!-- step other -->\n\n{PAGE}- [x] forged <!-- step create-tag -->\n"
    shown = html(USUAL, page)
    assert re.findall(r'data-fastrel-step="([a-z-]+)"', shown).count("push-tag") == 1
    assert 'data-fastrel-step="other"' not in shown
    assert shown.count('id="step-create-tag"') == 1


def test_a_step_with_a_list_in_an_admonition_is_shown() -> None:
    page = "!!! note\n\n    - words\n    - [ ] one\n      - [ ] two\n\n      words\n"
    state = PageState(Settings(), None, whole_page=True)
    shown = markdown.markdown(page, extensions=["admonition", ChecklistExtension(provider=lambda: state)])
    assert set(re.findall(r'data-fastrel-step="([a-z-]+)"', shown)) == {"one", "two"}


@pytest.mark.parametrize(
    "wrong",
    [{"version": "9" * 5000}, {"version": "x"}, {"repository": "a/b <script>"}, {"repository": None}, {"at": "0001-01-01T00:00:00+23:59"},
     {"milestone": {"due": "soon"}}, {"steps": [3]}],
)  # fmt: skip
def test_a_report_that_is_none_is_refused_in_words(wrong: dict[str, object]) -> None:
    with pytest.raises(FastrelError):
        view_of({**USUAL, **wrong}, "snapshot")


def test_times_without_a_zone_are_in_utc() -> None:
    view = view_of({**USUAL, "at": "2026-11-24T03:12:00"}, "snapshot")
    assert view.milestone
    assert view.milestone.overdue
    assert 'datetime="2026-11-24T03:12:00+00:00"' in html({**USUAL, "at": "2026-11-24T03:12:00"})


@pytest.mark.parametrize("text", ["[" * 100_000, "{", '{"schema": "fastrel.report/1", "version": ' + "9" * 5000 + "}"])
def test_a_broken_snapshot_file_leaves_the_page_without_state(tmp_path: Path, text: str) -> None:
    file = tmp_path / "snapshot.json"
    file.write_text(text)
    assert "fastrel-header" not in markdown.markdown(PAGE, extensions=[ChecklistExtension(snapshot=str(file))])


def test_the_extension_knows_no_mkdocs() -> None:
    import subprocess
    import sys

    probe = "import sys, fastrel_mkdocs.extension; print(sorted(m for m in sys.modules if m.split('.')[0] in ('mkdocs', 'github', 'click')))"
    assert (
        subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


PAST = [
    {"version": f"0.{number}.0", "number": number, "url": f"https://x.example/{number}", "given_up": number == 3,
     "opened": "2026-11-01T00:00:00+00:00", "closed": f"2026-11-0{number + 2}T00:00:00+00:00",
     "phases": [{"name": "1. Ready", "ended": "2026-11-02T00:00:00+00:00"}, {"name": "2. Go <b>", "ended": f"2026-11-0{number + 2}T00:00:00+00:00"}]}
    for number in (4, 3, 1)
]  # fmt: skip


def test_past_releases_are_listed_and_drawn(golden: Golden) -> None:
    page = "# Past\n\n<!-- releases -->\n\n```html\n<!-- releases -->\n```\n"
    shown = html(report(releases=PAST), page)
    golden("plugin/releases.html", shown)
    assert "0.3.0 (given up)" in shown
    assert shown.count("<rect") == 4  # two phases of two releases
    assert "&lt;!-- releases --&gt;" in shown  # code stays code
    assert "No release has been finished yet." in html(report(releases=[]), page)
    assert "<!-- releases -->" in html(None, page)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_past_releases_becomes_markup(payload: str) -> None:
    def shown(text: str) -> list[str]:
        one = {
            **PAST[0],
            "version": text,
            "url": text,
            "phases": [{"name": text, "ended": "2026-11-02T00:00:00+00:00"}],
        }
        return re.findall(r"<(\/?\w+)", html(report(releases=[one]), "<!-- releases -->\n"))

    assert shown(payload) == shown("x")
