"""The role that counts for a user, and what it allows. Pure."""

from __future__ import annotations

from fastrel.github.role import Role
from fastrel.guide.model import Settings, Step


def role_of(login: str, role: Role | None, settings: Settings) -> Role | None:
    """The role that counts: GitHub's, which `maintainers` of the guide widens to `maintain` for those that it lists,
    and which `only_maintainers` narrows to `write` for everybody else. None when GitHub does not say."""
    listed = login.lower() in {one.lower() for one in settings.maintainers}
    if listed and (role is None or role.rank < Role.MAINTAIN.rank):
        return Role.MAINTAIN
    if role and settings.only_maintainers and not listed and role.rank > Role.WRITE.rank:
        return Role.WRITE
    return role


def role_problem(step: Step, login: str, role: Role, settings: Settings) -> str:
    """Why the person may not run the step; empty when they may."""
    if role.rank >= step.role.rank:
        return ""
    listed = ", as the guide lists who is a maintainer" if settings.only_maintainers and role is Role.WRITE else ""
    return f"{step.id} needs role {step.role}; {login} has {role}{listed}."
