"""Our workflow files: read by GitHub's own parser, least permissions, everything pinned, no text of others in a script."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from stage import ROOT

NODE = ROOT / "tests" / "node"
WORKFLOWS = ROOT / ".github" / "workflows"
CALLED = ("checklist.yml", "checklist-docs.yml")
"""The workflows that other projects call; the others are this project's own."""
DOCS = (ROOT / "docs" / "how-to-actions.md", ROOT / "docs" / "how-to" / "actions-without-commands.md")
ACTION = ROOT / "action.yml"
Json = dict[str, object]


def pages() -> dict[str, str]:
    """The workflows that others call, and those in the docs, by their names."""
    found = {name: (WORKFLOWS / name).read_text(encoding="utf-8") for name in CALLED}
    text = "".join(page.read_text(encoding="utf-8") for page in DOCS)
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    whole = [block for block in blocks if block.startswith("name:")]
    assert len(whole) == 2
    return {**found, **{f"docs-{number}.yml": block for number, block in enumerate(whole, start=1)}}


def own_pages() -> dict[str, str]:
    """The workflows by which this project tests, builds and publishes itself."""
    return {
        file.name: file.read_text(encoding="utf-8")
        for file in sorted(WORKFLOWS.glob("*.yml"))
        if file.name not in CALLED
    }


def loaded(text: str) -> Json:
    # YAML 1.1 reads the key `on` as true.
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return {str(key).replace("True", "on"): value for key, value in found.items()}


