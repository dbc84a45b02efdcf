"""Git data read through GitHub: branch heads, tags, files, commits with their pull requests.

Source: https://docs.github.com/en/rest/git and https://docs.github.com/en/graphql/reference/objects#comparison
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import quote

from fastrel.errors import NotAllowed, NotFound, RemoteError
from fastrel.github.branch_rules import BranchRules, Rule
from fastrel.github.model import Commit, MergedPull, TagRef
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import Invalid, NotInPlan
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.listing import cursor_after
from fastrel.github.transport.remembered import remembered, remembered_for_good

_COMMIT = """
  pageInfo { hasNextPage endCursor }
  nodes {
    oid messageHeadline
    parents(first: 10) { nodes { oid } }
    associatedPullRequests(first: 5) {
      nodes { number title url merged baseRefName author { login } labels(first: 50) { nodes { name } } }
    }
  }
"""
COMPARE = f"""
query Commits($owner: String!, $name: String!, $base: String!, $head: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ref(qualifiedName: $base) {{
      compare(headRef: $head) {{ commits(first: 100, after: $after) {{ {_COMMIT} }} }}
    }}
  }}
}}
"""
HISTORY = f"""
query History($owner: String!, $name: String!, $head: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ref(qualifiedName: $head) {{
      target {{ ... on Commit {{ history(first: 100, after: $after) {{ {_COMMIT} }} }} }}
    }}
  }}
}}
"""


AT_COMMIT = f"""
query HistoryOf($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    object(oid: $oid) {{ ... on Commit {{ history(first: 100, after: $after) {{ {_COMMIT} }} }} }}
  }}
}}
"""
TOUCHING = """
query Touching($owner: String!, $name: String!, $oid: GitObjectID!, $path: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    object(oid: $oid) {
      ... on Commit {
        history(first: 100, after: $after, path: $path) { pageInfo { hasNextPage endCursor } nodes { oid } }
      }
    }
  }
}
"""
BLOCKING = frozenset({"pull_request", "required_status_checks", "merge_queue", "update", "workflows"})
"""Types of branch rules that a plain push of a new commit breaks.
Source: https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch"""


class Code:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}"
        self._histories: dict[tuple[str, str], tuple[Commit, ...]] = {}
        """What two ends have between them, by their SHAs: of the tag, or empty, and of the newest commit."""

    @remembered
    def head(self, branch: str) -> str:
        """SHA of the branch's newest commit. NotFound when there is no such branch."""
        return self.client.get(f"{self._path}/commits/{quote(branch)}").text("sha")

    @remembered
    def tags(self) -> dict[str, TagRef]:
        """All tags of the remote by name."""
        found = self.client.get_list(f"{self._path}/git/matching-refs/tags/")
        refs = [
            TagRef(
                one.text("ref").removeprefix("refs/tags/"),
                one.sub("object").text("sha"),
                one.sub("object").text("type") == "tag",
            )
            for one in found
        ]
        return {ref.name: ref for ref in refs}

    @remembered
    def commit_of(self, tag: TagRef) -> str:
        """SHA of the commit that a tag marks."""
        return self._tag(tag.sha).sub("object").text("sha") if tag.annotated else tag.sha

    def tagged_at(self, tag: TagRef) -> datetime | None:
        """When an annotated tag was made, as it says itself."""
        return self._tag(tag.sha).sub("tagger").time("date") if tag.annotated else None

    def message_of(self, tag: TagRef) -> str:
        """The message of an annotated tag, with its signature if it has one; else empty."""
        return self._tag(tag.sha).text("message") if tag.annotated else ""

    @remembered_for_good
    def _tag(self, sha: str) -> Fields:
        return self.client.get(f"{self._path}/git/tags/{sha}")

    @remembered
    def file(self, path: str, ref: str) -> str | None:
        """The text of a file at a branch, tag or commit, its line endings kept; None when there is none."""
        try:
            data = self.client.read(f"{self._path}/contents/{quote(path)}", ref=ref)
        except NotFound:
            return None
        if isinstance(data, list):
            raise RemoteError(
                f"{path} at {ref} is a folder, not a file.", next_step="Name a file where the path is set."
            )
        found = Fields.of(data)
        if found.text("encoding") != "base64":
            raise RemoteError(f"{path} at {ref} is not a text file that GitHub's API can return.")
        return base64.b64decode(found.text("content")).decode("utf-8", errors="replace")

    @remembered
    def commits_since(self, tag: str, branch: str) -> tuple[Commit, ...]:
        """The commits of a branch (or up to a commit) that the tag does not have, newest first, with the pull requests
        that brought them. Without a tag: the whole history. Without a token: without the pull requests, which only
        GraphQL tells in one request."""
        if not self.client.authenticated:
            return self._commits_by_rest(tag, branch)
        if _is_sha(branch):
            return self._commits_up_to(tag, branch)
        owner, _, name = self.name.partition("/")
        commits: list[Commit] = []
        after: str | None = None
        while True:
            if tag:
                data = self.client.graphql(
                    COMPARE,
                    owner=owner,
                    name=name,
                    base=f"refs/tags/{tag}",
                    head=f"refs/heads/{branch}",
                    after=after,
                )
                page = data.sub("repository").sub("ref").sub("compare").sub("commits")
            else:
                data = self.client.graphql(HISTORY, owner=owner, name=name, head=f"refs/heads/{branch}", after=after)
                page = data.sub("repository").sub("ref").sub("target").sub("history")
            commits += [_commit(node) for node in page.items("nodes")]
            after = cursor_after(page, after, f"history of {branch}{f' since {tag}' if tag else ''}")
            if after is None:
                # A comparison lists its commits oldest first, a history newest first.
                return tuple(reversed(commits)) if tag else tuple(commits)

    @remembered
    def new_commits(self, tag: str, branch: str) -> tuple[Commit, ...]:
        """The commits of `commits_since` without their pull requests, which others may change: asked once for the same
        two ends."""
        found = self.tags().get(tag)
        try:
            key = (found.sha if found else "", branch if _is_sha(branch) else self.head(branch))
        except (NotFound, Invalid):  # no such branch
            return self.commits_since(tag, branch)
        if tag and not found:
            return self.commits_since(tag, branch)
        known = self._histories.get(key)
        if known is None:
            known = tuple(replace(one, pulls=()) for one in self.commits_since(tag, branch))
            if known and known[0].sha == key[1]:  # else somebody has pushed meanwhile
                self._histories[key] = known
        return known

    @remembered
    def touching(self, path: str, sha: str, among: frozenset[str]) -> frozenset[str]:
        """Which of these commits, all of them in the history of one, change something below a path. Needs a token: only
        GraphQL tells it in a request for a hundred. Old commits that came late by a merge are looked for on two more
        pages."""
        owner, _, name = self.name.partition("/")
        found: set[str] = set()
        after: str | None = None
        empty = 0
        while len(found) < len(among) and empty < 2:
            data = self.client.graphql(TOUCHING, owner=owner, name=name, oid=sha, path=path, after=after)
            page = data.sub("repository").sub("object").sub("history")
            here = {one.text("oid") for one in page.items("nodes")} & among
            found |= here
            empty = 0 if here else empty + 1
            after = cursor_after(page, after, f"history of {path}")
            if after is None:
                break
        return frozenset(found)

    def _commits_up_to(self, tag: str, sha: str) -> tuple[Commit, ...]:
        """As `commits_since`, for a commit: GraphQL compares branches only, so its history is read until all the
        commits that REST names have been seen."""
        owner, _, name = self.name.partition("/")
        wanted = self._commits_by_rest(tag, sha)
        left = {one.sha for one in wanted}
        found: dict[str, Commit] = {}
        after: str | None = None
        while left:
            data = self.client.graphql(AT_COMMIT, owner=owner, name=name, oid=sha, after=after)
            page = data.sub("repository").sub("object").sub("history")
            for commit in map(_commit, page.items("nodes")):
                found[commit.sha] = commit
                left.discard(commit.sha)
            after = cursor_after(page, after, f"history of {sha[:7]}")
            if after is None:
                break
        return tuple(found.get(one.sha, one) for one in wanted)

    def _commits_by_rest(self, tag: str, branch: str) -> tuple[Commit, ...]:
        if tag:
            found = self.client.get_all(f"{self._path}/compare/{quote(tag)}...{quote(branch)}", key="commits")[::-1]
        else:
            found = self.client.get_all(f"{self._path}/commits", sha=branch)
        return tuple(
            Commit(
                one.text("sha"),
                one.sub("commit").text("message").partition("\n")[0],
                parents=tuple(parent.text("sha") for parent in one.items("parents")),
            )
            for one in found
        )

    @remembered
    def has_branch(self, branch: str) -> bool:
        try:
            self.client.get(f"{self._path}/git/ref/heads/{quote(branch)}")
        except NotFound:
            return False
        return True

    def changed_files(self, sha: str) -> tuple[str, ...]:
        """Paths of the files that a commit changes; of a merge, those that it brings to its first parent."""
        return tuple(one.text("filename") for one in self._commit(sha).items("files"))

    def headline(self, sha: str) -> str:
        """The first line of a commit's message."""
        return self._commit(sha).sub("commit").text("message").partition("\n")[0]

    @remembered
    def _commit(self, sha: str) -> Fields:
        return self.client.get(f"{self._path}/commits/{sha}")

    @remembered
    def relation(self, base: str, head: str) -> str:
        """How the head stands to the base: `ahead`, `behind`, `diverged` or `identical`; empty when GitHub does not
        know one of them."""
        try:
            return self.client.get(f"{self._path}/compare/{quote(base)}...{quote(head)}").text("status")
        except (NotFound, Invalid):
            return ""

    @remembered
    def rules(self, branch: str) -> BranchRules:
        """What GitHub tells every reader about the protection of a branch, by rules and by classic protection."""
        self.client.concurrently(lambda: self.protection(branch), lambda: self.rule_list(branch))
        protection, rules = self.protection(branch), self.rule_list(branch)
        classic = protection.sub("required_status_checks")
        checks = _texts(classic, "contexts") if classic.text("enforcement_level") != "off" else []
        for rule in rules:
            checks += [one.text("context") for one in rule.sub("parameters").items("required_status_checks")]
        kinds = {rule.text("type") for rule in rules}
        takes_pushes = not protection.flag("enabled") and not kinds & BLOCKING
        return BranchRules(takes_pushes, tuple(dict.fromkeys(checks)), tuple(map(Rule.read, rules)))

    @remembered
    def protection(self, branch: str) -> Fields:
        """Classic protection, as far as everybody may read it; empty for a branch that does not exist."""
        try:
            return self.client.get(f"{self._path}/branches/{quote(branch)}").sub("protection")
        except NotFound:
            return Fields({})

    @remembered
    def rule_list(self, branch: str) -> list[Fields]:
        """The rules of rulesets that apply to a branch; empty on servers that do not know them yet, and where the
        owner's plan has none for a private repository, so that none apply."""
        try:
            return self.client.get_all(f"{self._path}/rules/branches/{quote(branch)}")
        except (NotFound, NotInPlan):
            return []

    @remembered
    def may_bypass(self, ruleset: int) -> bool:
        """Whether GitHub says that the user may bypass a ruleset with a push."""
        try:
            found = self._ruleset(ruleset)
        except (NotFound, NotAllowed):
            return False
        return found.text("current_user_can_bypass") in ("always", "exempt")

    @remembered
    def tag_rules(self, tag: str) -> tuple[Rule, ...]:
        """The rules of the repository's rulesets that apply to a tag; empty where the server or the plan has none, or
        the token may not read them. One request, and one for each ruleset of tags.

        Source: https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
        """
        try:
            listed = self.client.get_all(f"{self._path}/rulesets")
            found = [
                self._ruleset(one.number("id"))
                for one in listed
                if one.text("target") == "tag" and one.text("enforcement") == "active"
            ]
        except (NotFound, NotAllowed):
            return ()
        ref = f"refs/tags/{tag}"
        return tuple(
            Rule.read(rule, one.number("id")) for one in found if _applies(one, ref) for rule in one.items("rules")
        )

    @remembered
    def _ruleset(self, number: int) -> Fields:
        return self.client.get(f"{self._path}/rulesets/{number}")


