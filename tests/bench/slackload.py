"""A Slack that sends as fast as it is acknowledged, or at a rate. Run as a process of its own.

    python -m tests.bench.slackload COUNT RATE

It prints the address to connect to. Once two connections stand it sends some messages that are not
counted, and prints `warm`; when it is given a line it sends COUNT messages, and prints what it
measured as one JSON object. RATE 0: always 800 on their way.
"""

import asyncio
import json
import sys
from time import perf_counter

from aiohttp import web

from tests.bench.chat import texts
from tests.support.build import NOON
from tests.support.fake_slack.people import Town, settle_in
from tests.support.fake_slack.server import FakeSlack, fake_slack
from tests.support.fake_slack.workspace import Channel
from tests.support.scripted import Hands

WINDOW = 800
WARM = 1_500  # sent first and not counted: the bot learns the words of a chat
DEADLINE = 3.0  # seconds that Slack waits
ACTED_ON = 0.01  # the share of messages that something follows from
_PEOPLE = 400


def envelopes(town: Town, channel: Channel, count: int) -> list[tuple[str, str]]:
    """Give ids and bodies, made beforehand so that making them is not measured."""
    made = []
    for number, text in enumerate(texts(count, share=ACTED_ON)):
        message = {
            "type": "message", "ts": town.slack.stamp(), "user": f"U{number * 7919 % _PEOPLE}",
            "text": text, "team": "T1", "client_msg_id": f"client-{number}",
        }  # fmt: skip
        id_ = f"envelope-{number}"
        body = {
            "envelope_id": id_, "payload": town.callback(town.event(channel, message)),
            "type": "events_api", "accepts_response_payload": False,
            "retry_attempt": 0, "retry_reason": "",
        }  # fmt: skip
        made.append((id_, json.dumps(body)))
    return made


class Run:
    """Sends and waits; `sent` and `taken` are times by envelope."""

    def __init__(self, sockets: list[web.WebSocketResponse]) -> None:
        self.sockets = sockets
        self.sent: dict[str, float] = {}
        self.taken: dict[str, float] = {}
        self.room = asyncio.Semaphore(WINDOW)
        self.done = asyncio.Event()
        self.expected = 0
        self.again = 0

    def acknowledged(self, id_: str) -> None:
        if id_ in self.sent and id_ not in self.taken:
            self.taken[id_] = perf_counter() - self.sent[id_]
            self.room.release()
            if len(self.taken) == self.expected:
                self.done.set()

    async def send(self, made: list[tuple[str, str]], rate: float) -> float:
        self.sent.clear()
        self.taken.clear()
        self.done.clear()
        self.expected, self.again = len(made), 0
        started = perf_counter()
        again = asyncio.ensure_future(self._again(dict(made)))
        for number, (id_, body) in enumerate(made):
            if rate:
                wait = started + number / rate - perf_counter()
                if wait > 0:
                    await asyncio.sleep(wait)
            await self.room.acquire()
            self.sent[id_] = perf_counter()
            await self.sockets[number % len(self.sockets)].send_str(body)
        await self.done.wait()
        seconds = perf_counter() - started
        again.cancel()
        return seconds

    async def _again(self, bodies: dict[str, str]) -> None:
        """Send once more what was not acknowledged within three seconds, as Slack does."""
        tried: dict[str, int] = {}
        while True:
            await asyncio.sleep(1)
            now = perf_counter()
            for id_, at in list(self.sent.items()):
                if id_ not in self.taken and now - at > DEADLINE * (1 + tried.get(id_, 0)):
                    tried[id_] = tried.get(id_, 0) + 1
                    self.again += 1
                    await self.sockets[0].send_str(bodies[id_])


async def main(count: int, rate: float) -> None:
    clock = Hands(NOON)
    async with fake_slack(clock) as slack:
        town = settle_in(slack)
        channel = town.channel("C1", "job-search")
        for id_ in ("UADA", "UBO", "ULAST"):
            town.user(id_)
        run = Run(slack.sockets.open)
        _listen(slack, run)
        made = envelopes(town, channel, WARM + count)
        sys.stdout.write(slack.base + "\n")
        sys.stdout.flush()
        await slack.sockets.connected(2)
        await run.send(made[:WARM], 0)
        sys.stdout.write("warm\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        seconds = await run.send(made[WARM:], rate)
        waits = sorted(run.taken.values())
        found = {
            "a second": count / seconds,
            "p50": waits[len(waits) // 2],
            "p99": waits[len(waits) * 99 // 100],
            "again": run.again,
            "auth.test": slack.calls["auth.test"],
        }
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until whoever measures has gone


def _listen(slack: FakeSlack, run: Run) -> None:
    """Hear acknowledgements with as little ado as can be."""
    sockets = slack.sockets

    def heard(body: dict[str, str]) -> None:
        run.acknowledged(body.get("envelope_id", ""))

    sockets.on_acknowledged = heard


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
