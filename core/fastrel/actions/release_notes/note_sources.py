"""Where the notes of a release come from: GitHub's generated list, and the changelog's section of the version."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

from fastrel.actions.action import Context
from fastrel.actions.changelog_files import changelog_at, naming_of, path_of, read_for
from fastrel.actions.pulls import merged_pulls
from fastrel.actions.release_notes.package_notes import notes_of_pulls
from fastrel.changelog.keep_a_changelog import is_empty
from fastrel.changelog.section_notes import LONGEST, Origin, SectionNotes, lines_of, section_notes, shortened
from fastrel.changelog.sections import Changelog, Section
from fastrel.errors import FastrelError, UsageError
from fastrel.guide.changelog_order import source_of

_GENERATED = re.compile(
    r"^[*-] .* by @\S+ in \S+/pull/\d+\s*$|^<!-- Release notes generated using configuration in ", re.MULTILINE
)
"""A line of a list that GitHub has generated, or the comment above one."""
_FULL = re.compile(r"\s*^\*\*Full Changelog\*\*: (\S+)\s*\Z", re.MULTILINE)
_ALIKE = 0.5
"""Of the lines of a section, how many stand in the notes when these are made of it."""


@dataclass(frozen=True, slots=True)
class NotesPart(ABC):
    """One source of notes."""

    context: Context
    generates: ClassVar[bool] = False
    """Whether GitHub is asked to generate it."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the notes lack without it."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """Where it comes from, behind the word “notes”."""

    @property
    @abstractmethod
    def effect(self) -> str:
        """What adding it is called."""

    @property
    @abstractmethod
    def more(self) -> str:
        """What stands in the place of the rest when it is cut."""

    @abstractmethod
    def is_in(self, notes: str) -> bool:
        """Whether notes hold it."""

    @abstractmethod
    def text(self) -> SectionNotes:
        """The text, with what must stay at its end. FastrelError when there is none."""

    def too_long(self) -> str:
        """What is known before the release is drafted: that GitHub will not take it. Empty when nothing is."""
        return ""


class GeneratedList(NotesPart):
    generates = True

    @property
    def name(self) -> str:
        return "the generated list of changes"

    @property
    def origin(self) -> str:
        return f"since {self.context.release.previous_tag or 'the beginning'}"

    @property
    def effect(self) -> str:
        return f"generate notes {self.origin}"

    @property
    def more(self) -> str:
        return "_The list is too long for a release; the link below shows all changes._"

    def is_in(self, notes: str) -> bool:
        return holds_list(self.context, notes)

    def text(self) -> SectionNotes:
        release = self.context.release
        generated = self.context.repository.releases.generated_notes(release.tag, release.previous_tag)
        if self.context.settings.path:
            generated = notes_of_pulls(generated, [one.number for one in merged_pulls(self.context)])
        if not self.is_in(generated):
            generated = f"{generated.rstrip()}\n\n{_list_marker(self.context)}"
        full = _FULL.search(generated)
        ending = generated[full.start() :].split("\n") if full else []
        if full is None or ending[:2] != ["", ""]:
            return SectionNotes(generated)
        return SectionNotes(generated[: full.start()], tuple(ending[2:]))


