"""The one table: each noun's module says what can be asked, and every platform draws it."""

from bot.commands import caseload, duty, help, hours, practitioner, privacy  # noqa: A004 - a noun
from bot.domain.command import Table

TABLE = Table(
    nouns={
        "help": help.ABOUT,
        "help-now": hours.ABOUT,
        "case": caseload.ABOUT,
        "duty": duty.ABOUT,
        "practitioner": practitioner.ABOUT,
        **privacy.ABOUT,
    },
    commands=(
        *help.COMMANDS,
        *hours.COMMANDS,
        *caseload.COMMANDS,
        *duty.COMMANDS,
        *practitioner.COMMANDS,
        *privacy.COMMANDS,
    ),
)
