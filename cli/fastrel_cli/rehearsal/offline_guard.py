"""Blocks connections to other machines during a rehearsal: in this process, and by proxy settings in its children."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

UNREACHABLE = "http://127.0.0.1:9"
CHILDREN = {
    "http_proxy": UNREACHABLE,
    "https_proxy": UNREACHABLE,
    "all_proxy": UNREACHABLE,
    "no_proxy": "127.0.0.1,localhost",
}
"""For git and scripts, in lower and upper case: what is not here goes to a proxy that is not there."""

_closed = False
_hooked = False


@contextmanager
def offline() -> Iterator[None]:
    """Inside, a connection to another machine is a PermissionError, whoever tries it in this process."""
    global _closed, _hooked
    if not _hooked:
        sys.addaudithook(_watch)  # which cannot be taken away again, so it looks at a flag
        _hooked = True
    _closed = True
    try:
        yield
    finally:
        _closed = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """https://docs.python.org/3/library/audit_events.html"""
    if not _closed or event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        return
    if event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        address = arguments[1]
        family = getattr(arguments[0], "family", None)
        host = address[0] if isinstance(address, tuple) and family != socket.AF_UNIX else "localhost"
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if not _is_here(name):
        raise PermissionError(f"a rehearsal does not connect to {name}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"
