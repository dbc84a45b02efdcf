"""Which action a checklist item means, by its words and its code blocks. Pure; a table, the more particular rows first.

A wrong action is worse than none, so rows are narrow, an item that does two things stays with people, and every proposal
says how sure it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How sure a proposal is."""

    SURE = "sure"
    """The words say it, and the item's code, where it has some, does not contradict."""
    LIKELY = "likely"
    """Only the words or only the code say it."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A row of the table: regular expressions for the words and the code of an item that means an action."""

    action: str
    words: str
    code: str = ""
    unless: str = ""
    """Words that mean something else after all."""
    part_of: tuple[str, ...] = ()
    """Actions whose items have these words, too, without doing this."""


_CI = r"(?:ci|(?:github )?actions|checks?|tests?|test suite|builds?|pipelines?|workflows?|status(?:es)?|nightl(?:y|ies))"
_GREEN = r"(?:green|pass(?:es|ing|ed)?|succe\w+|finish\w*|complete[sd]?|healthy|ok\b|not (?:red|failing))"
_SEE = r"(?:check|verify|confirm|ensure|make sure|see|wait|monitor|validate|test)"
_THERE = r"(?:available|published|there|live|online|up(?:loaded)?|visible|appear\w*|exists?|shows?|works|deployed|updated|pullable|installable|reached)"
_DEV = r"(?:dev(?:elopment)?|\.dev\d*|snapshot|post-release)"
_NEWS = r"(?:change ?log|whatsnew|what's new|news\b|history\.|docs?/|\.rst|\.md\b|blog)"
_TAG_REF = r"(?:--tags|--follow-tags|refs/tags|\S*tag\b\S*|[\"']?v?\$?[{<\[(]*\s*(?:tag|version|vers|x\.y|\d+\.\d+|release)\S*)"

