"""Any list of GitHub's is read whole, whatever its pages are called; one that ends early is an error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fastrel.errors import RemoteError
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.listing import Page, cursor_after, read_whole
from fastrel.github.transport.paging import links_of
from fastrel_twin.records import Comment
from fastrel_twin.server import Twin
from hostile import case, fuzz

API = "https://ghe.example/api/v3"
PATH = "/repos/a/b/things"


@dataclass
class Server:
    """Pages of a list in one of the styles that there are. Somebody changes the list after each answer."""

    entries: list[int]
    size: int
    style: str
    """`page`, `cursor`, or `opaque`: a cursor of which no name is known."""
    names_last: bool
    wrapped: bool
    """Whether the list is inside an object that tells its length."""
    spelling: str
    host: str
    changes: list[tuple[str, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def read(self, asked: str) -> Page:
        self.asked.append(asked)
        query = dict(parse_qsl(asked.partition("?")[2]))
        start = self._start(query)
        shown = self.entries[start : start + self.size]
        relations: dict[str, dict[str, str]] = {}
        number = int(query.get("page", "1"))
        if start + self.size < len(self.entries):
            relations["next"] = self._address(shown[-1], number + 1)
        if self.names_last and self.style == "page" and relations:
            relations["last"] = self._address(0, -(-len(self.entries) // self.size))
        if start:
            relations["prev"] = {"page": str(number - 1)}
        header = self._header({key: {**query, **value} for key, value in relations.items()})
        data: object = [{"id": one} for one in shown]
        if self.wrapped:
            data = {"total_count": len(self.entries), "things": data}
        self._change()
        return Page(asked, data, links_of(header))

    def at_once(self, asked: Sequence[str]) -> list[Page]:
        return [self.read(one) for one in asked]

    def _start(self, query: dict[str, str]) -> int:
        if self.style == "page":
            return (int(query.get("page", "1")) - 1) * self.size
        after = query.get("after" if self.style == "cursor" else "sinds")
        return sum(one <= int(after) for one in self.entries) if after else 0

    def _address(self, last: int, number: int) -> dict[str, str]:
        if self.style == "page":
            return {"page": str(number)}
        return {"after" if self.style == "cursor" else "sinds": str(last), "page": str(number)}

    def _header(self, relations: dict[str, dict[str, str]]) -> str:
        parts = []
        for name, query in relations.items():
            path = "/repositories/7/things" if self.spelling == "number" else PATH
            address = f"{self.host}{path}?{urlencode(query)}" if self.host != "?" else f"?{urlencode(query)}"
            rel = {"plain": name, "capital": f'"{name.upper()}"', "many": f'"x-{name} {name}"'}.get(
                self.spelling, f'"{name}"'
            )
            more = '; title="a, b; <c>"' if self.spelling == "many" else ""
            parts.append(f"<{address}>{' ; ' if self.spelling == 'plain' else '; '}rel={rel}{more}")
        return (",", ", ")[self.spelling != "plain"].join(reversed(parts) if self.spelling == "capital" else parts)

    def _change(self) -> None:
        if not self.changes:
            return
        kind, place = self.changes.pop(0)
        if kind == "comes":
            at = min(place, len(self.entries))
            low = self.entries[at - 1] if at else 0
            high = self.entries[at] if at < len(self.entries) else low + 2000
            if high - low > 1:
                self.entries.insert(at, (low + high) // 2)
        elif self.entries:
            self.entries.pop(place % len(self.entries))


@st.composite
def servers(draw: st.DrawFn) -> Server:
    style = draw(st.sampled_from(["page", "cursor", "opaque"]))
    count = draw(st.integers(0, 40))
    wrapped = draw(st.booleans())
    # What goes moves others to an earlier page, which a numbered list without a total does not show.
    kinds = ["comes", "goes"] if style != "page" else ["comes"]
    changes = draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 40)), max_size=6))
    return Server(
        [1000 * (one + 1) for one in range(count)],
        draw(st.integers(1, 10)),
        style,
        draw(st.booleans()),
        wrapped,
        draw(st.sampled_from(["usual", "plain", "capital", "many", "number"])),
        draw(st.sampled_from([API, "https://proxy.example/api/v3", "?"])),
        changes,
    )


@fuzz
@given(servers())
@example(Server(list(range(1, 301)), 100, "cursor", False, False, "number", API))
@example(Server(list(range(1, 301)), 100, "page", True, True, "usual", API))
def test_any_list_is_read_whole_whatever_its_pages_are_called(server: Server) -> None:
    with case():
        before = set(server.entries)
        ever = set(before)
        change, gone = server._change, set[int]()

        def changed() -> None:
            change()
            ever.update(server.entries)
            gone.update(before - set(server.entries))

        server._change = changed  # type: ignore[method-assign]  # to know what was there all the time
        key = "things" if server.wrapped else ""
        first = f"{PATH}?state=all&per_page=100"
        found = [one.number("id") for one in read_whole(first, key, server.read, server.at_once, API, server.size)]
        assert len(found) == len(set(found))
        assert before - gone <= set(found) <= ever
        assert all(asked.startswith((PATH, "/repositories/7/things")) for asked in server.asked)
        assert all("state=all" in asked for asked in server.asked)


def pages(answers: dict[str, tuple[object, str]]) -> tuple[list[int], list[str]]:
    """Read a list from answers by query; the numbers, and what was asked."""
    asked: list[str] = []

    def read(path: str) -> Page:
        asked.append(path)
        data, link = answers[path.partition("?")[2]]
        return Page(path, data, links_of(link))

    def at_once(paths: Sequence[str]) -> list[Page]:
        return [read(one) for one in paths]

    key = "things" if isinstance(next(iter(answers.values()))[0], dict) else ""
    found = read_whole(f"{PATH}?n=1", key, read, at_once, API, 2)
    return [one.number("id") for one in found], asked


def test_a_list_whose_last_page_is_known_is_read_at_once_and_beyond_it() -> None:
    link = '<{0}?page={1}>; rel="next", <{0}?page=3>; rel="last"'
    answers: dict[str, tuple[object, str]] = {
        "n=1": ([{"id": 1}], link.format(PATH, 2)),
        "page=2": ([{"id": 2}], link.format(PATH, 3)),
        "page=3": ([{"id": 3}], f'<{PATH}?page=4>; rel="next"'),
        "page=4": ([{"id": 3}, {"id": 4}], ""),
    }
    found, asked = pages({key: (data, one.replace(PATH, API + PATH)) for key, (data, one) in answers.items()})
    assert found == [1, 2, 3, 4]
    assert [one.partition("?")[2] for one in asked] == ["n=1", "page=2", "page=3", "page=4"]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"n=1": ([{"id": 1}], '<?n=1>; rel="next"')}, "lead back"),
        ({"n=1": ([{"id": 1}], '<?c=2>; rel="next"'), "c=2": ([{"id": 2}], "<?n=1>; rel=next")}, "lead back"),
        ({"n=1": ([{"id": 1}], 'rel="next"; ?page=2')}, "cannot be read"),
        ({"n=1": ([{"id": 1}], '<https://[>; rel="next"')}, "cannot be read"),
        ({"n=1": ({"total_count": 3, "things": [{"id": 1}, {"id": 2}]}, "")}, "has 3 entries, and 2 came"),
        (
            {
                "n=1": ({"total_count": 3, "things": [{"id": 1}]}, '<?c=2>; rel="next"'),
                "c=2": ({"total_count": 3, "things": [{"id": 2}]}, ""),
            },
            "has 3 entries, and 2 came",
        ),
        ({"n=1": ([{"id": 1}], '<?page=2>; rel="next", <?page=99999>; rel="last"')}, "99999 pages"),
    ],
)
def test_a_list_that_does_not_come_to_its_end_is_an_error(answers: dict[str, tuple[object, str]], why: str) -> None:
    with pytest.raises(RemoteError, match=re.escape("does not come to its end")) as caught:
        pages(answers)
    assert why in caught.value.problem
    assert caught.value.done
    assert caught.value.next_step


def test_three_hundred_issues_with_cursors_are_read_from_github_as_it_is(twin: Twin) -> None:
    for number in range(300):
        twin.store.add_issue(f"Bug {number}", "carl", labels=["bug"], milestone=2)
    issues = Repository(Client(twin.api_url, twin.tokens["maintain"]), twin.store.name).issues
    before = len(twin.requests)
    own = [one for one in twin.store.issues.values() if "bug" in one.labels and one.state == "open" and not one.pull]
    assert len(issues.labelled("bug")) == len(own) > 300
    assert len(twin.requests) - before == 4
    assert sum(one.milestone == 2 for one in issues.in_milestone(2)) > 300


def test_an_issue_that_is_closed_between_two_pages_takes_no_other_one_away(twin: Twin) -> None:
    made = [twin.store.add_issue(f"Bug {number}", "carl", labels=["bug"]) for number in range(250)]
    client = Client(twin.api_url, twin.tokens["maintain"])
    real = client._page

    def page(asked: str) -> Page:
        answer = real(asked)
        twin.store.close(made.pop(0))
        return answer

    client._page = page  # type: ignore[method-assign]  # somebody closes an issue after each answer
    found = {one.number for one in Repository(client, twin.store.name).issues.labelled("bug")}
    assert {one.number for one in made} <= found


def test_comments_are_read_at_once_by_number_and_whole(twin: Twin) -> None:
    for number in range(350):
        twin.store.issues[29].comments.append(Comment(9000 + number, "mia", "Why?", twin.store.now()))
    client = Client(twin.api_url, twin.tokens["maintain"])
    assert len(Repository(client, twin.store.name).issues.comments(29)) == 350
    assert client.requests == 4


def test_a_folder_is_not_taken_for_a_file(twin: Twin) -> None:
    code = Repository(Client(twin.api_url, twin.tokens["maintain"]), twin.store.name).code
    with pytest.raises(RemoteError, match="docs at main is a folder"):
        code.file("docs", "main")


def test_the_history_of_a_branch_or_since_a_tag_that_is_not_there_is_an_error_and_not_empty(twin: Twin) -> None:
    code = Repository(Client(twin.api_url, twin.tokens["maintain"]), twin.store.name).code
    for tag, branch in (("v9.9.9", "main"), ("v0.1.0", "none"), ("", "none")):
        with pytest.raises(RemoteError, match="GitHub has no history of"):
            code.commits_since(tag, branch)


def test_a_connection_that_leads_nowhere_is_an_error() -> None:
    for cursor, before in (("", None), ("c100", "c100")):
        page = Fields({"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": cursor}})
        with pytest.raises(RemoteError, match="does not come to its end"):
            cursor_after(page, before, "history of main")
