"""The changelogs that a guide releases: where they are, what they say at a commit, and what is written into them."""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.action import Context
from fastrel.changelog.checkup import DEFAULT, SUFFIXES, default_path
from fastrel.changelog.keep_a_changelog import Naming
from fastrel.changelog.sections import Changelog, read_changelog
from fastrel.changelog.title import UNRELEASED
from fastrel.errors import UsageError, WorkRemains
from fastrel.git.worktree import Worktree
from fastrel.guide.changelog_order import RELEASE
from fastrel.guide.model import Step

PARAMETERS = {
    "file": f"path of the changelog, a Markdown page; `{DEFAULT}` in the folder that is released when absent",
    "heading": f"what the heading of the changes to come says, `{UNRELEASED}` when absent",
}


def path_of(context: Context) -> str:
    """The changelog that a step names. UsageError when it is none that can be read."""
    path = context.parameter("file", default_path(context.settings.path))
    if not path.lower().endswith(SUFFIXES):
        raise UsageError(
            f"{path} is not a Markdown page.",
            done="It was not changed.",
            next_step="Name one with `file=` in the guide; a changelog of another form is written by a script.",
        )
    return path


def naming_of(context: Context) -> Naming:
    """How the changelog and the release are named. Days are those of whoever runs the step, as in git's commits."""
    release = context.release
    return Naming(
        path_of(context),
        context.parameter("heading", UNRELEASED),
        release.version,
        release.tag,
        context.settings.tag,
        context.now.astimezone().date(),
    )


def read_for(context: Context, text: str | None, where: str) -> Changelog:
    """A changelog from its text. UsageError when there is no file."""
    naming = naming_of(context)
    if text is None:
        raise UsageError(
            f"There is no {naming.path} {where}.",
            done="Nothing was changed.",
            next_step="Name the changelog with `file=` in the guide.",
        )
    return read_changelog(text, naming.title)


def changelog_at(context: Context, revision: str, where: str) -> Changelog:
    """A changelog at a commit, tag or branch of the remote."""
    return read_for(context, context.repository.code.file(path_of(context), revision), where)


def changelog_steps(context: Context) -> tuple[Context, ...]:
    """The steps of the guide that release a changelog and are not skipped."""
    steps = [one for one in context.guide.steps() if RELEASE in one.actions and not context.skip(one)]
    return tuple(replace(context, step=one) for one in steps)


def is_before(context: Context, step: Step) -> bool:
    """Whether a step of the guide comes before the one of the context, or is the same."""
    order = [one.id for one in context.guide.steps()]
    return order.index(step.id) <= order.index(context.step.id)


def changelogs_to_commit(context: Context) -> tuple[Context, ...]:
    """The changelogs that the version commit holds: those that are released before it."""
    return tuple(one for one in changelog_steps(context) if is_before(context, one.step))


def released_in(context: Context, worktree: Worktree) -> tuple[str, ...]:
    """Paths of the changelogs of the guide that name the version in a checkout."""
    paths = []
    for one in changelog_steps(context):
        text = worktree.read(path_of(one))
        if text is not None and read_for(one, text, "").of(context.release.version):
            paths.append(path_of(one))
    return tuple(dict.fromkeys(paths))


def require_released(context: Context, worktree: Worktree) -> None:
    """WorkRemains when a changelog that belongs into the version commit does not name the version yet."""
    there = released_in(context, worktree)
    for one in changelogs_to_commit(context) if "version.commit" in context.step.actions else ():
        if path_of(one) not in there:
            raise WorkRemains(
                f"{path_of(one)} does not name {context.release.version} yet.",
                done="Nothing was committed.",
                next_step=f"Run step {one.step.id} first, or skip it with a reason.",
            )


def unnamed(context: Context, commit: str) -> Context | None:
    """The first changelog of an earlier step that does not name the version at a commit; None when all do."""
    for one in changelogs_to_commit(context):
        if not changelog_at(one, commit, f"at {commit[:7]}").of(context.release.version):
            return one
    return None


def require_named(context: Context, commit: str) -> None:
    """WorkRemains when a changelog of an earlier step does not name the version at a commit that is to be tagged."""
    one = unnamed(context, commit)
    if one:
        raise WorkRemains(
            f"{path_of(one)} does not name {context.release.version} at {commit[:7]}, which would be tagged.",
            done="No tag was made.",
            next_step=f"Run step {one.step.id} and commit the changelog, or skip that step with a reason.",
        )
