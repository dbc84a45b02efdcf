"""After the release: said once, in Markdown that holds; the next version; milestones in their rhythm."""

from __future__ import annotations

import re

import pytest

from fastrel_twin.faults import Fault
from fastrel_twin.records import Comment
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, run_until, step_of


@pytest.fixture
def published(project: Project, released_up_to: ReleasedUpTo) -> Project:
    released_up_to("docs-live")
    return project


def posts(twin: Twin) -> list[str]:
    return [one.title for one in twin.store.discussions.values()]


def test_an_announcement_is_posted_once_also_when_its_tick_was_lost(cli: Cli, published: Project, twin: Twin) -> None:
    (discussion,) = twin.store.discussions.values()
    made = cli("run", "announce-discussion", "--yes")
    assert made.code == 0, made.err
    twin.store.issues[38].body = twin.store.issues[38].body.replace(
        "[x] Announce the release in its", "[ ] Announce the release in its"
    )
    assert cli("run", "announce-discussion", "--yes").code == 0
    assert len(discussion.comments) == 1
    before = posts(twin)
    made = cli("run", "announce-forum", "--yes")
    assert made.code == 0, made.err
    assert cli("run", "announce-forum", "--yes").code == 0
    assert posts(twin) == [*before, "Fast-LLM 0.2.0 is released"]


@pytest.mark.parametrize("number", range(6))
def test_whichever_answer_is_lost_nothing_is_said_twice(cli: Cli, published: Project, twin: Twin, number: int) -> None:
    """Each of the first GraphQL requests of the step, in turn, is applied and its answer lost."""
    twin.faults.add(Fault("POST", "/api/graphql", 502, applied=True, after=number))
    cli("run", "announce-discussion", "announce-forum", "--yes")
    twin.faults.coming.clear()
    again = cli("run", "announce-discussion", "announce-forum", "--yes")
    assert again.code == 0, again.err
    assert sum(len(one.comments) for one in twin.store.discussions.values()) == 1
    assert len(posts(twin)) == 2


TITLE = "Fast-LLM 0.2.0 is released"


@pytest.mark.parametrize("author", ["mia", "carl"])
def test_a_post_by_hand_with_the_same_title_is_the_announcement(
    cli: Cli, published: Project, twin: Twin, author: str
) -> None:
    assert cli("run", "announce-discussion", "--yes").code == 0
    made = twin.store.add_discussion(TITLE, "In my own words.", author, "Announcements")
    step = step_of(cli, "announce-forum")
    assert (step["status"], step["summary"]) == ("done", f"announced in Announcements: {TITLE}")
    assert step["links"] == [
        {"text": "announcement", "url": f"{twin.url}/ServiceNow/Fast-LLM/discussions/{made.number}"}
    ]
    run_until(cli, "announce-forum")
    assert posts(twin).count(TITLE) == 1


@pytest.mark.parametrize(
    ("title", "author", "category"),
    [
        (TITLE, "stranger", "Announcements"),
        (TITLE, "rae", "Announcements"),  # has contributed, and may read only
        (TITLE, "tom", "Announcements"),
        (TITLE, "mia", "General"),
        ("Fast-LLM 0.1.0 is released", "mia", "Announcements"),
    ],
)
def test_another_post_is_not_the_announcement(
    cli: Cli, published: Project, twin: Twin, title: str, author: str, category: str
) -> None:
    assert cli("run", "announce-discussion", "--yes").code == 0
    twin.store.add_discussion(title, "", author, category)
    assert step_of(cli, "announce-forum")["summary"] == "nothing is announced in Announcements"


def test_a_title_without_the_version_and_the_releases_own_discussion_are_no_announcement(
    cli: Cli, published: Project, twin: Twin
) -> None:
    assert cli("run", "announce-discussion", "--yes").code == 0
    published.change_guide("    # Fast-LLM {{ version }} is released", "    # {{ tag }}")
    assert posts(twin) == ["v0.2.0"]
    assert step_of(cli, "announce-forum")["status"] == "todo"
    published.change_guide("    # {{ tag }}", "    # A new version")
    twin.store.add_discussion("A new version", "", "mia", "Announcements")
    assert step_of(cli, "announce-forum")["status"] == "todo"


