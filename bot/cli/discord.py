"""`waymark discord`: what a server's owner needs to add the bot."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import OK, run

if TYPE_CHECKING:
    from bot.settings import Settings


@click.group()
def discord() -> None:
    """Help to set Discord up."""


@discord.command("invite")
@click.option(
    "--read-only",
    is_flag=True,
    help="Without the permissions to post resources, notes and notices.",
)
def invite(*, read_only: bool) -> None:
    """Print the link that adds the bot to a server, with the least permissions it needs."""

    def job(settings: "Settings") -> int:
        from adapters.discord.invite import POSTING, READING, application_of, link
        from bot.cli.platforms import NO_DISCORD, misshapen, not_loaded
        from bot.settings import BadSettings

        token = settings.discord_token
        if token is None:
            raise BadSettings(not_loaded(Path()) or NO_DISCORD)
        application = application_of(token.get_secret_value())
        if application is None:
            raise BadSettings("\n".join(misshapen(settings)))
        names = READING if read_only else {**READING, **POSTING}
        click.echo(link(application, posts=not read_only))
        click.echo(f"It asks for: {', '.join(names)}.", err=True)
        return OK

    run(job)
