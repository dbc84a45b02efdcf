"""A hostile world: every text that people can type on GitHub is a payload. Nothing is executed, forged or mentioned."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from docs_site import page_of, site_of
from fastrel.guide.parser import read_guide
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import trackers
from fastrel.tracker.marker import tracker_version
from fastrel_mkdocs.view import view_of
from fastrel_twin.records import Check, Comment, CommitStatus, Issue, Pull
from fastrel_twin.server import Twin
from hostile import PAYLOADS
from stage import Cli, Project, Result, begin_release, converse, open_ready, run_until, step_of

ALL = " ".join(PAYLOADS.values())
GITHUB = MarkdownIt("commonmark").enable(["strikethrough", "table"])
SITE = read_guide(Path(__file__).parents[2] / "docs" / "release-guide.md").settings.site
OURS = re.compile(r"<!-- (?:step [a-z0-9-]+|/step [^>]*|fastrel [^>]*) -->\n?")


def poison(project: Project, twin: Twin) -> None:
    """Put every payload into every text that people can type."""
    store, texts = twin.store, list(PAYLOADS.values())
    store.add_label("weird")
    for text in texts:
        store.add_label(text)
        store.add_issue(text, "rae", body=f"{text}\n\n{ALL}", labels=["bug", text], milestone=2)
        store.add_discussion(text, ALL, "rae", "Announcements")
    for number, issue in enumerate(one for one in store.issues.values() if one.pull):
        issue.title = texts[number % len(texts)]
        issue.body = ALL
    for text in texts:
        _open_pull(twin, text)
    for milestone in store.milestones.values():
        milestone.description = ALL
    for release in store.releases.values():
        release.name = release.body = ALL
    for number, text in enumerate(texts):
        # Names of branches and tags as far as git has them.
        name = re.sub(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-./]|\.(?=/|$)|/$|\.lock", "", text).strip("./")[:80]
        for ref in (f"refs/heads/{number}-{name}", f"refs/tags/v0.2.0-{name}", f"refs/tags/{number}{name}"):
            store.bare.git("update-ref", ref, "refs/heads/main")


def _open_pull(twin: Twin, text: str) -> Issue:
    issue = twin.store.add_issue(text, "rae", body=ALL, labels=[text], milestone=2)
    issue.pull = Pull("sequence-parallel-loss")
    return issue


def redden(twin: Twin) -> None:
    """Jobs and statuses of any name, red ones and running ones."""
    store = twin.store
    sha = dict(store.bare.refs())["refs/heads/main"].commit
    for number, text in enumerate(PAYLOADS.values()):
        state = [("completed", "failure"), ("in_progress", None)][number % 2]
        store.checks.append(Check(store.new_id(), sha, text, state[0], state[1], store.now()))
        address = f"https://ci.example/?q={quote(text)}"  # GitHub takes nothing else
        store.statuses.append(
            CommitStatus(
                store.new_id(), sha, text, ["failure", "pending"][number % 2], "rae", store.now(), text, address
            )
        )


def inert_on_the_screen(*shown: Result) -> None:
    """Assert that nothing on the screen commands a terminal, hides, or looks like a line of ours."""
    for result in shown:
        text = result.out + result.err
        assert not re.search(
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]", text
        )
        assert not re.search(r"^\s*- \[x\] forged", text, re.MULTILINE)


def tokens_of(markdown: str) -> list[Token]:
    found: list[Token] = []
    for token in GITHUB.parse(markdown):
        found += [token, *(token.children or ())]
    return found


def inert_on_github(markdown: str, twin: Twin) -> None:
    """Assert that GitHub would neither mention nor refer to anything, and links only to its own addresses and the guide's site."""
    for token in tokens_of(markdown):
        if token.type in ("html_inline", "html_block"):
            assert OURS.fullmatch(token.content), token.content
        elif token.type == "image":
            raise AssertionError(token.attrs)
        elif token.type == "link_open":
            address = str(token.attrs["href"])
            assert address == SITE or address.startswith((twin.url, "https://github.com/", "#")), token.attrs
        elif token.type == "text" and token.content != SITE:  # maintainers wrote <SITE> into the guide
            for pattern in (r"@\w", r"(?<!&)#\d", r"\bGH-\d", r"://", r"\bwww\.", r":tada:"):
                assert not re.search(pattern, token.content), token.content


def inert_in_files(*folders: Path) -> None:
    """Assert that no command of a payload was executed."""
    assert [one for folder in folders for one in folder.rglob("executed*")] == []


