"""The rules of protected branches and tags, as frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastrel.github.transport.fields import Fields


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a ruleset that applies to a branch or tag.

    Source: https://docs.github.com/en/rest/repos/rules
    """

    kind: str
    """`pull_request`, `required_signatures`, `commit_message_pattern`, `creation`, ..."""
    ruleset: int
    operator: str = ""
    """Of a pattern: `starts_with`, `ends_with`, `contains` or `regex`."""
    pattern: str = ""
    negate: bool = False

    @classmethod
    def read(cls, data: Fields, ruleset: int = 0) -> Rule:
        parameters = data.sub("parameters")
        return cls(
            data.text("type"),
            data.number("ruleset_id") or ruleset,
            parameters.text("operator"),
            parameters.text("pattern"),
            parameters.flag("negate"),
        )

    def allows(self, text: str) -> bool:
        """Whether a text fits the pattern, as the rule wants it; also where the pattern is none that Python knows."""
        try:
            fits = {
                "starts_with": text.startswith(self.pattern),
                "ends_with": text.endswith(self.pattern),
                "contains": self.pattern in text,
                "regex": self.operator == "regex" and re.search(self.pattern, text) is not None,
            }.get(self.operator)
        except re.error:
            return True
        return fits is None or fits is not self.negate


@dataclass(frozen=True, slots=True)
class BranchRules:
    """The rules that a push to the branch must meet."""

    takes_pushes: bool = True
    """Whether commits may be pushed to it without a pull request, as far as GitHub tells everybody."""
    checks: tuple[str, ...] = ()
    """Names of the checks that the branch requires."""
    rules: tuple[Rule, ...] = ()
    """All rules of rulesets that apply to it."""
