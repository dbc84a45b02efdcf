"""The changelog of the release: “Unreleased” becomes the version, before the version is committed.

It is found again by the section of the version, at the tag, at the version commit, or in the checkout.
"""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.changelog_files import (
    PARAMETERS,
    changelog_at,
    is_before,
    naming_of,
    path_of,
    read_for,
)
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.release_range import version_commit
from fastrel.actions.version.pull_request import pending_pull
from fastrel.changelog.keep_a_changelog import is_empty, new_heading, unreleased_section, with_release
from fastrel.changelog.sections import Changelog
from fastrel.errors import FastrelError, WorkRemains
from fastrel.guide.changelog_order import RELEASE
from fastrel.report.verdict import Link, Verdict, done, failed, todo


class ReleaseChangelog(Action):
    name = RELEASE
    summary = (
        "Done when the changelog has a section of the version: at the tag or on the version commit, or in the checkout "
        "before that is made. Turns “Unreleased” into the version with its date, below a new empty one, and updates "
        "the links at the end, as the changelog writes them; nothing else changes. Stops when nothing is written under "
        "“Unreleased”. `version.commit` takes the file into its commit."
    )
    needs_worktree = True
    parameters = PARAMETERS

    def check(self, context: Context) -> Verdict:
        path, version = path_of(context), context.release.version
        sha = version_commit(context)
        if sha:
            where = f"at {sha[:7]}"
            changelog = changelog_at(context, sha, where)
            link = Link(path, f"{context.repository.facts().url}/blob/{sha}/{path}")
            return _named(changelog, version, path, where, link) or failed(
                f"{path} {where} has no section of {version}", link
            )
        pull = pending_pull(context, version)
        if pull:
            where = f"in pull request #{pull.number}"
            link = Link(f"#{pull.number}", pull.url)
            changelog = changelog_at(context, pull.head_sha, where)
            return _named(changelog, version, path, where, link) or failed(
                f"{path} {where} has no section of {version}", link
            )
        worktree = context.worktree
        where = "in the checkout" if worktree else f"on {context.release.branch}"
        text = worktree.read(path) if worktree else context.repository.code.file(path, context.head)
        changelog = read_for(context, text, where)
        return _named(changelog, version, path, where) or todo(_what_is_there(context, changelog))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        worktree, naming = context.checkout, naming_of(context)
        text = worktree.read(naming.path)
        changelog = read_for(context, text, "in the checkout")
        if text is None or changelog.of(naming.version):
            return Plan()
        section = unreleased_section(changelog, naming)
        if is_empty(changelog, section):
            raise WorkRemains(
                f"Nothing is written under “{section.heading.text}” of {naming.path}, line {section.heading.line}.",
                done=f"{naming.path} was not changed.",
                next_step=f"Write there what users must know of {naming.version}, commit and push it. If there is "
                f"nothing to say, skip the step: `fastrel-checklist skip {context.step.id} --reason WORDS`.",
            )
        words = f"write “{new_heading(text, naming)}” into {naming.path}"
        if section.version is None:
            words += f", with an empty “{naming.title}” above it"

        def release() -> None:
            now = worktree.read(naming.path)
            if now is None:
                raise FastrelError(f"There is no {naming.path} any more.", done="Nothing was changed.")
            worktree.write(naming.path, with_release(now, naming))

        return Plan((Effect(words, release, public=False),))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        if context.worktree is None or version_commit(context) or pending_pull(context, context.release.version):
            return ()
        before = [
            one
            for one in context.guide.steps()
            if one.id != context.step.id and is_before(context, one) and not _is_ticked(context, one.id)
        ]
        if any(one.script for one in before):
            return ()  # a script may still write the changelog
        naming = naming_of(context)
        try:
            changelog = read_for(context, context.worktree.read(naming.path), "in the checkout")
            if changelog.of(naming.version):
                return ()
            section = unreleased_section(changelog, naming)
        except FastrelError as error:
            return (f"{error.problem} {error.next_step}",)
        if is_empty(changelog, section) and all(one.uses for one in before):
            return (
                f"Nothing is written under “{section.heading.text}” of {naming.path}, line {section.heading.line}. "
                f"Write there what users must know, or skip step {context.step.id} with a reason.",
            )
        return ()


def _named(changelog: Changelog, version: str, path: str, where: str, *links: Link) -> Verdict | None:
    """Done, when the changelog has a section of the version."""
    section = changelog.of(version)
    return done(f"{path} {where}: “{section.heading.text}”", *links) if section else None


def _what_is_there(context: Context, changelog: Changelog) -> str:
    naming = naming_of(context)
    section = unreleased_section(changelog, naming)
    if is_empty(changelog, section):
        return f"nothing is written under “{section.heading.text}” of {naming.path} yet"
    return f"“{section.heading.text}” of {naming.path} is not released yet"


def _is_ticked(context: Context, step_id: str) -> bool:
    entry = context.entries.get(step_id)
    return entry is not None and entry.ticked
