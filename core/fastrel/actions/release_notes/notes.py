"""The notes of the GitHub release: taken from where the guide says, then customised by people.

What people have written is never replaced, nothing is added twice, and the notes of a published release stay.
"""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import request
from fastrel.actions.changelog_files import PARAMETERS
from fastrel.actions.questions.prompts import Brought, Prompter, Question
from fastrel.actions.release import (
    change_call,
    entry_link,
    find_release,
    no_release,
    release_taken_away,
    required_entry,
)
from fastrel.actions.release_notes.note_sources import NotesPart, holds_list, note_parts, together
from fastrel.changelog.section_notes import LONGEST
from fastrel.errors import UsageError
from fastrel.github.issue_history import same_text
from fastrel.guide.changelog_order import SOURCES
from fastrel.report.verdict import Verdict, blocked, decided, done, failed, manual, todo
from fastrel.text.kept_text import kept, kept_place
from fastrel.tracker.three_way import merged_text


class GenerateNotes(Action):
    name = "release.notes"
    summary = (
        "Done when the release's notes hold the list of changes that GitHub generates, or the changelog's section of "
        "the version at the tag, or both. Adds it below what people have written, once. Stops before the notes become "
        "longer than the 125,000 characters that GitHub takes."
    )
    parameters = {
        "source": "where the notes come from: " + ", ".join(f"`{one}`" for one in SOURCES) + "; the first when absent",
        **PARAMETERS,
        "cut": "`true`: notes that GitHub would not take end before that, with a link to the rest",
    }

    def check(self, context: Context) -> Verdict:
        entry, problem = find_release(context)
        parts = note_parts(context)
        if problem or not entry:
            return problem or _not_yet(context, parts)
        try:
            missing = [part.name for part in parts if not part.is_in(entry.notes)]
        except UsageError as error:
            missing, problem = [], failed(f"{error.problem} {error.next_step}", entry_link(entry))
        if not missing and not problem:
            return done(_words(parts), entry_link(entry))
        if not entry.draft:
            return done(f"{entry.tag} is published with the notes that it has", entry_link(entry))
        if context.proved and entry.notes.strip():
            return done("a person has changed the notes since they were generated", entry_link(entry))
        return problem or todo(f"the notes lack {' and '.join(missing)}", entry_link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        parts = note_parts(context)

        def add() -> None:
            if all(part.is_in(required_entry(context).notes) for part in parts):
                return
            texts = [(part, part.text()) for part in parts]
            entry = required_entry(context)  # as it is now, for the text of people
            missing = [(part, text) for part, text in texts if not part.is_in(entry.notes)]
            if not missing or not entry.draft:
                return
            notes = together(entry.notes, missing, context)
            context.repository.releases.change(entry, {"body": notes})

        generates = any(part.generates for part in parts)
        calls = [request(context, "POST", "releases/generate-notes")] if generates else []
        words = " and ".join(part.effect for part in parts)
        return Plan((Effect(words, add, calls=(*calls, change_call(context)), public=False),))

    def taken_away(self, context: Context) -> str:
        return release_taken_away(context)

    def preconditions(self, context: Context) -> tuple[str, ...]:
        entry, _ = find_release(context)
        return () if entry else tuple(filter(None, (part.too_long() for part in note_parts(context))))


class EditNotes(Action):
    name = "release.edit"
    settled_by_decision = True
    summary = "Done when a person has customised or confirmed the notes. Opens the editor, or takes `--notes-file`."

    def check(self, context: Context) -> Verdict:
        entry, problem = find_release(context)
        if problem or not entry:
            return problem or no_release(context)
        if context.decided:
            return decided(context.decided, entry_link(entry))
        return manual("a person reads the notes, and customises or confirms them", entry_link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        entry, _ = find_release(context)
        notes = entry.notes if entry else ""
        place = kept_place(context.repository.name, f"notes-{context.release.tag}.md")
        question = Question("notes", f"the notes of {context.release.tag}", kept=place)
        brought = prompter.brought(question)
        edited = _with_brought(context, notes, brought) if brought else prompter.edit(question, notes)
        if edited == notes:
            return Plan(decision="notes confirmed", kept=place)
        if len(edited) > LONGEST:
            raise UsageError(
                f"The notes have {len(edited):,} characters; GitHub takes {LONGEST:,}.",
                done="The notes on GitHub stay as they are."
                + (f" Your text is kept in {place}." if kept(place) == edited else ""),
                next_step="Make them shorter, then run the step again.",
            )
        save = Effect(
            "save the edited notes",
            lambda: _save(context, notes, edited),
            calls=(change_call(context),),
            public=not (entry and entry.draft),
            shows=lambda: _is_saved(context, notes, edited),
        )
        return Plan((save,), "notes edited", kept=place)

    def taken_away(self, context: Context) -> str:
        return release_taken_away(context)


def _save(context: Context, before: str, edited: str) -> None:
    """Save edited notes; what others changed in the meantime stays."""
    entry = required_entry(context)
    context.repository.releases.change(entry, {"body": _merged(before, edited, entry.notes)})


def _is_saved(context: Context, before: str, edited: str) -> bool:
    """Whether the notes hold what was edited, also beside what others have changed in the meantime."""
    now = required_entry(context).notes
    return same_text(now, edited) or (now != before and same_text(_merged(before, edited, now), now))


def _merged(before: str, edited: str, now: str) -> str:
    return edited if now == before else merged_text(before, edited, now)


def _with_brought(context: Context, notes: str, brought: Brought) -> str:
    """The notes with a text from a file: above what GitHub has generated, or in the place of all."""
    if brought.replaces or not notes.strip() or holds_list(context, brought.text):
        return brought.text
    own = brought.text.strip()
    return notes if own in notes else f"{own}\n\n{notes}"


def _not_yet(context: Context, parts: tuple[NotesPart, ...]) -> Verdict:
    """Blocked, and what is known already to stop it then."""
    found = no_release(context)
    problems = [one for one in (part.too_long() for part in parts) if one]
    return blocked(f"{found.summary}; {problems[0]}") if problems else found


def _words(parts: tuple[NotesPart, ...]) -> str:
    return " and ".join(("notes " if number == 0 else "") + part.origin for number, part in enumerate(parts))
