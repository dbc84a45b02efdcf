"""Reading the words of a checklist item: its clauses, and of each the verb, its object and the rest. Pure.

Only the plain English of checklists is read: imperatives (“Push the tag to GitHub”) and statements (“All tests pass”).
What stands in code spans, links' addresses and quotation marks is a name, not a word: it becomes a sign such as §file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastrel.adopt.recognition.vocabulary import word_pattern, word_set
from fastrel.guide.comments import without_all_comments

LONGEST = 1000
"""Characters of an item that are looked at; what an item is about stands in the beginning."""
_CANDIDATE = r"(?:rc|alpha|beta|pre|preview)"
_NUMBER = r"v?(?:\d+|x|y|z|n|yyyy|mm)(?:\.(?:\d+|x|y|z|n|mm|dd|#+|\*))+"
_NAME = r"(?:new|next|release)?[-_ .]?(?:version|tag|release|vers?)[\w -]*"
VERSION = re.compile(
    rf"{_NUMBER}|\{{\{{\s*\w+\s*\}}\}}|v?\$?[<{{]+\s*{_NAME}[>}}]+"
    r"|v?\[(?:new[ -]?)?version[\w ]*\]|v?\$\w*(?:VERSION|TAG|VER)\w*|vX|vNEXT",
    re.IGNORECASE,
)
_DEV = re.compile(
    r"^[-.]?(?:\S*[\d.xyzn>}\"'-])?[-.+]?(?:dev\d*(?:\.?\d+)?|snapshot|post\d+)(?:[-.]\w+)?$", re.IGNORECASE
)
_FILE = re.compile(
    r"(?:[\w.*{}<>$-]*/)*[\w.*-]*(?:\.[A-Za-z]\w{0,9}|/)|(?:[\w.-]+/)*(?:VERSION|CHANGELOG|NEWS|Makefile|Dockerfile)"
)
_NAMED_FILE = re.compile(r"(?<![\w.§])[\w./-]+\.(?:py|toml|cfg|json|ya?ml|cff|txt|xml|md|rst|lock|gradle|properties)\b")
BUTTON = r"(?:auto-?)?generate release notes|publish release|(?:draft|create) a new release|publish this release"
"""What GitHub's page of a release has written on its buttons."""
_COMMAND = re.compile(r"(?:\$ ?)?(?:sudo |\./|[a-z][\w.-]* +\S)")
_PREPOSITIONS, _ARTICLES, _ADVERBS = word_set("prepositions"), word_set("articles"), word_set("adverbs")
_BEFORE_VERB, _AMBIGUOUS = word_set("before-verb"), word_set("ambiguous")
SEE, CLICK = word_set("see"), word_set("click")
VERBS = word_set("verbs") | SEE | CLICK
_STATES = f"(?:{word_pattern('states')})(?![\\w-])"
_MADE = frozenset(("prepared", "drafted", "created", "made", "built"))
"""What says of a thing named before where it comes from: “the draft prepared above”."""
_NOUNS = frozenset(("release", "package", "tag", "build", "draft"))
_PASSIVE = r"created|pushed|published|uploaded|deployed|merged|signed|is|are|was|has|been"
_STATE = re.compile(
    rf"^(?P<subject>.+?)\s+(?:(?:{word_pattern('auxiliaries')})\s+)*"
    rf"(?P<state>{_STATES}(?:\s+(?:and|or)\s+{_STATES})*)"
    rf"(?=\s*(?:$|[,;:&]|§|\b(?:{word_pattern('behind-states')})\b))(?P<rest>.*)$"
)
_THERE = re.compile(r"^(?P<subject>.+?)\s+(?:is|are|was|were)\s+(?P<rest>(?:on|in|at)\s.*)$")
_THAT = re.compile(r"^(?:to\s+)?(?:ensure\s+|make sure\s+)?(?:that|if|whether|for|until|how|on)\s+")
_OPENING = re.compile(
    r"(?:(if|unless|optionally)|once|after|when|before|as soon as|while|for|in|on|at|from|under|to|with|using)\b"
    r"[^,]*,\s*"
)
_CONDITION = re.compile(r"(?:if|unless|optional(?:ly)?|maybe|consider|alternatively)\b")
_PURPOSES = (["to", "allow"], ["to", "let"], ["to", "enable"], ["to", "make"], ["to", "create"])
_SOMEBODY = re.compile(
    r"(?:(?:an?|the|one of the)\s+)?(?:(?:project|release|repository|repo|package)\s+)?"
    r"(?:owners?|maintainers?|managers?|captain|shepherd|admins?|administrators?|leads?|releasers?|coordinator)\s+"
    r"(?:(?:should|must|can|will|then|may|needs? to|has to|have to)\s+)?(?P<verb>[a-z-]+)(?=\s)"
)
"""Whoever releases, and what they do: “An owner pushes the tag”."""
_NOMINAL = re.compile(r"(?P<noun>creation|upload|publication|deployment|update|generation|announcement) of (?=\w|§)")
_VERB_OF = {
    "creation": "create", "upload": "upload", "publication": "publish", "deployment": "deploy", "update": "update",
    "generation": "generate", "announcement": "announce",
}  # fmt: skip
_CONJUNCTIONS = ("and", "then", ",", "&", "or", ";", "+")


