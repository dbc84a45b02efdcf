"""What the model of a release plays with: its guide, the person who runs it, and what others do meanwhile."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastrel.actions.questions.edited_text import edited_earlier
from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.actions.questions.prompts import Brought, Question
from fastrel.text.kept_text import keep_edit
from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.records import CommitStatus, Issue, Release
from fastrel_twin.store import Store

GUIDE = """---
fastrel:
  repository: ServiceNow/Fast-LLM
  branch: main
  version_files: [fast_llm/__init__.py, setup.cfg]
  discussion_category: Announcements
---
# Release

## 1. Get ready
<!-- checklist -->
- [ ] Issues <!-- step issues uses=milestone.issues -->
- [ ] Pull requests <!-- step pulls uses=milestone.pulls -->
- [ ] Bugs <!-- step bugs uses=bugs.decide -->
- [ ] CI <!-- step ci uses=ci.branch -->
<!-- /checklist -->

## 2. Version
<!-- checklist -->
- [ ] Set <!-- step set uses=version.set -->
- [ ] Commit <!-- step commit uses=version.commit -->
<!-- /checklist -->

## 3. Tag
<!-- checklist role=maintain -->
- [ ] Create <!-- step create uses=tag.create -->
- [ ] Push <!-- step push uses=tag.push -->
- [ ] Draft <!-- step draft uses=release.draft -->
- [ ] Notes <!-- step notes uses=release.notes -->
- [ ] Edit <!-- step edit uses=release.edit -->
- [ ] Discussion <!-- step discussion uses=release.discussion -->
- [ ] Publish <!-- step publish uses=release.publish -->
<!-- /checklist -->

## 4. After
<!-- checklist role=maintain -->
- [ ] Announce <!-- step announce uses=discussion.announce -->

    ```markdown
    {{ version }} is out.
    ```

- [ ] Post <!-- step forum uses=discussion.forum -->

    ```markdown
    # Fast-LLM {{ version }} is released

    It is out.
    ```

- [ ] Next version <!-- step next uses=version.next -->
- [ ] Commit next <!-- step commit-next uses=version.commit-next -->
- [ ] Close milestone <!-- step close-milestone uses=milestone.close -->
- [ ] Next milestone <!-- step next-milestone uses=milestone.next -->
- [ ] Close <!-- step close uses=tracker.close -->
<!-- /checklist -->
"""
STEPS = tuple(re.findall(r"<!-- step ([\w-]+)", GUIDE))
VERSIONS = ("0.2.0", "0.1.1", "0.2.0-rc.1")
FAULTS = (
    "bad gateway",
    "server error",
    "not found",
    "missing scope",
    "bad credentials",
    "refused as invalid",
    "conflict",
)
PLACES = (
    ("PATCH", "/releases/"),
    ("POST", "/releases"),
    ("PATCH", "/issues/"),
    ("POST", "/issues/"),
    ("PATCH", "/milestones/"),
    ("POST", "/milestones"),
    ("POST", "/graphql"),
    ("GET", "/issues"),
    ("GET", "/releases"),
    ("GET", "/git/"),
)
EFFECTS = (
    ("issues", "PATCH", "/issues/", ""),
    ("pulls", "PATCH", "/issues/", ""),
    ("draft", "POST", "/releases", ""),
    ("notes", "POST", "/generate-notes", ""),
    ("notes", "PATCH", "/releases/", ""),
    ("edit", "PATCH", "/releases/", ""),
    ("publish", "PATCH", "/releases/", ""),
    ("announce", "POST", "/graphql", "addDiscussionComment"),
    ("forum", "POST", "/graphql", "createDiscussion"),
    ("close-milestone", "PATCH", "/milestones/", ""),
    ("next-milestone", "PATCH", "/milestones/", ""),
    ("close", "POST", "/comments", ""),
    ("close", "PATCH", "/issues/", ""),
)
"""The requests by which steps change something: step, method, path, and a part of the body."""
NOTES = "Our notes."


class Person(NonInteractive):
    """Somebody who decides everything and writes notes: into a file beforehand, or in an editor when asked."""

    def __init__(self, *, in_editor: bool) -> None:
        super().__init__({"open-issue": "defer", "open-pull": "defer", "open-bugs": "ship"})
        self.in_editor = in_editor

    def are_there(self) -> bool:
        return self.in_editor

    def answer(self, question: Question) -> str:
        return question.default or "known and harmless"

    def edit(self, question: Question, text: str) -> str:
        """As at a terminal: what was typed is kept at once, and gone on with when it was not saved."""
        earlier = edited_earlier(question, text)
        if earlier is not None:
            return earlier
        if NOTES in text:
            return text
        edited = f"{NOTES}\n\n{text}"
        assert question.kept
        keep_edit(question.kept, text, edited)
        return edited

    def brought(self, question: Question) -> Brought | None:
        return None if self.in_editor else Brought(NOTES)


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody else does."""

    happens: Callable[[Store], object]
    undoes: frozenset[str] = frozenset()
    """The steps that are not done any more after it."""
    shows: str = ""
    """A part of the path of a read that shows it."""


def _red(store: Store) -> None:
    sha = store.bare.resolve("main")
    store.statuses.append(CommitStatus(store.new_id(), sha, "jenkins", "failure", "ada", store.now()))


def tracker_of(store: Store) -> Issue:
    return next(one for one in store.issues.values() if "release" in one.labels)


def release_of(store: Store, version: str) -> Release | None:
    return next((one for one in store.releases.values() if one.tag == f"v{version}"), None)


EVENTS: Mapping[str, Event] = {
    "an issue comes into the milestone": Event(
        lambda store: store.add_issue("One more", "rae", milestone=2), frozenset({"issues"}), "/issues?milestone=2&"
    ),
    "a bug comes": Event(lambda store: store.add_issue("It crashes", "rae", labels=["bug"]), frozenset({"bugs"})),
    "a check turns red": Event(_red, frozenset({"ci"})),
}
"""What may happen between two requests of a run, by name."""


def during(method: str, after: int, meanwhile: Callable[[], object], path: str = "/api/") -> Fault:
    """That something happens just before a request of a run, which itself goes well."""
    return Fault(method, path, wrong=Wrong.NOTHING, after=after, meanwhile=meanwhile)


def click(body: str, step: str, *, ticked: bool) -> str:
    """The body of the release issue after somebody has clicked the box of a step."""
    old, new = ("[ ]", "[x]") if ticked else ("[x]", "[ ]")
    return "\n".join(
        line.replace(f"- {old}", f"- {new}", 1) if f"<!-- step {step} -->" in line else line
        for line in body.split("\n")
    )


def steady(words: str) -> str:
    """The words of an effect without what a dry run cannot know, which are commits to come."""
    return re.sub(r" [0-9a-f]{7}\b", "", words)


def restore(environment: dict[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
