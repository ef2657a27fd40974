"""A training's summary as one page that needs nothing from anywhere, to be kept or printed."""

from bot.cards.scenario import Debrief
from bot.reports.template import fill


def render(debrief: Debrief, who: str, when: str) -> str:
    """Give the whole page. `who` trained, `when` is the day in words."""
    return fill("scenario.html", debrief=debrief, who=who, when=when)
