"""GitHub's published description of its REST API, and whether a request and its answer are as it says.

The description comes by `make node`. It is of the version of the API that is answered when none is asked for. Unlike a
plain reading of it, objects are taken as closed: a field that it does not name is a mistake, in a request as in an
answer. Answers are parsed with githubkit's models, too, which are of the newest version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import parse_qsl

from jsonschema_rs import Draft4, Draft4Validator, Registry

from published_models import misfit
from recording import Exchange
from templates import fitting

Json = dict[str, object]
PACKAGES = Path(__file__).parents[1] / "node" / "node_modules"
DESCRIPTION = PACKAGES / "@octokit" / "openapi" / "generated" / "api.github.com.json"

GENERAL = {400, 401, 403, 404, 409, 422, 429, *range(500, 600)}
"""Errors that every operation may answer with, whether its description lists them or not, in the general form: 409 for
a repository that is just being made or restored.

Sources: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

_SCHEMAS = "components/schemas"
_LABELS = "paths/~1repos~1{owner}~1{repo}~1issues~1{issue_number}~1labels"
_UNAVAILABLE = "components/responses/service_unavailable/content/application~1json/schema"
_MERGE = "paths/~1repos~1{owner}~1{repo}~1pulls~1{pull_number}~1merge/put/responses"
CORRECTIONS: tuple[tuple[str, Json], ...] = (
    # GitHub sends the status in every error.
    (f"{_SCHEMAS}/validation-error/properties", {"status": {"type": "string"}}),
    (f"{_SCHEMAS}/validation-error-simple/properties", {"status": {"type": "string"}}),
    (f"{_UNAVAILABLE}/properties", {"status": {"type": "string"}}),
    (f"{_MERGE}/405/content/application~1json/schema/properties", {"status": {"type": "string"}}),
    (f"{_MERGE}/409/content/application~1json/schema/properties", {"status": {"type": "string"}}),
    # Newer than this edition; githubkit's has them.
    (f"{_SCHEMAS}/label/properties", {"archived_at": {}, "archived_by": {}}),
    (f"{_SCHEMAS}/issue/properties/labels/items/oneOf/1/properties", {"archived_by": {}}),
    (f"{_SCHEMAS}/pull-request-simple/properties/labels/items/properties", {"archived_by": {}}),
    (f"{_SCHEMAS}/pull-request/properties/labels/items/properties", {"archived_by": {}}),
    # A label may lack a description, whoever shows it; githubkit corrects this, too.
    (f"{_SCHEMAS}/pull-request-simple/properties/labels/items/properties/description", {"nullable": True}),
    # An address that is not known is an empty text, by the schema's own default.
    (f"{_SCHEMAS}/deployment-status/properties/target_url", {"format": ""}),
    (f"{_SCHEMAS}/deployment-status/properties/environment_url", {"format": ""}),
    (f"{_SCHEMAS}/deployment-status/properties/log_url", {"format": ""}),
    # "You can also pass an `array` of labels directly", says the description in words.
    (f"{_LABELS}/post/requestBody/content/application~1json", {"schema": {}}),
    (f"{_LABELS}/put/requestBody/content/application~1json", {"schema": {}}),
)
"""Where the description is behind GitHub, or contradicts itself: a place in it, and what is put there."""


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the description has it."""

    method: str
    path: str
    data: Json
    shared: tuple[Json, ...]
    """Parameters of the path, whatever the method."""

    @property
    def parameters(self) -> list[Json]:
        own = self.data.get("parameters", [])
        assert isinstance(own, list)
        return [*self.shared, *own]


class Description:
    """The operations, and what is wrong with an exchange."""

    def __init__(self, file: Path = DESCRIPTION) -> None:
        self._data: Json = json.loads(file.read_text(encoding="utf-8"))
        for place, correction in CORRECTIONS:
            _found(self._data, place).update(correction)
        self._validators: dict[tuple[str, str], Draft4Validator] = {}
        self._seen: set[int] = set()
        self._asked: dict[tuple[str, str], Operation | None] = {}

    @cached_property
    def operations(self) -> dict[str, dict[str, Operation]]:
        """By method and path."""
        found: dict[str, dict[str, Operation]] = {}
        for path, methods in _object(self._data["paths"]).items():
            shared = tuple(map(_object, _list(_object(methods).get("parameters", []))))
            for method, data in _object(methods).items():
                if method in ("get", "post", "put", "patch", "delete"):
                    one = Operation(method.upper(), path, _object(data), shared)
                    found.setdefault(one.method, {})[path] = one
        return found

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request."""
        if (method, path) not in self._asked:
            known = self.operations.get(method, {})
            self._asked[method, path] = known.get(fitting(path, known))
        return self._asked[method, path]

    def mistakes(self, exchange: Exchange) -> list[str]:
        """What is not as described, in words. Equal exchanges are looked at once."""
        mark = hash((exchange.method, exchange.path, exchange.query, exchange.status, exchange.sent, exchange.answered))
        if mark in self._seen:
            return []
        self._seen.add(mark)
        operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            return [f"{exchange.method} {exchange.path}: there is no such operation"]
        found = [*self._of_request(operation, exchange), *self._of_answer(operation, exchange)]
        return [f"{operation.method} {operation.path} -> {exchange.status}: {one}" for one in found]

    def _of_request(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        parameters = [self._resolved(one) for one in operation.parameters]
        queries = {str(one["name"]): one for one in parameters if one["in"] == "query"}
        sent = dict(parse_qsl(exchange.query, keep_blank_values=True))
        if "page" in queries:  # the description lacks the cursors of GitHub's own links between pages
            sent = {name: value for name, value in sent.items() if name not in ("after", "before")}
        for name in sorted(sent.keys() - queries.keys()):
            yield f"the query has {name!r}, which is not described"
        for name, one in queries.items():
            if name in sent:
                yield from self._wrong(f"query {name}", _object(one["schema"]), sent[name], plain=True)
            elif one.get("required"):
                yield f"the query lacks {name!r}"
        if 300 <= exchange.status < 500:
            return  # it was sent on, or refused, which is what becomes of a wrong body
        content = _object(self._resolved(_object(operation.data.get("requestBody", {}))).get("content", {}))
        if exchange.sent and not content:
            yield "the request has a body, which is not described"
        elif "application/json" in content and (
            exchange.sent or _object(operation.data["requestBody"]).get("required")
        ):
            schema = _object(_object(content["application/json"])["schema"])
            yield from self._wrong("request", schema, json.loads(exchange.sent or b"null"))

    def _of_answer(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        described = _object(operation.data["responses"])
        status = exchange.status
        if status == 304 and operation.method == "GET":
            if exchange.answered:
                yield "an unchanged answer has a body"
            return
        if status in (301, 307):
            return  # a repository that was renamed: any operation, in the form of its own
        if str(status) in described:
            content = _object(self._resolved(_object(described[str(status)])).get("content", {}))
            if not content:
                # An empty answer; for errors, the general form is as good.
                if exchange.answered and status < 400:
                    yield "the answer has a body, which is not described"
                return
            schema = _object(_object(content["application/json"])["schema"])
        elif status in GENERAL:
            name = "validation-error" if status == 422 and b'"errors"' in exchange.answered else "basic-error"
            schema = {"$ref": f"#/components/schemas/{name}"}
        else:
            yield "this status is not described"
            return
        try:
            answer = json.loads(exchange.answered)
        except ValueError:
            yield "the answer is not JSON"
            return
        yield from self._wrong("answer", schema, answer)
        if status < 300:
            found = misfit(operation.method, operation.path, answer)
            if found:
                yield f"githubkit: {found}"

    def _wrong(self, what: str, schema: Json, value: object, *, plain: bool = False) -> Iterator[str]:
        """Where a value is not as its schema says; `plain` for text that stands for a number or boolean."""
        key = (json.dumps(schema), "text" if plain else "json")
        if key not in self._validators:
            registry = self._registry
            self._validators[key] = Draft4Validator(
                _object(_translated(schema, "closed")), registry=registry, validate_formats=True
            )
        validator = self._validators[key]
        values = [value]
        if plain and isinstance(value, str):
            values += [int(value)] if value.isdecimal() else [value == "true"] if value in ("true", "false") else []
        if any(validator.is_valid(one) for one in values):
            return
        for error in validator.iter_errors(value):
            place = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in error.instance_path)
            yield f"{what}{place}: {error.message[:300]}"

    @cached_property
    def _registry(self) -> Registry:
        schemas = _object(_object(self._data["components"])["schemas"])
        resources = []
        for kind in ("closed", "open"):
            translated = {name: _translated(one, kind) for name, one in schemas.items()}
            resources.append((f"urn:{kind}", {"components": {"schemas": translated}}))
        return Registry(resources, draft=Draft4)

    def _resolved(self, data: Json) -> Json:
        reference = data.get("$ref")
        if not isinstance(reference, str):
            return data
        return _found(self._data, reference.removeprefix("#/"))


@cache
def description() -> Description:
    """GitHub's description, read once."""
    return Description()


def _found(data: object, pointer: str) -> Json:
    """What is at a JSON pointer: https://www.rfc-editor.org/rfc/rfc6901"""
    for part in pointer.split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        data = data[int(key)] if isinstance(data, list) else _object(data)[key]
    return _object(data)


def _translated(schema: object, kind: str) -> object:
    """A schema of OpenAPI 3.0 in the words of JSON Schema, draft 4: `nullable` is another type. `closed` forbids fields
    that are not named. An object that is put together by `allOf` stays open, since each part knows its own fields."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": f"urn:{kind}{schema['$ref']}"}
    joined = [key for key in ("allOf", "anyOf", "oneOf") if key in schema]
    own_kind = "open" if "allOf" in schema or ("properties" in schema and joined) else kind
    found: Json = {key: value for key, value in schema.items() if key in KEPT}
    for key in ("items", "not", "additionalProperties"):
        if key in schema:
            found[key] = _translated(schema[key], own_kind)
    for key in joined:
        found[key] = [_translated(one, own_kind) for one in schema[key]]
    if "properties" in schema:
        found["properties"] = {key: _translated(one, kind) for key, one in schema["properties"].items()}
        if own_kind == "closed" and "additionalProperties" not in schema:
            found["additionalProperties"] = False
    if schema.get("nullable") is not True:
        return found
    if joined or "type" not in found:
        return {"anyOf": [{"type": "null"}, found]} if found else {}
    found["type"] = [found["type"], "null"]
    if "enum" in found:
        found["enum"] = [*_list(found["enum"]), None]
    return found


KEPT = {"type", "enum", "format", "required", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"}  # fmt: skip
"""The words that both languages have in common."""


def _object(value: object) -> Json:
    assert isinstance(value, dict), value
    return value


def _list(value: object) -> list[object]:
    assert isinstance(value, list), value
    return value
