"""Load the cue files of a folder into a Ruleset, and name every mistake in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from bot.data.fields import Country, Id
from bot.data.yamlfile import BadFile, Row, ids_in, read_yaml
from bot.domain.code import ClaimType, Code, Concern, Need, Validity
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import Priority
from bot.triage.anchor import anchors_of
from bot.triage.fold import FoldTable, visible
from bot.triage.language import READ
from bot.triage.phrase import BadPhrase
from bot.triage.ruleset import ClaimCue, Cue, Kind, Mark, Ruleset
from bot.triage.words import Lexicon

_FOLD = FoldTable({})
# What a cue may say: any other code is found in another way, and a cue's would be lost.
_CUED = {*SAFETY_CONCERNS, Concern.READINESS, Concern.ASKING}
_SAME = "same"

_LETTERS = re.compile(r"[a-z]{3,}")
_OPTIONAL = re.compile(r"\[[^\]]*\]")
_BRACKET = re.compile(r"\(([^()]*)\)")

SHIPPED = Path(__file__).parent / "cues"
# The files of this release. A folder may hold others beside them.
CUE_FILES = ("asking.yaml", "deadline.yaml", "readiness.yaml", "safety.yaml", "words.yaml")
FEW_WORDS = 2


def _readable(phrase: str) -> str:
    try:
        anchors_of(phrase)
    except BadPhrase as mistake:
        raise ValueError(f"{phrase!r}: {mistake}") from None
    return phrase


def _some(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Ask for one or more, once they can be read: `min_length` would not count the wrong ones."""
    if not phrases:
        raise ValueError("holds no phrase. Add one.")
    return phrases


def _plain(words: str) -> str:
    """Refuse what would never be met in a message as it is read."""
    if not all(word.isalnum() and word.translate(_FOLD) == word for word in words.split()):
        raise ValueError(f"write {words!r} in small letters, without accents or punctuation")
    return words


def _one_word(word: str) -> str:
    if len(word.split()) != 1:
        raise ValueError(f"write one word instead of {word!r}")
    return _plain(word)


def _one_symbol(symbol: str) -> str:
    if len(visible(symbol)) != 1:
        raise ValueError(f"{symbol!r} is made of several symbols; give each a line of its own")
    return symbol


def _no_need(id_: str) -> str:
    if id_ in Need.__members__.values():
        raise ValueError(f"{id_!r} is the name of a need; rename the row")
    return id_


def _cued(code: Code) -> Code:
    if CONCERN.get(code) not in _CUED or code is Code.LOW_READINESS:
        raise ValueError(f"{code} is not a code for cues; name one of harm, readiness or asking")
    return code


Phrases = tuple[Annotated[str, AfterValidator(_readable)], ...]
CueId = Annotated[Id, AfterValidator(_no_need)]
Word = Annotated[str, AfterValidator(_one_word)]
Words = Annotated[str, AfterValidator(_plain)]
Symbol = Annotated[str, AfterValidator(_one_symbol)]
Cued = Annotated[Code, AfterValidator(_cued)]


class _Marked(Row):
    any: Annotated[Phrases, AfterValidator(_some)]
    unless: Phrases = ()


class _Reasoned(_Marked):
    """Expert judgement has an author, a date and a reason (`shared/domain.md` requirements 1)."""

    id: CueId
    author: str
    date: date
    rationale: str = Field(min_length=8)


class _CueRow(_Reasoned):
    code: Cued
    denied: str | None = None
    laughed: Cued | None = None
    single: bool = False

    @field_validator("denied")
    @classmethod
    def _is_same_or_a_code(cls, denied: str | None) -> str | None:
        if denied not in (None, _SAME):
            if denied not in Code.__members__.values():
                raise ValueError(f"{denied!r} is no code. Write `same`, a code, or leave it out.")
            _cued(Code(denied))
        return denied

    def cue(self) -> Cue:
        denied = self.code if self.denied == _SAME else self.denied
        denied_code = None if denied is None else Code(denied)
        return Cue(self.id, self.code, denied_code, self.single, self.laughed)


