"""The ticks of a release issue that count, by their authors: of each skip and decision GitHub is asked who wrote it.

Costs one request while everybody who wrote in the issue may make all of its ticks. Only otherwise the revisions
themselves are read. Where nothing can be executed, because there is no token or it may not write, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.roles import role_of
from fastrel.errors import FastrelError
from fastrel.github.gateway import Repository
from fastrel.github.issue_history import Editing
from fastrel.github.role import Role
from fastrel.guide.model import Guide, Settings
from fastrel.tracker.trust import Believes, made_by, unproven


def ticks_that_do_not_count(context: ReleaseContext) -> Mapping[str, str]:
    """The steps whose ticks somebody made who may not, with the reason. FastrelError when GitHub cannot be asked."""
    tracker, repository = context.tracker, context.repository
    entries = {step_id: one for step_id, one in entries_of(tracker).items() if one.ticked}
    needed = {step.id: step.role for step in context.guide.steps() if step.id in entries}
    if tracker is None or not needed or not _matters(context):
        return {}
    editors = repository.issues.editors(tracker.number)
    logins = {one.login for one in editors if not one.bot}
    repository.client.concurrently(*(lambda login=login: _granted(repository, login) for login in logins))

    def role(one: Editing) -> Role | None:
        return _role(repository, context.guide.settings, one.login, bot=one.bot)

    lowest = min((_rank(role(one)) for one in editors), default=-1)
    if lowest >= max(one.rank for one in needed.values()) and editors[-1].first:
        return {}
    history = repository.issues.editors(tracker.number, True)
    return unproven(entries, needed, made_by(history, tuple(needed)), role)


def believer(repository: Repository, guide: Guide) -> Believes:
    """Who may tick which step. Of a step that the guide does not have, nobody below a maintainer."""
    needed = {step.id: step.role for step in guide.steps()}

    def believes(login: str, bot: bool, step_id: str) -> bool:
        try:
            role = _role(repository, guide.settings, login, bot=bot)
        except FastrelError:
            return False
        return role is not None and role.rank >= needed.get(step_id, Role.MAINTAIN).rank

    return believes


def _matters(context: ReleaseContext) -> bool:
    """Whether something could be executed that relies on the ticks."""
    repository, tracker = context.repository, context.tracker
    if tracker is None or tracker.state != "open" or not repository.client.authenticated:
        return False
    role = repository.role()
    return role is None or role.rank >= Role.WRITE.rank


def _role(repository: Repository, settings: Settings, login: str, *, bot: bool) -> Role | None:
    """What somebody may tick. An app writes what somebody asked for who may; an admin installed it."""
    if bot:
        return Role.ADMIN
    return role_of(login, _granted(repository, login), settings) if login else None


def _granted(repository: Repository, login: str) -> Role | None:
    own = repository.role() if login == repository.login() else None
    return own or repository.role_of(login)


def _rank(role: Role | None) -> int:
    return -1 if role is None else role.rank
