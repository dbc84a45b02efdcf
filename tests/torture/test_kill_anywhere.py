"""Kill anywhere, in the small: a sample of states, of real kills and of Ctrl-C. `kill.py` does all of them; with `--long`
the sample is larger, and there is one of the pull-request mode, too.

A git that is killed in the middle of its work, with or without the tool, is here alone.
"""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from fastrel_twin.proxy import Moment
from snapshot import Scene, restore
from stage import Cli
from torture.final_state import difference, final_state
from torture.kill import Point, Recording, continued, killed, record
from torture.scenario import Command, Step, environment, people_lost, scene_of, steps_of

LONG = settings.get_current_profile_name() == "long"
MODES = ("minor", "pull-request") if LONG else ("minor",)
STATES = 20 if LONG else 3
"""How many states the sample has."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A release that nobody disturbed."""

    mode: str
    root: Path
    scene: Scene
    steps: tuple[Step, ...]
    recording: Recording

    def effect(self, words: str, moment: Moment, step: int = -1) -> Point:
        """The first effect whose words begin like this."""
        wanted = len(self.steps) - 1 if step < 0 else step
        return next(
            one for one in self.recording.effects()
            if one.words.startswith(words) and one.moment is moment and one.step == wanted
        )  # fmt: skip


@pytest.fixture(scope="module", params=MODES)
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    root = tmp_path_factory.mktemp(request.param)
    with scene_of(request.param, root) as scene:
        steps = steps_of(request.param)
        yield Recorded(request.param, root, scene, steps, record(scene, steps, root / "states"))


@pytest.fixture
def release(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """The recorded release, with its own environment around the test."""
    for name, value in environment(recorded.scene.twin, recorded.root).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(recorded.scene.checkout)
    return recorded


def test_what_a_killed_command_leaves_is_taken_up_by_the_next(release: Recorded) -> None:
    states = [*release.recording.states]
    assert len(release.recording.points) > 500
    assert len(states) > 40
    chosen = [*states[3 :: len(states) // STATES], states[-1]]
    for state in chosen:
        death = continued(release.scene, release.steps, release.recording, state)
        assert death.wrong == "", death.place


@pytest.mark.parametrize(
    ("words", "moment"),
    [("git push", Moment.BEFORE), ("POST /api/v3/repos/ServiceNow/Fast-LLM/releases", Moment.AFTER)],
)
def test_a_process_that_is_killed_for_real(release: Recorded, words: str, moment: Moment) -> None:
    point = release.effect(words, moment)
    death = killed(release.scene, release.steps, release.recording, point, signal.SIGKILL)
    assert death.wrong == "", death.place


@pytest.mark.parametrize("words", ["git push", "PATCH /api/v3/repos/ServiceNow/Fast-LLM/issues/38"])
def test_ctrl_c_says_how_to_go_on(release: Recorded, words: str) -> None:
    point = release.effect(words, Moment.AFTER)
    death = killed(release.scene, release.steps, release.recording, point, signal.SIGINT)
    assert death.wrong == "", death.place


def test_ctrl_c_while_the_tracker_is_opened(release: Recorded) -> None:
    point = release.effect("POST /api/v3/repos/ServiceNow/Fast-LLM/issues", Moment.AFTER, step=0)
    death = killed(release.scene, release.steps, release.recording, point, signal.SIGINT)
    assert death.wrong == "", death.place


HOOKS = {
    "before the commit": ("pre-commit", ""),
    "while refs are locked": ("reference-transaction", '[ "$1" = prepared ] || exit 0'),
    "after refs have moved": ("reference-transaction", '[ "$1" = committed ] || exit 0'),
    "after a checkout": ("post-checkout", ""),
    "before a push": ("pre-push", ""),
    "while a worktree is made": ("post-index-change", ""),
}
"""Where a git can be caught in the middle: its own hooks, and when they are to strike."""


@pytest.mark.skipif(sys.platform != "linux", reason="the hook reads the command of its git in /proc")
@pytest.mark.parametrize("name", HOOKS if LONG else [*HOOKS][::2])
def test_a_git_that_dies_in_the_middle(release: Recorded, name: str, cli: Cli) -> None:
    """Each git that calls the hook is killed once, one after the other. What it leaves stands in nobody's way, or the
    message says what to remove."""
    scene, steps = release.scene, release.steps
    restore(scene, release.recording.begins[len(steps) - 1])
    mine = release.root / "hooks"
    _strike_git(mine, *HOOKS[name])
    _git(scene.checkout, "config", "core.hooksPath", str(mine))
    last = steps[-1]
    assert isinstance(last, Command)
    failed = 0
    while (done := cli(*last.arguments)).code:
        failed += 1
        assert failed < 30, done.err
        assert "\n  done: " in done.err
        assert "\n  next: " in done.err
        _do_what_it_says(done.err)
    _git(scene.checkout, "config", "core.hooksPath", "/dev/null")
    assert people_lost(scene.twin) == []
    # Locks that stood in nobody's way may still be there; whoever meets them is told by git.
    for lock in (scene.checkout / ".git").rglob("*.lock"):
        lock.unlink()
    gap = difference(release.recording.end, final_state(scene.twin, scene.checkout))
    assert gap == "", gap


def _strike_git(folder: Path, name: str, condition: str) -> None:
    """A hook that kills the git that calls it, once for each of its commands."""
    folder.mkdir(exist_ok=True)
    for one in folder.iterdir():
        one.unlink()
    hook = folder / name
    hook.write_text(
        f"#!/bin/bash\n{condition}\n"
        "mapfile -d '' words < /proc/$PPID/cmdline; said=${words[*]}; said=${said//[^a-zA-Z_-]/.}; said=${said:0:60}\n"
        f'[ -e "{folder}/$said" ] && exit 0\n'
        f': > "{folder}/$said"\n'
        "kill -KILL $PPID\n"
    )
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)


def _do_what_it_says(message: str) -> None:
    """Type what the message says, as far as it is a command of git or of the shell."""
    problem, _, following = message.rpartition("\n  next: ")
    locks = [one for one in problem.split("`")[1::2] if one.startswith("rm ")]
    for command in [*locks, *following.split("`")[1::2]]:
        if command.startswith(("rm ", "git ")):
            subprocess.run(["bash", "-c", command], check=True, capture_output=True)


def _git(checkout: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=checkout, check=True)
