"""A release on a GitHub Enterprise Server: another host, an API below a path, and never a word to github.com."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_site import build, text_of
from enterprise import HOST, enterprise_server
from fastrel_twin.proxy import Proxy
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, open_ready, run_until


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Twin, Proxy]]:
    with enterprise_server(tmp_path / "server", monkeypatch) as running:
        yield running


@pytest.fixture
def twin(server: tuple[Twin, Proxy]) -> Twin:
    return server[0]


@pytest.fixture
def log(server: tuple[Twin, Proxy]) -> list[tuple[str, str, int]]:
    """What came to the server."""
    return server[1].log


def test_a_release_from_its_tracker_to_a_file_of_the_release(
    cli: Cli, project: Project, twin: Twin, log: list[tuple[str, str, int]]
) -> None:
    assert twin.api_url.startswith(f"https://{HOST}:")
    (project.path / "manual.txt").write_text("read me")
    project.git("add", "manual.txt")
    upload = '- [ ] Attach the manual. <!-- step manual uses=release.assets path="manual.txt" -->\n\n'
    project.change_guide("- [ ] Publish the release.", f"{upload}- [ ] Publish the release.", push=True)
    open_ready(cli, project)
    run_until(cli, "publish-release")
    asked = {path.partition("?")[0] for _, path, _ in log}
    own = f"/api/v3/repos/{twin.store.name}"
    assert {f"{own}/issues", "/api/graphql", f"/{twin.store.name}.git/git-receive-pack"} <= asked
    assert any(path.startswith("/api/uploads/") for path in asked)
    body = twin.store.issues[38].body
    assert f"https://{HOST}:" in body
    assert "github.com" not in body


def test_doctor_and_what_it_links(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.milestones.pop(2)
    examined = cli("doctor")
    assert "ok       server" in examined.out, examined.out
    assert f"https://{HOST}:" in examined.out
    assert "github.com/ServiceNow" not in examined.out


def test_the_docs_site_shows_its_state_and_asks_it_for_newer(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, said, page = build(project.path)
    assert code == 0, said
    assert "Checked 20" in text_of(page)
    assert f'data-fastrel-tracker="{twin.api_url}/repos/{twin.store.name}/issues/38"' in page
    assert f'href="{twin.url}/{twin.store.name}/issues/38"' in page


@pytest.mark.parametrize("origin", ["git@github.com:ServiceNow/Fast-LLM.git", "https://gitlab.com/ServiceNow/Fast-LLM"])
def test_a_checkout_of_another_servers_repository_changes_nothing(
    cli: Cli, project: Project, twin: Twin, log: list[tuple[str, str, int]], origin: str
) -> None:
    """Its namesake on the server would get the tracker and the release, and the remote the commits."""
    begin_release(cli)
    project.git("remote", "set-url", "origin", origin)
    del log[:]
    host = "github.com" if "github" in origin else "gitlab.com"
    mend = "Set `GITHUB_API_URL=https://api.github.com`" if "github" in origin else "gitlab.com is not a GitHub server"
    for command in (("open", "0.2.0"), ("run", "--yes"), ("run", "milestone-issues", "--yes", "--defer-open")):
        refused = cli(*command)
        assert refused.code == 2, refused.out
        assert f"The remote origin is ServiceNow/Fast-LLM on {host}, but GitHub's API is asked at https://{HOST}" in (
            refused.err
        )
        assert mend in refused.err
        assert "Nothing was changed." in refused.err
    assert {verb for verb, path, _ in log if path != "/api/graphql"} == {"GET"}
    assert "problem  remote" in cli("doctor").out
    project.git("remote", "add", "here", f"https://{HOST}/ServiceNow/Fast-LLM.git")
    begin_release(cli)
