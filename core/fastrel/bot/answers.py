"""The text of an answer: what was done, how the steps stand, what comes next. All foreign text in it is inert. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel.bot.commands import Command
from fastrel.bot.pending import RunId, marker
from fastrel.errors import FastrelError, WorkRemains
from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status
from fastrel.running.reporter import Outcome, Walked
from fastrel.text.plain import plain
from fastrel.tracker.body import LIMIT, length
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url, shorten

if TYPE_CHECKING:
    from jinja2 import Template

SIGNS = {
    Status.DONE: "✅",
    Status.TODO: "🔵",
    Status.WAITING: "⏳",
    Status.FAILED: "❌",
    Status.MANUAL: "🟣",
    Status.BLOCKED: "⚪",
    Status.SKIPPED: "➖",
    Status.UNKNOWN: "❔",
}
_SHOWN = 40
"""Steps that one answer lists."""
_EFFECTS = 10
"""Effects that are listed of one step."""
_LINE = 400
"""Characters of a line of foreign text."""
_LINES = 30
"""Lines of an error."""
_LOGS = (20_000, 2_000, 0)
"""Characters of the log that are written; fewer where the answer would not fit into a comment."""
_TYPED = re.compile(r"fastrel-checklist (run|tick|untick|skip|status)\b(.*)")


@dataclass(frozen=True, slots=True)
class Row:
    """A step as an answer shows it."""

    id: str
    title: str
    status: Status
    summary: str
    links: tuple[tuple[str, str], ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        return SIGNS[self.status]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one command."""

    command: Command
    said: str = ""
    steps: tuple[Row, ...] = ()
    left_out: int = 0
    decisions: tuple[Row, ...] = ()
    """Steps that wait for a decision which the person may make."""
    error: FastrelError | None = None
    log: str = ""
    help: bool = False
    changed: bool = False
    """Whether something was, or may have been, changed."""

    @property
    def kind(self) -> str:
        return "Stopped" if isinstance(self.error, WorkRemains) else "Error"


def of_run(command: Command, outcome: Outcome, log: str) -> Result:
    """What a run did: the steps that it worked on, and those that wait for a person."""
    walked = {one.step_id: one for one in outcome.walked}
    touched = [one for one in outcome.report.steps if one.step.id in walked and _touched(one, outcome, command)]
    rows = [_row(one, walked[one.step.id].effects) for one in touched]
    waiting = [one for one in outcome.report.steps if one.step.id in walked and _waits_for_a_person(one, outcome)]
    return Result(
        command,
        progress(outcome.report),
        tuple(rows[:_SHOWN]),
        max(len(rows) - _SHOWN, 0),
        tuple(map(_row, waiting[:_SHOWN])),
        outcome.stopped,
        log,
        changed=True,
    )


def of_report(command: Command, report: Report, *, only: str = "") -> Result:
    """How the steps stand: those that are not settled, or a single one."""
    chosen = [report.of(only)] if only else [one for one in report.steps if not one.status.settled]
    rows = tuple(_row(one) for one in chosen[:_SHOWN])
    said = progress(report)
    if only and report.of(only).unverified:
        said = f"The tick is kept and marked as unverified: GitHub does not show it. {said}"
    return Result(command, said, rows, max(len(chosen) - _SHOWN, 0), changed=bool(only))


def progress(report: Report) -> str:
    """One line about the whole release."""
    steps = f"{report.settled} of {len(report.steps)} steps are done or skipped."
    following = f" Next: `{report.next.step.id}` ({report.next.status})." if report.next else ""
    return f"Release {report.release.version}: {steps}{following}"


def claim_body(comment: int, author: str, run: RunId) -> str:
    """What stands in the place of an answer while the commands are executed."""
    return f"{marker(comment, run)}\nWorking on what {code_span(author)} asked for."


def answer_body(comment: int, author: str, results: Sequence[Result]) -> str:
    """The answer to a comment; shortened as far as GitHub's limit asks for."""
    for room in _LOGS:
        body = rendered(marker(comment), author, results, room)
        if length(body) < LIMIT:
            return body
    return f"{marker(comment)}\nThe answer is too long for a comment; the log of the workflow has it."


