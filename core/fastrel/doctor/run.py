"""Runs the examination: two rounds of requests, however much is examined; an error does not end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fastrel.doctor import access, automation, checkout, packages, project
from fastrel.doctor.finding import Finding, Health, unknown
from fastrel.doctor.subject import Subject, reads_of
from fastrel.errors import FastrelError, NotAuthenticated
from fastrel.github.token import TokenFacts, read_token
from fastrel.github.transport.failures import Unusable

SCHEMA = "fastrel.doctor/1"
Check = Callable[[Subject], Finding]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, by group, and how many requests it took."""

    groups: tuple[tuple[str, tuple[Finding, ...]], ...]
    requests: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one for _, findings in self.groups for one in findings)

    @property
    def healthy(self) -> bool:
        return all(one.health is not Health.PROBLEM for one in self.findings)


def examine(subject: Subject) -> Examined:
    """Look at everything. Never fails: what cannot be found out is unknown."""
    facts = _token_facts(subject)
    client = subject.client
    if isinstance(facts, FastrelError) and not isinstance(facts, NotAuthenticated):
        # Each of them would fail in the same way, and slowly.
        answered = [(name, tuple(_unasked(subject, check) for check in checks)) for name, checks in ON_GITHUB]
    else:
        client.concurrently(*reads_of(subject))
        answered = [(name, tuple(client.each(partial(_checked, subject), checks))) for name, checks in ON_GITHUB]
    signing_in = tuple(
        _checked(subject, partial(check, facts=facts), name)
        for name, check in (
            ("server", access.server_check),
            ("token", access.token_check),
            ("scopes", access.scopes_check),
        )
    )
    local = [(name, tuple(_checked(subject, check) for check in checks)) for name, checks in HERE]
    (access_name, first), *rest = answered
    groups = ((access_name, signing_in + first), *rest, *local)
    return Examined(groups, client.requests)


ON_GITHUB: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("Access", (access.repository_check, access.role_check)),
    (
        "Project",
        (
            project.branch_check,
            project.protection_check,
            project.tracker_label_check,
            project.labels_check,
            project.milestone_check,
            project.discussions_check,
            project.release_notes_check,
        ),
    ),
    ("GitHub Actions", (automation.actions_check, automation.actions_token_check)),
)
HERE: tuple[tuple[str, tuple[Check, ...]], ...] = (
    (
        "Here",
        (
            project.guide_check,
            project.version_files_check,
            project.lock_files_check,
            project.changelog_check,
            project.tag_workflows_check,
            automation.workflow_check,
            checkout.remote_check,
            checkout.checkout_check,
            checkout.git_check,
            checkout.identity_check,
            checkout.signing_check,
            packages.packages_check,
            packages.docs_check,
        ),
    ),
)
"""What needs no network; the checks of version files and locks read from GitHub where there is no checkout."""


def examination_json(examined: Examined, subject: Subject) -> dict[str, object]:
    """The documented form."""
    return {
        "schema": SCHEMA,
        "healthy": examined.healthy,
        "repository": subject.repository.name if subject.repository else None,
        "guide": subject.guide_path if subject.guide else None,
        "requests": examined.requests,
        "checks": [
            {"id": one.name, "group": group, "health": one.health.value, "summary": one.summary, "mend": one.mend}
            for group, findings in examined.groups
            for one in findings
        ],
    }


def _token_facts(subject: Subject) -> TokenFacts | FastrelError:
    try:
        return read_token(subject.client)
    except FastrelError as error:
        return error


def _checked(subject: Subject, check: Check, name: str = "") -> Finding:
    try:
        return check(subject)
    except Unusable as error:
        # `repository` has said what to do.
        return unknown(name or _name(check), f"{error.problem.rstrip('.')}; see repository")
    except FastrelError as error:
        return unknown(name or _name(check), error.problem, error.next_step)


def _unasked(subject: Subject, check: Check) -> Finding:
    if check is access.repository_check and subject.repository is None:
        return _checked(subject, check)  # GitHub would not know it either
    return unknown(_name(check), "GitHub could not be asked")


def _name(check: Check) -> str:
    return str(getattr(check, "__name__", "check")).removesuffix("_check").replace("_", "-")
