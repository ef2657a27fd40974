"""The application that a token belongs to stands in its first part."""

from base64 import urlsafe_b64encode

import pytest

from adapters.discord.invite import application_of

ID = "123456789012345678"
FIRST = urlsafe_b64encode(ID.encode()).decode().rstrip("=")
TOKEN = f"{FIRST}.Gx-1_a.aB_c-9"


@pytest.mark.parametrize("token", [TOKEN, f" {TOKEN}\r\n"])
def test_a_token_names_its_application(token: str) -> None:
    assert application_of(token) == ID


@pytest.mark.parametrize(
    "other",
    ["", "wrong.token.here", f'"{TOKEN}"', f"'{TOKEN}'", f"Bot {TOKEN}", f"{FIRST}..x", FIRST,
     f"{TOKEN}.more", f"{FIRST}.a b.c", f"{FIRST}.\u00e9.c"],
)  # fmt: skip
def test_what_is_no_token_names_none(other: str) -> None:
    assert application_of(other) is None
