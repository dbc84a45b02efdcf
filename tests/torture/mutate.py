"""Mutation testing: the source is changed, and some test must fail.

    python tests/torture/mutate.py              # the changes of mutants.yml
    python tests/torture/mutate.py --sample 12  # and as many small ones, drawn anew by --seed, of each file of ROOMS
    python tests/torture/mutate.py --only bot/  # those of files whose path holds this
    python tests/torture/mutate.py --done LOG   # goes on: what the output of an earlier run calls killed is not tried again

Each change is made in a copy of the project, and the tests that are named for it run there until the first one fails.
Prints what survived; the exit code is 1 when something did that has no reason. `--list` says what would be tried.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
import yaml

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))

from torture.mutation_operators import edits_of  # noqa: E402  # known by the line above
from torture.reach import Reach, read_reach  # noqa: E402

DATA = Path(__file__).with_name("mutants.yml")
SURVIVORS = Path(__file__).with_name("survivors.yml")
PATIENCE = 600
"""Seconds that the tests of one change may take; a change that makes them hang is noticed."""
ACTIONS = "journeys/github_actions"
ROOMS: dict[str, tuple[str, ...]] = {
    "core/fastrel/tracker/body.py": (
        "core/tracker/test_tracker_body.py",
        "core/tracker/test_full_body.py",
        "core/tracker/test_tracker_and_people.py",
    ),
    "core/fastrel/tracker/marker.py": ("core/tracker/test_tracker_body.py", "core/tracker/test_tracker_and_people.py"),
    "core/fastrel/tracker/new_body.py": (
        "core/tracker/test_tracker_body.py",
        "core/tracker/test_full_body.py",
        "core/tracker/test_guide_text.py",
    ),
    "core/fastrel/tracker/escape.py": ("core/tracker/test_tracker_escaping.py",),
    "core/fastrel/tracker/insertion.py": ("core/tracker/test_tracker_insertion.py", "core/tracker/test_guide_text.py"),
    "core/fastrel/tracker/issue.py": (
        "core/tracker/test_which_issue_counts.py",
        "core/tracker/test_ticks.py",
        "journeys/test_together.py::test_what_a_person_does_between_reading_and_writing_is_there",
        "journeys/test_together.py::test_who_takes_a_tick_back_right_after_us_wins",
        "journeys/test_together.py::test_where_revisions_are_not_told_a_write_is_read_back",
        "journeys/test_together.py::test_where_our_revision_never_comes_a_write_is_read_back",
        "journeys/test_together.py::test_giving_up_says_where_the_words_are",
        "torture/test_two_operators.py::test_ticks_on_a_second_tracker_are_kept_when_it_is_closed",
    ),
    "core/fastrel/tracker/layout.py": ("core/tracker/test_tracker_body.py", "core/tracker/test_guide_text.py"),
    "core/fastrel/tracker/progress.py": ("core/tracker/test_tracker_progress.py",),
    "core/fastrel/tracker/rescue.py": ("core/tracker/test_rescue.py",),
    "core/fastrel/tracker/evidence.py": (
        "core/tracker/test_tracker_body.py",
        "core/tracker/test_tracker_and_people.py",
    ),
    "core/fastrel/tracker/state.py": ("core/tracker/test_state_block.py", "core/tracker/test_full_body.py"),
    "core/fastrel/tracker/three_way.py": ("core/tracker/test_rescue.py",),
    "core/fastrel/tracker/ticks.py": ("core/tracker/test_ticks.py",),
    "core/fastrel/tracker/trust.py": ("core/tracker/test_who_made_a_tick.py",),
    "core/fastrel/guide/changes.py": ("core/guide/test_guide_changes.py",),
    "core/fastrel/github/transport/rate_limit.py": (
        "core/github/transport/test_limits.py",
        "journeys/test_limits_and_clocks.py",
    ),
    "core/fastrel/github/transport/client.py": (
        "core/github/transport",
        "journeys/test_limits_and_clocks.py",
    ),
    "core/fastrel/bot/commands.py": ("core/bot",),
    "core/fastrel/bot/events.py": ("core/bot",),
    "core/fastrel/bot/pending.py": ("core/bot",),
    "core/fastrel/bot/perform.py": (f"{ACTIONS}/test_roles_of_comments.py", f"{ACTIONS}/test_comment_commands.py"),
    "core/fastrel/bot/react.py": (
        f"{ACTIONS}/test_once_only.py",
        f"{ACTIONS}/test_late_comments.py",
        f"{ACTIONS}/test_events.py",
    ),
    "core/fastrel/engine/agreements.py": ("core/engine", "journeys/test_commands_that_may_run.py"),
    "core/fastrel/engine/evaluate.py": ("core/engine", "journeys/test_versions_and_milestones.py"),
    "core/fastrel/engine/warnings.py": ("core/engine", "journeys/test_versions_and_milestones.py"),
    "core/fastrel/engine/finished_release.py": ("core/engine",),
    "core/fastrel/engine/guide_changes.py": ("core/engine", "journeys/test_changed_guide.py"),
    "core/fastrel/engine/preconditions.py": (
        "core/engine",
        "journeys/test_branch_state.py",
        "journeys/test_bad_input.py",
        "journeys/test_hotfix.py",
    ),
    "core/fastrel/engine/tick_authors.py": ("journeys/test_who_is_believed.py",),
    "core/fastrel/engine/roles.py": ("core/engine",),
    "core/fastrel/engine/tick.py": ("journeys/test_tracker_by_hand.py", "journeys/test_roles.py"),
    "core/fastrel/running/ground.py": ("journeys/test_ground_of_a_run.py",),
    "core/fastrel/running/polling.py": (
        "journeys/test_ci_of_the_version_commit.py",
        "journeys/test_continuous_integration.py",
    ),
    "core/fastrel/running/stop_reasons.py": ("core/running/test_stop_reasons.py", "journeys/test_dry_run.py"),
    "core/fastrel/running/run.py": ("journeys/test_notes_are_kept.py", "journeys/test_questions.py"),
    "core/fastrel/actions/bugs.py": ("journeys/test_open_bugs.py",),
    "core/fastrel/actions/checks/check_verdict.py": ("core/actions/checks/test_checks_that_count.py",),
    "core/fastrel/actions/checks/ci.py": (
        "core/actions/checks/test_checks_that_count.py",
        "journeys/test_continuous_integration.py",
    ),
    "core/fastrel/actions/milestone.py": (
        "core/actions/test_what_belongs_to_a_release.py",
        "journeys/test_versions_and_milestones.py",
    ),
    "core/fastrel/actions/pulls.py": ("core/actions/test_what_belongs_to_a_release.py", "journeys/test_labels.py"),
    "core/fastrel/actions/release.py": ("core/actions/test_drafts.py", "journeys/test_github_release.py"),
    "core/fastrel/actions/release_range.py": (
        "core/actions/test_what_belongs_to_a_release.py",
        "journeys/test_version_commit.py",
    ),
    "core/fastrel/actions/script_environment.py": ("core/actions/test_script_environment.py",),
    "core/fastrel/actions/tag.py": (
        "journeys/test_tags.py",
        "journeys/test_together.py::test_a_tag_that_two_made_at_the_same_time_is_the_one_on_the_remote",
    ),
    "core/fastrel/actions/version/uncommitted_files.py": (
        "journeys/test_version_commit.py",
        "journeys/test_what_a_commit_leaves_out.py",
    ),
    "core/fastrel/actions/version/set_version.py": (
        "core/actions/test_what_belongs_to_a_release.py",
        "journeys/test_version_commit.py",
        "journeys/test_version_files.py",
    ),
    "core/fastrel/actions/version/commit_version.py": (
        "core/actions/test_what_belongs_to_a_release.py",
        "journeys/test_version_commit.py",
        "journeys/test_version_by_pull_request.py",
    ),
    "plugin/fastrel_mkdocs/view.py": ("plugin/test_kept_states.py", "plugin/test_docs_extension.py"),
    "plugin/fastrel_mkdocs/assets/fastrel.js": ("plugin/test_page_believes.py",),
}
"""The files of which small changes are drawn, and the tests that should notice."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one file, and the tests that should notice it."""

    file: str
    means: str
    text: str
    """The whole file, changed."""
    tests: tuple[str, ...]
    same: str = ""
    """Why no test can notice it; empty when one should."""
    drawn: bool = False


