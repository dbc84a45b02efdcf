"""What a failed request means, in words. Pure."""

from __future__ import annotations

import pytest

from fastrel.errors import FastrelError, NotAllowed, NotAuthenticated, NotFound, RemoteError
from fastrel.github.transport.failures import Invalid, RateLimited, Unusable, fault, unreachable


@pytest.mark.parametrize(
    ("status", "headers", "message", "kind", "words"),
    [
        (401, {}, "Bad credentials", NotAuthenticated, "does not accept the token"),
        (401, {}, "Requires authentication", NotAuthenticated, "only with a token"),
        (403, {"x-accepted-oauth-scopes": "repo"}, "Must have admin rights", NotAllowed, "needs the scope repo."),
        (403, {}, "Resource not accessible by integration", NotAllowed, "Resource not accessible by integration"),
        (403, {"x-ratelimit-remaining": "0"}, "API rate limit exceeded", RateLimited, "rate limit is used up"),
        (403, {"retry-after": "30"}, "You have exceeded a secondary rate limit", RateLimited, "rate limit is used up"),
        (403, {}, "You have triggered an abuse detection mechanism.", RateLimited, "rate limit is used up"),
        (403, {}, "the `o` organization has an IP allow list enabled", NotAllowed, "on the organization's list"),
        (403, {}, "`o` forbids access via a personal access token (classic).", NotAllowed, "Make a fine-grained token"),
        (
            403,
            {},
            "`o` forbids access via a personal access token with fine-grained permissions if the token's lifetime is "
            "greater than 366 days.",
            NotAllowed,
            "a shorter lifetime",
        ),
        (
            403,
            {},
            "`o` forbids access via a personal access token with fine-grained permissions. Please use a GitHub App.",
            NotAllowed,
            "gh auth login",
        ),
        (404, {}, "Discussion could not be created.", NotFound, "Only maintainers start discussions"),
        (451, {}, "Repository access blocked", Unusable, "for legal reasons"),
        (429, {}, "rate limit", RateLimited, "rate limit is used up"),
        (404, {}, "Not Found", NotFound, "or the token may not see it"),
        (409, {}, "Git Repository is empty.", RemoteError, "Git Repository is empty. (409)"),
        (502, {}, "", RemoteError, "failed to answer"),
    ],
)
def test_denied_unknown_and_broken_are_different_errors(
    status: int, headers: dict[str, str], message: str, kind: type[FastrelError], words: str
) -> None:
    error = fault("GET", "/repos/a/b", status, headers, {"message": message})
    assert type(error) is kind
    assert words in f"{error.problem} {error.next_step}"


def test_a_refused_change_keeps_its_codes() -> None:
    error = fault("POST", "/x", 422, {}, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
    assert isinstance(error, Invalid)
    assert error.codes == {"already_exists"}


@pytest.mark.parametrize("body", [None, [], "text", {"message": None}, {"errors": "text"}, {"errors": [1, None, {}]}])
def test_whatever_comes_with_a_failure_is_no_traceback(body: object) -> None:
    for status in (400, 401, 403, 404, 418, 422, 429, 500):
        assert fault("GET", "/x", status, {}, body).problem


def test_a_server_that_keeps_failing_is_another_matter_than_none() -> None:
    assert "cannot be reached" in unreachable("https://x.example", ConnectionError("refused")).problem
    assert "(502)" in unreachable("https://x.example", OSError("too many 502 error responses")).problem


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 407, 422, 429])
def test_a_web_page_in_place_of_an_answer_is_no_word_of_githubs(status: int) -> None:
    error = fault("GET", "/repos/a/b", status, {"content-type": "text/html; charset=utf-8"}, None)
    assert f"is a web page ({status}), not one of GitHub's API" in error.problem
    assert "neither accepted nor refused" in error.done
    assert "proxy" in error.next_step
    assert "role" not in error.next_step


@pytest.mark.parametrize("status", [406, 415])
def test_a_header_that_is_refused_is_told_as_such(status: int) -> None:
    error = fault("GET", "/repos/a/b", status, {}, {"message": "Unsupported 'Accept' header: 'x/y'."})
    assert "refuses the form of GET /repos/a/b: Unsupported 'Accept' header" in error.problem
    assert "Accept" in error.next_step


@pytest.mark.parametrize(
    ("status", "said", "kind", "mend"),
    [
        (403, "Repository was archived so is read-only.", NotAllowed, "Unarchive it on GitHub first"),
        (403, "Unable to create comment because issue is locked.", NotAllowed, "Unlock the conversation"),
        (403, "Repository access blocked", RemoteError, "ask GitHub's support"),
        (410, "Issues has been disabled in this repository.", NotFound, "Issues may be switched off"),
        (410, "This issue was deleted", NotFound, "this one was deleted"),
        (409, "Git Repository is empty.", RemoteError, "Push a first commit"),
    ],
)
def test_what_nobody_may_do_is_not_blamed_on_the_token(status: int, said: str, kind: type, mend: str) -> None:
    error = fault("POST", "/repos/a/b/issues/1/comments", status, {}, {"message": said})
    assert isinstance(error, kind)
    assert mend in error.next_step
    assert "token with" not in error.next_step or "write access" in error.next_step
    assert "higher role" not in error.next_step
