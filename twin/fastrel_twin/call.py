"""One request and its answer, as the REST rooms see them; permissions, errors and pages as GitHub has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from fastrel_twin.simulated_ci import SimulatedCi
from fastrel_twin.store import Store, User

T = TypeVar("T")
Json = dict[str, object]
DOCUMENTATION = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer that is an error, in GitHub's shape."""

    def __init__(self, status: int, message: str, errors: Sequence[Json] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)

    def body(self) -> Json:
        found: Json = {"message": self.message, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        if self.errors:
            found["errors"] = self.errors
        return found


def not_found() -> Refused:
    return Refused(404, "Not Found")


def invalid(resource: str, field_name: str, code: str, message: str = "") -> Refused:
    error: Json = {"resource": resource, "field": field_name, "code": code}
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
            raise Refused(403, "Resource not accessible by personal access token")
        return self.user

    def text(self, name: str, default: str = "") -> str:
        value = self.body.get(name)
        return value if isinstance(value, str) else default

    def number(self, name: str) -> int:
        try:
            return int(self.path[name])
        except ValueError:
            raise not_found() from None

    def page(self, entries: Sequence[T], shape: Callable[[T], Json]) -> Answer:
        """One page of a listing, with Link headers."""
        start, stop, links = self._slice(len(entries))
        return Answer([shape(one) for one in entries[start:stop]], headers=links)

    def page_in(self, key: str, entries: Sequence[T], shape: Callable[[T], Json], **more: object) -> Answer:
        """One page of a listing that GitHub wraps into an object."""
        start, stop, links = self._slice(len(entries))
        data = {"total_count": len(entries), key: [shape(one) for one in entries[start:stop]], **more}
        return Answer(data, headers=links)

    def _slice(self, total: int) -> tuple[int, int, dict[str, str]]:
        size = min(max(_integer(self.query.get("per_page", ""), 30), 1), 100)
        page = max(_integer(self.query.get("page", ""), 1), 1)
        last = max(1, -(-total // size))
        relations: dict[str, int] = {}
        if page > 1:
            relations |= {"prev": min(page - 1, last), "first": 1}
        if page < last:
            relations |= {"next": page + 1, "last": last}
        others = "&".join(f"{key}={value}" for key, value in self.query.items() if key != "page")
        links = [
            f'<{self.url}?{others}{"&" if others else ""}page={number}>; rel="{name}"'
            for name, number in relations.items()
        ]
        return (page - 1) * size, page * size, {"Link": ", ".join(links)} if links else {}


def _integer(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


Handler = Callable[[Call], Answer]
Routes = Sequence[tuple[str, str, Handler]]
