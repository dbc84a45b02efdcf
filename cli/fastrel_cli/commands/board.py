"""`fastrel-checklist board`."""

from __future__ import annotations

import json

import click

from fastrel_cli.options import JSON


@click.command("board")
@click.argument("places", nargs=-1, metavar="[ORG|OWNER/NAME]...")
@click.option("--label", default="release", show_default=True, help="The label of the release issues.")
@click.option("--archived", is_flag=True, help="Archived repositories of an owner, too.")
@click.option("--forks", is_flag=True, help="Forks of an owner, too.")
@JSON
def command(places: tuple[str, ...], label: str, archived: bool, forks: bool, as_json: bool) -> None:
    """Every release in progress, those that need attention first.

    Give an organization or a user for all its repositories. The default is the owner of the current repository. The
    table shows the checkboxes of the release issues; `status` verifies them. With a token, 100 repositories cost one
    request.

    \b
    fastrel-checklist board
    fastrel-checklist board ServiceNow
    fastrel-checklist board ServiceNow/Fast-LLM octocat/hello-world --json
    """
    from fastrel.board.board import board_json, board_of
    from fastrel.board.fetch import open_issues
    from fastrel.engine.session import utc_now
    from fastrel.errors import UsageError
    from fastrel.github.transport.connection import connection_from_environment
    from fastrel_cli.sessions import client_of, repository_here
    from fastrel_cli.terminal.board import show_board
    from fastrel_cli.terminal.spinner import reading

    connection = connection_from_environment()
    client = client_of(connection)
    wanted = places or tuple(filter(None, [repository_here().partition("/")[0]]))
    if not wanted:
        raise UsageError(
            "No organization, user or repository was given, and the current folder has no repository.",
            done="Nothing was asked.",
            next_step="Name organizations, users or repositories.",
        )
    with reading("GitHub"):
        found = open_issues(client, wanted, label, archived=archived, forks=forks)
    board = board_of(found, wanted, utc_now(), client.requests)
    if as_json:
        click.echo(json.dumps(board_json(board), indent=2, ensure_ascii=False))
    else:
        show_board(board)
