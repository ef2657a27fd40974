"""Writes what a command leaves, in the transaction of its turn."""

from collections.abc import Iterable
from functools import cache
from typing import assert_never

from sqlalchemy import Connection, Table, delete, update

from bot.domain.kept import (
    Agreed,
    CodeMade,
    Kept,
    Linked,
    Overridden,
    Promised,
    Proposed,
    Put,
    Remarked,
    Unlinked,
    Watching,
)
from bot.domain.message import AccountRef
from bot.domain.practitioner import LinkCode
from bot.domain.privacy import Consent, Consented
from bot.domain.setup import Setting
from bot.store.database import Insert, insert
from bot.store.output import put_output
from bot.store.privacy import forget_author
from bot.store.schema import CONSENT, DUTY_OVERRIDE, DUTY_SWAP, FOLLOW_UP, LINK_CODE, LINKED, REMARK
from bot.store.setup import write_setting
from bot.store.watch import put_watch


class UsedUp(Exception):  # noqa: N818 - it is no error
    """The code was used a moment ago by somebody else; nothing was written."""


def write_kept(connection: Connection, desk: str, kept: Iterable[Kept]) -> None:
    for one in kept:
        _write(connection, desk, one)


def _write(connection: Connection, desk: str, one: Kept) -> None:
    match one:
        case Linked():
            _link(connection, desk, one)
        case Unlinked(account=account):
            _unlink(connection, desk, account)
        case CodeMade(code=code):
            _make_code(connection, desk, code)
        case Agreed(id=id_, at=at):
            c = DUTY_SWAP.c
            agreed = update(DUTY_SWAP).where(c.desk == desk, c.id == id_)
            connection.execute(agreed.values(agreed_at=at))
        case Overridden() | Proposed():
            _add(connection, *_of_duty(desk, one))
        case Remarked() | Promised():
            _add(connection, *_of_case(desk, one))
        case _:
            _in_public(connection, desk, one)


def _in_public(
    connection: Connection, desk: str, one: Put | Consented | Setting | Watching
) -> None:
    """Write what concerns members: what is said in public, who is read, how the desk is set up."""
    match one:
        case Put():
            put_output(connection, desk, one)
        case Consented():
            _choose(connection, desk, one)
        case Setting():
            write_setting(connection, desk, one)
        case Watching():
            put_watch(connection, desk, one)
        case _:
            assert_never(one)


def _link(connection: Connection, desk: str, one: Linked) -> None:
    c = LINK_CODE.c
    used = delete(LINK_CODE).where(c.desk == desk, c.digest == one.digest)
    if connection.execute(used).rowcount == 0:
        raise UsedUp(one.who)
    row = {"desk": desk, "account": one.account, "who": one.who, "linked_at": one.at}
    _add(connection, LINKED, row)


def _unlink(connection: Connection, desk: str, account: AccountRef) -> None:
    connection.execute(delete(LINKED).where(LINKED.c.desk == desk, LINKED.c.account == account))


def _choose(connection: Connection, desk: str, one: Consented) -> None:
    c = CONSENT.c
    names = (one.author, *one.formerly)
    connection.execute(delete(CONSENT).where(c.desk == desk, c.author.in_(names)))
    if one.consent is Consent.OUT:
        forget_author(connection, desk, names)
    row = {"desk": desk, "author": one.author, "consent": one.consent, "at": one.at}
    _add(connection, CONSENT, row)


def _make_code(connection: Connection, desk: str, code: LinkCode) -> None:
    connection.execute(
        delete(LINK_CODE).where(LINK_CODE.c.desk == desk, LINK_CODE.c.who == code.who)
    )
    row = {"desk": desk, "digest": code.digest, "who": code.who, "made_at": code.made_at}
    _add(connection, LINK_CODE, row)


def _of_duty(desk: str, one: Overridden | Proposed) -> tuple[Table, dict[str, object]]:
    if isinstance(one, Proposed):
        swap = one.swap
        return DUTY_SWAP, {
            "desk": desk,
            "id": one.id,
            "shift": swap.shift,
            "start_at": swap.start,
            "other_shift": swap.other_shift,
            "other_start_at": swap.other_start,
            "made_at": one.at,
            "whom": one.whom,
        }
    override = one.override
    return DUTY_OVERRIDE, {
        "desk": desk,
        "id": one.id,
        "who": override.who,
        "change": override.change,
        "start_at": override.start,
        "end_at": override.end,
        "made_at": override.made_at,
        "instead_of": override.instead_of,
    }


def _of_case(desk: str, one: Remarked | Promised) -> tuple[Table, dict[str, object]]:
    if isinstance(one, Promised):
        later = one.follow_up
        return FOLLOW_UP, {
            "desk": desk,
            "id": later.id,
            "alert": later.alert,
            "who": later.who,
            "due_at": later.due_at,
        }
    remark = one.remark
    return REMARK, {
        "desk": desk,
        "id": remark.id,
        "alert": remark.alert,
        "who": remark.who,
        "at": remark.at,
        "code": remark.code,
        "sealed": remark.sealed,
        "erase_at": remark.erase_at,
    }


def _add(connection: Connection, table: Table, row: dict[str, object]) -> None:
    connection.execute(_adding(connection.dialect.name, table), row)


@cache
def _adding(dialect: str, table: Table) -> Insert:
    return insert(dialect, table).on_conflict_do_nothing()
