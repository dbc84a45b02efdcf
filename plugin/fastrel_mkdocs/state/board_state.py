"""The state of a board for a build, as `state` has it of a guide. A module of its own, since few sites have a board and
its imports take long."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastrel.board.board import Board, board_from_json, board_json, board_of
from fastrel.board.fetch import open_issues
from fastrel.errors import FastrelError
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import Connection
from fastrel_mkdocs.html.board import BoardView
from fastrel_mkdocs.state.background import MAX_WAIT
from fastrel_mkdocs.state.cache import keep, read_kept


@dataclass(frozen=True, slots=True)
class FoundBoard:
    """A board, and what went wrong on the way to it."""

    view: BoardView | None
    problem: FastrelError | None = None


def state_of_board(
    places: Sequence[str], label: str, connection: Connection | None, cache: Path, ttl: timedelta
) -> FoundBoard:
    """The releases in progress of many repositories, read and kept in the way of `state_of`."""
    key = hashlib.sha256("\0".join([label, *places]).encode()).hexdigest()[:16]
    file = cache / f"board-{key}.json"
    if connection is None:
        return FoundBoard(kept_board(file, "offline"))
    kept = kept_board(file, "cached")
    if kept and timedelta() <= datetime.now(UTC) - kept.board.at < ttl:  # not one of the future: a clock was wrong
        return FoundBoard(kept)
    try:
        board = _ask_board(places, label, connection, file.with_suffix(".answers"))
    except FastrelError as error:
        return FoundBoard(kept, error)
    keep(file, board_json(board))
    return FoundBoard(BoardView(board, "live"))


def _ask_board(places: Sequence[str], label: str, connection: Connection, answers: Path) -> Board:
    client = Client(connection.api_url, connection.token, max_wait=MAX_WAIT)
    client.keep_answers(read_kept(answers))
    found = open_issues(client, places, label)
    keep(answers, client.kept_answers())
    return board_of(found, places, datetime.now(UTC), client.requests)


def kept_board(file: Path, source: str = "snapshot") -> BoardView | None:
    """The board of a file; None when it holds none."""
    try:
        return BoardView(board_from_json(read_kept(file)), source)
    except FastrelError:
        return None
