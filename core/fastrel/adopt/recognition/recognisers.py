"""Which action one clause means. The table `recognisers.toml` has for each action the verbs, nouns and states that say
it, and what speaks against it. A row applies only when every word of its noun phrase is known to it: “release branch”
is no release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from fastrel.adopt.recognition.sentence import CLICK, SEE, Clause
from fastrel.adopt.recognition.vocabulary import has, rows, word_pattern

PUBLISHING = frozenset(
    {"tag.push", "release.publish", "version.commit", "version.commit-next", "package.available", "release.assets"}
)
"""What others see at once, or what cannot be taken back: a person is asked before such an action is used."""
FOREIGN = word_pattern("foreign")
SIGNS = ("§version", "§command", "§code", "§url", "§file")


@dataclass(frozen=True, slots=True)
class Row:
    """The words that mean one action. All but the verbs are patterns of whole words."""

    action: str
    verbs: frozenset[str] = frozenset()
    """Empty: a statement, such as “tag pushed”."""
    heads: str = ""
    """The last noun of the object, or of a statement's subject."""
    modifiers: str = ""
    """The nouns and adjectives that may stand before it."""
    states: str = ""
    """What is said of the subject."""
    needs: str = ""
    """What must stand somewhere in the clause."""
    denied: str = ""
    """What must not stand anywhere in it, besides the foreign things."""
    allowed: str = ""
    """Foreign things that are meant here."""
    rest: str = ""
    """The words that may follow the object; empty: any that are not denied."""


@cache
def table() -> tuple[Row, ...]:
    """The rows of the table."""
    return tuple(Row(**{**row, "verbs": frozenset(row.get("verbs", "").split())}) for row in rows())  # type: ignore[arg-type]  # verbs are the only set


def action_of_clause(clause: Clause) -> str:
    """The action that a clause says, or two, as a guide writes them; empty for none, or when rows disagree."""
    found = dict.fromkeys(row.action for row in table() if _applies(row, clause))
    names = [one for one in found if not (set(_GENERAL.get(one, ())) & set(found))]
    if set(names) == {"tag.create", "tag.push"}:
        return "tag.create,tag.push"
    return names[0] if len(names) == 1 else ""


_GENERAL = {
    "ci.branch": ("ci.tag", "package.available", "image.available", "site.live", "milestone.issues"),
    "ci.tag": ("package.available", "image.available"),
    "version.set": ("version.next", "version.commit", "version.commit-next"),
    "version.next": ("version.commit-next",),
    "version.commit": ("version.commit-next",),
    "discussion.forum": ("discussion.announce",),
    "milestone.pulls": ("pulls.labels",),
    "package.available": ("image.available",),
}
"""Rows that yield to a more special one."""


def _applies(row: Row, clause: Clause) -> bool:
    states = bool(row.states) or not row.verbs or (row.verbs >= SEE and has("has|have|shows?", clause.words))
    verb_fits = clause.verb in row.verbs or (not clause.verb and states)
    if not verb_fits or clause.conditional:
        return False
    if row.states and not has(row.states, clause.state):
        publishes = row.action == "package.available" and clause.verb not in SEE and clause.verb
        if not publishes:
            return False
    if row.heads and not all(_is_phrase(row, one) for one in clause.nouns or ((),)):
        return False
    words = f"{clause.verb} {clause.words}"
    if row.needs and not has(row.needs, words):
        return False
    if row.denied and has(row.denied, words):
        return False
    if row.rest and not all(re.fullmatch(row.rest, one) for one in clause.rest.split()):
        return False
    allowed = re.sub(rf"\b(?:{row.allowed})\b", "", words) if row.allowed else words
    return not has(FOREIGN, allowed)


def _is_phrase(row: Row, phrase: tuple[str, ...]) -> bool:
    words = list(phrase)
    while len(words) > 1 and words[-1] in SIGNS:
        words.pop()
    head = words[-1] if words else ""
    if not re.fullmatch(row.heads, head):
        return False
    return all(re.fullmatch(row.modifiers, one) for one in words[:-1]) if row.modifiers else True


def clicked(clause: Clause) -> str:
    """The action of a button of GitHub's page: “click Generate release notes”."""
    if clause.verb not in CLICK | {"select", "choose", "push", "use"}:
        return ""
    words = f"{clause.words}".replace("“", "").replace("”", "")
    buttons = {
        "release.notes": r"(?:auto-?)?generate release notes|generate notes",
        "release.publish": r"publish release|publish (?:this|the) release",
        "release.draft": r"(?:create|draft) (?:a )?(?:new )?release",
        "release.discussion": r"create (?:a )?discussion for this release",
    }
    return next((action for action, button in buttons.items() if has(button, words)), "")
