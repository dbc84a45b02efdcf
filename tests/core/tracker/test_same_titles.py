"""Steps of the same title: each has an id by its place, so that one more or less of them moves nobody's tick."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.guide.model import Guide
from fastrel.guide.parser import id_of_title, parse_guide
from fastrel.tracker.body import parse_body
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.model import Change
from fastrel.tracker.new_body import Header, Line, render_body

SECTIONS = ("Docs", "Homebrew", "After the release")
TITLES = ("Update the version", "Tell the team", "Merge the pull request")
Page = dict[str, list[str]]
"""The titles in each section."""
pages = st.fixed_dictionaries({name: st.lists(st.sampled_from(TITLES), unique=True) for name in SECTIONS})


def guide_of(page: Page) -> Guide:
    return parse_guide("# R\n" + "".join(f"\n## {name}\n\n" + items(titles) for name, titles in page.items() if titles))


def items(titles: list[str]) -> str:
    return "".join(f"- [ ] {one}\n" for one in titles)


def lines_of(guide: Guide, ticked: frozenset[tuple[str, str]] = frozenset()) -> list[Line]:
    return [
        Line(
            phase.title,
            step.id,
            step.title,
            change=Change(step.id, True) if (phase.title, step.title) in ticked else None,
            plain_id=id_of_title(step.title),
        )
        for phase in guide.phases
        for step in phase.steps
    ]


def ticked_in(body: str, guide: Guide) -> set[tuple[str, str]]:
    entries = parse_body(body).entries
    return {
        (phase.title, step.title)
        for phase in guide.phases
        for step in phase.steps
        if step.id in entries and entries[step.id].ticked
    }


@given(before=pages, section=st.sampled_from(SECTIONS), title=st.sampled_from(TITLES), data=st.data())
def test_inserting_or_removing_a_step_never_moves_a_tick(
    before: Page, section: str, title: str, data: st.DataObject
) -> None:
    titles = [one for one in before[section] if one != title]
    if len(titles) == len(before[section]):
        titles.insert(data.draw(st.integers(0, len(titles))), title)
    after = {**before, section: titles}
    old, new = guide_of(before), guide_of(after)
    here = [(name, title) for name, titles in before.items() for title in titles]
    ticked = frozenset(data.draw(st.sets(st.sampled_from(here)))) if here else frozenset()
    body = render_body(Header("1.0.0", "major"), lines_of(old, ticked))
    body = insert_steps(body, lines_of(new))
    still = {(name, title) for name, titles in after.items() for title in titles}
    assert ticked_in(body, new) == ticked & still
    assert {step.id for step in new.steps()} <= set(parse_body(body).entries)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"Homebrew": TITLES[:1]}, {"Docs": TITLES[:1], "Homebrew": TITLES[:1]}),
        ({"Docs": TITLES[:1], "Homebrew": TITLES[:1]}, {"Homebrew": TITLES[:1]}),
    ],
)
def test_a_tick_stays_when_a_title_becomes_or_is_no_more_one_of_several(before: Page, after: Page) -> None:
    old, new = guide_of(before), guide_of(after)
    body = render_body(Header("1.0.0", "major"), lines_of(old, frozenset({("Homebrew", TITLES[0])})))
    assert ticked_in(insert_steps(body, lines_of(new)), new) == {("Homebrew", TITLES[0])}


def test_rows_that_were_numbered_by_their_order_are_known_by_their_sections() -> None:
    page = {"Docs": ["Merge it"], "Homebrew": ["Merge it"]}
    body = (
        "<!-- fastrel tracker version=1.0.0 -->\n\n### Docs\n\n- [ ] Merge it <!-- step merge-it -->\n\n"
        "### Homebrew\n\n- [x] Merge it <!-- step merge-it-2 -->\n"
    )
    guide = guide_of(page)
    body = insert_steps(body, lines_of(guide))
    assert ticked_in(body, guide) == {("Homebrew", "Merge it")}
    assert body.count("Merge it") == 2


def test_the_items_around_a_step_are_part_of_its_id() -> None:
    text = "# R\n\n- **Python**\n    - [ ] Update it\n- Rust (`crates/`)\n    - [ ] Update it\n- [ ] Other\n"
    assert [step.id for step in parse_guide(text).steps()] == ["update-it-python-r", "update-it-rust-crates-r", "other"]
