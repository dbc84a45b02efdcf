"""The tables of docs/reference/twin.md, made from the twin's routes, githubkit's methods and what the tests ask.

Run by `make reference`; a test fails when the committed page is older than the code.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from functools import cache

from endpoint_uses import ENDPOINTS, QUERIES
from github_facts import Fact, facts
from published_models import Documented, operations
from queries import queries
from served import Served, key, served
from stage import ROOT
from templates import fitting
from twin_requests import ROOMS

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
    "rules": "Rulesets",
    "code": "Git",
}
"""The twin's rooms, as the page calls them."""


def page(old: str) -> str:
    """The page with its tables made anew."""
    for mark, text in (("endpoints", endpoints()), ("facts", recorded()), ("queries", graphql())):
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
        f"### {title}\n\n| endpoint | used for | here | checked by schema | recorded facts |\n|---|---|---|---|---|\n"
        + "\n".join(found[room])
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


def recorded() -> str:
    """A row for each fact that somebody has recorded of GitHub."""
    rows = [f"| `{' '.join(_operation(one))}` | {one.fact} | {one.status} | {_source(one)} |" for one in facts()]
    return "| endpoint | what GitHub does | status | source |\n|---|---|---|---|\n" + "\n".join(sorted(rows))


def _operation(fact: Fact) -> tuple[str, str]:
    """The endpoint of a fact, as the description calls it."""
    method, _, path = fact.request.partition(" ")
    asked = re.sub(r"^(\{\w+\}|/repositories/[0-9]+)", "/repos/owner/name", path.partition("?")[0])
    templates = [template for other, template in operations() if other == method]
    return method, fitting(re.sub(r"\{\w+\}", "1", asked), templates)


def _source(fact: Fact) -> str:
    if not fact.source.startswith("https://"):
        return f"`{fact.source}`"
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/(\d+).*", fact.source)
    return f"[{f'{found[1]}#{found[2]}' if found else 'documentation'}]({fact.source})"


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
    many = sum(_operation(one) == (known.method, known.path) for one in facts())
    return f"| {name} | {ENDPOINTS.get(known.id, 'tests')} | {words} | {codes}{model} | {many or 'none'} |"


def _short(model: str) -> str:
    """A type without the tail of a long list of alternatives."""
    return model if len(model) <= LONG else f"{model[: model.rindex(',', 0, LONG)]}, ..."


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
