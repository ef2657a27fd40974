"""The one table: each noun's module says what can be asked, and every platform draws it."""

from bot.commands import (
    ask,
    caseload,
    duty,
    help,  # noqa: A004 - a noun
    hours,
    note,
    practitioner,
    privacy,
    resource,
    setup,
    watch,
)
from bot.domain.command import Table

TABLE = Table(
    nouns={
        "help": help.ABOUT,
        "help-now": hours.ABOUT,
        "case": caseload.ABOUT,
        "duty": duty.ABOUT,
        "practitioner": practitioner.ABOUT,
        "note": note.ABOUT,
        "resource": resource.ABOUT,
        "setup": setup.ABOUT,
        "watch": watch.ABOUT,
        **privacy.ABOUT,
    },
    commands=(
        *help.COMMANDS,
        *hours.COMMANDS,
        *caseload.COMMANDS,
        *duty.COMMANDS,
        *practitioner.COMMANDS,
        *note.COMMANDS,
        *resource.COMMANDS,
        *setup.COMMANDS,
        *watch.COMMANDS,
        *privacy.COMMANDS,
    ),
    menus=(*ask.MENUS, *note.MENUS),
    asks=setup.ASKS | note.ASKS,
    roles={**setup.ROLES, **note.ROLES},
)
