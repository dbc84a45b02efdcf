"""Which task items of a page are steps: those between checklist comments, or all of a page without any."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel.guide.attributes import Attributes, parse_attributes
from fastrel.guide.outline import Comment, Item, Outline
from fastrel.nearest import nearest

Finding = tuple[int, str, str]
"""What is wrong: the 0-based line, the message, the suggestion."""
WORDS = ("step", "checklist", "/checklist")


@dataclass(slots=True)
class Block:
    """A checklist block: the lines between its comments, and the defaults of its steps."""

    start: int
    end: int
    defaults: Attributes
    line: int
    """The line of its opening comment."""


def blocks_of(page: Outline) -> tuple[list[Block], list[Finding]]:
    """The blocks of a page in order, and what is wrong with their comments."""
    blocks: list[Block] = []
    findings: list[Finding] = []
    current: Block | None = None
    for comment in page.comments:
        if comment.word == "checklist":
            if current:
                findings.append((comment.line, "a checklist block inside another", "close the first one before"))
                continue
            defaults = parse_attributes(comment.inside.removeprefix("checklist"))
            current = Block(comment.end, len(page.lines), defaults, comment.line)
            blocks.append(current)
        elif comment.word == "/checklist":
            if not current:
                findings.append((comment.line, "<!-- /checklist --> closes no block", "add <!-- checklist --> above"))
                continue
            current.end = comment.line
            current = None
    if current:
        findings.append((current.line, "checklist block is never closed", "add <!-- /checklist --> below its list"))
    return blocks, findings


def step_items(page: Outline, blocks: list[Block]) -> list[tuple[Item, Block | None]]:
    """The task items that are steps: those in blocks, or all of a page without any block."""
    tasks = [item for item in page.items if item.task]
    if not blocks:
        return [(item, None) for item in tasks]
    found: list[tuple[Item, Block | None]] = []
    position = 0
    for item in tasks:
        while position < len(blocks) and blocks[position].end <= item.start:
            position += 1
        if position < len(blocks) and blocks[position].start <= item.start:
            found.append((item, blocks[position]))
    return found


def step_comment(item: Item) -> Comment | None:
    """The item's `<!-- step ... -->`, the first one."""
    return next((one for one in item.comments if one.word == "step"), None)


def stray_comments(page: Outline, blocks: list[Block], items: list[tuple[Item, Block | None]]) -> list[Finding]:
    """Comments that look like ours and have no effect."""
    findings = [
        (line, f"the comment <!-- {word} … is never closed", "end it with -->, on the same line")
        for line, word in page.unclosed
    ]
    steps = {id(item) for item, _ in items}
    for item in page.items:
        for comment in item.comments:
            finding = _misplaced(comment, item, is_step=id(item) in steps, has_blocks=bool(blocks)) or _misspelt(comment)
            if finding:
                findings.append((comment.line, *finding))
    for comment in page.comments:
        found = _misspelt(comment)
        if comment.word == "step":
            found = ("a step comment outside of a task item", "put it behind the text of a `- [ ]` item")
        if found:
            findings.append((comment.line, *found))
    return findings


def _misplaced(comment: Comment, item: Item, *, is_step: bool, has_blocks: bool) -> tuple[str, str] | None:
    if comment.word != "step":
        return None
    if not is_step:
        where = "outside of a checklist block" if item.task else "in an item without a box"
        return f"a step comment {where}", "put it behind the text of a `- [ ]` item in a block"
    if comment is not step_comment(item):
        return "a second step comment in one item", "remove one"
    if not has_blocks:
        return (
            "a step comment outside a checklist block: the page has none",
            "put <!-- checklist --> above the list and <!-- /checklist --> below",
        )
    return None


def _misspelt(comment: Comment) -> tuple[str, str] | None:
    word = comment.word
    # “stop” is a word that people write; longer words and ones of other alphabets are never meant.
    if word in WORDS or not word.isascii() or len(word) > 15 or word.lower() == "stop":
        return None
    meant = nearest(word.lower(), WORDS, cutoff=0.75)
    if not meant and word.lower().startswith(("step", "check")):
        meant = nearest(word.lower(), WORDS)
    return (f"unknown comment “{word}”", f"did you mean {meant}?") if meant else None
