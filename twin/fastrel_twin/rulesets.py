"""Rulesets: the rules for pushes to branches and tags, in the words of GitHub's refusals.

Source: https://docs.github.com/en/rest/repos/rules; the texts are those of gleam-lang/gleam#6080 (pull request, status
checks), vercel/sandbox#169 (signatures) and opensearch-project/.github#531 (creation of tags).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import quote

REASONS = {
    "pull_request": "Changes must be made through a pull request.",
    "required_signatures": "Commits must have verified signatures.",
    "required_status_checks": "{count} of {count} required status checks are expected.",
    "creation": "Cannot create ref due to creations being restricted.",
    "update": "Cannot update this protected ref.",
    "workflows": "Required workflows must pass before the changes are merged.",
    "file_path_restriction": "File paths must not match the restricted ones.",
    "tag_name_pattern": "Tag name must match the pattern of the rule.",
    "commit_message_pattern": "Commit message must match the pattern of the rule.",
}
"""The last four are ours: GitHub's words for them are not known."""
_CONDITIONS = {"required_signatures": "unsigned", "creation": "new"}


@dataclass(slots=True)
class Ruleset:
    """Active rules of the repository: `rules` by their type, with their parameters."""

    id: int
    name: str
    target: str
    """`branch` or `tag`."""
    include: Sequence[str]
    """Full refs with `*`, `~ALL` or `~DEFAULT_BRANCH`."""
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    exclude: Sequence[str] = ()
    bypass: frozenset[str] = frozenset()
    """Logins that the rules do not bind."""
    inherited: bool = False
    """Whether it is one of the organization."""

    def applies_to(self, ref: str) -> bool:
        def named(patterns: Sequence[str]) -> bool:
            return any(fnmatchcase(ref, pattern) for pattern in map(self._pattern, patterns))

        kind = "heads" if self.target == "branch" else "tags"
        return ref.startswith(f"refs/{kind}/") and named(self.include) and not named(self.exclude)

    def _pattern(self, name: str) -> str:
        return {"~ALL": "*", "~DEFAULT_BRANCH": "refs/heads/main"}.get(name, name)


def hook_lines(rulesets: Sequence[Ruleset], url: str, name: str) -> str:
    """What the hook of the bare repository reads: pattern, who may bypass, when, and the reason, a tab between them."""
    lines = [f"{url}/{name}/rules\n"]
    for one in rulesets:
        everything = "refs/heads/*" if one.target == "branch" else "refs/tags/*"
        patterns = {"~ALL": everything, "~DEFAULT_BRANCH": "refs/heads/main"}
        for kind, parameters in one.rules.items():
            if kind not in REASONS:
                continue
            checks = parameters.get("required_status_checks")
            reason = REASONS[kind].format(count=len(checks) if isinstance(checks, list) else 1)
            bypass = f",{','.join(sorted(one.bypass))},"
            lines += [
                f"{patterns.get(include, include)}\t{bypass}\t{_CONDITIONS.get(kind, 'always')}\t{reason}\n"
                for include in one.include
            ]
    return "".join(lines)


def page_of(web: str, ref: str) -> str:
    """Where GitHub shows the rules of a ref."""
    return f"{web}/rules?ref={quote(ref, safe='')}"
