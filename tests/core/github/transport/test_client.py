"""Requests to GitHub: what was read before a change is read again, only reads are repeated, and no half answer counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fastrel.errors import RemoteError
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel_twin.faults import Fault
from fastrel_twin.server import Twin

MILESTONES = "/repos/ServiceNow/Fast-LLM/milestones"


@pytest.fixture
def client(twin: Twin) -> Client:
    return Client(twin.api_url, twin.tokens["maintain"])


def titles(client: Client) -> list[str]:
    return [one.title for one in Repository(client, "ServiceNow/Fast-LLM").milestones.all()]


def test_what_was_read_before_a_change_is_read_again(client: Client) -> None:
    assert "9.0.0" not in titles(client)
    client.send("POST", MILESTONES, {"title": "9.0.0"})
    assert "9.0.0" in titles(client)


def test_a_read_is_made_once_until_it_is_forgotten(client: Client, twin: Twin) -> None:
    first = titles(client)
    asked = len(twin.requests)
    assert titles(client) == first
    assert len(twin.requests) == asked
    client.forget()
    assert titles(client) == first
    assert len(twin.requests) == asked + 1


def test_what_a_commit_holds_is_asked_once_and_where_a_branch_is_again(client: Client, twin: Twin) -> None:
    code = Repository(client, "ServiceNow/Fast-LLM").code
    head, before = code.head("main"), twin.store.bare.history(twin.store.bare.resolve("main"))[1]

    def read(ref: str) -> object:
        client.forget()
        seen = [code.file("setup.cfg", ref), code.file("nowhere", ref), code.relation(before, ref)]
        return [*seen, *([code.changed_files(ref), code.headline(ref)] if ref != "main" else [])]

    for ref, again in ((head, 1), ("main", 3)):
        first = read(ref)
        asked = len(twin.requests)
        assert read(ref) == first
        # That a file is not there may only be a moment of a server that has not heard of the commit yet.
        assert len(twin.requests) == asked + again, ref


def test_an_answer_without_an_etag_replaces_that_of_an_earlier_process(strange: tuple[str, list[int]]) -> None:
    address, statuses = strange
    commit = f"/repos/a/b/commits/{'a' * 40}"
    client = Client(address, "t")
    client.keep_answers({commit: ['"1"', "", {"message": "of another process"}]})
    statuses += [200, 200]
    assert [client.get(commit).text("message") for _ in range(2)] == ["look there", "look there"]
    assert client.kept_answers() == {}


def test_only_reads_are_repeated_when_the_server_fails(client: Client, twin: Twin) -> None:
    """A change whose answer was lost may have been made."""
    twin.faults.add(Fault("POST", MILESTONES, 502, times=5))
    with pytest.raises(RemoteError, match="502"):
        client.send("POST", MILESTONES, {"title": "9.0.0"})
    assert [one[0] for one in twin.requests].count("POST") == 1
    twin.faults.clear()
    twin.faults.add(Fault("GET", MILESTONES, 502))
    assert titles(client)
    assert [one[0] for one in twin.requests if MILESTONES in one[1]].count("GET") == 2


PARTS = """query Parts {
  here: repository(owner: "ServiceNow", name: "Fast-LLM") { nameWithOwner }
  gone: repository(owner: "ServiceNow", name: "Nothing") { nameWithOwner }
}"""


def test_an_answer_of_graphql_that_lacks_a_part_is_an_error_unless_parts_are_wanted(client: Client) -> None:
    with pytest.raises(RemoteError, match="Could not resolve to a Repository"):
        client.graphql(PARTS)
    data, errors = client.graphql_parts(PARTS)
    assert (data.sub("here").text("nameWithOwner"), len(errors)) == ("ServiceNow/Fast-LLM", 1)


@pytest.fixture
def strange() -> Iterator[tuple[str, list[int]]]:
    """A server that answers with whatever status stands in its list; of commits without an ETag."""
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = statuses.pop(0)
            self.send_response(status)
            body = b"" if status == 304 else b'{"message": "look there"}'
            self.send_header("Content-Length", str(len(body)))
            if "/commits/" not in self.path:
                self.send_header("ETag", '"one"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", statuses
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [300, 305, 306])
def test_what_points_elsewhere_is_no_answer(strange: tuple[str, list[int]], status: int) -> None:
    url, statuses = strange
    statuses.append(status)
    with pytest.raises(RemoteError):
        Client(url, None).get("/x")


def test_a_kept_answer_counts_only_when_the_server_says_that_it_still_holds(strange: tuple[str, list[int]]) -> None:
    url, statuses = strange
    client = Client(url, None)
    client.keep_answers({"/x": ['"old"', "", {"message": "old"}], "/y": ["bad\r\nheader", "", {"message": "old"}]})
    statuses += [304, 200, 304]
    assert client.get("/x").text("message") == "old"
    assert client.get("/x").text("message") == "look there"
    assert client.get("/x").text("message") == "look there"
    assert client.kept_answers() == {"/x": ['"one"', "", {"message": "look there"}]}


def test_changes_are_a_second_apart_and_questions_are_not(
    client: Client, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GraphQL's questions are sent by POST, too. GitHub asks for the pause of what changes something."""
    slept: list[float] = []
    monkeypatch.setattr("fastrel.github.transport.pace.SECONDS", 3600)  # however busy the machine is
    monkeypatch.setattr("fastrel.github.transport.pace.is_local", lambda url: False)
    monkeypatch.setattr("fastrel.github.transport.pace.sleep", slept.append)
    asks, sleep = threading.get_ident(), time.sleep  # threads of other tests may be at their end
    monkeypatch.setattr(time, "sleep", lambda one: slept.append(one) if threading.get_ident() == asks else sleep(one))
    far = Client(twin.api_url, twin.tokens["maintain"])
    for _ in range(3):
        far.graphql("query Viewer { viewer { login } }")
        far.get("/repos/ServiceNow/Fast-LLM")
    assert slept == []
    far.send("POST", MILESTONES, {"title": "9.0.0"})
    far.graphql("query Viewer { viewer { login } }")
    assert slept == []
    far.send("POST", MILESTONES, {"title": "9.1.0"})
    assert len(slept) == 1
    assert 0 < slept[0] <= 3600
