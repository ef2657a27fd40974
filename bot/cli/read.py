"""`waymark read`: show how one message is read, and why."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import OK, run
from bot.cli.option import DESK

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command()
@click.argument("text")
@click.option(
    "--before",
    multiple=True,
    callback=lambda _context, _option, lines: _lines_before(lines),
    help='What was said before, oldest first: "me: ..." by the same person, "x: ..." by others.',
)
@DESK
def read(text: str, before: tuple[str, ...], desk_config: Path) -> None:
    """Show how Waymark reads one message, and why. For people who edit the cue files."""

    def job(settings: "Settings") -> int:
        from bot.cli.screen import Screen
        from bot.data.desk import load_desk
        from bot.knowledge import load_knowledge
        from bot.policy.decide import decide
        from bot.reports import why
        from bot.triage.language import Languages

        desk, now = load_desk(desk_config), datetime.now(UTC)
        knowledge = load_knowledge(settings, desk.thresholds)
        reading = knowledge.triage.read(text, sent_at=now, before=before)
        if before and not knowledge.triage.has_encoder:
            click.echo("Without the encoder what was said before makes no difference.", err=True)
        shelf, likeness = knowledge.shelf(now.date()), knowledge.likeness.of(text)
        decision = decide(reading, desk=desk, shelf=shelf, likeness=likeness)
        if Languages(knowledge.rules.languages).is_unread(text):
            click.echo(
                "This seems to be in a language that is not read yet. It is read as English."
            )
        why.render(text, reading, decision, Screen(), before=before)
        return OK

    run(job)


def _lines_before(lines: tuple[str, ...]) -> tuple[str, ...]:
    for line in lines:
        who, colon, said = line.partition(":")
        if who not in ("me", "x") or not colon or not said.strip():
            raise click.BadParameter(
                f'{line!r} does not say who spoke: write "me: ..." for the same person,'
                ' "x: ..." for anybody else.'
            )
    return tuple(f"{who}: {said.strip()}" for who, _, said in (one.partition(":") for one in lines))
