"""`waymark check`: check the files that people edit."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import CONFIG, OK, run
from bot.cli.option import DESK

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command()
@DESK
def check(desk_config: Path) -> None:
    """Check the files that people edit, and show which helplines members see.

    They are cues, resources, claims, helplines, scenarios and the desk's own settings.
    """

    def job(settings: "Settings") -> int:
        from bot.data.desk import load_desk
        from bot.data.rules import cautions
        from bot.data.scenario import load_scenarios
        from bot.knowledge import load_knowledge
        from bot.reports.helplines import helpline_lines

        desk = load_desk(desk_config)
        scenarios = load_scenarios(settings.scenarios)
        knowledge = load_knowledge(settings, desk.thresholds)
        for gap in knowledge.gaps:
            click.echo(gap, err=True)
        click.echo(
            f"{'Not all is there' if knowledge.gaps else 'All good'}:"
            f" rules {knowledge.versions.ruleset}, model {knowledge.versions.model},"
            f" {len(knowledge.catalogue.resources)} resources,"
            f" {len(knowledge.registry.claims)} claims,"
            f" {len(knowledge.helplines.lines)} helplines, {len(scenarios)} scenarios,"
            f" desk {desk.name}."
        )
        for line in helpline_lines(knowledge.helplines.lines, desk, datetime.now(UTC).date()):
            click.echo(line)
        doubts = cautions(settings.cues)
        if doubts:
            click.echo(f"{len(doubts)} exceptions are worth a second look:")
        for doubt in doubts:
            click.echo(doubt)
        return CONFIG if knowledge.gaps else OK

    run(job)
