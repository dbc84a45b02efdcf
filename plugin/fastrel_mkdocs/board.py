"""The table of the releases in progress of many repositories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel.board.board import Attention, Board, Row
from fastrel.report.verdict import Link
from fastrel_mkdocs.elements import append_age, append_link, append_progress, inert


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board, and how it was read: `live`, `cached`, `offline` or `snapshot`."""

    board: Board
    source: str


def board_element(view: BoardView | None) -> Element:
    """What stands in place of a `<!-- board -->` block; without a view, that nothing is known."""
    section = Element("div", {"class": "fastrel-board", "data-search-exclude": "true"})
    if view is None:
        SubElement(section, "p").text = AtomicString("The releases in progress are not known.")
        return section
    board = view.board
    if board.rows:
        _append_table(section, board)
    else:
        SubElement(section, "p").text = AtomicString("No release is in progress.")
    for one in board.troubles:
        note = SubElement(section, "p", {"class": "fastrel-warning", "role": "note"})
        note.text = inert(f"{one.place}: {one.problem}")
    append_age(section, board.at, view.source)
    return section


def _append_table(section: Element, board: Board) -> None:
    table = SubElement(section, "table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for title in ("Repository", "Release", "Progress", "Next", "Due", "Who", "Attention"):
        SubElement(head, "th", {"scope": "col"}).text = AtomicString(title)
    body = SubElement(table, "tbody")
    for row in board.rows:
        line = SubElement(body, "tr")
        SubElement(line, "th", {"scope": "row"}).text = inert(row.repository)
        append_link(SubElement(line, "td"), Link(row.version, row.url))
        what = f"release {row.version} of {row.repository}"
        append_progress(SubElement(line, "td"), row.progress.settled, row.progress.total, what)
        _append_next(SubElement(line, "td"), row)
        _append_due(SubElement(line, "td"), row, board.at)
        SubElement(line, "td").text = inert(", ".join(row.assignees))
        SubElement(line, "td").text = inert(", ".join(_why(one, row, board.at) for one in row.attention))


def _append_next(cell: Element, row: Row) -> None:
    progress = row.progress
    if not progress.next_step:
        cell.text = AtomicString("nothing left" if progress.total else "no steps")
        return
    SubElement(cell, "code").text = inert(progress.next_step)
    if progress.next_phase:
        SubElement(cell, "span", {"class": "fastrel-phase-name"}).text = inert(f" {progress.next_phase}")


def _append_due(cell: Element, row: Row, at: datetime) -> None:
    if row.milestone is None or row.milestone.due is None:
        return
    moment = SubElement(cell, "time", {"datetime": row.milestone.due.isoformat()})
    moment.text = AtomicString(f"{row.milestone.due:%Y-%m-%d}")
    if row.milestone.is_overdue(at):
        cell.set("class", "fastrel-overdue")


def _why(one: Attention, row: Row, at: datetime) -> str:
    if one is Attention.UNVERIFIED:
        return f"{row.progress.unverified} unverified"
    if one is Attention.FINISHED:
        return "all steps done, still open"
    if one is Attention.QUIET and row.updated:
        return f"quiet for {(at - row.updated).days} days"
    return one.value
