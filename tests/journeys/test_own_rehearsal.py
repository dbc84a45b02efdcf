"""The rehearsal of one's own release: what it shows, what it leaves alone, and that nothing leaves the machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fastrel_cli.rehearsal.offline_guard import offline
from fastrel_twin.import_project.project import adapted
from fastrel_twin.records import Protection
from fastrel_twin.server import Twin
from short_guide import WITH_GIT, only, shorten
from stage import GUIDE, Cli, Project, Result, begin_release

pytestmark = pytest.mark.usefixtures("hasty")

WATCH = """
    import os, sys
    def watch(event, arguments):
        if event in ("socket.connect", "socket.getaddrinfo"):
            asked = arguments[1] if event == "socket.connect" else arguments[:2]
            with open(os.environ["WATCHED"], "a") as out:
                out.write(f"{event} {asked}\\n")
    sys.addaudithook(watch)
"""
PUBLIC = (
    "milestone-issues", "milestone-pulls", "open-bugs", "draft-release", "generate-notes", "edit-notes", "release-discussion",
    "publish-release", "announce-discussion", "announce-forum", "close-milestone", "next-milestone", "close-tracker",
)  # fmt: skip
"""The steps that write texts or change issues and milestones."""
GIT = """#!/bin/sh
echo "git $*" >> "$WATCHED"
exec {git} "$@"
"""


def rehearse(project: Project, *arguments: str, **variables: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "fastrel_cli", "rehearse", *arguments],
        cwd=project.path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def summary(result: Result) -> dict[str, object]:
    assert result.code == 0, result.err
    found = result.json["rehearsal"]
    assert isinstance(found, dict)
    return found


def state(project: Project) -> tuple[object, ...]:
    """Everything that a rehearsal must leave as it is: the checkout, and GitHub."""
    store = project.twin.store
    files = {
        file.relative_to(project.path).as_posix(): file.read_bytes()
        for file in sorted(project.path.rglob("*"))
        if file.is_file()
    }
    return (
        files,
        dict(store.bare.refs()),
        repr(store.issues),
        repr(store.milestones),
        repr(store.releases),
        repr(store.discussions),
        sorted(store.labels),
    )


def test_it_shows_what_the_release_would_do_and_changes_and_asks_nothing_elsewhere(
    project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every process of it is watched: each connection of Python, each command of git."""
    watch = tmp_path / "watch"
    watch.mkdir()
    (watch / "sitecustomize.py").write_text(textwrap.dedent(WATCH))
    git = tmp_path / "programs" / "git"
    git.parent.mkdir()
    git.write_text(GIT.format(git=shutil.which("git")))
    git.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(git.parent), os.environ["PATH"]]))
    path = os.pathsep.join([str(watch), os.environ.get("PYTHONPATH", "")])
    before, requests = state(project), len(twin.requests)
    shown = rehearse(project, PYTHONPATH=path, WATCHED=str(tmp_path / "watched"))
    assert shown.code == 0, shown.err
    for words in (
        '-__version__ = "0.1.1-dev"',
        '+__version__ = "0.2.0"',
        "Tag v0.2.0 on ",
        "Release version 0.2.0",
        f"* Rename the batch configuration by @mia in {twin.url}/ServiceNow/Fast-LLM/pull/22",
        "Discussion in Announcements: Fast-LLM 0.2.0 is released",
        "#29 Support sequence-parallel loss: moved from milestone 0.2.0 to 0.3.0",
        "milestone 0.2.0: closed",
    ):
        assert words in shown.out
    assert "Nothing leaves this machine." in shown.err
    assert state(project) == before

    watched = (tmp_path / "watched").read_text().splitlines()
    connections = [one for one in watched if not one.startswith("git ")]
    assert connections
    assert not [one for one in connections if "'127.0.0.1'" not in one]
    live = twin.url.rpartition(":")[2]
    ports = {one.rpartition(",")[2].strip(" )") for one in connections if one.startswith("socket.connect")}
    assert len(ports) == 2, "the real GitHub, which is read in the beginning, and the one that is played"
    last_of_live = max(number for number, one in enumerate(watched) if one.startswith("socket") and f"{live})" in one)
    first_push = min(number for number, one in enumerate(watched) if one.startswith("git push"))
    assert last_of_live < first_push
    addressed = [one for one in watched if one.startswith("git") and "://" in one]
    assert addressed
    assert not [one for one in addressed if live in one or "127.0.0.1" not in one]

    asked = twin.requests[requests:]
    assert {method for method, path, _ in asked if not path.endswith("/graphql")} == {"GET"}
    assert not [path for _, path, _ in asked if ".git/" in path]