class _NeedRow(_Marked):
    need: Need


class _RegionRow(_Marked):
    region: Country


class _ClaimRow(_Marked):
    id: CueId
    validity: Validity | None = None
    claim_type: ClaimType


class _File(Row):
    version: str
    status: str
    cues: tuple[_CueRow, ...] = ()
    needs: tuple[_NeedRow, ...] = ()
    regions: tuple[_RegionRow, ...] = ()
    claims: tuple[_ClaimRow, ...] = ()
    deadlines: tuple[_Reasoned, ...] = ()
    answered: tuple[_Reasoned, ...] = ()
    still_open: tuple[_Reasoned, ...] = ()
    no_answers: tuple[_Reasoned, ...] = ()
    idioms: Phrases = ()
    laughter: Phrases = ()
    slang: dict[Word, Words] = Field(default_factory=dict)
    emoji: dict[Symbol, Words] = Field(default_factory=dict)
    masked: tuple[Word, ...] = ()
    negations: tuple[Word, ...] = ()
    languages: dict[str, tuple[Word, ...]] = Field(default_factory=dict)

    @field_validator("languages")
    @classmethod
    def _are_told_apart(cls, languages: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        read = set(languages.get(READ, ()))
        for name, words in languages.items():
            both = sorted(read.intersection(words)) if name != READ else []
            if both:
                raise ValueError(
                    f"{both[0]!r} stands in {READ} and in {name}. Leave it out of {name}."
                )
        return languages


def load_rules(folder: Path) -> Ruleset:
    """Load every YAML file of `folder`. Raises BadFile with every mistake of every file."""
    paths = _paths(folder)
    if not paths:
        raise BadFile(f"{folder}: has no cue files (*.yaml). Name the folder that holds them.")
    files, mistakes = [], []
    for path in paths:
        try:
            files.append(read_yaml(path, _File))
        except BadFile as bad:
            mistakes.append(str(bad))
    mistakes += _twice(paths) if not mistakes else []
    if mistakes:
        raise BadFile("\n".join(mistakes))
    return _ruleset(files, _version(files, paths))


def missing_files(folder: Path) -> tuple[str, ...]:
    """Name each cue file of this release that `folder` lacks: what it would find is not found."""
    return tuple(
        f"{folder / name}: this cue file is missing, so nothing of it is found. Put it back."
        for name in CUE_FILES
        if not (folder / name).exists()
    )


@dataclass(frozen=True, slots=True)
class Caution:
    """A cue whose `unless` has `found`, wordings so common that they may hide an alarm."""

    where: str
    id: str
    found: str
    priority: Priority

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.id}: its `unless` has {self.found}: so common that it may hide a"
            f" real {self.priority.name} in the same sentence. Write more words, or rarer ones."
        )


def cautions(folder: Path) -> tuple[list[Caution], list[Caution]]:
    """Give what of a folder's own, and what of this release, deserves a second look.

    Of this release is what stands so in its own files, also in a copy of them. An exception works
    on its whole sentence: "lol" in a cue for P0 would switch off every "i want to die lol". Give it
    a folder that `load_rules` takes.
    """
    released = {(one.id, one.found) for one in _cautions(SHIPPED)}
    own, of_release = list[Caution](), list[Caution]()
    for one in _cautions(folder):
        (of_release if (one.id, one.found) in released else own).append(one)
    return own, of_release


def _cautions(folder: Path) -> list[Caution]:
    files = [(path, read_yaml(path, _File)) for path in _paths(folder)]
    common = frozenset(word for _, file in files for word in file.languages.get(READ, ()))
    return [
        Caution(f"{path}:{line}", row.id, found, RUNG[row.code])
        for path, file in files
        for line, row in _with_lines(path, file.cues)
        if RUNG.get(row.code, Priority.P3) <= Priority.P1
        and (found := ", ".join(_common_wordings(row, common)))
    ]


def _paths(folder: Path) -> list[Path]:
    return sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))


