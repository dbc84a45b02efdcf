"""The token goes to the API and nowhere else, wherever answers point; over real HTTP, with a second server that listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fastrel.errors import RemoteError, UsageError
from fastrel.github.transport.client import Client
from fastrel.web.http import fetch

TOKEN = "ghp_known0known0known0known0known0kn"


@dataclass
class Recorder:
    """A server that answers by path and keeps the headers of all requests."""

    port: int = 0
    answers: dict[str, tuple[int, Mapping[str, str], str]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}"

    @property
    def heard(self) -> str:
        """All that was said to it."""
        return repr(self.asked)


@pytest.fixture
def servers() -> Iterator[tuple[Recorder, Recorder]]:
    """The API on 127.0.0.1, and another place, which is called `localhost`."""
    with_servers = [_started(Recorder()), _started(Recorder())]
    yield with_servers[0][0], with_servers[1][0]
    for _, server in with_servers:
        server.shutdown()
        server.server_close()


def _started(recorder: Recorder) -> tuple[Recorder, ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            recorder.asked.append((self.command, self.path, dict(self.headers)))
            status, headers, body = recorder.answers.get(self.path.partition("?")[0], (404, {}, "{}"))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PATCH = do_HEAD = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder.port = int(server.server_address[1])
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return recorder, server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "https"])
def test_no_redirection_takes_it_to_another_place(
    servers: tuple[Recorder, Recorder], status: int, verb: str, host: str
) -> None:
    api, other = servers
    place = f"https://localhost:{other.port}" if host == "https" else other.url(host)
    api.answers["/api/v3/repos/a/b"] = (status, {"Location": f"{place}/stolen"}, "{}")
    client = Client(f"{api.url()}/api/v3", TOKEN)
    with pytest.raises(RemoteError) as caught:
        client.get("/repos/a/b") if verb == "GET" else client.send("POST", "/repos/a/b", {})
    assert TOKEN in api.heard
    assert other.asked == []
    assert TOKEN not in f"{caught.value} {caught.value.done} {caught.value.next_step}"


def test_a_redirection_to_itself_ends(servers: tuple[Recorder, Recorder]) -> None:
    api, _ = servers
    api.answers["/api/v3/one"] = (301, {"Location": f"{api.url()}/api/v3/one"}, "{}")
    with pytest.raises(RemoteError, match="sends us to another place"):
        Client(f"{api.url()}/api/v3", TOKEN).get("/one")


def test_pages_are_asked_of_the_api_whatever_the_link_says(servers: tuple[Recorder, Recorder]) -> None:
    api, other = servers
    link = f'<{other.url("localhost")}/stolen?page=2>; rel="next", <{other.url("localhost")}/stolen?page=2>; rel="last"'
    api.answers["/api/v3/things"] = (200, {"Link": link}, '[{"a": 1}]')
    assert len(Client(f"{api.url()}/api/v3", TOKEN).get_all("/things")) == 2
    assert other.asked == []
    api.answers["/api/v3/things"] = (200, {"Link": '<http://x/?page=%C2%B2>; rel="last"'}, "[]")
    assert Client(f"{api.url()}/api/v3", TOKEN).get_all("/things") == []


def test_a_file_is_not_uploaded_elsewhere(servers: tuple[Recorder, Recorder], tmp_path: Path) -> None:
    api, other = servers
    file = tmp_path / "a.whl"
    file.write_text("content")
    client = Client(f"{api.url()}/api/v3", TOKEN)
    for place in (other.url("localhost"), other.url(), f"http://me@127.0.0.1:{api.port}", "https://127.0.0.1"):
        with pytest.raises(RemoteError, match=r"does not belong to http://127\.0\.0\.1") as caught:
            client.upload(f"{place}/api/uploads/assets", "a.whl", file)
        assert "neither the file nor the token" in caught.value.done
    assert other.asked == []
    assert api.asked == []
    api.answers["/api/uploads/assets"] = (201, {}, "{}")
    client.upload(f"{api.url()}/api/uploads/assets", "a.whl", file)
    assert TOKEN in api.heard


def test_registries_and_sites_get_nothing_also_when_they_send_elsewhere(
    servers: tuple[Recorder, Recorder], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site, other = servers
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / ".netrc").write_text(
        "".join(f"machine {host} login me password {TOKEN}\n" for host in ("localhost", "127.0.0.1"))
    )
    (home / ".netrc").chmod(0o600)
    site.answers["/page"] = (302, {"Location": f"{other.url('localhost')}/next"}, "")
    other.answers["/next"] = (200, {}, "here")
    assert fetch(f"{site.url()}/page").text == "here"
    assert fetch(f"{site.url()}/page", {"Authorization": "Bearer anonymous"}).text == "here"
    assert [name for _, _, headers in other.asked for name in headers if name.lower() == "authorization"] == []
    assert TOKEN not in site.heard + other.heard


def test_an_address_with_credentials_is_not_asked(servers: tuple[Recorder, Recorder]) -> None:
    site, _ = servers
    with pytest.raises(UsageError) as caught:
        fetch(f"http://me:{TOKEN}@127.0.0.1:{site.port}/")
    assert TOKEN not in str(caught.value)
    assert site.asked == []