def test_a_version_that_may_not_follow_is_refused_before_the_rehearsal_is_announced(cli: Cli, project: Project) -> None:
    refused = cli("rehearse", "9.9.9")
    assert refused.code == 2
    assert "9.9.9 may not follow the latest release, 0.1.0" in refused.err
    assert "A rehearsal" not in refused.err
    assert "Not played" not in refused.err


def test_a_release_that_is_open_is_rehearsed_though_its_version_is_tagged(cli: Cli, project: Project) -> None:
    begin_release(cli)
    project.git("tag", "v0.2.0", "HEAD~1")
    assert "A rehearsal of ServiceNow/Fast-LLM 0.2.0" in cli("rehearse", "0.2.0").err


def test_a_connection_to_another_machine_is_refused_while_it_runs() -> None:
    with offline():
        for address in (("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("example.org", 443)):
            with socket.socket() as one, pytest.raises(PermissionError, match="does not connect to"):
                sys.audit("socket.connect", one, address)
        with pytest.raises(PermissionError, match=r"example\.org"):
            socket.getaddrinfo("example.org", 443)
        assert socket.getaddrinfo("localhost", 80)
    with socket.socket() as one:
        sys.audit("socket.connect", one, ("192.0.2.1", 80))


def test_a_saved_state_is_rehearsed_without_github(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(project, *WITH_GIT[:4], *PUBLIC)
    twin.store.issues[30].body = "private words"
    saved = tmp_path / "state.json"
    done = cli("rehearse", "--save", str(saved))
    assert done.code == 0, done.err
    text = saved.read_text()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert project.token not in text
    assert "private words" not in text
    live = summary(cli("rehearse", "--json"))
    before = len(twin.requests)
    monkeypatch.setenv("GH_TOKEN", "")
    monkeypatch.setenv("GITHUB_API_URL", "")
    offline = summary(cli("rehearse", "--from", str(saved), "--json"))
    assert len(twin.requests) == before
    assert offline["changes"] == live["changes"]
    assert [one["title"] for one in _list(offline["texts"])] == [one["title"] for one in _list(live["texts"])]
    assert [one["diff"] for one in _list(offline["commits"])] == [one["diff"] for one in _list(live["commits"])]


def _list(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


@pytest.fixture
def shallow(project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone as `actions/checkout` makes it, in which the commands are typed."""
    place = tmp_path / "shallow"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{twin.bare}", str(place)], check=True)
    monkeypatch.chdir(place)
    return place


def test_a_shallow_clone_is_refused_in_one_error_until_it_has_its_history(
    cli: Cli, project: Project, shallow: Path
) -> None:
    shorten(project, *WITH_GIT)
    (shallow / "docs" / "release-guide.md").write_bytes((project.path / "docs" / "release-guide.md").read_bytes())
    refused = cli("rehearse", "--json")
    assert refused.code == 2
    assert "This is a shallow clone, which lacks the history that a rehearsal begins with." in refused.err
    assert "Nothing was started." in refused.err
    assert "next: Type `git fetch --unshallow`" in refused.err
    assert "A rehearsal of" not in refused.err
    subprocess.run(["git", "fetch", "--quiet", "--unshallow"], cwd=shallow, check=True)
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    assert done.json["version"] == "0.2.0"


def test_a_partial_clone_is_refused_with_the_words_of_git(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "partial"
    subprocess.run(["git", "config", "uploadpack.allowFilter", "true"], cwd=twin.bare, check=True)
    command = ["git", "clone", "--quiet", "--filter=blob:none", f"file://{twin.bare}", str(place)]
    subprocess.run(command, check=True)
    git = ["git", "remote", "set-url", "origin", f"file://{tmp_path}/gone/ServiceNow/Fast-LLM.git"]
    subprocess.run(git, cwd=place, check=True)  # else some versions of git fetch what is missing
    monkeypatch.chdir(place)
    refused = cli("rehearse")
    assert refused.code == 1
    assert "The history of this checkout cannot be copied: `git fetch` failed: " in refused.err
    assert "without --depth and --filter" in refused.err


def test_the_state_is_saved_from_a_shallow_clone_since_github_alone_is_asked(cli: Cli, shallow: Path) -> None:
    saved = shallow.parent / "state.json"
    done = cli("rehearse", "--save", str(saved))
    assert done.code == 0, done.err
    refused = cli("rehearse", "--from", str(saved))
    assert refused.code == 2
    assert "git fetch --unshallow" in refused.err


def test_without_a_token_git_alone_is_known(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(project, "milestone-issues", "set-version", "commit-version", "create-tag", "close-milestone")
    monkeypatch.setenv("GH_TOKEN", "")
    before = len(twin.requests)
    done = cli("rehearse", "--json")
    assert _list(summary(done)["commits"])[0]["message"] == "Bump version to 0.2.0"
    assert "there is no token, so of issues and pull requests only merges are known" in done.err
    assert "milestone 0.2.0 with its date is made up" in done.err
    assert len(twin.requests) == before


def test_the_guide_is_that_of_the_working_tree_and_the_commits_are_ours(cli: Cli, project: Project) -> None:
    shorten(project, *WITH_GIT)
    (project.path / "new.txt").write_text("a change that is not pushed\n")
    project.git("add", "new.txt")
    project.git("commit", "--quiet", "-m", "Not pushed yet")
    project.change_guide("- [ ] Push the tag.", "- [ ] Ring the bell.\n- [ ] Push the tag.")
    before = state(project)
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    assert done.statuses()["ring-the-bell"] == "done"
    assert state(project) == before


def test_a_contributor_sees_where_the_maintainer_must_go_on(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(project, *WITH_GIT)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    done = cli("rehearse")
    assert done.code == 3
    assert "create-tag needs role maintain; carl has write" in done.err
    assert "Bump version to 0.2.0" in done.out


def test_a_protected_branch_is_protected_in_the_rehearsal(cli: Cli, project: Project, twin: Twin) -> None:
    shorten(project, "set-version", "commit-version")
    twin.store.protect("main", Protection())
    done = cli("rehearse")
    assert done.code == 0, done.err
    assert "open a pull request of it into main" in done.err
    assert "#38 Bump version to 0.2.0: opened, now closed" in done.out


def test_a_release_that_is_under_way_goes_on(cli: Cli, project: Project, twin: Twin) -> None:
    shorten(project, "docs-current", *WITH_GIT)
    begin_release(cli)
    assert cli("tick", "docs-current", "--note", "read it twice").code == 0
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    assert "read it twice" in done.out
    tracker = done.json["tracker"]
    assert isinstance(tracker, dict)
    assert tracker["number"] == 38
    assert twin.store.issues[38].state == "open"


def test_a_version_that_is_committed_and_not_tagged_goes_on_from_its_commit(cli: Cli, project: Project) -> None:
    """Its commit is not the newest one, and its checks are what the release waits for."""
    shorten(project, "main-ci", *WITH_GIT[:4])
    project.git("commit", "--quiet", "-am", "A shorter guide")
    file = project.path / "fast_llm" / "__init__.py"
    for path in (file, project.path / "setup.cfg"):
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    project.git("commit", "--quiet", "-am", "Bump version to 0.2.0")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Something later")
    done = cli("rehearse", "0.2.0", "--json")
    assert done.code == 0, done.err
    assert done.statuses()["main-ci"] == "done"


def test_a_deployment_that_the_guide_waits_for_is_played(cli: Cli, project: Project) -> None:
    shorten(project, *WITH_GIT[:4], "docs-live")
    project.change_guide("uses=site.live", "uses=site.live environment=github-pages")
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    assert done.statuses()["docs-live"] == "done"
    assert "is deployed to github-pages" in done.out


def test_scripts_run_only_when_asked_for_and_only_in_the_clone(cli: Cli, project: Project, tmp_path: Path) -> None:
    shorten(project, "docs-current", "set-version")
    script = f"touch {tmp_path}/ran && pwd > {tmp_path}/where && env > {tmp_path}/env"
    project.change_guide("mkdocs build --strict", script)
    assert "Not played, and answered as if done: docs-current." in cli("rehearse").err
    assert not (tmp_path / "ran").exists()
    done = cli("rehearse", "--scripts")
    assert done.code == 0, done.err
    assert (tmp_path / "where").read_text().strip() != str(project.path)
    environment = (tmp_path / "env").read_text()
    assert "https_proxy=http://127.0.0.1:9" in environment
    assert "GH_TOKEN" not in environment


def test_an_error_in_a_rehearsal_does_not_send_anybody_to_the_real_release(cli: Cli, project: Project) -> None:
    shorten(project, "docs-current", "set-version")
    project.change_guide("mkdocs build --strict", "false")
    done = cli("rehearse", "--scripts")
    assert done.code == 1
    assert "next: Fix the cause, then `fastrel-checklist rehearse 0.2.0 --scripts`." in done.err
    assert "fastrel-checklist run" not in done.err
    assert "This was a rehearsal" in done.err


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"schema": "fastrel.report/1"}', '{"schema": "fastrel.seed/1", "issues": 3}']
)
def test_a_file_that_holds_no_state_is_refused(cli: Cli, project: Project, tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    done = cli("rehearse", "--from", str(tmp_path / "state.json"))
    assert done.code == 2
    assert "is not a saved state" in done.err
    assert "Nothing was started." in done.err


def test_the_state_of_another_repository_is_refused(cli: Cli, project: Project, tmp_path: Path) -> None:
    saved = tmp_path / "state.json"
    cli("rehearse", "--save", str(saved))
    saved.write_text(json.dumps({**json.loads(saved.read_text()), "repository": "other/one"}))
    done = cli("rehearse", "--from", str(saved))
    assert done.code == 2
    assert "holds the state of other/one, not of ServiceNow/Fast-LLM" in done.err


def test_outside_of_a_checkout_there_is_no_state_to_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("rehearse", "--save", "state.json")
    assert done.code == 2
    assert "no release of your own here" in done.err


def test_registry_site_and_index_are_those_of_the_twin_wherever_the_guide_names_them() -> None:
    text = (
        "---\nfastrel:\n  image: ghcr.io/a/b\n  site: https://a.example/\n---\n"
        '- [ ] a <!-- step a uses=image.available image="ghcr.io/x/y" tag=v1 -->\n'
        "- [ ] b <!-- step b url=https://b.example/ uses=site.live -->\n"
        "- [ ] c <!-- step c uses=package.available package=b -->\n"
        "- [ ] d <!-- step d uses=tag.push --> ghcr.io\n"
    )
    found = adapted(text, "http://127.0.0.1:1", "A/B")
    assert "ghcr.io/x" not in found
    assert ".example" not in found
    assert 'uses=image.available image="127.0.0.1:1/a/b" tag=v1' in found
    assert 'uses=site.live url="http://127.0.0.1:1/pages/A/B/" -->' in found
    assert 'uses=package.available index="http://127.0.0.1:1/simple/" package=b' in found
    assert found.endswith("- [ ] d <!-- step d uses=tag.push --> ghcr.io\n")


HOOKS = (
    "pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "pre-push", "post-checkout", "pre-receive", "update",
    "post-receive", "post-update", "reference-transaction", "post-rewrite", "post-index-change", "fsmonitor-watchman",
)  # fmt: skip


def hostile(folder: Path) -> str:
    """A configuration of git in which everything that can name a program names one that leaves a trap behind."""
    trap = folder / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {folder}/trapped\ncat\n')
    trap.chmod(0o755)
    for place in (folder / "hooks", folder / "template" / "hooks"):
        place.mkdir(parents=True)
        for name in HOOKS:
            (place / name).symlink_to(trap)
    (folder / "attributes").write_text("* filter=trap diff=trap merge=trap\n")
    return f"""[core]
    hooksPath = {folder}/hooks
    fsmonitor = {trap}
    sshCommand = {trap}
    gitProxy = {trap}
    attributesFile = {folder}/attributes
    editor = {trap}
    pager = {trap}
    askPass = {trap}
    alternateRefsCommand = {trap}
[init]
    templateDir = {folder}/template
[filter "trap"]
    smudge = {trap}
    clean = {trap}
[diff "trap"]
    textconv = {trap}
    command = {trap}
[diff]
    external = {trap}
[credential]
    helper = !{trap}
[gpg]
    program = {trap}
[commit]
    gpgSign = true
[tag]
    gpgSign = true
[uploadpack]
    packObjectsHook = {trap}
[protocol "ext"]
    allow = always
[url "ext::{trap} "]
    insteadOf = http://127.0.0.1
    pushInsteadOf = http://127.0.0.1
"""


@pytest.mark.parametrize("place", ["of the user", "of the checkout", "included"])
def test_nothing_that_a_configuration_of_git_names_is_executed(
    cli: Cli, project: Project, tmp_path: Path, place: str
) -> None:
    shorten(project, *WITH_GIT)
    folder = tmp_path / "hostile"
    folder.mkdir()
    text = hostile(folder)
    config, variables = project.path / ".git" / "config", {}
    if place == "of the user":
        (folder / "config").write_text(text)
        variables = {"GIT_CONFIG_GLOBAL": str(folder / "config"), "GIT_TEMPLATE_DIR": str(folder / "template")}
        variables |= {"GIT_EXTERNAL_DIFF": str(folder / "trap"), "GIT_SSH_COMMAND": str(folder / "trap")}
    elif place == "of the checkout":
        config.write_text(config.read_text() + text)
    else:
        (folder / "more").write_text(text)
        config.write_text(f"{config.read_text()}[include]\n\tpath = {folder}/more\n")
    # The GitHub that is read runs in this process, so a configuration of the user would be its own, too.
    shown = rehearse(project, **variables) if variables else cli("rehearse")
    assert shown.code == 0, shown.err
    trapped = folder / "trapped"
    assert not trapped.exists(), trapped.read_text()


def test_a_rehearsal_within_a_hook_of_git_touches_no_other_repository(project: Project) -> None:
    """Git names the repository of a hook to all that it starts."""
    shorten(project, *WITH_GIT)
    before = state(project)
    folder = project.path / ".git"
    place = {"GIT_DIR": str(folder), "GIT_WORK_TREE": str(project.path), "GIT_INDEX_FILE": str(folder / "index")}
    shown = rehearse(project, **place)
    assert shown.code == 0, shown.err
    assert state(project) == before


def test_the_sample_is_rehearsed_whatever_the_users_git_is_told(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "config").write_text(hostile(folder))
    guide = tmp_path / "guide.md"
    guide.write_text(only(GUIDE.read_text(encoding="utf-8"), *WITH_GIT), encoding="utf-8")
    place = {"GIT_CONFIG_GLOBAL": str(folder / "config"), "GIT_DIR": str(project.path / ".git")}
    shown = rehearse(project, "--sample", "--guide", str(guide), **place)
    assert shown.code == 0, shown.err
    assert not (folder / "trapped").exists(), (folder / "trapped").read_text()
