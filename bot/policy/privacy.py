"""Names that cannot be turned back without the desk's key."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.desk import ConsentMode, Desk
from bot.domain.message import AccountRef
from bot.domain.privacy import Consent, Consented
from bot.domain.region import EEA


def author_hash(account: AccountRef, *, key: bytes) -> str:
    """Give a keyed hash (HMAC-SHA-256, 128 bits, hex) of an account: equal for equal accounts."""
    said = f"{account.platform}:{account.id}".encode()
    return hmac.digest(key, said, "sha256")[:16].hex()


def chosen_by(desk: Desk, chosen: Iterable[Consented]) -> Desk:
    """Put what members chose themselves over what the desk's file says of them."""
    by = {one.author: one.consent for one in chosen}
    out = frozenset(author for author, consent in by.items() if consent is Consent.OUT)
    into = frozenset(by) - out
    return replace(desk, opted_out=desk.opted_out - into | out, opted_in=desk.opted_in - out | into)


def choice(names: Sequence[str], desk: Desk) -> bool | None:
    """Tell whether an author chose to be read, by the newest of their hashes that chose at all.

    `names` are their hashes by the key of now and by older ones, the newest first.
    """
    for name in names:
        if name in desk.opted_out:
            return False
        if name in desk.opted_in:
            return True
    return None


def asks_too_little(desk: Desk) -> bool:
    """Tell whether members are read without a yes in a region where only a yes is advised.

    What is made out there of somebody's health is of a special category (GDPR and UK GDPR, article
    9), and their explicit consent the plainest ground. It is advice: a desk may have another one.
    """
    country = desk.region.partition("-")[0]
    return desk.consent is ConsentMode.NOTICE_OPT_OUT and (country in EEA or country == "GB")


def is_read(names: Sequence[str], desk: Desk) -> bool:
    """Tell whether a member's choice lets them be read where the desk watches."""
    chosen = choice(names, desk)
    return desk.consent is not ConsentMode.OPT_IN if chosen is None else chosen
