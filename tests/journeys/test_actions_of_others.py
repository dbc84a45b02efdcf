"""Actions that other packages offer: found by entry points, used like ours, and no danger when they are broken."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import ROOT, Project, Result

EXAMPLE = ROOT / "tests" / "example_action"
STEP = "<!-- step close-tracker uses=tracker.close -->"
RETROSPECTIVE = "- [ ] Look back. <!-- step look-back uses=acme.retrospective label=review -->\n"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, installed by pip into a folder of its own."""
    target = tmp_path_factory.mktemp("example") / "packages"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(target), str(EXAMPLE)], check=True, capture_output=True)
    return target


def written(folder: Path, name: str, module: str, **points: str) -> Path:
    """What an installer leaves of a package with one module: the module and its metadata."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "".join(f"{point} = {name}:{kind}\n" for point, kind in points.items())
    (info / "entry_points.txt").write_text(f"[fastrel.actions]\n{lines}")
    (folder / f"{name}.py").write_text(textwrap.dedent(module))
    return folder


def fastrel(project: Project, packages: Path, *arguments: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "fastrel_cli", *arguments],
        cwd=project.path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def add_step(project: Project, uses: str) -> None:
    """A step before the last one, on the branch."""
    guide = project.path / "docs" / "release-guide.md"
    line = next(one for one in guide.read_text().splitlines() if STEP in one)
    project.change_guide(line, f"- [ ] Look back. <!-- step look-back uses={uses} -->\n{line}", push=True)


def test_the_example_package_is_a_step_among_ours(project: Project, example: Path) -> None:
    add_step(project, "acme.retrospective label=review")
    assert fastrel(project, example, "lint", "docs/release-guide.md").code == 0
    assert fastrel(project, example, "status", "--json").statuses()["look-back"] == "blocked"


def test_its_effect_is_found_again(project: Project, twin: Twin, example: Path) -> None:
    (project.path / "docs" / "release-guide.md").write_text(
        "---\nfastrel:\n  repository: ServiceNow/Fast-LLM\n---\n# R\n\n<!-- checklist -->\n"
        f"{RETROSPECTIVE}<!-- /checklist -->\n"
    )
    project.git("commit", "--quiet", "-am", "A short guide")
    project.git("push", "--quiet", "origin", "main")
    assert fastrel(project, example, "open", "0.2.0").code == 0
    before = fastrel(project, example, "run", "--yes")
    assert "v0.2.0 is not on the remote yet" in before.err
    project.git("tag", "-a", "v0.2.0", "-m", "Release version 0.2.0")
    project.git("push", "--quiet", "origin", "v0.2.0")
    assert "would open the issue “Retrospective of 0.2.0”" in fastrel(project, example, "run", "--dry-run").out
    for _ in range(2):
        done = fastrel(project, example, "run", "--yes")
        assert done.code == 0, done.err
        found = [one for one in twin.store.issues.values() if one.title == "Retrospective of 0.2.0"]
        assert [one.labels for one in found] == [["review"]]
        fastrel(project, example, "untick", "look-back")


def test_a_guide_whose_package_is_missing_says_so(project: Project, tmp_path: Path) -> None:
    add_step(project, "acme.retrospective")
    refused = fastrel(project, tmp_path, "lint", "docs/release-guide.md")
    assert refused.code == 1
    assert "unknown action “acme.retrospective”" in refused.out + refused.err


BROKEN = {
    "does not import": ("import nowhere", "ModuleNotFoundError"),
    "is no action": ("Kind = 3", "is not an action with a check"),
    "has no check": (
        "from fastrel.extend import Action\nclass Kind(Action):\n    name = 'acme.kind'",
        "is not an action with a check",
    ),
    "has another name": (
        "from fastrel.extend import Action\nclass Kind(Action):\n    name = 'acme.other'\n    def check(self, context): ...",
        "calls itself “acme.other”",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_named_where_it_is_used_and_harms_nothing_else(
    project: Project, tmp_path: Path, name: str
) -> None:
    module, words = BROKEN[name]
    packages = written(tmp_path / "packages", "acme", module, **{"acme.kind": "Kind"})
    assert fastrel(project, packages, "status").code == 0
    add_step(project, "acme.kind")
    linted = fastrel(project, packages, "lint", "docs/release-guide.md")
    assert linted.code == 1
    assert words in linted.out + linted.err
    assert "acme" in linted.out + linted.err
    used = fastrel(project, packages, "status")
    assert used.code == 2
    assert words in used.err


MISTAKES = """
    from fastrel.extend import Action, Effect, Plan, todo

    class Check(Action):
        name = "acme.check"
        def check(self, context): return 1 / 0

    class Returns(Action):
        name = "acme.returns"
        def check(self, context): return "done"

    class Acts(Action):
        name = "acme.acts"
        def check(self, context): return todo("not yet")
        def plan(self, context, people): return Plan((Effect("fall over", lambda: {}["x"]),))
"""


def test_mistakes_in_foreign_code_are_errors_that_name_the_package(project: Project, tmp_path: Path) -> None:
    points = {"acme.check": "Check", "acme.returns": "Returns", "acme.acts": "Acts"}
    packages = written(tmp_path / "packages", "acme", MISTAKES, **points)
    (project.path / "docs" / "release-guide.md").write_text(
        "---\nfastrel:\n  repository: ServiceNow/Fast-LLM\n---\n# R\n\n<!-- checklist -->\n"
        "- [ ] a <!-- step a uses=acme.acts -->\n- [ ] b <!-- step b uses=acme.check -->\n"
        "- [ ] c <!-- step c uses=acme.returns -->\n<!-- /checklist -->\n"
    )
    project.git("commit", "--quiet", "-am", "A short guide")
    project.git("push", "--quiet", "origin", "main")
    assert fastrel(project, packages, "open", "0.2.0").code == 0
    status = fastrel(project, packages, "status")
    assert "acme has a mistake: its check failed: ZeroDivisionError" in status.out
    assert "acme has a mistake: its check returned str, not Verdict" in status.out
    run = fastrel(project, packages, "run", "--yes")
    assert run.code == 1
    assert "acme has a mistake: its effect failed: KeyError" in run.err
    assert "Tell the authors of acme." in run.err


def test_a_package_cannot_take_the_place_of_our_actions(project: Project, tmp_path: Path) -> None:
    module = "raise SystemExit('imported')"
    packages = written(tmp_path / "packages", "evil", module, **{"tag.push": "Push"})
    assert fastrel(project, packages, "status").code == 0


def test_two_packages_with_one_action_are_told_apart_by_nobody(project: Project, tmp_path: Path) -> None:
    module = "from fastrel.extend import Action, done\nclass Kind(Action):\n    name = 'acme.kind'\n    def check(self, context): return done('yes')"
    packages = written(tmp_path / "packages", "one", module, **{"acme.kind": "Kind"})
    written(packages, "two", module, **{"acme.kind": "Kind"})
    add_step(project, "acme.kind")
    used = fastrel(project, packages, "status")
    assert used.code == 2
    assert "several packages offer it" in used.err


def test_the_documentation_shows_the_example_as_it_is() -> None:
    page = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    for name in ("acme_release/retrospective.py", "pyproject.toml"):
        assert (EXAMPLE / name).read_text(encoding="utf-8").strip() in page
