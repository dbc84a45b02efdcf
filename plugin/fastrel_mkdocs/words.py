"""The words of the page. A language is one module of `languages`; what it lacks is shown in English."""

from __future__ import annotations

from collections.abc import Mapping

from fastrel_mkdocs.languages.english import ENGLISH
from fastrel_mkdocs.languages.french import FRENCH
from fastrel_mkdocs.languages.german import GERMAN

TABLES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}
_TABLES = {language: {**ENGLISH, **table} for language, table in TABLES.items()}
"""With the English words where a language lacks one. Each page of a site has its words."""


class Words:
    """The words of one language; `words("key", name=value)` fills a sentence."""

    def __init__(self, language: str = "en") -> None:
        code = language.lower().replace("_", "-").split("-")[0]
        self.language = code if code in TABLES else "en"
        self._table = _TABLES[self.language]

    def __call__(self, key: str, **values: object) -> str:
        text = self._table[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def number(self, one: str, more: str, count: int) -> str:
        """A sentence for one, or for several."""
        return self(one) if count == 1 else self(more, count=count)

    def for_script(self) -> dict[str, str]:
        """The words that the script needs: where they differ from English, which it knows."""
        return {key: text for key, text in self._table.items() if ENGLISH[key] != text and key in SCRIPT}


SCRIPT = frozenset({
    "done", "todo", "waiting", "failed", "manual", "blocked",
    "skipped", "unknown", "count", "is_finished", "is_ended", "is_failed_one", "is_failed",
    "is_waiting", "is_manual", "is_todo", "is_blocked", "is_unknown", "contradicted_one",
    "contradicted_more", "next", "failed_step", "needs", "milestone_count", "closed", "ticks_read",
    "refresh_failed", "refresh_wait", "server_wait", "no_answer", "refresh_gone",
    "unreadable", "other_release", "other_steps", "no_state", "contradicted",
    "unconfirmed", "by", "by_hand", "skipped_by", "skipped_hand", "step",
    "copied", "blocked_by", "and_more", "given_up", "notes", "compare",
    "day", "days", "hour", "hours", "minute", "minutes",
    "moment", "a_overdue", "a_unverified_one", "a_unverified", "a_finished", "a_quiet",
    "nothing_left", "no_steps",
})  # fmt: skip
"""The keys that fastrel.js has in English."""
