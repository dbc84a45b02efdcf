"""Requests and answers are as GitHub's published description says, and the check of that finds what is not."""

from __future__ import annotations

import json

import pytest
import requests

from fastrel_twin.server import Twin
from published import DESCRIPTION, description
from recording import Exchange, Recorder
from twin_requests import HERE, ROOMS, Ask, furnish

pytestmark = pytest.mark.skipif(not DESCRIPTION.is_file(), reason="needs GitHub's descriptions: `make node`")


def put(twin: Twin, ask: Ask, names: dict[str, str]) -> requests.Response:
    headers = dict(ask.headers)
    tokens = {**twin.tokens, "app": "twin-token-of-github-actions[bot]"}
    if ask.role != "nobody":
        headers["Authorization"] = f"Bearer {tokens[ask.role]}"
    body = {key: one.format(**names) if isinstance(one, str) else one for key, one in (ask.body or {}).items()}
    # Files have an address of their own, which the release tells.
    api = f"{twin.url}/api/uploads" if ask.file else twin.api_url
    url = f"{api}{ask.path.format(**names)}"
    data = ask.file or (json.dumps(body) if ask.body is not None else None)
    return requests.request(ask.method, url, data=data, headers=headers, timeout=10)


@pytest.mark.parametrize("room", ROOMS)
def test_every_endpoint_answers_as_described(twin: Twin, room: str, recorder: Recorder) -> None:
    names = furnish(twin)
    for ask in ROOMS[room]:
        answer = put(twin, ask, names)
        assert (answer.status_code, ask.request) == (ask.status, ask.request), answer.text
        if ask.called:
            names[ask.called] = str(answer.json()["number"])
    assert len(recorder.exchanges) == len(ROOMS[room])


# What the check finds


def labels(
    answer: object = (),
    *,
    method: str = "GET",
    path: str = f"{HERE}/labels",
    query: str = "per_page=100",
    sent: bytes = b"",
    status: int = 200,
    answered: bytes | None = None,
) -> Exchange:
    """The exchange of a listing of labels, or what a case makes of it."""
    content = json.dumps(answer).encode() if answered is None else answered
    return Exchange(method, path, query, "test", sent, status, {}, content)


GOOD = {
    "id": 1, "node_id": "LA_1", "url": "https://example.org/labels/bug", "name": "bug", "description": None,
    "color": "d73a4a", "default": False, "archived_at": None, "archived_by": None,
}  # fmt: skip


def test_a_good_answer_has_no_mistakes() -> None:
    assert description().mistakes(labels([GOOD])) == []


@pytest.mark.parametrize(
    ("exchange", "found"),
    [
        (labels([{key: one for key, one in GOOD.items() if key != "color"}]), '"color" is a required property'),
        (labels([{**GOOD, "colour": "red"}]), "'colour' was unexpected"),
        (labels([{**GOOD, "name": None}]), 'answer[0].name: null is not of type "string"'),
        (labels([{**GOOD, "url": "no address"}]), 'is not a "uri"'),
        (labels([{**GOOD, "id": "1"}]), 'answer[0].id: "1" is not of type "integer"'),
        (labels([GOOD], query="per_pages=100"), "the query has 'per_pages', which is not described"),
        (labels([GOOD], query="per_page=many"), 'query per_page: "many" is not of type "integer"'),
        (labels([GOOD], sent=b"{}"), "the request has a body, which is not described"),
        (labels([GOOD], path="/repos/a/b/labelz"), "there is no such operation"),
        (labels([GOOD], method="PATCH"), "there is no such operation"),
        (labels([GOOD], status=202), "this status is not described"),
        (labels([GOOD], answered=b"<html>"), "the answer is not JSON"),
        (labels(status=304, answered=b"[]"), "an unchanged answer has a body"),
        (labels(status=502, answered=b'{"errors": []}'), "'errors' was unexpected"),
        (labels(status=422, answered=b'{"message": "", "errors": [{}]}'), '"documentation_url" is a required property'),
        (
            labels(method="POST", path=f"{HERE}/milestones", query="", sent=b'{"title": "1", "due": "x"}', status=201),
            "request: Additional properties are not allowed ('due' was unexpected)",
        ),
        (
            labels(method="POST", path=f"{HERE}/milestones", query="", sent=b'{"title": "1", "state": "ended"}', status=201),
            'request.state: "ended" is not one of',
        ),
        (
            labels(method="POST", path=f"{HERE}/milestones", query="", sent=b"{}", status=201),
            'request: "title" is a required property',
        ),
        (
            labels(method="POST", path=f"{HERE}/releases/1/assets", query="", sent=b"file", status=201),
            "the query lacks 'name'",
        ),
    ],
)  # fmt: skip
def test_what_is_not_as_described_is_found(exchange: Exchange, found: str) -> None:
    assert found in "\n".join(description().mistakes(exchange))


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/repos/a/b/commits/feature/one", "/repos/{owner}/{repo}/commits/{ref}"),
        ("/repos/a/b/commits/feature/one/check-runs", "/repos/{owner}/{repo}/commits/{ref}/check-runs"),
        ("/repos/a/b/releases/latest", "/repos/{owner}/{repo}/releases/latest"),
        ("/repos/a/b/releases/7", "/repos/{owner}/{repo}/releases/{release_id}"),
        ("/repos/a/b/contents/docs/index.md", "/repos/{owner}/{repo}/contents/{path}"),
    ],
)
def test_a_request_belongs_to_the_most_particular_operation(path: str, template: str) -> None:
    operation = description().operation("GET", path)
    assert operation
    assert operation.path == template