def chosen(top: Path) -> Iterator[Mutant]:
    """The changes of mutants.yml; one whose text is not in its file, once, is none any more: its text is empty."""
    for one in yaml.safe_load(DATA.read_text(encoding="utf-8")):
        text = (top / one["file"]).read_text(encoding="utf-8")
        changed = text.replace(one["old"], one["new"]) if text.count(one["old"]) == 1 else ""
        yield Mutant(one["file"], one["means"], changed, tuple(one["tests"]), one.get("same", ""))


def drawn(top: Path, count: int, seed: int, reach: Reach | None = None) -> Iterator[Mutant]:
    """Small changes, up to so many of each file, the same ones for the same seed and source. With `reach`, the tests are
    those that reach the changed lines."""
    reasons = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8")) or {} if SURVIVORS.is_file() else {}
    for file, tests in ROOMS.items():
        text = (top / file).read_text(encoding="utf-8")
        lines = text.splitlines()
        edits = [one for one in edits_of(text, file) if one.applied(text) != text]
        for edit in sorted(
            random.Random(f"{seed} {file}").sample(edits, min(count, len(edits))), key=lambda e: e.start
        ):
            old = " ".join(text[edit.start : edit.end].split())
            words = (
                f"{edit.line}: {lines[edit.line - 1].strip()[:80]} | {old[:60]} -> {' '.join(edit.new.split())[:60]}"
            )
            same = reasons.get(f"{file}: {words.partition(': ')[2]}", "")
            last = edit.line + text.count("\n", edit.start, edit.end)
            mapped = reach.tests(file, edit.line, last) if reach and file in reach.lines else tests
            yield Mutant(file, words, edit.applied(text), mapped, same, drawn=True)


