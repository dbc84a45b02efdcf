"""Giving up a release: nothing public is removed; what exists is listed with the command that removes it."""

from __future__ import annotations

import pytest

from fastrel.engine.abort import abandonment
from fastrel.errors import FastrelError
from fastrel_twin.faults import Fault
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release

REASON = "0.2.1 takes its place <!-- step one --> @mia"


def drafts(twin: Twin) -> list[str]:
    return [one.tag for one in twin.store.releases.values() if one.draft]


def test_a_dry_run_lists_everything_and_changes_nothing(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("generate-notes")
    before = (repr(twin.store.issues), repr(twin.store.releases), twin.store.bare.git("for-each-ref"))
    dry = cli("abort", "0.2.0", "--reason", REASON, "--delete-draft", "--delete-tag", "--dry-run")
    assert dry.code == 0, dry.err
    assert (
        "stays: tag v0.2.0 on the remote (users may have it; if it must go: `git push --delete REMOTE v0.2.0`)"
        in dry.err
    )
    assert "on main: Bump version to 0.2.0 (`git revert" in dry.err
    assert "would delete the draft release for v0.2.0" in dry.err
    assert "would close the release issue #38 as not planned, with the reason" in dry.err
    assert (repr(twin.store.issues), repr(twin.store.releases), twin.store.bare.git("for-each-ref")) == before


def test_the_tracker_is_closed_with_the_reason_and_what_is_left(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("generate-notes")
    done = cli("abort", "--reason", REASON, "--yes", "--json")
    assert done.code == 0, done.err
    tracker = twin.store.issues[38]
    assert (tracker.state, tracker.state_reason) == ("closed", "not_planned")
    (comment,) = tracker.comments
    assert "This release is given up: 0.2.1 takes its place" in comment.body
    assert "<!-- step one" not in comment.body
    assert "@mia" not in comment.body.replace("@&#8203;mia", "").replace("@\u2060mia", "").replace("&#64;mia", "")
    assert "draft release for v0.2.0" in comment.body
    # Without being asked nothing is removed.
    assert drafts(twin) == ["v0.2.0"]
    left = done.json["left"]
    assert isinstance(left, list)
    assert len(left) == 3
    assert done.json["dry_run"] is False


def test_a_draft_and_a_local_tag_go_when_asked(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("create-tag")
    twin.store.bare.git("update-ref", "refs/tags/v0.2.0-not", "main")
    from fastrel_twin.records import Release

    one = Release(twin.store.new_id(), "v0.2.0", "mia", twin.store.now(), draft=True)
    twin.store.releases[one.id] = one
    done = cli("abort", "--reason", "wrong", "--delete-draft", "--delete-tag", "--yes")
    assert done.code == 0, done.err
    assert drafts(twin) == []
    assert project.git("tag") == "v0.1.0"


def test_what_is_public_stays_whatever_is_asked(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """virtualenv#3279: a rollback removed what users had."""
    released_up_to("publish-release")
    done = cli("abort", "--reason", "late", "--delete-draft", "--delete-tag", "--yes")
    assert done.code == 0, done.err
    assert "stays: published release v0.2.0" in done.err
    assert [one.tag for one in twin.store.releases.values() if not one.draft].count("v0.2.0") == 1
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()
    assert project.git("tag").split() == ["v0.1.0", "v0.2.0"]


def test_a_version_that_was_given_up_can_be_opened_again(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    assert cli("abort", "--reason", "later", "--yes").code == 0
    assert cli("status", "--json").json["tracker"] is None
    opened = cli("open", "0.2.0")
    assert opened.code == 0, opened.err
    assert opened.out.strip().endswith("/issues/39")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("abort", "0.2.0", "--reason", "x"), 3, "Nobody is there to confirm this."),
        (("abort", "0.2.0", "--reason", " ", "--yes"), 2, "Giving up a release needs a reason."),
        (("abort", "0.2.0", "--yes"), 2, "--reason"),
        (("abort", "0.3.0", "--reason", "x", "--yes"), 2, "There is no release issue for 0.3.0."),
    ],
)
def test_nothing_happens_without_a_reason_a_tracker_and_a_word(
    cli: Cli, project: Project, twin: Twin, arguments: tuple[str, ...], code: int, said: str
) -> None:
    begin_release(cli)
    refused = cli(*arguments)
    assert refused.code == code
    assert said in refused.err
    assert twin.store.issues[38].state == "open"


def test_a_draft_that_somebody_publishes_meanwhile_is_not_deleted(
    project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("draft-release")
    planned = abandonment(project.session(), "0.2.0", REASON, delete_draft=True)
    (release,) = [one for one in twin.store.releases.values() if one.draft]
    release.draft, release.published_at = False, twin.store.now()
    with pytest.raises(FastrelError, match="was published in the meantime"):
        planned.effects[0].apply()
    assert release.id in twin.store.releases


def test_the_reason_is_said_once_although_the_closing_failed(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin.faults.add(Fault("PATCH", "/issues/38", times=3))
    assert cli("abort", "0.2.0", "--reason", REASON, "--yes").code == 1
    twin.faults.clear()
    assert twin.store.issues[38].state == "open"
    assert cli("abort", "0.2.0", "--reason", REASON, "--yes").code == 0
    assert len(twin.store.issues[38].comments) == 1
    assert twin.store.issues[38].state_reason == "not_planned"
