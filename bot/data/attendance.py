"""Whose an event of a calendar is: who was invited, or whom its title or its maker names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Event

from bot.domain.duty import Rank
from bot.domain.practitioner import Practitioner

WHO = "X-WAYMARK-WHO"  # what our own export says, past all doubt
_BACKUP = re.compile(r"\bbackup\b", re.IGNORECASE)


class Unusable(Exception):  # noqa: N818 - names one event's trouble on its way to a list of them
    """An event is no shift. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Knows the desk's people by what calendars call them.

    Who is invited counts before the title, and the title before the organizer: who made an
    event is often only who makes the rota.
    """

    people: Sequence[Practitioner]

    def of(self, event: Event) -> list[tuple[Practitioner, Rank]]:
        """Give the people of an event, the primary first. Raises Unusable."""
        rank = _rank(event)
        if WHO in event:
            return [(self._by_key(str(event[WHO])), rank)]
        invited = _all(event, "ATTENDEE")
        if invited:
            return self._attending(invited, rank)
        titled = self._titled(str(event.get("SUMMARY", "")))
        if len(titled) > 1:
            names = " and ".join(person.name for person in titled)
            raise Unusable(f"its title names {names}. Invite them, or make an event for each.")
        made_by = [person for each in _all(event, "ORGANIZER") if (person := self._address(each))]
        found = titled or made_by[:1]
        if not found:
            raise Unusable(
                "it names nobody of this desk. Invite a practitioner by the email that the desk"
                " file has, or write their name in the title."
            )
        return [(found[0], rank)]

    def _attending(self, invited: list[Any], rank: Rank) -> list[tuple[Practitioner, Rank]]:
        coming = [each for each in invited if _said(each, "PARTSTAT") != "DECLINED"]
        if not coming:
            raise Unusable("everybody invited has declined. Invite somebody else.")
        known = [(person, each) for each in coming if (person := self._address(each))]
        if not known:
            raise Unusable(
                f"{_name(coming[0])} is no practitioner of this desk. Add that email to one in"
                " the desk file."
            )
        ranks = (rank if n == 0 else Rank.BACKUP for n in range(len(known)))
        return [
            (person, Rank.BACKUP if _said(each, "ROLE") == "OPT-PARTICIPANT" else given)
            for (person, each), given in zip(known, ranks, strict=True)
        ]

    def _by_key(self, key: str) -> Practitioner:
        found = next((person for person in self.people if person.key == key), None)
        if found is None:
            raise Unusable(f"{key} is no practitioner of this desk. Add them to the desk file.")
        return found

    def _address(self, address: Any) -> Practitioner | None:  # noqa: ANN401 - as icalendar has it
        email = str(address).lower().removeprefix("mailto:")
        called = str(address.params.get("CN", "")).casefold()
        for person in self.people:
            if person.email and person.email.lower() == email:
                return person
        return next((p for p in self.people if called in {p.name.casefold(), p.key}), None)

    def _titled(self, title: str) -> list[Practitioner]:
        """Name whom a title names. "Ann Lee" is not also Ann."""
        spans = [
            (found.span(), person)
            for person in self.people
            for name in {person.name, person.id} - {""}
            if (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title, re.IGNORECASE))
        ]
        kept = [
            person
            for (start, end), person in spans
            if not any(s <= start and end <= e and (s, e) != (start, end) for (s, e), _ in spans)
        ]
        return list(dict.fromkeys(kept))


def _rank(event: Event) -> Rank:
    labels = [str(each) for group in _all(event, "CATEGORIES") for each in group.cats]
    words = " ".join([str(event.get("SUMMARY", "")), *labels])
    return Rank.BACKUP if _BACKUP.search(words) else Rank.PRIMARY


def _all(event: Event, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _said(address: Any, name: str) -> str:  # noqa: ANN401 - as icalendar has it
    return str(address.params.get(name, "")).upper()


def _name(address: Any) -> str:  # noqa: ANN401 - as icalendar has it
    return str(address).removeprefix("mailto:").removeprefix("MAILTO:")[:100]
