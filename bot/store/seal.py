"""Encrypts the little free text that a desk allows (I4). Keys rotate: the first one writes."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


@dataclass(frozen=True, slots=True)
class Seal:
    fernet: MultiFernet

    @classmethod
    def of(cls, secrets: Sequence[bytes]) -> "Seal":
        """Make one from secrets of any length, the newest first; each gives a key of its own use.

        The desk's secret also makes the hashes of authors. What follows from it here tells nothing
        of those.
        """
        keys = (hmac.digest(secret, b"waymark sealed text 1", "sha256") for secret in secrets)
        return cls(MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys]))

    def close(self, said: str) -> str:
        return self.fernet.encrypt(said.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Give what was sealed; None when its key is gone."""
        try:
            return self.fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