def _with_lines(path: Path, cues: Sequence[_CueRow]) -> Iterable[tuple[int, _CueRow]]:
    lines = {id_: line for line, id_ in ids_in(path)}
    return ((lines[row.id], row) for row in cues)


def _common_wordings(row: _CueRow, common: frozenset[str]) -> Iterable[str]:
    for wording in (each for phrase in row.unless for each in _wordings(phrase)):
        words = wording.split()
        if len(words) <= FEW_WORDS and common.issuperset(words):
            yield f'"{wording}"'


def _wordings(phrase: str) -> list[str]:
    """Give each alternative of a phrase that is one bracket, else its shortest wording."""
    least = _OPTIONAL.sub(" ", phrase).replace("...", " ")
    if whole := _BRACKET.fullmatch(least.strip()):
        return [wording.strip() for wording in whole[1].split("|")]
    shortest = _BRACKET.sub(lambda one: min(one[1].split("|"), key=len), least)
    return [" ".join(shortest.split())]


def _twice(paths: Sequence[Path]) -> list[str]:
    """Say where an id stands again: its second row would silently replace the first."""
    first: dict[str, str] = {}
    mistakes = []
    for path in paths:
        for line, id_ in ids_in(path):
            where = f"{path}:{line}"
            if id_ in first:
                said = f"this id stands in {first[id_]} too. Rename one of the two."
                mistakes.append(f"{where}: id (in {id_}): {said}")
            first.setdefault(id_, where)
    return mistakes


def _ruleset(files: Sequence[_File], version: str) -> Ruleset:
    cues = [row.cue() for file in files for row in file.cues]
    return Ruleset(
        version=version,
        cues={cue.id: cue for cue in cues},
        needs={row.need.value: row.need for file in files for row in file.needs},
        claims={
            row.id: ClaimCue(row.id, row.validity, row.claim_type)
            for file in files
            for row in file.claims
        },
        phrases=tuple(pair for file in files for pair in _phrases(file)),
        lexicon=Lexicon(
            slang={k: v for file in files for k, v in file.slang.items()},
            emoji={k: v for file in files for k, v in file.emoji.items()},
            masked=tuple(word for file in files for word in file.masked),
            known=_known_words(files),
        ),
        negations=frozenset(word for file in files for word in file.negations),
        languages={name: words for file in files for name, words in file.languages.items()},
    )


def _known_words(files: Sequence[_File]) -> tuple[str, ...]:
    """List the words that cues are made of: those are what someone would disguise."""
    phrases = [phrase for file in files for cue in file.cues for phrase in cue.any]
    return tuple(sorted({word for phrase in phrases for word in _LETTERS.findall(phrase.lower())}))


def _phrases(file: _File) -> Iterable[tuple[Mark, Phrases]]:
    rows: list[tuple[Kind, str, _Marked]] = [
        *((Kind.CUE, row.id, row) for row in file.cues),
        *((Kind.NEED, row.need.value, row) for row in file.needs),
        *((Kind.REGION, row.region, row) for row in file.regions),
        *((Kind.CLAIM, row.id, row) for row in file.claims),
        *((Kind.DEADLINE, row.id, row) for row in file.deadlines),
        *((Kind.ANSWERED, row.id, row) for row in file.answered),
        *((Kind.STILL_OPEN, row.id, row) for row in file.still_open),
        *((Kind.NO_ANSWER, row.id, row) for row in file.no_answers),
    ]
    for kind, id_, row in rows:
        yield Mark(kind, id_), row.any
        if row.unless:
            yield Mark(Kind.UNLESS, id_), row.unless
    if file.idioms:
        yield Mark(Kind.IDIOM, "idiom"), file.idioms
    if file.laughter:
        yield Mark(Kind.LAUGHTER, "laughter"), file.laughter


def _version(files: Sequence[_File], paths: Sequence[Path]) -> str:
    """Name the newest header and a fingerprint, so that an edit without a new version shows."""
    print_ = blake2b(digest_size=4)
    for path in paths:
        print_.update(path.read_bytes())
    return f"{max(file.version for file in files)}+{print_.hexdigest()}"
