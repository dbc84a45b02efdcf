"""A proxy in front of the twin, which sees REST, GraphQL, git, registry and site alike and can disturb any of them.

It is what people reach: the twin writes the proxy's address into its answers, so nothing goes past it.
"""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from ssl import SSLContext
from urllib.parse import urlparse

from fastrel_twin.call import Refused
from fastrel_twin.faults import Fault, Faults, Wrong, begin
from fastrel_twin.server import Twin, running_twin
from fastrel_twin.workflows.simulated_ci import Timing

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
"""Headers that belong to one connection: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1"""
WITHOUT_BODY = (204, 304)
TIMEOUT = 60
"""Seconds to wait for the twin."""


class Moment(Enum):
    """The stage of a request at which a watcher is called."""

    BEFORE = "it has not reached the twin"
    AFTER = "the twin has applied it; the answer is not sent"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    """With its query."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def only_reads(self) -> bool:
        """Whether it changes nothing; of GraphQL and git, by what it asks for."""
        if self.path.endswith("/graphql"):
            return b"mutation" not in self.body
        return self.method in ("GET", "HEAD") or self.path.endswith("/git-upload-pack")

    def header(self, name: str) -> str:
        """A header by its name in lower case; empty without."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it goes out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> str:
        """A header by its name in lower case; empty without."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def with_headers(self, more: Mapping[str, str]) -> Answered:
        names = {name.lower() for name in more}
        kept = tuple(one for one in self.headers if one[0].lower() not in names)
        return Answered(self.status, (*kept, *more.items()), self.content)


class Cut(Exception):
    """The connection ends here, after this much of the answer."""

    def __init__(self, answered: Answered | None = None) -> None:
        super().__init__("cut")
        self.answered = answered


Watch = Callable[[Moment, Asked], bool]


class Proxy:
    """A running proxy: its address, the faults to come, the log of requests, and a watcher that may cut any of them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.target = ""
        """The address of the twin."""
        self.faults = Faults()
        self.log: list[tuple[str, str, int]] = []
        """(method, path with query, status); 0 for one that was cut."""
        self.watch: Watch | None = None
        """Called before each request reaches the twin, and after it; False cuts the connection."""
        self._before: dict[tuple[str, str, bytes], Answered] = {}

    def answer(self, asked: Asked) -> Answered:
        """The answer to a request, harmed or not. Cut when the connection ends instead."""
        fault = self.faults.take(asked.method, asked.path, asked.body)
        begin(fault)
        self._pass(Moment.BEFORE, asked)
        if fault and fault.wrong is Wrong.STALE and (old := self._earlier(asked)):
            return old
        if fault and fault.wrong in (Wrong.STATUS, Wrong.CUT) and not fault.applied:
            return _harmed(fault, None)
        answered = _forwarded(self.target, asked)
        self._pass(Moment.AFTER, asked)
        if answered.status == 200 and asked.only_reads:
            self._before[asked.method, asked.path, asked.body] = answered
        return _harmed(fault, answered) if fault else answered

    def _pass(self, moment: Moment, asked: Asked) -> None:
        if self.watch and not self.watch(moment, asked):
            raise Cut

    def _earlier(self, asked: Asked) -> Answered | None:
        """What a server that lags would say; conditional requests are answered for that older state."""
        old = self._before.get((asked.method, asked.path, asked.body))
        if old and asked.header("if-none-match") == old.header("etag") != "":
            return Answered(304, old.headers, b"")
        return old


@contextmanager
def running_proxy(*, host: str = "127.0.0.1", tls: SSLContext | None = None) -> Iterator[Proxy]:
    """A proxy on 127.0.0.1, stopped at the end. It needs a `target` before its first request.

    `host` is the name in its address, with `tls` an encrypted one.
    """
    server = _Server(("127.0.0.1", 0), _Handler, bind_and_activate=True)
    if tls:
        # Whoever connects shakes hands in their own thread, not where others are waiting to be let in.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.proxy = Proxy(f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True, name="proxy")
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@contextmanager
def twin_behind_proxy(
    root: Path, *, guide_text: str, timing: Timing | None = None, host: str = "127.0.0.1", tls: SSLContext | None = None
) -> Iterator[tuple[Twin, Proxy]]:
    """A twin that is reached through a proxy only; all its addresses are the proxy's."""
    proxied = running_proxy(host=host, tls=tls)
    with proxied as proxy, running_twin(root, guide_text=guide_text, timing=timing, public_url=proxy.url) as twin:
        proxy.target = twin.address
        yield twin, proxy


def _forwarded(target: str, asked: Asked) -> Answered:
    place = urlparse(target)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=TIMEOUT)
    try:
        connection.putrequest(asked.method, asked.path, skip_host=True, skip_accept_encoding=True)
        for name, value in asked.headers:
            if name.lower() not in HOP_BY_HOP and name.lower() != "expect":
                connection.putheader(name, value)
        if asked.body or asked.method not in ("GET", "HEAD"):
            connection.putheader("Content-Length", str(len(asked.body)))
        connection.endheaders(asked.body or None)
        found = connection.getresponse()
        content = found.read()
        dropped = HOP_BY_HOP - {"content-length"} if asked.method == "HEAD" else HOP_BY_HOP
        kept = [one for one in found.getheaders() if one[0].lower() not in dropped]
        return Answered(found.status, tuple(kept), content)
    finally:
        connection.close()


def _harmed(fault: Fault, answered: Answered | None) -> Answered:
    """The answer as the fault leaves it. Cut when that is less than an answer."""
    if fault.wrong is Wrong.CUT:
        raise Cut
    if fault.page:
        return Answered(fault.status, (("Content-Type", "text/html"),), fault.page.encode())
    if fault.wrong is Wrong.STATUS or answered is None:
        body = Refused(fault.status, fault.message, [dict(one) for one in fault.errors]).body()
        kind = ("Content-Type", "application/json; charset=utf-8")
        return Answered(fault.status, (kind,), json.dumps(body).encode()).with_headers(fault.headers)
    if fault.wrong is Wrong.HALF:
        raise Cut(answered)
    answered = answered.with_headers(fault.headers)
    if fault.wrong is Wrong.MALFORMED:
        return Answered(answered.status, answered.headers, answered.content[: len(answered.content) * 2 // 3] + b'{"')
    return answered


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    proxy: Proxy

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        # Without a farewell, so that a connection that is to be reset is reset.
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is gone is no error: clients are killed here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # whatever the base class was given


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        proxy = self.server.proxy
        asked = Asked(self.command, self.path, tuple(self.headers.items()), self._body())
        try:
            answered = proxy.answer(asked)
        except (Cut, HTTPException, OSError) as error:
            proxy.log.append((asked.method, asked.path, 0))
            self._cut(error.answered if isinstance(error, Cut) else None)
            return
        proxy.log.append((asked.method, asked.path, answered.status))
        self._send(answered, answered.content)

    do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return found

    def _send(self, answered: Answered, content: bytes) -> None:
        self.send_response_only(answered.status)
        for name, value in answered.headers:
            self.send_header(name, value)
        if answered.status not in WITHOUT_BODY and self.command != "HEAD":
            self.send_header("Content-Length", str(len(answered.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _cut(self, answered: Answered | None) -> None:
        self.close_connection = True
        if answered is None or not answered.content:
            # Closing with nothing to linger for resets the connection.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._send(answered, answered.content[: len(answered.content) // 2])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen; the proxy has its log."""
