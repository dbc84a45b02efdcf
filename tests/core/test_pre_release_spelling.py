"""Pre-releases: one spelling, and a development version that is never lower than what is released."""

from __future__ import annotations

import pytest
from packaging.version import Version as PythonVersion
from semver import Version

from fastrel.errors import UsageError
from fastrel.release import Naming, release_of, require_one_spelling

NAMING = Naming()


@pytest.mark.parametrize(
    "version", ["0.2.0-rc.1", "0.2.0-rc1", "0.2.0-beta", "0.2.0-alpha.9", "1.0.0-rc.1", "0.2.0", "0.1.1"]
)
def test_the_development_version_is_above_the_release(version: str) -> None:
    after = release_of(version, []).dev_version
    assert Version.parse(after) > Version.parse(version)
    # Python has the development version of what comes next below that and above the release.
    following = PythonVersion(after)
    assert following > PythonVersion(version)
    assert following.is_devrelease


@pytest.mark.parametrize(
    ("version", "tags", "in_progress", "said"),
    [
        ("0.4.0-rc1", [], [], "Did you mean 0.4.0-rc.1?"),
        ("0.4.0-RC.1", [], [], "Did you mean 0.4.0-rc.1?"),
        ("0.4.0-rc-1", [], [], "Did you mean 0.4.0-rc.1?"),
        ("0.4.0-rc.2", ["v0.4.0-rc1"], [], "Did you mean 0.4.0-rc2?"),
        ("0.4.0-rc1", [], ["0.4.0-rc.1"], "Go on with 0.4.0-rc.1"),
        ("0.4.0-rc.1", ["v0.4.0-RC1"], [], "Go on with 0.4.0-RC1"),
        ("0.4.0-dev", [], [], "Choose 0.4.0-rc.1"),
        ("0.4.0-rc.1.dev", [], [], "another pre-release"),
    ],
)
def test_a_pre_release_of_another_spelling_is_refused(
    version: str, tags: list[str], in_progress: list[str], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        require_one_spelling(version, tags, NAMING, in_progress)
    assert said in refused.value.next_step
    assert refused.value.done == "Nothing was changed."


@pytest.mark.parametrize(
    ("version", "tags", "in_progress"),
    [
        ("0.4.0-rc.1", [], []),
        ("0.4.0-rc2", ["v0.4.0-rc1"], []),
        ("0.4.0-rc.11", ["v0.4.0-rc.1"], ["0.4.0-rc.10"]),
        ("0.4.0-beta", [], []),
        ("0.4.0", ["v0.4.0-rc1"], ["0.4.0-RC.2"]),
    ],
)
def test_a_pre_release_in_the_projects_spelling_is_taken(version: str, tags: list[str], in_progress: list[str]) -> None:
    require_one_spelling(version, tags, NAMING, in_progress)
