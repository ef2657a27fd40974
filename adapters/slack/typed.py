"""What somebody typed after `/waymark` to what it asks for, or to what to type instead. Pure.

/waymark duty on
/waymark duty on until="friday 17:00"
/waymark resource find "interview practice"
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.wording.text import tidy
from bot.domain.card import Card
from bot.domain.command import Command, Kind, Option, Table

SLASH = "/waymark"

_PAIRS = {'"': '"', "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}
_NAMED = re.compile(r"([a-z][a-z0-9_-]*)[=:](?!//)(.*)", re.DOTALL | re.IGNORECASE)
# https://docs.slack.dev/interactivity/implementing-slash-commands#escaping-users-and-channels
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^<>]*))?>")
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Understood:
    """`missing` are the required options that were not given."""

    command: Command
    options: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """`say` tells what to type."""

    say: str


def understood(text: str, table: Table) -> Understood | NotUnderstood:
    """Read the nouns and verbs of the table, then options by name or in their order."""
    found = _understood(text, table)
    if isinstance(found, NotUnderstood):
        noun = text.split(maxsplit=1)[0].lower() if text.strip() else ""
        in_need = (one for one in table.commands if one.in_need and one.noun == noun)
        return next(map(Understood, in_need), found)
    return found


def _understood(text: str, table: Table) -> Understood | NotUnderstood:
    try:
        words = list(_words(text))
    except ValueError:
        return NotUnderstood("A quotation mark is not closed. Put one at both ends.")
    noun = words[0].text.lower() if words else ""
    commands = [command for command in table.commands if command.noun == noun]
    if not commands:
        return NotUnderstood(_overview(noun, table))
    verb = words[1].text.lower() if len(words) > 1 else ""
    for command in commands:
        if command.verb and command.verb == verb:
            return _with_options(command, words[2:])
    if (bare := next((one for one in commands if not one.verb), None)) is not None:
        return _with_options(bare, words[1:])
    if not verb and (shown := next(filter(_is_shown, commands), None)) is not None:
        return Understood(shown)
    return NotUnderstood(_listed(f"{noun} {verb}".strip(), commands))


def _is_shown(command: Command) -> bool:
    """Tell whether a noun alone can mean this: showing asks for nothing and changes nothing."""
    return command.verb == "show" and all(not option.required for option in command.options)


def channel_names(text: str) -> dict[str, str]:
    """Name the channels that were typed, by id: also of those that the app is not in."""
    return {id_: f"#{tidy(name)}" for id_, name in _CHANNEL.findall(text) if name}


def usage(command: Command) -> str:
    """Say how to type a command: `/waymark duty on until="..." [note="..."]`."""
    parts = [
        _shape(option) if option.required else f"[{_shape(option)}]" for option in command.options
    ]
    return " ".join((SLASH, command.name, *parts))


def in_words(text: str, nouns: Collection[str]) -> str:
    """Write the commands that a text speaks of as they are typed here: `/waymark optout`.

    Slack knows no `/optout`: whoever types that is told so by Slack, and nothing reaches the app.
    """
    if "/" not in text or not nouns:
        return text
    known = "|".join(re.escape(noun) for noun in nouns)
    return re.sub(rf"(?<![\w/.:-])/(?=(?:{known})(?![\w/-]))", f"{SLASH} ", text)


def as_typed(card: Card, nouns: Collection[str]) -> Card:
    """Write a card's commands as they are typed here."""
    return replace(
        card,
        title=in_words(card.title, nouns),
        paragraphs=tuple(in_words(one, nouns) for one in card.paragraphs),
        fields=tuple(
            replace(one, name=in_words(one.name, nouns), value=in_words(one.value, nouns))
            for one in card.fields
        ),
        footer=in_words(card.footer, nouns),
    )


def wrong_options(command: Command, written: Mapping[str, str]) -> dict[str, str]:
    """Say by option what was written into a form that the option cannot hold."""
    return {
        option.name: _expected(option)
        for option in command.options
        if option.kind is Kind.NUMBER
        and (value := written.get(option.name))
        and _value(option, value) is None
    }


@dataclass(frozen=True, slots=True)
class _Word:
    """`is_quoted`: it stood in quotation marks, so it is a value whatever it looks like."""

    text: str
    is_quoted: bool = False


