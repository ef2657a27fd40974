"""All that Waymark knows before it has read a message: rules, catalogue, registry and models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.data.calibration import tuned
from bot.data.claims import Registry, load_claims
from bot.data.helplines import NONE as NO_HELPLINES
from bot.data.helplines import Helplines, load_helplines
from bot.data.resources import Catalogue, load_resources
from bot.data.rules import load_rules, missing_files
from bot.data.weights import TrainedMeaning, TrainedModels, load_meaning, load_models
from bot.data.yamlfile import BadFile, tried
from bot.domain.command import Choice
from bot.domain.desk import Sensitivity
from bot.domain.reading import Versions
from bot.policy.decide import VERSION, Shelf
from bot.settings import Settings
from bot.triage.information import KnownClaims, Thresholds
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.triage.ruleset import Ruleset
from bot.triage.words import Reader


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that Waymark knows before it has read a message. `gaps` says what could not be loaded."""

    rules: Ruleset
    catalogue: Catalogue
    registry: Registry
    models: TrainedModels | None
    meaning: TrainedMeaning | None
    gaps: tuple[str, ...]
    triage: Triage
    likeness: Likeness
    helplines: Helplines = NO_HELPLINES

    @property
    def versions(self) -> Versions:
        return replace(self.triage.versions, policy=VERSION)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The claims to choose from."""
        return tuple(Choice(one.id, one.claim) for one in self.registry.claims)

    def shelf(self, today: date) -> Shelf:
        claims = {claim.id: claim for claim in self.registry.claims}
        return Shelf(self.catalogue.resources, claims, today)


def load_knowledge(settings: Settings, thresholds: Sensitivity | None = None) -> Knowledge:
    """Load the files that `settings` name, and set the alarms by a desk's `thresholds`.

    Raises BadFile with every mistake in what people edit.
    Weights that cannot be loaded are no reason to stop: the cues decide alone, and `gaps` and the
    ledger say so (I3). Nor is a cue file that is gone: `gaps` names it.
    """
    rules, catalogue, registry, helplines = _load_edited(settings)
    gaps: list[str] = []
    models = tried(lambda: load_models(settings.weights), gaps)
    meaning = tried(lambda: load_meaning(settings.weights), gaps)
    gaps += models.gaps if models is not None else ()
    gaps = [f"Read without a model, less well than it should be: {gap}" for gap in gaps]
    if models is not None and thresholds is not None:
        models = replace(models, models=tuned(models, thresholds, gaps))
    return know(
        rules=rules,
        catalogue=catalogue,
        registry=registry,
        models=models,
        meaning=meaning,
        helplines=helplines,
        gaps=(*missing_files(settings.cues), *gaps),
    )


def load_first_reading(settings: Settings) -> Triage:
    """Load what tells how long a message can wait, and no more: it takes a third of the memory.

    It finds the same as the Triage of `load_knowledge`. Raises BadFile.
    """
    rules, registry = load_rules(settings.cues), load_claims(settings.claims)
    models = load_models(settings.weights, with_encoder=False).models
    reader = Reader(rules.lexicon)
    return Triage(rules, reader=reader, models=models, known=None, about=_about(registry))


def know(  # noqa: PLR0913 - all that is known, by keyword
    *,
    rules: Ruleset,
    catalogue: Catalogue,
    registry: Registry,
    models: TrainedModels | None,
    meaning: TrainedMeaning | None,
    helplines: Helplines = NO_HELPLINES,
    gaps: tuple[str, ...] = (),
) -> Knowledge:
    """Make what reads from what was loaded."""
    reader = Reader(rules.lexicon)
    vectors = meaning.model if meaning else None
    triage = Triage(
        rules,
        reader=reader,
        models=models.models if models else None,
        known=_known(registry, rules, reader, meaning) if meaning else None,
        about=_about(registry),
    )
    likeness = Likeness(catalogue.resources, meaning=vectors, reader=reader)
    return Knowledge(rules, catalogue, registry, models, meaning, gaps, triage, likeness, helplines)


def _load_edited(settings: Settings) -> tuple[Ruleset, Catalogue, Registry, Helplines]:
    """Load all four, so that the mistakes of all four show at once."""
    mistakes: list[str] = []
    rules = tried(lambda: load_rules(settings.cues), mistakes)
    catalogue = tried(lambda: load_resources(settings.resources), mistakes)
    registry = tried(lambda: load_claims(settings.claims), mistakes)
    helplines = tried(lambda: load_helplines(settings.helplines), mistakes)
    if rules is None or catalogue is None or registry is None or helplines is None:
        raise BadFile("\n".join(mistakes))
    return rules, catalogue, registry, helplines


def _about(registry: Registry) -> list[tuple[str, Sequence[str]]]:
    return [(claim.id, claim.about) for claim in registry.claims]


def _known(
    registry: Registry, rules: Ruleset, reader: Reader, meaning: TrainedMeaning
) -> KnownClaims:
    return KnownClaims(
        registry.claims,
        meaning=meaning.model,
        reader=reader,
        thresholds=Thresholds(suggest=meaning.likeness.suggest, match=meaning.likeness.match),
        negations=rules.negations,
    )
