"""Waymark with few and with many cues and claims, made up of invented words and shipped ones."""

from dataclasses import replace
from random import Random

from bot.data.claims import Registry
from bot.domain.claim import Claim
from bot.domain.code import Code
from bot.knowledge import Knowledge, know, load_knowledge
from bot.settings import Settings
from bot.triage.ruleset import Cue, Kind, Mark, Ruleset
from bot.triage.words import Reader
from tests.bench.chat import texts


def cues_of(count: int) -> Knowledge:
    """Give the shipped knowledge with `count` cues in the place of the shipped ones.

    Each is three words that stand in the chat, seldom together: that is what makes a cue costly.
    """
    shipped = load_knowledge(Settings.from_env({}))
    words, chance = _words(shipped.rules), Random(2)  # noqa: S311 - invented cues, no secret
    cues = {f"cue-{n}": Cue(f"cue-{n}", Code.DISTRESS) for n in range(count)}
    phrases = [(Mark(Kind.CUE, id_), [" ".join(chance.sample(words, 3))]) for id_ in cues]
    rest = [pair for pair in shipped.rules.phrases if pair[0].kind is not Kind.CUE]
    rules: Ruleset = replace(shipped.rules, cues=cues, phrases=[*rest, *phrases])
    return _with(shipped, rules=rules)


def claims_of(count: int) -> Knowledge:
    """Give the shipped knowledge with `count` claims: the shipped ones, each on other topics."""
    shipped = load_knowledge(Settings.from_env({}))
    words, chance = _words(shipped.rules), Random(3)  # noqa: S311 - invented claims, no secret
    claims = [_claim(shipped.registry, n, chance, words) for n in range(count)]
    return _with(shipped, registry=Registry(shipped.registry.version, tuple(claims)))


def _claim(registry: Registry, number: int, chance: Random, words: list[str]) -> Claim:
    """The first claims keep their topics; the others are about a word of the chat's long tail."""
    claim = registry.claims[number % len(registry.claims)]
    if number < len(registry.claims):
        return claim
    topic = f"{chance.choice(words)} {chance.choice(words)}"
    return replace(claim, id=f"{claim.id}-{number}", about=(topic, f"topic{number}"))


def _with(
    shipped: Knowledge, *, rules: Ruleset | None = None, registry: Registry | None = None
) -> Knowledge:
    return know(
        rules=rules or shipped.rules,
        catalogue=shipped.catalogue,
        registry=registry or shipped.registry,
        models=shipped.models,
        meaning=shipped.meaning,
    )


def _words(rules: Ruleset) -> list[str]:
    reader = Reader(rules.lexicon)
    said = {word for text in texts(3_000) for word in reader.read(text).text.split()}
    return sorted(word for word in said if word.isalpha())