def rendered(head: str, author: str, results: Sequence[Result], room: int = _LOGS[0]) -> str:
    """The answers to several commands, below a first line."""
    shown = [_with_log(one, room) for one in results]
    text = _template().render(marker=head, author=author, results=shown, help=_help())
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def words(text: str) -> str:
    """Our own words with foreign text in them: `code` stays code, with commands as they are typed in a thread; further
    lines become a list."""
    lines = [_inert(one.strip().removeprefix("- ")) for one in text.splitlines()[:_LINES] if one.strip()]
    return "\n".join([lines[0], "", *(f"- {one}" for one in lines[1:])]) if len(lines) > 1 else "".join(lines)


def fenced(text: str) -> str:
    """Text as a block of code that it cannot end, without invisible and direction-changing characters."""
    text = plain(text)
    longest = max((len(one) for one in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def _touched(one: StepReport, outcome: Outcome, command: Command) -> bool:
    walked = _walked(one, outcome)
    return bool(command.steps or walked.effects or walked.before is not walked.after)


def _waits_for_a_person(one: StepReport, outcome: Outcome) -> bool:
    """Whether a tick is what the step lacks: it needs a decision, or to be confirmed."""
    walked = _walked(one, outcome)
    confirm = bool(one.step.confirm and (walked.undecided or walked.effects) and not one.status.settled)
    return one.status is Status.MANUAL or confirm


def _walked(one: StepReport, outcome: Outcome) -> Walked:
    return next(each for each in outcome.walked if each.step_id == one.step.id)


def _row(one: StepReport, effects: Sequence[str] = ()) -> Row:
    shown = [shorten(effect, _LINE) for effect in effects[:_EFFECTS]]
    more = len(effects) - len(shown)
    shown += [f"and {more} more like these"] if more > 0 else []
    links = tuple((link.text, link.url) for link in one.verdict.links[:3])
    summary = shorten(one.verdict.summary, _LINE)
    return Row(one.step.id, shorten(one.title, _LINE), one.status, summary, links, tuple(shown))


def _inert(line: str) -> str:
    # Every second piece stands between backticks; both kinds are made inert, so it does not matter who typed them.
    pieces = shorten(line, _LINE).split("`")
    return "".join(
        code_span(_in_thread(piece), 300) if number % 2 else _outside(piece) for number, piece in enumerate(pieces)
    )


def _outside(piece: str) -> str:
    """Text outside of code, the spaces around it kept."""
    inside = escape_inline(piece)
    before = " " if inside and piece[:1].isspace() else ""
    behind = " " if piece[-1:].isspace() else ""
    return f"{before}{inside}{behind}"


def _in_thread(typed: str) -> str:
    """A command of the terminal as it is typed in a thread: without the version, which the tracker has."""
    found = _TYPED.fullmatch(typed)
    if found is None:
        return typed
    rest = [one for one in found[2].split() if not re.match(r"v?\d+\.\d", one) and one != "--reason"]
    return " ".join([f"/{found[1]}", *rest])


def _with_log(one: Result, room: int) -> Result:
    if len(one.log) <= room:
        return one
    return replace(one, log=f"…\n{one.log[-room:]}" if room else "")


def _linked(text: str, url: str) -> str:
    label, address = escape_inline(text, 100), safe_url(url)
    return f"[{label or 'link'}]({address})" if address else label


@cache
def _help() -> str:
    return (Path(__file__).parent / "help.md").read_text(encoding="utf-8").strip()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters["line"] = lambda text: _inert(one_line(text))
    environment.filters["code"] = lambda text: code_span(text, 200)
    environment.filters["linked"] = _linked
    environment.filters["words"] = words
    environment.filters["fenced"] = fenced
    return environment.from_string((Path(__file__).parent / "answer.md.j2").read_text(encoding="utf-8"))
