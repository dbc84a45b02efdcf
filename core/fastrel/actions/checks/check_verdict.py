"""The verdict on the check results of a commit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from statistics import median

from fastrel.github.check_results import GREEN
from fastrel.github.model import CheckResult
from fastrel.report.verdict import Link, Verdict, done, failed, waiting

SHOWN = 3
"""How many results a summary names before it counts the rest."""
REGISTERED = 600
"""Seconds after which a check that is not registered is not expected any more."""


def listed(text: str) -> list[str]:
    """The names in a parameter, separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def without(
    results: Sequence[CheckResult], ignored: Sequence[str], required: Sequence[str] = ()
) -> tuple[tuple[CheckResult, ...], tuple[CheckResult, ...]]:
    """The results that count, and those whose names fit one of the patterns. What is required always counts."""
    left_out = tuple(
        one
        for one in results
        if one.name not in required and any(one.name == name or fnmatchcase(one.name, name) for name in ignored)
    )
    return tuple(one for one in results if one not in left_out), left_out


def judge(
    results: Sequence[CheckResult],
    subject: str,
    url: str,
    required: Sequence[str] = (),
    left_out: Sequence[CheckResult] = (),
) -> Verdict:
    """The verdict on the checks of a commit. No result at all means that none is registered yet, so: waiting.

    `subject` names the commit in the summary, `required` names checks that must be among the results. One red result
    is enough to fail, whatever is still running. `left_out` are results that do not count and are named.
    """
    verdict = _judged(results, subject, url, required)
    return replace(verdict, summary=f"{verdict.summary}; not counted: {_names(left_out)}") if left_out else verdict


def _judged(results: Sequence[CheckResult], subject: str, url: str, required: Sequence[str]) -> Verdict:
    red = [one for one in results if one.conclusion and one.conclusion not in GREEN]
    if red:
        return failed(f"red on {subject}: {_names(red)}", *(Link(one.name, one.url) for one in red[:SHOWN] if one.url))
    missing = sorted(set(required) - {one.name for one in results})
    running = [one for one in results if not one.conclusion]
    evidence = Link(subject, url)
    if running:
        part = (len(results) - len(running), len(results))
        words = f"{len(running)} of {len(results)} still running on {subject}: {_names(running)}"
        return waiting(words, evidence, part=part)
    if missing:
        return waiting(f"not registered yet on {subject}: {', '.join(missing)}", evidence, patience=REGISTERED)
    if not results:
        return waiting(f"no check is registered yet on {subject}", evidence, patience=REGISTERED)
    return done(f"{len(results)} {'check is' if len(results) == 1 else 'checks are'} green on {subject}", evidence)


def expected(runs: Sequence[CheckResult], earlier: Sequence[CheckResult], now: datetime) -> float | None:
    """In how many seconds the workflow runs will have ended if each takes as long as those of the same workflow usually
    do. None where that is not known of each, or where they take longer already."""
    left: list[float] = []
    for run in runs:
        if run.conclusion:
            continue
        took = [one.seconds for one in earlier if one.workflow == run.workflow and one.seconds is not None]
        if not took or run.began is None:
            return None
        left.append(median(took) - (now - run.began).total_seconds())
    longest = max(left, default=0.0)
    return longest if longest > 0 else None


def _names(results: Sequence[CheckResult]) -> str:
    shown = ", ".join(f"{one.name} ({one.conclusion or one.status})" for one in results[:SHOWN])
    return f"{shown} and {len(results) - SHOWN} more" if len(results) > SHOWN else shown
