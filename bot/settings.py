"""The environment, read once, every problem named at once.

`.env.example` lists the same names; a test keeps the two equal.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.mend import mended

PREFIX = "WAYMARK_"
_SHIPPED = Path(__file__).parent / "data"
_LEAST_KEY = 32
# A name, an IPv4 address or an IPv6 one in brackets, with a port or without; or a bare IPv6 one.
_HOST = re.compile(
    r"([\w-]+(\.[\w-]+)*|\[[\da-fA-F:.]+\])(:\d{1,5})?|[\da-fA-F]*:[\da-fA-F:.]*:[\da-fA-F:.]*"
)


class BadSettings(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 78
    """The environment cannot be used. Its text holds every problem, one a line."""


class Settings(BaseModel):
    """Each field is the environment variable of its name, in capitals, after `WAYMARK_`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: SecretStr | None = Field(
        default=None, description="Secret for keyed hashes, 32 characters or more."
    )
    old_keys: SecretStr | None = Field(
        default=None,
        description="Secrets that were in use before, the newest first, with spaces between them.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much is logged to standard error."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Lines for people, or one JSON object a line."
    )
    processes: Literal["many", "one"] = Field(
        default="many",
        description="How `waymark run` uses a machine with two cores or more: with one, SQLite and"
        " the first reading stay in the bot's own process.",
    )
    cues: Path = Field(default=_SHIPPED / "cues", description="Folder of the cue files.")
    resources: Path = Field(
        default=_SHIPPED / "resources.yaml", description="The catalogue of vetted resources."
    )
    claims: Path = Field(
        default=_SHIPPED / "claims.yaml", description="The registry of inaccurate claims."
    )
    helplines: Path = Field(
        default=_SHIPPED / "helplines.yaml", description="The helplines that members are shown."
    )
    scenarios: Path | None = Field(
        default=None, description="Folder of your own scenarios to train on, beside those shipped."
    )
    discord_token: SecretStr | None = Field(
        default=None, description="The bot's token on Discord; without it Discord is left out."
    )
    slack_bot_tokens: SecretStr | None = Field(
        default=None,
        description="The app's bot tokens on Slack, one a workspace, with spaces between them;"
        " without any Slack is left out.",
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app-level token for Socket Mode; without it HTTP is used."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="What Slack signs its requests with; for HTTP alone."
    )
    slack_port: int = Field(
        default=3000, ge=1, le=65_535, description="Where Slack's requests come in over HTTP."
    )
    slack_distributed: bool = Field(
        default=False,
        description="Set it for an app that is distributed outside Slack's Marketplace: Slack lets"
        " such an app read back only 15 messages a minute.",
    )
    calendar_hosts: str = Field(
        default="",
        description="Hosts in a private network that a calendar may be read from, with spaces"
        " between them; one may have a port (cal.example.org:8443).",
    )
    weights: Path = Field(default=_SHIPPED / "weights", description="Folder of the models.")

    @field_validator("key")
    @classmethod
    def _is_long(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < _LEAST_KEY:
            raise ValueError(
                f"It has fewer than {_LEAST_KEY} characters. Make one with"
                " python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return key

    @field_validator("old_keys")
    @classmethod
    def _are_long(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None and any(len(k) < _LEAST_KEY for k in keys.get_secret_value().split()):
            raise ValueError(
                f"One of them has fewer than {_LEAST_KEY} characters. Write each as it was."
            )
        return keys

    @field_validator("calendar_hosts")
    @classmethod
    def _are_hosts(cls, hosts: str) -> str:
        for number, one in enumerate(hosts.split(), 1):
            if not _HOST.fullmatch(one):
                # Not quoted: a calendar's whole address, pasted here, opens it for who reads this.
                raise ValueError(
                    f"Number {number} is no host. Write hosts alone, with spaces between them, each"
                    " with a port or without: cal.example.org cloud.example.org:8443"
                )
        return hosts

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the variables that start with WAYMARK_; an empty one counts as not set.

        Blanks around a value are none of it: a file from Windows ends each line with one more.
        Raises BadSettings.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value.strip()
            for name, value in env.items()
            if name.startswith(PREFIX) and value.strip()
        }
        try:
            return cls.model_validate(given)
        except ValidationError as problems:
            raise BadSettings("\n".join(map(_line, problems.errors()))) from None


def _line(mistake: Mapping[str, Any]) -> str:
    field = str(mistake["loc"][0])
    name = f"{PREFIX}{field.upper()}"
    if mistake["type"] == "extra_forbidden":
        return f"{name}: There is no such setting. See .env.example for those there are."
    return f"{name}: {mended(mistake, f'{name}={Settings.model_fields[field].default}')}"
