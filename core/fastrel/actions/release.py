"""The GitHub release: draft, notes, discussion, publication.

Found by listing, exactly one for the tag; then addressed by its id. Success is what the listing shows afterwards.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import UNKNOWN, request
from fastrel.actions.deduplicate import LOOKS, keep_first
from fastrel.actions.package_notes import notes_of_pulls
from fastrel.actions.prompts import Brought, Prompter, Question
from fastrel.actions.pulls import merged_pulls
from fastrel.errors import FastrelError, UsageError
from fastrel.github.issue_history import same_text
from fastrel.github.model import Comment, Discussion, ReleaseEntry
from fastrel.github.role import Role
from fastrel.guide.model import Step
from fastrel.release import parse_version, released_versions, version_of_tag
from fastrel.report.verdict import Link, Status, Verdict, blocked, decided, done, failed, manual, todo
from fastrel.text.kept_text import kept, kept_place
from fastrel.tracker.three_way import merged_text

LONGEST_NOTES = 125_000
"""Characters of a release's notes; GitHub answers 422 to more: `body is too long (maximum is 125000 characters)`."""
_GENERATED = re.compile(
    r"^[*-] .* by @\S+ in \S+/pull/\d+\s*$|^<!-- Release notes generated using configuration in ", re.MULTILINE
)
"""A line of a list that GitHub has generated, or the comment above one."""


class DraftRelease(Action):
    name = "release.draft"
    summary = "Done when exactly one GitHub release, draft or published, exists for the tag. Drafts it."

    def check(self, context: Context) -> Verdict:
        entry, problem = _find(context)
        if problem:
            return problem
        if entry:
            return done(f"{'draft' if entry.draft else 'release'} for {entry.tag}", _link(entry))
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        return todo(f"there is no release for {context.release.tag}")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        tag, prerelease = context.release.tag, context.release.prerelease
        draft = Effect(
            f"draft a {'pre-release' if prerelease else 'release'} for {tag}",
            lambda: _draft(context),
            calls=(request(context, "POST", "releases"),),
            public=False,
        )
        return Plan((draft,))


