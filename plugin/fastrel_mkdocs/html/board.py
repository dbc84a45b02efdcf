"""The table of the releases in progress of many repositories; on a phone its rows become cards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

from fastrel.board.board import Attention, Board, Row
from fastrel.report.verdict import Link
from fastrel_mkdocs.html.parts import append_age, append_date, append_link, append_progress, append_text, inert
from fastrel_mkdocs.words import Words

COLUMNS = ("repository", "attention", "release", "progress", "next", "due", "who")


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board, and how it was read: `live`, `cached`, `offline` or `snapshot`."""

    board: Board
    source: str
    snapshot: str = ""
    """Where the browser reads a newer one; empty: nowhere."""


def board_element(view: BoardView | None, words: Words) -> Element:
    """What stands in place of a `<!-- board -->` block; without a view, that nothing is known."""
    section = Element("div", {"class": "fastrel-board", "data-search-exclude": "true"})
    translated = words.for_script()
    if translated:
        section.set("data-fastrel-words", json.dumps(translated, ensure_ascii=False))
    if view is None:
        SubElement(section, "p").text = inert(words("no_board"))
        return section
    if view.snapshot:
        section.set("data-fastrel-snapshot", inert(view.snapshot))
        section.set("data-fastrel-at", view.board.at.isoformat(timespec="seconds"))
    board = view.board
    none = SubElement(section, "p", {"class": "fastrel-none"})
    none.text = inert(words("empty_board"))
    if board.rows:
        none.set("hidden", "hidden")
    _append_table(section, board, words)
    for one in board.troubles:
        note = SubElement(section, "p", {"class": "fastrel-warning", "role": "note"})
        note.text = inert(f"{one.place}: {one.problem}")
    append_age(section, board.at, view.source, words)
    return section


def _append_table(section: Element, board: Board, words: Words) -> None:
    table = SubElement(section, "table", {} if board.rows else {"hidden": "hidden"})
    head = SubElement(SubElement(table, "thead"), "tr")
    for name in COLUMNS:
        SubElement(head, "th", {"scope": "col"}).text = inert(words(f"col_{name}"))
    body = SubElement(table, "tbody")
    for row in board.rows:
        _append_row(body, row, board.at, words)


def _append_row(body: Element, row: Row, at: datetime, words: Words) -> None:
    line = SubElement(body, "tr")
    name = SubElement(line, "th", {"scope": "row"})
    owner, slash, repository = row.repository.partition("/")
    SubElement(name, "span", {"class": "fastrel-quiet"}).text = inert(f"{owner}{slash}")
    SubElement(name, "wbr")
    append_text(name, repository)
    cells = {
        one: SubElement(line, "td", {"data-label": inert(words(f"col_{one}")), "class": f"fastrel-col-{one}"})
        for one in COLUMNS[1:]
    }
    for number, reason in enumerate(row.attention):
        append_text(cells["attention"], " " if number else "")
        chip = SubElement(cells["attention"], "span", {"class": f"fastrel-chip fastrel-why-{reason.value}"})
        chip.text = inert(_why(reason, row, at, words))
    append_link(cells["release"], Link(row.name, row.url))
    what = words("progress_release", version=row.name, repository=row.repository)
    append_progress(cells["progress"], row.progress.settled, row.progress.total, what, words)
    _append_next(cells["next"], row, words)
    if row.milestone and row.milestone.due:
        append_date(cells["due"], row.milestone.due)
        if row.milestone.is_overdue(at):
            cells["due"].set("class", "fastrel-col-due fastrel-overdue")
    cells["who"].text = inert(", ".join(row.assignees))


def _append_next(cell: Element, row: Row, words: Words) -> None:
    progress = row.progress
    if not progress.next_step:
        cell.text = inert(words("nothing_left" if progress.total else "no_steps"))
        return
    SubElement(cell, "code").text = inert(progress.next_step)
    if progress.next_phase:
        SubElement(cell, "span", {"class": "fastrel-phase-name"}).text = inert(f" {progress.next_phase}")


def _why(one: Attention, row: Row, at: datetime, words: Words) -> str:
    if one is Attention.UNVERIFIED:
        return words.number("a_unverified_one", "a_unverified", row.progress.unverified)
    if one is Attention.QUIET and row.updated:
        return words("a_quiet", count=(at - row.updated).days)
    return words(f"a_{one.value}")
