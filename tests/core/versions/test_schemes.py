"""Versions as semver, PEP 440 and the calendar have them: reading, ordering, what may follow, what comes next."""

from __future__ import annotations

from datetime import date

import pytest

from fastrel.errors import UsageError
from fastrel.release import Naming, Release, may_follow, next_version, release_of, released_versions, require_may_follow
from fastrel.release import parse_version as parse
from fastrel.versions.calendar_pattern import problem_of
from fastrel.versions.naming import scheme_of

TODAY = date(2026, 11, 28)
PEP440 = Naming(scheme=scheme_of("pep440"))


def calver(pattern: str, tag: str = "v{version}") -> Naming:
    return Naming(tag, scheme_of("calver", pattern))


def of(name: str) -> Naming:
    """A scheme by its name, or a calendar pattern."""
    return Naming(scheme=scheme_of(name)) if name in ("semver", "pep440") else calver(name)


@pytest.mark.parametrize(
    ("scheme", "text", "words"),
    [
        (
            "semver",
            "0.2.0rc1",
            "Did you mean 0.2.0-rc.1? Where the project spells it 0.2.0rc1, write `versions: pep440`",
        ),
        ("semver", "v6.0.0a4", "Did you mean 6.0.0-alpha.4?"),
        ("semver", "1.2.3.4", "Versions of four parts are not supported"),
        ("semver", "2025.01.0", "Write it as MAJOR.MINOR.PATCH"),
        ("pep440", "0.2.0-rc.1", "Did you mean 0.2.0rc1?"),
        ("pep440", "v0.2.0", "Did you mean 0.2.0?"),
        ("pep440", "1.2.3.4", "Versions of four parts are not supported"),
        ("pep440", "1!2.0", "epoch"),
        ("pep440", "3", "Did you mean 3.0.0?"),
        ("YYYY.0M.0D", "2026.1.5", "Did you mean 2026.01.05?"),
        ("YYYY.MM.MICRO", "2026.13.0", "Write it as YYYY.MM.MICRO, such as 2026.1.0."),
        ("YYYY.MM.MICRO", "v2026.1.0", "Did you mean 2026.1.0?"),
        ("YYYY.MM.DD", "2026.2.30", "Write it as YYYY.MM.DD"),
        ("YYYY.MM.MICRO", "0.2.0", "Write it as YYYY.MM.MICRO"),
    ],
)
def test_what_is_no_version_gets_the_nearest_one(scheme: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match="is not a") as caught:
        parse(text, of(scheme).scheme)
    assert words in caught.value.next_step


@pytest.mark.parametrize(
    ("scheme", "ascending"),
    [
        ("semver", "0.1.0 0.2.0-alpha.1 0.2.0-alpha.beta 0.2.0-rc.2 0.2.0-rc.10 0.2.0 0.2.1 0.10.0 1.0.0"),
        ("semver", "5.1.0 6.0.0a3 6.0.0a4 6.0.0-alpha.5 6.0.0b1 6.0.0rc1 6.0.0"),
        ("pep440", "0.1.0 0.2.0.dev1 0.2.0a1 0.2.0b1 0.2.0rc2 0.2.0rc10 0.2.0 0.2.0.post1 0.2.1 0.10 1.0.0"),
        ("YYYY.MM.MICRO", "2024.12.9 2025.2.0 2025.10.0b1 2025.10.0rc1 2025.10.0 2025.10.1 2025.12.0 2026.1.0"),
        ("YY.0M.MICRO", "9.04 22.10 24.04 24.04.1 24.10 100.01"),
        ("YYYY.0M.0D", "2025.12.31 2026.01.01 2026.01.02 2026.02.01"),
        ("YYYY.WW", "2025.9 2025.52 2026.1 2026.53"),
    ],
)
def test_versions_are_ordered(scheme: str, ascending: str) -> None:
    texts = ascending.split()
    found = [str(one) for one in released_versions([f"v{one}" for one in reversed(texts)], of(scheme))]
    assert found == texts


@pytest.mark.parametrize(
    ("version", "tags", "previous"),
    [
        ("6.0.0-alpha.5", ["v5.1.0", "v6.0.0a3", "v6.0.0a4"], "v6.0.0a4"),
        ("6.0.0", ["v5.1.0", "v6.0.0a3"], "v5.1.0"),
        ("6.0.0", ["v6.0.0a3", "v6.0.0rc1"], "v6.0.0rc1"),
    ],
)
def test_tags_in_pythons_spelling_are_releases_of_the_past(version: str, tags: list[str], previous: str) -> None:
    assert release_of(version, tags).previous_tag == previous
    assert release_of(version.replace("-alpha.", "a"), tags, PEP440).previous_tag == previous


def facts(release: Release) -> tuple[object, ...]:
    return release.kind, release.prerelease, release.milestone, release.dev_version, release.next_minor, release.line


