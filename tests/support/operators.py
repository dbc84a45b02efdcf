"""Operators that take turns: each is a thread that makes its next request when it is told to, so that any interleaving
of their requests can be drawn and repeated.

What an operator reads at the same time in other threads goes with the request that its own thread makes next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from fastrel.github.transport.client import Client

TURNS = 6
"""Turns in a second of an operator's pause."""
PATIENCE = 60
"""Seconds after which an operator that neither asks nor ends is a failure."""


class Operator:
    """Somebody who works with a client of their own."""

    def __init__(self, api_url: str, token: str, work: Callable[[Client], object]) -> None:
        self.result: object = None
        self.error: BaseException | None = None
        self.ended = False
        self._work = work
        self._asks, self._may = threading.Semaphore(0), threading.Semaphore(0)
        self._client = Waiting(api_url, token, self)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self._settle()

    def goes_on(self) -> None:
        """Make one request, and all that follows until the next one."""
        if not self.ended:
            self._may.release()
            self._settle()

    def finishes(self) -> None:
        while not self.ended:
            self.goes_on()

    def outcome(self) -> object:
        """What came of the work. Raises its error."""
        self.finishes()
        if self.error:
            raise self.error
        return self.result

    def pauses(self, seconds: float) -> None:
        """Time passes by others having their turns."""
        for _ in range(max(int(seconds * TURNS), 1)):
            self.waits_for_turn()

    def waits_for_turn(self) -> None:
        if threading.current_thread() is self.thread:
            self._asks.release()
            assert self._may.acquire(timeout=PATIENCE)

    def _settle(self) -> None:
        assert self._asks.acquire(timeout=PATIENCE)

    def _run(self) -> None:
        try:
            self.result = self._work(self._client)
        except BaseException as error:
            self.error = error
        self.ended = True
        self._asks.release()


class Waiting(Client):
    """The client of an operator, who has turns for its requests and for its pauses."""

    def __init__(self, api_url: str, token: str, operator: Operator) -> None:
        super().__init__(api_url, token)
        self._operator = operator
        self.pauses = operator.pauses

    def _request(
        self, verb: str, path: str, headers: dict[str, str], body: Mapping[str, object] | None
    ) -> tuple[int, dict[str, str], object]:
        self._operator.waits_for_turn()
        return super()._request(verb, path, headers, body)
