"""What is wrong with the changelogs of a guide in a checkout, for `lint` and `doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastrel.changelog.section_notes import LONGEST, Origin, section_notes
from fastrel.changelog.sections import Changelog, read_changelog
from fastrel.changelog.title import UNRELEASED
from fastrel.guide.changelog_order import NOTES, RELEASE, source_of
from fastrel.guide.model import Guide, Problem, Step

DEFAULT = "CHANGELOG.md"
"""The changelog of a step that names none."""


def default_path(package: str) -> str:
    """The changelog of a step that names none; `package` is the folder of a guide's package."""
    return f"{package.strip('/')}/{DEFAULT}" if package else DEFAULT


SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found of the changelog that one step names."""

    step: Step
    path: str
    words: str = ""
    """What there is, when nothing is wrong."""
    problem: str = ""
    mend: str = ""
    stops: bool = False
    """Whether the step cannot work at all."""


def checkups(guide: Guide, read: Read) -> Iterator[Checkup]:
    """The changelogs of the steps that release one or take notes from it."""
    for step in guide.steps():
        takes_notes = NOTES in step.actions and "changelog" in source_of(step).split(",")
        path = step.params.get("file", default_path(guide.settings.path))
        if not (RELEASE in step.actions or takes_notes) or "{{" in path:
            continue
        if not path.lower().endswith(SUFFIXES):
            mend = "name a page in Markdown, or let a script write the changelog"
            yield Checkup(step, path, problem=f"step {step.id}: {path} is not a Markdown page", mend=mend, stops=True)
            continue
        text = read(path)
        if text is None:
            mend = "name the changelog with `file=`, or write one"
            yield Checkup(step, path, problem=f"step {step.id}: there is no {path}", mend=mend, stops=True)
            continue
        changelog = read_changelog(text, step.params.get("heading", UNRELEASED))
        if RELEASE in step.actions:
            yield _released(step, path, changelog)
        if takes_notes:
            yield _notes(step, path, changelog)


def checkout_problems(guide: Guide, read: Read) -> tuple[Problem, ...]:
    """Changelogs that are not there, each at the line of its step."""
    found = [one for one in checkups(guide, read) if one.stops]
    return tuple(Problem(guide.path, one.step.line, one.problem, one.mend) for one in found)


def checkout_warnings(guide: Guide, read: Read) -> tuple[Problem, ...]:
    """Changelogs in which nothing can be released as they are now, or whose notes are too long."""
    found = [one for one in checkups(guide, read) if one.problem and not one.stops]
    return tuple(Problem(guide.path, one.step.line, one.problem, one.mend) for one in found)


def _released(step: Step, path: str, changelog: Changelog) -> Checkup:
    coming = changelog.coming
    if len(coming) == 1:
        return Checkup(step, path, f"{path} has “{coming[0].heading.text}” in line {coming[0].heading.line}")
    title = step.params.get("heading", UNRELEASED)
    if coming:
        lines = " and ".join(str(one.heading.line) for one in coming)
        mend = "make them one"
        return Checkup(step, path, problem=f"{path} has several sections of what is not released, {lines}", mend=mend)
    return Checkup(
        step,
        path,
        problem=f"{path} has no heading “{title}”, so the section of a version must be written by hand",
        mend="add the heading above the newest version, or name another with `heading=`",
    )


def _notes(step: Step, path: str, changelog: Changelog) -> Checkup:
    section = (changelog.coming or changelog.released or (None,))[0]
    length = len(section_notes(changelog, section, Origin("", "", path)).text) if section else 0
    if length <= LONGEST or step.params.get("cut") == "true":
        return Checkup(step, path, f"notes come from {path}")
    name = section.heading.text if section else ""
    return Checkup(
        step,
        path,
        problem=f"“{name}” of {path} has {length:,} characters, and GitHub takes 125,000 in the notes of a release",
        mend=f"make it shorter, or give step {step.id} `cut=true`",
    )
