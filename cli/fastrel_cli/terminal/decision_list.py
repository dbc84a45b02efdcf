"""Many decisions as a list in an editor, a line for each, as `git rebase --interactive` has it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.actions.questions.prompts import Option


def decision_list(
    words: str, subjects: Sequence[str], options: Sequence[Option], default: str, problem: str = ""
) -> str:
    """The text that a person edits: the word of an option before each subject, explanations behind `#`."""
    width = max(len(one.value) for one in options)
    lines = [f"{default:<{width}}  {' '.join(subject.split())}" for subject in subjects]
    notes = [f"PROBLEM: {' '.join(problem.split())}", ""] if problem else []
    notes += [" ".join(words.split()), "", "The first word of each line says what happens:", ""]
    notes += [f"  {option.value:<{width}}  {' '.join(option.words.split())}" for option in options]
    notes += ["", "Lines stay in their order. Save to decide. Delete everything to stop without a decision."]
    return "\n".join([*lines, "", *(f"# {note}".rstrip() for note in notes)]) + "\n"


def read_decisions(text: str, subjects: Sequence[str], options: Sequence[Option]) -> list[str] | str:
    """The option's value for each subject, or what is wrong with the list, in words."""
    rows = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("# ")]
    rows = [row for row in rows if row != ["#"]]
    if len(rows) != len(subjects):
        return f"there are {len(rows)} lines for {len(subjects)} subjects"
    known = [option.value for option in options]
    for (word, *rest), subject in zip(rows, subjects, strict=True):
        if word not in known:
            return f"“{word}” is not one of {', '.join(known)}"
        if rest[:1] != [" ".join(subject.split())]:
            return f"the line “{' '.join([word, *rest])}” should be about {subject}"
    return [row[0] for row in rows]
