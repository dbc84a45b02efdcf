"""After the tag: the image in a real registry, the docs site, the deployment; waited for, verified, and said."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastrel_twin.records import Deployment
from fastrel_twin.server import Twin
from oci import Registry, running_registry
from stage import Cli, Project, ReleasedUpTo, step_of
from web import Site, running_site

NAME = "servicenow/fast-llm"


@pytest.fixture
def tagged(project: Project, released_up_to: ReleasedUpTo) -> Project:
    """A project whose release is tagged and whose workflows are green."""
    released_up_to("push-tag")
    return project


def attributes(project: Project, action: str, more: str) -> None:
    """Give the step that uses an action other attributes than the guide has."""
    text = (project.path / "docs" / "release-guide.md").read_text()
    given = next(line for line in text.splitlines() if f"uses={action}" in line).partition(f"uses={action}")[2]
    project.change_guide(f"uses={action}{given}", f"uses={action} {more} -->")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """With GHCR's flow: a challenge, an anonymous token, the manifest."""
    with running_registry(tmp_path / "registry", with_tokens=True) as running:
        yield running


def image(cli: Cli) -> tuple[str, str]:
    step = step_of(cli, "image-available")
    return str(step["status"]), str(step["summary"])


def test_the_image_is_waited_for_and_verified_by_its_digest(cli: Cli, tagged: Project, registry: Registry) -> None:
    attributes(tagged, "image.available", f'image="{registry.address}/{NAME}"')
    registry.push(NAME, "0.1.0")
    assert image(cli) == ("waiting", f"the registry does not serve {registry.address}/{NAME}:0.2.0 yet")
    digest = registry.push(NAME, "0.2.0")
    assert image(cli) == ("done", f"{registry.address}/{NAME}:0.2.0 is {digest}")
    assert registry.tokens
    assert set(registry.tokens.asked) == {f"repository:{NAME}:pull"}


def test_run_waits_for_the_image(cli: Cli, tagged: Project, registry: Registry, twin: Twin) -> None:
    attributes(tagged, "image.available", f'image="{registry.address}/{NAME}"')
    assert registry.tokens
    asked = registry.tokens.asked

    def build() -> None:
        while len(asked) < 4:
            time.sleep(0.02)
        registry.push(NAME, "0.2.0")

    builder = threading.Thread(target=build, daemon=True)
    builder.start()
    done = cli("run", "image-available", "--yes", "--interval", "0.05")
    builder.join(timeout=30)
    assert done.code == 0, done.err
    assert f"waiting: the registry does not serve {registry.address}/{NAME}:0.2.0 yet" in done.err
    assert "✔ image-available" in done.err
    # The whole digest, by which the image can be pulled and compared later.
    assert re.search(r"0\.2\.0 is sha256:[0-9a-f]{64} ", twin.store.issues[38].body)


def test_every_platform_of_an_index_can_be_asked_for(cli: Cli, tagged: Project, registry: Registry) -> None:
    attributes(tagged, "image.available", f'image="{registry.address}/{NAME}" platforms="linux/amd64,linux/arm64/v8"')
    registry.push(NAME, "0.2.0", (("linux", "amd64", ""), ("unknown", "unknown", "")))
    assert image(cli) == ("waiting", f"{registry.address}/{NAME}:0.2.0 is not there for linux/arm64/v8 yet")
    registry.push(NAME, "0.2.0", (("linux", "amd64", ""), ("linux", "arm64", "v8")))
    status, summary = image(cli)
    assert status == "done"
    assert summary.endswith(" for linux/amd64, linux/arm64/v8")


def test_a_private_image_says_that_readers_get_no_token(cli: Cli, tagged: Project, registry: Registry) -> None:
    attributes(tagged, "image.available", f'image="{registry.address}/{NAME}"')
    assert registry.tokens
    registry.tokens.private.add(NAME)
    status, summary = image(cli)
    assert status == "unknown"
    assert "gives no token to an anonymous reader" in summary
    stopped = cli("run", "image-available", "--yes", "--interval", "0.05")
    assert stopped.code == 1
    assert "Step image-available cannot be read" in stopped.err


def test_a_registry_that_is_down_is_unknown_and_never_done(cli: Cli, tagged: Project, tmp_path: Path) -> None:
    with running_registry(tmp_path / "down", with_tokens=False) as registry:
        attributes(tagged, "image.available", f'image="{registry.address}/{NAME}"')
        registry.push(NAME, "0.2.0")
        assert image(cli)[0] == "done"
    status, summary = image(cli)
    assert status == "unknown"
    assert "cannot be reached" in summary
    stopped = cli("run", "image-available", "--yes", "--interval", "0.05")
    assert stopped.code == 1
    assert "When it can be reached, `fastrel-checklist run 0.2.0 image-available --yes --interval 0.05`." in stopped.err


