"""What the commands of an item do: its code blocks and code spans, parsed as shell words. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from fastrel.adopt.recognition.sentence import VERSION

OTHER = "other"
"""A command that does something that no action does."""
_HARMLESS = frozenset(
    {"cd", "echo", "export", "set", "pushd", "popd", "ls", "cat", "source", "read", "true", "open", "printf"}
)
_HARMLESS_GIT = frozenset(
    {"add", "status", "log", "diff", "fetch", "pull", "checkout", "switch", "show", "remote", "describe", "stash"}
    | {"rev-parse", "branch", "config", "shortlog", "ls-remote"}
)
_LOOKS = {"-l", "--list", "-v", "--verify", "-n", "--sort", "--contains", "--points-at"}
_DELETES = {"-d", "--delete"}
_WITH_VALUE = frozenset({"-m", "-F", "-u", "--message", "--file", "--local-user", "--cleanup", "-o", "--push-option"})
_VERSIONERS = {"poetry": "version", "hatch": "version", "pdm": "bump", "uv": "version"}
_OWN_TOOLS = re.compile(
    r"\b(?:bump2?version|bump-my-version|npm version|yarn version|pnpm version|cargo release|tbump|semantic-release|"
    r"cz bump|goreleaser|release-it|lerna publish|mvn release|gradlew release)\b"
)
_CANDIDATE = re.compile(r"(?i)\d[-.]?(?:rc|alpha|beta|a|b|pre)\.?\d*\b|(?<![a-z])rc\d*\b|candidate")
_DEV = re.compile(
    r"(?i)start development|back to dev|post-release|next (?:dev|development)|[-.+]dev\d*\b|snapshot|next version"
)
_OF_WORDS = re.compile(r"(?i)^\W*docs?\b|\b(?:changelog|release notes|history|news|readme|dependenc\w+)\b")
"""What a commit message says of a commit of texts."""
_BUMP = re.compile(r"(?i)\bbump|\bversion|v?\d+\.\d+|v?x\.y|\$\{?\w*version|<version>|\{\{ *(?:version|tag) *\}\}")


@dataclass(frozen=True, slots=True)
class Commands:
    """What the commands do, in order: actions, and `other` for what no action does."""

    acts: tuple[str, ...] = ()
    tool: str = ""
    """A program that does several steps by itself."""
    foreign: str = ""
    """Why they are no act of this release, such as a tag of something else."""

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(one for one in self.acts if one != OTHER)


def read_commands(blocks: Iterable[str], prefixes: tuple[str, ...] = ("v", "")) -> Commands:
    """The acts of commands. `prefixes` are what a tag of the project may begin with."""
    acts: list[str] = []
    tool = foreign = ""
    for line in _lines(blocks):
        found = _OWN_TOOLS.search(line)
        tool = tool or (found[0] if found else "")
        for words in _split(line):
            act = _act(words, prefixes)
            if act.startswith("!"):
                foreign = foreign or act[1:]
            elif act and act not in acts:
                acts.append(act)
    return Commands(tuple(acts), tool, foreign)


def _lines(blocks: Iterable[str]) -> list[str]:
    text = "\n".join(blocks).replace("\\\n", " ")
    lines = [re.sub(r"^\s*(?:[$>%]\s+)?", "", line) for line in text.split("\n")]
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _split(line: str) -> list[list[str]]:
    line = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"{{\1}}", line)
    line = re.sub(r"<([\w. -]+)>", lambda match: "{" + match[1].replace(" ", "_") + "}", line)
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split, lexer.commenters = True, "#"
    try:
        words = list(lexer)
    except ValueError:
        words = line.split()
    found: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set(";&|"):
            found.append([])
        else:
            found[-1].append(word)
    return [one for one in found if one]


def _act(words: list[str], prefixes: tuple[str, ...]) -> str:
    while words and (words[0] in ("sudo", "time", "env") or re.fullmatch(r"\w+=\S*", words[0])):
        words = words[1:]
    if not words or words[0] in _HARMLESS:
        return ""
    program, rest = words[0], words[1:]
    if program == "git" and rest:
        return _git(rest, prefixes)
    if program == "gh":
        return _gh(rest)
    if program in _VERSIONERS and rest[:1] == [_VERSIONERS[program]]:
        return "version.set" if rest[1:] else ""
    if program == "docker" and (rest[:1] == ["pull"] or rest[:2] == ["manifest", "inspect"] or "imagetools" in rest):
        return "image.available"
    return OTHER


def _git(words: list[str], prefixes: tuple[str, ...]) -> str:
    while len(words) > 1 and words[0] in ("-C", "-c"):
        words = words[2:]
    command, options = words[0], words[1:]
    if command == "commit":
        message = " ".join(options)
        if _DEV.search(message):
            return "version.commit-next"
        return "version.commit" if _BUMP.search(message) and not _OF_WORDS.search(message) else "commit"
    if command == "tag":
        return _tag(options, prefixes)
    if command == "push":
        return _push(options, prefixes)
    return "" if command in _HARMLESS_GIT else OTHER


def _operands(options: list[str]) -> list[str]:
    found: list[str] = []
    skip = False
    for word in options:
        if skip:
            skip = False
        elif word in _WITH_VALUE or re.fullmatch(r"-[a-zA-Z]*m", word):
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def _tag(options: list[str], prefixes: tuple[str, ...]) -> str:
    if any(
        one in ("-d", "-l", "--list", "--delete", "-v", "--verify", "-n", "--sort", "--contains", "--points-at")
        for one in options
    ):
        return "" if "-d" not in options and "--delete" not in options else OTHER
    names = _operands(options)
    if not names:
        return ""
    if _CANDIDATE.search(names[0]):
        return "!it is about a release candidate"
    return "tag.create" if is_tag(names[0], prefixes) else f"!{names[0]} is not a tag of this project's releases"


def _push(options: list[str], prefixes: tuple[str, ...]) -> str:
    if any(one in ("--delete", "-d", "--mirror", "--all", "-f", "--force") for one in options):
        return OTHER
    operands = _operands(options)
    refs = operands[1:]
    if refs[:1] == ["tag"]:
        refs = refs[1:]
    remote = operands[0] if operands else "origin"
    if any(_CANDIDATE.search(one) for one in refs):
        return "!it is about a release candidate"
    if (
        remote not in ("origin", "upstream", "github")
        and not re.match(r"[<{$]", remote)
        and (refs or "--tags" in options)
    ):
        # Many call the main remote by the project's name, but a sandbox is a remote, too.
        return f"!it pushes to the remote “{remote}”"
    tags = [one for one in refs if one.startswith("refs/tags/") or is_tag(one, prefixes) or "tag" in one.lower()]
    if refs and any(one.startswith(":") or one.startswith("+") for one in refs):
        return OTHER
    if tags or "--tags" in options or "--follow-tags" in options:
        return "tag.push" if len(tags) == len(refs) or "--follow-tags" in options else "push-all"
    return "push"


def is_tag(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a ref is named as the project's tags are, with a version or a placeholder for one."""
    name = name.removeprefix("refs/tags/")
    if re.fullmatch(r"v?(?:[A-Z]+_)?(?:VERSION|TAG)", name):
        return True
    for prefix in prefixes:
        if name.casefold().startswith(prefix.casefold()) and VERSION.fullmatch(_braced(name[len(prefix) :])):
            return True
    return VERSION.fullmatch(_braced(name)) is not None and "v" in prefixes


def _braced(name: str) -> str:
    return re.sub(r"^\$\((.*)\)$", r"$\1", name)


def _gh(words: list[str]) -> str:
    if words[:2] == ["release", "create"]:
        return "release.draft" if "--draft" in words or "-d" in words else "release.create"
    if words[:2] == ["release", "edit"] and "--draft=false" in words:
        return "release.publish"
    if words[:1] == ["api"] and any("milestones/" in one for one in words) and "state=closed" in words:
        return "milestone.close"
    return "" if words[1:2] in (["view"], ["list"], ["status"], ["watch"], ["checks"]) else OTHER