def _applies(ruleset: Fields, ref: str) -> bool:
    """Whether the conditions of a ruleset name a ref. Its patterns are those of Ruby's `File.fnmatch`: a `*` does not
    match a slash.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
    """
    names = ruleset.sub("conditions").sub("ref_name")

    def named(patterns: Sequence[str]) -> bool:
        return any(one == "~ALL" or _fits(one, ref) for one in patterns)

    return named(names.texts("include")) and not named(names.texts("exclude"))


def _fits(pattern: str, ref: str) -> bool:
    parts, wanted = ref.split("/"), pattern.split("/")
    if "**" in wanted:
        return fnmatchcase(ref, pattern.replace("**/", "*").replace("**", "*"))
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _is_sha(text: str) -> bool:
    return len(text) == 40 and all(one in "0123456789abcdef" for one in text)


def _texts(fields: Fields, name: str) -> list[str]:
    value = fields.data.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _commit(node: Fields) -> Commit:
    pulls = [
        MergedPull(
            pull.number("number"),
            pull.text("title"),
            pull.text("url"),
            pull.sub("author").text("login"),
            tuple(label.text("name") for label in pull.sub("labels").items("nodes")),
            pull.text("baseRefName"),
        )
        for pull in node.sub("associatedPullRequests").items("nodes")
        if pull.flag("merged")
    ]
    parents = tuple(one.text("oid") for one in node.sub("parents").items("nodes"))
    return Commit(node.text("oid"), node.text("messageHeadline"), tuple(pulls), parents)
