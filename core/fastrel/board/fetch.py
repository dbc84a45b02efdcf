"""Open issues with a label in many repositories, in few requests.

With a token GraphQL answers for a hundred repositories of an owner, or fifty named ones, at a time. Without one there
is only REST: a request for each repository, some of them at the same time. The search index lags and is not used.

Source: https://docs.github.com/en/graphql/reference/objects#repository
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastrel.errors import FastrelError, NotAuthenticated, NotFound, UsageError
from fastrel.github.model import Issue
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import SIGN_IN, RateLimited, Unreachable
from fastrel.github.transport.fields import Fields
from fastrel.tracker.trust import BELONGING, is_believed

TOGETHER = 50
"""Named repositories in one GraphQL request."""
NO_OWNER = "There is no such owner."
NO_REPOSITORY = "There is no such repository, or the token may not see it."
"""To GitHub both are the same."""
FRAGMENT = """
fragment Found on Repository {
  nameWithOwner
  issues(labels: $labels, states: [OPEN], first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
    pageInfo { hasNextPage }
    nodes {
      number url body createdAt updatedAt authorAssociation viewerDidAuthor author { __typename login }
      milestone { title url dueOn } assignees(first: 5) { nodes { login } }
    }
  }
}
"""
"""A request costs a hundredth of its connections of the rate limit: 11 points for 100 repositories."""
OF_OWNER = f"""
query OfOwner($owner: String!, $labels: [String!], $after: String, $archived: Boolean, $fork: Boolean) {{
  repositoryOwner(login: $owner) {{
    repositories(
      first: 100, after: $after, isArchived: $archived, isFork: $fork, ownerAffiliations: [OWNER],
      orderBy: {{field: NAME, direction: ASC}}
    ) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ ...Found }} }}
  }}
}}
{FRAGMENT}"""
_NAMED = range(TOGETHER)
_VARIABLES = "".join(f', $o{n}: String! = "", $n{n}: String! = "", $h{n}: Boolean! = false' for n in _NAMED)
_FIELDS = "\n".join(f"  r{n}: repository(owner: $o{n}, name: $n{n}) @include(if: $h{n}) {{ ...Found }}" for n in _NAMED)
OF_NAMES = f"""
query OfNames($labels: [String!]{_VARIABLES}) {{
{_FIELDS}
}}
{FRAGMENT}"""


@dataclass(frozen=True, slots=True)
class MilestoneOfIssue:
    """The milestone of an open issue."""

    title: str
    url: str
    due: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the day on which it is due is over."""
        return self.due is not None and self.due.date() < now.date()


@dataclass(frozen=True, slots=True)
class LabelledIssue:
    """An open issue and the repository that it is in."""

    repository: str
    number: int
    url: str
    body: str
    opened: datetime | None
    updated: datetime | None
    assignees: tuple[str, ...]
    milestone: MilestoneOfIssue | None
    believed: bool = True
    """Whether its author is somebody whose issue can be a tracker."""


@dataclass(frozen=True, slots=True)
class Several:
    """The issues found, and (place, problem) for each owner or repository that could not be read."""

    issues: tuple[LabelledIssue, ...]
    troubles: tuple[tuple[str, str], ...] = ()
    repositories: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """One repository, or one owner that could not be read."""

    name: str
    issues: tuple[LabelledIssue, ...] = ()
    trouble: str = ""
    more: bool = False
    """Whether there are more issues than came."""


def open_issues(
    client: Client, places: Sequence[str], label: str, *, archived: bool = False, forks: bool = False
) -> Several:
    """The open issues with a label in the repositories, or in all repositories of the owners, that `places` name.

    Archived repositories and forks of an owner are left out unless they are asked for. UsageError for what is no name;
    RemoteError when nothing at all could be read.
    """
    for place in places:
        _require_name(place)
    owners = [place for place in dict.fromkeys(places) if "/" not in place]
    names = [place for place in dict.fromkeys(places) if "/" in place]
    of_owner, of_names = (
        (_owner_by_graphql, _names_by_graphql) if client.authenticated else (_owner_by_rest, _names_by_rest)
    )
    found = [one for owner in owners for one in of_owner(client, owner, label, archived, forks)]
    known = {one.name.lower() for one in found}
    found += of_names(client, [one for one in names if one.lower() not in known], label)
    crowded = [one.name for one in found if one.more]
    whole = dict(zip(crowded, client.each(lambda name: _rest(client, name, label), crowded), strict=True))
    found = [whole.get(one.name, one) for one in found]
    read = {one.name.lower(): one for one in found}  # a renamed repository comes under its new name, perhaps twice
    good = [one for one in read.values() if not one.trouble]
    return Several(
        tuple(issue for one in good for issue in one.issues),
        tuple((one.name, one.trouble) for one in read.values() if one.trouble),
        len(good),
    )


def _owner_by_graphql(client: Client, owner: str, label: str, archived: bool, forks: bool) -> list[_Read]:
    found: list[_Read] = []
    after: str | None = None
    filters = {**({} if archived else {"archived": False}), **({} if forks else {"fork": False})}
    while True:
        data, errors = client.graphql_parts(OF_OWNER, owner=owner, labels=[label], after=after, **filters)
        page = data.sub("repositoryOwner").sub("repositories")
        found += map(_read_node, page.items("nodes"))
        if errors:  # such as repositories whose organization wants another kind of sign-in; the rest is there
            found.append(_Read(owner, trouble=f"{len(errors)} could not be read: {errors[0].text('message')}"))
        elif not data.sub("repositoryOwner").data:
            found.append(_Read(owner, trouble=NO_OWNER))
        if not page.sub("pageInfo").flag("hasNextPage"):
            return found
        after = page.sub("pageInfo").text("endCursor")


