"""The table of what checklist items mean: pure data, in a notation that can be read aloud.

A phrase is a regular expression of whole words in which ` … ` stands for up to sixty characters, `word*` for all
words that begin so, and `{name}` for one of the vocabularies below. It is looked for in small letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

VOCABULARY = {
    "ci": "(ci|(github )?actions|checks?|tests?|test suite|builds?|pipelines?|workflows?|status(es)?|nightl(y|ies))",
    "job": "(workflows?|builds?|pipelines?|jobs?|ci|actions?)",
    "green": "(green|pass|passes|passing|passed|succe*|finish*|complete|completed|healthy|ok|not (red|failing))",
    "see": "(check|verify|confirm|ensure|make sure|see|wait|monitor|validate|test)",
    "there": "(available|published|there|live|online|up|uploaded|visible|appear*|exists?|shows?|works|deployed|updated"
    "|pullable|installable|reached)",
    "issues": "(issues?|tickets?)",
    "pulls": "(pull requests?|prs?)",
    "dev": "(dev|development|snapshot|post-release)",
    "docs": "(docs?|documentation|website|site|read ?the ?docs|rtd)",
    "image": "(docker|container|oci|ghcr)",
    "news": r"(change ?log|whatsnew|what's new|news|history\.\w+|docs?/\S+|\S+\.rst|\S+\.md|blog)",
}
_TAG = r"(?:--tags|--follow-tags|refs/tags|\S*tag\b|[\"']?v?\$?[{<\[(]*\s*(?:tag|vers|x\.y|\d+\.\d+|release))"


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A row of the table: what in an item means an action."""

    action: str
    words: tuple[str, ...]
    code: str = ""
    """A regular expression for the item's code blocks."""
    unless: tuple[str, ...] = ()
    """Phrases with which the item means something else after all."""
    part_of: tuple[str, ...] = ()
    """Actions whose items have these words, too, without doing this."""

    def said_in(self, words: str) -> tuple[int, int] | None:
        """Where the words say it; None when they do not."""
        found = next((match for one in self.words if (match := pattern(one).search(words))), None)
        return found.span() if found else None

    def is_meant_otherwise(self, words: str) -> bool:
        return any(pattern(one).search(words) for one in self.unless)

    def is_in_code(self, code: str) -> bool:
        return bool(self.code) and re.search(self.code, code, re.IGNORECASE) is not None


@cache
def pattern(phrase: str) -> re.Pattern[str]:
    """The regular expression for a phrase."""
    for name, words in VOCABULARY.items():
        phrase = phrase.replace(f"{{{name}}}", words)
    phrase = re.sub(r"(?<=[a-z])\*", r"\\w*", phrase)
    phrase = re.sub(r"\((?!\?)", "(?:", phrase)
    phrase = phrase.replace(" … ", r"\b.{0,60}\b")
    return re.compile(rf"\b(?:{phrase})(?!\w)")


