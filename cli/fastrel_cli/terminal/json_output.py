"""JSON on standard output."""

from __future__ import annotations

import json

import click

from fastrel.report.report import Report, report_json


def print_json(report: Report, **more: object) -> None:
    """A report in its documented form, with further fields of a command."""
    click.echo(json.dumps({**report_json(report), **more}, indent=2, ensure_ascii=False))
