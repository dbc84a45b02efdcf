"""What people do to the tracker: ticks, text, skips; and what the tool makes of it."""

from __future__ import annotations

import re

from fastrel.tracker.state import without_state
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release


def step(cli: Cli, name: str) -> dict[str, object]:
    steps = cli("status", "0.2.0", "--json").json["steps"]
    assert isinstance(steps, list)
    return next(one for one in steps if one["id"] == name)


def test_a_release_issue_that_has_lost_its_label_is_named_and_no_second_one_opened(
    cli: Cli, project: Project, twin: Twin
) -> None:
    assert cli("open", "0.2.0").code == 0
    tracker = twin.store.issues[38]
    tracker.labels.remove("release")
    for command in (("open", "0.2.0"), ("run", "0.2.0", "--yes"), ("sync", "0.2.0")):
        refused = cli(*command)
        assert refused.code == 2, command
        assert "The release issue of 0.2.0 has lost its label release: " in refused.err
        assert f"`gh issue edit {twin.url}/ServiceNow/Fast-LLM/issues/38 --add-label release`" in refused.err
    assert 39 not in twin.store.issues
    tracker.labels.append("release")
    assert "exists already" in cli("open", "0.2.0").err


def test_tick_and_untick(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    ticked = cli("tick", "open-bugs", "--note", "ship: all are cosmetic")
    assert ticked.code == 0
    assert "ship: all are cosmetic" in ticked.out
    one = step(cli, "open-bugs")
    assert one["status"] == "done"
    assert one["summary"] == "ship: all are cosmetic"
    assert isinstance(one["ticked"], dict)
    assert one["ticked"]["by"] == "mia"
    assert cli("untick", "open-bugs").code == 0
    one = step(cli, "open-bugs")
    assert (one["status"], one["ticked"]) == ("manual", None)


def test_a_tick_that_the_world_contradicts_is_kept_and_marked(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace("- [ ] Settle every open issue", "- [x] Settle every open issue")
    one = step(cli, "milestone-issues")
    assert (one["status"], one["unverified"]) == ("todo", True)
    assert cli("sync").code == 0
    line = next(one for one in tracker.body.splitlines() if "<!-- step milestone-issues -->" in one)
    assert line.startswith("- [x]")
    assert "unverified" in line
    assert "unverified" in cli("status").out
    for number in (29, 30, 31):
        twin.store.close(twin.store.issues[number])
    cli("sync")
    assert step(cli, "milestone-issues")["unverified"] is False
    assert "unverified" not in tracker.body


def test_sync_ticks_what_the_world_shows_and_keeps_what_people_wrote(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    mine = "Ask @rae about the docs <!-- not yours -->\r\n"
    before, after = tracker.body.split("### 2.")
    tracker.body = f"{mine}{before}\n> a quote\n\n### 2.{after}\nmy last words"
    expected = tracker.body
    for number in (29, 30, 31):
        twin.store.close(twin.store.issues[number])
    assert cli("sync", "0.2.0").code == 0
    assert tracker.body.startswith(mine)
    assert tracker.body.endswith("\nmy last words")
    assert "\n> a quote\n\n### 2." in tracker.body
    old, new = (without_state(text).splitlines() for text in (expected, tracker.body))
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert [b.partition("<!-- step ")[2].partition(" ")[0] for _, b in changed] == ["milestone-issues"]


def test_sync_that_changes_nothing_writes_nothing(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    cli("sync")
    before = len(twin.requests)
    cli("sync")
    assert [one for one in twin.requests[before:] if one[0] == "PATCH"] == []


def test_a_skipped_step_shows_its_reason_and_counts_as_settled(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    reason = "a quiet release -- for @everybody <b>"
    said = cli("skip", "announce-forum", "--reason", reason)
    assert said.code == 0
    assert re.match(
        rf"announce-forum: skipped, {re.escape(reason)} \[skipped by mia, 20[-\d]+ [:\d]+ UTC\]\n", said.out
    )
    one = step(cli, "announce-forum")
    assert (one["status"], one["summary"]) == ("skipped", reason)
    body = twin.store.issues[38].body
    assert "@everybody" not in body.replace('"', " ").split("<!-- /step")[0] or "&#64;everybody" in body
    assert "<b>" not in body
    assert cli("untick", "announce-forum").code == 0
    assert step(cli, "announce-forum")["status"] == "blocked"


def test_a_step_that_the_guide_gained_later_is_added_to_the_tracker(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    guide = project.path / "docs" / "release-guide.md"
    new = "- [ ] Tell the on-call person. <!-- step tell-oncall -->\n\n- [ ] Push the tag."
    guide.write_text(guide.read_text().replace("- [ ] Push the tag.", new))
    assert cli("sync").code == 0
    lines = [one for one in twin.store.issues[38].body.splitlines() if "<!-- step " in one]
    ids = [one.partition("<!-- step ")[2].partition(" ")[0] for one in lines]
    assert ids[ids.index("create-tag") + 1] == "tell-oncall"
    assert cli("tick", "tell-oncall").code == 0


def test_a_deleted_line_is_not_an_error(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = "\n".join(one for one in tracker.body.splitlines() if "open-bugs" not in one)
    assert cli("status").code == 0
    assert cli("tick", "open-bugs").code == 2
    assert cli("sync").code == 0
    assert "<!-- step open-bugs -->" in tracker.body


def test_a_blanked_tracker_is_filled_again(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    marker = tracker.body.splitlines()[0]
    tracker.body = marker
    assert cli("sync").code == 0
    assert tracker.body.count("<!-- step ") == 25


def test_a_tick_from_the_browser_is_nobodys_in_particular(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace("- [ ] Settle every open issue", "- [x] Settle every open issue")
    for number in (29, 30, 31):
        twin.store.close(twin.store.issues[number])
    cli("sync")
    one = step(cli, "milestone-issues")
    assert (one["status"], one["unverified"]) == ("done", False)
    assert isinstance(one["ticked"], dict)
    assert (one["ticked"]["by"], one["ticked"]["at"]) == (None, None)