def _words(text: str) -> Iterator[_Word]:
    """Part at spaces that are not in quotation marks. Raises ValueError when one stays open."""
    word, end, is_quoted, is_begun = "", "", False, False
    for sign in text:
        if end:
            word, end = (word, "") if sign == end else (word + sign, end)
        elif sign in _PAIRS:
            end, is_quoted, is_begun = _PAIRS[sign], is_quoted or not word, True
        elif sign.isspace():
            if is_begun:
                yield _Word(word, is_quoted)
            word, is_quoted, is_begun = "", False, False
        else:
            word, is_begun = word + sign, True
    if end:
        raise ValueError(text)
    if is_begun:
        yield _Word(word, is_quoted)


def _with_options(command: Command, words: Sequence[_Word]) -> Understood | NotUnderstood:
    given: dict[str, str] = {}
    named = {option.name: option for option in command.options}
    spare: list[str] = []
    for word in words:
        found = None if word.is_quoted else _NAMED.fullmatch(word.text)
        if found is not None and found[1].lower() in named:
            given[found[1].lower()] = found[2]
        else:
            spare.append(word.text)
    left = [option for option in command.options if option.name not in given]
    if spare and not left:
        return _wrong(command, f"There is one word too many: {spare[0]!r}.")
    for number, option in enumerate(left[: len(spare)]):
        is_last = number == len(left) - 1
        # What is left over belongs to the last option: nobody has to quote a sentence.
        given[option.name] = " ".join(spare[number:]) if is_last else spare[number]
    return _read(command, given)


def _read(command: Command, given: Mapping[str, str]) -> Understood | NotUnderstood:
    options: dict[str, str] = {}
    for option in command.options:
        if (written := given.get(option.name, "")) and (value := _value(option, written)) is None:
            return _wrong(command, f"{written!r} is no {option.name}. {_expected(option)}")
        if written:
            options[option.name] = value or ""
    missing = tuple(o.name for o in command.options if o.required and o.name not in options)
    return Understood(command, options, missing)


def _value(option: Option, written: str) -> str | None:
    """Give what the option holds, None when that is not what was written."""
    if option.choices:
        wanted = written.casefold()
        return next(
            (c.value for c in option.choices if wanted in (c.value.casefold(), c.label.casefold())),
            None,
        )
    match option.kind:
        case Kind.PERSON | Kind.CHANNEL as kind:
            found = (_PERSON if kind is Kind.PERSON else _CHANNEL).fullmatch(written)
            return found[1] if found else None
        case Kind.NUMBER:
            return written if written.isascii() and written.isdecimal() else None
        case Kind.TEXT | Kind.ROLE:
            return written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _expected(option: Option) -> str:
    if option.choices:
        return "Write one of: " + ", ".join(choice.value for choice in option.choices) + "."
    match option.kind:
        case Kind.PERSON:
            return "Write @ and choose a person."
        case Kind.CHANNEL:
            return "Write # and choose a channel."
        case Kind.NUMBER:
            return "Write digits."
        case Kind.TEXT | Kind.ROLE:
            return option.help


def _shape(option: Option) -> str:
    if option.choices:
        return f"{option.name}={'|'.join(choice.value for choice in option.choices)}"
    match option.kind:
        case Kind.PERSON:
            return f"{option.name}=@name"
        case Kind.CHANNEL:
            return f"{option.name}=#channel"
        case Kind.NUMBER:
            return f"{option.name}=number"
        case Kind.TEXT | Kind.ROLE:
            return f'{option.name}="..."'


def _wrong(command: Command, why: str) -> NotUnderstood:
    return NotUnderstood(f"{why}\nType: {usage(command)}")


def _overview(noun: str, table: Table) -> str:
    if noun in {"", "help"}:
        return _listed("", table.commands)
    nouns = ", ".join(dict.fromkeys(command.noun for command in table.commands))
    return f"I do not know {noun!r}. Type {SLASH} and one of: {nouns}. {SLASH} help shows all."


def _listed(typed: str, commands: Sequence[Command]) -> str:
    lines = [f"{usage(command)}  -  {command.help}" for command in commands[:_MOST_LISTED]]
    first = (
        f"{SLASH} {typed} is not complete. Type one of these:" if typed else "Type one of these:"
    )
    return "\n".join((first, *lines))
