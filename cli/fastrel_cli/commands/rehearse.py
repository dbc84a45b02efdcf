"""`fastrel-checklist rehearse`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rehearse", short_help="Walk a whole release on a local GitHub.")
@click.argument("version", required=False, default="0.2.0")
@click.option("--guide", type=click.Path(path_type=Path), default=None, help="The guide to rehearse.")
@click.option("--interactive", is_flag=True, help="Ask you what the rehearsal would answer itself.")
@click.option("--serve", is_flag=True, help="Keep the local GitHub and the site up to look at.")
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Where the site is built.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the final report as JSON on standard output.")
def command(version: str, guide: Path | None, interactive: bool, serve: bool, site_dir: Path, as_json: bool) -> int:
    """Execute a whole release against a local GitHub: the same code as `run`, and nothing public happens.

    A server on 127.0.0.1 plays GitHub, CI, the container registry and the docs site for a sample project. Decisions
    that belong to people are answered by the rehearsal and shown as such.

    \b
    fastrel-checklist rehearse
    fastrel-checklist rehearse 0.1.1
    fastrel-checklist rehearse --interactive --serve
    """
    from fastrel_cli.rehearsal import rehearse

    return rehearse(version, guide, interactive=interactive, serve=serve, site_dir=site_dir, as_json=as_json)
