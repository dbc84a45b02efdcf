"""Which actions a checklist item means, by its sentence, its commands, and what stands around it. Pure.

A wrong action is worse than none: what is not read whole stays with people, and the answer says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fastrel.adopt.recognition.commands import OTHER, Commands, read_commands
from fastrel.adopt.recognition.recognisers import FOREIGN, PUBLISHING, action_of_clause, clicked
from fastrel.adopt.recognition.sentence import SEE, Clause, Reading, read
from fastrel.adopt.recognition.vocabulary import first, has, word_pattern

TWO_STEPS = "it drafts and publishes at once; make two items of it, and both can run"
FAMILIES = (
    ("version.set", "version.commit", "tag.create", "tag.push"),
    ("version.next", "version.commit-next"),
    ("milestone.issues", "milestone.pulls", "milestone.close", "milestone.next"),
    ("release.draft", "release.notes", "release.edit", "release.discussion", "release.publish"),
)
"""Actions that one item may do together, in this order."""
OF_RELEASE = ("tag.", "release.", "version.")
"""Actions that are of one release only, not of a candidate, a rehearsal or a package of others."""
AROUND, MAYBE = word_pattern("around"), word_pattern("maybe")
NEVER = ("optional", "dry run", "dry-run", "sandbox", "won't do")
"""Places under which nothing at all is of the release."""
_COMMITTED_BY = {"version.set": "version.commit", "version.next": "version.commit-next"}
_PROGRAM = re.compile(r"(?:\$ )?(?:git|gh|docker|poetry|hatch|uv|pdm|npm|yarn|cargo|make|\./|python|twine|bump)")
_CHANGED = frozenset(
    "changes change edits files everything it them modifications §command these this file updates".split()  # noqa: SIM905
)
_CHANGED_BEFORE = frozenset("all new modified changed resulting updated two version changes pending".split())  # noqa: SIM905


class Confidence(StrEnum):
    """How sure a proposal is."""

    SURE = "sure"
    """The words say it, and the item's commands, where it has some, say the same."""
    LIKELY = "likely"
    """Only the commands say it, or it is seen from where the item stands."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an item means: actions in order and how sure that is, or why it stays with people. All empty: nothing is
    known."""

    actions: tuple[str, ...] = ()
    confidence: Confidence | None = None
    reason: str = ""

    commits: bool = False
    """Whether it commits what the items above have changed, whatever that is."""

    @property
    def action(self) -> str:
        """As the guide writes it: `tag.create,tag.push`."""
        return ",".join(self.actions)

    @property
    def publishes(self) -> bool:
        return bool(PUBLISHING.intersection(self.actions))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around an item."""

    above: tuple[str, ...] = ()
    """Its headings, the items that it is nested in, and the line above its list."""
    below: str = ""
    """What stands in the item below its first paragraph, apart from code."""
    prefixes: tuple[str, ...] = ("v", "")
    """What the project's tags begin with."""
    branch: str = "main"


def recognise(text: str, code: Sequence[str] = (), around: Surroundings | None = None) -> Recognised:
    """What an item with these words and these code blocks means."""
    around = around or Surroundings()
    reading = read(text)
    blocks = read_commands(code, around.prefixes)
    spans = read_commands([one for one in reading.spans if _PROGRAM.match(one)], around.prefixes)
    commands = blocks if blocks.acts or blocks.tool or blocks.foreign else spans
    if blocks.tool or spans.tool:
        return Recognised(reason=f"{blocks.tool or spans.tool} does more than one step by itself")
    if "release.create" in (*blocks.acts, *spans.acts):
        return Recognised(reason=TWO_STEPS)
    found = _combined(reading, commands, in_span=commands is spans)
    if not found.actions:
        return found
    return _in_place(found, reading, commands, around)


def _combined(reading: Reading, commands: Commands, *, in_span: bool) -> Recognised:
    """What words and commands say together."""
    said, unknown, commits = _said(reading.clauses)
    acts = list(commands.known)
    if commits and said and said[-1] in _COMMITTED_BY:
        said.append(_COMMITTED_BY[said[-1]])  # “Set the version and commit it”
    if commits and unknown is None and not said:
        made = [one for one in acts if one.startswith("version.commit")]
        if len(made) == 1 and set(commands.acts) <= {made[0], "push"}:
            return Recognised((made[0],), Confidence.SURE)
        if set(commands.acts) <= {"commit", "push"}:
            return Recognised(commits=True)
        said = made
    if commands.foreign and (said or acts):
        return Recognised(reason=commands.foreign)
    if OTHER in commands.acts and any(one.startswith(OF_RELEASE) for one in (*said, *acts)):
        named = said[0] if said else acts[0]
        return Recognised(reason=f"{named} would fit, but its commands do something else, too")
    acts = [one for one in acts if one not in ("push", "commit", "push-all")]
    pushes = "push-all" in commands.known
    if pushes and "tag.push" not in acts:
        acts.append("tag.push")
    if unknown is not None and "tag.push" in acts and unknown.verb == "push" and _is_general(unknown):
        unknown = None  # “Push changes”, and the command pushes the tags, too
    if unknown is not None:
        known = said or acts
        return Recognised(reason=f"{known[0]} would fit, but it says “{unknown}”, too") if known else Recognised()
    if not said and not acts:
        return Recognised()
    order = acts or said
    if said and acts and set(said) != set(acts):
        wanted = set(said) <= set(acts) and _family(acts)
        if not wanted:
            return Recognised(reason=f"its words say {', '.join(said)}, its commands {', '.join(acts)}")
    if len(order) > 1:
        together = _family(order)
        if not together:
            return Recognised(reason=f"it does several things ({', '.join(order)}); an item for each could run")
        order = list(together)
    # An item that is nothing but its command says it as clearly as words do.
    silent = not any(one.words.removeprefix("§command") or one.verb for one in reading.clauses)
    sure = bool(said) or (in_span and silent)
    return Recognised(tuple(order), Confidence.SURE if sure else Confidence.LIKELY)


