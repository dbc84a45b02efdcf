"""Errors for failed requests, with who must do what next. They never hold a token or a header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import unquote, urlparse

from fastrel.errors import FastrelError, NotAllowed, NotAuthenticated, NotFound, RemoteError
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.limits import is_rate_limit, retry_words, seconds_to_wait
from fastrel.github.transport.permissions import ANNOUNCEMENTS, policy_words, role_words, what_it_lacks
from fastrel.github.transport.server import lacks_words, server_version

EMPTY: Mapping[str, tuple[str, ...]] = MappingProxyType({})
SIGN_IN = "Set GH_TOKEN to a token with access to the repository, or sign in with `gh auth login`."


UNARCHIVE = "Unarchive it on GitHub first: Settings, General, Danger Zone."
ASK_SUPPORT = "Its owner can see the reason on its page, and ask GitHub's support."
PUSH_FIRST = "Push a first commit to it, or correct `repository:` in the guide or --repo."


class RateLimited(RemoteError):
    """The server wants us to wait. `seconds` says how long, by its own clock."""

    exit_code = 3

    def __init__(self, problem: str, *, seconds: float, next_step: str) -> None:
        super().__init__(problem, next_step=next_step)
        self.seconds = seconds


class Unreachable(RemoteError):
    """The server did not answer, or failed also when asked again."""


class Invalid(RemoteError):
    """The server understood the request and refuses it (422), often because the thing exists already."""

    def __init__(self, problem: str, codes: frozenset[str], refused: Mapping[str, tuple[str, ...]] = EMPTY) -> None:
        super().__init__(problem)
        self.codes = codes
        self.refused = refused
        """The values that are refused, by field; empty where GitHub does not name them."""

    @property
    def no_commit(self) -> bool:
        """Whether it is about a branch, tag or commit that does not exist."""
        return "No commit found" in self.problem


class NotInPlan(NotAllowed):
    """The plan of the repository's owner does not have what was asked for, whoever asks."""


_EMPTY = "Git Repository is empty"


def is_empty(error: FastrelError) -> bool:
    """Whether the error says that the repository has no commit."""
    return _EMPTY in error.problem


def fault(verb: str, path: str, status: int, headers: dict[str, str], body: object, api_url: str = "") -> FastrelError:
    """The error for an HTTP answer with a status of 400 or more, from the server at `api_url`."""
    message = body.get("message") if isinstance(body, dict) else ""
    said = message if isinstance(message, str) else ""
    path = path.partition("?")[0]
    what = f"{verb} {path}"
    if body is None and status < 500 and "html" in headers.get("content-type", "").lower():
        return _page_of_another(what, status)
    if status in (406, 415):
        return RemoteError(
            f"The server refuses the form of {what}: {said or 'no reason given'} ({status}).",
            next_step="Check what stands between you and GitHub: a proxy may change the headers `Accept` and "
            "`Content-Type`. A GitHub Enterprise Server must be of a version that GitHub still supports.",
        )
    if status == 401 and "bad credentials" not in said.lower():
        return NotAuthenticated(f"GitHub answers {what} only with a token (401).", next_step=SIGN_IN)
    if status == 401:
        return NotAuthenticated(
            "GitHub does not accept the token (401 Bad credentials).",
            next_step=f"{SIGN_IN} The token may have expired. Then type the same command again: it goes on from there.",
        )
    if status in (403, 429) and is_rate_limit(headers, said):
        return _limited(what, headers)
    if status == 451:
        return Unusable(f"GitHub does not show the repository, for legal reasons: {said} (451).", next_step=ASK_SUPPORT)
    if status == 403 and (closed := _closed(what, said)):
        return closed
    if status == 403 and said.startswith("Upgrade to GitHub"):
        return NotInPlan(
            f"GitHub refuses {what}: {said} (403).",
            next_step="The owner's plan does not have this for a private repository, whatever role or token you have.",
        )
    if status == 403:
        return NotAllowed(
            f"GitHub refuses {what}: {said or 'forbidden'} (403).",
            next_step=what_it_lacks(headers, said, api_url)
            or f"Ask for a higher role in the repository{role_words(said)}, or use a token that has it.",
        )
    if status == 410:
        return NotFound(
            f"GitHub says that {path} is gone: {said or 'it was deleted'} (410).",
            next_step="Issues may be switched off (Settings, Features), or this one was deleted."
            if "issue" in f"{path}{said}".lower()
            else "",
        )
    if status == 409 and _EMPTY in said:
        return RemoteError(f"GitHub refuses {what}: {said} (409).", next_step=PUSH_FIRST)
    if status == 404:
        # GitHub denies that there is what a token may not see, but tells what it would need. A classic token gets the
        # same answer where its owner's role is too low for a change.
        lacks = what_it_lacks(headers, said, api_url)
        if not lacks and verb != "GET" and "x-oauth-scopes" in headers:
            lacks = "GitHub answers so, too, where the role of the token's owner is too low: this may need role write."
        next_step = " ".join(filter(None, (lacks, lacks_words(server_version(headers)))))
        if said.rstrip(".") not in ("", "Not Found"):
            next_step = ANNOUNCEMENTS if said.startswith("Discussion could not be created") else next_step
            return NotFound(f"GitHub refuses {what}: {said} (404).", next_step=next_step)
        return NotFound(f"GitHub has no {path}, or the token may not see it (404).", next_step=next_step)
    if status == 422:
        details = Fields(body).data.get("errors") if isinstance(body, dict) else None
        codes, words, refused = _validation(details)
        return Invalid(f"GitHub refuses {what}: {' '.join([said, *words]).strip()} (422).", codes, refused)
    if status >= 500:
        return RemoteError(
            f"GitHub failed to answer {what} ({status}).",
            next_step="Type the same command again in a minute.",
        )
    return RemoteError(f"GitHub refuses {what}: {said or 'no reason given'} ({status}).")


