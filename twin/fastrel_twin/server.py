"""Starts and stops the twin."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from fastrel.errors import UsageError
from fastrel_twin.app import Requests, application
from fastrel_twin.bare_repository import Bare
from fastrel_twin.faults import Faults
from fastrel_twin.sample.project import NAME, furnish
from fastrel_twin.sample.repository import build_repository
from fastrel_twin.store import Store
from fastrel_twin.workflows.played_workflows import played_workflows
from fastrel_twin.workflows.simulated_ci import SimulatedCi, Timing

START_TIMEOUT = 20
"""Seconds in which the server must answer."""


class Twin:
    """A running twin: its addresses, its tokens by role, and its store to read and to change."""

    def __init__(self, url: str, store: Store, simulated_ci: SimulatedCi, requests: Requests, *, address: str) -> None:
        self.url = url
        self.address = address
        """Where it listens itself; differs from `url` behind a proxy."""
        self.api_url = f"{url}/api/v3"
        self.clone_url = f"{url}/{store.name}.git"
        self.store = store
        self.simulated_ci = simulated_ci
        self._requests = requests

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """What was asked so far: (method, path with query, status)."""
        return self._requests.log

    @property
    def most_at_once(self) -> int:
        """How many requests were answered at the same time at most."""
        return self._requests.most_in_flight

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._requests.faults

    def delay(self, seconds: float) -> None:
        """Let each answer of the API take this long on its way, as over a network."""
        self._requests.delay = seconds

    @property
    def bare(self) -> Path:
        """The bare repository on disk."""
        return self.store.bare.path

    @property
    def tokens(self) -> dict[str, str]:
        """A token for each role."""
        return {user.role: user.token for user in self.store.users.values() if not user.bot}


@contextmanager
def running_twin(
    root: Path,
    *,
    guide_text: str,
    timing: Timing | None = None,
    clock: Callable[[], float] = time.monotonic,
    port: int = 0,
    public_url: str = "",
    additions: bool = False,
) -> Iterator[Twin]:
    """A twin with the sample project in an empty folder, on 127.0.0.1, stopped at the end. With `additions`, setup.cfg
    states the version, too, and `.github/release.yml` sorts the notes.

    With a proxy in front of it, `public_url` is the address under which people reach it, which its answers then hold.
    """

    def build(path: Path, url: str) -> Store:
        return sample_store(path, url, guide_text=guide_text, additions=additions)

    with twin_of(root / f"{NAME}.git", build, timing=timing, clock=clock, port=port, public_url=public_url) as twin:
        play_sample(twin)
        yield twin


def play_sample(twin: Twin) -> None:
    """Start the sample's workflows by their own triggers."""
    twin.simulated_ci.play(played_workflows(twin.store.bare, "main", "v0.2.0"))
    twin.simulated_ci.image_workflow, twin.simulated_ci.semantic_images = "CI", False


def sample_store(path: Path, url: str, *, guide_text: str, additions: bool = False) -> Store:
    """The sample project, with its bare repository at a path that does not exist yet."""
    marks = build_repository(path, guide_text=guide_text, url=url, additions=additions)
    store = Store(NAME, Bare(path))
    store.url = url
    furnish(store, marks)
    return store


@contextmanager
def twin_of(
    path: Path,
    build: Callable[[Path, str], Store],
    *,
    timing: Timing | None = None,
    clock: Callable[[], float] = time.monotonic,
    port: int = 0,
    public_url: str = "",
) -> Iterator[Twin]:
    """A twin with what `build` makes of a path for the bare repository and the twin's address."""
    # With the protocol named, asyncio switches Nagle's algorithm off, which would cost 40 ms for each answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Port {port} of 127.0.0.1 cannot be used ({error.strerror}).",
            done="Nothing was started.",
            next_step="Leave --port out for a free one, or name another.",
        ) from None
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    url = public_url or address
    store = build(path, url)
    simulated_ci = SimulatedCi(store, timing or Timing(), clock)
    # What is there in the beginning was pushed long ago, except the newest commit, whose CI is still running.
    simulated_ci.observe(at=clock())
    topics = {f"refs/heads/{one.pull.head}" for one in store.issues.values() if one.pull}
    for push in store.pushes:
        if push.ref in topics or not push.ref.startswith("refs/heads/"):
            push.at -= 1_000_000
    requests = Requests()
    try:
        with _serving(listener, application(store, simulated_ci, requests)):
            yield Twin(url, store, simulated_ci, requests, address=address)
    finally:
        store.bare.close()


@contextmanager
def _serving(listener: socket.socket, app: object) -> Iterator[None]:
    configuration = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=60,
    )
    server = _Server(configuration)
    thread = threading.Thread(target=server.run_on, args=(listener,), daemon=True, name="twin")
    thread.start()
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the twin did not start")
        time.sleep(0.001)
    try:
        yield
    finally:
        server.stop()
        thread.join(timeout=10)
        listener.close()


class _Server(uvicorn.Server):
    """A server that ends at once. uvicorn's own looks ten times a second whether it should end, and then waits for all
    answers to be sent."""

    def run_on(self, listener: socket.socket) -> None:
        """Serve until it is stopped."""
        with asyncio.Runner(loop_factory=self.config.get_loop_factory()) as runner:
            runner.run(self._until_stopped(listener))

    def stop(self) -> None:
        """End it, from another thread."""
        self._loop.call_soon_threadsafe(self._serving.cancel)

    async def _until_stopped(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._serving = asyncio.create_task(self.serve(sockets=[listener]))
        with suppress(asyncio.CancelledError):
            await self._serving
        for one in self.servers:
            one.close()
        for connection in list(self.server_state.connections):
            if connection.transport:
                connection.transport.abort()
