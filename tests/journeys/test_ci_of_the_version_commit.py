"""The version commit moves the branch: what was said of the commit before it holds no more, and is waited for again."""

from __future__ import annotations

import re

import pytest

from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import Cli, Project, ReleasedUpTo, Result


@pytest.fixture
def slow(twin: Twin, released_up_to: ReleasedUpTo) -> Twin:
    """CI takes as long as a hundred and fifty requests; that of the head is over."""
    released_up_to()
    for push in twin.store.pushes:
        push.at = -1_000
    twin.simulated_ci.clock = lambda: len(twin.requests)
    twin.simulated_ci.timing = Timing(ci_seconds=150)
    return twin


def run(cli: Cli, *arguments: str) -> Result:
    return cli("run", *arguments, "--yes", "--defer-open", "--interval", "0.01")


def ticked(result: Result) -> list[str]:
    """The steps that were done or found done, in the order in which they were."""
    return re.findall(r"^  ✔ ([a-z-]+): ", result.err, re.MULTILINE)


def tags(twin: Twin) -> list[str]:
    return [ref for ref in twin.store.bare.refs() if ref.startswith("refs/tags/v0.2")]


@pytest.mark.parametrize("first", ["commit-version", ""], ids=["in two", "in one go"])
def test_the_tag_waits_for_the_checks_of_the_version_commit(cli: Cli, project: Project, slow: Twin, first: str) -> None:
    """A run that goes on and one that is continued do the same things in the same order."""
    done: list[str] = []
    if first:
        begun = run(cli, "--until", first)
        assert (begun.code, tags(slow)) == (3, [])
        assert "Not done yet: main-ci." in begun.err
        done = ticked(begun)
    ended = run(cli, "--until", "push-tag")
    assert ended.code == 0, ended.err
    done += ticked(ended)
    later = [step for step in done[done.index("commit-version") :] if step in ("main-ci", "create-tag", "push-tag")]
    assert later == ["main-ci", "create-tag", "push-tag"]
    version_commit = slow.store.bare.resolve("main")[:7]
    assert f"still running on main ({version_commit})" in ended.err
    assert ("main has moved, so main-ci is looked at again." in ended.err) is not bool(first)
    line = next(one for one in slow.store.issues[38].body.splitlines() if "<!-- step main-ci -->" in one)
    assert f"4 checks are green on main ({version_commit})" in line


class RedOnceBumped(set[str]):
    """The tests fail on the version commit."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def __contains__(self, name: object) -> bool:
        head = self._twin.store.bare.resolve("main")
        return name == "CI" and self._twin.store.bare.commit(head).message.startswith("Bump version")


def test_nothing_is_tagged_when_the_version_commit_is_red(cli: Cli, project: Project, slow: Twin) -> None:
    slow.simulated_ci.failing = RedOnceBumped(slow)
    red = run(cli)
    assert red.code == 1
    head = slow.store.bare.resolve("main")[:7]
    assert f"Step main-ci needs repair: red on main ({head}): Test (failure)." in red.err
    assert "--rerun-failed`" in red.err
    assert (tags(slow), project.git("tag", "--list", "v0.2*")) == ([], "")
    # Nobody is told that main is green.
    line = next(one for one in slow.store.issues[38].body.splitlines() if "<!-- step main-ci -->" in one)
    assert "unverified: " in line


def test_steps_that_were_named_wait_for_nothing_else(cli: Cli, project: Project, slow: Twin) -> None:
    assert run(cli, "--until", "set-version").code == 0
    blocked = run(cli, "commit-version", "create-tag")
    assert blocked.code == 3
    assert "Step create-tag is blocked: after main-ci." in blocked.err
    assert "Nothing was changed." not in blocked.err
    assert tags(slow) == []
    waited = run(cli, "main-ci", "create-tag", "push-tag")
    assert waited.code == 0, waited.err
