"""`fastrel-checklist twin`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("twin")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    show_default="a free one",
    help="Port on 127.0.0.1.",
)
@click.option("--guide", type=click.Path(path_type=Path), default=None, help="The guide that the sample project gets.")
def command(port: int, guide: Path | None) -> None:
    """Start a local server that behaves like GitHub, with a sample project, until Ctrl-C.

    Nothing leaves this machine. Set the printed variables in another terminal and try every command.

    \b
    fastrel-checklist twin --port 8080
    """
    import shlex
    import tempfile
    import threading

    from fastrel_cli.rehearsal.sample_project import local_github, sample_guide

    try:
        with tempfile.TemporaryDirectory(prefix="fastrel-twin-") as folder:
            root = Path(folder)
            with local_github(root, sample_guide(guide), port=port) as (twin, clone, token):
                click.echo(f"GitHub:   {twin.url}/ServiceNow/Fast-LLM")
                click.echo(f"Checkout: {clone}")
                click.echo("\nIn another terminal:\n")
                click.echo(f"  export GITHUB_API_URL={twin.api_url} GH_TOKEN={token}")
                click.echo(f"  cd {shlex.quote(str(clone))}")
                click.echo("  fastrel-checklist status\n  fastrel-checklist open 0.2.0\n  fastrel-checklist run 0.2.0")
                click.echo("\nThe tokens of other people, to see what they may do:\n")
                for role, other in twin.tokens.items():
                    if other != token:
                        click.echo(f"  export GH_TOKEN={other}  # role {role}")
                click.echo("\nCtrl-C stops it.", err=True)
                threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
