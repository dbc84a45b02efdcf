"""Roles of people in a repository."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role on GitHub, from least to most.

    Source: https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories
    """

    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)
