"""What must hold before the first effect of a run: roles, checkout, and what the steps themselves know.

Everything is collected and reported together; nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.actions.action import Context
from fastrel.actions.registry import action_of
from fastrel.errors import FastrelError, UsageError
from fastrel.evaluation import World
from fastrel.guide.model import Role, Settings, Step
from fastrel.version_file import place_of_version
from fastrel.worktree import Worktree


def role_of(login: str, role: Role | None, settings: Settings) -> Role | None:
    """The role that counts: GitHub's, or `maintain` for a login that the guide lists under `maintainers`."""
    listed = login.lower() in {one.lower() for one in settings.maintainers}
    if listed and (role is None or role.rank < Role.MAINTAIN.rank):
        return Role.MAINTAIN
    return role


def role_problem(step: Step, login: str, role: Role | None) -> str:
    """Why the person may not run the step; empty when they may."""
    if role is None:
        return f"{step.id} needs role {step.role}; GitHub does not say which role {login} has."
    if role.rank < step.role.rank:
        return f"{step.id} needs role {step.role}; {login} has {role}."
    return ""


def problems_before(world: World, contexts: Sequence[Context]) -> list[str]:
    """What stands in the way of running these steps, in the order in which a person would mend it."""
    problems: list[str] = []
    acting = [one for one in contexts if action_of(one.step).needs_worktree]
    if acting:
        problems += _checkout_problems(world, acting)
    for context in contexts:
        try:
            found = action_of(context.step).preconditions(context) if not (problems and context in acting) else ()
        except FastrelError as error:
            found = (error.problem,)
        problems += [f"{context.step.id}: {one}" for one in found]
    return list(dict.fromkeys(problems))


def _checkout_problems(world: World, acting: Sequence[Context]) -> list[str]:
    worktree, branch = world.worktree, world.release.branch
    if worktree is None:
        names = ", ".join(one.step.id for one in acting[:3])
        return [f"This is not a git checkout of {world.repository.name}, which {names} need."]
    try:
        remote = worktree.remote_of(world.repository.name)
    except UsageError as error:
        return [f"{error.problem} {error.next_step}"]
    problems = []
    current = worktree.branch()
    if current != branch:
        where = f"on branch {current}" if current else "on no branch (detached HEAD)"
        problems.append(f"The checkout is {where}, not on {branch}. Type `git switch {branch}`.")
    dirty = _changed_by_others(world, worktree)
    if dirty:
        problems.append(f"The checkout has uncommitted changes: {', '.join(dirty[:5])}. Commit or stash them.")
    if current == branch:
        problems += _distance_problems(world, worktree, remote)
    if not worktree.identity():
        problems.append("Git does not know who you are. Set `git config user.name` and `user.email`.")
    return problems


def _changed_by_others(world: World, worktree: Worktree) -> list[str]:
    """Changed files, without version files whose only change is the version that this release gives them."""
    ours = {world.release.version, world.release.dev_version}
    files = {file.path: file for file in world.guide.settings.version_files}
    changed = []
    for path in worktree.changed_files():
        file, now, before = files.get(path), worktree.read(path), worktree.committed(path)
        if (
            file is None
            or now is None
            or before is None
            or not _only_version_differs(file.path, now, before, ours, world)
        ):
            changed.append(path)
    return changed


def _only_version_differs(path: str, now: str, before: str, ours: set[str], world: World) -> bool:
    file = next(one for one in world.guide.settings.version_files if one.path == path)
    try:
        new, old = place_of_version(file, now), place_of_version(file, before)
    except UsageError:
        return False
    same = now[: new.start] == before[: old.start] and now[new.end :] == before[old.end :]
    return same and new.value in ours


def _distance_problems(world: World, worktree: Worktree, remote: str) -> list[str]:
    branch = world.release.branch
    there, here = worktree.remote_head(remote, branch), worktree.head()
    if there == here:
        return []
    if not there:
        return [f"{remote} has no branch {branch}."]
    if not worktree.has_commit(there) or not worktree.is_ancestor(there, here):
        if worktree.has_commit(there) and worktree.is_ancestor(here, there):
            return [f"The checkout is behind {remote}/{branch}. Type `git pull --ff-only`."]
        return [
            f"The checkout does not have the newest commits of {remote}/{branch} ({there[:7]}). "
            "Type `git pull --ff-only`; if that fails, the branches have diverged."
        ]
    ours = (
        f"Bump version to {world.release.version}",
        f"Start development on version {world.release.next_version}",
    )
    ahead = worktree.headlines(there, here)
    if all(headline in ours for headline in ahead):
        return []  # An earlier run committed and was stopped before it pushed.
    return [f"The checkout is {len(ahead)} commits ahead of {remote}/{branch}. Push them or move them to a branch."]