@dataclass(frozen=True, slots=True)
class Clause:
    """An act or a state, in small letters."""

    verb: str
    """The imperative; empty for a statement."""
    nouns: tuple[tuple[str, ...], ...]
    """The noun phrases of the object, or of a statement's subject, without articles: `(("git", "tag"),)`."""
    rest: str
    """What follows them: prepositions with their nouns."""
    state: str = ""
    """What a statement says of its subject, such as `passed`."""
    conditional: bool = False

    @property
    def words(self) -> str:
        """Everything but the verb."""
        return " ".join((*(" ".join(one) for one in self.nouns), self.state, self.rest)).strip()

    def __str__(self) -> str:
        return " ".join(f"{self.verb} {self.words}".split()[:5])


@dataclass(frozen=True, slots=True)
class Reading:
    """What an item says: its clauses in order, and the words with signs in the place of names."""

    clauses: tuple[Clause, ...]
    plain: str
    spans: tuple[str, ...]
    """The texts of code spans."""


def read(text: str) -> Reading:
    """The clauses of an item."""
    text = text[:LONGEST]
    spans = tuple(re.findall(r"(?<!`)(`+)(.+?)\1(?!`)", text, re.DOTALL))
    plain = plain_words(text)
    clauses: list[Clause] = []
    for number, sentence in enumerate(_sentences(_without_asides(plain))):
        found = _clauses(sentence)
        # What follows the first sentence is an explanation, unless it tells to do something.
        clauses += [one for one in found if number == 0 or one.verb or not clauses]
    return Reading(tuple(clauses), plain, tuple(span.strip() for _, span in spans))


def plain_words(text: str) -> str:
    """The words in small letters, with signs for names; without Markdown's marks."""
    text = without_all_comments(text)
    text = re.sub(r"\\(?=[_*#.-])", "", text)
    text = re.sub(r"(?<!`)(`+)(.+?)\1(?!`)", lambda match: f" {_sign(match[2].strip())} ", text, flags=re.DOTALL)
    text = re.sub(rf"'({BUTTON})'", lambda match: f" “{match[1]}” ", text, flags=re.IGNORECASE)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text)
    text = re.sub(r"<?https?://\S+", " §url ", text)
    text = re.sub(r":[a-z_]+:(?!\S)", " ", text)
    text = re.sub(r"<[^>]{1,40}>", lambda match: match[0] if VERSION.fullmatch(match[0]) else " ", text)
    text = re.sub(r"[*~]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)", "", text.replace("__version__", "version"))
    text = re.sub(r"[\"“”](?P<name>[^\"“”]{1,80})[\"“”]", lambda match: f" “{match['name']}” ", text)
    text = re.sub(rf"(?<![\w.])(?:{_NUMBER})[-.]?{_CANDIDATE}[\w.-]*", " §candidate ", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?<![\w.])(?:{_NUMBER})[-.+](?:dev|snapshot)[\w.-]*", " §dev ", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?<![\w.])(?:{VERSION.pattern})(?![\w(])", " §version ", text, flags=re.IGNORECASE)
    text = _NAMED_FILE.sub(" §file ", text)
    words = " ".join(text.casefold().replace("’", "'").split())
    words = re.sub(r"\bpull[- ]request(s?)\b", r"pr\1", words)
    words = re.sub(r"\bdouble check\b", "double-check", words)
    return re.sub(r" ([.,;:!?])(?= |$)", r"\1", words)


