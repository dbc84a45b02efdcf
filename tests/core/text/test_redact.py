"""What other programs say loses its secrets before anybody reads it."""

from __future__ import annotations

import pytest

from fastrel.github.transport.addresses import repository_of
from fastrel.text.redact import has_credentials, without_secrets

TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("fatal: unable to access 'https://me:s3cret@host/a/b.git/': 403", "fatal: unable to access 'https://host/a/b.git/': 403"),
        ("https://me:s3/cret@host/x http://host:8080/@me http://host:80", "https://host/x http://host:8080/@me http://host:80"),
        ("https://s3cret@host/x https://me:p@ss@host/y", "https://host/x https://host/y"),
        ("Authorization: Basic czNjcmV0 and more", "Authorization: Basic *** and more"),
        ('=> "authorization: bearer s3cret"', '=> "authorization: bearer ***"'),
        (f"echo {TOKEN}; {TOKEN.replace('ghp_', 'ghs_')}", "echo ***; ***"),
        (f"github_pat_{'x' * 60}", "***"),
        ("mail me@host or see https://host/@me and git@github.com:a/b.git", "mail me@host or see https://host/@me and git@github.com:a/b.git"),
        ("a ghp_short word", "a ghp_short word"),
    ],
)  # fmt: skip
def test_secrets_go_and_everything_else_stays(said: str, shown: str) -> None:
    assert without_secrets(said) == shown


@pytest.mark.parametrize(
    "address", ["https://user:s3cret@host", "https://s3cret@host/", "https://user:s3cret@host/a/b", "ssh://s3cret@host/a/b"]
)  # fmt: skip
def test_the_name_of_a_repository_holds_no_credentials(address: str) -> None:
    assert has_credentials(address)
    assert "s3cret" not in repository_of(address)
