"""The error for an answer that redirects. PyGithub would follow some of them, and drop the query."""

from __future__ import annotations


class Redirected(Exception):
    """The server wants the request at another address."""

    def __init__(self, status: int, location: str) -> None:
        super().__init__(f"{status} {location}")
        self.status = status
        self.location = location