class ChangelogSection(NotesPart):
    @property
    def name(self) -> str:
        return f"the section of {path_of(self.context)}"

    @property
    def origin(self) -> str:
        return f"from {path_of(self.context)}"

    @property
    def effect(self) -> str:
        return f"take the notes from {path_of(self.context)} at {self.context.release.tag}"

    @property
    def more(self) -> str:
        return (
            f"_The notes are too long for a release; [{path_of(self.context)}]({self._origin.page}) has all of them._"
        )

    def is_in(self, notes: str) -> bool:
        if self._marker in notes:
            return True
        lines = list(lines_of(self._notes(self._at_tag()).body))
        there = set(lines_of(notes))
        return bool(lines) and sum(line in there for line in lines) >= _ALIKE * len(lines)

    def text(self) -> SectionNotes:
        found = self._notes(self._at_tag())
        return SectionNotes(found.body, (*found.definitions, *([""] if found.definitions else []), self._marker))

    def too_long(self) -> str:
        worktree = self.context.worktree
        if worktree is None or self.context.parameter("cut") == "true":
            return ""
        try:
            length = len(self._notes(read_for(self.context, worktree.read(path_of(self.context)), "")).text)
        except FastrelError:
            return ""  # that there is no section, the step itself tells
        return "" if length <= LONGEST else f"{path_of(self.context)}: {_too_long(length)}"

    def _at_tag(self) -> Changelog:
        tag = self.context.release.tag
        return changelog_at(self.context, tag, f"at {tag}")

    def _notes(self, changelog: Changelog) -> SectionNotes:
        found = section_notes(changelog, self._section(changelog), self._origin)
        if not found.body:
            raise UsageError(
                f"{path_of(self.context)} says nothing of {self.context.release.version}.",
                done="The notes stay as they are.",
                next_step=_BY_HAND.format(step=self.context.step.id),
            )
        return found

    def _section(self, changelog: Changelog) -> Section:
        """The version's; where a pre-release has none, that of the changes to come."""
        found = changelog.of(self.context.release.version)
        if found:
            return found
        coming = changelog.coming
        before = self.context.release.prerelease or not self._is_tagged
        if before and len(coming) == 1 and not is_empty(changelog, coming[0]):
            return coming[0]
        raise UsageError(
            f"{path_of(self.context)} has no section of {self.context.release.version}"
            + (f" at {self.context.release.tag}." if self._is_tagged else "."),
            done="The notes stay as they are.",
            next_step=_BY_HAND.format(step=self.context.step.id),
        )

    @property
    def _is_tagged(self) -> bool:
        return self.context.release.tag in self.context.repository.code.tags()

    @property
    def _origin(self) -> Origin:
        release, repository = self.context.release, self.context.repository
        return Origin(repository.facts().url, release.tag, path_of(self.context))

    @property
    def _marker(self) -> str:
        naming = naming_of(self.context)
        return f"<!-- {naming.version} of {naming.path} -->"


_BY_HAND = "Skip step {step} with a reason, and write the notes by hand."


def note_parts(context: Context) -> tuple[NotesPart, ...]:
    """The sources that the step names, in the order in which their texts stand in the notes."""
    kinds: Mapping[str, type[NotesPart]] = {"generated": GeneratedList, "changelog": ChangelogSection}
    names = source_of(context.step).split(",")
    unknown = [one for one in names if one not in kinds]
    if unknown:
        raise UsageError(
            f"Step {context.step.id} takes notes from an unknown source, “{unknown[0]}”.",
            done="Nothing was changed.",
            next_step="Type `fastrel-checklist lint` to see what is meant.",
        )
    return tuple(kinds[one](context) for one in names)


def together(notes: str, texts: Sequence[tuple[NotesPart, SectionNotes]], context: Context) -> str:
    """The notes with what they lack: below what people have written, but a section above a list that is there.
    UsageError when GitHub would not take them, unless the step says that they may be cut."""
    above, below = ("", notes) if holds_list(context, notes) else (notes.rstrip(), "")
    room = LONGEST - len(above) - len(below) - 2 * len(texts) - 2
    parts = []
    cut = context.parameter("cut") == "true"
    for place, (part, text) in enumerate(texts):
        left = len(texts) - place - 1
        limit = room - left * _LEAST if cut else LONGEST
        parts.append(shortened(text, part.more, limit) if cut else text.text)
        room -= len(parts[-1])
    found = "\n\n".join(one for one in (above if above.strip() else "", *parts, below) if one)
    if len(found) <= LONGEST:
        return found
    raise UsageError(
        f"The notes are too long: {_too_long(len(found))}.",
        done="They stay as they are.",
        next_step=f"Give step {context.step.id} `cut=true` in the guide, and they end with a link to the rest; or skip "
        "it and write shorter ones.",
    )


_LEAST = 2_000
"""Characters that are kept for a second text, so that it is not cut to nothing."""


def holds_list(context: Context, notes: str) -> bool:
    """Whether notes hold a generated list, also one of which a person has removed the link below."""
    tag, previous = context.release.tag, context.release.previous_tag
    link = f"/compare/{previous}...{tag}" if previous else f"/commits/{tag}"
    by_link = re.search(rf"{re.escape(link)}(?![\w.+-]*[\w+])", unquote(notes))
    return _list_marker(context) in notes or by_link is not None or _GENERATED.search(notes) is not None


def _list_marker(context: Context) -> str:
    """What stands below a generated list that has no mark of GitHub's own."""
    return f"<!-- changes since {context.release.previous_tag or 'the beginning'} -->"


def _too_long(length: int) -> str:
    return f"{length:,} characters, and GitHub takes {LONGEST:,}"
