"""What members of a desk are shown of helplines, and what of the list needs a look."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.desk import Desk
from bot.domain.helpline import Helpline
from bot.domain.region import reach
from bot.policy.helpline import by_confirmation, doubt, is_confirmed, of_desk
from bot.policy.hours import route


def helpline_lines(lines: Sequence[Helpline], desk: Desk, today: date) -> Iterator[str]:
    """Say which are shown, and which regions there are."""
    shown = of_desk(lines, desk, today)
    number, directory = route(desk.region).number, route(desk.region).directory
    yield f"What /help-now shows first at this desk (region {desk.region or 'unknown'}):"
    yield f"  emergency number: {number or 'none known; members are told to call the local one'}"
    for line in shown:
        yield f"  {line.name}: {_ways(line)}. {_standing(line)}"
    if not shown:
        yield f"  no helpline: none of the list holds here. Members see {directory} alone."
    elif not all(map(is_confirmed, shown)):
        yield '  Nobody of your desk has confirmed these. README, "Helplines", says how.'
    yield from _held_back(*by_confirmation(lines, desk.region, today), desk.region)
    yield f"Helplines by region: {', '.join(_by_region(lines))}."


def not_shown(
    lines: Sequence[Helpline], desk: Desk, today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name those whose check does not hold any more, and why: of the desk's region, and others."""
    near, far = [], []
    for line in lines:
        if (why := doubt(line, today)) is None:
            continue
        said = f"Not shown: {line.id}, because {why}. Look at {line.source}."
        if reach(line.regions, desk.region) is None:
            far.append(said)
        else:
            near.append(f"{said} It is of your region: mend the row, or take it out.")
    return tuple(near), tuple(far)


def _held_back(
    confirmed: Sequence[Helpline], starter: Sequence[Helpline], region: str
) -> Iterator[str]:
    """Say what a first confirmed line keeps from being shown."""
    if confirmed and starter:
        are = "is" if len(starter) == 1 else "are"
        yield (
            f"  {region}: {len(confirmed)} confirmed, {len(starter)} more {are} not shown until"
            f" somebody confirms {'it' if len(starter) == 1 else 'them'}:"
            f" {', '.join(line.id for line in starter)}."
        )


def _by_region(lines: Sequence[Helpline]) -> Iterator[str]:
    """Count each region's lines, and how many of them somebody has confirmed."""
    counts = Counter(region for line in lines for region in line.regions)
    known = Counter(region for line in lines if is_confirmed(line) for region in line.regions)
    for region in sorted(counts):
        yield f"{region} {counts[region]}{f' ({known[region]} confirmed)' if known[region] else ''}"


def _ways(line: Helpline) -> str:
    ways = (
        f"call {' or '.join(line.call)}" if line.call else "",
        f"text {line.text}" if line.text else "",
        f"chat {line.chat}" if line.chat else "",
    )
    return ", ".join(filter(None, ways))


def _standing(line: Helpline) -> str:
    return f"Checked on {line.checked_on} ({line.checked_by})."
