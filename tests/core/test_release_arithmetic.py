"""Kinds, tags, milestones, neighbours of a version; and what may follow what."""

from __future__ import annotations

import pytest

from fastrel.errors import UsageError
from fastrel.release import Kind, release_of, require_may_follow, version_of_tag

TAGS = ["v0.1.0", "v0.1.1", "v0.2.0-rc.1", "nightly", "v0.2", "0.9.0"]


@pytest.mark.parametrize(
    ("version", "kind", "milestone", "previous", "dev", "next_minor"),
    [
        ("0.2.0", Kind.MINOR, "0.2.0", "v0.1.1", "0.2.1-dev", "0.3.0"),
        ("0.1.2", Kind.PATCH, "", "v0.1.1", "0.1.3-dev", "0.2.0"),
        ("1.0.0", Kind.MAJOR, "1.0.0", "v0.1.1", "1.0.1-dev", "1.1.0"),
        ("0.2.0-rc.2", Kind.MINOR, "0.2.0", "v0.2.0-rc.1", "0.2.0-dev", "0.3.0"),
        ("0.1.0", Kind.MINOR, "0.1.0", "", "0.1.1-dev", "0.2.0"),
        ("0.1.1", Kind.PATCH, "", "v0.1.0", "0.1.2-dev", "0.2.0"),
    ],
)
def test_everything_follows_from_the_version(
    version: str, kind: Kind, milestone: str, previous: str, dev: str, next_minor: str
) -> None:
    release = release_of(version, TAGS)
    assert (release.kind, release.milestone, release.previous_tag) == (kind, milestone, previous)
    assert (release.dev_version, release.next_minor, release.tag) == (dev, next_minor, f"v{version}")


def test_a_final_release_describes_the_changes_since_the_last_final_one() -> None:
    assert release_of("0.2.0", TAGS).previous_tag == "v0.1.1"


@pytest.mark.parametrize("text", ["", "0.2", "v0.2.0", "0.2.0.1", "0.02.0", "latest", "0.2.0 ", "١.٢.٣", "../0.2.0"])
def test_what_is_no_semantic_version_is_refused_before_anything_happens(text: str) -> None:
    with pytest.raises(UsageError, match="not a semantic version") as caught:
        release_of(text, TAGS)
    assert caught.value.done == "Nothing was changed."
    assert caught.value.next_step


def test_a_nearly_right_version_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        release_of("v0.2", TAGS)
    assert caught.value.next_step == "Did you mean 0.2.0?"


@pytest.mark.parametrize(
    ("released", "version"),
    [
        (["v0.2.3"], "0.2.4"),
        (["v0.2.3"], "0.3.0"),
        (["v0.2.3"], "1.0.0"),
        (["v0.2.3"], "0.3.0-rc.1"),
        (["v0.2.3"], "1.0.0-alpha"),
        (["v0.2.3", "v0.3.0-rc.1"], "0.3.0-rc.2"),
        (["v0.2.3", "v0.3.0-rc.1"], "0.3.0"),
        (["v0.2.3", "v0.3.0"], "0.2.4"),
        ([], "0.1.0"),
        ([], "1.0.0"),
    ],
)
def test_what_may_follow(released: list[str], version: str) -> None:
    require_may_follow(version, released)


@pytest.mark.parametrize(
    ("released", "version", "words"),
    [
        (["v0.2.3"], "0.2.5", "may not follow"),
        (["v0.2.3"], "0.4.0", "may not follow"),
        (["v0.2.3"], "0.3.1", "may not follow"),
        (["v0.2.3"], "2.0.0", "may not follow"),
        (["v0.2.3"], "0.2.3", "released already"),
        (["v0.2.3"], "0.2.3-rc.1", "released already"),
        (["v0.2.3", "v0.3.0-rc.2"], "0.3.0-rc.1", "later pre-release"),
        ([], "0.3.0", "may not follow"),
    ],
)
def test_what_may_not_follow_is_refused_with_the_versions_that_may(
    released: list[str], version: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        require_may_follow(version, released)
    assert "hoose" in caught.value.next_step


def test_the_versions_that_may_follow_are_named() -> None:
    with pytest.raises(UsageError) as caught:
        require_may_follow("0.9.0", ["v0.2.3"])
    assert caught.value.next_step == "Choose 0.2.4, 0.3.0 or 1.0.0, or a pre-release of one of them."


@pytest.mark.parametrize(
    ("tag", "template", "version"),
    [
        ("v1.2.3", "v{version}", "1.2.3"),
        ("1.2.3", "{version}", "1.2.3"),
        ("release-1.2.3-final", "release-{version}-final", "1.2.3"),
        ("v1.2", "v{version}", None),
        ("1.2.3", "v{version}", None),
    ],
)
def test_versions_are_read_from_tags_by_the_template(tag: str, template: str, version: str | None) -> None:
    found = version_of_tag(tag, template)
    assert (None if found is None else str(found)) == version


def test_steps_apply_by_kind() -> None:
    release = release_of("0.2.0-rc.2", TAGS)
    assert all(release.is_for(kinds) for kinds in [(), ("minor",), ("prerelease", "patch")])
    assert not release.is_for(("patch", "final"))
