"""Where the API and the token come from, and that the token is not shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fastrel.errors import UsageError
from fastrel.github.transport.connection import connection_from_environment


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `gh` that answers with a token for the host that it is asked for."""
    folder = tmp_path / "gh"
    folder.mkdir()
    program = folder / "gh"
    program.write_text('#!/bin/sh\n[ "$1 $2 $3" = "auth token --hostname" ] && echo "token-of-$4"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return program


def test_without_anything_it_is_github_without_a_token() -> None:
    connection = connection_from_environment()
    assert (connection.api_url, connection.token) == ("https://api.github.com", None)


def test_the_token_is_looked_for_in_this_order(gh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection_from_environment().token == "token-of-github.com"
    monkeypatch.setenv("GITHUB_TOKEN", "second")
    assert connection_from_environment().token == "second"
    monkeypatch.setenv("GH_TOKEN", "first")
    assert connection_from_environment().token == "first"


def test_gh_is_asked_for_the_host_of_the_api(gh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "https://ghe.example/api/v3")
    assert connection_from_environment().token == "token-of-ghe.example"


def test_a_gh_that_is_signed_out_gives_no_token(gh: Path) -> None:
    gh.write_text("#!/bin/sh\necho 'no oauth token' >&2\nexit 1\n")
    assert connection_from_environment().token is None


def test_the_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "s3cret")
    assert "s3cret" not in repr(connection_from_environment())


@pytest.mark.parametrize(
    "address",
    ["https://:s3cret@host", "https://s3cret@host/api/v3", "https://host/?access_token=s3cret", "https://host/#s3cret",
     "http://[::1", "https://host:s3cret/", "https://host:99999", "s3cret"],
)  # fmt: skip
def test_an_address_with_more_than_an_address_in_it_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", address)
    with pytest.raises(UsageError) as caught:
        connection_from_environment()
    assert "s3cret" not in f"{caught.value.problem} {caught.value.next_step}"


@pytest.mark.parametrize("token", ["s3cret more", "s3cret\nmore", "s3crét", "s3cret\x7f"])
def test_what_cannot_be_a_token_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("GH_TOKEN", token)
    with pytest.raises(UsageError, match="The value of GH_TOKEN is not a token") as caught:
        connection_from_environment()
    assert "s3cr" not in f"{caught.value.problem} {caught.value.next_step}"


def test_white_space_around_a_token_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", " s3cret\n")
    assert connection_from_environment().token == "s3cret"
