"""What members chose about being read, by the keyed hash of their account."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from bot.domain.privacy import Consent, Consented
from bot.store.database import Database
from bot.store.remark import erase_sealed
from bot.store.schema import ALERT, CONSENT, DECISION, OPEN_OUTPUT, OUTPUT

NOBODY = ""  # stands where an author was forgotten


@dataclass(frozen=True, slots=True)
class Consents:
    database: Database

    async def chosen(self, desk: str) -> list[Consented]:
        c = CONSENT.c
        statement = select(c.author, c.consent, c.at).where(c.desk == desk).order_by(c.author)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Consented(row.author, Consent(row.consent), row.at) for row in rows]


def forget_author(connection: Connection, desk: str, names: Sequence[str]) -> None:
    """Erase what ties decisions to their author, and where in a message a reason was seen.

    And what was noted about the author's cases in words. Cases go on; what counts needs none of it.
    What might still be said under a message keeps the newest of `names`, by which it is let go.
    """
    a, d, o = ALERT.c, DECISION.c, OUTPUT.c
    theirs = select(a.key).where(a.desk == desk, a.author.in_(names))
    erase_sealed(connection, desk, connection.execute(theirs).scalars().all())
    mine = (d.desk == desk, d.author.in_(names))
    connection.execute(update(DECISION).where(*mine).values(author=NOBODY, evidence=()))
    connection.execute(
        update(ALERT).where(a.desk == desk, a.author.in_(names)).values(author=NOBODY)
    )
    said = update(OUTPUT).where(o.desk == desk, o.author.in_(names))
    connection.execute(said.where(~OPEN_OUTPUT).values(author=NOBODY))
    connection.execute(said.where(OPEN_OUTPUT).values(author=names[0]))
