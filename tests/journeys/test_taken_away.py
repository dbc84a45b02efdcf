"""What a release has made and somebody has taken away since: nothing is made again unasked, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, step_of

RUN = ("run", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.01")


def delete_release(project: Project) -> None:
    releases = project.twin.store.releases
    del releases[next(one.id for one in releases.values() if one.tag == "v0.2.0")]


def delete_tag(project: Project) -> None:
    project.git("push", "--quiet", "origin", ":refs/tags/v0.2.0")


def delete_local_and_remote_tag(project: Project) -> None:
    delete_tag(project)
    project.git("tag", "--delete", "v0.2.0")


def delete_announcement(project: Project) -> None:
    for one in project.twin.store.discussions.values():
        one.comments.clear()


def delete_post(project: Project) -> None:
    posts = project.twin.store.discussions
    for number in [number for number, one in posts.items() if "is released" in one.title]:
        del posts[number]


def delete_next_milestone(project: Project) -> None:
    milestones = project.twin.store.milestones
    del milestones[next(number for number, one in milestones.items() if one.title == "0.3.0")]


def push_without_the_version(project: Project) -> None:
    project.git("push", "--quiet", "--force", "origin", "HEAD~1:main")


def revert_the_version(project: Project) -> None:
    project.git("revert", "--no-edit", "HEAD")
    project.git("push", "--quiet", "origin", "main")


def back_to_draft(project: Project) -> None:
    next(one for one in project.twin.store.releases.values() if one.tag == "v0.2.0").draft = True


CASES: dict[str, tuple[str, Callable[[Project], None], str, str]] = {
    "a published release": (
        "announce-forum",
        delete_release,
        "a release for v0.2.0",
        "draft-release generate-notes edit-notes release-discussion publish-release announce-discussion",
    ),
    "a draft with notes of a person": (
        "edit-notes",
        delete_release,
        "a release for v0.2.0",
        "draft-release generate-notes edit-notes",
    ),
    "a publication": ("publish-release", back_to_draft, "v0.2.0 as published", "publish-release"),
    "a tag": ("push-tag", delete_tag, "tag v0.2.0", "push-tag"),
    "a tag here and there": ("push-tag", delete_local_and_remote_tag, "tag v0.2.0", "push-tag"),
    "the tag of a published release": ("publish-release", delete_tag, "tag v0.2.0", "push-tag"),
    "an announcement": (
        "announce-forum",
        delete_announcement,
        "the announcement in the discussion of the release",
        "announce-discussion",
    ),
    "a post": ("announce-forum", delete_post, "the announcement in Announcements", "announce-forum"),
    "the next milestone": ("next-milestone", delete_next_milestone, "milestone 0.3.0", "next-milestone"),
    "the version commit": (
        "commit-version",
        push_without_the_version,
        "the version of “Bump version to 0.2.0” on main",
        "commit-version",
    ),
    "the version, by a revert": (
        "commit-version",
        revert_the_version,
        "the version of “Bump version to 0.2.0” on main",
        "commit-version",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_taken_away_is_not_made_again_unasked(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo, case: str
) -> None:
    until, happens, what, steps = CASES[case]
    released_up_to(until)
    happens(project)
    store = twin.store
    state = (len(store.releases), len(store.discussions), len(store.milestones), store.bare.refs())
    said = f"but GitHub no longer shows {what}. `run` does not create it again by itself."
    untick = f"`fastrel-checklist untick 0.2.0 {steps}`"
    for _ in range(2):  # also after the ticks are marked as unverified
        for command in (RUN, ("run", "--dry-run", "--defer-open")):
            shown = cli(*command)
            words = " ".join((shown.out + shown.err).split())
            assert said in words, words
            assert untick in words, words
            assert command is not RUN or "Nothing was changed." in shown.err
        assert cli("sync").code == 0
    assert state == (len(store.releases), len(store.discussions), len(store.milestones), store.bare.refs())
    status = cli("status")
    assert "unverified" in status.out or "ticked" in status.out, status.out


def test_a_release_is_made_again_when_a_person_says_so_without_a_second_discussion(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("announce-forum")
    delete_release(project)
    discussions = {number: len(one.comments) for number, one in twin.store.discussions.items()}
    steps = CASES["a published release"][3].split()
    unticked = cli("untick", "0.2.0", *steps)
    assert unticked.code == 0, unticked.err
    assert cli("tick", "edit-notes", "--note", "decided again").code == 0
    ran = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert ran.code == 0, ran.err
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    assert not release.draft
    assert discussions == {number: len(one.comments) for number, one in twin.store.discussions.items()}
    assert step_of(cli, "release-discussion", "0.2.0")["summary"] == "discussion of v0.2.0, begun before"


def test_a_version_that_was_reverted_is_committed_again_when_a_person_says_so(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("commit-version")
    first = project.git("rev-parse", "--short=7", "HEAD")
    revert_the_version(project)
    step = step_of(cli, "commit-version")
    words = f"no commit “Bump version to 0.2.0” on main that holds: {first} was taken back, fast_llm/__init__.py and "
    assert (step["status"], step["summary"]) == ("todo", f"{words}setup.cfg say 0.1.1-dev")
    assert step_of(cli, "create-tag")["status"] == "blocked"
    assert cli("untick", "0.2.0", "commit-version").code == 0
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "push-tag").code == 0
    bare = twin.store.bare
    assert bare.refs()["refs/tags/v0.2.0"].commit == bare.resolve("main") != first


def test_a_higher_version_that_others_set_before_the_tag_changes_nothing(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("commit-version")
    commit = twin.store.bare.resolve("main")
    for name in ("fast_llm/__init__.py", "setup.cfg"):
        file = project.path / name
        file.write_text(file.read_text().replace("0.2.0", "0.3.0.dev0"))
    project.git("commit", "--quiet", "-am", "Begin 0.3")
    project.git("push", "--quiet", "origin", "main")
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "push-tag").code == 0
    assert twin.store.bare.refs()["refs/tags/v0.2.0"].commit == commit


def test_a_discussion_that_was_deleted_is_said_and_no_other_one_begun(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """Whether GitHub still names it in the release or not."""
    released_up_to("announce-forum")
    release = next(one for one in twin.store.releases.values() if one.tag == "v0.2.0")
    del twin.store.discussions[release.discussion]
    count = len(twin.store.discussions)
    step = step_of(cli, "release-discussion")
    assert (step["status"], step["summary"]) == (
        "failed",
        "the discussion of v0.2.0 was deleted; skip the step to go on without",
    )
    said = "no longer shows the announcement in the discussion of the release"
    assert said in cli(*RUN).err
    release.discussion = 0
    assert said in cli(*RUN).err
    assert len(twin.store.discussions) == count
    for one in ("release-discussion", "announce-discussion"):
        assert cli("skip", "0.2.0", one, "--reason", "withdrawn").code == 0
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05").code == 0
    assert len(twin.store.discussions) == count


def test_a_release_goes_on_without_what_was_taken_away(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("announce-forum")
    delete_post(project)
    assert cli("skip", "0.2.0", "announce-forum", "--reason", "withdrawn").code == 0
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05").code == 0
    assert not any("is released" in one.title for one in twin.store.discussions.values())


def test_a_tick_by_hand_that_was_never_true_needs_no_answer(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("create-tag")
    assert cli("tick", "push-tag").code == 0
    assert cli("sync").code == 0
    assert cli(*RUN, "--until", "push-tag").code == 0
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()


def test_what_is_taken_away_in_the_middle_of_a_run_stops_it(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("edit-notes")
    from fastrel_twin.faults import Fault, Wrong

    fault = Fault("GET", "/releases", wrong=Wrong.NOTHING, after=3, meanwhile=lambda: delete_release(project))
    twin.faults.add(fault)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "publish-release")
    assert stopped.code != 0
    assert not [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