@pytest.mark.parametrize(
    ("scheme", "version", "expected"),
    [
        ("pep440", "0.2.0", ("minor", False, "0.2.0", "0.2.1.dev0", "0.3.0", "0.2")),
        ("pep440", "0.2.0rc1", ("minor", True, "0.2.0", "0.2.0rc2.dev0", "0.3.0", "0.2")),
        ("pep440", "0.2.1.post1", ("patch", False, "", "0.2.2.dev0", "0.3.0", "0.2")),
        ("pep440", "24.1", ("minor", False, "24.1", "24.1.1.dev0", "24.2", "24.1")),
        ("pep440", "1.0.0a4", ("major", True, "1.0.0", "1.0.0a5.dev0", "1.1.0", "1.0")),
        ("YYYY.MM.MICRO", "2025.12.0", ("minor", False, "2025.12.0", "2025.12.1-dev", "2026.1.0", "2025.12")),
        ("YYYY.MM.MICRO", "2025.12.3", ("patch", False, "", "2025.12.4-dev", "2026.1.0", "2025.12")),
        ("YYYY.0M.0D", "2026.02.28", ("minor", False, "2026.02.28", "2026.03.01-dev", "2026.03.01", "2026.02")),
        ("YY.0M.MICRO", "24.04", ("minor", False, "24.04", "24.04.1-dev", "24.05", "24.04")),
        ("YY.MINOR.MICRO", "26.1.0", ("minor", False, "26.1.0", "26.1.1-dev", "27.0.0", "26.1")),
        ("YYYY.MM.MICRO", "2026.1.0rc1", ("minor", True, "2026.1.0", "2026.1.0rc2-dev", "2026.2.0", "2026.1")),
        ("YYYY.WW.MICRO", "2026.53.0", ("minor", False, "2026.53.0", "2026.53.1-dev", "2027.1.0", "2026.53")),
    ],
)
def test_everything_follows_from_the_version(scheme: str, version: str, expected: tuple[object, ...]) -> None:
    assert facts(release_of(version, [], of(scheme))) == expected


@pytest.mark.parametrize(
    ("scheme", "released", "versions"),
    [
        ("pep440", ["0.2.3"], "0.2.4 0.3.0 1.0.0 0.3.0rc1 0.2.3.post1"),
        ("pep440", ["24.1"], "24.1.1 24.2 24.2.0 25.0 24.2b1"),
        ("pep440", ["5.1.0", "6.0.0a4"], "6.0.0a5 6.0.0 5.2.0"),
        ("YYYY.MM.MICRO", ["2025.12.0"], "2025.12.1 2026.1.0 2026.11.0 2026.1.1 2026.1.0rc1"),
        ("YYYY.0M.0D", ["2025.12.31"], "2026.01.01 2026.11.28"),
        ("YY.0M.MICRO", ["24.04", "24.04.1"], "24.04.2 24.10 25.04"),
        ("YY.MINOR.MICRO", ["25.3.0"], "25.3.1 25.4.0 26.1.0 26.0.0"),
        ("YYYY.MINOR", ["2024.1"], "2024.2 2025.1"),
        ("MAJOR.YY.MICRO", ["3.25.2"], "3.25.3 3.26.0 4.26.0"),
        ("YYYY.0M.0D.MICRO", ["2025.12.31.0"], "2025.12.31.1 2026.01.01.0"),
    ],
)
def test_what_may_follow(scheme: str, released: list[str], versions: str) -> None:
    for version in versions.split():
        require_may_follow(version, [f"v{one}" for one in released], of(scheme))


@pytest.mark.parametrize(
    ("scheme", "released", "version"),
    [
        ("pep440", ["0.2.3"], "0.2.5"),
        ("pep440", ["0.2.3"], "0.2.3.post2"),
        ("pep440", ["0.2.3"], "0.2.3rc1"),
        ("pep440", ["24.1"], "24.1.0"),
        ("YYYY.MM.MICRO", ["2025.12.0"], "2025.12.2"),
        ("YYYY.MM.MICRO", ["2025.12.0"], "2025.11.0"),
        ("YYYY.MM.MICRO", ["2025.12.0"], "2026.1.7"),
        ("YYYY.MM.MICRO", ["2025.12.0"], "2025.12.0"),
        ("YYYY.0M.0D", ["2025.12.31"], "2025.12.30"),
        ("YY.MINOR.MICRO", ["25.3.0"], "25.5.0"),
        ("YYYY.MINOR", ["2024.1"], "2024.3"),
    ],
)
def test_what_may_not_follow_is_refused(scheme: str, released: list[str], version: str) -> None:
    with pytest.raises(UsageError, match=r"may not follow|released already") as caught:
        require_may_follow(version, [f"v{one}" for one in released], of(scheme))
    assert "hoose" in caught.value.next_step


