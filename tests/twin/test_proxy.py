"""The proxy in front of the twin, and what it can do to a request."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from fastrel_twin.faults import ANSWERS, Fault, Wrong
from fastrel_twin.proxy import Asked, Moment, Proxy, twin_behind_proxy
from fastrel_twin.server import Twin
from recording import Recorder
from stage import GUIDE

ISSUES = "/repos/ServiceNow/Fast-LLM/issues"
Behind = tuple[Twin, Proxy]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    with twin_behind_proxy(tmp_path / "github", guide_text=GUIDE.read_text(encoding="utf-8")) as both:
        yield both


def ask(twin: Twin, method: str, path: str, **more: object) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {twin.tokens['maintain']}"
        return session.request(method, twin.api_url + path, timeout=10, **more)  # type: ignore[arg-type]  # json or headers


def test_all_addresses_lead_through_the_proxy(behind: Behind) -> None:
    twin, proxy = behind
    assert twin.url == proxy.url != twin.address
    page = ask(twin, "GET", f"{ISSUES}?state=all&per_page=5")
    assert page.json()[0]["html_url"].startswith(proxy.url)
    assert page.links["next"]["url"].startswith(proxy.url)
    told = subprocess.run(["git", "ls-remote", twin.clone_url], capture_output=True, text=True, check=True).stdout
    assert "refs/heads/main" in told
    assert [one[0] for one in proxy.log] == ["GET", "GET", "POST"]
    assert [one[2] for one in proxy.log] == [200, 200, 200]
    assert ask(twin, "HEAD", ISSUES).status_code in (200, 404, 405)


@pytest.mark.parametrize("applied", [False, True])
def test_a_connection_is_cut_before_or_after_the_change(behind: Behind, applied: bool) -> None:
    twin, proxy = behind
    proxy.faults.add(ANSWERS["cut"].at("POST", ISSUES, applied=applied))
    before = len(twin.store.issues)
    with pytest.raises(requests.ConnectionError, match="reset"):
        ask(twin, "POST", ISSUES, json={"title": "One"})
    assert len(twin.store.issues) == before + applied
    assert ask(twin, "POST", ISSUES, json={"title": "Two"}).status_code == 201


@pytest.mark.parametrize("name", [name for name, one in ANSWERS.items() if one.wrong is Wrong.STATUS])
def test_github_s_own_refusals_come_with_their_headers(behind: Behind, name: str, recorder: Recorder) -> None:
    twin, proxy = behind
    proxy.faults.add(ANSWERS[name].at("POST", ISSUES))
    before = len(twin.store.issues)
    answer = ask(twin, "POST", ISSUES, json={"title": "One"})
    assert answer.status_code == ANSWERS[name].status
    if ANSWERS[name].page:
        assert answer.text == ANSWERS[name].page
    else:
        assert answer.json()["message"] == ANSWERS[name].message
    assert {**answer.headers}.items() >= {**ANSWERS[name].headers}.items()
    assert len(twin.store.issues) == before
    # The twin itself says the same.
    twin.faults.add(ANSWERS[name].at("POST", ISSUES))
    again = ask(twin, "POST", ISSUES, json={"title": "One"})
    assert again.status_code == answer.status_code
    if ANSWERS[name].page:
        assert again.text == answer.text
    else:
        assert again.json() == answer.json()
    recorder.exchanges.clear()  # GitHub describes neither the pages of others nor a refused form


def test_half_a_body_and_broken_json(behind: Behind) -> None:
    twin, proxy = behind
    proxy.faults.add(ANSWERS["half a body"].at("GET", ISSUES))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        ask(twin, "GET", ISSUES)
    proxy.faults.add(ANSWERS["malformed"].at("GET", ISSUES), ANSWERS["garbled"].at("GET", ISSUES))
    with pytest.raises(requests.JSONDecodeError):
        ask(twin, "GET", ISSUES).json()
    with pytest.raises(requests.exceptions.ContentDecodingError):
        ask(twin, "GET", ISSUES)


def test_a_stale_read_is_what_was_read_before(behind: Behind) -> None:
    twin, proxy = behind
    first = ask(twin, "GET", f"{ISSUES}/1")
    twin.store.issues[1].title = "Another title"
    proxy.faults.add(ANSWERS["stale"].at("GET", f"{ISSUES}/1", times=2))
    assert ask(twin, "GET", f"{ISSUES}/1").json() == first.json()
    # Asked whether that still holds, a server that lags says yes.
    assert ask(twin, "GET", f"{ISSUES}/1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert ask(twin, "GET", f"{ISSUES}/1").json()["title"] == "Another title"


def test_a_page_shifts_and_a_request_waits(behind: Behind) -> None:
    twin, proxy = behind
    somebody = Fault("GET", "page=2", wrong=Wrong.NOTHING, meanwhile=lambda: twin.store.add_issue("New", "carl"))
    proxy.faults.add(somebody, Fault("GET", "page=3", wrong=Wrong.NOTHING, delay=0.2))
    pages = [
        [one["number"] for one in ask(twin, "GET", f"{ISSUES}?state=all&per_page=5&page={page}").json()]
        for page in (1, 2)
    ]
    assert pages[0][-1] == pages[1][0]
    began = time.monotonic()
    ask(twin, "GET", f"{ISSUES}?state=all&per_page=5&page=3")
    assert time.monotonic() - began >= 0.2
    assert proxy.faults.coming == []


def test_a_fault_may_come_late_and_more_than_once_and_look_at_the_body(behind: Behind) -> None:
    twin, proxy = behind
    proxy.faults.add(Fault("POST", ISSUES, 500, body="Two", after=1, times=2))
    titles = ["Two", "One", "Two", "Two", "Two"]
    assert [ask(twin, "POST", ISSUES, json={"title": one}).status_code for one in titles] == [201, 201, 500, 500, 201]


def test_the_twin_alone_refuses_what_needs_a_proxy(behind: Behind) -> None:
    with pytest.raises(ValueError, match="needs a proxy"):
        behind[0].faults.add(ANSWERS["cut"].at("GET", ISSUES))


def test_a_watcher_sees_each_request_twice_and_may_cut_it(behind: Behind) -> None:
    twin, proxy = behind
    seen: list[tuple[Moment, str]] = []

    def watch(moment: Moment, asked: Asked) -> bool:
        seen.append((moment, asked.method))
        return asked.method != "POST" or moment is Moment.BEFORE

    proxy.watch = watch
    before = len(twin.store.issues)
    ask(twin, "GET", ISSUES)
    with pytest.raises(requests.ConnectionError):
        ask(twin, "POST", ISSUES, json={"title": "One"})
    assert seen == [(Moment.BEFORE, "GET"), (Moment.AFTER, "GET"), (Moment.BEFORE, "POST"), (Moment.AFTER, "POST")]
    assert len(twin.store.issues) == before + 1


def test_a_large_push_goes_through(behind: Behind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git sends more than a megabyte in chunks."""
    from fastrel_twin.clone import clone_sample

    twin, _ = behind
    monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
    path = clone_sample(twin, tmp_path / "work")
    (path / "large").write_bytes(b"".join(index.to_bytes(4, "big") * 3 + b"\n" for index in range(300_000)))
    for command in (["add", "large"], ["commit", "-qm", "A large file"], ["push", "-q", "origin", "HEAD:large"]):
        subprocess.run(["git", *command], cwd=path, check=True)
    assert twin.store.bare.commit(twin.store.bare.resolve("large")).message == "A large file"
