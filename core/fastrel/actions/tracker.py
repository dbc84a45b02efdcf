"""Closing the tracker when every step is done or skipped."""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import request
from fastrel.actions.deduplicate import keep_first
from fastrel.actions.questions.prompts import Prompter
from fastrel.github.model import Issue
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, todo

NAMED = 3
"""How many steps that are left are named."""


class CloseTracker(Action):
    name = "tracker.close"
    summary = (
        "Done when the release issue is closed. Comments a summary and closes it, when every other step is done or "
        "skipped."
    )
    last = True

    def check(self, context: Context) -> Verdict:
        tracker = context.tracker
        if tracker is None:
            return blocked("there is no release issue")
        link = Link(f"#{tracker.number}", tracker.url)
        left = _not_done(context.unsettled)
        if tracker.state == "closed":
            return (
                failed(f"closed while {left}", link) if context.unsettled else done("the release issue is closed", link)
            )
        return blocked(left, link) if context.unsettled else todo("all other steps are done or skipped", link)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        return Plan(
            (
                Effect(
                    "comment a summary on the release issue",
                    lambda: _summarise(context, _tracker(context)),
                    calls=(request(context, "POST", f"issues/{_tracker(context).number}/comments"),),
                    public=False,
                ),
                Effect(
                    "close the release issue",
                    lambda: _close(context, _tracker(context)),
                    calls=(request(context, "PATCH", f"issues/{_tracker(context).number}"),),
                    public=False,
                ),
            )
        )


def _not_done(steps: tuple[str, ...]) -> str:
    more = f" and {len(steps) - NAMED} more" if len(steps) > NAMED else ""
    words = "step is" if len(steps) == 1 else "steps are"
    return f"{len(steps)} {words} not done: {', '.join(steps[:NAMED])}{more}"


def _tracker(context: Context) -> Issue:
    assert context.tracker is not None, "planned without a release issue"
    return context.tracker


def _summarise(context: Context, tracker: Issue) -> None:
    marker = f"<!-- fastrel summary {context.release.version} -->"

    def summaries() -> list[int]:
        found = context.repository.issues.comments(tracker.number)
        return [comment.id for comment in found if comment.marked(marker)]

    if summaries():
        return
    steps = sum(1 for _ in context.guide.steps())
    facts = context.repository.facts()
    text = (
        f"Release [{context.release.tag}]({facts.url}/releases/tag/{context.release.tag}) is complete: "
        f"all {steps} steps are done or skipped.\n\n{marker}"
    )
    made = context.repository.issues.comment(tracker.number, text)
    keep_first(
        made.id,
        summaries(),
        lambda: context.repository.issues.delete_comment(made.id),
        words="the summary comment",
        url=made.url,
    )


def _close(context: Context, tracker: Issue) -> None:
    context.repository.issues.change(tracker.number, {"state": "closed", "state_reason": "completed"})
