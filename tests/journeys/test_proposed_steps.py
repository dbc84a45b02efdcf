"""What `init` proposed and nobody confirmed does nothing and ticks nothing; a step may use several actions in order."""

from __future__ import annotations

from stage import Cli, Project

PAGE = """# Release

- [ ] Real-world test complete
- [ ] Update the version number in `setup.cfg`
- [ ] Commit the changes and push
- [ ] Create the tag of the candidate, such as `0.2.0-RC1`
- [ ] Send the release branch off: `git push --set-upstream origin release`
- [ ] Run `./ci/prepare-release.sh`
- [ ] Watch the [Publish release workflow](https://example.org/w)
"""
TAG = """---
fastrel:
  repository: {0}
---
# Release

<!-- checklist -->
- [ ] Tag and push <!-- step tag uses=tag.create,tag.push{1} -->
<!-- /checklist -->
"""


def page(project: Project, text: str) -> str:
    (project.path / "RELEASING.md").write_text(text)
    project.git("add", "RELEASING.md")
    project.git("commit", "--quiet", "-m", "A page")
    project.git("push", "--quiet", "origin", "main")
    return "RELEASING.md"


def refs(project: Project) -> str:
    return project.git("ls-remote", "origin", "refs/tags/*", "refs/heads/*")


def test_a_list_of_acts_that_only_sound_like_ours_releases_nothing(cli: Cli, project: Project) -> None:
    guide = page(project, PAGE)
    assert cli("init", "--offline", "--yes", "--guide", guide).code == 0
    project.git("add", ".")
    project.git("commit", "--quiet", "-m", "Adopt")
    project.git("push", "--quiet", "origin", "main")
    before = refs(project)
    opened = cli("open", "0.2.0", "--guide", guide)
    assert opened.code == 0, opened.err
    cli("run", "0.2.0", "--yes", "--guide", guide)
    assert refs(project) == before
    status = cli("status", "0.2.0", "--json", "--guide", guide)
    assert set(status.statuses().values()) <= {"manual", "blocked"}
    assert not [one for one in status.json["steps"] if one["ticked"]]  # type: ignore[attr-defined]  # a list of mappings


def test_several_actions_are_done_one_after_the_other(cli: Cli, project: Project) -> None:
    guide = page(project, TAG.format(project_name(project), ""))
    assert cli("open", "0.2.0", "--guide", guide).code == 0
    planned = cli("run", "0.2.0", "--dry-run", "--guide", guide)
    assert "make the annotated tag v0.2.0" in planned.out + planned.out
    done = cli("run", "0.2.0", "--yes", "--guide", guide)
    assert done.code == 0, done.err
    assert "refs/tags/v0.2.0" in refs(project)
    status = cli("status", "0.2.0", "--json", "--guide", guide)
    assert status.statuses() == {"tag": "done"}


def test_a_proposed_action_waits_for_a_person(cli: Cli, project: Project) -> None:
    guide = page(project, TAG.format(project_name(project), " proposed"))
    assert cli("open", "0.2.0", "--guide", guide).code == 0
    before = refs(project)
    stopped = cli("run", "0.2.0", "--yes", "--guide", guide)
    assert stopped.code == 3
    assert "Is tag.create,tag.push what this step means?" in stopped.err
    assert refs(project) == before


def project_name(project: Project) -> str:
    return project.session().guide.settings.repository
