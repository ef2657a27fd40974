"""`waymark slack`: what it takes to put Waymark into a workspace."""

from typing import TYPE_CHECKING

import click

from bot.cli.job import OK, run

if TYPE_CHECKING:
    from bot.settings import Settings


@click.group()
def slack() -> None:
    """Put Waymark into a Slack workspace."""


@slack.command("manifest")
@click.option("--private", is_flag=True, help="Watch private channels too, where it is invited.")
@click.option("--join", is_flag=True, help="Let it go into public channels to post there.")
@click.option("--groups", is_flag=True, help="Let user groups say who is of the desk.")
@click.option("--pins", is_flag=True, help="Let it pin the notices of what it reads.")
@click.option("--organisation", is_flag=True, help="For all workspaces of an Enterprise Grid.")
@click.option(
    "--url", default="", metavar="URL",
    help="Public https address, for HTTP instead of Socket Mode; the path is added.",
)  # fmt: skip
@click.option("--name", default="Waymark", show_default=True, help="What the app is called.")
def manifest(  # noqa: PLR0913 - one argument for each option
    *, private: bool, join: bool, groups: bool, pins: bool, organisation: bool, url: str, name: str
) -> None:
    """Print the manifest that Slack makes the app from, with the least scopes and why each."""
    if url and not url.startswith("https://"):
        raise click.BadParameter("Slack calls https addresses alone.", param_hint="--url")

    def job(_: "Settings") -> int:
        import yaml

        from adapters.slack import manifest as drawn
        from adapters.slack.web import PATH
        from bot.commands.table import TABLE

        address = url.rstrip("/") + PATH if url else ""
        wanted = drawn.Wanted(private, join, groups, pins, organisation, address)
        written = yaml.safe_dump(drawn.manifest(TABLE, wanted, name), sort_keys=False)
        click.echo(drawn.explained(written, drawn.scopes(wanted)), nl=False)
        return OK

    run(job)