def _names_by_graphql(client: Client, names: Sequence[str], label: str) -> list[_Read]:
    starts = range(0, len(names), TOGETHER)
    chunks = client.each(lambda start: _chunk(client, names[start : start + TOGETHER], label), starts)
    return [one for chunk in chunks for one in chunk]


def _chunk(client: Client, names: Sequence[str], label: str) -> list[_Read]:
    values: dict[str, object] = {"labels": [label]}
    for number, name in enumerate(names):
        values[f"o{number}"], _, values[f"n{number}"] = name.partition("/")
        values[f"h{number}"] = True
    data, errors = client.graphql_parts(OF_NAMES, **values)
    reasons = {f"r{number}": NO_REPOSITORY for number in range(len(names))}
    for error in errors:
        path = error.data.get("path")
        if isinstance(path, list) and error.text("type") != "NOT_FOUND":
            reasons[str(path[0])] = error.text("message")
    nodes = [(name, f"r{number}", data.sub(f"r{number}")) for number, name in enumerate(names)]
    return [_read_node(node) if node.data else _Read(name, trouble=reasons[key]) for name, key, node in nodes]


def _read_node(node: Fields) -> _Read:
    name, issues = node.text("nameWithOwner"), node.sub("issues")
    return _Read(
        name,
        tuple(
            LabelledIssue(
                name,
                one.number("number"),
                one.text("url"),
                one.text("body"),
                one.time("createdAt"),
                one.time("updatedAt"),
                tuple(person.text("login") for person in one.sub("assignees").items("nodes")),
                _milestone(one.sub("milestone"), "url", "dueOn"),
                one.flag("viewerDidAuthor")
                or one.sub("author").text("__typename") == "Bot"
                or one.text("authorAssociation") in BELONGING,
            )
            for one in issues.items("nodes")
        ),
        more=issues.sub("pageInfo").flag("hasNextPage"),
    )


def _owner_by_rest(client: Client, owner: str, label: str, archived: bool, forks: bool) -> list[_Read]:
    try:
        listed = client.get_all(f"/orgs/{owner}/repos")
    except NotFound:
        try:
            listed = client.get_all(f"/users/{owner}/repos")
        except NotFound:
            return [_Read(owner, trouble=NO_OWNER)]
    wanted = [one for one in listed if (archived or not one.flag("archived")) and (forks or not one.flag("fork"))]
    # Without an open issue there is no tracker; anonymous requests are few.
    names = [one.text("full_name") for one in wanted if one.number("open_issues_count")]
    return [
        *(_Read(one.text("full_name")) for one in wanted if not one.number("open_issues_count")),
        *_names_by_rest(client, names, label),
    ]


def _names_by_rest(client: Client, names: Sequence[str], label: str) -> list[_Read]:
    """A request for each. The first one goes alone: it tells whether anybody answers."""
    limited: list[RateLimited] = []

    def ask(name: str) -> _Read:
        try:
            if limited:
                return _Read(name)
            return _rest(client, name, label)
        except RateLimited as error:
            limited.append(error)
            return _Read(name)

    first = [ask(name) for name in names[:1]]
    rest = client.each(ask, names[1:])
    if limited:
        raise RateLimited(
            f"{limited[0].problem[:-1]}; {len(names)} repositories need as many requests without a token.",
            seconds=limited[0].seconds,
            next_step=limited[0].next_step if client.authenticated else f"{SIGN_IN} With one, few requests are enough.",
        )
    return [*first, *rest]


def _rest(client: Client, name: str, label: str) -> _Read:
    """One repository by REST. RemoteError when nobody answers."""
    try:
        listed = client.get_all(f"/repos/{name}/issues", labels=label, state="open")
    except NotFound:
        return _Read(name, trouble=NO_REPOSITORY)
    except (NotAuthenticated, RateLimited, Unreachable):
        raise
    except FastrelError as error:
        return _Read(name, trouble=error.problem)
    return _Read(
        name,
        tuple(
            LabelledIssue(
                name,
                one.number("number"),
                one.text("html_url"),
                one.text("body"),
                one.time("created_at"),
                one.time("updated_at"),
                tuple(person.text("login") for person in one.items("assignees")),
                _milestone(one.sub("milestone"), "html_url", "due_on"),
                is_believed(Issue.read(one), ""),
            )
            for one in listed
            if not one.sub("pull_request").data
        ),
    )


def _milestone(data: Fields, url: str, due: str) -> MilestoneOfIssue | None:
    return MilestoneOfIssue(data.text("title"), data.text(url), data.time(due)) if data.data else None


def _require_name(place: str) -> None:
    parts = place.split("/")
    if len(parts) > 2 or not all(re.fullmatch(r"[A-Za-z0-9_.-]+", part) and part.strip(".") for part in parts):
        raise UsageError(
            f"“{place}” is neither an owner nor OWNER/NAME.",
            done="Nothing was asked.",
            next_step="Name organizations, users or repositories, such as `ServiceNow/Fast-LLM`.",
        )
