"""A refused token: which scope, permission or sign-on it lacks. Pure."""

from __future__ import annotations

import pytest

from fastrel.errors import NotAllowed, NotFound
from fastrel.github.transport.failures import fault

PUBLIC = "https://api.github.com"
INTEGRATION = "Resource not accessible by integration"
PERSONAL = "Resource not accessible by personal access token"
PERMISSIONS = "x-accepted-github-permissions"
SSO = "https://github.com/orgs/octo/sso?authorization_request=AbC123"


@pytest.mark.parametrize(
    ("headers", "message", "words"),
    [
        ({"x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "public_repo, gist"}, "", "needs the scope repo; it has public_repo, gist."),
        ({"x-accepted-oauth-scopes": "admin:org, repo", "x-oauth-scopes": ""}, "", "needs one of the scopes admin:org, repo; it has none."),
        ({"x-accepted-oauth-scopes": "workflow"}, "", "The token needs the scope workflow."),
        ({"x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "repo"}, "Must have admin rights", "Ask for a higher role"),
        ({PERMISSIONS: "issues=write"}, PERSONAL, "fine-grained token lacks the permission `issues: write`, or was not given"),
        ({PERMISSIONS: "issues=write,contents=read; pull_requests=write"}, PERSONAL, "`issues: write` and `contents: read`, or `pull_requests: write`"),
        ({}, PERSONAL, "lacks the permission, or was not given this repository."),
        ({PERMISSIONS: "contents=write"}, INTEGRATION, "add to the workflow's `permissions:` `contents: write`."),
        ({}, INTEGRATION, "such as `contents: write` or `issues: write`"),
        ({PERMISSIONS: "$(evil)=\x1b[2J, <b>=x"}, PERSONAL, "lacks the permission, or"),
        ({"x-accepted-oauth-scopes": "\x1b[2J evil"}, "", "needs the scope evil."),
        ({}, "Forbidden", "Ask for a higher role"),
    ],
)  # fmt: skip
def test_the_message_names_what_is_missing(headers: dict[str, str], message: str, words: str) -> None:
    error = fault("POST", "/repos/a/b/issues", 403, headers, {"message": message}, PUBLIC)
    assert isinstance(error, NotAllowed)
    assert words in error.next_step


@pytest.mark.parametrize(
    ("url", "api", "shown"),
    [
        (SSO, PUBLIC, True),
        (SSO.replace("github.com", "octo.ghe.com"), "https://api.octo.ghe.com", True),
        (SSO.replace("github.com", "ghe.example"), "https://ghe.example/api/v3", True),
        (SSO.replace("https", "http"), PUBLIC, False),
        (SSO.replace("github.com", "github.com.evil.example"), PUBLIC, False),
        (SSO.replace("github.com", "me@github.com"), PUBLIC, False),
        (SSO.replace("github.com", "github.com\x1b[2J"), PUBLIC, False),
        ("javascript:alert(1)", PUBLIC, False),
        ("https://[", PUBLIC, False),
        ("", PUBLIC, False),
        (SSO, "", False),
    ],
)
def test_the_address_of_the_single_sign_on_is_shown_when_it_is_one_of_the_site(url: str, api: str, shown: bool) -> None:
    error = fault("GET", "/x", 403, {"x-github-sso": f"required; url={url}"}, {"message": "Resource protected"}, api)
    assert "single sign-on" in error.next_step
    assert (f"Authorise it: {url}" in error.next_step) is shown
    assert shown or not url or url not in error.next_step


def test_what_the_token_may_not_see_comes_with_the_scope_that_would_show_it() -> None:
    headers = {"x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "gist"}
    error = fault("GET", "/x", 404, headers, {"message": "Not Found"}, PUBLIC)
    assert isinstance(error, NotFound)
    assert error.next_step == "The token needs the scope repo; it has gist."
    assert fault("GET", "/x", 404, {}, {}, PUBLIC).next_step == ""