def copy_of_project(folder: Path) -> Path:
    """What git knows of the project, in another folder, so that the checkout stays as it is."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        source, target = TOP / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    modules = TOP / "tests/node/node_modules"
    if modules.is_dir() and not (folder / "tests/node/node_modules").exists():
        (folder / "tests/node/node_modules").symlink_to(modules.resolve())
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def noticed(copy: Path, tests: Sequence[str], patience: float = PATIENCE) -> bool | None:
    """Whether a test fails; None when nothing could be run. The tests run in a child of this process, which need not
    import again what is not ours."""
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if not child:
            _become_pytest(copy, tests, output.fileno())
        status = _status_of(child, patience)
        if status in (0, 1, 2):  # 2: a module that cannot be imported any more
            return status != 0
        if status is None:
            return True
        output.seek(0)
        print(output.read()[-4000:])
        return None


def _become_pytest(copy: Path, tests: Sequence[str], output: int) -> NoReturn:
    status = 3
    try:
        os.setsid()
        for stream in (1, 2):
            os.dup2(output, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(copy)
        packages = [str(copy / one) for one in ("core", "plugin", "cli", "twin")]
        os.environ["PYTHONPATH"] = os.pathsep.join(packages)
        sys.path[:] = [*packages, *(one for one in sys.path if one and not Path(one).is_relative_to(TOP / "tests"))]
        options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--timeout", "120"]
        status = int(pytest.main([*options, *(f"tests/{one}" for one in tests)]))
    finally:
        sys.stdout.flush()
        os._exit(status)


def _status_of(child: int, patience: float) -> int | None:
    """The exit code of a child; None when it does not end in time, or by itself."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def import_what_is_not_ours(copy: Path) -> None:
    """Import what tests import from other packages, once for all changes."""
    ours = [str(copy / one) for one in ("core", "plugin", "cli", "twin", "tests", "tests/support")]
    sys.path[:0] = ours
    for name in (
        "fastrel_twin.app",
        "fastrel_twin.server",
        "fastrel_cli.main",
        "fastrel_mkdocs.plugin",
        "kept_states",
        "webhooks",
        "published",
    ):
        importlib.import_module(name)
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), "")
        if place and Path(place).is_relative_to(copy):
            del sys.modules[name]
    del sys.path[: len(ours)]
    importlib.invalidate_caches()


