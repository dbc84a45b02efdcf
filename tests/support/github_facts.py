"""The table of facts about GitHub, `tests/twin/github_facts.yml`, and how a fact is compared with a twin.

`tests/twin/test_github_facts.py` runs every row; the reference of the twin lists them. What a row may hold says `Fact`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

import requests
import yaml

from fastrel_twin.server import Twin
from github_conditions import CONDITIONS
from twin_requests import furnish

FILE = Path(__file__).parents[1] / "twin" / "github_facts.yml"


@dataclass(frozen=True, slots=True)
class Fact:
    """What GitHub answers to a request under a condition."""

    fact: str
    """One sentence; it names the test."""
    source: str
    """Where it is documented or was recorded."""
    request: str
    """Method and path; `{names}` are those of `asked.furnish` and of the conditions. The repository is `{repo}`; a number
    in braces stands for so many letters."""
    status: int
    given: tuple[str, ...] = ()
    """Names of conditions, functions of `github_conditions.py`, in this order."""
    token: str = "maintain"
    """A role, `nobody` for no token, `app` for that of GitHub Actions, or the name of a kind of token that a condition
    made."""
    body: Mapping[str, object] | None = None
    sends: Mapping[str, str] = field(default_factory=dict)
    """Headers of the request."""
    before: tuple[Mapping[str, object], ...] = ()
    """Requests that come first and must succeed: `request`, and optionally `token` and `body`."""
    headers: Mapping[str, str | None] = field(default_factory=dict)
    """Headers of the answer: a regular expression that is found in the value, or null for one that is not there."""
    json: object = None
    """A part of the answer: of an object the named keys are compared, of a list each entry and the length. A text that
    begins and ends with `/` is a regular expression."""
    keys: tuple[str, ...] = ()
    """Keys that the answer, or the first entry of a list, has."""
    lacks: tuple[str, ...] = ()
    """Keys that it has not."""
    length: int | None = None
    """How many entries the list has."""
    published: bool = True
    """False where GitHub's published description does not know this status for this endpoint."""


@cache
def facts() -> tuple[Fact, ...]:
    """All rows of the table."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    names = {one.name for one in fields(Fact)}
    for row in rows:
        assert row.keys() <= names, f"{row['fact']}: unknown {sorted(row.keys() - names)}"
        for key in ("given", "before", "keys", "lacks"):
            row[key] = tuple(row.get(key, ()))
    return tuple(Fact(**row) for row in rows)


def differences(fact: Fact, twin: Twin) -> list[str]:
    """Ask a twin that is as the fact's condition wants it; what it answers otherwise, in words."""
    names = {"repo": f"/repos/{twin.store.name}", **furnish(twin)}
    for condition in fact.given:
        names |= CONDITIONS[condition](twin) or {}
    for one in fact.before:
        body, token = one.get("body"), str(one.get("token", fact.token))
        first = _ask(twin, str(one["request"]), names, token, body if isinstance(body, dict) else None, {})
        assert first.status_code < 300, first.text
    answer = _ask(twin, fact.request, names, fact.token, fact.body, fact.sends)
    found = [] if answer.status_code == fact.status else [f"status {answer.status_code}, not {fact.status}"]
    for name, wanted in fact.headers.items():
        value = answer.headers.get(name)
        if wanted is None and value is not None:
            found.append(f"header {name}: {value}")
        elif wanted is not None and not re.search(wanted, value or ""):
            found.append(f"header {name}: {value!r}, not {wanted}")
    data = answer.json() if answer.content else None
    first_entry = data[0] if isinstance(data, list) and data else data
    own = set(first_entry) if isinstance(first_entry, dict) else set()
    found += [f"the key {key} is missing" for key in fact.keys if key not in own]
    found += [f"there is the key {key}" for key in fact.lacks if key in own]
    if fact.length is not None and (not isinstance(data, list) or len(data) != fact.length):
        found.append(f"{len(data) if isinstance(data, list) else 'no'} entries, not {fact.length}")
    if fact.json is not None:
        found += _unlike(_filled(fact.json, names), data, "")
    return [*found, f"answer: {answer.text[:500]}"] if found else []


def _ask(
    twin: Twin,
    request: str,
    names: Mapping[str, str],
    token: str,
    body: Mapping[str, object] | None,
    sends: Mapping[str, str],
) -> requests.Response:
    method, _, path = request.partition(" ")
    headers = {"Accept": "application/vnd.github+json", **sends}
    if token != "nobody":
        headers["Authorization"] = f"Bearer {_token(twin, token)}"
    url = (
        twin.api_url.removesuffix("/v3") + "/uploads"
        if path.partition("?")[0].endswith("/assets") and method == "POST"
        else twin.api_url
    )
    if path == "/graphql":
        url = twin.api_url.removesuffix("/v3")
    content = json.dumps(_filled(body, names)) if body is not None else None
    return requests.request(
        method, url + str(_filled(path, names)), data=content, headers=headers, timeout=20, allow_redirects=False
    )


def _token(twin: Twin, name: str) -> str:
    if name in twin.tokens:
        return twin.tokens[name]
    wanted = [user for user in twin.store.users.values() if (user.app if name == "app" else user.login == name)]
    return wanted[0].token


def _filled(value: object, names: Mapping[str, str]) -> object:
    """A value of the table with the names in its texts replaced."""
    if isinstance(value, str):
        many = re.fullmatch(r"\{(\d+)\}", value)
        return "x" * int(many[1]) if many else re.sub(r"\{(\w+)\}", lambda it: names.get(it[1], it[0]), value)
    if isinstance(value, dict):
        return {key: _filled(one, names) for key, one in value.items()}
    return [_filled(one, names) for one in value] if isinstance(value, list) else value


def _unlike(wanted: object, found: object, place: str) -> list[str]:
    """Where a part of an answer is not as wanted."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [words for key, one in wanted.items() for words in _unlike(one, found.get(key), f"{place}.{key}")]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        return [words for number, (one, other) in pairs for words in _unlike(one, other, f"{place}[{number}]")]
    if isinstance(wanted, str) and len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return [] if re.search(wanted[1:-1], str(found)) else [f"{place}: {found!r}, not {wanted}"]
    return [] if wanted == found else [f"{place}: {found!r}, not {wanted!r}"]
