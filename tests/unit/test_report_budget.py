"""The budget is for pages alone, so they share an axis; all alerts have one of their own."""

from xml.etree import ElementTree as ET

from bot.reports import chart
from tests.support.reports import eight_days


def axis_names() -> list[str]:
    made = chart.days(eight_days(400))
    assert made is not None
    root = ET.fromstring(made.svg)  # noqa: S314 - our own
    return ["".join(each.itertext()) for each in root.iter("text")]


def ticks(axes: int) -> list[int]:
    """Give the numbers on the upright axis of a panel, the first from the top."""
    made = chart.days(eight_days(400))
    assert made is not None
    root = ET.fromstring(made.svg)  # noqa: S314 - our own
    (panel,) = [each for each in root.iter("g") if each.get("id") == f"days-axes_{axes}"]
    texts = ["".join(each.itertext()) for each in panel.iter("text")]
    return [int(text) for text in texts if text.isdecimal()]


def test_read_alerts_and_pages_have_an_axis_each() -> None:
    assert {"Read", "All alerts", "Pages", "Budget for pages"} <= set(axis_names())


def test_the_axis_of_pages_is_not_stretched_by_other_alerts() -> None:
    pages, alerts = (
        max(getattr(day, f) for day in eight_days(400).days) for f in ("pages", "alerts")
    )
    assert pages < alerts
    assert max(ticks(3)) < alerts
    assert max(ticks(2)) >= 15
