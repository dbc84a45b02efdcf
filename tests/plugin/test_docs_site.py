"""The docs site, built by the real MkDocs: live, offline, with a bad token, with a broken guide; always strictly."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from docs_site import build, build_apart, text_of, with_option
from fastrel.guide.parser import read_guide
from fastrel_mkdocs.state.guide_state import kept_file, state_of
from fastrel_twin.server import Twin
from stage import ROOT, Cli, Project, begin_release


def test_the_site_shows_the_live_state(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    cli("tick", "open-bugs", "--note", "ship: <b>cosmetic</b>")
    code, said, page = build_apart(project.path)
    assert code == 0, said
    text = text_of(page)
    assert "Release 0.2.0 minor 2 of 25 steps" in text
    assert "ready 3 open issues in milestone 0.2.0" in text
    assert "done ship: &lt;b&gt;cosmetic&lt;/b&gt;" in text
    assert "by mia 20" in text
    assert 'id="step-create-tag"' in page
    assert "git tag -a v0.2.0" in text
    assert twin.tokens["maintain"] not in page


def test_of_two_releases_in_progress_the_page_shows_one_and_names_the_other(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("0.2.0", "0.1.1"):
        assert cli("open", version).code == 0
    first = text_of(build(project.path)[2])
    assert "Release 0.2.0 minor" in first
    assert "In progress, too: 0.1.1." in first
    assert "Release issue #38" in first
    monkeypatch.setenv("SHOWN_VERSION", "0.1.1")
    second = text_of(build(project.path)[2])
    assert "Release 0.1.1 patch" in second
    assert "In progress, too: 0.2.0." in second
    assert "Release issue #39" in second


def test_one_build_asks_once_and_nothing_is_written(cli: Cli, project: Project, twin: Twin) -> None:
    before = len(twin.requests)
    build(project.path)
    asked = twin.requests[before:]
    assert len(asked) <= 21
    assert all(method == "GET" or path == "/api/graphql" for method, path, _ in asked)


def test_a_build_costs_nothing_when_nothing_changed(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    build_apart(project.path)
    before = len(twin.requests)
    limit = twin.store.rate_limit
    assert "Checked" in text_of(build_apart(project.path)[2])
    asked = [status for method, _, status in twin.requests[before:] if method == "GET"]
    assert set(asked) == {304}, twin.requests[before:]
    posts = len(twin.requests) - before - len(asked)
    assert limit - twin.store.rate_limit == posts  # GraphQL has no conditional requests
    (answers,) = (project.path / ".cache" / "plugin" / "fastrel").glob("*.answers")
    assert stat.S_IMODE(answers.stat().st_mode) == 0o600
    assert project.token not in answers.read_text()
    # A change is seen at once, and what cannot be read is not trusted.
    twin.store.issues[29].state = "closed"
    assert "2 open issues" in build(project.path)[2]
    for broken in ("{", "[]", '{"/user": 3, "/x": ["etag"]}'):
        answers.write_text(broken)
        assert "2 open issues" in build(project.path)[2]


def test_without_a_network_the_last_state_is_shown_with_its_age(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(project.path)[0] == 0
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    code, said, page = build(project.path)
    assert code == 0
    assert "cannot be reached" in said
    assert "UTC GitHub could not be read when this page was built." in text_of(page)


def test_a_snapshot_among_the_pages_is_what_a_build_shows_while_it_is_fresh(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the job that builds the site needs no token."""
    with_option(project, "snapshot: state/fastrel.json")
    file = project.path / "docs" / "state" / "fastrel.json"
    file.parent.mkdir()
    cli("snapshot", "--output", str(file))
    data = json.loads(file.read_text())
    before = len(twin.requests)
    code, said, page = build(project.path)
    assert code == 0, said
    assert len(twin.requests) == before
    assert "1 of 25 steps" in text_of(page)
    assert 'data-fastrel-snapshot="../state/fastrel.json"' in page
    assert (project.path / "site" / "state" / "fastrel.json").is_file()
    # An old one, one of another repository and one of other steps are not: GitHub is asked.
    old = "2026-01-01T00:00:00Z"
    for other in ({"at": old}, {"repository": "o/r"}, {"steps": data["steps"][1:]}, {"schema": "x"}):
        file.write_text(json.dumps({**data, **other}))
        before = len(twin.requests)
        build(project.path)
        assert len(twin.requests) > before, other
    # Where GitHub cannot be asked, the newer of the snapshot and what was kept is shown.
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    file.write_text(json.dumps({**data, "at": old}))
    assert "2026-01-01" not in build(project.path)[2]
    shutil.rmtree(project.path / ".cache")
    page = build(project.path)[2]
    assert "Checked 2026-01-01 00:00 UTC GitHub could not be read when this page was built." in text_of(page)