# The site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site("/docs") as running:
        yield running


def live(cli: Cli) -> tuple[str, str]:
    step = step_of(cli, "docs-live")
    return str(step["status"]), str(step["summary"])


def test_the_site_by_its_text(cli: Cli, tagged: Project, site: Site) -> None:
    attributes(tagged, "site.live", f'url="{site.url}"')
    assert live(cli) == ("waiting", "the site does not show 0.2.0 yet")  # it does not exist yet
    for text in ("Version 0.1.0", "10.2.0", "0.2.0.1", "0.2.0-rc.1", "0.2.01"):
        site.pages["/docs/"] = f"<p>{text}</p>"
        assert live(cli) == ("waiting", "the site does not show 0.2.0 yet"), text
    for text in ("Version 0.2.0", "v0.2.0.", "(0.2.0)"):
        site.pages["/docs/"] = f"<p>{text}</p>"
        assert live(cli) == ("done", "the site shows 0.2.0"), text


def test_the_site_by_another_text(cli: Cli, tagged: Project, site: Site) -> None:
    attributes(tagged, "site.live", f'url="{site.url}" text="Release {{{{ tag }}}}"')
    site.pages["/docs/"] = "<p>0.2.0</p>"
    assert live(cli) == ("waiting", "the site does not show Release v0.2.0 yet")
    site.pages["/docs/"] = "<p>Release v0.2.0</p>"
    assert live(cli) == ("done", "the site shows Release v0.2.0")


def test_the_site_by_versions_json(cli: Cli, tagged: Project, site: Site) -> None:
    attributes(tagged, "site.live", f'url="{site.url}"')
    site.pages["/docs/"] = "<p>nothing about versions</p>"
    site.pages["/docs/versions.json"] = json.dumps([{"version": "0.1.0", "title": "0.1.0", "aliases": ["latest"]}])
    assert live(cli)[0] == "waiting"
    rows: list[dict[str, object]] = [{"version": one, "title": one, "aliases": []} for one in ("v0.2.0", "0.1.0")]
    site.pages["/docs/versions.json"] = json.dumps(rows)
    assert live(cli)[0] == "done"
    # mike has a version for each line, whose title is the newest of it.
    site.pages["/docs/versions.json"] = json.dumps([{"version": "0.2", "title": "0.2.0", "aliases": ["latest"]}])
    assert live(cli)[0] == "done"
    assert step_of(cli, "docs-live")["links"] == [{"text": "site", "url": f"{site.url}/versions.json"}]
    site.pages["/docs/versions.json"] = "{not json"
    assert live(cli)[0] == "waiting"


def test_the_site_by_the_workflow_that_deploys_it_from_the_branch(
    cli: Cli, tagged: Project, twin: Twin, site: Site
) -> None:
    attributes(tagged, "site.live", f'url="{site.url}" workflow=Documentation')
    site.pages["/docs/"] = "<p>nothing about versions</p>"
    status, summary = live(cli)
    assert (status, "which holds v0.2.0, and the site answers" in summary) == ("done", True)
    twin.simulated_ci.failing.add("Documentation")
    assert live(cli)[0] == "failed"
    twin.simulated_ci.on_branch = ("CI",)
    assert live(cli) == ("waiting", "Documentation has not deployed 0.2.0 from main yet")


def test_the_site_by_its_deployment(cli: Cli, tagged: Project, twin: Twin) -> None:
    attributes(tagged, "site.live", "environment=github-pages")
    commit = tagged.git("rev-parse", "v0.2.0^{commit}")
    assert live(cli) == ("waiting", f"{commit[:7]} is not deployed to github-pages yet")
    store = twin.store
    one = Deployment(store.new_id(), commit, "v0.2.0", "github-pages", "mia", store.now())
    store.deployments.append(one)
    assert live(cli) == ("waiting", f"the deployment of {commit[:7]} to github-pages goes on")
    one.state = "failure"
    assert live(cli)[0] == "failed"
    one.state, one.url = "success", "https://docs.example/"
    assert live(cli)[0] == "done"


def test_the_record_of_a_step_that_waited_holds_where_and_when(cli: Cli, tagged: Project, twin: Twin) -> None:
    done = cli("run", "--yes", "--interval", "0.05", "--until", "docs-live")
    assert done.code == 0, done.err
    line = next(one for one in twin.store.issues[38].body.splitlines() if "<!-- step docs-live -->" in one)
    assert "the site answers" in line
    assert "at=" in line
    assert "](http" in line
