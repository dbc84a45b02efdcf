"""Kill anywhere: a whole release, killed at each request and each git command, ends as if nothing had happened.

    python tests/torture/kill.py --jobs 2 --json kill.json      all of it, for all modes

What a killed process leaves is the world and the checkout as they are at that moment. So one release is run with a
gate at every request and git command; at both sides of each, the state is taken when no earlier point has left the
same one. For each of these states the same command is typed again, and the rest of the release after it, and the end
is compared with that of the release that nobody disturbed. Besides, real processes get a real SIGKILL or Ctrl-C at the
points where something changes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fastrel_cli.main import exit_code
from fastrel_twin.proxy import Moment
from snapshot import Scene, Snapshot, digest, restore, take
from torture.final_state import difference, final_state
from torture.gate import Ended, Passing, run_through
from torture.scenario import MODES, Command, Step, people_lost, scene_of, steps_of

KINDS = ("states", "SIGKILL", "SIGINT")
"""What is tried: going on from a state that was left, and real signals to a real process."""
HOW_TO_GO_ON = "type the same command again"
"""What Ctrl-C must answer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One side of one request or git command; words and number find it again in another run of the same step."""

    step: int
    words: str
    number: int
    moment: Moment
    state: str
    """Digest of the step and of the state there."""


@dataclass(slots=True)
class Recording:
    """An undisturbed release: its points, the states in which it could have been killed, and its end."""

    points: list[Point] = field(default_factory=list)
    states: dict[str, tuple[int, Snapshot]] = field(default_factory=dict)
    """Digest -> the step that was running, and the state."""
    begins: dict[int, Snapshot] = field(default_factory=dict)
    """The state before each step."""
    end: str = ""

    def effects(self) -> list[Point]:
        """Both sides of each request and git command that changed something."""
        before: dict[tuple[int, str, int], Point] = {}
        found: list[Point] = []
        for one in self.points:
            key = (one.step, one.words, one.number)
            if one.moment is Moment.BEFORE:
                before[key] = one
            elif key in before and before[key].state != one.state:
                found += [before[key], one]
        return found


@dataclass(frozen=True, slots=True)
class Death:
    """One try: where, and what was wrong with the end; nothing when the release survived."""

    place: str
    wrong: str


def record(scene: Scene, steps: Sequence[Step], folder: Path) -> Recording:
    """Run a whole release with a gate that lets everything pass, and remember all states on the way."""
    found = Recording()
    folder.mkdir(parents=True)
    for number, step in enumerate(steps):
        found.begins[number] = take(scene, folder / f"begin-{number}")
        if not isinstance(step, Command):
            step.do(scene.twin)
            continue
        counts: dict[tuple[str, Moment], int] = {}

        def keep(passing: Passing, number: int = number, counts: dict[tuple[str, Moment], int] = counts) -> bool:
            key = (passing.words, passing.moment)
            counts[key] = counts.get(key, 0) + 1
            state = f"{number}:{digest(scene)}"
            found.points.append(Point(number, passing.words, counts[key], passing.moment, state))
            if state not in found.states:
                found.states[state] = (number, take(scene, folder / f"state-{len(found.states)}"))
            return True

        ended = run_through(scene, step.arguments, keep)
        if ended.code:
            raise AssertionError(f"{step.arguments} ended with {ended.code}, undisturbed:\n{ended.err}")
    found.end = final_state(scene.twin, scene.checkout)
    lost = people_lost(scene.twin)
    assert not lost, f"the undisturbed release loses {lost}"
    return found


def go_on(scene: Scene, steps: Sequence[Step], begin: int) -> str:
    """Type the commands from this step on; what goes wrong with them, in words."""
    for step in steps[begin:]:
        if not isinstance(step, Command):
            step.do(scene.twin)
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = exit_code(list(step.arguments))
        if code:
            return f"`{' '.join(step.arguments)}` typed again ends with {code}:\n{said.getvalue()}"
    return ""


def judged(scene: Scene, recording: Recording, wrong: str) -> str:
    """What is wrong with the end."""
    return wrong or "\n".join(people_lost(scene.twin)) or difference(
        recording.end, final_state(scene.twin, scene.checkout)
    )  # fmt: skip


def continued(scene: Scene, steps: Sequence[Step], recording: Recording, state: str) -> Death:
    """Go on from a state that was recorded."""
    number, snapshot = recording.states[state]
    restore(scene, snapshot)
    first = next(one for one in recording.points if one.state == state)
    return Death(_place(steps, first), judged(scene, recording, go_on(scene, steps, number)))


def killed(scene: Scene, steps: Sequence[Step], recording: Recording, point: Point, number: int) -> Death:
    """Run the step for real up to a point, end the process there by a signal, and go on."""
    step = steps[point.step]
    assert isinstance(step, Command)
    restore(scene, recording.begins[point.step])
    seen = 0

    def keep(passing: Passing) -> bool:
        nonlocal seen
        if passing.words != point.words or passing.moment is not point.moment:
            return True
        seen += 1
        return seen != point.number

    ended = run_through(scene, step.arguments, keep, kill_with=number)
    place = f"{signal.Signals(number).name} {_place(steps, point)}"
    wrong = _wrong_end(ended, number) if seen >= point.number else "the point was not reached"
    return Death(place, judged(scene, recording, wrong or go_on(scene, steps, point.step)))


def _wrong_end(ended: Ended, number: int) -> str:
    """What is wrong with how a process ended after a signal."""
    if number == signal.SIGKILL:
        return "" if ended.code == -signal.SIGKILL else f"not killed, but ended with {ended.code}: {ended.err}"
    if ended.code == 130 and HOW_TO_GO_ON in ended.err and "Traceback" not in ended.err:
        return ""
    return f"Ctrl-C ends with {ended.code}:\n{ended.err}"


def _place(steps: Sequence[Step], point: Point) -> str:
    step = steps[point.step]
    command = step.arguments[0] if isinstance(step, Command) else ""
    return f"{point.moment.name} {point.words} ({point.number}) in `{command}`"


def tries_of(scene: Scene, steps: Sequence[Step], recording: Recording) -> list[tuple[str, Callable[[], Death]]]:
    """All that can be tried, each with the kind under which it is counted."""
    found: list[tuple[str, Callable[[], Death]]] = [
        ("states", partial(continued, scene, steps, recording, state)) for state in recording.states
    ]
    for number in (signal.SIGKILL, signal.SIGINT):
        found += [
            (number.name, partial(killed, scene, steps, recording, point, number)) for point in recording.effects()
        ]
    return found


@dataclass(slots=True)
class Figures:
    """What came out for a mode, or for a share of it."""

    points: int = 0
    states: int = 0
    tried: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    lost: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def add(self, other: Figures) -> None:
        """Join the share of another worker, whose own recording has the same points but for those of parallel reads."""
        self.points, self.states = max(self.points, other.points), max(self.states, other.states)
        for kind in KINDS:
            self.tried[kind] += other.tried[kind]
            self.lost[kind] += other.lost[kind]


def _share(task: tuple[str, int, int, float]) -> Figures:
    """One worker's share of a mode: it records a release of its own, and takes every n-th state and point."""
    mode, share, jobs, fraction = task
    root = Path(tempfile.mkdtemp(prefix="fastrel-torture-"))
    try:
        with scene_of(mode, root) as scene:
            steps = steps_of(mode)
            recording = record(scene, steps, root / "states")
            figures = Figures(len(recording.points), len(recording.states))
            chosen = tries_of(scene, steps, recording)[:: max(1, round(1 / fraction))][share::jobs]
            for done, (kind, attempt) in enumerate(chosen, start=1):
                death = attempt()
                figures.tried[kind] += 1
                figures.lost[kind] += [death.place] if death.wrong else []
                state = f"LOST\n{death.wrong}" if death.wrong else "survived"
                print(f"{mode} {share}: {done} of {len(chosen)}: {death.place}: {state}", file=sys.stderr, flush=True)
            return figures
    finally:
        shutil.rmtree(root, ignore_errors=True)