RECOGNISERS = (
    Recogniser(
        "milestone.next",
        (
            "(create|open|add|make|set up|start) … (next|new|following|upcoming|future) … milestone",
            "milestone for the (next|following|upcoming)",
        ),
    ),
    Recogniser("milestone.close", (r"close (\S+ ){0,4}milestone",), code=r"milestones?/\S+.*state=closed"),
    Recogniser("milestone.pulls", ("{pulls} … milestone", "milestone … {pulls}")),
    Recogniser(
        "milestone.issues",
        ("{issues} … milestone", "milestone … {issues}", "milestone … (complete*|empty|finished|done|0 open)"),
        unless=("{news}",),
        part_of=("milestone.close", "milestone.next"),
    ),
    Recogniser(
        "version.commit-next",
        ("commit … {dev} … version", "commit … version … {dev}"),
        code=r"git commit .*(?:start development|back to dev|post-release|next version|\bdev\b)",
    ),
    Recogniser(
        "version.next",
        (
            r"(bump|set|update|change|increment|raise|start|move|go|switch) … ({dev}|dev\d+)",
            "back to development",
            "next development version",
        ),
        unless=("(dev|development) (guide|docs|documentation|dependenc*|environment|branch|requirements)",),
        part_of=("version.commit-next", "milestone.next"),
    ),
    Recogniser(
        "version.commit",
        (
            "commit … (version|bump|release commit)",
            "(merge|open|create|land) … version[- ](bump|change|commit)",
            "push … version (bump|commit|change)",
        ),
        code=r"git commit .*(?:bump|version\b|v?\d+\.\d+|v?x\.y)",
        part_of=("version.commit-next",),
    ),
    Recogniser(
        "version.set",
        (
            r"(bump|set|update|change|increment|increase|raise|edit|adjust) … (versions?|__version__|version\.\w+)",
            "version (number )?(is |has been |was )?(bumped|updated|set|increased)",
            "version bump",
        ),
        code=r"\b(?:poetry|hatch|uv|pdm) version\b",
        unless=(
            "(dependenc*|minimum|python versions?|switcher|changelog|supported versions?|versions? table)",
            r"(docker|security\.md|conda|feedstock|docs? versions?|versions? of|tagged)",
        ),
        part_of=("version.commit", "version.commit-next", "version.next"),
    ),
    Recogniser(
        "tag.push",
        ("push … tags?", "tags? (is |are |has been )?pushed", "tag … (and|then) push"),
        code=rf"git push\b[^\n]*\s{_TAG}",
        unless=("(docker|container|image)",),
    ),
    Recogniser(
        "tag.create",
        (
            "(create|make|add|cut|draw) … tag",
            "^(git )?tag(?! (people|someone|@|team|issue|prs?|pull))",
            "tag (the|this|that) (release|version|commit|merge|head|repo*)",
        ),
        code=r"git tag\b(?!\s+(?:-d|-l|--list|--delete|--sort|--verify|-v\b))[^\n]*\S",
        unless=("(docker|container|images?)",),
    ),
    Recogniser(
        "release.notes",
        ("generat* … (release[- ]?)?notes", "auto(matically)?[- ]?generated? … notes"),
        code=r"--generate-notes",
        unless=("{news}",),
    ),
    Recogniser(
        "release.draft",
        ("(draft|prepare) … release(?! (notes|post|announcement|branch|candidate))",),
        code=r"gh release create\b[^\n]*(?:--draft|-d\b)",
        unless=("publish", "announcement", "{news}"),
    ),
    Recogniser(
        "release.edit",
        (
            "(edit|review|polish|proofread|customi[sz]e|curate) … release[- ]?notes",
            "(clean up|tidy|read|improve|check|finali[sz]e) … release[- ]?notes",
        ),
        unless=("{news}", "website"),
        part_of=("release.notes",),
    ),
    Recogniser(
        "release.discussion",
        (
            "(create|attach|start|open|link|add) … discussion … release",
            "release discussion",
            "discussion for (the|this) release",
        ),
        unless=("(announce|post|comment)",),
    ),
    Recogniser(
        "release.publish",
        (r"publish ((?!(to|notes)\b)\S+ ){0,6}(draft|release)(?! (notes|post|blog|candidate|to)\b)",),
        code=r"gh release edit\b[^\n]*--draft=false",
        unless=("(pypi|npm|crates|conda|packages?|docker|images?|blog|announcement)",),
    ),
    Recogniser(
        "package.available",
        (
            "{see} … (pypi|package index)",
            "(pypi|package index) … {there}",
            "(release|publish|upload|push|deploy) … pypi",
            "(installed|installable) (via|with|using|from|by) pip",
        ),
        unless=("test[ .-]?pypi", "(token|access|account|maintainers?)"),
    ),
    Recogniser(
        "image.available",
        (
            "{see} … {image} … ({there}|pull|pushed|image)",
            "(docker|container) images? … (is|are|be|can be|was|were|has been) ({there}|pushed|pulled)",
        ),
        code=r"docker (?:pull|manifest inspect|buildx imagetools inspect)\b",
        unless=("build the", "gpu"),
        part_of=("ci.tag",),
    ),
    Recogniser(
        "site.live",
        (
            "{see} … {docs} … ({there}|new version|built)",
            "{docs} … (is|are) (live|online|deployed|published)",
        ),
        unless=("up[- ]to[- ]date", "links?", "locally", "release notes"),
    ),
    Recogniser(
        "ci.tag",
        (
            "{ci} … (tag|tagged|release {job}|the release) … {green}",
            "(tag|release)('s)? {job} … {green}",
            "wait … (release|tag) … {job}",
        ),
        unless=("locally", "branch"),
    ),
    Recogniser(
        "ci.branch",
        ("{ci} … {green}", "green … {ci}", "no (red|failing) … {ci}"),
        unless=("local(ly)?", "feedstock", "staging", "benchmarks?", "pr", "docs? builds?", "bug", "{image}"),
        part_of=("ci.tag", "package.available", "image.available", "site.live"),
    ),
    Recogniser(
        "pulls.labels",
        ("label(s|led|ed|ing)? … {pulls}", "{pulls} … label*"),
        part_of=("milestone.pulls",),
    ),
    Recogniser(
        "bugs.decide",
        (
            "(open|known|outstanding|remaining|unresolved|blocking|critical|serious) … bugs?",
            "triage … bugs?",
            "bugs? … (still )?open",
        ),
        part_of=("milestone.issues",),
    ),
    Recogniser("discussion.announce", ("(announce|comment|post) … release('s)? discussion",)),
    Recogniser(
        "discussion.forum",
        ("(announce|post) … (github )?discussions?",),
        part_of=("discussion.announce",),
    ),
    Recogniser(
        "tracker.close",
        (
            r"close (this|the|that)( \w+)? (issue|ticket|checklist)",
            "close (this|the) (tracker|checklist)",
            "close this$",
        ),
        unless=("milestone",),
    ),
)
CREATES_RELEASE = (
    "(create|make|add|cut|do|write) … (github[- ]release|new release)(?! notes)",
    "(create|make|add|cut|do|write) … release (on|in|from|at|through|via) github",
    "^github release",
    "create (a|the) release(?! (notes|branch|candidate|issue|announcement|pr))",
)
"""A release that is made at once, without a draft."""
ALSO = (
    "(update|create|push|merge|upload|attach|send|post|tweet|check|run|add|announce|write|tell|deploy|build|commit|publish"
    "|tag|edit|move|close|open|draft|delete|notify|make sure|test|generate|bump|set|release|fix|copy|download"
    r"|\w+ (posted|sent|published|uploaded|updated|merged|announced|attached))"
)
"""Verbs that begin another thing to do behind an `and`."""
OWN_TOOLS = (
    "bump2?version|bump-my-version|npm version|yarn version|cargo release|tbump|semantic-release|cz bump|goreleaser"
    "|release-it"
)
"""Programs that do more than one step by themselves."""