RECOGNISERS = (
    Recogniser(
        "milestone.next",
        r"\b(?:create|open|add|make|set up|start)\b.*\b(?:next|new|following|upcoming|future)\b.{0,30}\bmilestone|\bmilestone for the (?:next|following|upcoming)",
    ),
    Recogniser("milestone.close", r"\bclose (?:\S+ ){0,4}milestone\b", code=r"milestones?/\S+.*state=closed"),
    Recogniser("milestone.pulls", r"\b(?:pull requests?|prs?)\b.*\bmilestone|\bmilestone\b.*\b(?:pull requests?|prs?)\b"),
    Recogniser(
        "milestone.issues",
        r"\b(?:issues?|tickets?)\b.*\bmilestone|\bmilestone\b.*\b(?:issues?|tickets?|complete\w*|empty|finished|done|0 open)\b",
        part_of=("milestone.close", "milestone.next"),
    ),
    Recogniser(
        "version.commit-next",
        rf"\bcommit\b.*\b{_DEV}\b.*\bversion|\bcommit\b.*\bnext version|\bcommit\b.*\bversion\b.*{_DEV}",
        code=r"git commit .*(?:start development|back to dev|post-release|next version|\bdev\b)",
    ),
    Recogniser(
        "version.next",
        rf"\b(?:bump|set|update|change|increment|raise|start|move|go|switch)\b.*(?:\b{_DEV}\b|\.dev\d*|-dev\b|\bnext (?:\w+ )?version)|\bback to development\b|\bnext development version\b",
        unless=r"\bdev(?:elopment)? (?:guide|docs|documentation|dependenc\w+|environment|branch|requirements)",
        part_of=("version.commit-next", "milestone.next"),
    ),
    Recogniser(
        "version.commit",
        r"\bcommit\b.*\b(?:version|bump|release commit)\b|\b(?:merge|open|create|land)\b.*\bversion[- ](?:bump|change|commit)\b|\bpush\b.*\bversion (?:bump|commit|change)",
        code=r"git commit .*(?:bump|version|release|v?\$?\{?\{? ?version)",
        part_of=("version.commit-next",),
    ),
    Recogniser(
        "version.set",
        r"\b(?:bump|set|update|change|increment|increase|raise|edit|adjust)\b.{0,40}(?:\bversions?\b|__version__|\bversion\.\w+)|\bversion (?:number )?(?:is |has been |was )?(?:bumped|updated|set|increased)\b|\bversion bump\b",
        code=r"\b(?:poetry|hatch|uv|pdm) version\b",
        unless=r"\b(?:dependenc\w+|minimum|python versions?|switcher|changelog|supported versions?|versions? table|docker|security\.md|conda|feedstock)\b",
        part_of=("version.commit", "version.commit-next", "version.next"),
    ),
    Recogniser(
        "tag.push",
        r"\bpush\b.{0,40}\btags?\b|\btags? (?:is |are |has been )?pushed\b",
        code=rf"git push\b[^\n]*\s{_TAG_REF}",
        unless=r"\b(?:docker|container|image)\b",
    ),
    Recogniser(
        "tag.create",
        r"\b(?:create|make|add|cut|draw)\b.{0,40}\btag\b|^(?:git )?tag\b(?!\s*(?:people|someone|@|team|issue|prs?\b|pull))|\btag (?:the|this|that) (?:release|version|commit|merge|head|repo\w*)\b",
        code=r"git tag\b(?!\s+(?:-d|-l|--list|--delete|--sort|--verify|-v\b))[^\n]*\S",
        unless=r"\b(?:docker|container|images?)\b",
    ),
    Recogniser(
        "release.notes",
        r"\bgenerat\w*\b.{0,30}\b(?:release[- ]?)?notes\b|\bauto(?:matically)?[- ]?generated?\b.{0,20}\bnotes\b",
        code=r"--generate-notes",
        unless=_NEWS,
    ),
    Recogniser(
        "release.draft",
        r"\b(?:draft|prepare)\b.{0,40}\brelease\b(?! notes| post| announcement| branch| candidate)",
        code=r"gh release create\b[^\n]*(?:--draft|-d\b)",
        unless=rf"\bpublish\b|\bannouncement\b|{_NEWS}",
    ),
    Recogniser(
        "release.edit",
        r"\b(?:edit|review|polish|proofread|customi[sz]e|curate|clean up|tidy|read|improve|check|finali[sz]e)\b.{0,30}\brelease[- ]?notes\b",
        unless=_NEWS,
        part_of=("release.notes",),
    ),
    Recogniser(
        "release.discussion",
        r"\b(?:create|attach|start|open|link|add)\b.{0,20}\bdiscussion\b.{0,30}\brelease|\brelease discussion\b|\bdiscussion for (?:the|this) release",
        unless=r"\b(?:announce|post|comment)\b",
    ),
    Recogniser(
        "release.publish",
        r"\bpublish\b(?:(?!\bto\b|\bnotes\b).){0,40}\b(?:draft|release)\b(?! notes| post| blog| candidate| to\b)|\bpublish the draft\b",
        code=r"gh release edit\b[^\n]*--draft=false",
        unless=r"\b(?:pypi|npm|crates|conda|packages?|docker|images?|blog|announcement)\b",
    ),
    Recogniser(
        "package.available",
        rf"\b(?:{_SEE})\b.{{0,80}}\b(?:pypi|package index)\b|\b(?:pypi|package index)\b.{{0,60}}\b{_THERE}\b|\b(?:release|publish|upload|push|deploy)\b.{{0,60}}\bpypi\b",
        unless=r"\btest[ .-]?pypi\b|\btoken\b|\baccess\b|\baccount\b",
    ),
    Recogniser(
        "image.available",
        rf"\b(?:{_SEE})\b.{{0,60}}\b(?:docker|container|oci|ghcr)\b.{{0,60}}\b(?:{_THERE}|pull|push(?:ed)?|image)\b|\b(?:docker|container) images?\b.{{0,60}}\b(?:is|are|be|can be|was|were|has been) (?:{_THERE}|pushed|pulled)\b",
        code=r"docker (?:pull|manifest inspect|buildx imagetools inspect)\b",
        unless=r"\bbuild the\b|\bgpu\b",
        part_of=("ci.tag",),
    ),
    Recogniser(
        "site.live",
        rf"\b(?:{_SEE})\b.{{0,40}}\b(?:docs?|documentation|website|site|read ?the ?docs|rtd)\b.{{0,60}}\b(?:{_THERE}|new version|built)\b|\b(?:docs?|documentation|website|site)\b.{{0,40}}\b(?:is|are) (?:live|online|deployed|published)\b",
        unless=r"\bup[- ]to[- ]date\b|\blinks?\b|\blocally\b",
    ),
    Recogniser(
        "ci.tag",
        rf"\b{_CI}\b.{{0,60}}\b(?:tag|tagged|release (?:workflow|build|pipeline|job)|the release)\b.{{0,50}}\b{_GREEN}|\b(?:tag|release)(?:'s)? (?:workflows?|builds?|pipelines?|jobs?|ci|actions?)\b.{{0,40}}\b{_GREEN}|\bwait\b.{{0,40}}\b(?:release|tag)\b.{{0,20}}\b(?:workflows?|builds?|pipelines?|jobs?|ci|actions?)\b",
        unless=r"\blocally\b|\bbranch\b",
    ),
    Recogniser(
        "ci.branch",
        rf"\b{_CI}\b.{{0,60}}\b{_GREEN}|\bgreen\b.{{0,20}}\b{_CI}\b|\bno (?:red|failing)\b.{{0,20}}\b{_CI}\b",
        unless=r"\blocal(?:ly)?\b|\bfeedstock\b|\bstaging\b|\bbenchmarks?\b|\bpr\b|\bdocs? builds?\b|\bbug\b",
        part_of=("ci.tag", "package.available", "image.available", "site.live"),
    ),
    Recogniser(
        "pulls.labels",
        r"\blabel(?:s|led|ed|ing)?\b.{0,60}\b(?:pull requests?|prs?)\b|\b(?:pull requests?|prs?)\b.{0,60}\blabel",
        part_of=("milestone.pulls",),
    ),
    Recogniser(
        "bugs.decide",
        r"\b(?:open|known|outstanding|remaining|unresolved|blocking|critical|serious)\b.{0,30}\bbugs?\b|\btriage\b.{0,30}\bbugs?\b|\bbugs?\b.{0,20}\b(?:still )?open\b",
        part_of=("milestone.issues",),
    ),
    Recogniser(
        "discussion.announce",
        r"\b(?:announce|comment|post)\b.{0,60}\brelease'?s? discussion\b",
    ),
    Recogniser(
        "discussion.forum",
        r"\b(?:announce|post)\b.{0,80}\b(?:github )?discussions?\b",
        part_of=("discussion.announce",),
    ),
    Recogniser(
        "tracker.close",
        r"\bclose (?:this|the|that)(?: \w+)? (?:issue|ticket|checklist)\b|\bclose (?:this|the) (?:tracker|checklist)\b|\bclose this\b$",
        unless=r"\bmilestone\b",
    ),
)  # fmt: skip
_CREATE_RELEASE = re.compile(
    r"\b(?:create|make|add|cut|do|write)\b.{0,30}\b(?:github[- ]release|release (?:on|in|from|at|through|via) github|new release)\b(?! notes)"
    r"|^github release\b|\bcreate (?:a|the) release\b(?! notes| branch| candidate| issue| announcement| pr\b)"
)
_OWN_TOOL = re.compile(
    r"\b(?:bump2?version|bump-my-version|npm version|yarn version|cargo release|tbump|semantic-release|cz bump|goreleaser|release-it)\b"
)
TWO_STEPS = "it drafts and publishes at once; make two items of it, and both can run"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an item means: an action and how sure that is, or why it stays with people. Both empty: nothing known."""

    action: str = ""
    confidence: Confidence | None = None
    reason: str = ""


def recognise(text: str, code: Sequence[str] = ()) -> Recognised:
    """What an item with these words and these code blocks means."""
    words, script = plain_words(text), "\n".join(code)
    tool = _OWN_TOOL.search(f"{words}\n{script}")
    if tool:
        return Recognised(reason=f"{tool[0]} does more than one step by itself")
    by_words = [one for one in RECOGNISERS if re.search(one.words, words) and not _vetoed(one, words)]
    by_code = [one for one in RECOGNISERS if one.code and re.search(one.code, script, re.I) and not _vetoed(one, words)]
    named = {one.action for one in by_words}
    by_words = [one for one in by_words if not named & set(one.part_of)]
    if "gh release create" in script and "--draft" not in script:
        return Recognised(reason=TWO_STEPS)
    if not by_words and _CREATE_RELEASE.search(words) and not by_code:
        return Recognised("release.draft", Confidence.LIKELY, TWO_STEPS)
    actions = list(dict.fromkeys(one.action for one in (*by_words, *by_code)))
    if _does(actions, ("tag.create", "tag.push")) and not by_words:
        actions = [one for one in actions if one in ("tag.create", "tag.push")]
    if len(actions) > 1:
        return Recognised(reason=f"it does several things ({', '.join(actions)}); an item for each could run")
    if not actions:
        return Recognised()
    sure = bool(by_words) and (bool(by_code) or not script.strip() or not by_words[0].code)
    return Recognised(actions[0], Confidence.SURE if sure else Confidence.LIKELY)


def plain_words(text: str) -> str:
    """The words of an item in small letters, without Markdown's marks and addresses."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<?https?://\S+", " ", text)
    text = re.sub(r"[*`~]+|(?<!\w)_(?!_)|(?<!_)_(?!\w)", "", text)
    return " ".join(text.casefold().split()).strip(" .:;")


def _vetoed(one: Recogniser, words: str) -> bool:
    return bool(one.unless) and re.search(one.unless, words) is not None


def _does(actions: Sequence[str], both: Sequence[str]) -> bool:
    return set(both) <= set(actions)
