"""Restores a text that a person has edited and that was not saved, merged with what others wrote since."""

from __future__ import annotations

from fastrel.actions.questions.prompts import Question
from fastrel.text.kept_text import kept_edit
from fastrel.tracker.three_way import merged_text


def edited_earlier(question: Question, now: str) -> str | None:
    """The text that was typed for this question, with what others have changed since; None when there is none."""
    found = kept_edit(question.kept)
    return merged_text(found[0], found[1], now) if found else None