@pytest.mark.parametrize(
    ("scheme", "released", "planned", "version"),
    [
        ("YYYY.MM.MICRO", ["2025.12.0"], [], "2026.11.0"),
        ("YYYY.MM.MICRO", ["2026.11.0"], [], "2026.11.1"),
        ("YYYY.MM.MICRO", ["2026.12.0"], [], "2026.12.1"),
        ("YYYY.0M.0D", ["2025.12.31"], [], "2026.11.28"),
        ("YYYY.0M.0D", ["2026.11.28"], [], "2026.11.29"),
        ("YY.MINOR.MICRO", ["25.1.0", "25.2.0"], [], "26.1.0"),
        ("YY.MINOR.MICRO", ["26.1.0"], [], "26.2.0"),
        ("YY.0M.MICRO", ["24.04"], [], "26.11"),
        ("YYYY.MM.MICRO", [], [], "2026.11.0"),
        ("YYYY.MM.MICRO", ["2025.12.0"], ["2025.12.1"], "2025.12.1"),
        ("pep440", ["24.1"], [], "24.2"),
        ("pep440", ["0.2.3"], ["v1.0.0"], "1.0.0"),
        ("pep440", [], [], "0.1.0"),
    ],
)
def test_the_version_that_is_proposed(scheme: str, released: list[str], planned: list[str], version: str) -> None:
    naming = of(scheme)
    found = released_versions([f"v{one}" for one in released], naming)
    assert next_version(found, planned, naming, today=TODAY) == version


@pytest.mark.parametrize(
    ("stated", "version"), [("0.4.0", "0.4.0"), ("0.4.0.dev0", "0.4.0"), ("0.4.0-dev", "0.4.0"), ("dynamic", "0.1.0")]
)
def test_without_tags_the_version_of_the_files_is_proposed(stated: str, version: str) -> None:
    assert next_version([], [], stated=stated) == version
    assert next_version(released_versions(["v1.0.0"]), [], stated=stated) == "1.1.0"


@pytest.mark.parametrize(("tag", "read"), [("pkg-v0.2.0", True), ("other-v0.3.0", False), ("v9.0.0", False)])
def test_tags_of_another_package_are_no_releases(tag: str, read: bool) -> None:
    naming = Naming("pkg-v{version}")
    assert bool(released_versions([tag], naming)) is read
    assert release_of("0.4.0", ["pkg-v0.3.0", "other-v0.3.5", "v0.3.9"], naming).previous_tag == "pkg-v0.3.0"


@pytest.mark.parametrize(
    ("template", "version", "dev", "following"),
    [
        ("{next}.dev0", "0.2.0", "0.2.1.dev0", "0.2.1"),
        ("{next}-SNAPSHOT", "0.2.0", "0.2.1-SNAPSHOT", "0.2.1"),
        ("{next_minor}.dev0", "0.2.0", "0.3.0.dev0", "0.3.0"),
        ("{next_minor}.dev0", "0.2.1", "0.3.0.dev0", "0.3.0"),
        ("{next}-dev", "0.2.0-rc.1", "0.2.0-rc.2.dev", "0.2.0"),
        ("{next}.dev0", "0.2.0-rc.1", "0.2.0-rc.2.dev0", "0.2.0"),
        ("{next}", "0.2.0", "0.2.1", "0.2.1"),
    ],
)
def test_development_versions_by_template(template: str, version: str, dev: str, following: str) -> None:
    release = release_of(version, [], Naming(dev_version=template))
    assert (release.dev_version, release.next_version) == (dev, following)


@pytest.mark.parametrize(
    ("template", "title", "following"),
    [
        ("v{version}", "v0.2.0", "v0.3.0"),
        ("{line}", "0.2", "0.3"),
        ("Release {major}.{minor}", "Release 0.2", "Release 0.3"),
    ],
)
def test_milestone_titles_by_template(template: str, title: str, following: str) -> None:
    release = release_of("0.2.0-rc.1", [], Naming(milestone=template))
    assert (release.milestone, release.next_milestone) == (title, following)
    assert release_of("0.2.1", [], Naming(milestone=template)).milestone == ""


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("YYYY.MM.MICRO", False),
        ("YY.0M", False),
        ("0Y.0W.MICRO", False),
        ("YYYY-0M-0D", False),
        ("YYYY.MM.MICRO-MODIFIER", False),
        ("MAJOR.MINOR.PATCH", True),
        ("MAJOR.MINOR.MICRO", True),
        ("MM.YYYY", True),
        ("YYYY", True),
        ("YYYYMMDD", True),
        ("%Y.%m.%d", True),
        ("YYYY.YY.MICRO", True),
        ("", True),
    ],
)
def test_patterns_of_the_calendar(pattern: str, wrong: bool) -> None:
    assert bool(problem_of(pattern)) is wrong


def test_a_first_version_of_the_calendar_is_of_today() -> None:
    assert list(map(str, may_follow([], calver("YYYY.0M.0D"), TODAY))) == ["2026.11.28"]
