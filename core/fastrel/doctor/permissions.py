"""What each kind of token needs for a guide, and what it cannot do whatever it is given.

Source: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens and
https://docs.github.com/en/actions/security-for-github-actions/security-guides/automatic-token-authentication
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from fastrel.doctor.finding import Finding, problem, unknown, warning
from fastrel.doctor.subject import Subject
from fastrel.errors import FastrelError, NotAllowed, NotFound
from fastrel.github.gateway import Repository
from fastrel.github.token import TokenFacts
from fastrel.github.transport.addresses import web_address


class Kind(Enum):
    """A kind of token, by the letters that it begins with.

    Source: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
    """

    CLASSIC = "ghp_", "a classic token"
    FINE_GRAINED = "github_pat_", "a fine-grained token"
    LOGIN = "gho_", "the token of a login"
    APP = "ghs_", "the token of an app"
    APP_USER = "ghu_", "the token of an app's user"
    OTHER = "", "a token"

    @property
    def words(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that actions need whose names begin so."""

    prefix: str
    name: str
    """As a workflow's `permissions:` has it."""
    label: str
    """As GitHub's page for tokens has it."""
    write: bool
    parameter: str = ""
    """Only where the step has this parameter."""


NEEDS = (
    Need("", "contents", "Contents", False),
    Need("", "issues", "Issues", True),
    Need("tag.", "contents", "Contents", True),
    Need("version.", "contents", "Contents", True),
    Need("release.", "contents", "Contents", True),
    Need("", "pull-requests", "Pull requests", False),
    Need("version.commit", "pull-requests", "Pull requests", True),
    Need("pulls.", "pull-requests", "Pull requests", True),
    Need("milestone.pulls", "pull-requests", "Pull requests", True),
    Need("ci.", "actions", "Actions", False),
    Need("ci.", "actions", "Actions", True, "dispatch"),
    Need("tag.push", "actions", "Actions", True, "dispatch"),
    Need("ci.", "statuses", "Commit statuses", False),
    Need("ci.", "checks", "Checks", False),
    Need("discussion.", "discussions", "Discussions", True),
    Need("release.discussion", "discussions", "Discussions", True),
    Need("site.", "deployments", "Deployments", False, "environment"),
)
CHECKS = "checks"
"""Of which fine-grained tokens have no permission: https://github.com/orgs/community/discussions/129512"""
Probe = Callable[[Repository, str], object]
PROBES: dict[str, Probe] = {
    "contents": lambda repository, branch: repository.client.get_list(
        f"/repos/{repository.name}/git/matching-refs/tags/"
    ),
    "issues": lambda repository, branch: repository.issues.labels(),
    "pull-requests": lambda repository, branch: repository.client.get_list(
        f"/repos/{repository.name}/pulls", per_page="1"
    ),
    "actions": lambda repository, branch: repository.client.get(f"/repos/{repository.name}/actions/runs", per_page="1"),
    "statuses": lambda repository, branch: repository.ci.statuses(branch),
    "deployments": lambda repository, branch: repository.client.get_list(
        f"/repos/{repository.name}/deployments", per_page="1"
    ),
}
"""A read that takes the permission in a private repository. Whether a token may write GitHub tells only by a change."""


def kind_of(token: str, facts: TokenFacts, login: str) -> Kind:
    """The kind by the token's first letters; where they say nothing, by what GitHub answers."""
    for kind in Kind:
        if kind is not Kind.OTHER and token.startswith(kind.value[0]):
            return kind
    return Kind.APP if login.endswith("[bot]") else Kind.OTHER


def permissions_check(subject: Subject, kind: Kind) -> Finding:
    """For a token with permissions in the place of scopes: which reads are refused, and what it needs for the guide."""
    private = bool(subject.repository and subject.repository.facts().private)
    give = what_to_give(subject, kind)
    missing = _refused(subject) if private else []
    if missing:
        names = ", ".join(f"{one.label}: Read-only" for one in missing)
        return problem("scopes", f"{kind.words} lacks {names}, so steps of the guide cannot be verified", give)
    if kind is not Kind.APP and private and subject.uses("ci."):
        words = "no fine-grained token reads the checks of other apps than GitHub Actions in a private repository"
        return warning("scopes", f"{words}; its other permissions GitHub does not list", give)
    if kind is Kind.APP:
        return unknown(
            "scopes", "GitHub does not list the permissions of an app's token; it has no role of its own", give
        )
    return unknown("scopes", "GitHub does not list the permissions of this kind of token", give)


def what_to_give(subject: Subject, kind: Kind) -> str:
    """What to write into a workflow, or to tick on GitHub's page for tokens, for the steps of this guide."""
    needed = needs_of(subject)
    if kind is Kind.APP:
        listed = ", ".join(f"{one.name}: {'write' if one.write else 'read'}" for one in needed)
        return (
            f"For this guide a workflow needs `permissions:` {listed}. Its token starts no workflow by what it pushes "
            "(see `dispatch=`), and cannot push changes of workflow files; its role is that of whoever asks, or of "
            "`maintainers:` in the guide."
        )
    labels = "; ".join(
        f"{one.label}: {'Read and write' if one.write else 'Read-only'}" for one in needed if one.name != CHECKS
    )
    page = f"{web_address(subject.connection.api_url)}/settings/personal-access-tokens"
    classic = "A classic token needs the scope repo, and workflow where commits change workflow files."
    return f"A fine-grained token needs for this guide ({page}, Repository permissions): {labels}. {classic}"


def needs_of(subject: Subject) -> list[Need]:
    """The permissions for the guide's steps, each once, with write where one of them needs it."""
    found: dict[str, Need] = {}
    for need in NEEDS:
        wanted = not need.prefix or any(
            action.startswith(need.prefix) and (not need.parameter or need.parameter in step.params)
            for step in subject.steps
            for action in step.actions
        )
        if wanted and (need.name not in found or need.write):
            found[need.name] = need
    return sorted(found.values(), key=lambda one: one.label)


def _refused(subject: Subject) -> list[Need]:
    """The needs whose reads GitHub refuses this token."""
    repository, branch = subject.repository, subject.settings.branch
    if repository is None:
        return []

    def is_refused(need: Need) -> bool:
        try:
            PROBES[need.name](repository, branch)
        except (NotAllowed, NotFound):
            return True
        except FastrelError:
            return False
        return False

    probed = [one for one in needs_of(subject) if one.name in PROBES]
    return [one for one, refused in zip(probed, repository.client.each(is_refused, probed), strict=True) if refused]
