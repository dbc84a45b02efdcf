"""What holds for every version of every scheme."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastrel.release import Naming, may_follow, next_version, release_of, require_may_follow
from fastrel.versions.compare import is_higher
from fastrel.versions.naming import scheme_of
from fastrel.versions.version import Version

NUMBER = st.integers(0, 30)
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
SCHEMES = {
    name: Naming(scheme=scheme_of(name) if name in ("semver", "pep440") else scheme_of("calver", name))
    for name in (
        "semver",
        "pep440",
        "YYYY.MM.MICRO",
        "YYYY.0M.0D",
        "YY.0M.MICRO",
        "YY.MINOR.MICRO",
        "YYYY.WW.MICRO",
        "YYYY.MINOR",
        "YYYY.0M.0D.MICRO",
    )
}


@st.composite
def finals(draw: st.DrawFn, name: str) -> Version:
    scheme = SCHEMES[name].scheme
    if name in ("semver", "pep440"):
        text = ".".join(str(draw(NUMBER)) for _ in range(3))
    else:
        text = str(scheme.first(draw(DAYS))[0])
    version = scheme.parse(text)
    assert version is not None
    for _ in range(draw(st.integers(0, 3))):
        version = scheme.after(version)
    return version


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_read_again(name: str, data: st.DataObject) -> None:
    naming = SCHEMES[name]
    version = data.draw(finals(name))
    read = naming.scheme.parse(str(version))
    assert (read, str(read)) == (version, str(version))
    for following in (naming.scheme.after(version), naming.scheme.next_minor(version)):
        assert naming.scheme.parse(str(following)) == following > version


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_may_follow_is_higher_and_is_taken(name: str, data: st.DataObject) -> None:
    naming = SCHEMES[name]
    latest, today = data.draw(finals(name)), data.draw(DAYS)
    following = may_follow([latest], naming, today)
    assert min(following) > latest
    tags = [naming.tag.replace("{version}", str(latest))]
    for one in (*following, naming.scheme.parse(next_version([latest], [], naming, today=today))):
        require_may_follow(str(one), tags, naming)


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(data=st.data())
def test_the_development_version_is_above_the_release_and_below_the_next_one(name: str, data: st.DataObject) -> None:
    naming = SCHEMES[name]
    release = release_of(str(data.draw(finals(name))), [], naming)
    assert is_higher(release.dev_version, release.version, naming.scheme)
    assert is_higher(release.next_version, release.dev_version, naming.scheme)


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_pre_release_is_below_its_final_version_and_above_the_one_before(name: str, data: st.DataObject) -> None:
    scheme = SCHEMES[name].scheme
    latest = data.draw(finals(name))
    final = scheme.after(latest)
    number = data.draw(st.integers(1, 20))
    before = scheme.parse(f"{final}-rc.{number}" if name == "semver" else f"{final}rc{number}")
    assert before is not None
    assert latest < before < final == scheme.final(before)
    assert before.prerelease
    after = scheme.next_prerelease(before)
    assert before < after < final
    release = release_of(str(before), [], SCHEMES[name])
    assert is_higher(release.dev_version, release.version, scheme)


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_day_later_is_never_lower(name: str, data: st.DataObject) -> None:
    scheme = SCHEMES[name].scheme
    day = data.draw(DAYS)
    assert scheme.first(day)[0] <= scheme.first(day + timedelta(days=1))[0]


@pytest.mark.parametrize("name", SCHEMES)
@settings(max_examples=25)
@given(text=st.text(max_size=30) | st.from_regex(r"[0-9v!.+a-z-]{1,30}"))
def test_any_text_is_a_version_or_gets_a_hint(name: str, text: str) -> None:
    scheme = SCHEMES[name].scheme
    found = scheme.parse(text)
    if found is None:
        assert scheme.hint(text)
    else:
        assert str(found) == text
        assert text.isascii()
    scheme.read(text)
