"""JSON on standard output."""

from __future__ import annotations

import json

import click

from fastrel.report.report import Report, report_json


def print_json(report: Report, **more: object) -> None:
    """A report in its documented form, with further fields of a command."""
    click.echo(json_text({**report_json(report), **more}))


def json_text(data: object) -> str:
    """JSON of which no line is a command for the runner of GitHub Actions; it says the same."""
    return json.dumps(data, indent=2, ensure_ascii=False).replace("##[", "##\\u005b")
