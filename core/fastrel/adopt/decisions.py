"""The proposal for each item of a checklist: its action, what the project lacks for it, what a person says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastrel.adopt.findings import Findings
from fastrel.adopt.recognition.committing import RELEASES, commit_of_version
from fastrel.adopt.recognition.recognise import TWO_STEPS, Confidence, Recognised, Surroundings, recognise
from fastrel.adopt.recognition.recognisers import PUBLISHING
from fastrel.adopt.recognition.sentence import read
from fastrel.adopt.recognition.surroundings import surroundings
from fastrel.guide.comments import without_all_comments
from fastrel.guide.outline import Item, Outline
from fastrel.guide.parser import MARKDOWN, SHELLS, place_of, proposed_id

WORDS_OF_ID = 6
COMMANDS = (*SHELLS, "", "console", "shell-session", "fish", "powershell", "cmd", "text")
"""Languages of code blocks that hold commands."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal for one item of the checklist."""

    line: int
    """1-based, in the file as it was."""
    text: str
    step_id: str
    uses: str = ""
    confidence: Confidence | None = None
    parameters: str = ""
    reason: str = ""
    """Why it stays with people although something was recognised."""
    asked: str = ""
    """The publishing action that a person is asked about."""
    kinds: str = ""
    """The kinds of release that the text names, as `if=` has them."""
    confirmed: bool = False
    """Whether a person has agreed to the action; otherwise the guide says that it is proposed."""

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(self.uses.split(",")) if self.uses else ()

    @property
    def publishes(self) -> bool:
        return bool(PUBLISHING.intersection(self.actions))


@dataclass(frozen=True, slots=True)
class Agreement:
    """A person's answers to the proposals."""

    seen: bool = False
    """Whether somebody looks at it before it is written."""
    lines: frozenset[int] = frozenset()
    """Lines of items that may use the publishing actions that were asked about."""
    refused: frozenset[int] = frozenset()
    values: bool = False
    """Whether placeholders for the version become the release's values."""


NOBODY = Agreement()


def proposals_for(
    page: Outline, items: list[Item], findings: Findings, agreement: Agreement, code: Mapping[int, tuple[str, ...]]
) -> tuple[Proposal, ...]:
    """What becomes of each task item."""
    taken: set[str] = set()
    first: list[Proposal] = []
    meant: list[Recognised] = []
    for item in items:
        text = " ".join(without_all_comments(item.text).split())
        around = surroundings(page, item, findings)
        found = _usable(
            recognise(
                text,
                [*(one.content for one in item.fences if one.language in COMMANDS), *code.get(item.start, ())],
                around,
            ),
            item,
            around,
            findings,
        )
        if found.actions and _is_spelled_out(item, [one for one in items if one.parent is item]):
            found = Recognised(reason=f"{found.action} would fit, but the items in it say how it is done")
        meant.append(found)
        first.append(
            Proposal(
                item.start + 1,
                text,
                _id(page, item, taken),
                found.action,
                found.confidence,
                _parameters(found.actions, item, findings),
                found.reason,
                kinds=_kinds(page, text, around, found.actions),
            )
        )
    place = commit_of_version([(one.actions, one.commits, False) for one in meant])
    if place is not None:
        # That the tag follows, which needs the commit, is what makes it certain.
        sure = any("tag.create" in one.actions for one in meant[place:])
        confidence = Confidence.SURE if sure else Confidence.LIKELY
        wanted = Recognised(("version.commit",), confidence, "it commits the version files, and no others")
        found = _usable(wanted, items[place], surroundings(page, items[place], findings), findings)
        first[place] = replace(first[place], uses=found.action, confidence=found.confidence, reason=found.reason)
    return tuple(_agreed(one, agreement) for one in _once_each(first))


_KIND = r"(?:major|minor|patch|bug-?fix)"
_KINDS = rf"{_KIND}(?:(?:,| and| or|,? ?/| &) ?{_KIND})*"
_FOR_KINDS = re.compile(
    rf"(?i)\b(?:only )?(?:for|on|if (?:this|it) is|if it's) (?:an? )?(?P<kinds>{_KINDS}) releases?\b"
    rf"|[(\[](?P<aside>{_KINDS}) releases?(?: only)?[)\]]|[(\[](?P<only>{_KINDS}) only[)\]]"
)
_ABOUT_KINDS = re.compile(
    rf"(?i)\W*(?:only )?(?:(?:for|making|doing|cutting|steps for|releasing) )?(?:an? )?(?:new )?(?P<kinds>{_KINDS})"
    r"(?: version)?(?: releases?)?(?: only)?\W*"
)


