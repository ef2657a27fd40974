"""Who and what there is in the soak: one desk, two people on duty, and what members write."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from tests.support.build import account
from tests.support.build import desk as plain_desk

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = b"k" * 40
ADA, BO, LAST = account("101"), account("102"), account("199")
GRAVE, URGENT, ORDINARY = "i want to kill myself", "i wish i was dead", "hello everybody"
PAGES = 6


def desk() -> Desk:
    people = (Practitioner("Ada", ADA), Practitioner("Bo", BO))
    return replace(plain_desk(), practitioners=people, last_resort=LAST, pages_per_person=PAGES)


def author(number: int) -> AccountRef:
    return account(f"member {number}")
