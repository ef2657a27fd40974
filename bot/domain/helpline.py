"""A helpline: people outside the desk who listen, with the day on which its facts were read."""

from datetime import date

from bot.domain.code import Concern
from bot.domain.value import value


@value
class Helpline:
    """`regions` are countries (ISO 3166-1: GB), parts of them (ISO 3166-2: GB-SCT), "EU" or "*".

    `languages` are ISO 639-1. `call` are phone numbers; `text` says what is texted and where to
    ("SHOUT to 85258"), `chat` is an address; what there is not is empty. `is_for_young` alone does
    not say who may call: `who` does, in words. `source` is the organisation's own page, `seen_in`
    where the facts were read on `checked_on`. `checked_by` says "to be confirmed" until somebody
    of the desk has looked. After `expires` the line is known to be over.
    """

    id: str
    name: str
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    concerns: frozenset[Concern]
    is_for_young: bool
    who: str
    call: tuple[str, ...]
    text: str
    chat: str
    hours: str
    cost: str
    source: str
    seen_in: str
    checked_by: str
    checked_on: date
    expires: date | None
