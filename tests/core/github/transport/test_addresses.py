"""Which server a remote is on, and which API belongs to it."""

from __future__ import annotations

import pytest

from fastrel.github.transport.addresses import api_of, host_of, is_by_ssh, may_be_at, web_address

PUBLIC = "https://api.github.com"
GHES = "https://ghe.corp.example/api/v3"
CLOUD = "https://api.octo.ghe.com"
HERE = "http://127.0.0.1:8000/api/v3"


@pytest.mark.parametrize(
    ("address", "host", "ssh"),
    [
        ("https://github.com/me/own.git", "github.com", False),
        ("https://ada:s3cret@GHE.corp.example:8443/me/own", "ghe.corp.example", False),
        ("git@github.com:me/own.git", "github.com", True),
        ("github.com:me/own", "github.com", True),
        ("work:me/own", "work", True),
        ("ssh://git@ssh.github.com:443/me/own.git", "ssh.github.com", True),
        ("git+ssh://git@github.com/me/own", "github.com", True),
        ("git://ghe.corp.example/me/own", "ghe.corp.example", False),
        ("http://[::1]:8000/me/own", "::1", False),
        ("https://[::1/me/own", "", False),
        ("../own.git", "", False),
        ("/srv/git/me/own.git", "", False),
        ("C:/git/me/own.git", "", False),
        ("file:///srv/git/me/own.git", "", False),
        ("", "", False),
    ],
)
def test_the_server_of_a_remote(address: str, host: str, ssh: bool) -> None:
    assert (host_of(address), is_by_ssh(address)) == (host, ssh)


@pytest.mark.parametrize(
    ("host", "api", "belongs"),
    [
        ("github.com", PUBLIC, True),
        ("ssh.github.com", PUBLIC, True),
        ("www.github.com", PUBLIC, True),
        ("github.com", f"{PUBLIC}/", True),
        ("ghe.corp.example", PUBLIC, False),
        ("octo.ghe.com", PUBLIC, False),
        ("github.com.evil.example", PUBLIC, False),
        ("gitlab.com", PUBLIC, False),
        ("ghe.corp.example", GHES, True),
        ("github.com", GHES, False),
        ("api.corp.example", "https://api.corp.example/api/v3", True),
        ("corp.example", "https://api.corp.example/api/v3", False),
        ("octo.ghe.com", CLOUD, True),
        ("hubot.ghe.com", CLOUD, False),
        ("github.com", CLOUD, False),
        ("", PUBLIC, True),  # on a disk
        ("work", PUBLIC, True),  # a name of ssh's configuration
        ("localhost", PUBLIC, True),
        ("127.0.0.1", PUBLIC, True),
        ("::1", PUBLIC, True),
        ("ghe.corp.example", HERE, True),
    ],
)
def test_a_remote_belongs_to_the_api_of_its_server(host: str, api: str, belongs: bool) -> None:
    assert may_be_at(host, api) is belongs


@pytest.mark.parametrize(
    ("host", "api"),
    [
        ("github.com", PUBLIC),
        ("ssh.github.com", PUBLIC),
        ("octo.ghe.com", CLOUD),
        ("ghe.corp.example", GHES),
        ("gitlab.com", ""),
        ("git.gitlab.com", ""),
        ("gitlab.corp.example", "https://gitlab.corp.example/api/v3"),
    ],
)
def test_the_api_of_a_server(host: str, api: str) -> None:
    assert api_of(host) == api


@pytest.mark.parametrize(
    ("api", "page"),
    [
        (PUBLIC, "https://github.com"),
        (f"{PUBLIC}/", "https://github.com"),
        (CLOUD, "https://octo.ghe.com"),
        (GHES, "https://ghe.corp.example"),
        ("https://ghe.corp.example:8443/api/v3/", "https://ghe.corp.example:8443"),
        (HERE, "http://127.0.0.1:8000"),
    ],
)
def test_the_pages_of_a_server(api: str, page: str) -> None:
    assert web_address(api) == page
