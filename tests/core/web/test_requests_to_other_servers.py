"""Requests to registries, indexes and sites carry nothing of the user's, and end in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fastrel.errors import RemoteError
from fastrel.web import http
from fastrel.web.http import fetch

Answering = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answering, host: str = "127.0.0.1") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server, and the headers of the requests that it gets."""
    heard: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):  # the reader has gone
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://{host}:{running.server_address[1]}/", heard
    finally:
        running.shutdown()


def says(text: str) -> Answering:
    def answer(one: BaseHTTPRequestHandler) -> None:
        one.send_response(200)
        one.send_header("Content-Length", str(len(text)))
        one.end_headers()
        one.wfile.write(text.encode())

    return answer


def leads_to(place: str) -> Answering:
    def answer(one: BaseHTTPRequestHandler) -> None:
        one.send_response(302)
        one.send_header("Location", place)
        one.send_header("Content-Length", "0")
        one.end_headers()

    return answer


@pytest.mark.parametrize("machine", ["machine 127.0.0.1", "machine localhost", "default"])
def test_no_password_of_netrc_goes_out_on_a_redirect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"{machine} login mia password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with (
        server(says("0.2.0")) as (there, second),
        server(leads_to(there.replace("127.0.0.1", "localhost"))) as (
            here,
            first,
        ),
    ):
        assert fetch(here).text == "0.2.0"
    assert [one for one in (*first, *second) if "authorization" in one] == []
    assert len(second) == 1


def test_an_authorization_stays_with_the_server_that_was_asked() -> None:
    with server(says("x")) as (there, second), server(leads_to(there)) as (here, first):
        fetch(here, {"Authorization": "Bearer t", "Accept": "text/html"})
    assert first[0]["authorization"] == "Bearer t"
    assert "authorization" not in second[0]
    assert second[0]["accept"] == "text/html"


def test_a_proxy_of_the_environment_is_used_also_for_redirects(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(says("through the proxy")) as (proxy, heard):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        assert fetch("http://site.example/").text == "through the proxy"
        assert heard[0]["host"] == "site.example"
        monkeypatch.setenv("no_proxy", "site.example")
        with pytest.raises(RemoteError):
            fetch("http://site.example/")


@pytest.mark.parametrize("place", ["http://u:p@127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_redirect_to_what_is_no_address_of_the_web_is_not_followed(place: str) -> None:
    with server(leads_to(place)) as (here, _), pytest.raises(RemoteError, match="not http or https"):
        fetch(here)


def test_a_redirect_to_itself_ends() -> None:
    with server(leads_to("/")) as (here, heard), pytest.raises(RemoteError, match="redirects more than"):
        fetch(here)
    assert len(heard) == http.REDIRECTS


def drip_body(one: BaseHTTPRequestHandler) -> None:
    one.send_response(200)
    one.end_headers()
    while True:
        one.wfile.write(b"x")
        time.sleep(0.02)


def drip_headers(one: BaseHTTPRequestHandler) -> None:
    one.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        one.wfile.write(b"X-A: b\r\n")
        time.sleep(0.5)


def drip_status(one: BaseHTTPRequestHandler) -> None:
    for byte in b"HTTP/1.1 200 " + b"O" * 60_000:
        one.wfile.write(bytes([byte]))
        time.sleep(0.02)


@pytest.mark.parametrize("drip", [drip_body, drip_headers, drip_status])
def test_a_server_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, drip: Answering) -> None:
    monkeypatch.setattr(http, "DEADLINE", 1)
    with server(drip) as (here, _), pytest.raises(RemoteError, match="has not answered in 1 seconds"):
        fetch(here)


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    def half(one: BaseHTTPRequestHandler) -> None:
        one.send_response(200)
        one.send_header("Content-Length", "100")
        one.end_headers()
        one.wfile.write(b"0.2.0")

    with server(half) as (here, _), pytest.raises(RemoteError):
        fetch(here)