def _family(actions: Sequence[str]) -> tuple[str, ...]:
    """The actions in the order in which they are done; empty when they do not belong together."""
    for family in FAMILIES:
        if set(actions) <= set(family):
            return tuple(one for one in family if one in actions)
    return ()


def _said(clauses: Sequence[Clause]) -> tuple[list[str], Clause | None, bool]:
    """The actions that the clauses say, the first act that is none of them, and whether there is a commit of whatever
    was changed."""
    said: list[str] = []
    unknown: Clause | None = None
    commits = False
    for number, clause in enumerate(clauses):
        found = clicked(clause) or action_of_clause(clause) or _coordinated(clause)
        if not found and _follows(clause, said):
            found = "tag.push" if "tag.create" in said else "version.commit"
        elif not found and _is_commit(clause):
            commits = True
            continue
        elif not found and clause.verb == "pull" and has("main|master|changes|latest|§code", clause.words):
            continue  # before the act proper: “pull main, then tag”
        elif not found and clause.verb == "push" and (commits or "version.commit" in said) and _is_general(clause):
            continue  # version.commit pushes what it commits
        if found:
            said += [one for one in found.split(",") if one not in said]
        elif clause.verb and (number == 0 or clause.verb not in SEE | {"note", "see", "remember"}) and unknown is None:
            unknown = clause
        elif not clause.verb and number == 0 and len(clauses) == 1:
            return [], None, False
    return said, unknown, commits


def _is_commit(clause: Clause) -> bool:
    return clause.verb == "commit" and _is_general(clause)


def _is_general(clause: Clause) -> bool:
    """Whether its object is what was changed just now, or nothing."""
    general = all(one[-1] in _CHANGED and all(word in _CHANGED_BEFORE for word in one[:-1]) for one in clause.nouns)
    others = r"develop|branch(?!es)|tag|docs?|documentation|dev|submodule|pull|prs?|feature|merge|except"
    return general and not has(others, clause.rest)


def _coordinated(clause: Clause) -> str:
    """Issues and pull requests of the milestone in one sentence."""
    if len(clause.nouns) < 2:
        return ""
    found = [action_of_clause(replace(clause, nouns=(one,))) for one in clause.nouns]
    return ",".join(dict.fromkeys(found)) if all(one.startswith("milestone.") for one in found) else ""


def _follows(clause: Clause, said: Sequence[str]) -> bool:
    """Whether it pushes what the clause before has made."""
    if clause.verb != "push" or "tag.create" not in said:
        return False
    named = all(one in (("it",), ("them",)) for one in clause.nouns)
    return named and not has("branch|main|master|commit|changes", clause.rest)


def _in_place(found: Recognised, reading: Reading, commands: Commands, around: Surroundings) -> Recognised:
    """What was recognised, unless what stands around speaks against it."""
    name = found.action
    release_act = any(one.startswith(OF_RELEASE) for one in found.actions)
    if not release_act and OTHER in commands.acts:
        return Recognised(reason=f"{name} would fit, but it runs commands of its own")
    branches = {"main", "master", "default", around.branch}
    if name == "ci.branch" and (other := [one for one in reading.spans if one not in branches]):
        return Recognised(
            reason=f"{name} would fit, but it says “{other[0]}”; the branch of releases is {around.branch}"
        )
    doubt = first(MAYBE, reading.plain) or first(MAYBE, around.below[:400].casefold())
    if doubt and release_act and not (set(found.actions) == {"release.notes"} and "automatic" in doubt):
        return Recognised(reason=f"{name} would fit, but it says “{doubt}”")
    if release_act and (foreign := first(FOREIGN, " ".join(str(one) for one in reading.clauses[1:]))):
        return Recognised(reason=f"{name} would fit, but it says “{foreign}”")
    for one in around.above:
        where = first(AROUND, one.casefold())
        if where and (release_act or where in NEVER):
            return Recognised(reason=f"{name} would fit, but it stands under “{' '.join(one.split())[:60]}”")
    return found
