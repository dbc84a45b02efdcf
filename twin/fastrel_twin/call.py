"""A REST request and its answer, with permissions, errors and pages as GitHub has them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

from fastrel_twin.records import User
from fastrel_twin.store import Store
from fastrel_twin.workflows.simulated_ci import SimulatedCi

T = TypeVar("T")
Json = dict[str, object]
DOCUMENTATION = "https://docs.github.com/rest"
FAR = 9_999
"""Entries up to which a list with cursors can be asked for by the number of a page; the exact figure is not known."""
_FAR = (
    "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination "
    "(after/before)"
)


class Refused(Exception):
    """An answer that is an error, in GitHub's shape."""

    def __init__(
        self, status: int, message: str, errors: Sequence[Json] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> Json:
        found: Json = {"message": self.message, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        if self.errors:
            found["errors"] = self.errors
        return found


class TooLow(Refused):
    """The role of the token's owner is too low. What is said depends on the kind of token."""

    def __init__(self) -> None:
        super().__init__(403, "Forbidden")


def not_found() -> Refused:
    return Refused(404, "Not Found")


def not_empty(call: Call) -> None:
    """Refuse what asks git of a repository without a commit.

    Source: https://github.com/github/rest-api-description/issues/385
    """
    if not call.store.bare.refs():
        raise Refused(409, "Git Repository is empty.")


def invalid(resource: str, field_name: str, code: str, message: str = "", value: object = None) -> Refused:
    error: Json = {"resource": resource, "field": field_name, "code": code}
    if value is not None:
        error["value"] = value
    if message:
        error["message"] = message
    return Refused(422, "Validation Failed", [error])


@dataclass(frozen=True, slots=True)
class Answer:
    data: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the repository's part of the API."""

    store: Store
    simulated_ci: SimulatedCi
    user: User | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    url: str
    """The request's own address without its query."""
    api: str
    """Address of the API, such as `http://127.0.0.1:PORT/api/v3`."""
    file: tuple[bytes, str] | None = None
    """The content and its type, where the body is a file."""

    @property
    def repository(self) -> str:
        """API address of the repository."""
        return f"{self.api}/repos/{self.store.name}"

    @property
    def web(self) -> str:
        """Web address of the repository."""
        return f"{self.store.url}/{self.store.name}"

    def require(self, role: str) -> User:
        """The user, who must have at least this role."""
        if self.user is None:
            raise Refused(401, "Requires authentication")
        if not self.user.may(role):
            raise TooLow
        return self.user

    def text(self, name: str, default: str = "") -> str:
        value = self.body.get(name)
        return value if isinstance(value, str) else default

    def number(self, name: str) -> int:
        try:
            return int(self.path[name])
        except ValueError:
            raise not_found() from None

    @property
    def own(self) -> str:
        """The request's own address as links of answers have it: by the number of the repository, not by its name."""
        if "name" not in self.path:
            return self.url
        named = f"/repos/{self.path['owner']}/{self.path['name']}"
        return self.url.replace(quote(named), f"/repositories/{self.store.id}", 1)

    def page(self, entries: Sequence[T], shape: Callable[[T], Json]) -> Answer:
        """One page of a listing, with Link headers."""
        start, stop, links = self._slice(len(entries))
        return Answer([shape(one) for one in entries[start:stop]], headers=links)

    def page_in(self, key: str, entries: Sequence[T], shape: Callable[[T], Json], **more: object) -> Answer:
        """One page of a listing that GitHub wraps into an object."""
        start, stop, links = self._slice(len(entries))
        data = {"total_count": len(entries), key: [shape(one) for one in entries[start:stop]], **more}
        return Answer(data, headers=links)

    def page_by_cursor(
        self, entries: Sequence[T], shape: Callable[[T], Json], place: Callable[[T], tuple[str, int]]
    ) -> Answer:
        """One page of a listing that is paged by cursors: no last page is named, and an entry that comes or goes moves
        no other one. `place` is what the entries are sorted by. Far pages cannot be asked for by their number alone.

        Source: https://github.com/google/go-github/issues/3564 and
        https://github.com/josegonzalez/python-github-backup/pull/449
        """
        if self.store.server_version:  # these cursors are newer than the versions of it that the twin plays
            return self.page(entries, shape)
        size, page = self._size(), max(_integer(self.query.get("page", ""), 1), 1)
        after, before = self.query.get("after", ""), self.query.get("before", "")
        places = [place(one) for one in entries]
        if after or before:
            cursor = _place_of(after or before)
            descending = len(places) > 1 and places[0] > places[-1]
            passed = sum((one >= cursor if descending else one <= cursor) for one in places)
            start = passed if after else max(passed - 1 - size, 0)
        elif page * size > FAR:
            raise Refused(422, _FAR)
        else:
            start = (page - 1) * size
        shown = entries[start : start + size]
        more = {key: value for key, value in self.query.items() if key not in ("page", "after", "before")}
        links = []
        if shown and start + size < len(entries):
            query = urlencode({**more, "after": _cursor(place(shown[-1])), "page": page + 1})
            links.append(f'<{self.own}?{query}>; rel="next"')
        if shown and start:
            query = urlencode({**more, "before": _cursor(place(shown[0])), "page": max(page - 1, 1)})
            links.append(f'<{self.own}?{query}>; rel="prev"')
        return Answer([shape(one) for one in shown], headers={"Link": ", ".join(links)} if links else {})

    def _size(self) -> int:
        return min(max(_integer(self.query.get("per_page", ""), 30), 1), 100)

    def _slice(self, total: int) -> tuple[int, int, dict[str, str]]:
        size = self._size()
        page = max(_integer(self.query.get("page", ""), 1), 1)
        last = max(1, -(-total // size))
        relations: dict[str, int] = {}
        if page > 1:
            relations |= {"prev": min(page - 1, last), "first": 1}
        if page < last:
            relations |= {"next": page + 1, "last": last}
        others = {key: value for key, value in self.query.items() if key != "page"}
        links = [
            f'<{self.own}?{urlencode({**others, "page": number})}>; rel="{name}"' for name, number in relations.items()
        ]
        return (page - 1) * size, page * size, {"Link": ", ".join(links)} if links else {}


def _cursor(place: tuple[str, int]) -> str:
    return base64.b64encode(f"cursor:v2:{place[0]}|{place[1]}".encode()).decode()


def _place_of(cursor: str) -> tuple[str, int]:
    """The place that a cursor stands for. Anything that is none is refused."""
    try:
        at, _, number = base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:").partition("|")
        return at, int(number)
    except ValueError:
        raise Refused(422, "The pagination cursor is not valid.") from None


def _integer(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


Handler = Callable[[Call], Answer]
Routes = Sequence[tuple[str, str, Handler]]