class GenerateNotes(Action):
    name = "release.notes"
    summary = (
        "Done when the release's notes hold the list of changes that GitHub generates. Adds it below what "
        "people have written."
    )

    def check(self, context: Context) -> Verdict:
        entry, problem = _find(context)
        if problem or not entry:
            return problem or _no_release(context)
        if _holds_list(context, entry.notes):
            return done(f"notes since {context.release.previous_tag or 'the beginning'}", _link(entry))
        if not entry.draft:
            return done(f"{entry.tag} is published with the notes that it has", _link(entry))
        if context.proved and entry.notes.strip():
            return done("a person has changed the notes since they were generated", _link(entry))
        return todo("the notes lack the generated list of changes", _link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        release = context.release

        def generate() -> None:
            if _holds_list(context, required_entry(context).notes):
                return
            generated = context.repository.releases.generated_notes(release.tag, release.previous_tag)
            if context.settings.path:
                generated = notes_of_pulls(generated, [one.number for one in merged_pulls(context)])
            if not _holds_list(context, generated):
                generated = f"{generated.rstrip()}\n\n{_marker(context)}"
            entry = required_entry(context)  # as it is now, for the text of people
            if _holds_list(context, entry.notes) or not entry.draft:
                return
            # What people have written stays, above the generated list.
            notes = f"{entry.notes.rstrip()}\n\n{generated}" if entry.notes.strip() else generated
            context.repository.releases.change(entry, {"body": notes})

        return Plan(
            (
                Effect(
                    f"generate notes since {release.previous_tag or 'the beginning'}",
                    generate,
                    calls=(request(context, "POST", "releases/generate-notes"), _change_call(context)),
                    public=False,
                ),
            )
        )


class EditNotes(Action):
    name = "release.edit"
    settled_by_decision = True
    summary = "Done when a person has customised or confirmed the notes. Opens the editor, or takes `--notes-file`."

    def check(self, context: Context) -> Verdict:
        entry, problem = _find(context)
        if problem or not entry:
            return problem or _no_release(context)
        if context.decided:
            return decided(context.decided, _link(entry))
        return manual("a person reads the notes, and customises or confirms them", _link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        entry, _ = _find(context)
        notes = entry.notes if entry else ""
        place = kept_place(context.repository.name, f"notes-{context.release.tag}.md")
        question = Question("notes", f"the notes of {context.release.tag}", kept=place)
        brought = prompter.brought(question)
        edited = _with_brought(context, notes, brought) if brought else prompter.edit(question, notes)
        if edited == notes:
            return Plan(decision="notes confirmed", kept=place)
        if len(edited) > LONGEST_NOTES:
            raise UsageError(
                f"The notes have {len(edited):,} characters; GitHub takes {LONGEST_NOTES:,}.",
                done="The notes on GitHub stay as they are."
                + (f" Your text is kept in {place}." if kept(place) == edited else ""),
                next_step="Make them shorter, then run the step again.",
            )
        save = Effect(
            "save the edited notes",
            lambda: _save(context, notes, edited),
            calls=(_change_call(context),),
            public=not (entry and entry.draft),
            shows=lambda: _is_saved(context, notes, edited),
        )
        return Plan((save,), "notes edited", kept=place)


class ReleaseDiscussion(Action):
    name = "release.discussion"
    settled_by_decision = True
    summary = "Done when the release has a discussion in the configured category, or publishing is going to start one."

    def check(self, context: Context) -> Verdict:
        entry, problem = _find(context)
        if problem or not entry:
            return problem or _no_release(context)
        category = context.settings.discussion_category
        if entry.discussion_url:
            link = Link("discussion", entry.discussion_url)
            thread = discussion_thread(context, entry) if category and context.repository.client.authenticated else None
            if thread and thread[0].category != category:
                return failed(f"the discussion of {entry.tag} is in {thread[0].category}, not in {category}", link)
            return done(f"discussion of {entry.tag}", link)
        if context.decided and entry.draft:
            return decided(context.decided, _link(entry))
        there_is = "publishing will start a" if entry.draft else "there is no"
        return todo(f"{there_is} discussion in {category}", _link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        category = context.settings.discussion_category
        entry, _ = _find(context)
        if entry is None or entry.draft:
            words = f"publishing starts a discussion in {category}"
            record = Effect(f"record that {words}", lambda: None, shows=lambda: True, public=False)
            return Plan((record,), words)
        start = Effect(
            f"start the discussion in {category}",
            lambda: _start_discussion(context, category),
            calls=(_change_call(context),),
        )
        return Plan((start,))

    def needed_role(self, context: Context) -> Role:
        return context.repository.discussions.role_for(context.settings.discussion_category, context.step.role)

    def preconditions(self, context: Context) -> tuple[str, ...]:
        category = context.settings.discussion_category
        if not category:
            return ("The guide names no discussion_category.",)
        if not context.repository.discussions.enabled():
            return (f"Discussions are disabled in {context.repository.name}; enable them in its settings.",)
        known = [one.name for one in context.repository.discussions.categories()]
        if category in known:
            return ()
        return (f"There is no discussion category “{category}”; there are: {', '.join(known) or 'none'}.",)


class PublishRelease(Action):
    name = "release.publish"
    summary = (
        "Done when the release is published, as latest unless it is a pre-release or of an older line. Publishes it, "
        "or corrects how it is marked; what is published later changes nothing."
    )

    def needed_role(self, context: Context) -> Role:
        return context.repository.discussions.role_for(_category(context), context.step.role)

    def check(self, context: Context) -> Verdict:
        entry, problem = _find(context)
        if problem or not entry:
            return problem or _no_release(context)
        if entry.draft:
            return todo(f"the release for {entry.tag} is a draft", _link(entry))
        wrong = _wrong_mark(context, entry)
        if wrong:
            return todo(f"{entry.tag} is published, but {wrong}", _link(entry))
        return done(f"{entry.tag} is published", _link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        release, latest = context.release, _is_latest(context)
        mark = "as latest" if latest else "not as latest"
        content: dict[str, object] = {"prerelease": release.prerelease, "make_latest": "true" if latest else "false"}
        entry, _ = _find(context)
        calls = (_change_call(context),)
        if entry and not entry.draft:
            kind = "a pre-release" if release.prerelease else f"a release, {mark}"
            return Plan((Effect(f"mark {release.tag} as {kind}", lambda: _mark(context, content), calls=calls),))
        category = _category(context)
        content["draft"] = False
        if category:
            content["discussion_category_name"] = category
        words = f"publish {release.tag} {mark}" + (f", with a discussion in {category}" if category else "")
        return Plan((Effect(words, lambda: _publish(context, content), calls=calls),))


def release_entry(context: Context) -> ReleaseEntry | None:
    """The release for the tag, when there is exactly one."""
    return _find(context)[0]


def required_entry(context: Context) -> ReleaseEntry:
    """The release for the tag. FastrelError when there is none, or more than one."""
    entry, problem = _find(context)
    for seconds in LOOKS:
        if problem is None or not problem.passing:
            break
        context.pause(seconds)
        context.repository.fresh()
        entry, problem = _find(context)
    if entry is None:
        raise FastrelError(
            problem.summary if problem else f"There is no release for {context.release.tag}.",
            done="Nothing was changed.",
            next_step="Run the step that drafts the release first.",
        )
    return entry


def discussion_thread(context: Context, entry: ReleaseEntry) -> tuple[Discussion, tuple[Comment, ...]]:
    """The discussion of a release that has one, with its comments. GraphQL tells it to nobody without a token."""
    return context.repository.discussions.thread(int(entry.discussion_url.rstrip("/").rpartition("/")[2]))


def _find(context: Context) -> tuple[ReleaseEntry | None, Verdict | None]:
    """The one release of the tag, or the verdict that says why there is not one."""
    found = context.repository.releases.of_tag(context.release.tag)
    if len(found) > 1:
        drafts = sum(entry.draft for entry in found)
        summary = f"{len(found)} releases ({drafts} drafts) for {context.release.tag}; delete all but one"
        # While two draft it at the same moment, one of them takes theirs back.
        return None, replace(failed(summary, *map(_link, found)), passing=drafts > 0)
    if not found and _may_be_hidden(context):
        words = "the tick says that there is a draft, which only a token with write access would show"
        return None, Verdict(Status.UNKNOWN, words)
    return (found[0] if found else None), None


def _may_be_hidden(context: Context) -> bool:
    """Whether there may be a draft that GitHub does not show. What the token of an app may do, GitHub does not tell."""
    entry, repository = context.entry, context.repository
    if entry is None or not entry.ticked or context.release.tag not in repository.code.tags():
        return False
    role = repository.facts().role
    return role is None or role.rank < Role.WRITE.rank or repository.login().endswith("[bot]")


def _draft(context: Context) -> None:
    releases, tag = context.repository.releases, context.release.tag
    if releases.of_tag(tag):
        return
    made = releases.create_draft(tag, prerelease=context.release.prerelease)

    def take_back() -> None:
        # Nobody has worked on it yet, or it stays.
        now = next((one for one in releases.of_tag(tag) if one.id == made.id), None)
        if now and (now.draft, now.notes, now.assets) == (made.draft, made.notes, made.assets):
            releases.delete(now)

    for seconds in LOOKS:
        context.pause(seconds)
        context.repository.fresh()
        found = [one.id for one in releases.of_tag(tag)]
        if len(found) < 2 or keep_first(made.id, found, take_back, words="the draft", url=made.url):
            return


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
    if brought.replaces or not notes.strip() or _holds_list(context, brought.text):
        return brought.text
    own = brought.text.strip()
    return notes if own in notes else f"{own}\n\n{notes}"


def _start_discussion(context: Context, category: str) -> None:
    entry = required_entry(context)
    if not entry.discussion_url:
        context.repository.releases.change(entry, {"discussion_category_name": category})


def _publish(context: Context, content: dict[str, object]) -> None:
    entry = required_entry(context)
    if entry.draft:
        context.repository.releases.change(entry, content)


def _mark(context: Context, content: dict[str, object]) -> None:
    entry = required_entry(context)
    if _wrong_mark(context, entry):
        context.repository.releases.change(entry, content)


def _change_call(context: Context) -> str:
    """The request that changes the release; it has no number before it is drafted."""
    entry, _ = _find(context)
    return request(context, "PATCH", f"releases/{entry.id if entry else UNKNOWN}")


def _no_release(context: Context) -> Verdict:
    return blocked(f"there is no release for {context.release.tag} yet")


def _marker(context: Context) -> str:
    """What stands below a generated list that has no mark of GitHub's own."""
    return f"<!-- changes since {context.release.previous_tag or 'the beginning'} -->"


def _holds_list(context: Context, notes: str) -> bool:
    """Whether notes hold a generated list, also one of which a person has removed the link below."""
    tag, previous = context.release.tag, context.release.previous_tag
    link = f"/compare/{previous}...{tag}" if previous else f"/commits/{tag}"
    by_link = re.search(rf"{re.escape(link)}(?![\w.+-]*[\w+])", unquote(notes))
    return _marker(context) in notes or by_link is not None or _GENERATED.search(notes) is not None


def _is_latest(context: Context) -> bool:
    if context.release.prerelease:
        return False
    naming = context.settings.naming
    released = released_versions(context.repository.code.tags(), naming)
    own = parse_version(context.release.version, naming.scheme)
    return all(one <= own for one in released if not one.prerelease)


def _wrong_mark(context: Context, entry: ReleaseEntry) -> str:
    """What is wrong with the marks of a published release; empty when nothing is.

    Which one is the latest is judged as at its publication: what is published later has a step of its own.
    """
    if entry.prerelease != context.release.prerelease:
        return "as a pre-release" if entry.prerelease else "not as a pre-release"
    if entry.prerelease:
        return ""
    latest = context.repository.releases.latest()
    if latest and latest.id == entry.id:
        above = next((one for one in _published_above(context) if not one.is_newer_than(entry)), None)
        return f"as latest, though there is {above.tag}" if above else ""
    if not _is_latest(context) or (latest and latest.is_newer_than(entry)):
        return ""
    return f"not as latest, which is {latest.tag}" if latest else "not as latest"


def _published_above(context: Context) -> list[ReleaseEntry]:
    """The published releases of higher versions, without pre-releases."""
    naming = context.settings.naming
    own = parse_version(context.release.version, naming.scheme)
    found = [(one, version_of_tag(one.tag, naming)) for one in context.repository.releases.all()]
    return [
        one
        for one, version in found
        if version and version > own and not (version.prerelease or one.prerelease or one.draft)
    ]


def discussion_steps(context: Context) -> list[Step]:
    """The steps of the guide that ask for a discussion of the release."""
    return [step for step in context.guide.steps() if ReleaseDiscussion.name in step.actions]


def _category(context: Context) -> str:
    """The category of the release's discussion, when a step asks for one that is not skipped."""
    wanted = any(not context.skip(step) for step in discussion_steps(context))
    return context.settings.discussion_category if wanted else ""


def _link(entry: ReleaseEntry) -> Link:
    return Link(entry.name or entry.tag, entry.url)
