"""`waymark check`: check the files that people edit."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import CONFIG, OK, run
from bot.cli.option import DESK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.data.rules import Caution
    from bot.domain.desk import Desk
    from bot.domain.scenario import Scenario
    from bot.knowledge import Knowledge
    from bot.settings import Settings

UNVETTED = (
    "No resource is vetted, so members are shown none, and no question is answered with one."
    ' README, "What is said in public", says how.'
)
UNASKED = (
    "Worth a second look: with consent: notice_opt_out members are read before they said yes. In"
    " the EU, the EEA and the UK (region {region}) we advise opt_in. Ask somebody who knows your"
    " law."
)
NO_COUNTRY = (
    "region: {region} is no country (ISO 3166). So members are told no emergency number, and no"
    " helpline or resource of their own country. Write a country such as IE, or a part of one such"
    " as GB-SCT."
)


@click.command()
@click.option("--into", help="Check the calendars that this database is subscribed to as well.")
@click.option(
    "--all", "whole", is_flag=True,
    help="List also what in the cue files of this release deserves a second look.",
)  # fmt: skip
@DESK
def check(*, into: str | None, whole: bool, desk_config: Path) -> None:
    """Check the files that people edit, and show which helplines members see.

    They are cues, resources, claims, helplines, scenarios and the desk's own settings.
    """

    def job(settings: "Settings") -> int:
        from bot.cli.platforms import untokened
        from bot.data.desk import SHIPPED
        from bot.data.rules import cautions
        from bot.policy.privacy import asks_too_little
        from bot.policy.resource import is_vetted
        from bot.reports.helplines import helpline_lines, not_shown

        desk, scenarios, knowledge = _loaded(settings, desk_config)
        lines, today = knowledge.helplines.lines, datetime.now(UTC).date()
        is_own = desk_config != SHIPPED
        resources = knowledge.catalogue.resources
        vetted = sum(is_vetted(one, today) for one in resources)
        near, far = not_shown(lines, desk, today)
        found = _found(settings, desk, into, is_own=is_own)
        no_token = untokened(settings, desk) if is_own else ""
        if is_own and settings.helplines != type(settings)().helplines:  # theirs to mend
            found, near = [*found, *near], ()
        for line in (*knowledge.gaps, *found):
            click.echo(line, err=True)
        example = "" if is_own else " (the example; name yours by --desk-config)"
        click.echo(
            f"{_verdict(knowledge.gaps, found, no_token)}:"
            f" rules {knowledge.versions.ruleset}, model {knowledge.versions.model},"
            f" {len(resources)} resources, {vetted} of them vetted,"
            f" {len(knowledge.registry.claims)} claims,"
            f" {len(lines)} helplines, {len(scenarios)} scenarios,"
            f" desk {desk.name}{example}."
        )
        looks = _second_looks(*cautions(settings.cues), whole=whole)
        notes = (
            *((no_token,) if no_token else ()),
            *(() if vetted else (UNVETTED,)),
            *((UNASKED.format(region=desk.region),) if is_own and asks_too_little(desk) else ()),
        )
        for line in (*helpline_lines(lines, desk, today), *notes, *near, *far, *looks):
            click.echo(line)
        return CONFIG if knowledge.gaps or found else OK

    run(job)


def _second_looks(
    own: "Sequence[Caution]", released: "Sequence[Caution]", *, whole: bool
) -> "Iterator[str]":
    """Name each of one's own; of those that came with the release say how many there are."""
    from bot.cards.count import figure

    if own:
        yield f"Worth a second look in your cue files: {figure(len(own), 'exception')}."
        yield from map(str, own)
    if released:
        known = f"{figure(len(released), 'exception')} in the cue files of this release"
        yield f"Worth a second look: {known}{'' if whole else ' (--all lists them)'}."
    if whole:
        yield from map(str, released)


def _loaded(
    settings: "Settings", desk_config: Path
) -> "tuple[Desk, tuple[Scenario, ...], Knowledge]":
    """Load all, so that the mistakes of all files show at once. Raises BadFile."""
    from bot.data.desk import load_desk
    from bot.data.scenario import load_scenarios
    from bot.data.yamlfile import BadFile, tried
    from bot.knowledge import load_knowledge

    mistakes: list[str] = []
    desk = tried(lambda: load_desk(desk_config), mistakes)
    scenarios = tried(lambda: load_scenarios(settings.scenarios), mistakes)
    thresholds = desk.thresholds if desk else None
    knowledge = tried(lambda: load_knowledge(settings, thresholds), mistakes)
    if desk is None or scenarios is None or knowledge is None:
        raise BadFile("\n".join(mistakes))
    return desk, scenarios, knowledge


def _verdict(gaps: "Sequence[str]", found: "Sequence[str]", no_token: str) -> str:
    if gaps:
        return "Not all is there"
    if found:
        return "Something is to be mended"
    return "The files are good" if no_token else "All good"


def _found(settings: "Settings", desk: "Desk", into: str | None, *, is_own: bool) -> list[str]:
    """Say what is no token, who could not be told of an alert, and which calendars are doubted.

    The example's people are of a replay.
    """
    from bot.cli.platforms import halves, meant, misshapen, unreached, unstaffed, unused
    from bot.domain.region import is_country

    there = meant(settings, desk) if is_own else ()
    lost = [*halves(settings), *unreached(desk, there), *unused(desk, there)] if there else []
    return [
        *misshapen(settings),
        *(unstaffed(desk) if is_own else ()),
        *((NO_COUNTRY.format(region=desk.region),) if not is_country(desk.region) else ()),
        *lost,
        *([] if into is None else _doubted_calendars(settings, desk, into)),
    ]


def _doubted_calendars(settings: "Settings", desk: "Desk", into: str) -> list[str]:
    """Say of which calendars people would be told, in a line each."""
    import asyncio
    from datetime import UTC, datetime

    from bot.cards.finding import finding_fields
    from bot.cli.calendar import kept_calendars, wrong_key
    from bot.policy.calendar import findings

    kept = asyncio.run(kept_calendars(settings, desk, into))
    found = findings([each.one for each in kept], datetime.now(UTC))
    said = [f"{field.name}: {field.value}" for field in finding_fields(found)]
    locked = [each.one.name for each in kept if each.is_locked]
    return [*said, *([wrong_key(settings, into, locked)] if locked else [])]
