"""What was verified stays done when a second release, a later deployment or a later commit comes on top of it."""

from __future__ import annotations

import json

import pytest

from fastrel_twin.records import CommitStatus, Deployment, Release
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, open_ready, run_until, step_of
from web import running_site

NEXT = "v0.2.1"


def status(cli: Cli, step: str) -> tuple[str, str]:
    found = step_of(cli, step, "0.2.0")
    return str(found["status"]), str(found["summary"])


def second_release(project: Project, twin: Twin) -> None:
    """0.2.1 is tagged and published while the tracker of 0.2.0 is still open."""
    store = twin.store
    store.bare.set_ref(f"refs/tags/{NEXT}", store.bare.resolve("main"))
    release = Release(store.new_id(), NEXT, "mia", store.now(), name=NEXT)
    release.published_at = store.now()
    store.releases[release.id] = release
    project.git("fetch", "--quiet", "--tags")


def deployed(twin: Twin, ref: str, state: str = "success") -> Deployment:
    store = twin.store
    one = Deployment(store.new_id(), store.bare.resolve(ref), ref, "github-pages", "mia", store.now(), state=state)
    store.deployments.append(one)
    return one


def test_a_deployment_that_a_later_one_replaced_stays_done(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    run_until(cli, "push-tag")
    project.change_guide("uses=site.live workflow=Documentation", "uses=site.live environment=github-pages")
    first = deployed(twin, "v0.2.0")
    assert status(cli, "docs-live")[0] == "done"
    second_release(project, twin)
    deployed(twin, "v0.1.0")
    assert status(cli, "docs-live")[0] == "done"
    # Nor does a later attempt at the same commit that fails.
    deployed(twin, "v0.2.0", "failure")
    assert status(cli, "docs-live")[0] == "done"
    first.state = "failure"
    assert status(cli, "docs-live")[0] == "failed"


def test_a_site_that_shows_the_next_version_stays_done(cli: Cli, project: Project, twin: Twin) -> None:
    with running_site("/docs") as site:
        project.change_guide("uses=site.live workflow=Documentation", f'uses=site.live url="{site.url}"', push=True)
        open_ready(cli, project)
        site.pages["/docs/"] = "<p>Version 0.2.0</p>"
        run_until(cli, "docs-live")
        site.pages["/docs/"] = "<p>Version 0.2.1</p>"
        assert status(cli, "docs-live") == ("waiting", "the site does not show 0.2.0 yet")
        second_release(project, twin)
        assert status(cli, "docs-live") == ("done", "the site shows 0.2.0; 0.2.1 came later")


def test_a_site_that_was_never_seen_is_waited_for_whatever_comes_later(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    run_until(cli, "push-tag")
    second_release(project, twin)
    with running_site("/docs") as site:
        project.change_guide("uses=site.live workflow=Documentation", f'uses=site.live url="{site.url}"')
        site.pages["/docs/"] = "<p>Version 0.2.1</p>"
        assert cli("tick", "docs-live", "--version", "0.2.0").code in (0, 1, 2, 3)
        assert status(cli, "docs-live")[0] == "waiting"


def test_the_release_and_its_image_stay_done_below_a_second_release(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    run_until(cli, "docs-live")
    for step in ("publish-release", "image-available", "tag-ci", "main-ci"):
        assert status(cli, step)[0] == "done"
    second_release(project, twin)
    # The registry keeps the newest image only; a workflow of the old tag is run again and fails.
    twin.simulated_ci.timing = twin.simulated_ci.timing.__class__(image_seconds=10_000)
    twin.simulated_ci.failing.update(twin.simulated_ci.on_tag)
    for step in ("publish-release", "image-available", "tag-ci", "main-ci"):
        assert status(cli, step)[0] == "done", step
    assert status(cli, "image-available")[1].endswith("0.2.1 came later")


def test_a_red_commit_after_the_version_commit_does_not_concern_the_release(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    run_until(cli, "commit-version")
    assert status(cli, "main-ci")[0] == "done"
    store = twin.store
    version = store.bare.resolve("main")
    tree = store.bare.git("rev-parse", f"{version}^{{tree}}")
    who = ("-c", "user.name=carl", "-c", "user.email=carl@example.org")
    later = store.bare.git(*who, "commit-tree", tree, "-p", version, "-m", "A later change")
    store.bare.set_ref("refs/heads/main", later)
    store.statuses.append(CommitStatus(store.new_id(), later, "coverage", "failure", "mia", store.now()))
    found = status(cli, "main-ci")
    assert found[0] == "done"
    assert found[1].endswith(f"green on the commit {version[:7]}")
    store.statuses.append(CommitStatus(store.new_id(), version, "coverage", "failure", "mia", store.now()))
    assert status(cli, "main-ci")[0] == "failed"


@pytest.mark.parametrize("ignore", ["cover*", "coverage"])
def test_a_red_check_that_nobody_requires_is_ignored_and_shown(
    cli: Cli, project: Project, twin: Twin, ignore: str
) -> None:
    head = twin.store.bare.resolve("main")
    twin.store.statuses.append(CommitStatus(twin.store.new_id(), head, "coverage", "failure", "mia", twin.store.now()))
    begin_release(cli)
    assert status(cli, "main-ci")[0] == "failed"
    project.change_guide("uses=ci.branch", f'uses=ci.branch ignore="{ignore}"')
    verdict = json.dumps(step_of(cli, "main-ci", "0.2.0"))
    assert '"done"' in verdict
    assert "not counted: coverage (failure)" in verdict
    project.change_guide(f'ignore="{ignore}"', f'ignore="{ignore}" required="coverage"')
    assert status(cli, "main-ci")[0] == "failed"
