"""`fastrel-checklist rehearse`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import project


@click.command("rehearse")
@click.argument("version", required=False, default="")
@project
@click.option("--sample", is_flag=True, help="The sample project, also in a checkout of your own.")
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), help="Only read the state from GitHub, into this file."
)
@click.option(
    "--from",
    "saved",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the state from this file, without asking GitHub.",
)
@click.option("--scripts", is_flag=True, help="Run the guide's scripts, too, in the throw-away clone.")
@click.option("--interactive", is_flag=True, help="Ask you what the rehearsal would answer itself.")
@click.option("--serve", is_flag=True, help="Sample only: keep the local GitHub and the site up to look at.")
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Sample only: where the site is built; else in a new temporary folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the final report as JSON on standard output.")
def command(
    version: str,
    guide: Path | None,
    repo: str,
    sample: bool,
    save: Path | None,
    saved: Path | None,
    scripts: bool,
    interactive: bool,
    serve: bool,
    site_dir: Path | None,
    as_json: bool,
) -> int:
    """Execute a whole release against a local GitHub: the same code as `run`, and nothing public happens.

    In a checkout with a guide, your own release is rehearsed: its history in a throw-away clone, with the milestone,
    issues, pull requests and labels that GitHub has now, or had when they were saved. At the end you see what the
    release would do: each commit with its diff, the tag, the notes, what moves. Your checkout and GitHub are only
    read, and once the rehearsal has begun, nothing leaves this machine.

    Without a guide here, or with --sample, a sample project is released, with its own guide. A server on 127.0.0.1
    plays GitHub, CI, the container registry and the docs site. Decisions that belong to people are answered by the
    rehearsal and shown as such.

    \b
    fastrel-checklist rehearse
    fastrel-checklist rehearse 0.1.1
    fastrel-checklist rehearse --save state.json
    fastrel-checklist rehearse --from state.json
    fastrel-checklist rehearse --sample --interactive --serve
    """
    from fastrel_cli.rehearsal.own_project import Wishes, rehearse_own
    from fastrel_cli.rehearsal.sample_project import SAMPLE_VERSION, rehearse
    from fastrel_cli.rehearsal.subject import Own, Sample, subject
    from fastrel_cli.streams.verbosity import say

    what = Sample(guide) if sample else subject(guide, repo)
    if isinstance(what, Own):
        wishes = Wishes(version, saved, save, scripts, interactive, as_json)
        return rehearse_own(what.worktree, what.guide, wishes)
    if save or saved:
        from fastrel.errors import UsageError

        raise UsageError(
            "There is no release of your own here to rehearse.",
            done="Nothing was started.",
            next_step="Change into a checkout whose guide names its repository.",
        )
    if what.why:
        say(what.why)
    return rehearse(
        version or SAMPLE_VERSION, what.guide, interactive=interactive, serve=serve, site_dir=site_dir, as_json=as_json
    )
