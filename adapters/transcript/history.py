"""What a place of an export holds after a position: the files are read once more."""

from collections.abc import Iterator, Sequence
from heapq import merge

from adapters.transcript.discord_csv import DiscordCsv
from adapters.transcript.replay import Replay, Source
from bot.domain.message import Message, Place


def messages_after(
    sources: Sequence[Source], replay: Replay, place: Place, after: str
) -> Iterator[Message]:
    """Yield what the window admits, oldest first; what several exports hold comes once.

    What stands in a file out of its order is not found again: a position that was passed is passed.
    """
    rows = [source for source in sources if isinstance(source, DiscordCsv)]
    # Rows are numbered through all the files of a channel, so those are read one after another.
    feeds = [_of([source], replay, place) for source in sources if source not in rows]
    last = after
    for message in merge(_of(rows, replay, place), *feeds, key=lambda one: one.position):
        if message.position > last:
            last = message.position
            yield message


def _of(sources: Sequence[Source], replay: Replay, place: Place) -> Iterator[Message]:
    window = replay.window
    for source in sources:
        for feed in source.feeds(replay, _ignore):
            if feed.place == place:
                yield from (one for one in feed.messages if window.admits(one.sent_at))


def _ignore(_: int) -> None:
    """Show no progress."""
