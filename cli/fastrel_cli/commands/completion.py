"""`fastrel-checklist completion`."""

from __future__ import annotations

import os

import click

INSTALL = {
    "bash": 'Put into ~/.bashrc:  eval "$(fastrel-checklist completion bash)"',
    "zsh": 'Put into ~/.zshrc, behind compinit:  eval "$(fastrel-checklist completion zsh)"',
    "fish": "Type:  fastrel-checklist completion fish > ~/.config/fish/completions/fastrel-checklist.fish",
}


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(tuple(INSTALL)))
def command(shell: str | None) -> None:
    """Print the script that completes commands, options, the steps of the guide and versions after Tab.

    Without SHELL: that of the environment variable SHELL. The first line of the script says how to install it. Steps
    come from the guide here, versions from the tags of this checkout; nothing is asked over the network.

    \b
    fastrel-checklist completion bash
    fastrel-checklist completion fish
    """
    from click.shell_completion import get_completion_class

    from fastrel.errors import UsageError
    from fastrel_cli.completion import VARIABLE

    name = shell or os.path.basename(os.environ.get("SHELL", ""))  # noqa: PTH119  # a name, not a file
    found = get_completion_class(name) if name in INSTALL else None
    if found is None:
        raise UsageError(
            f"There is no completion for {f'the shell “{name}”' if name else 'an unknown shell'}.",
            done="Nothing was printed.",
            next_step=f"Name one of {', '.join(INSTALL)}.",
        )
    click.echo(f"# {INSTALL[name]}")
    script = found(click.get_current_context().find_root().command, {}, "fastrel-checklist", VARIABLE).source()
    # Click's script for fish cuts a description at its first comma.
    click.echo(script.replace('string split "," ', 'string split --max 1 "," '))
