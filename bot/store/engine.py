"""Opens the store: connections, the schema brought up to date, the writer started."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.store.alert import Alerts
from bot.store.apart import Apart, Start
from bot.store.calendar import Calendars
from bot.store.database import BadDatabase, Database, Threads, connect
from bot.store.decision import Decisions
from bot.store.delivery import Deliveries
from bot.store.desk import Desks
from bot.store.duty import Duties
from bot.store.finding import Findings
from bot.store.joined import JoinedSpaces
from bot.store.ledger import Ledger
from bot.store.output import Outputs
from bot.store.page import Pages
from bot.store.practitioner import Practitioners
from bot.store.privacy import Consents
from bot.store.reach import Reach
from bot.store.remark import Remarks
from bot.store.retention import Retention
from bot.store.search import Searches
from bot.store.setup import Settings
from bot.store.space import Spaces
from bot.store.upgrade import bring_up_to_date
from bot.store.watch import Watches
from bot.store.writer import Writer

__all__ = ["BadDatabase", "Store", "open_store"]


@dataclass(frozen=True, slots=True)
class Store:
    """All that is kept, by noun."""

    desks: Desks
    decisions: Decisions
    alerts: Alerts
    deliveries: Deliveries
    searches: Searches
    ledger: Ledger
    findings: Findings
    pages: Pages
    practitioners: Practitioners
    duties: Duties
    remarks: Remarks
    spaces: Spaces
    joined: JoinedSpaces
    outputs: Outputs
    consents: Consents
    settings: Settings
    watches: Watches
    retention: Retention
    calendars: Calendars
    reach: Reach


@asynccontextmanager
async def open_store(url: str, start: Start | None = None) -> AsyncIterator[Store]:
    """Open `sqlite:///FILE` or `postgresql://HOST/NAME`; BadDatabase says why it cannot be used.

    With `start` SQLite works at another end, which is started so. The end of the block waits until
    all that was submitted is on disk.
    """
    database = connect(url)
    if start is not None and isinstance(database.beside, Threads):
        await database.beside.close()
        address = database.engine.url.set(drivername="sqlite").render_as_string()
        database = replace(database, beside=Apart(address, start))
    try:
        await bring_up_to_date(database)
        async with Writer(database) as writer:
            yield _store(database, writer)
    finally:
        await database.close()


def _store(database: Database, writer: Writer) -> Store:
    return Store(
        desks=Desks(database, writer),
        decisions=Decisions(database, writer),
        alerts=Alerts(database, writer),
        deliveries=Deliveries(database, writer),
        searches=Searches(database, writer),
        ledger=Ledger(database, writer),
        findings=Findings(database, writer),
        pages=Pages(database, writer),
        practitioners=Practitioners(database),
        duties=Duties(database),
        remarks=Remarks(database, writer),
        spaces=Spaces(database, writer),
        joined=JoinedSpaces(database, writer),
        outputs=Outputs(database),
        consents=Consents(database),
        settings=Settings(database),
        watches=Watches(database),
        retention=Retention(database, writer),
        calendars=Calendars(database, writer),
        reach=Reach(database, writer),
    )
