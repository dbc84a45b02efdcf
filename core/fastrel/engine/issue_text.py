"""The head and the lines of a release issue, from the guide and a report."""

from __future__ import annotations

from dataclasses import replace

from fastrel.engine.guide_changes import guide_place
from fastrel.engine.release_context import ReleaseContext
from fastrel.errors import GuideError
from fastrel.guide.template import LITERAL, render
from fastrel.report.report import Report
from fastrel.tracker.guide_text import around_steps, linker
from fastrel.tracker.new_body import Header, Line


def header_of(context: ReleaseContext, report: Report) -> Header:
    """What stands above the lines."""
    facts = context.repository.facts()
    path, commit = guide_place(context.guide, context.worktree)
    return Header(
        version=report.release.version,
        kind=report.release.kind.value,
        milestone_title=report.milestone.title if report.milestone else "",
        milestone_url=report.milestone.url if report.milestone else "",
        guide_path=path,
        guide_url=f"{facts.url}/blob/{commit or report.release.branch}/{path}",
        guide_commit=commit,
        base=report.release.base,
        tag=context.guide.settings.package,
        base_url=f"{facts.url}/commit/{report.release.base}" if report.release.base else "",
    )


def lines_as_in_the_guide(lines: list[Line], header: Header, context: ReleaseContext) -> list[Line]:
    """The lines with what the guide says around them, and with links that work in an issue."""
    literal = context.guide.settings.placeholders == LITERAL
    values = context.release.values(context.repository.name)

    def fill(text: str) -> str:
        try:
            return render(text, values, literal=literal)
        except GuideError:
            return text

    links = linker(context.guide.text, header.guide_url, header.guide_path)
    around = around_steps(context.guide, fill, header.guide_url, header.guide_path)
    return [replace(one, title=links(one.title), around=around.get(one.step_id)) for one in lines]