def _page_of_another(what: str, status: int) -> FastrelError:
    """The error for a web page where an answer of the API was expected: a proxy, a login page, a wrong address."""
    if status == 407:
        mend = "A proxy wants to know who you are: set HTTPS_PROXY with its user, as your network's help says."
    else:
        mend = (
            "Check GITHUB_API_URL, and what stands between you and GitHub: a proxy or a login page of your network "
            "answers in its place."
        )
    return RemoteError(
        f"The answer to {what} is a web page ({status}), not one of GitHub's API.",
        done="GitHub has neither accepted nor refused the request.",
        next_step=mend,
    )


def _closed(what: str, said: str) -> FastrelError | None:
    """The error for what nobody may do whatever their role, since the repository or the issue is closed to it."""
    words = said.lower()
    if "archived" in words:
        return NotAllowed(f"GitHub refuses {what}: {said} (403).", next_step=UNARCHIVE)
    if "issue is locked" in words:
        return NotAllowed(
            f"GitHub refuses {what}: {said} (403).",
            next_step="Unlock the conversation (on the right side of the issue), or use a token with write access.",
        )
    if policy := policy_words(said):
        return NotAllowed(f"GitHub refuses {what}: {said} (403).", next_step=policy)
    if "access blocked" in words or "has been disabled" in words:
        return Unusable(f"GitHub has disabled the repository: {said} (403).", next_step=ASK_SUPPORT)
    return None


def _limited(what: str, headers: dict[str, str]) -> RateLimited:
    now = datetime.now(UTC)
    seconds = seconds_to_wait(headers, now)
    words = f"GitHub's rate limit is used up ({what})."
    return RateLimited(words, seconds=seconds, next_step=retry_words(seconds, headers, now))


def unreachable(address: str, cause: Exception) -> Unreachable:
    """The error for a server that did not answer at all, or only with failures, also when asked again."""
    failures = re.search(r"too many (\d+) error responses", str(cause))
    if failures:
        return Unreachable(
            f"{address} fails to answer, also when asked again ({failures[1]}).",
            next_step="Type the same command again in a minute.",
        )
    if type(cause).__name__ in ("ChunkedEncodingError", "ContentDecodingError"):
        return Unreachable(
            f"An answer of {address} broke off or cannot be decoded.",
            next_step="Type the same command again in a minute.",
        )
    return Unreachable(
        f"{address} cannot be reached ({type(cause).__name__}).",
        next_step="Check the network and GITHUB_API_URL, then type the same command again.",
    )


class Unusable(RemoteError):
    """The repository is there, and cannot be worked with as it is: renamed, empty, disabled, without issues."""

    exit_code = 2


def renamed(asked: str, name: str) -> Unusable:
    """The error for a repository that GitHub knows by another name; `name` is empty where GitHub does not say it."""
    return Unusable(
        f"The repository {asked} was renamed or transferred{f': it is {name} now' if name else ''}.",
        done="Nothing was read of it, and nothing was changed.",
        next_step=f"Set `repository: {name or 'OWNER/NAME'}` in the guide or type `--repo {name or 'OWNER/NAME'}`, and "
        "give the checkout its new URL: `git remote set-url origin URL`.",
    )


def gone_branch(path: str, location: str) -> NotFound | None:
    """The error for a branch that was renamed or deleted, where GitHub leads to another one; None for other things.

    Source: https://github.com/github/rest-api-description/issues/7096
    """
    asked, other = (re.search(r"/branches/([^?#]+)", one) for one in (path, location))
    if not asked:
        return None
    name = unquote(asked[1])
    return NotFound(
        f"There is no branch {name}{f': GitHub leads to {unquote(other[1])}' if other else ''}.",
        next_step=f"Set `branch: {unquote(other[1])}` in the guide, if that is the one." if other else "",
    )


def issue_moved(asked: str, path: str, place: str) -> NotFound:
    """The error for an issue that was transferred to another repository."""
    number = re.search(r"/issues/([0-9]+)", path)
    what = f"The issue {asked}#{number[1]}" if number else f"{asked}{path.partition(asked)[2]}"
    return NotFound(
        f"{what} was transferred to {place or 'another repository'}.",
        done="Nothing was changed there.",
        next_step="Transfer it back on GitHub; or, if it was the release issue, open one here with `fastrel-checklist "
        "open VERSION`.",
    )


def moved(verb: str, path: str, location: str, api_url: str = "") -> RemoteError:
    """The error for an answer that sends us elsewhere, where neither the request nor the token is sent."""
    host = urlparse(location).hostname if location.startswith("http") else ""
    host = "" if host == urlparse(api_url).hostname else host
    return RemoteError(
        f"The answer to {verb} {path} sends us to {f'{host}' if host else 'another place'}.",
        done="Nothing was sent there, and no token.",
        next_step="Check GITHUB_API_URL and, in case the repository was renamed, `repository:` in the guide.",
    )


def _validation(details: object) -> tuple[frozenset[str], list[str], dict[str, tuple[str, ...]]]:
    """Codes, words, and the refused values by field."""
    codes: set[str] = set()
    words: list[str] = []
    refused: dict[str, tuple[str, ...]] = {}
    for one in details if isinstance(details, list) else []:
        if not isinstance(one, dict):
            words.append(str(one))
            continue
        code, field, message = (str(one.get(name) or "") for name in ("code", "field", "message"))
        value = one.get("value")
        values = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
        codes.add(code)
        refused[field] = (*refused.get(field, ()), *values)
        named = f": {', '.join(values)}" if values else ""
        words.append(message or f"{field} {code}{named}".strip())
    return frozenset(codes), words, refused
