"""What members chose about being read, by the keyed hash of their account."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.privacy import Consent, Consented
from bot.store.database import Database
from bot.store.schema import CONSENT


@dataclass(frozen=True, slots=True)
class Consents:
    database: Database

    async def chosen(self, desk: str) -> list[Consented]:
        c = CONSENT.c
        statement = select(c.author, c.consent, c.at).where(c.desk == desk).order_by(c.author)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Consented(row.author, Consent(row.consent), row.at) for row in rows]