class Page(HTMLParser):
    """The elements of a page with their attributes, and what its scripts hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.comments: list[str] = []
        self.scripts = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def inert_in_the_browser(html: str, clean: str, twin: Twin) -> None:
    """Assert that the page has no element that it would not have in a friendly world."""
    page, before = Page(html), Page(clean)
    known = {tag for tag, _ in before.elements}
    assert {tag for tag, _ in page.elements} <= known
    assert page.scripts == before.scripts
    images = [attributes["src"] for tag, attributes in before.elements if tag == "img"]
    assert [attributes["src"] for tag, attributes in page.elements if tag == "img"] == images
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        address = attributes.get("href", "")
        assert not address.startswith(("javascript:", "data:"))
        assert "evil.example" not in address
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id", "").startswith("step-")]
    assert ids == [
        attributes["id"] for _, attributes in before.elements if attributes.get("id", "").startswith("step-")
    ]
    assert not any("executed" in one or "forged" in one for one in page.comments)


def build(project: Project) -> str:
    site_of(project)
    return page_of(project.path)


def test_a_release_in_a_hostile_world(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    begin_release(cli)
    clean = build(project)
    twin.store.issues[38].body = "not this one"
    twin.store.issues[38].labels = []
    (project.path / "site" / "release-guide" / "index.html").unlink()

    poison(project, twin)
    project.git("config", "user.name", ALL.replace("\x00", "").replace("<", "").replace(">", "").replace("\n", " "))
    ids = [step.id for step in read_guide(project.path / "docs" / "release-guide.md").steps()]
    opened = cli("open", "0.2.0")
    assert opened.code == 0, opened.err
    (tracker,) = [one for one in twin.store.issues.values() if "release" in one.labels]
    inert_on_github(tracker.body, twin)
    assert list(parse_body(tracker.body).entries) == ids
    done_by_the_world = {one for one, entry in parse_body(tracker.body).entries.items() if entry.ticked}
    assert "push-tag" not in done_by_the_world

    notes = ALL.replace("\x00", "")
    shown = [opened, cli("status"), cli("run", "--dry-run"), cli("status", "--json")]
    shown += [cli("tick", "docs-current", "--note", notes), cli("skip", "open-bugs", "--reason", notes)]
    redden(twin)
    shown += [
        cli("status"),
        cli("run", "--yes", "--defer-open"),
        cli("run", "main-ci", "--yes", "--interval", "0.05", "--timeout", "0.003"),
    ]
    json.loads(shown[3].out)
    inert_on_the_screen(*shown)
    inert_on_github(tracker.body, twin)
    entries = parse_body(tracker.body).entries
    assert list(entries) == ids
    assert not entries["push-tag"].ticked
    assert entries["open-bugs"].evidence is not None
    assert entries["open-bugs"].evidence.skip_reason.startswith("$(touch executed)")

    html = build(project)
    inert_in_the_browser(html, clean, twin)
    assert "$(touch executed)" in html  # the payloads are there, as text
    snapshot = project.path / "snapshot.json"
    shown.append(cli("snapshot", "0.2.0", "--output", str(snapshot)))
    view = view_of(json.loads(snapshot.read_text()), "snapshot")
    assert list(view.steps) == ids

    twin.store.checks.clear()
    twin.store.statuses.clear()
    for issue in twin.store.issues.values():
        if issue.pull:
            issue.labels = [*issue.labels, "enhancement"]
    file = project.path.parent / "notes.md"
    shown.append(cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "generate-notes"))
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    file.write_bytes(f"{release.body}\n\n{notes}".encode())
    walked = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--notes-file", str(file))
    assert walked.code == 0, walked.err
    inert_on_the_screen(walked, cli("status", "0.2.0"))
    inert_on_github(tracker.body, twin)
    assert list(parse_body(tracker.body).entries) == ids
    assert tracker.state == "closed"
    for comment in tracker.comments:
        inert_on_github(comment.body, twin)
    assert "$(touch executed) `touch executed`" in release.body  # a person's own notes are published as written
    comments = [one.body for one in twin.store.discussions[release.discussion].comments]
    posts = [one.body for one in twin.store.discussions.values() if one.author == "mia"]
    announced = [body for body in (*comments, *posts) if body != release.body]
    assert len(announced) == 2
    for body in announced:
        for payload in PAYLOADS.values():
            assert payload not in body
    session = project.session()
    assert [tracker_version(one.body) for one in trackers(session.repository, session.guide.settings)] == ["0.2.0"]
    inert_in_files(tmp_path, Path.cwd())


def test_a_release_is_given_up_for_any_reason(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    begin_release(cli)
    poison(project, twin)
    given_up = cli("abort", "0.2.0", "--yes", "--reason", ALL.replace("\x00", ""))
    assert given_up.code == 0, given_up.err
    inert_on_the_screen(given_up)
    (comment,) = twin.store.issues[38].comments
    assert "touch executed" in comment.body
    inert_on_github(comment.body, twin)
    inert_in_files(tmp_path, Path.cwd())


def test_a_terminal_gets_no_commands_from_a_hostile_world(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path
) -> None:
    begin_release(cli)
    poison(project, twin)
    redden(twin)
    code, screen = converse(["status", "0.2.0"], [])
    assert code == 0
    # `converse` takes out what rich and click write themselves: colours, links of our own.
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", screen)
    code, screen = converse(
        ["run", "milestone-issues", "milestone-pulls", "open-bugs"],
        [*[("Number or word", "3"), ("Do this?", "y")] * 2, ("Number or word", "q")],
    )
    assert code == 3
    assert "ship with them, or fix them first?" in screen
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", screen)
    assert not re.search(r"^\s*- \[x\] forged", screen, re.MULTILINE)
    inert_in_files(tmp_path, Path.cwd())


@pytest.mark.parametrize("place", ["items", "headings"])
def test_a_guide_with_hostile_words_forges_nothing(cli: Cli, project: Project, twin: Twin, place: str) -> None:
    """The words of a guide are its author's; they still cannot be taken for steps that it does not have."""
    guide = project.path / "docs" / "release-guide.md"
    front = guide.read_text().split("---\n")[1]
    texts = [" ".join(text.split()) for text in PAYLOADS.values()]
    # Not those that are steps, evidence or blocks of the guide.
    texts = [one for one in texts if not re.search(r"<!-- /?(step|checklist)", one)]
    written = [
        f"- [ ] {one}\n" if place == "items" else f"### {one}\n\n- [ ] step {n}\n" for n, one in enumerate(texts)
    ]
    guide.write_text(f"---\n{front}---\n# Guide\n\n{''.join(written)}", encoding="utf-8")
    steps = list(read_guide(guide).steps())
    assert len(steps) == len(texts)
    opened = cli("open", "0.2.0")
    assert opened.code == 0, opened.err
    inert_on_the_screen(opened, cli("status"), cli("run", "--dry-run"))
    (tracker,) = [one for one in twin.store.issues.values() if "release" in one.labels]
    assert list(parse_body(tracker.body).entries) == [step.id for step in steps]
    assert tracker_version(tracker.body) == "0.2.0"
    if place == "headings":
        inert_on_github(tracker.body, twin)


