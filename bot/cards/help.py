"""What can be asked, in words, and what is said when an asking leads nowhere."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.card import Button, Card, Field
from bot.domain.command import Command, Option

PAGE: Final = "help"
A_PAGE: Final = 10


def help_card(nouns: Mapping[str, str], commands: Sequence[Command]) -> Card:
    """List what the reader may ask, noun by noun."""
    verbs: dict[str, list[str]] = {}
    for command in commands:
        verbs.setdefault(command.noun, []).append(command.verb)
    fields = tuple(
        Field(f"/{noun} {', '.join(filter(None, held))}".rstrip(), nouns.get(noun, ""))
        for noun, held in verbs.items()
    )
    return Card(
        "What you can ask",
        ("For one of these in full, type /help and its name.",),
        fields=fields,
    )


def noun_card(noun: str, about: str, commands: Sequence[Command], page: int) -> Card:
    first = page * A_PAGE
    fields = tuple(Field(_usage(one), one.help) for one in commands[first : first + A_PAGE])
    return Card(
        f"/{noun}",
        (about,) if about else (),
        fields=fields,
        buttons=turning(f"{PAGE}/{noun}/", page, len(commands)),
    )


def turning(prefix: str, page: int, total: int) -> tuple[Button, ...]:
    """Give the buttons to the page before and after, where there is one."""
    buttons = []
    if page > 0:
        buttons.append(Button(f"{prefix}{page - 1}", "Back"))
    if (page + 1) * A_PAGE < total:
        buttons.append(Button(f"{prefix}{page + 1}", "Next"))
    return tuple(buttons)


def _usage(command: Command) -> str:
    return " ".join([f"/{command.name}", *map(_asked, command.options)])


def _asked(option: Option) -> str:
    return option.name.upper() if option.required else f"[{option.name.upper()}]"


def unknown_card() -> Card:
    return Card("Not known", ("There is no such command. Type /help to see what there is.",))


def no_noun_card(known: Sequence[str]) -> Card:
    listed = ", ".join(known)
    return Card("Not known", (f"There is no such word here. You can type /help with: {listed}.",))


def not_yours_card(who: str) -> Card:
    return Card("Not for everybody", (f"This is for {who}.",))


def unchecked_card() -> Card:
    return Card("Please try again", ("Your role could not be checked just now. Wait a minute.",))


def broken_card() -> Card:
    said = "Something went wrong here. It is noted. Please try again, or tell the desk's owner."
    return Card("That did not work", (said,))


def unshown_card() -> Card:
    return Card("That did not work", ("It could not be shown to you. Please ask again.",))


def used_up_card() -> Card:
    return Card("Nothing was changed", ("This code was used already. Ask for a new one.",))


def overtaken_card() -> Card:
    return Card("Nothing was changed", ("Somebody was faster. Please look again.",))
