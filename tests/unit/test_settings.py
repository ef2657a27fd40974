import pytest

from bot.settings import PREFIX, BadSettings, Settings
from tests.support.waymark import ROOT


def test_the_example_names_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line.startswith(PREFIX)}

    assert named == {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}


def test_the_example_can_be_used_as_it_is() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    env = dict(line.split("=", 1) for line in lines if line.startswith(PREFIX))

    assert Settings.from_env(env) == Settings()


def test_every_problem_is_named_at_once() -> None:
    env = {"WAYMARK_KEY": "short", "WAYMARK_LOG_LEVEL": "loud", "WAYMARK_TYPO": "1", "HOME": "/x"}
    with pytest.raises(BadSettings) as bad:
        Settings.from_env(env)

    named = {line.partition(":")[0] for line in str(bad.value).splitlines()}
    assert named == {"WAYMARK_KEY", "WAYMARK_LOG_LEVEL", "WAYMARK_TYPO"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_PORT", "abc", "'abc' is no whole number. Write one, such as `{}=3000`."),
        ("SLACK_PORT", "99999", "'99999' is too much. Write 65535 or less, such as `{}=3000`."),
        ("SLACK_PORT", "0", "'0' is too little. Write 1 or more, such as `{}=3000`."),
        ("SLACK_DISTRIBUTED", "maybe", "'maybe' is neither. Write true or false."),
        ("PROCESSES", "two", "'two' is not to be chosen. Write 'many' or 'one'."),
        ("TYPO", "1", "There is no such setting. See .env.example for those there are."),
        ("OLD_KEYS", "short", "One of them has fewer than 32 characters. Write each as it was."),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: str, said: str) -> None:
    name = f"WAYMARK_{name}"
    with pytest.raises(BadSettings) as bad:
        Settings.from_env({name: value})

    assert str(bad.value) == f"{name}: {said.format(name)}"


def test_a_key_that_is_too_short_is_not_shown() -> None:
    with pytest.raises(BadSettings) as bad:
        Settings.from_env({"WAYMARK_KEY": "sesame"})

    assert str(bad.value).startswith("WAYMARK_KEY: It has fewer than 32 characters. Make one with")
    assert "sesame" not in str(bad.value)


def test_an_empty_setting_is_not_set() -> None:
    assert Settings.from_env({"WAYMARK_KEY": "", "WAYMARK_CUES": ""}) == Settings()


@pytest.mark.parametrize(
    "hosts", ["localhost", "cal.example.org a.b:8443", "10.0.0.1:80 [fd00::1]:8443", "fd00::1 ::1"]
)
def test_calendars_are_read_from_hosts_with_a_port_or_without(hosts: str) -> None:
    assert Settings.from_env({"WAYMARK_CALENDAR_HOSTS": hosts}).calendar_hosts == hosts


@pytest.mark.parametrize(
    ("hosts", "wrong"),
    [
        ("https://cal.example.org", 1),
        ("a.example cal.example.org/dav", 2),
        ("a.example,b.example", 1),
        ("a.example *.example.org", 2),
        ("cal.example.org:", 1),
        ("me@cal.example.org", 1),
    ],
)
def test_what_is_no_host_is_refused_in_words(hosts: str, wrong: int) -> None:
    with pytest.raises(BadSettings, match=r"^WAYMARK_CALENDAR_HOSTS: .*Write hosts alone") as bad:
        Settings.from_env({"WAYMARK_CALENDAR_HOSTS": hosts})

    assert f"Number {wrong} is no host" in str(bad.value)


def test_the_key_does_not_show() -> None:
    assert "k" * 40 not in repr(Settings.from_env({"WAYMARK_KEY": "k" * 40}))


def test_old_keys_are_long_and_do_not_show() -> None:
    given = {"WAYMARK_OLD_KEYS": f"{'o' * 40} {'p' * 40}"}

    assert "o" * 40 not in repr(Settings.from_env(given))
    with pytest.raises(BadSettings, match="WAYMARK_OLD_KEYS: "):
        Settings.from_env({"WAYMARK_OLD_KEYS": f"{'o' * 40} short"})


def test_blanks_around_a_value_are_none_of_it() -> None:
    settings = Settings.from_env(
        {"WAYMARK_DISCORD_TOKEN": "a.b.c\r", "WAYMARK_SLACK_BOT_TOKENS": " ", "WAYMARK_KEY": "\r"}
    )
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "a.b.c"
    assert settings.slack_bot_tokens is None
    assert settings.key is None


@pytest.mark.parametrize(
    "pasted",
    [
        "cal.example.org https://cal.example.org/private-0123456789/basic.ics",
        "cal.example.org rota:s3cret-0123456789@cloud.example.org",
    ],
)
def test_an_address_that_opens_a_calendar_is_not_printed(pasted: str) -> None:
    with pytest.raises(BadSettings, match="Number 2 is no host") as refused:
        Settings.from_env({"WAYMARK_CALENDAR_HOSTS": pasted})
    assert "0123456789" not in str(refused.value)
