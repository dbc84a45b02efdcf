"""The GitHub release: one draft, notes that people own, a discussion, a publication that may fail half-way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.records import Release
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, converse, open_ready, run_until, step_of

GENERATED = "**Full Changelog**"


def tagged(cli: Cli, project: Project, version: str = "0.2.0") -> None:
    open_ready(cli, project, version)
    run_until(cli, "push-tag")


def add_release(twin: Twin, tag: str, *, draft: bool = False, body: str = "", name: str = "") -> Release:
    store = twin.store
    one = Release(store.new_id(), tag, "mia", store.now(), name=name, body=body, draft=draft)
    if not draft:
        one.published_at = store.now()
    store.releases[one.id] = one
    return one


def of_tag(twin: Twin, tag: str = "v0.2.0") -> Release:
    (found,) = [one for one in twin.store.releases.values() if one.tag == tag]
    return found


# Drafts


def test_a_draft_is_found_among_hundreds_of_releases(cli: Cli, project: Project, twin: Twin) -> None:
    """goreleaser#3148: lookup by tag does not see drafts; a second page was not read."""
    for number in range(250):
        add_release(twin, f"nightly-{number}")
    tagged(cli, project)
    mine = add_release(twin, "v0.2.0", draft=True, body="Written by hand.", name="Any other title")
    # Newest first, drafts before: put it last, behind all pages.
    twin.store.releases.pop(mine.id)
    mine.created_at = min(one.created_at for one in twin.store.releases.values())
    twin.store.releases = {mine.id: mine, **twin.store.releases}
    assert step_of(cli, "draft-release")["status"] == "done"
    run_until(cli, "generate-notes")
    assert of_tag(twin).id == mine.id
    assert of_tag(twin).body.startswith("Written by hand.\n\n")
    assert GENERATED in of_tag(twin).body


