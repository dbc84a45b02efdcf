"""The tables of docs/reference/twin.md, made from the twin's routes, githubkit's methods and what the tests ask.

Run by `make reference`; a test fails when the committed page is older than the code.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from functools import cache

from asked import ROOMS
from published_models import Documented, operations
from queries import queries
from served import Served, key, served
from stage import ROOT
from templates import fitting
from uses import ENDPOINTS, QUERIES

PAGE = ROOT / "docs" / "reference" / "twin.md"
LONG = 80
"""Letters of a type that a table shows."""
GROUPS = {
    "project": "User and repository",
    "issues": "Issues and milestones",
    "pulls": "Pull requests",
    "releases": "Releases",
    "checks": "Continuous integration",
    "deployments": "Deployments",
    "code": "Git",
}
"""The twin's rooms, as the page calls them."""


def page(old: str) -> str:
    """The page with its tables made anew."""
    for mark, text in (("endpoints", endpoints()), ("queries", graphql())):
        before, begin, rest = old.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition(f"<!-- /{mark} -->\n")
        assert all((begin, end)), f"the page lacks the marks of {mark}"
        old = f"{before}{begin}\n{text}\n\n{end}{after}"
    return old


def endpoints() -> str:
    """A table for each room."""
    found: dict[str, list[str]] = {room: [] for room in GROUPS}
    for route in served():
        found[route.room].append(_row(route))
    return "\n\n".join(
        f"### {title}\n\n| endpoint | used for | here | checked |\n|---|---|---|---|\n" + "\n".join(found[room])
        for room, title in GROUPS.items()
    )


def documented(route: Served) -> Documented:
    """What GitHub's documentation calls a route."""
    return next(one for one in operations().values() if key(one.method, one.path) == route.key)


def statuses(known: Documented) -> list[int]:
    """The statuses that the tests ask for and check."""
    return sorted(_asked()[known.method, known.path])


@cache
def _asked() -> dict[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for ask in (ask for asks in ROOMS.values() for ask in asks):
        templates = [path for method, path in operations() if method == ask.method]
        found[ask.method, fitting(ask.path.partition("?")[0], templates)].add(ask.status)
    return found


def graphql() -> str:
    """A row for each query."""
    rows = [f"| {one.kind} `{one.name}` | {QUERIES[one.name]} | `{one.module}` |" for one in queries()]
    return "| query | used for | in |\n|---|---|---|\n" + "\n".join(rows)


def _row(route: Served) -> str:
    known = documented(route)
    words = inspect.cleandoc(route.handler.__doc__ or "").replace("\n", " ")
    model = f" · `{_short(known.model)}`" if known.model else ""
    codes = " ".join(map(str, statuses(known)))
    name = f"[`{route.method} {known.path}`]({known.page})"
    return f"| {name} | {ENDPOINTS.get(known.id, 'tests')} | {words} | {codes}{model} |"


def _short(model: str) -> str:
    """A type without the tail of a long list of alternatives."""
    return model if len(model) <= LONG else f"{model[: model.rindex(',', 0, LONG)]}, ..."


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
