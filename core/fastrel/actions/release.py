"""The GitHub release: draft, discussion, publication.

Found by listing, exactly one for the tag; then addressed by its id. Success is what the listing shows afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import UNKNOWN, request
from fastrel.actions.deduplicate import LOOKS, keep_first
from fastrel.actions.questions.prompts import Prompter
from fastrel.errors import FastrelError, NotFound
from fastrel.github.model import Comment, Discussion, ReleaseEntry
from fastrel.github.role import Role
from fastrel.guide.model import Step
from fastrel.release import parse_version, released_versions, version_of_tag
from fastrel.report.verdict import Link, Status, Verdict, blocked, decided, done, failed, todo

DISCUSSION = "discussion"
"""What the link to a release's discussion says."""


class DraftRelease(Action):
    name = "release.draft"
    summary = "Done when exactly one GitHub release, draft or published, exists for the tag. Drafts it."

    def check(self, context: Context) -> Verdict:
        entry, problem = find_release(context)
        if problem:
            return problem
        if entry:
            return done(f"{'draft' if entry.draft else 'release'} for {entry.tag}", entry_link(entry))
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

    def taken_away(self, context: Context) -> str:
        return release_taken_away(context)


class ReleaseDiscussion(Action):
    name = "release.discussion"
    settled_by_decision = True
    summary = "Done when the release has a discussion in the configured category, or publishing is going to start one."

    def check(self, context: Context) -> Verdict:
        entry, problem = find_release(context)
        if problem or not entry:
            return problem or no_release(context)
        category = context.settings.discussion_category
        if entry.discussion_url:
            link = Link(DISCUSSION, entry.discussion_url)
            reads = category and context.repository.client.authenticated
            thread = discussion_thread(context, entry) if reads else None
            if reads and thread is None:
                return failed(f"the discussion of {entry.tag} was deleted; skip the step to go on without", link)
            if thread and thread[0].category != category:
                return failed(f"the discussion of {entry.tag} is in {thread[0].category}, not in {category}", link)
            return done(f"discussion of {entry.tag}", link)
        before = discussion_before(context, entry)
        if before:
            return done(f"discussion of {entry.tag}, begun before", Link(DISCUSSION, before.url))
        if context.decided and entry.draft:
            return decided(context.decided, entry_link(entry))
        there_is = "publishing will start a" if entry.draft else "there is no"
        return todo(f"{there_is} discussion in {category}", entry_link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        category = context.settings.discussion_category
        entry, _ = find_release(context)
        if entry is None or entry.draft:
            words = f"publishing starts a discussion in {category}"
            record = Effect(f"record that {words}", lambda: None, shows=lambda: True, public=False)
            return Plan((record,), words)
        start = Effect(
            f"start the discussion in {category}",
            lambda: _start_discussion(context, category),
            calls=(change_call(context),),
        )
        return Plan((start,))

    def needed_role(self, context: Context) -> Role:
        return context.repository.discussions.role_for(context.settings.discussion_category, context.step.role)

    def taken_away(self, context: Context) -> str:
        entry, problem = find_release(context)
        if entry and not entry.draft:
            evidence = context.entry.evidence if context.entry else None
            was_there = evidence is not None and any(text == DISCUSSION for text, _ in evidence.links)
            return f"the discussion of {entry.tag}" if was_there else ""
        return "" if problem else release_taken_away(context)

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
        entry, problem = find_release(context)
        if problem or not entry:
            return problem or no_release(context)
        if entry.draft:
            return todo(f"the release for {entry.tag} is a draft", entry_link(entry))
        wrong = _wrong_mark(context, entry)
        if wrong:
            return todo(f"{entry.tag} is published, but {wrong}", entry_link(entry))
        return done(f"{entry.tag} is published", entry_link(entry))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        release, latest = context.release, _is_latest(context)
        mark = "as latest" if latest else "not as latest"
        content: dict[str, object] = {"prerelease": release.prerelease, "make_latest": "true" if latest else "false"}
        entry, _ = find_release(context)
        calls = (change_call(context),)
        if entry and not entry.draft:
            kind = "a pre-release" if release.prerelease else f"a release, {mark}"
            return Plan((Effect(f"mark {release.tag} as {kind}", lambda: _mark(context, content), calls=calls),))
        # GitHub links a release to no discussion that is there already; a second one would take its readers.
        category = "" if entry and discussion_before(context, entry) else _category(context)
        content["draft"] = False
        if category:
            content["discussion_category_name"] = category
        words = f"publish {release.tag} {mark}" + (f", with a discussion in {category}" if category else "")
        return Plan((Effect(words, lambda: _publish(context, content), calls=calls),))

    def taken_away(self, context: Context) -> str:
        entry, _ = find_release(context)
        return f"{entry.tag} as published" if entry and entry.draft else release_taken_away(context)


def release_taken_away(context: Context) -> str:
    """The release, where there is none any more."""
    entry, problem = find_release(context)
    return "" if entry or problem else f"a release for {context.release.tag}"


def release_entry(context: Context) -> ReleaseEntry | None:
    """The release for the tag, when there is exactly one."""
    return find_release(context)[0]


def required_entry(context: Context) -> ReleaseEntry:
    """The release for the tag. FastrelError when there is none, or more than one."""
    entry, problem = find_release(context)
    for seconds in LOOKS:
        if problem is None or not problem.passing:
            break
        context.pause(seconds)
        context.repository.fresh()
        entry, problem = find_release(context)
    if entry is None:
        raise FastrelError(
            problem.summary if problem else f"There is no release for {context.release.tag}.",
            done="Nothing was changed.",
            next_step="Run the step that drafts the release first.",
        )
    return entry


def discussion_thread(context: Context, entry: ReleaseEntry) -> tuple[Discussion, tuple[Comment, ...]] | None:
    """The discussion of a release that has one, with its comments; None when it was deleted. GraphQL tells it to nobody
    without a token."""
    try:
        return context.repository.discussions.thread(int(entry.discussion_url.rstrip("/").rpartition("/")[2]))
    except NotFound:
        return None


def discussion_before(context: Context, entry: ReleaseEntry) -> Discussion | None:
    """The discussion that GitHub once began for a release of this tag which was deleted since: it has the release's
    title, and somebody with write access began it."""
    repository, name = context.repository, _category(context)
    if not name or entry.discussion_url or not repository.client.authenticated:
        return None
    category = repository.discussions.category(name)
    found = repository.discussions.newest(category) if category else ()
    titles = {entry.name or entry.tag, entry.tag}
    return next((one for one in found if one.title.strip() in titles and speaks_for_project(context, one)), None)


def speaks_for_project(context: Context, by: Discussion | Comment) -> bool:
    """Whether the author has write access. GitHub is asked for it only here, and not of strangers, who may write
    anything."""
    if by.stranger or not by.author:
        return False
    repository = context.repository
    role = repository.role() if by.author == repository.login() else repository.role_of(by.author)
    return role is not None and role.rank >= Role.WRITE.rank


def find_release(context: Context) -> tuple[ReleaseEntry | None, Verdict | None]:
    """The one release of the tag, or the verdict that says why there is not one."""
    found = context.repository.releases.of_tag(context.release.tag)
    if len(found) > 1:
        drafts = sum(entry.draft for entry in found)
        summary = f"{len(found)} releases ({drafts} drafts) for {context.release.tag}; delete all but one"
        # While two draft it at the same moment, one of them takes theirs back.
        return None, replace(failed(summary, *map(entry_link, found)), passing=drafts > 0)
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
        if now := untouched(made, releases.of_tag(tag)):
            releases.delete(now)

    for seconds in LOOKS:
        context.pause(seconds)
        context.repository.fresh()
        found = [one.id for one in releases.of_tag(tag)]
        if len(found) < 2 or keep_first(made.id, found, take_back, words="the draft", url=made.url):
            return


def untouched(made: ReleaseEntry, found: Sequence[ReleaseEntry]) -> ReleaseEntry | None:
    """The draft that was made, as it is found now; None when somebody has worked on it, published it or deleted it."""
    now = next((one for one in found if one.id == made.id), None)
    if now and (now.draft, now.name, now.notes, now.assets) == (made.draft, made.name, made.notes, made.assets):
        return now
    return None


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


def change_call(context: Context) -> str:
    """The request that changes the release; it has no number before it is drafted."""
    entry, _ = find_release(context)
    return request(context, "PATCH", f"releases/{entry.id if entry else UNKNOWN}")


def no_release(context: Context) -> Verdict:
    return blocked(f"there is no release for {context.release.tag} yet")


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


def entry_link(entry: ReleaseEntry) -> Link:
    return Link(entry.name or entry.tag, entry.url)
