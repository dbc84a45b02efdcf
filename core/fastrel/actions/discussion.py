"""Announcements: a comment in the release's discussion, and a post of its own in the Discussions forum.

The text is the step's own Markdown code block. A hidden marker shows later that it was posted. What people posted by
hand counts, too, when it is the same (the title of a post, the text of a comment) and they have write access.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.actions.action import Action, Context, Effect, Plan, follows
from fastrel.actions.calls import mutation
from fastrel.actions.deduplicate import keep_first
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.release import (
    discussion_before,
    discussion_steps,
    discussion_thread,
    release_entry,
    release_taken_away,
    speaks_for_project,
)
from fastrel.errors import FastrelError
from fastrel.github.issue_history import same_text
from fastrel.github.model import Category, Comment, Discussion
from fastrel.github.role import Role
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, skipped, todo

DEFAULT = "# {{ tag }} is released\n\nVersion {{ version }} of {{ repository }} is out."


class AnnounceInDiscussion(Action):
    name = "discussion.announce"
    summary = (
        "Done when the release's discussion has the announcement, also by hand: the same text, by somebody with write "
        "access. Posts the step's own Markdown code block as a comment. Skipped if the "
        "`release.discussion` step was skipped and the release has no discussion."
    )

    def check(self, context: Context) -> Verdict:
        thread = _thread(context)
        if thread is None:
            reason = _without_discussion(context)
            if reason:
                return skipped(reason)
            return blocked(f"{context.release.tag} has no discussion yet")
        discussion, comments = thread
        found = _announcements(context, comments)
        if found:
            return done(f"announced by {found[0].author}", Link("announcement", found[0].url))
        return todo("the announcement is not posted", Link("discussion", discussion.url))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        body = _body(context)

        def post() -> None:
            thread = _thread(context)
            if thread is None:
                raise FastrelError(f"{context.release.tag} has no discussion.", done="Nothing was posted.")
            if _announcements(context, thread[1]):
                return
            made = context.repository.discussions.comment(thread[0], _signed(context, body))
            _, comments = _thread(context) or thread
            keep_first(
                made.id,
                [one.id for one in _announcements(context, comments)],
                lambda: context.repository.discussions.delete_comment(made),
                words="the announcement",
                url=made.url,
            )

        call = mutation(context, "addDiscussionComment")
        return Plan((Effect("comment on the release's discussion", post, body, calls=(call,)),))

    def taken_away(self, context: Context) -> str:
        entry = release_entry(context)
        return "the announcement in the discussion of the release" if entry else release_taken_away(context)


class AnnounceInForum(Action):
    name = "discussion.forum"
    summary = (
        "Done when the announcement stands in the Discussions category, also by hand: with the same title, by somebody "
        "with write access. Posts the step's own Markdown code block; its first line is the title."
    )
    parameters = {"category": "category of Discussions, instead of `forum_category:` in the front matter"}

    def needed_role(self, context: Context) -> Role:
        return context.repository.discussions.role_for(_category_name(context), context.step.role)

    def check(self, context: Context) -> Verdict:
        category = _category(context)
        if category is None:
            return failed(f"there is no discussion category “{_category_name(context)}”")
        found = _posts(context, category)
        if found:
            return done(f"announced in {category.name}: {found[-1].title}", Link("announcement", found[-1].url))
        return todo(f"nothing is announced in {category.name}")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        title, body = _title(context), _body(context).partition("\n")[2]

        def post() -> None:
            category = _category(context)
            if category is None:
                raise FastrelError(
                    f"There is no discussion category “{_category_name(context)}”.", done="Nothing was posted."
                )
            if _posts(context, category):
                return
            made = context.repository.discussions.create(category, title, _signed(context, body.strip()))
            keep_first(
                made.number,
                [one.number for one in _posts(context, category)],
                lambda: context.repository.discussions.delete(made),
                words="the announcement",
                url=made.url,
            )

        call = mutation(context, "createDiscussion")
        return Plan((Effect(f"post in {_category_name(context)}: “{title}”", post, body.strip(), calls=(call,)),))

    def taken_away(self, context: Context) -> str:
        return f"the announcement in {_category_name(context)}"

    def preconditions(self, context: Context) -> tuple[str, ...]:
        if _category(context):
            return ()
        known = ", ".join(one.name for one in context.repository.discussions.categories()) or "none"
        return (f"There is no discussion category “{_category_name(context)}”; there are: {known}.",)


def _thread(context: Context) -> tuple[Discussion, tuple[Comment, ...]] | None:
    entry = release_entry(context)
    if entry is None or (entry.draft and not entry.discussion_url):
        return None
    before = discussion_before(context, entry)
    if before:
        return context.repository.discussions.thread(before.number)
    return discussion_thread(context, entry) if entry.discussion_url else None


def _without_discussion(context: Context) -> str:
    """Why the release gets no discussion: each step that would start one is skipped. Empty when one may come."""
    reasons = [(step, context.skip(step)) for step in discussion_steps(context)]
    return follows(*reasons[0]) if reasons and all(reason for _, reason in reasons) else ""


def _announcements(context: Context, comments: Sequence[Comment]) -> list[Comment]:
    """The announcements among the comments, oldest first; one, unless something went wrong."""
    body = _body(context)
    return [
        one
        for one in comments
        if one.marked(_marker(context)) or (same_text(one.body, body) and speaks_for_project(context, one))
    ]


def _posts(context: Context, category: Category) -> list[Discussion]:
    """The announcements of this release in a category, newest first; one, unless something went wrong."""
    return [
        one
        for one in context.repository.discussions.newest(category)
        if one.marked(_marker(context)) or (_is_titled(context, one) and speaks_for_project(context, one))
    ]


def _is_titled(context: Context, post: Discussion) -> bool:
    """Whether a post has the title of this release's announcement. One without the version would be that of any
    release, and the release's own discussion is none."""
    title, entry = _title(context), release_entry(context)
    own = entry is not None and entry.discussion_url == post.url
    return post.title.strip() == title and context.release.version in title and not own


def _category_name(context: Context) -> str:
    settings = context.settings
    return context.parameter("category", settings.forum_category or settings.discussion_category)


def _category(context: Context) -> Category | None:
    return context.repository.discussions.category(_category_name(context))


def _body(context: Context) -> str:
    return context.render(context.step.template or DEFAULT).strip()


def _title(context: Context) -> str:
    return _body(context).partition("\n")[0].lstrip("# ").strip() or f"{context.release.tag} is released"


def _signed(context: Context, body: str) -> str:
    entry = release_entry(context)
    link = f"\n\n{entry.url}" if entry and entry.url not in body else ""
    return f"{body}{link}\n\n{_marker(context)}"


def _marker(context: Context) -> str:
    return f"<!-- fastrel {context.step.id} {context.release.version} -->"