def test_a_strangers_marker_announces_nothing_and_hides_nothing(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("eve", "read")
    open_ready(cli, project)
    run_until(cli, "publish-release")
    (discussion,) = twin.store.discussions.values()
    for name in ("announce-discussion 0.2.0", "abort", "summary 0.2.0"):
        marker = f"Hello <!-- fastrel {name} -->"
        discussion.comments.append(Comment(twin.store.new_id(), "eve", marker, twin.store.now()))
        twin.store.issues[38].comments.append(Comment(twin.store.new_id(), "eve", marker, twin.store.now()))
    twin.store.add_discussion("Look", "<!-- fastrel announce-forum 0.2.0 -->", "eve", "Announcements")
    assert [step_of(cli, one)["status"] for one in ("announce-discussion", "announce-forum")] == ["todo", "todo"]
    run_until(cli, "close-tracker")
    assert [one.author for one in discussion.comments] == ["eve", "eve", "eve", "mia"]
    assert [one.author for one in twin.store.issues[38].comments][-1] == "mia"
    assert "is complete" in twin.store.issues[38].comments[-1].body
    assert "Fast-LLM 0.2.0 is released" in [one.title for one in twin.store.discussions.values()]


def test_a_strangers_marker_does_not_hide_why_a_release_was_given_up(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("eve", "read")
    begin_release(cli)
    twin.store.issues[38].comments.append(
        Comment(twin.store.new_id(), "eve", "<!-- fastrel abort -->", twin.store.now())
    )
    assert cli("abort", "0.2.0", "--yes", "--reason", "Broken.").code == 0
    assert "Broken." in twin.store.issues[38].comments[-1].body