def _kinds(page: Outline, text: str, around: Surroundings, actions: tuple[str, ...]) -> str:
    """The kinds of release that an item is for, when it, what stands above it, or the page says so."""
    found = list(_FOR_KINDS.finditer(text))
    # What follows the first sentence tells details: “Two must agree. For a minor release, three.”
    first = bool(found) and re.search(r"[.!?]\s", text[: found[0].start()]) is None
    named = next(filter(None, found[0].groups()), "") if len(found) == 1 and first else ""
    named = named or next((match["kinds"] for one in around.above if (match := _ABOUT_KINDS.fullmatch(one))), "")
    if named:
        kinds = [one.replace("bugfix", "patch").replace("bug-fix", "patch") for one in re.findall(_KIND, named.lower())]
        return ",".join(dict.fromkeys(kinds))
    if any(name.startswith("milestone.") for name in actions):
        whole = "\n".join(page.lines)
        if re.search(r"(?i)\bmilestones? (?:are|is) (?:only )?for (?:major and )?minor releases?", whole):
            return "major,minor"
    return ""


def _is_spelled_out(item: Item, children: list[Item]) -> bool:
    """Whether the task items in an item are its parts, rather than acts of their own."""
    if not children:
        return False
    return item.text.rstrip("*_ ").endswith(":") or any(
        not any(clause.verb for clause in read(one.text).clauses) or recognise(one.text).actions for one in children
    )


def _agreed(one: Proposal, agreement: Agreement) -> Proposal:
    """The proposal as it is written, with what a person has said to it or nobody has."""
    if not one.uses:
        return one
    if one.line in agreement.refused:
        return replace(one, uses="", confidence=None, parameters="", reason=f"{one.uses} was not wanted")
    if not one.publishes:
        return replace(one, confirmed=agreement.seen)
    if one.line in agreement.lines:
        return replace(one, confirmed=True, asked=one.uses)
    if one.confidence is Confidence.SURE:
        return replace(one, asked=one.uses)
    words = f"{one.uses}? Nobody was asked; it is a guess" + (f" ({one.reason})" if one.reason else "")
    return replace(one, uses="", confidence=None, parameters="", reason=words, asked=one.uses)


def _id(page: Outline, item: Item, taken: set[str]) -> str:
    name = "-".join(proposed_id(item).split("-")[:WORDS_OF_ID])
    if name in taken:
        name = "-".join(filter(None, (name, *place_of(page, item).split("-")[:4])))
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique)
    return unique


_VERSIONED = ("version.set", "version.commit", "version.next", "version.commit-next")
_FILE = re.compile(
    r"(?<![\w/])[\w./-]*\w\.(?:py|toml|cfg|json|ya?ml|cff|txt|xml|lock|gradle|properties|hs|rb|go|rs|php|md|rst|sh)\b"
)
_FILE_NAME = re.compile(r"(?<=`)[\w./*-]*[\w*]\.\w{1,8}(?=`)")
_NEEDED: Mapping[str, tuple[str, str]] = {
    "image.available": ("image", "no image was found; set `image:` in the front matter"),
    "site.live": ("site", "no URL of the site was found; set `site:` in the front matter"),
    "release.discussion": ("category", "no category of Discussions was found"),
    "discussion.announce": ("category", "no category of Discussions was found"),
    "discussion.forum": ("category", "no category of Discussions was found"),
    "pulls.labels": ("release_notes", "there is no .github/release.yml that says which labels count"),
    "package.available": ("package", "no workflow publishes a package, and the page names none"),
    **dict.fromkeys(_VERSIONED, ("version_files", "no file states the version")),
}
"""What an action cannot do without: an attribute of the findings, and the words when it is missing."""