def objects(value: object) -> list[Json]:
    """All mappings in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [*([value] if isinstance(value, dict) else []), *(found for one in inner for found in objects(one))]


def parsed(files: list[Path]) -> dict[str, dict[str, list[str]]]:
    if not (NODE / "node_modules").is_dir() or not shutil.which("node", path="/usr/local/bin:/usr/bin:/bin"):
        pytest.skip("GitHub's parser is not there; `make node` installs it")
    node = shutil.which("node", path="/usr/local/bin:/usr/bin:/bin")
    arguments = [str(node), str(NODE / "parse.mjs"), str(ROOT), *map(str, files)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return {Path(name).name: found for name, found in answer.items()}


def test_githubs_own_parser_finds_nothing_wrong(tmp_path: Path) -> None:
    both = {**pages(), **own_pages()}
    for name, text in both.items():
        (tmp_path / name).write_text(text)
    answer = parsed([*sorted(tmp_path.glob("*.yml")), ACTION])
    assert {name: found["errors"] for name, found in answer.items()} == {name: [] for name in [*both, "action.yml"]}
    assert answer["checklist.yml"]["jobs"] == ["job:sync", "job:answer"]
    assert answer["checklist-docs.yml"]["jobs"] == ["job:build", "job:deploy"]
    assert answer["docs-1.yml"]["jobs"] == ["reusableWorkflowJob:checklist", "reusableWorkflowJob:docs"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cancel-in-progress", "cancel", "Unexpected value 'cancel'"),
        ("github.event.action", "github.event.action ==", "Unexpected"),
        ("issues: write #", "issue: write #", "Unexpected value 'issue'"),
        ("    runs-on: ubuntu-latest\n", "", "Required property is missing: runs-on"),
    ],
)
def test_the_parser_would_find_something(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = pages()["checklist.yml"]
    assert old in text
    (tmp_path / "broken.yml").write_text(text.replace(old, new, 1))
    assert said in str(parsed([tmp_path / "broken.yml"])["broken.yml"]["errors"])


def test_the_parser_knows_what_our_workflow_takes(tmp_path: Path) -> None:
    caller = pages()["docs-1.yml"].replace("    permissions:\n", "    with:\n      nonsense: 1\n    permissions:\n", 1)
    (tmp_path / "caller.yml").write_text(caller)
    assert "nonsense is not defined" in str(parsed([tmp_path / "caller.yml"])["caller.yml"]["errors"])


def test_no_script_holds_an_expression() -> None:
    scripts = [
        str(one["run"])
        for text in [*pages().values(), ACTION.read_text(encoding="utf-8")]
        for one in objects(loaded(text))
        if "run" in one
    ]
    assert len(scripts) == 6
    assert not [script for script in scripts if "${{" in script]
    # Whatever comes from the environment stands between double quotes, so that it stays one word.
    unquoted = [re.sub(r'"[^"]*"|\'[^\']*\'', "", line) for script in scripts for line in script.splitlines()]
    assert not [line for line in unquoted if "$" in line]


def test_no_workflow_reads_what_people_type_but_to_see_whether_it_begins_with_a_slash() -> None:
    for name, text in pages().items():
        used = re.findall(
            r"github\.(?:event\.(?:comment|issue|pull_request|head_commit|release)\.[\w.]+|head_ref)", text
        )
        allowed = {
            "github.event.comment.body": "startsWith(github.event.comment.body, '/')",
            "github.event.comment.user.type": "",
            "github.event.issue.number": "",
            "github.event.issue.pull_request": "",
        }
        assert set(used) <= set(allowed), name
        assert text.count("github.event.comment.body") == text.count(allowed["github.event.comment.body"])
    assert "github.event" not in ACTION.read_text(encoding="utf-8")


def test_permissions_are_none_unless_a_job_names_them() -> None:
    for name, text in {**pages(), **own_pages()}.items():
        workflow = loaded(text)
        assert workflow["permissions"] == {}, name
        for job in dict(workflow["jobs"]).values():  # type: ignore[call-overload]  # a mapping
            assert job["permissions"], name
    sync, answer = (permissions_of("checklist.yml", job) for job in ("sync", "answer"))
    assert {name for name, right in sync.items() if right == "write"} == {"issues"}
    written = {name for name, right in answer.items() if right == "write"}
    assert written == {"issues", "contents", "pull-requests", "actions", "discussions"}
    assert set(permissions_of("checklist-docs.yml", "build").values()) == {"read"}
    assert set(permissions_of("checklist-docs.yml", "deploy")) == {"pages", "id-token"}


def test_the_copy_in_the_docs_grants_what_the_called_jobs_need_and_no_more() -> None:
    """GitHub does not start a workflow that calls another one and grants less than its jobs ask for."""
    rank = ["none", "read", "write"]
    for job, called in (("checklist", "checklist.yml"), ("docs", "checklist-docs.yml")):
        needed: dict[str, str] = {}
        for inner in jobs_of(called):
            for name, right in permissions_of(called, inner).items():
                needed[name] = max(needed.get(name, "none"), right, key=rank.index)
        assert permissions_of("docs-1.yml", job) == needed
    assert permissions_of("docs-2.yml", "sync") == permissions_of("checklist.yml", "sync")


def test_every_permission_says_why() -> None:
    for name in ("checklist.yml", "checklist-docs.yml"):
        rights = re.findall(r"^ {6}[a-z-]+: (?:read|write)\b.*$", pages()[name], re.MULTILINE)
        assert rights
        assert all("# " in line for line in rights), name


def test_every_action_is_pinned_by_its_commit_and_names_its_version() -> None:
    texts = [*pages().values(), *own_pages().values(), ACTION.read_text(encoding="utf-8")]
    used = [line.strip() for text in texts for line in text.splitlines() if re.match(r"\s*(?:- )?uses:", line)]
    others = [one for one in used if not re.search(r"uses: (?:\./|OWNER/fastrel-checklist)", one)]
    assert len(others) > 5
    pinned = r"(?:- )?uses: (?:actions/[a-z-]+|pypa/gh-action-pypi-publish)@[0-9a-f]{40} # v\d+\.\d+\.\d+\b.*"
    assert [one for one in others if not re.fullmatch(pinned, one)] == []
    # One commit for each action: nothing is left behind when one is raised.
    commits = {re.sub(r"^- ", "", one).partition(" # ")[0] for one in others}
    assert len(commits) == len({one.partition("@")[0] for one in commits})
    checkouts = [one for text in texts for one in objects(loaded(text)) if "checkout@" in str(one.get("uses"))]
    assert all(one["with"]["persist-credentials"] is False for one in checkouts)  # type: ignore[index]  # a mapping


def test_what_a_job_with_write_access_installs_is_locked_by_hashes() -> None:
    scripts = [
        str(one["run"])
        for text in [*pages().values(), ACTION.read_text()]
        for one in objects(loaded(text))
        if "run" in one
    ]
    installs = [
        line for script in scripts for line in script.replace("\\\n", " ").splitlines() if "pip install" in line
    ]
    own = [line for line in installs if "REQUIREMENTS" not in line]  # what the project asks for is the project's choice
    assert len(own) == 4
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in own)
    lock = (ROOT / "requirements-action.lock").read_text(encoding="utf-8")
    assert "hatchling==" in lock  # what builds the tool itself
    assert len(re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==", lock, re.MULTILINE)) <= lock.count("--hash=sha256:")


def test_runs_of_one_kind_wait_for_each_other_and_none_is_broken_off() -> None:
    groups = set()
    for job in jobs_of("checklist.yml"):
        concurrency = jobs_of("checklist.yml")[job]["concurrency"]
        assert isinstance(concurrency, dict)
        assert concurrency["cancel-in-progress"] is False
        groups.add(concurrency["group"])
    # Apart, since GitHub drops the waiting run of a group for a later one: a sync must not drop an answer.
    assert len(groups) == 2
    assert all("github.event.issue.number || 'all'" in str(group) for group in groups)


def test_pull_requests_start_nothing() -> None:
    for name, text in pages().items():
        assert not {"pull_request", "pull_request_target"} & set(loaded(text)["on"]), name  # type: ignore[call-overload]  # a mapping


def jobs_of(name: str) -> dict[str, Json]:
    jobs = loaded(pages()[name])["jobs"]
    assert isinstance(jobs, dict)
    return jobs


def permissions_of(name: str, job: str) -> dict[str, str]:
    found = jobs_of(name)[job]["permissions"]
    assert isinstance(found, dict)
    return found