@pytest.mark.parametrize(("author", "status"), [("carl", "done"), ("rae", "todo"), ("stranger", "todo")])
def test_a_comment_by_hand_with_the_same_text_is_the_announcement(
    cli: Cli, published: Project, twin: Twin, author: str, status: str
) -> None:
    (discussion,) = twin.store.discussions.values()
    text = (
        "Version 0.2.0 is out. The Docker image is `ghcr.io/servicenow/fast-llm:0.2.0`.\r\n\r\n"
        "Questions and first impressions are welcome here. Please report bugs as issues.\r\n"
    )
    discussion.comments.append(Comment(twin.store.new_id(), author, text, twin.store.now()))
    assert step_of(cli, "announce-discussion")["status"] == status


def test_what_somebody_posted_already_by_hand_can_be_skipped_with_the_reason(
    cli: Cli, published: Project, twin: Twin
) -> None:
    assert cli("skip", "announce-forum", "--reason", "Posted by hand: #40").code == 0
    assert step_of(cli, "announce-forum")["status"] == "skipped"
    run_until(cli, "announce-forum")
    assert len(posts(twin)) == 1


def test_templates_are_markdown_with_the_values_of_the_release(cli: Cli, published: Project, twin: Twin) -> None:
    published.change_guide(
        "    Version {{ version }} is out.",
        "    ## {{ tag }}\n\n    | from | to |\n    |---|---|\n    | {{ previous_tag }} | `{{ tag }}` |\n\n"
        "    1. **bold** & <sub>html</sub>\n\n    Version {{ version }} is out.",
    )
    dry = cli("run", "announce-discussion", "--dry-run")
    assert "would comment on the release's discussion\n        ## v0.2.0\n" in dry.out
    run_until(cli, "announce-discussion")
    (comment,) = next(iter(twin.store.discussions.values())).comments
    assert comment.body.startswith(
        "## v0.2.0\n\n| from | to |\n|---|---|\n| v0.1.0 | `v0.2.0` |\n\n1. **bold** & <sub>html</sub>\n\nVersion 0.2.0 is out."
    )
    assert "/releases/tag/v0.2.0" in comment.body


def test_an_unknown_category_of_the_forum_is_said_before_anything_is_posted(
    cli: Cli, published: Project, twin: Twin
) -> None:
    published.change_guide("uses=discussion.forum", 'uses=discussion.forum category="News"')
    step = step_of(cli, "announce-forum")
    assert (step["status"], step["summary"]) == ("failed", "there is no discussion category “News”")
    stopped = cli("run", "--yes", "--interval", "0.05")
    assert stopped.code == 2
    assert "There is no discussion category “News”; there are: Announcements," in stopped.err
    assert not next(iter(twin.store.discussions.values())).comments


def test_the_next_development_version_comes_after_the_release(cli: Cli, published: Project, twin: Twin) -> None:
    said = "fast_llm/__init__.py and setup.cfg say 0.2.0 in the checkout"
    assert step_of(cli, "next-dev-version")["summary"] == said
    run_until(cli, "commit-next")
    head = twin.store.bare.commit(twin.store.bare.resolve("main"))
    assert head.message == "Start development on version 0.2.1"
    files = twin.store.bare.git("show", "--name-only", "--format=", "main").split()
    assert files == ["fast_llm/__init__.py", "setup.cfg"]


def test_a_milestone_with_open_issues_is_not_closed(cli: Cli, published: Project, twin: Twin) -> None:
    """Nothing open, the rest moved on (jamuluswebsite#1044)."""
    run_until(cli, "commit-next")
    late = twin.store.add_issue("Late", "carl", milestone=2)
    stopped = cli("run", "close-milestone", "--yes")
    assert stopped.code != 0
    assert twin.store.milestones[2].state == "open"
    assert "Step close-milestone is blocked: after milestone-issues." in stopped.err
    twin.store.close(late)
    assert cli("run", "close-milestone", "--yes").code == 0
    assert twin.store.milestones[2].state == "closed"


def test_the_last_step_sums_up_and_closes_once(cli: Cli, published: Project, twin: Twin) -> None:
    run_until(cli, "close-tracker")
    tracker = twin.store.issues[38]
    assert (tracker.state, tracker.state_reason) == ("closed", "completed")
    assert len(tracker.comments) == 1
    assert re.search(
        r"Release \[v0\.2\.0\]\(.*/releases/tag/v0\.2\.0\) is complete: all 25 steps", tracker.comments[0].body
    )
