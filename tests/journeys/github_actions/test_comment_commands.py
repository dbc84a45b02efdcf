"""Comments on the tracker are commands: executed with the role of whoever wrote them, answered in the thread."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, open_ready, run_until, step_of
from webhooks import Runner, part, recorded


def test_status_says_where_the_release_stands(runner: Runner) -> None:
    ran = runner.says("rae", "/status")
    assert ran.code == 0, ran.log
    assert ran.outputs == {"changed": "false", "version": "0.2.0"}
    (answer,) = runner.answers
    assert answer.startswith(f"<!-- fastrel answer {runner.world_comments[0].id} -->\n")
    assert "`rae` wrote `/status`" in answer
    assert "Release 0.2.0: 1 of 25 steps are done or skipped. Next: `milestone-issues` (todo)." in answer
    assert "- 🔵 `milestone-issues` todo: 3 open issues in milestone 0.2.0" in answer
    assert answer.partition("\n")[2].strip() in ran.summary


def test_help_lists_the_commands(runner: Runner) -> None:
    runner.says("rae", "/help")
    for verb in ("status", "run", "tick", "untick", "skip"):
        assert f"`/{verb}" in runner.answers[0]


def test_a_tick_carries_the_name_of_whoever_wrote_it(runner: Runner, cli: Cli) -> None:
    ran = runner.says("carl", "/tick open-bugs ship: both are cosmetic")
    assert (ran.code, ran.outputs["changed"]) == (0, "true")
    step = step_of(cli, "open-bugs")
    assert step["ticked"]["by"] == "carl"  # type: ignore[index]  # an object
    assert "ship: both are cosmetic" in runner.body
    assert "- ✅ `open-bugs` done: ship: both are cosmetic" in runner.answers[0]
    runner.says("carl", "/untick open-bugs")
    assert step_of(cli, "open-bugs")["status"] == "manual"


def test_a_tick_that_the_world_contradicts_is_kept_and_doubted(runner: Runner) -> None:
    runner.says("mia", "/tick push-tag I saw it")
    assert "The tick is kept and marked as unverified" in runner.answers[0]


def test_skipping_needs_a_reason(runner: Runner, cli: Cli) -> None:
    ran = runner.says("mia", "/skip announce-forum")
    assert ran.code == 0
    assert "Skipping a step needs a reason: /skip STEP REASON" in runner.answers[0]
    assert step_of(cli, "announce-forum")["status"] == "blocked"
    runner.says("mia", "/skip announce-forum a quiet release")
    assert step_of(cli, "announce-forum")["status"] == "skipped"
    assert "skipped: a quiet release" in runner.answers[1]


def test_an_unknown_step_is_answered_with_the_nearest(runner: Runner) -> None:
    before = runner.body
    runner.says("carl", "/run milestone-isues\n/tick open-bug ship")
    (answer,) = runner.answers
    assert "The guide has no step “milestone-isues”." in answer
    assert "Did you mean milestone-issues?" in answer
    assert "Did you mean open-bugs?" in answer
    assert runner.body == before


def test_steps_are_executed_with_the_token_of_the_workflow_in_the_name_of_the_author(
    runner: Runner, cli: Cli, twin: Twin
) -> None:
    ran = runner.says("carl", "/run milestone-issues --defer-open")
    assert (ran.code, ran.outputs["changed"]) == (0, "true")
    assert {twin.store.issues[number].milestone for number in (29, 30, 31)} == {3}
    assert twin.store.milestones[3].creator == "github-actions[bot]"
    assert step_of(cli, "milestone-issues")["ticked"]["by"] == "carl"  # type: ignore[index]  # an object
    assert "    - move \\#&#8203;29 to milestone 0.3.0" in runner.answers[0]
    assert "<details><summary>Log</summary>" in runner.answers[0]


def test_a_run_without_steps_does_what_it_can_and_says_which_decisions_are_open(runner: Runner, cli: Cli) -> None:
    ran = runner.says("carl", "/run --defer-open")
    assert ran.code == 0, ran.log
    (answer,) = runner.answers
    assert "- ✅ `milestone-issues` done" in answer
    assert "**Stopped:** Not done yet: docs-current, pull-labels, open-bugs and " in answer
    assert "**Next:** `/run`" in answer
    assert "- `/tick open-bugs DECISION`: " in answer
    # Its script was not run: nobody was there to confirm what it shows.
    assert "- `/tick docs-current DECISION`: " in answer
    assert "fastrel-checklist run" not in answer


def test_a_whole_release_by_comments(runner: Runner, cli: Cli, twin: Twin) -> None:
    """With the token of Actions, which starts no workflow by its pushes."""
    runner.project.change_guide("uses=ci.branch", "uses=ci.branch dispatch=ci.yaml,docs.yaml", push=True)
    runner.project.change_guide("uses=tag.push", "uses=tag.push dispatch=ci.yaml", push=True)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    runner.says("carl", "/tick docs-current read\n/tick open-bugs ship")
    first = runner.says("carl", "/run --defer-open")
    assert first.code == 0, first.log
    assert "v0.2.0" not in str(twin.store.bare.refs())
    assert step_of(cli, "commit-version")["status"] == "done"
    assert "create-tag needs role maintain; carl has write." in runner.answers[-1]
    # The commit of the version has moved the branch, and its push has started nothing.
    assert "main has moved; looked at again: main-ci" in runner.answers[-1]
    assert "    - start ci.yaml on main" in runner.answers[-1]
    assert "Next: `create-tag` (todo)." in runner.answers[-1]
    runner.says("mia", "/run create-tag push-tag")
    assert "GitHub starts no workflow for a tag that is pushed with the GITHUB_TOKEN" in runner.answers[-1]
    assert "    - start ci.yaml on v0.2.0" in runner.answers[-1]
    runner.says("mia", "/run draft-release generate-notes")
    runner.says("mia", "/tick edit-notes read them\n/run release-discussion publish-release")
    assert [one.draft for one in twin.store.releases.values() if one.tag == "v0.2.0"] == [False]
    assert step_of(cli, "publish-release")["ticked"]["by"] == "mia"  # type: ignore[index]  # an object
    last = runner.says("mia", "/run")  # a category for announcements needs a maintainer
    assert last.code == 0, last.log
    assert twin.store.issues[runner.number].state == "closed"
    assert [one for one in runner.answers if "Release 0.2.0: 25 of 25 steps are done or skipped." in one]


def test_red_checks_are_told_and_can_be_run_again(runner: Runner, twin: Twin) -> None:
    twin.simulated_ci.flaky.add("CI")
    runner.says("carl", "/run main-ci")
    assert "**Error:** Step main-ci needs repair" in runner.answers[0]
    assert "`/run --rerun-failed`" in runner.answers[0]
    runner.says("carl", "/run main-ci --rerun-failed")
    assert "- ✅ `main-ci` done" in runner.answers[1]


def test_what_is_in_the_way_is_listed(runner: Runner, cli: Cli) -> None:
    open_ready(cli, runner.project)
    run_until(cli, "open-bugs")
    (runner.project.path / "setup.cfg").write_text("changed by hand\n")
    runner.project.git("switch", "--quiet", "-c", "topic")
    runner.says("carl", "/run set-version")
    (answer,) = runner.answers
    assert "The run cannot start (" in answer
    assert "- The checkout is on branch topic, not on main. Type `git switch main`." in answer
    assert "**Next:** Fix this, then `/run`." in answer


def test_the_tracker_must_be_open(runner: Runner, twin: Twin) -> None:
    twin.store.close(twin.store.issues[runner.number])
    before = runner.body
    runner.says("mia", "/tick open-bugs ship")
    assert "The release issue is closed." in runner.answers[0]
    assert "Nothing was changed." in runner.answers[0]
    assert runner.body == before


@pytest.mark.parametrize("lost", ["label", "marker"])
def test_an_issue_that_lost_its_label_or_marker_meanwhile_takes_no_commands(
    runner: Runner, twin: Twin, lost: str
) -> None:
    payload = runner.commented(runner.write("mia", "/tick open-bugs ship"))
    tracker = twin.store.issues[runner.number]
    if lost == "label":
        tracker.labels.remove("release")
    else:
        twin.store.edit_body(tracker, tracker.body.replace("<!-- fastrel tracker", "<!-- a tracker"), "mia")
    before = tracker.body
    ran = runner.on("issue_comment", payload)
    assert "its label or its hidden first line is gone" in runner.answers[0]
    assert (tracker.body, ran.outputs["changed"]) == (before, "false")


def test_a_copy_of_the_tracker_is_none(runner: Runner, twin: Twin) -> None:
    copy = twin.store.add_issue("Release 0.2.0", "carl", body=runner.body, labels=["release"])
    first, runner.number = runner.number, copy.number
    runner.says("mia", "/tick open-bugs ship")
    assert f"The release issue of 0.2.0 is issue {first}." in runner.answers[0]
    assert runner.body == twin.store.issues[first].body


def test_a_version_must_be_that_of_the_tracker(runner: Runner) -> None:
    runner.says("mia", "/run 0.3.0 main-ci\n/run 0.2.0 main-ci\n/run v0.2.0 main-ci --force")
    (answer,) = runner.answers
    assert "This is the release issue of 0.2.0, not of 0.3.0." in answer
    assert "- ✅ `main-ci` done" in answer
    assert "/run has no option --force; it has --rerun-failed, --defer-open, --close-open." in answer


def test_a_deleted_comment_is_not_executed_and_its_author_is_told(runner: Runner) -> None:
    comment = runner.write("mia", "/tick open-bugs ship")
    payload = runner.commented(comment)
    runner.world_comments.remove(comment)
    before = runner.body
    ran = runner.on("issue_comment", payload)
    assert ran.code == 0, ran.log
    assert "The comment was deleted before it was read, so nothing was executed." in runner.answers[0]
    assert runner.body == before
    runner.on("issue_comment", payload)
    assert len(runner.answers) == 1


def test_an_edited_comment_is_not_executed(runner: Runner, twin: Twin) -> None:
    """Whoever has write access may edit a comment of the maintainer."""
    mine = runner.write("mia", "/tick open-bugs ship")
    payload = runner.commented(mine)
    mine.body = "/run publish-release"
    other = runner.write("mia", "/run create-tag")
    other.updated_at = other.created_at.replace(year=other.created_at.year + 1)
    before = (runner.body, twin.store.bare.git("for-each-ref"))
    ran = runner.on("issue_comment", payload)
    assert ran.code == 0, ran.log
    (answer,) = runner.answers
    assert "The comment was edited before it was read, so nothing was executed." in answer
    assert (runner.body, twin.store.bare.git("for-each-ref")) == before


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_what_happens_to_a_comment_later_is_no_command(runner: Runner, action: str) -> None:
    payload = runner.commented(runner.write("mia", "/tick open-bugs ship")) | {"action": action}
    assert runner.on("issue_comment", payload).code == 0
    assert runner.answers == []


def test_comments_elsewhere_are_none_of_ours(runner: Runner, twin: Twin) -> None:
    comment = runner.write("mia", "/run create-tag")
    before = twin.store.bare.git("for-each-ref")
    for number in (29, 32):  # an issue and a pull request
        ran = runner.on("issue_comment", runner.commented(comment, issue=number))
        assert "not in the thread of a release issue" in ran.summary
    marked = runner.commented(comment, issue=29)
    part(marked, "issue")["body"] = runner.body
    assert "not in the thread of a release issue" in runner.on("issue_comment", marked).summary
    assert runner.answers == []
    assert twin.store.bare.git("for-each-ref") == before


def test_bots_are_not_listened_to(runner: Runner, twin: Twin) -> None:
    """So that two tools cannot talk to each other for ever."""
    twin.store.users["dependabot[bot]"].role = "admin"
    ran = runner.says("dependabot[bot]", "/tick open-bugs ship")
    assert "Comments of bots are not commands." in ran.summary
    runner.says("mia", "/status")
    assert len(runner.answers) == 1
    assert "mia" in runner.answers[0]


def test_words_of_other_tools_and_plain_talk_start_nothing(runner: Runner) -> None:
    before = len(runner.project.twin.requests)
    for text in (
        "/assign carl",
        "/cc everybody",
        "Shall I /run it?",
        "> /run",
        "```\n/run\n```",
        "    /run",
        "/ run",
        "",
    ):
        assert runner.says("mia", text).code == 0
    assert runner.answers == []
    assert {one[1].rpartition("/")[2] for one in runner.project.twin.requests[before:]} == {str(runner.number)}  # ours


def test_recorded_comments_of_github_are_no_commands(runner: Runner) -> None:
    ran = runner.on("issue_comment", runner.at_home(recorded("issue_comment", "created")))
    assert (ran.code, runner.answers) == (0, [])
