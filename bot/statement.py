"""The statements of a database that was kept: one for each of its desks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.cards.statement import statement_card
from bot.store.engine import Store, open_store
from bot.workers.statement import take_statement


class NothingKept(Exception):  # noqa: N818 - it says what there is not
    """There is nothing to state. The message is one line that says what to do."""


async def print_statements(database: str, day: date | None, on_line: Callable[[str], None]) -> bool:
    """Hand the statement of each desk to `on_line`; tell whether all of them add up.

    `day` None: the last day of each desk on which anything was counted. Raises NothingKept.
    """
    async with open_store(address_of(database)) as store:
        names = await store.desks.names()
        stated = [await _state(store, desk, names[desk], day, on_line) for desk in names]
    if all(adds_up is None for adds_up in stated):
        raise NothingKept(
            f"Nothing was counted{f' on {day}' if day else ''} in {database}:"
            " check --day, or fill it with waymark replay --into."
        )
    return False not in stated


async def _state(
    store: Store, desk: str, name: str, day: date | None, on_line: Callable[[str], None]
) -> bool | None:
    """State one desk's day; None when it counted nothing then."""
    days = await store.ledger.days(desk)
    if days is None or (
        day is not None and not any((await store.ledger.on_day(desk, day)).values())
    ):
        return None
    statement = await take_statement(store, desk, name, day or days[1], waiting=None)
    on_line(statement_card(statement).text)
    return statement.adds_up


def address_of(database: str) -> str:
    """Give the store's address. A file that is not there is not made: it would state nothing."""
    if "://" in database:
        return database
    path = Path(database).absolute()
    if not path.is_file():
        raise NothingKept(
            f"There is no database {database}. Name the one that `waymark run` keeps (its --into)."
        )
    return f"sqlite:///{path}"
