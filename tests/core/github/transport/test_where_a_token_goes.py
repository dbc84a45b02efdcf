"""Which addresses that the server names may get the token."""

from __future__ import annotations

import pytest

from fastrel.github.transport.pygithub import may_have_token


@pytest.mark.parametrize(
    ("url", "api", "may"),
    [
        ("https://uploads.github.com/repos/a/b/releases/1/assets", "https://api.github.com", True),
        ("https://api.github.com/x", "https://api.github.com", True),
        ("https://ghe.example/api/uploads/repos/a/b/releases/1/assets", "https://ghe.example/api/v3", True),
        ("https://uploads.octo.ghe.com/x", "https://api.octo.ghe.com", True),
        ("https://api.github.com:443/x", "https://api.github.com", True),
        ("http://127.0.0.1:8000/api/uploads/x", "http://127.0.0.1:8000/api/v3", True),
        ("http://127.0.0.1:8001/api/uploads/x", "http://127.0.0.1:8000/api/v3", False),
        ("http://localhost:8000/api/uploads/x", "http://127.0.0.1:8000/api/v3", False),
        ("http://uploads.github.com/x", "https://api.github.com", False),
        ("http://uploads.github.com:443/x", "https://api.github.com", False),
        ("https://127.0.0.1:8000/x", "http://127.0.0.1:8000/api/v3", False),
        ("https://uploads.github.com:8443/x", "https://api.github.com", False),
        ("https://uploads.github.com.evil.example/x", "https://api.github.com", False),
        ("https://evil.github.com/x", "https://api.github.com", False),
        ("https://github.com/x", "https://api.github.com", False),
        ("https://uploads.ghe.example/x", "https://ghe.example/api/v3", False),
        ("https://api.github.com@evil.example/x", "https://api.github.com", False),
        ("https://me@uploads.github.com/x", "https://api.github.com", False),
        ("//uploads.github.com/x", "https://api.github.com", False),
        ("https://[uploads", "https://api.github.com", False),
        ("", "https://api.github.com", False),
    ],
)
def test_only_the_api_itself_and_its_host_for_uploads(url: str, api: str, may: bool) -> None:
    assert may_have_token(url, api) is may
