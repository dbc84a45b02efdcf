"""Token, permissions, role, and whether GitHub can be reached."""

from __future__ import annotations

from datetime import timedelta

from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.permissions import Kind, kind_of, permissions_check, what_to_give
from fastrel.doctor.subject import Subject
from fastrel.engine.roles import role_of, role_problem
from fastrel.errors import FastrelError, NotAuthenticated, NotFound
from fastrel.github.token import TokenFacts
from fastrel.github.transport.addresses import other_server_words
from fastrel.github.transport.failures import ASK_SUPPORT, SIGN_IN, UNARCHIVE, Unusable
from fastrel.github.transport.server import OLDEST, is_too_old

SOON = timedelta(days=14)
FEW = 200
"""Requests; a run makes a few for each step."""


def token_check(subject: Subject, facts: TokenFacts | FastrelError) -> Finding:
    token, source = subject.connection.token, subject.connection.source
    if not token:
        return problem("token", "there is no token: everything can be read, as slowly as GitHub allows", SIGN_IN)
    if isinstance(facts, NotAuthenticated):
        return problem("token", f"GitHub does not accept the token of {source}", SIGN_IN)
    if isinstance(facts, FastrelError):
        return unknown("token", f"there is a token in {source}, but GitHub could not be asked about it")
    kind = kind_of(token, facts, "").words
    login = subject.repository.login() if subject.repository else ""
    whose = f" of {login}" if login else ""
    if facts.expires is None:
        return ok("token", f"{kind}{whose}, from {source}")
    day = f"{facts.expires:%Y-%m-%d}"
    if facts.expires - subject.now < SOON:
        return warning(
            "token",
            f"{kind}{whose}, from {source}, expires on {day}",
            "Make a new one before: Settings, Developer settings.",
        )
    return ok("token", f"{kind}{whose}, from {source}, valid until {day}")


def scopes_check(subject: Subject, facts: TokenFacts | FastrelError) -> Finding:
    """What the token may do for this guide, and what to give it."""
    token = subject.connection.token
    if not token:
        return unknown("scopes", "there is no token", what_to_give(subject, Kind.FINE_GRAINED))
    if isinstance(facts, FastrelError):
        return unknown("scopes", "GitHub could not be asked")
    if facts.scopes is None:
        login = subject.repository.login() if subject.repository else ""
        return permissions_check(subject, kind_of(token, facts, login))
    private = bool(subject.repository and subject.repository.facts().private)
    missing = [] if "repo" in facts.scopes or (not private and "public_repo" in facts.scopes) else ["repo"]
    refresh = "Add them in Settings, Developer settings, or type `gh auth refresh --scopes {}`."
    if missing:
        return problem("scopes", f"the token lacks {', '.join(missing)}", refresh.format(",".join(missing)))
    if "workflow" not in facts.scopes and subject.has_file(".github/workflows"):
        words = "the token lacks workflow: commits that change workflows cannot be pushed or released with it"
        return warning("scopes", words, refresh.format("workflow"))
    return ok("scopes", ", ".join(sorted(facts.scopes)))


def role_check(subject: Subject) -> Finding:
    if subject.repository is None:
        return unknown("role", "the repository is not known")
    login = subject.repository.login()
    if not login:
        return unknown("role", "GitHub tells it only with a token", SIGN_IN)
    role = role_of(login, subject.repository.role(), subject.settings)
    if role is None:
        return unknown("role", f"GitHub does not say what {login} may do")
    steps = subject.steps
    refused = [step.id for step in steps if role_problem(step, login, role, subject.settings)]
    if not refused:
        return ok("role", f"{login} has {role} and may run all {len(steps)} steps" if steps else f"{login} has {role}")
    shown = ", ".join(refused[:4]) + (", …" if len(refused) > 4 else "")
    return warning(
        "role",
        f"{login} has {role} and may run {len(steps) - len(refused)} of {len(steps)} steps, not {shown}",
        f"Somebody with a higher role runs these, or `maintainers:` of the guide lists {login}.",
    )


def server_check(subject: Subject, facts: TokenFacts | FastrelError) -> Finding:
    url = subject.connection.api_url
    if isinstance(facts, NotAuthenticated):
        return ok("server", f"{url} answers")
    if isinstance(facts, FastrelError):
        return problem("server", facts.problem, facts.next_step)
    if facts.server:
        url = f"{url} (GitHub Enterprise Server {facts.server})"
    if is_too_old(facts.server):
        words = "What it lacks shows as unknown, or ends a step with a message that names it."
        return warning("server", f"{url} answers; {OLDEST} or later is supported", words)
    if facts.remaining is None or facts.limit is None:
        return ok("server", f"{url} answers and sets no limit")
    left = f"{url} answers; {facts.remaining} of {facts.limit} requests are left"
    if facts.remaining >= FEW:
        return ok("server", left)
    when = f" The limit is renewed at {facts.resets:%H:%M} UTC." if facts.resets else ""
    return warning("server", left, f"{'Wait.' if subject.connection.token else SIGN_IN}{when}")


def repository_check(subject: Subject) -> Finding:
    if subject.repository is None:
        origin = subject.worktree.remotes().get("origin", "") if subject.worktree else ""
        if origin:
            mend = "Give --repo OWNER/NAME, or write `repository:` into the guide."
            return problem("repository", other_server_words("origin", origin), mend)
        return problem(
            "repository", "which repository is not known", "Set `repository:` in the guide, or add a remote `origin`."
        )
    try:
        facts = subject.repository.facts()
    except (NotFound, Unusable) as error:
        return problem("repository", error.problem, error.next_step)
    if facts.disabled:
        return problem("repository", f"GitHub has disabled {facts.name}", ASK_SUPPORT)
    if facts.archived:
        return problem("repository", f"{facts.name} is archived: GitHub takes no changes to it", UNARCHIVE)
    if not facts.has_issues:
        return problem(
            "repository",
            f"issues are switched off in {facts.name}, so it can have no release issue",
            f"Switch them on: {facts.url}/settings (General, Features, Issues).",
        )
    return ok("repository", f"{facts.name}, {'private' if facts.private else 'public'}")