def test_an_edited_guide_keeps_its_state(cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step has what is kept of it, by its id; one that is new has none, one that is gone is not counted."""
    second = project.path / "docs" / "second.md"
    settings = "fastrel:\n  repository: ServiceNow/Fast-LLM\n"
    second.write_text(f"---\n{settings}---\n<!-- checklist -->\n- [ ] Look. <!-- step look -->\n<!-- /checklist -->\n")
    assert build(project.path)[0] == 0
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    new = "- [ ] Tell the on-call person. <!-- step tell-oncall -->\n\n- [ ] Push the tag."
    project.change_guide("- [ ] Push the tag.", new)
    project.change_guide(
        "- [ ] Decide about the open bugs. <!-- step open-bugs uses=bugs.decide -->", "Look at the bugs."
    )
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(f"{guide.read_text()}\nOne more word.\n")
    code, said, page = build(project.path)
    assert code == 0, said
    text = text_of(page)
    assert "Release 0.2.0 minor 1 of 24 steps" in text
    assert "UTC GitHub could not be read when this page was built." in text
    assert "git tag -a v0.2.0" in text
    assert re.search(r"ready 3 open issues in milestone 0\.2\.0", text)
    oncall = re.search(r'<li[^>]*id="step-tell-oncall".*?</li>', page, re.S)
    assert oncall
    assert "fastrel-state" not in oncall[0]
    other = (project.path / "site" / "second" / "index.html").read_text()
    assert "0 of 1 steps" in text_of(other)  # two guides have a file each


def test_without_a_network_and_without_a_kept_state_the_page_builds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    (project.path / "docs" / "past.md").write_text("# Past releases\n\n<!-- releases -->\n")
    code, _, page = build(project.path)
    assert code == 0
    assert "Push the tag." in text_of(page)
    assert "fastrel-header" not in page
    past = (project.path / "site" / "past" / "index.html").read_text()
    for one in (page, past):
        assert text_of(one).count("The state of the release is not shown: it could not be read") == 1


def test_the_kept_state_is_private_and_never_committed(project: Project) -> None:
    build(project.path)
    folder = project.path / ".cache" / "plugin" / "fastrel"
    (kept,) = folder.glob("*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (folder / ".gitignore").read_text() == "*\n"
    assert project.token not in kept.read_text()


def test_a_bad_token_makes_a_strict_build_fail_and_is_not_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", "wrong-and-secret")
    code, said, page = build_apart(project.path)
    assert code == 1
    assert "does not accept the token" in said
    assert "wrong-and-secret" not in said + page


def test_without_a_token_a_public_repository_is_shown(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GH_TOKEN")
    code, said, page = build(project.path)
    assert code == 0, said
    assert "ready 3 open issues" in text_of(page)


def test_mistakes_in_the_guide_fail_a_strict_build_with_file_and_line(project: Project) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("uses=tag.push", "uses=tag.psh"))
    code, said, _ = build(project.path)
    assert code == 1
    assert re.search(r"release-guide\.md:\d+: unknown action “tag\.psh” did you mean tag\.push\?", said)


def test_the_plugin_can_be_switched_off(project: Project, twin: Twin) -> None:
    config = project.path / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - fastrel:\n", "  - fastrel:\n      enabled: false\n"))
    before = len(twin.requests)
    code, _, page = build(project.path)
    assert code == 0
    assert len(twin.requests) == before
    assert "fastrel-state" not in page


@pytest.mark.parametrize(
    ("choice", "code", "said"),
    [("ignore", 0, "INFO"), ("warn", 1, "WARNING"), ("fail", 1, "ERROR"), ("panic", 1, "on_error")],
)
def test_what_a_state_that_cannot_be_read_does_is_a_choice(
    project: Project, monkeypatch: pytest.MonkeyPatch, choice: str, code: int, said: str
) -> None:
    with_option(project, f"on_error: {choice}")
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    ended, shown, _ = build(project.path)
    assert ended == code, shown
    assert said in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("banana", "“banana” is not a semantic version. Write it as MAJOR.MINOR.PATCH"),
        ("v0.2", "Did you mean 0.2.0?"),
        ("0.2", "Write the version in quotes"),
        ("7.7.7", "7.7.7 may not follow"),
    ],
)
def test_a_version_that_cannot_be_shown_is_wrong_use(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, version: str, said: str
) -> None:
    begin_release(cli)
    monkeypatch.setenv("SHOWN_VERSION", version)  # as the sample's mkdocs.yml has it
    code, shown, _ = build(project.path)
    assert code == 1
    assert said in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("version", ["0.2.0", "0.1.0", "0.1.1"])
def test_the_version_of_the_options_is_shown(project: Project, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """One that is planned, one that is out, one that may come."""
    monkeypatch.setenv("SHOWN_VERSION", version)
    code, said, page = build(project.path)
    assert code == 0, said
    assert f"Release {version} " in text_of(page)


def test_the_token_of_the_options_is_used_and_never_shown(
    project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    monkeypatch.setenv("DOCS_TOKEN", twin.tokens["read"])
    with_option(project, "token_env: DOCS_TOKEN")
    code, said, page = build(project.path)
    assert code == 0, said
    assert "have no label for the notes" in text_of(page)  # readable only with a token
    assert twin.tokens["read"] not in said + page


@pytest.mark.parametrize("options", ["token: ghp_inmkdocsyml", "token_env: ghp_inmkdocsyml", "token: !ENV DOCS_TOKEN"])
def test_a_token_in_the_configuration_is_refused_and_not_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    monkeypatch.setenv("DOCS_TOKEN", "ghp_inmkdocsyml")
    with_option(project, options)
    code, said, _ = build(project.path)
    assert code == 1
    assert "token_env: DOCS_TOKEN" in said or "must be the name of an environment variable" in said
    assert "ghp_inmkdocsyml" not in said
    assert "Traceback" not in said


def test_a_kept_state_is_private_whatever_was_there_before_and_whatever_the_umask(project: Project) -> None:
    folder = project.path / ".cache" / "plugin" / "fastrel"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    before = os.umask(0)
    try:
        assert build(project.path)[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = [one for one in folder.iterdir() if one.name != ".gitignore"]
    assert {one.suffix for one in kept} == {".json", ".answers", ".requests"}
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}


def test_without_the_refresh_the_page_asks_nobody(cli: Cli, project: Project) -> None:
    begin_release(cli)
    assert "data-fastrel-tracker" in build(project.path)[2]
    with_option(project, "refresh: false")
    assert "data-fastrel-tracker" not in build(project.path)[2]


def test_offline_nothing_is_asked(project: Project, twin: Twin) -> None:
    build(project.path)
    with_option(project, "offline: true")
    before = len(twin.requests)
    code, _, page = build(project.path)
    assert code == 0
    assert len(twin.requests) == before
    assert "Checked 20" in text_of(page)


def test_our_own_docs_build_strictly_without_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "reference" / "actions" / "index.html").exists()


def test_while_serving_a_kept_state_is_shown_for_a_while(project: Project, twin: Twin) -> None:
    """ojacques/mkdocs-git-committers-plugin-2#80: each rebuild of `mkdocs serve` asked again."""
    build(project.path)
    guide = read_guide(project.path / "docs" / "release-guide.md")
    file = kept_file(project.path / ".cache" / "plugin" / "fastrel", guide, "release-guide.md")
    before = len(twin.requests)
    for seconds, source, asked in ((60, "cached", False), (0, "live", True)):
        found = state_of(guide, project.connection(), file, timedelta(seconds=seconds))
        assert found.view
        assert (found.view.source, len(twin.requests) > before) == (source, asked)


def test_a_page_lists_past_releases_and_costs_no_request(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    cli("abort", "--reason", "later", "--yes")
    before = len(twin.requests)
    build(project.path)
    without = len(twin.requests) - before
    (project.path / "docs" / "past.md").write_text("# Past releases\n\n<!-- releases -->\n")
    before = len(twin.requests)
    code, said, _ = build(project.path)
    assert code == 0, said
    assert len(twin.requests) - before == without
    page = (project.path / "site" / "past" / "index.html").read_text()
    assert "0.2.0 (given up)" in text_of(page)
    assert "fastrel-header" not in page
