"""States of the sample project that many tests begin with: made once by a process, then copied.

The guide in the sample's commits holds the twin's address, so a state belongs to an address: the twins of one process
listen on the same port, one after the other.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from itertools import count
from pathlib import Path

from fastrel.errors import UsageError
from fastrel_twin.bare_repository import Bare, Ref
from fastrel_twin.clone import clone_sample
from fastrel_twin.sample.project import NAME
from fastrel_twin.server import Twin, play_sample, sample_store, twin_of
from fastrel_twin.store import Store
from fastrel_twin.workflows.simulated_ci import Timing
from snapshot import FIXED, PASSING_FILES, Place, Snapshot, copy_folder, digest, restore, take
from stage import GUIDE, Cli, Project, open_ready, run_until

PASSING_OF_CI = frozenset({"store", "clock", "_seen", "_start"})
"""Of the simulated CI: what is no setting of a test."""
PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever asks for any."""


@dataclass(slots=True)
class _Kept:
    """What is kept for one address."""

    folder: Path
    port: int
    sample: tuple[bytes, int] | None = None
    """The sample's state besides git, and its next id."""
    started: str = ""
    """The state of a twin that nobody has changed."""
    cloned: dict[str, Ref] | None = None
    """The refs of the checkout that is kept."""
    releases: dict[tuple[str, str], Snapshot] = field(default_factory=dict)
    """Releases by version and last step."""
    known: set[str] = field(default_factory=set)
    """States from which others are reached, by their marks."""
    reached: dict[tuple[str, ...], Snapshot] = field(default_factory=dict)
    """States by the mark of the one before and what was done there."""


class KeptStates:
    """What this process keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = self._at_another_port()

    @contextmanager
    def twin(self, root: Path) -> Iterator[Twin]:
        """A twin of the sample project in an empty folder, as `running_twin` makes it."""
        with ExitStack() as stack:
            try:
                twin = stack.enter_context(self._running(root))
            except UsageError:  # somebody else has taken the port meanwhile
                self._kept = self._at_another_port()
                twin = stack.enter_context(self._running(root))
            play_sample(twin)
            self._kept.started = _state(twin)
            yield twin

    def checkout(self, twin: Twin, path: Path) -> Path:
        """A clone, as `clone_sample` makes it."""
        kept, refs = self._kept.folder / "checkout", twin.store.bare.refs()
        if not self._is_ours(twin):
            return clone_sample(twin, path)
        if self._kept.cloned is None:
            _without_samples(clone_sample(twin, kept) / ".git")
            self._kept.cloned = dict(refs)
        if self._kept.cloned != refs:
            return clone_sample(twin, path)
        copy_folder(kept, path)
        if not self._kept.known:
            self._kept.known.add(_mark(twin, path))
        return path

    def reach(self, project: Project, words: tuple[str, ...], act: Callable[[], None]) -> None:
        """Do what brings a project to another state. From a state that is known that is done once: the same words mean
        that the same is done."""
        before = _mark(project.twin, project.path) if self._is_ours(project.twin) else ""
        if before not in self._kept.known:
            act()
            return
        key, place = (before, *words), Place(project.twin, project.path)
        if key not in self._kept.reached:
            act()
            self._kept.reached[key] = take(place, self._kept.folder / f"reached-{len(self._kept.reached)}")
        restore(place, self._kept.reached[key])
        project.twin.requests.clear()
        self._kept.known.add(_mark(project.twin, project.path))

    def release(self, cli: Cli, project: Project, step: str, version: str) -> None:
        """Bring a project that nobody has touched to where `open_ready` and `run_until` bring it."""
        twin, place = project.twin, Place(project.twin, project.path)
        assert not project.git("status", "--porcelain"), "the checkout has changed; open and run the release instead"
        if self._is_ours(twin):
            assert _state(twin) == self._kept.started, "the twin has changed; open and run the release instead"
        releases = self._kept.releases if self._is_ours(twin) else {}
        if (version, step) not in releases:
            self._walk(cli, project, releases, step, version)
            folder = self._kept.folder / f"{version}-{len(releases)}"
            releases[version, step] = take(place, folder)
        restore(place, releases[version, step])
        twin.requests.clear()
        if self._is_ours(twin):
            self._kept.known.add(_mark(twin, project.path))

    def _walk(
        self, cli: Cli, project: Project, releases: dict[tuple[str, str], Snapshot], step: str, version: str
    ) -> None:
        """Go to a step, from the last state before it that is kept."""
        order = ["", *re.findall(r"<!-- step ([\w-]+)", GUIDE.read_text(encoding="utf-8"))]
        before = [one for one in order[: order.index(step)] if (version, one) in releases]
        if before:
            restore(Place(project.twin, project.path), releases[version, before[-1]])
        else:
            open_ready(cli, project, version)
        if step:
            run_until(cli, step)

    def _is_ours(self, twin: Twin) -> bool:
        return twin.url == f"http://127.0.0.1:{self._kept.port}"

    def _running(self, root: Path) -> AbstractContextManager[Twin]:
        return twin_of(root / f"{NAME}.git", self._build, timing=Timing(), port=self._kept.port)

    def _build(self, path: Path, url: str) -> Store:
        kept = self._kept
        if kept.sample is None:
            store = sample_store(path, url, guide_text=GUIDE.read_text(encoding="utf-8"), additions=True)
            _without_samples(path)
            copy_folder(path, kept.folder / "bare")
            state = {name: value for name, value in vars(store).items() if name not in FIXED}
            kept.sample = (pickle.dumps(state), store.new_id())
        else:
            copy_folder(kept.folder / "bare", path)
            store = Store(NAME, Bare(path))
        state, ids = pickle.loads(kept.sample[0]), kept.sample[1]
        vars(store).update(state)
        store._ids, store.url = count(ids), url
        return store

    def _at_another_port(self) -> _Kept:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        return _Kept(self._folder, _free_port())


def _without_samples(git: Path) -> None:
    """Git's examples of hooks are the greater part of a small repository's files, and nobody needs them."""
    for hook in (git / "hooks").glob("*.sample"):
        hook.unlink()


def _mark(twin: Twin, checkout: Path) -> str:
    """Equal for two moments at which the same command does the same. Empty where that cannot be told."""
    home = Path(os.environ["HOME"])
    if twin.faults.coming or (home.exists() and any(home.iterdir())):
        return ""
    ci = [getattr(twin.simulated_ci, one.name) for one in fields(twin.simulated_ci) if one.name not in PASSING_OF_CI]
    environment = sorted((name, value) for name, value in os.environ.items() if name.startswith(("GH_", "GIT", "CI")))
    content = digest(Place(twin, checkout), frozenset({"rate_limit", "pushes"}), (*PASSING_FILES, "index"))
    staged = subprocess.run(["git", "diff", "--cached", "--name-only"], cwd=checkout, capture_output=True, check=True)
    return hashlib.sha256(repr((content, staged.stdout, ci, environment)).encode()).hexdigest()


def _state(twin: Twin) -> str:
    store = twin.store
    with store.lock:
        state = {name: value for name, value in vars(store).items() if name not in FIXED | {"rate_limit"}}
        return repr((state, store.bare.refs()))


def _free_port() -> int:
    chosen = random.Random(os.getpid())
    while True:
        port = chosen.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