def _usable(found: Recognised, item: Item, around: Surroundings, findings: Findings) -> Recognised:
    """What was recognised, unless the project lacks what one of the actions needs."""
    for action in found.actions:
        needed, words = _NEEDED.get(action, ("", ""))
        if needed and not getattr(findings, needed):
            return Recognised(reason=f"{found.action} would fit, but {words}")
        if action.startswith("milestone.") and findings.milestones is False:
            return Recognised(reason=f"{found.action} would fit, but the project has no milestones")
        if action.startswith("version."):
            known = {file.path.rpartition("/")[2] for file in findings.version_files}
            said = "\n".join([item.text, around.below, *around.above])
            others = [name for name in _FILE.findall(said) if name.rpartition("/")[2] not in known]
            if others:
                return Recognised(reason=f"{found.action} would fit, but {others[0]} is not among version_files")
        posts = action in ("discussion.announce", "discussion.forum")
        if posts and not any(one.language in MARKDOWN for one in item.fences):
            return Recognised(reason=f"{found.action} would fit, if the item had a ```markdown block to post")
    if "tag.push" in found.actions and any("--tags" in one.content for one in item.fences):
        return replace(found, reason="pushes the tag of the release only, not all tags")
    return found


def _parameters(actions: tuple[str, ...], item: Item, findings: Findings) -> str:
    if "package.available" in actions and findings.package:
        return f" package={findings.package.value}"
    return f" names={_names(item.text)}" if "release.assets" in actions else ""


def _names(text: str) -> str:
    """The names of the files that a release must have, as the item gives them; any, when it gives none."""
    named = [one.rpartition("/")[2] for one in _FILE_NAME.findall(text)]
    return ",".join(dict.fromkeys(named)) or "*"


def _once_each(proposals: list[Proposal]) -> tuple[Proposal, ...]:
    """Each action once, except those that several items may share; and a release is drafted where it is published by
    another item only."""
    flat = [action for one in proposals for action in one.actions]
    publishes, drafts = "release.publish" in flat, "release.draft" in flat
    seen: set[str] = set()
    changed = ""
    """Which version was set last."""
    kept: list[Proposal] = []
    for one in proposals:
        actions = set(one.actions)
        refusal = ""
        twice = [
            earlier
            for action in one.actions
            for earlier in kept
            if action in earlier.actions and action not in _SHARED and _share_a_kind(earlier, one)
        ]
        if actions == {"version.commit"} and changed == "version.next":
            # What stands before it has set the next version.
            one = replace(one, uses="version.commit-next", confidence=Confidence.LIKELY)
        if actions == {"release.publish"} and not drafts and not _is_drafted_by_others(one, proposals):
            # A person drafts and publishes in one form; done already where a workflow has drafted it.
            one = replace(one, uses="release.draft,release.publish")
        if "release.draft" in actions and not publishes and not re.search(r"(?i)\bdraft", one.text):
            # “Create a release on GitHub” may mean both; a person says so.
            one = replace(one, uses="release.draft,release.publish", confidence=Confidence.LIKELY, reason=TWO_STEPS)
        elif actions & {"release.edit", "release.notes"} and not drafts and "release.draft" not in actions:
            refusal = f"{one.uses} would fit, if an item drafted the release on GitHub"
        elif actions & {"version.set", "version.commit"} and seen & RELEASES and not actions & RELEASES:
            refusal = f"{one.uses} would fit, but the version is released before; is the development version meant?"
        elif actions == {"ci.branch"} and seen & RELEASES:
            refusal = "ci.branch would fit, but it stands behind the tag; are the tag's checks meant?"
        elif twice:
            same = next(action for action in one.actions if action in twice[0].actions)
            refusal = f"line {twice[0].line} is {same} already"
        if refusal:
            one = replace(one, uses="", confidence=None, parameters="", reason=refusal)
        seen.update(one.actions)
        changed = next(
            (action for action in reversed(one.actions) if action in ("version.set", "version.next")), changed
        )
        kept.append(one)
    return tuple(kept)


_DRAFTED = re.compile(
    r"(?i)\bdraft|\b(?:create|make|prepare|add)\b[^.]{0,40}\breleases?\b"
    r"(?! (?:branch|notes?|candidate|issue|pr|tag|email))"
)


def _is_drafted_by_others(one: Proposal, proposals: list[Proposal]) -> bool:
    """Whether the words say that the release is there before it is published: by a button, or by another item."""
    if re.search(r"(?i)\bdraft|\bbutton\b|\b(?:click|press|hit)\b", one.text):
        return True
    return any(_DRAFTED.search(other.text) for other in proposals if other.line != one.line)


def _share_a_kind(one: Proposal, other: Proposal) -> bool:
    """Whether a release may have both steps."""
    kinds = set(one.kinds.split(",")), set(other.kinds.split(","))
    return not one.kinds or not other.kinds or bool(kinds[0] & kinds[1])


_SHARED = frozenset({"version.set", "ci.branch"})
"""Looking at several files, or several checks, is often spelled out in several items."""