def test_two_drafts_for_a_tag_are_an_error_that_names_both(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("push-tag")
    add_release(twin, "v0.2.0", draft=True)
    add_release(twin, "v0.2.0", draft=True)
    step = step_of(cli, "draft-release")
    assert step["status"] == "failed"
    assert step["summary"] == "2 releases (2 drafts) for v0.2.0; delete all but one"
    links = step["links"]
    assert isinstance(links, list)
    assert len(links) == 2
    stopped = cli("run", "--yes", "--interval", "0.05")
    assert stopped.code == 1
    assert "Step draft-release needs repair: 2 releases (2 drafts) for v0.2.0" in stopped.err
    assert len([one for one in twin.store.releases.values() if one.tag == "v0.2.0"]) == 2


def test_a_listing_that_fails_is_not_taken_for_absent(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    """A draft is made only after a classified “absent”, never after an error."""
    released_up_to("push-tag")
    add_release(twin, "v0.2.0", draft=True)
    path = "/repos/ServiceNow/Fast-LLM/releases"
    twin.faults.add(*(Fault("GET", path, 502) for _ in range(200)))
    stopped = cli("run", "draft-release", "--yes", "--interval", "0.05")
    twin.faults.coming.clear()
    assert stopped.code == 1
    assert "502" in stopped.err
    assert len([one for one in twin.store.releases.values() if one.tag == "v0.2.0"]) == 1


def test_a_draft_whose_answer_was_lost_is_not_made_twice(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("push-tag")
    twin.faults.add(Fault("POST", "/Fast-LLM/releases", 502, applied=True))
    made = cli("run", "draft-release", "--yes")
    assert made.code == 0, made.err
    assert of_tag(twin).draft
    assert cli("run", "draft-release", "--yes").code == 0
    assert of_tag(twin).draft


def test_a_release_that_somebody_published_by_hand_is_taken_as_it_is(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    add_release(twin, "v0.2.0", body="By hand.")
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert done.code == 0, done.err
    assert of_tag(twin).body == "By hand."
    assert of_tag(twin).discussion


# Notes


def test_notes_that_people_edited_are_kept(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("generate-notes")
    release = of_tag(twin)
    release.body = f"# Highlights\n\nFaster.\n\n{release.body}"
    edited = release.body
    run_until(cli, "edit-notes")
    assert cli("run", "generate-notes", "edit-notes", "--yes").code == 0
    assert of_tag(twin).body == edited


@pytest.mark.parametrize("published", [False, True])
def test_notes_that_somebody_generates_meanwhile_are_there_once(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo, published: bool
) -> None:
    """Between the look at the release and the writing, GitHub computes the list, which takes its time."""
    released_up_to("draft-release")
    theirs = "Published as it is." if published else f"Theirs.\n\n{GENERATED}: https://x/compare/v0.1.0...v0.2.0"

    def somebody() -> None:
        release = of_tag(twin)
        release.body = theirs
        if published:
            release.draft, release.published_at = False, twin.store.now()

    twin.faults.add(Fault("POST", "/releases/generate-notes", wrong=Wrong.NOTHING, meanwhile=somebody))
    cli("run", "generate-notes", "--yes", "--interval", "0.05")
    assert of_tag(twin).body == theirs


def without_decision(cli: Cli, released_up_to: ReleasedUpTo) -> None:
    released_up_to("generate-notes")
    assert cli("untick", "edit-notes").code == 0


def test_notes_come_from_a_file(cli: Cli, twin: Twin, tmp_path: Path, released_up_to: ReleasedUpTo) -> None:
    without_decision(cli, released_up_to)
    notes = tmp_path / "notes.md"
    text = "Notes with `code`, “quotes” and 🎉.\n\n**Full Changelog**: /compare/v0.1.0...v0.2.0\n"
    notes.write_text(text, encoding="utf-8")
    saved = cli("run", "edit-notes", "--yes", "--notes-file", str(notes))
    assert saved.code == 0, saved.err
    assert "→ save the edited notes" in saved.err
    assert of_tag(twin).body == text
    assert cli("run", "edit-notes", "--notes-file", str(tmp_path / "none.md")).code == 2


def test_a_file_that_is_not_text_is_an_error(
    cli: Cli, twin: Twin, tmp_path: Path, released_up_to: ReleasedUpTo
) -> None:
    without_decision(cli, released_up_to)
    before = of_tag(twin).body
    notes = tmp_path / "notes.md"
    notes.write_bytes(b"\xff\xfe\x00broken")
    refused = cli("run", "edit-notes", "--yes", "--notes-file", str(notes))
    assert refused.code == 2
    assert "not UTF-8" in refused.err
    assert of_tag(twin).body == before


def test_nobody_there_to_edit_says_how(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    without_decision(cli, released_up_to)
    stopped = cli("run", "edit-notes", "--yes")
    assert stopped.code == 3
    assert "--notes-file" in stopped.err


# The discussion


def test_an_unknown_category_names_those_that_there_are(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("discussion_category: Announcements", "discussion_category: News", push=True)
    begin_release(cli)
    refused = cli("run", "--yes", "--defer-open")
    assert refused.code == 2
    assert "There is no discussion category “News”; there are: Announcements, General, Ideas, Q&A" in refused.err
    assert "Nothing was changed." in refused.err


def test_disabled_discussions_are_said_before_anything_happens(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.has_discussions = False
    begin_release(cli)
    refused = cli("run", "--yes", "--defer-open")
    assert refused.code == 2
    assert "Discussions are disabled in ServiceNow/Fast-LLM; enable them in its settings." in refused.err
    assert twin.store.issues[29].milestone == 2


def test_a_discussion_in_another_category_needs_repair(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("edit-notes")
    release = of_tag(twin)
    publish_by_hand(twin)
    release.discussion = twin.store.add_discussion("v0.2.0", "", "mia", "General").number
    step = step_of(cli, "release-discussion")
    assert (step["status"], step["summary"]) == (
        "failed", "the discussion of v0.2.0 is in General, not in Announcements",
    )  # fmt: skip
    stopped = cli("run", "release-discussion", "--yes", "--interval", "0.05")
    assert stopped.code == 1
    assert "is in General, not in Announcements" in stopped.err
    twin.store.discussions[release.discussion].category = "Announcements"  # moved on GitHub
    assert step_of(cli, "release-discussion")["status"] == "done"


def test_a_discussion_that_is_skipped_is_not_started(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("push-tag")
    assert cli("skip", "release-discussion", "--reason", "a small fix").code == 0
    dry = cli("run", "publish-release", "--dry-run")
    assert "would publish v0.2.0 as latest\n" in dry.out
    step = step_of(cli, "announce-discussion")
    assert (step["status"], step["summary"]) == ("skipped", "release-discussion is skipped: a small fix")
    run_until(cli, "publish-release")
    assert not of_tag(twin).draft
    assert not twin.store.discussions
    assert "skipped: release-discussion is skipped: a small fix" in twin.store.issues[38].body
    # The skip follows from the other, and ends with it.
    assert cli("untick", "release-discussion").code == 0
    assert step_of(cli, "release-discussion")["status"] == "todo"
    assert step_of(cli, "announce-discussion")["status"] == "blocked"
    run_until(cli, "announce-discussion")
    (discussion,) = twin.store.discussions.values()
    assert len(discussion.comments) == 1


def test_a_discussion_for_other_kinds_of_release_is_not_announced_in(cli: Cli, project: Project) -> None:
    project.change_guide("uses=release.discussion", "uses=release.discussion if=major", push=True)
    tagged(cli, project)
    assert "would publish v0.2.0 as latest\n" in cli("run", "publish-release", "--dry-run").out
    step = step_of(cli, "announce-discussion")
    assert step["status"] == "skipped"
    assert step["summary"] == "release-discussion is skipped: only for major; 0.2.0 is a minor release"


# Publishing


def test_a_publication_whose_answer_was_lost_is_a_publication(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """semantic-release#2204: an error after publishing turned success into failure."""
    released_up_to("release-discussion")
    twin.faults.add(Fault("PATCH", "/Fast-LLM/releases/", 502, applied=True))
    done = cli("run", "publish-release", "--yes", "--interval", "0.05")
    assert done.code == 0, done.err
    assert not of_tag(twin).draft
    assert len(twin.store.discussions) == 1


def test_a_publication_that_fails_can_be_typed_again(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("release-discussion")
    twin.faults.add(Fault("PATCH", "/Fast-LLM/releases/", 500))
    failed = cli("run", "publish-release", "--yes", "--interval", "0.05")
    assert failed.code == 1
    assert "GitHub failed to answer PATCH" in failed.err
    assert "done: publish-release is not ticked." in failed.err
    assert of_tag(twin).draft
    assert cli("run", "publish-release", "--yes", "--interval", "0.05").code == 0
    assert not of_tag(twin).draft
    assert len(twin.store.discussions) == 1


def test_a_release_published_without_its_discussion_gets_it(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    """Half-way: published, but GitHub failed to start the discussion."""
    released_up_to("publish-release")
    release = of_tag(twin)
    twin.store.discussions.pop(release.discussion)
    release.discussion = 0
    step = step_of(cli, "release-discussion")
    assert (step["status"], step["summary"]) == ("todo", "there is no discussion in Announcements")
    mended = cli("run", "release-discussion", "--yes")
    assert mended.code == 0, mended.err
    assert twin.store.discussions[of_tag(twin).discussion].category == "Announcements"


def test_a_minor_is_the_latest(twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("publish-release")
    latest = twin.store.latest_release()
    assert latest
    assert latest.tag == "v0.2.0"
    assert not of_tag(twin).prerelease


def test_a_pre_release_is_marked_and_not_the_latest(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("push-tag", version="0.2.0-rc.1")
    dry = cli("run", "--dry-run")
    assert "draft a pre-release for v0.2.0-rc.1" in dry.out
    run_until(cli, "publish-release")
    release = of_tag(twin, "v0.2.0-rc.1")
    assert (release.prerelease, release.make_latest) == (True, "false")
    latest = twin.store.latest_release()
    assert latest
    assert latest.tag == "v0.1.0"


def publish_by_hand(twin: Twin, *, prerelease: bool = False, make_latest: str = "true") -> None:
    release, store = of_tag(twin), twin.store
    release.draft, release.published_at = False, store.now()
    release.prerelease, release.make_latest = prerelease, make_latest


@pytest.mark.parametrize(
    ("prerelease", "make_latest", "wrong"),
    [
        (True, "false", "as a pre-release"),
        (False, "false", "not as latest, which is v0.1.0"),
    ],
)
def test_a_release_that_was_marked_wrongly_by_hand_is_mended(
    cli: Cli, twin: Twin, prerelease: bool, make_latest: str, wrong: str, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("edit-notes")
    publish_by_hand(twin, prerelease=prerelease, make_latest=make_latest)
    run_until(cli, "release-discussion")
    step = step_of(cli, "publish-release")
    assert (step["status"], step["summary"]) == ("todo", f"v0.2.0 is published, but {wrong}")
    assert "would mark v0.2.0 as a release, as latest" in cli("run", "publish-release", "--dry-run").out
    twin.faults.add(Fault("PATCH", "/Fast-LLM/releases/", 502, applied=True))
    run_until(cli, "publish-release")
    assert step_of(cli, "publish-release")["summary"] == "v0.2.0 is published"
    latest = twin.store.latest_release()
    assert latest
    assert latest.id == of_tag(twin).id
    assert len(twin.store.discussions) == 1


def test_what_is_published_later_does_not_undo_a_publication(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("publish-release")
    later = of_tag(twin).published_at
    assert later
    for tag in ("v0.3.0", "nightly", "v0.1.1"):
        one = add_release(twin, tag)
        one.published_at = later + timedelta(hours=1)
        latest = twin.store.latest_release()
        assert latest is one
        assert step_of(cli, "publish-release", "0.2.0")["status"] == "done", tag
        del twin.store.releases[one.id]
    # Tagged, but not published yet.
    twin.store.bare.set_ref("refs/tags/v0.3.0", twin.store.bare.resolve("main"))
    assert step_of(cli, "publish-release", "0.2.0")["status"] == "done"


def test_a_patch_of_an_older_line_that_was_made_the_latest_by_hand_is_mended(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    above = add_release(twin, "v0.3.0")
    twin.store.bare.set_ref("refs/tags/v0.3.0", twin.store.bare.resolve("main"))
    run_until(cli, "publish-release")
    assert of_tag(twin).make_latest == "false"
    above.published_at = twin.store.now() - timedelta(days=1)
    of_tag(twin).make_latest = "true"
    step = step_of(cli, "publish-release")
    assert (step["status"], step["summary"]) == ("todo", "v0.2.0 is published, but as latest, though there is v0.3.0")
    run_until(cli, "publish-release")
    assert twin.store.latest_release() is above


def test_an_older_lines_patch_is_not_the_latest(cli: Cli, project: Project, twin: Twin) -> None:
    """0.1.1 after 0.2.0, from a commit before it."""
    base = project.git("rev-parse", "HEAD")
    tagged(cli, project)
    finished = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert finished.code == 0, finished.err
    project.git("fetch", "--quiet", "origin")
    opened = cli("open", "0.1.1", "--commit", base)
    assert opened.code == 0, opened.err
    project.git("switch", "--quiet", "--create", "release/0.1.1", base)
    dry = cli("run", "0.1.1", "--dry-run")
    assert "publish v0.1.1 not as latest" in dry.out
    for step in ("docs-current", "open-bugs", "edit-notes"):
        assert cli("tick", step, "--version", "0.1.1", "--note", "decided").code == 0
    done = cli("run", "0.1.1", "--yes", "--interval", "0.05")
    assert done.code == 0, done.err
    assert of_tag(twin, "v0.1.1").make_latest == "false"
    latest = twin.store.latest_release()
    assert latest
    assert latest.tag == "v0.2.0"


def test_notes_are_edited_in_the_editor(
    cli: Cli, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released_up_to: ReleasedUpTo
) -> None:
    without_decision(cli, released_up_to)
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nprintf "Thanks to everybody.\\n\\n" > "$1.new"; cat "$1" >> "$1.new"; cat "$1.new" > "$1"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    code, screen = converse(["run", "edit-notes"], [("Are they right?", "e"), ("Do this?", "y")])
    assert code == 0, screen
    assert of_tag(twin).body.startswith("Thanks to everybody.\n\n")
    assert "notes edited" in twin.store.issues[38].body
