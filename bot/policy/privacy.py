"""Names that cannot be turned back without the desk's key."""

import hmac

from bot.domain.message import AccountRef


def author_hash(account: AccountRef, *, key: bytes) -> str:
    """Give a keyed hash (HMAC-SHA-256, 128 bits, hex) of an account: equal for equal accounts."""
    said = f"{account.platform}:{account.id}".encode()
    return hmac.digest(key, said, "sha256")[:16].hex()
