"""`fastrel-checklist page`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import VERSION, project


@click.command("page")
@VERSION
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="The file, such as public/release.html; `-` for standard output. Its folder must exist.",
)
@click.option(
    "--snapshot",
    metavar="ADDRESS",
    default="",
    help="Where the page reads newer state: a snapshot that the site publishes, by its URL or its path from the "
    "page. Without it the page asks GitHub for the release issue.",
)
@click.option("--no-refresh", is_flag=True, help="The page asks nobody for newer state.")
@click.option("--language", default="en", show_default=True, help="The language of its words: en, de or fr.")
@project
def command(
    version: str, output: Path, snapshot: str, no_refresh: bool, language: str, guide: Path | None, repo: str
) -> None:
    """Write the guide with its live state as one HTML file, for a site that is not built with MkDocs.

    It looks and works as on a MkDocs site: styles and scripts are in the file, and nothing else is loaded. In the
    browser it refreshes itself. What the token may see stands in the file: use one that sees no more than the readers.

    \b
    fastrel-checklist page --output public/release.html
    fastrel-checklist page --output public/release.html --snapshot fastrel.json
    """
    from fastrel_cli.guide_page import page_text, require_page
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.output_file import write_output
    from fastrel_cli.streams.verbosity import say

    require_page()
    session = session_here(guide, repo)
    text, shown = page_text(session, version, snapshot=snapshot, refresh=not no_refresh, language=language)
    write_output(output, text)
    if str(output) != "-":
        say(f"{output}: release {shown}")
