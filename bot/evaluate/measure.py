"""From files to figures: load, read, measure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluate import followed, ranks
from bot.evaluate.files import Asked, Sheet, load_sheets
from bot.evaluate.seen import SeenSheet, read_sheets
from bot.knowledge import Knowledge
from bot.reports.evaluation.found import RATES, Evaluation, Ranked, Versions
from bot.reports.metrics import ROUNDS, Floats
from bot.triage.alarms import Lines
from bot.triage.head import HEADS, Head


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is to be measured: the files are loaded, nothing is read yet."""

    asked: Asked
    sheets: Sequence[Sheet]
    problems: Sequence[str]

    @property
    def messages(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets)

    def run(self, knowledge: Knowledge, on_read: Callable[[int], None]) -> Evaluation:
        """Read every row and measure; takes a millisecond or two a row."""
        seen = read_sheets(self.sheets, knowledge, self.asked.desk, on_read)
        labelled = [sheet for sheet in seen if not sheet.sheet.is_chat]
        chat = [sheet for sheet in seen if sheet.sheet.is_chat and sheet.seen]
        scores = _stacked(chat)
        lines = _lines(knowledge)
        versions = knowledge.versions
        return Evaluation(
            versions=Versions(versions.ruleset, versions.model, versions.policy),
            cut=self.asked.cut,
            split=self.asked.split,
            most=self.asked.most,
            sources=tuple(sheet.source for sheet in self.sheets),
            ranked=_ranked(labelled, scores),
            communities=tuple(followed.community(sheet, lines) for sheet in chat),
            paging=tuple(filter(None, map(followed.paging, labelled))),
            confusions=tuple(filter(None, map(followed.confusion, labelled))),
            slices=tuple(one for sheet in labelled for one in followed.slices(sheet)),
            cues=tuple(followed.cued(labelled, chat)),
            followed=tuple(one for sheet in labelled for one in followed.followed(sheet)),
            remarks=tuple(self._remarks(knowledge, len(scores))),
            problems=(*knowledge.gaps, *self.problems),
        )

    def _remarks(self, knowledge: Knowledge, chat: int) -> Iterator[str]:
        """Say what the figures rest on, so that nobody reads more into them."""
        cut = f"cut to {self.asked.cut} characters" if self.asked.cut else "read whole"
        yield f"Messages of the shared format are {cut}; those of our own format are read whole."
        for sheet in self.sheets:
            if sheet.source.not_drawn:
                yield (
                    f"{sheet.name}: {sheet.source.read:,} of"
                    f" {sheet.source.read + sheet.source.not_drawn:,} rows, drawn with a fixed"
                    " seed. --most reads more."
                )
            if not sheet.rows:
                yield f"{sheet.name}: no row to measure (split {self.asked.split})."
        yield from _chat_remarks(chat)
        yield f"Ranges are 95 % bootstrap intervals of {ROUNDS} rounds with a fixed seed."
        if not knowledge.triage.has_encoder:
            yield "Read without the encoder: these are the figures of quick readings."


def load(asked: Asked) -> Measuring:
    """Load the files; what cannot be read is in `problems`."""
    sheets, problems = load_sheets(asked)
    return Measuring(asked, sheets, problems)


def _chat_remarks(chat: int) -> Iterator[str]:
    if not chat:
        yield (
            "Without ordinary chat no threshold can be set: recall needs --chat FILE (rows that"
            " nobody needs to see)."
        )
        return
    for rate in RATES:
        if rate * chat < 1:
            yield (
                f"{rate * 100:.4g} % of {chat:,} ordinary messages is less than one: recall at that"
                " rate counts what scores above every one of them."
            )


def _ranked(labelled: Sequence[SeenSheet], chat: Floats) -> tuple[Ranked, ...]:
    """Put the files of one concern beside each other, the concerns in their usual order."""
    found = [one for sheet in labelled for one in ranks.ranked(sheet, chat)]
    return tuple(sorted(found, key=lambda one: HEADS.index(Head(one.head))))


def _stacked(chat: Sequence[SeenSheet]) -> Floats:
    rows = [seen.scores for sheet in chat for seen in sheet.seen]
    return np.array(rows, dtype=np.float64).reshape(-1, len(HEADS))


def _lines(knowledge: Knowledge) -> Lines:
    if knowledge.models is None:
        return {}
    has_encoder = knowledge.triage.has_encoder
    return knowledge.models.full_lines if has_encoder else knowledge.models.quick_lines
