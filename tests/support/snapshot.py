"""The whole state of a project: GitHub, the remote repository, the checkout. Taken and put back.

What a command had in its memory is gone with it, so this is all that the next command finds.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from fastrel_twin.proxy import Proxy
from fastrel_twin.server import Twin

FIXED = frozenset({"name", "bare", "now", "lock", "url", "_ids"})
"""Attributes of the twin's world that hold no state, or are handled on their own."""
PASSING = frozenset({"rate_limit", "pushes", "users"})
"""State that no later command depends on: what was used up, and when refs were seen, which follows from the refs."""
PASSING_FILES = ("objects", "logs", "hooks", "COMMIT_EDITMSG", "FETCH_HEAD", "ORIG_HEAD", "info")
"""Of a git folder: what nothing is decided by. Objects that no ref names are as good as absent."""


@dataclass(frozen=True, slots=True)
class Place:
    """A twin and a checkout of its sample project."""

    twin: Twin
    checkout: Path


@dataclass(frozen=True, slots=True)
class Scene(Place):
    """A place whose twin is behind a proxy."""

    proxy: Proxy


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment, with copies of both repositories in a folder of its own."""

    folder: Path
    store: bytes
    ids: int


def digest(scene: Place, passing: frozenset[str] = PASSING, passing_files: Collection[str] = PASSING_FILES) -> str:
    """Equal for two moments at which a command that is started finds the same."""
    store = scene.twin.store
    found = hashlib.sha256()
    with store.lock:
        for name, value in sorted(vars(store).items()):
            if name not in FIXED | passing:
                found.update(f"{name}={value!r};".encode())
        refs = {name: ref.sha for name, ref in store.bare.refs().items()}
    found.update(repr(sorted(refs.items())).encode())
    for path, content in _files(scene.checkout, passing_files):
        found.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()


def take(scene: Place, folder: Path) -> Snapshot:
    """Copy everything into a folder that does not exist yet."""
    store = scene.twin.store
    with store.lock:
        state = {name: value for name, value in vars(store).items() if name not in FIXED}
        simulated_ci = (scene.twin.simulated_ci._seen, scene.twin.simulated_ci.attempts)
        copy_folder(scene.twin.bare, folder / "bare")
        _copy_while_it_moves(scene.checkout, folder / "checkout")
        return Snapshot(folder, pickle.dumps((state, simulated_ci)), store.new_id())


def restore(scene: Place, snapshot: Snapshot) -> None:
    """Bring everything back to the state of a snapshot, in the same place and under the same addresses."""
    store = scene.twin.store
    with store.lock:
        state, (seen, attempts) = pickle.loads(snapshot.store)
        for name, value in state.items():
            setattr(store, name, value)
        store._ids = count(snapshot.ids)
        scene.twin.simulated_ci._seen, scene.twin.simulated_ci.attempts = seen, attempts
        _replace(scene.twin.bare, snapshot.folder / "bare")
        store.bare._signature = None
        _replace(scene.checkout, snapshot.folder / "checkout")


def _replace(place: Path, source: Path) -> None:
    """The folder itself stays: a shell may stand in it."""
    for one in place.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()
    copy_folder(source, place)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder with what is in it. Git never changes the file of an object, so copies share those."""
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, copy_function=_copy_file)


def _copy_file(source: str, target: str) -> None:
    if "/objects/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _copy_while_it_moves(source: Path, target: Path) -> None:
    """A copy of a folder in which files may come and go, such as git's locks."""
    for tries in range(5):
        try:
            copy_folder(source, target)
            return
        except shutil.Error:
            shutil.rmtree(target)
            if tries == 4:
                raise


def _files(root: Path, passing: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Paths and contents of what counts in a checkout, in a fixed order."""
    for folder, folders, names in os.walk(root):
        inside = Path(folder).relative_to(root)
        in_git = ".git" in inside.parts
        folders[:] = sorted(one for one in folders if not (in_git and one in PASSING_FILES))
        for name in sorted(names):
            if not (in_git and name in passing):
                try:
                    yield str(inside / name), (Path(folder) / name).read_bytes()
                except FileNotFoundError:
                    continue  # a lock that was just given back
