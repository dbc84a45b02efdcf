"""Answers given before a run: checked before the first effect, and given in place of a person."""

from __future__ import annotations

from collections.abc import Mapping

from fastrel.actions.action import Context
from fastrel.actions.questions.answers import Answered, require_answer
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.registry import action_of
from fastrel.guide.model import Guide
from fastrel.running.reporter import Options


def require_answers(guide: Guide, contexts: Mapping[str, Context], options: Options) -> None:
    """UsageError when there is no such step, or it does not take that answer."""
    for step, value in options.answers.items():
        context = contexts[guide.step(step).id]
        require_answer(step, value, action_of(context.step).answers(context))


def prompter_of(context: Context, options: Options, prompter: Prompter) -> Prompter:
    """The prompter of a step: what was answered for it beforehand, and otherwise the given one."""
    return Answered(context.step.id, options.answers, action_of(context.step).answers(context), prompter)