def _sign(code: str) -> str:
    if code.strip("`") in ("__version__",):
        return "version"
    if re.search(rf"(?i)(?:{_NUMBER})[-.]?{_CANDIDATE}\d*", code) and " " not in code:
        return "§candidate"
    if _DEV.fullmatch(code) or re.fullmatch(r"\{\{ *dev_version *\}\}", code):
        return "§dev"
    if VERSION.fullmatch(code):
        return "§version"
    if _FILE.fullmatch(code):
        return "§file"
    if re.fullmatch(BUTTON, code, re.IGNORECASE):
        return f"“{code}”"
    return "§command" if _COMMAND.match(code) else "§code"


def _without_asides(plain: str) -> str:
    text = re.sub(r"\((?:e\.g\.?|such as|like),? ([^()]*)\)", r"such as \1", plain)
    text = re.sub(r"\s+(?=[.,;:!?](?:\s|$))", "", re.sub(r"\([^()]*\)", " ", text))
    text = re.sub(r"^(?:step \d+\W+|\d+[.)]\s+)", "", text.strip())
    text = re.sub(r",? (?:triggering|causing|which (?:will )?(?:trigger|cause|start)s?)\b[^.]*", "", text)
    return " ".join(text.split())


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for part in re.split(r"(?<=[\w§”)\]])[.!?](?:\s+|$)|\s[—–]\s|\s--?\s|;\s", text):
        label, colon, rest = part.partition(": ")
        label, rest = re.sub(r", §command$", "", label.strip(" ,:.-")), rest.strip(" ,:.-")
        if colon and rest and not rest.startswith("§command"):
            # “Label: do it” tells to do it; “Do it: like this” has said it already.
            found += [label, rest] if _imperative(label) else [f"{rest} of {label}" if label.startswith("§") else rest]
        else:
            found.append(label)
    return [one for one in found if one]


def _imperative(sentence: str) -> bool:
    words = _without_opening(_tokens(sentence))
    return bool(words) and words[0] in VERBS


def _tokens(text: str) -> list[str]:
    return re.findall(r"“[^”]*”|§\w+|[\w@'/%+-]+|[,&;:]", text)


def _clauses(sentence: str) -> list[Clause]:
    conditional = False
    opening = _OPENING.match(sentence)
    if opening:
        conditional = bool(opening[1])
        sentence = sentence[opening.end() :]
    elif _CONDITION.match(sentence):
        conditional = True
    words = _without_opening(_tokens(_imperative_form(sentence)))
    if not words:
        return []
    if words[:2] == ["make", "sure"]:
        words = ["ensure", *words[2:]]
    if words[0] not in VERBS or _is_noun(words):
        return [_statement("", " ".join(words), conditional)]
    clauses = [_clause(part, conditional) for part in _acts(words)]
    # “Create and push the tag”: what the first verb acts on follows the second.
    for place in range(len(clauses) - 2, -1, -1):
        one, following = clauses[place], clauses[place + 1]
        if not one.nouns and not one.rest and one.verb != "tag" and following.nouns:
            clauses[place] = Clause(one.verb, following.nouns, following.rest, "", one.conditional)
    return clauses


def _imperative_form(sentence: str) -> str:
    """“The maintainer pushes the tag” and “creation of the tag” as “push the tag” and “create the tag”."""
    somebody = _SOMEBODY.match(sentence)
    if somebody:
        verb = somebody["verb"]
        forms = (verb, verb.removesuffix("s"), verb.removesuffix("es"))
        verb = next((one for one in forms if one in VERBS), "")
        return f"{verb}{sentence[somebody.end() :]}" if verb else sentence
    nominal = _NOMINAL.match(sentence)
    return f"{_VERB_OF[nominal['noun']]} {sentence[nominal.end() :]}" if nominal else sentence