def main() -> int:
    """Torture releases and print what survived; 1 when something did not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modes", nargs="*", choices=MODES, default=list(MODES))
    parser.add_argument("--jobs", type=int, default=1, help="processes at work")
    parser.add_argument("--fraction", type=float, default=1.0, help="which part of all tries, such as 0.1")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    options = parser.parse_args()
    began = time.monotonic()
    tasks = [(mode, share, options.jobs, options.fraction) for mode in options.modes for share in range(options.jobs)]
    figures = {mode: Figures() for mode in options.modes}
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        for (mode, *_), share in zip(tasks, pool.imap(_share, tasks), strict=True):
            figures[mode].add(share)
    print(
        "| mode | points | states | states survived | SIGKILL survived | Ctrl-C survived |\n|---|---|---|---|---|---|"
    )
    for mode, one in figures.items():
        cells = [f"{one.tried[kind] - len(one.lost[kind])} / {one.tried[kind]}" for kind in KINDS]
        print(f"| {mode} | {one.points} | {one.states} | {' | '.join(cells)} |")
    print(f"{time.monotonic() - began:.0f} seconds with {options.jobs} processes.", file=sys.stderr)
    if options.json:
        written = {mode: asdict(one) for mode, one in figures.items()}
        options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return int(any(some for one in figures.values() for some in one.lost.values()))


if __name__ == "__main__":
    sys.exit(main())
