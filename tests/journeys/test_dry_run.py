"""A dry run is the plan of the run that follows: the same steps, the same requests and git commands, nothing changed."""

from __future__ import annotations

import re
from itertools import zip_longest

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, open_ready

WRITES = re.compile(
    r"^  ((?:POST|PATCH|PUT|DELETE) /repos/\S+|git (?:add|commit|push|fetch|merge|restore|tag --annotate) .*): (?:\d|exit)"
)


def writes(log: str) -> list[str]:
    """The requests and git commands of `--verbose` that change something, without the ticks."""
    found = [line[1] for one in log.splitlines() if (line := WRITES.match(one))]
    return [one for one in found if one != "PATCH /repos/ServiceNow/Fast-LLM/issues/38"]


def changes(twin: Twin) -> list[str]:
    """The requests to the REST API that change something."""
    return [f"{one[0]} {one[1]}" for one in twin.requests if one[0] != "GET" and "/api/v3/" in one[1]]


def planned(shown: str) -> list[str]:
    found = [line.strip()[2:] for line in shown.splitlines() if line.strip().startswith("! ")]
    return [one for one in found if "/graphql" not in one and one != "PATCH /repos/ServiceNow/Fast-LLM/issues/38"]


def fits(plan: str, done: str) -> bool:
    pattern = re.escape(plan).replace(re.escape("{id}"), r"\d+").replace("COMMIT", "[0-9a-f]{40}")
    return re.fullmatch(pattern, done) is not None


def test_the_plan_is_the_result_and_names_reads_and_writes(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    before = changes(twin)
    refs = twin.store.bare.git("for-each-ref")
    shown = cli("run", "--dry-run", "--defer-open")
    assert (shown.code, shown.err) == (0, "")
    assert "      $ GET /repos/ServiceNow/Fast-LLM/milestones?state=all&per_page=100\n" in shown.out
    assert "        ! git commit --message 'Bump version to 0.2.0' --only -- fast_llm/__init__.py" in shown.out
    assert "would draft a release for v0.2.0\n        ! POST /repos/ServiceNow/Fast-LLM/releases\n" in shown.out
    assert shown.out.rstrip().splitlines()[-2].endswith("To start it: fastrel-checklist run 0.2.0 --defer-open")
    asked = [line for line in shown.out.splitlines() if line.strip().startswith("$ ")]
    assert len(asked) == len(set(asked))
    assert changes(twin) == before
    assert twin.store.bare.git("for-each-ref") == refs
    as_json = cli("run", "--dry-run", "--defer-open", "--json").json["walked"]
    assert isinstance(as_json, list)
    calls = {one["id"]: one["calls"] for one in as_json}
    assert calls["push-tag"] == ["git push origin refs/tags/v0.2.0:refs/tags/v0.2.0"]


@pytest.mark.parametrize("bump", ["direct", "pull-request"])
def test_a_run_makes_the_calls_that_its_dry_run_names(cli: Cli, project: Project, twin: Twin, bump: str) -> None:
    project.change_guide("  branch: main\n", f"  branch: main\n  bump: {bump}\n", push=True)
    open_ready(cli, project)
    until = ["--until", "commit-version"] if bump == "pull-request" else []
    dry = cli("run", "--dry-run", "--defer-open", *until)
    assert dry.code == 0, dry.err
    real = cli("run", "--yes", "--defer-open", "--verbose", "--interval", "0.05", "--timeout", "0.2", *until)
    done, named = writes(real.err), planned(dry.out)
    assert [call if fits(plan, call) else plan for plan, call in zip_longest(named, done, fillvalue="")] == done