def attempt(copy: Path, mutant: Mutant) -> bool | None:
    """Whether the tests notice a change; no test does where none reaches it."""
    if not mutant.tests:
        return False
    file = copy / mutant.file
    before = file.read_text(encoding="utf-8")
    try:
        _write(file, mutant.text)
        return noticed(copy, mutant.tests)
    finally:
        _write(file, before)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    # Byte code counts by size and second of the source, which a change may leave alike.
    for kept in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        kept.unlink()


def killed_before(log: str) -> frozenset[str]:
    """What the output of earlier runs calls killed, as file and meaning."""
    found = re.findall(r"(?m)^\d+/\d+ killed \d+ s  (.+)$", Path(log).read_text(encoding="utf-8")) if log else []
    return frozenset(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=0, help="small changes of each file of ROOMS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the path of the file")
    parser.add_argument("--meaning", default="", help="a part of what the change means")
    parser.add_argument("--drawn", action="store_true", help="without those of mutants.yml")
    parser.add_argument("--trust", action="store_true", help="without running the tests first with no change at all")
    parser.add_argument(
        "--done", default="", metavar="LOG", help="the output of an earlier run that this one goes on with"
    )
    parser.add_argument("--reach", default="", metavar="FILE", help="what tests/torture/reach.py has written")
    parser.add_argument("--list", action="store_true", help="only say what would be tried")
    wishes = parser.parse_args()
    mutants = [] if wishes.drawn else list(chosen(TOP))
    reach = read_reach(Path(wishes.reach)) if wishes.reach else None
    mutants += drawn(TOP, wishes.sample, wishes.seed, reach) if wishes.sample else []
    mutants = [one for one in mutants if wishes.only in one.file and wishes.meaning in one.means]
    done = killed_before(wishes.done)
    mutants = [one for one in mutants if f"{one.file}: {one.means}" not in done]
    if wishes.list:
        for one in mutants:
            print(f"{one.file}: {one.means}")
        return 0
    with tempfile.TemporaryDirectory(prefix="fastrel-mutants-") as folder:
        copy = copy_of_project(Path(folder))
        import_what_is_not_ours(copy)
        tests = tuple(dict.fromkeys(test for one in mutants for test in one.tests))
        if not wishes.trust and noticed(copy, tests, PATIENCE * 10) is not False:
            print("These tests fail, or do not end, without any change.")
            return 2
        return report(copy, mutants)


def report(copy: Path, mutants: Sequence[Mutant]) -> int:
    """Try all changes and say which survived."""
    counts: Counter[str] = Counter()
    survivors: list[Mutant] = []
    for number, one in enumerate(mutants, start=1):
        began = time.monotonic()
        found = None if not one.text else True if one.same else attempt(copy, one)
        kind = "drawn" if one.drawn else "chosen"
        word = "same" if one.same else {True: "killed", False: "SURVIVED", None: "ERROR"}[found]
        if not one.text:
            word = "ERROR: the file does not hold the text of this change, once"
        counts[f"{kind} {word.partition(':')[0]}"] += 1
        if not found:
            survivors.append(one)
        print(f"{number}/{len(mutants)} {word} {time.monotonic() - began:.0f} s  {one.file}: {one.means}", flush=True)
    for kind in ("chosen", "drawn"):
        killed, left = counts[f"{kind} killed"], counts[f"{kind} SURVIVED"] + counts[f"{kind} ERROR"]
        if killed + left:
            share = 100 * killed / (killed + left)
            equal = counts[f"{kind} same"]
            print(f"\n{kind}: {killed} of {killed + left} killed ({share:.0f} %), {equal} that nothing can notice")
    for one in survivors:
        print(f"survived: {one.file}: {one.means}")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