def _is_noun(words: list[str]) -> bool:
    """Whether a word that may be a verb is the subject here: “tag pushed”, “release created”."""
    if words[0] not in _NOUNS:
        return False
    following = [one for one in words[1:] if not one.startswith("§")]
    if following and re.fullmatch(_PASSIVE, following[0]):
        return True
    stated = _STATE.match(" ".join(words))
    return stated is not None and not _ARTICLES.intersection(stated["subject"].split())


def _without_opening(words: list[str]) -> list[str]:
    while words and words[0] in _BEFORE_VERB:
        words = words[1:]
    return words


def _acts(words: list[str]) -> list[list[str]]:
    """The words of each act. In “check that X and update Y” the second verb is an act of its own; a word that is a noun
    as often, such as “release”, is one only where an article follows it."""
    parts: list[list[str]] = [[]]
    for place, word in enumerate(words):
        begins = place > 0 and word in VERBS and words[place - 1] in _CONJUNCTIONS
        following = words[place + 1] if place + 1 < len(words) else "the"
        purpose = words[0] not in SEE and any(parts[-1][at : at + 2] in _PURPOSES for at in range(len(parts[-1]) - 1))
        if begins and not purpose and (word not in _AMBIGUOUS or len(parts[-1]) <= 2 or following in _ARTICLES):
            parts.append([])
        parts[-1].append(word)
    return parts


def _clause(words: list[str], conditional: bool) -> Clause:
    verb, *rest = words
    if verb == "git" and rest:
        verb, *rest = rest
    while rest and rest[-1] in (*_CONJUNCTIONS, ":"):
        rest = rest[:-1]
    if verb in SEE or verb == "decide":
        text = " ".join(rest)
        looked = _THAT.sub("", text)
        stated = _statement(verb, looked, conditional)
        if stated.state or looked != text:
            return stated
    while rest and rest[0] in ("up", "off", "out", "back", "over", "then", "manually", "locally", "automatically"):
        rest = rest[1:]
    if verb in ("look", "go") and rest[:1] in (["at"], ["into"], ["through"], ["over"]):
        rest = rest[1:]
    nouns, after = _noun_phrases(rest)
    return Clause(verb, nouns, " ".join(after), "", conditional)


def _statement(verb: str, text: str, conditional: bool) -> Clause:
    match = _STATE.match(text) or _THERE.match(text)
    if match is None:
        nouns, after = _noun_phrases(text.split())
        return Clause(verb, nouns, " ".join(after), "", conditional)
    nouns, after = _noun_phrases(match["subject"].split())
    rest = " ".join((*after, match["rest"].strip())).strip()
    negated = re.search(r"\b(?:no|not|none)\b", match["subject"]) is not None
    state = match.groupdict().get("state") or "there"
    return Clause(verb, nouns, rest, "" if negated else state, conditional)


def _begins_aside(word: str, current: list[str]) -> bool:
    """Whether a word says of the nouns before it where they come from."""
    return word in _MADE and bool(current) and current[-1] not in ("just", "newly", "recently")


def _noun_phrases(words: list[str]) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    """The noun phrases that the words begin with, joined by `and`, and the words behind them."""
    phrases: list[tuple[str, ...]] = []
    current: list[str] = []
    place = 0
    while place < len(words):
        word, following = words[place], words[place + 1] if place + 1 < len(words) else "the"
        if word in ("and", "or", "&", "/", "+") or (word == "," and following not in _PREPOSITIONS):
            phrases.append(tuple(current))
            current = []
        elif (
            (word in _PREPOSITIONS and (word != "that" or current))
            or word in (",", ":", ";")
            or _begins_aside(word, current)
        ):
            break
        elif word not in _ARTICLES or (word in ("this", "that") and not current and following == "the"):
            current.append(word.removesuffix("'s"))
        place += 1
    while current and current[-1] in _ADVERBS:
        current.pop()
    phrases.append(tuple(current))
    return tuple(one for one in phrases if one), words[place:]
