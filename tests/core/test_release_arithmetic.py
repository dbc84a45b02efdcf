"""Kinds, tags, milestones, neighbours of a version; and what may follow what."""

from __future__ import annotations

import pytest

from fastrel.errors import UsageError
from fastrel.release import (
    Kind,
    Naming,
    next_version,
    release_beyond,
    release_of,
    released_versions,
    require_may_follow,
    strangers,
    version_of_tag,
)

TAGS = ["v0.1.0", "v0.1.1", "v0.2.0-rc.1", "nightly", "v0.2", "0.9.0"]


@pytest.mark.parametrize(
    ("version", "kind", "milestone", "previous", "dev", "next_minor"),
    [
        ("0.2.0", Kind.MINOR, "0.2.0", "v0.1.1", "0.2.1-dev", "0.3.0"),
        ("0.1.2", Kind.PATCH, "", "v0.1.1", "0.1.3-dev", "0.2.0"),
        ("1.0.0", Kind.MAJOR, "1.0.0", "v0.1.1", "1.0.1-dev", "1.1.0"),
        ("0.2.0-rc.2", Kind.MINOR, "0.2.0", "v0.2.0-rc.1", "0.2.0-rc.3.dev", "0.3.0"),
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
        ([], "0.1.0"),
        ([], "1.4.0"),
        ([], "0.1.1-rc.1"),
        (["1.3.0", "nightly"], "1.3.1"),
        (["v1.4.0-rc.1"], "1.4.0"),
        (["v1.4.0-rc.1"], "1.5.0"),
        (["v0.2.3+cu118"], "0.2.4"),
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
        (["v0.2.3", "v0.3.0"], "0.2.4", "may not follow"),
        (["v1.4.0-rc.2"], "1.4.0-rc.1", "later pre-release"),
        (["v0.2.3+cu118"], "0.2.3", "released already"),
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


@pytest.mark.parametrize("version", ["0.2.4", "0.2.4-rc.1", "0.1.6"])
def test_a_patch_of_an_older_line_starts_from_an_older_commit(version: str) -> None:
    released = ["v0.1.5", "v0.2.3", "v0.3.0"]
    require_may_follow(version, released, base="1a2b3c4")
    with pytest.raises(UsageError) as caught:
        require_may_follow(version, released)
    assert caught.value.problem == f"{version} may not follow the latest release, 0.3.0."
    assert caught.value.next_step == (
        "Choose 0.3.1, 0.4.0 or 1.0.0, or a pre-release of one of them. A patch of an older line starts from an older "
        f"commit: `fastrel-checklist open {version} --commit SHA`."
    )


def test_a_base_opens_no_other_version_than_those_that_may_follow_in_some_line() -> None:
    for version in ("0.2.5", "0.5.0", "0.2.3"):
        with pytest.raises(UsageError):
            require_may_follow(version, ["v0.2.3", "v0.3.0"], base="1a2b3c4")


@pytest.mark.parametrize(
    ("version", "tags", "beyond"),
    [
        ("0.1.2", ["v0.1.1", "v0.2.0"], "0.2.0"),
        ("0.2.0-rc.2", ["v0.2.0"], "0.2.0"),
        ("0.2.0", ["v0.2.0", "v0.3.0-rc.1"], ""),
        ("0.2.0", [], ""),
    ],
)
def test_a_later_release_is_known(version: str, tags: list[str], beyond: str) -> None:
    assert release_beyond(version, tags) == beyond


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["1.3.0", "1.10.0", "nightly", "release-1.2"], ["1.10.0", "1.3.0", "release-1.2"]),
        (["v1.0", "build7", "v2", "x" * 50], ["v1.0"]),
        (["1.3.0", "v1.4.0"], []),
        (["1.3.0", "v1.4.0-rc.1"], []),
        ([], []),
        (["9" * 5000 + ".1", "1." + "9" * 5000], []),
    ],
)
def test_where_no_tag_follows_the_template_those_that_look_like_versions_are_found(
    tags: list[str], found: list[str]
) -> None:
    assert strangers(tags) == found


@pytest.mark.parametrize(
    ("tags", "planned", "version"),
    [
        (["v0.2.3"], [], "0.3.0"),
        (["v0.2.3"], ["1.0.0", "0.9.0"], "1.0.0"),
        ([], [], "0.1.0"),
        ([], ["v1.4.0", "1.10.0", "someday", "1.3.0-rc.1"], "1.4.0"),
    ],
)
def test_the_next_version_is_the_one_that_is_planned(tags: list[str], planned: list[str], version: str) -> None:
    assert next_version(released_versions(tags), planned) == version


@pytest.mark.parametrize(("text", "meant"), [("0.2.0+abc", "0.2.0"), ("1.0.0-rc.1+build.5", "1.0.0-rc.1")])
def test_build_metadata_is_refused_with_the_version_without_it(text: str, meant: str) -> None:
    with pytest.raises(UsageError, match="has build metadata") as caught:
        release_of(text, TAGS)
    assert (caught.value.done, caught.value.next_step) == ("Nothing was changed.", f"Did you mean {meant}?")


def test_tags_with_build_metadata_are_releases_of_their_version() -> None:
    release = release_of("0.3.0", ["v0.1.0", "v0.2.0+cu118"])
    assert release.previous_tag == "v0.2.0+cu118"


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
    found = version_of_tag(tag, Naming(template))
    assert (None if found is None else str(found)) == version


def test_steps_apply_by_kind() -> None:
    release = release_of("0.2.0-rc.2", TAGS)
    assert all(release.is_for(kinds) for kinds in [(), ("minor",), ("prerelease", "patch")])
    assert not release.is_for(("patch", "final"))
