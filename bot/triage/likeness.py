"""How alike a message and each resource are in meaning: what ranks resources that fit a need."""

from collections.abc import Mapping, Sequence

from bot.domain.resource import Resource
from bot.triage.meaning import Meaning
from bot.triage.words import Reader


class Likeness:
    """The catalogue as vectors. Without an embedding every resource is equally (un)like."""

    def __init__(
        self, resources: Sequence[Resource], *, meaning: Meaning | None, reader: Reader
    ) -> None:
        self._ids = [resource.id for resource in resources]
        self._meaning = meaning
        self._reader = reader
        texts = [reader.read(f"{r.title}. {r.summary}").text for r in resources]
        self._vectors = meaning.vectors(texts) if meaning is not None and texts else None

    def of(self, text: str) -> Mapping[str, float]:
        """Give the cosine of `text` and each resource, by the resource's id."""
        if self._meaning is None or self._vectors is None:
            return {}
        (vector,) = self._meaning.vectors([self._reader.read(text).text])
        return dict(zip(self._ids, (self._vectors @ vector).tolist(), strict=True))
