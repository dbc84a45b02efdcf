"""Which action a checklist item means, by its words and its code blocks. Pure.

A wrong action is worse than none: the phrases are narrow, an item that does two things stays with people, and every
proposal says how sure it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fastrel.adopt.recognisers import ALSO, CREATES_RELEASE, OWN_TOOLS, RECOGNISERS, pattern
from fastrel.guide.comments import without_all_comments

LONGEST = 1000
"""Characters of words and of code that are looked at; what an item is about stands in the beginning."""
TWO_STEPS = "it drafts and publishes at once; make two items of it, and both can run"


class Confidence(StrEnum):
    """How sure a proposal is."""

    SURE = "sure"
    """The words say it, and the item's code, where it has some, does not contradict."""
    LIKELY = "likely"
    """Only the words or only the code say it."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an item means: an action and how sure that is, or why it stays with people. All empty: nothing is known."""

    action: str = ""
    confidence: Confidence | None = None
    reason: str = ""


def recognise(text: str, code: Sequence[str] = ()) -> Recognised:
    """What an item with these words and these code blocks means."""
    text = text[:LONGEST]
    words, script = plain_words(text), "\n".join((*code, *re.findall(r"`([^`]+)`", text)))[:LONGEST]
    tool = pattern(OWN_TOOLS).search(f"{words}\n{script}")
    if tool:
        return Recognised(reason=f"{tool[0]} does more than one step by itself")
    if "gh release create" in script and "--draft" not in script:
        return Recognised(reason=TWO_STEPS)
    known = [one for one in RECOGNISERS if not one.is_meant_otherwise(words)]
    spans = {one.action: span for one in known if (span := one.said_in(words))}
    said = [one for one in known if one.action in spans and not spans.keys() & set(one.part_of)]
    in_code = [one for one in known if one.is_in_code(script)]
    actions = list(dict.fromkeys(one.action for one in (*said, *in_code)))
    if len(actions) > 1:
        return Recognised(reason=f"it does several things ({', '.join(actions)}); an item for each could run")
    if not actions:
        creates = any(pattern(one).search(words) for one in CREATES_RELEASE)
        return Recognised("release.draft", Confidence.LIKELY, TWO_STEPS) if creates else Recognised()
    also = _also(words, spans.get(actions[0], (0, 0)))
    if also:
        return Recognised(reason=f"{actions[0]} would fit, but it says “{also}”, too; an item for each could run")
    agree = bool(said) and (bool(in_code) or not "".join(code).strip() or not said[0].code)
    return Recognised(actions[0], Confidence.SURE if agree else Confidence.LIKELY)


def _also(words: str, span: tuple[int, int]) -> str:
    """Another thing to do beside what stands at the span; empty when there is none."""
    for match in re.finditer(rf"(?:\band|\bthen|&|;|,)\s+({pattern(ALSO).pattern})", words):
        if not span[0] <= match.start(1) < span[1]:
            return f"{match[1]} {' '.join(words[match.end() :].split()[:2])}".strip()
    return ""


def plain_words(text: str) -> str:
    """The words of an item in small letters, without Markdown's marks and addresses."""
    text = without_all_comments(text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<?https?://\S+", " ", text)
    text = re.sub(r"[*`~]+|(?<!\w)_(?!_)|(?<!_)_(?!\w)", "", text)
    return " ".join(text.casefold().split()).strip(" .:;")
