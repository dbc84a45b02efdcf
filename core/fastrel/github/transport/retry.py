"""Retries by urllib3: reads are repeated, and redirections are raised for the client to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from urllib3.util import Retry

from fastrel.github.stall import tried_again
from fastrel.github.transport.redirect import Redirected

if TYPE_CHECKING:
    from types import TracebackType

    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


class ReadRetry(Retry):
    """A policy of urllib3 that raises `Redirected` for an answer that points to another address.

    Source: https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html#urllib3.util.Retry
    """

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code in REDIRECTIONS or super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        if response is not None and response.status in REDIRECTIONS:
            location = response.headers.get("location", "")
            response.drain_conn()
            response.release_conn()
            raise Redirected(response.status, location)
        tried_again()
        return super().increment(method, url, response, error, _pool, _stacktrace)
