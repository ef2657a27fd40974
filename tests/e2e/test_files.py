"""`waymark read` and `waymark check`: for people who edit the files."""

import errno
import shutil
from pathlib import Path

import yaml

from bot.cli.job import unwritable
from tests.support.deskfile import FILE
from tests.support.helplines import ROW
from tests.support.waymark import EXPORTS, ROOT, waymark

DATA = ROOT / "bot" / "data"
ON_DISCORD = {"WAYMARK_DISCORD_TOKEN": "MTIz.x.y"}
ON_SLACK = {"WAYMARK_SLACK_BOT_TOKENS": "xoxb-1"}


def test_read_says_why() -> None:
    ran = waymark("read", "How do I get an apprenticeship in Finland? I have to apply by tomorrow.")

    assert ran.code == 0
    assert "Priority: P2 soon" in ran.out
    assert "apprenticeship" in ran.out
    assert "Names: FI" in ran.out
    assert "Deadline:" in ran.out


def test_read_keeps_hostile_text_harmless() -> None:
    ran = waymark("read", "i want to \x1b[31mdie\u202e tonight [red]")

    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_check_says_that_all_is_well() -> None:
    ran = waymark("check")

    assert ran.code == 0
    assert ran.out.startswith("All good")
    assert "in the cue files of this release (--all lists them)." in ran.out
    assert " resources, 0 of them vetted," in ran.out
    assert "No resource is vetted, so members are shown none" in ran.out
    assert "safety.yaml" not in ran.out


def test_check_lists_what_the_release_itself_leaves_open_when_asked_to() -> None:
    ran = waymark("check", "--all")

    assert ran.code == 0
    assert f"{DATA}/cues/safety.yaml:" in ran.out
    assert "--all lists them" not in ran.out


def test_check_says_that_the_desk_is_the_example_when_no_other_was_named() -> None:
    ran = waymark("check", **ON_DISCORD)

    assert ran.code == 0
    assert "desk Replay desk (the example; name yours by --desk-config)." in ran.out


def test_check_names_who_would_not_be_reached_where_the_desk_is_to_run(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump({**FILE, "last_resort": "transcript:last-resort"}))
    neither = waymark("check", "--desk-config", path)
    two = waymark("check", "--desk-config", path, **ON_DISCORD, **ON_SLACK)
    one = waymark("check", "--desk-config", path, **ON_DISCORD)

    lost = "'transcript' is for replays and practice alone, so nobody is told anything there:"
    for ran in (neither, two, one):
        assert ran.code == 78
        assert f"{lost} last_resort (transcript:last-resort). Write accounts such as" in ran.err
        assert ran.out.startswith("Something is to be mended")
    missing = "WAYMARK_SLACK_BOT_TOKENS is not set, so nobody is told anything there:"
    assert f"{missing} Aino (slack:U1), Bo (slack:U2). Set it, or write accounts" in one.err
    assert missing not in two.err + neither.err


def test_check_names_the_accounts_that_are_of_no_use_without_a_token(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump(FILE))
    ran = waymark("check", "--desk-config", path, **ON_SLACK)
    before = waymark("check", "--desk-config", path)

    assert (before.code, before.err) == (0, "")  # the tokens are still to come
    assert before.out.startswith("The files are good")
    assert "`waymark run` would not start yet: no token is set." in before.out
    assert "WAYMARK_DISCORD_TOKEN and WAYMARK_SLACK_BOT_TOKENS" in before.out
    assert "would not start" not in ran.out
    missing = "WAYMARK_DISCORD_TOKEN is not set, so these further accounts are of no use:"
    assert (ran.code, ran.err) == (78, f"{missing} Aino (discord:1).\n")


def test_check_names_half_a_platform(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump(FILE).replace("slack:U", "discord:2"))
    ran = waymark("check", "--desk-config", path, **ON_DISCORD, WAYMARK_SLACK_APP_TOKEN="xapp-1")  # noqa: S106 - no token

    assert ran.code == 78
    assert ran.err == (
        "WAYMARK_SLACK_APP_TOKEN is set and WAYMARK_SLACK_BOT_TOKENS is not, so Slack is left out."
        " Set both, or neither.\n"
    )


def test_check_names_what_is_no_token_and_does_not_show_it() -> None:
    commas = "xoxb-1,xoxb-2"
    ran = waymark("check", WAYMARK_DISCORD_TOKEN="hello", WAYMARK_SLACK_BOT_TOKENS=commas)  # noqa: S106 - no token

    assert ran.code == 78
    assert "WAYMARK_DISCORD_TOKEN is set, but to something else than a bot's token" in ran.err
    assert "WAYMARK_SLACK_BOT_TOKENS is set, but not to bot tokens alone" in ran.err
    assert "hello" not in ran.err
    assert commas not in ran.err


def test_a_token_of_three_parts_that_is_none_is_refused_for_its_first_one() -> None:
    ran = waymark("check", WAYMARK_DISCORD_TOKEN="wrong.token.here")  # noqa: S106 - no token

    assert ran.code == 78
    assert "whose first part holds the application's id" in ran.err
    assert "three parts" not in ran.err
    assert "wrong.token" not in ran.err


def test_a_folder_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    ran = waymark("replay", *EXPORTS, "--into", tmp_path / "none" / "desk.db")

    assert ran.code == 74
    assert f"There is no folder {tmp_path}/none, in which desk.db.key is to be." in ran.err
    assert f"mkdir -p {tmp_path}/none" in ran.err
    assert "Errno" not in ran.err


def test_what_may_not_be_written_is_named_as_the_folder_or_the_file(tmp_path: Path) -> None:
    file, new = tmp_path / "desk.db", tmp_path / "desk.db.lock"
    file.touch()
    shut, locked = (
        unwritable(PermissionError(errno.EACCES, "Permission denied", str(one)))
        for one in (new, file)
    )

    assert shut.startswith(f"The folder {tmp_path} may not be written to")
    assert locked.startswith(f"{file} may not be opened")
    assert "Errno" not in shut + locked


def test_check_advises_to_ask_first_where_the_law_does_and_takes_it_for_no_mistake(
    tmp_path: Path,
) -> None:
    path, said = tmp_path / "desk.yaml", "members are read before they said yes"
    runs = []
    for region, consent in (("GB", "notice_opt_out"), ("GB", "opt_in"), ("US", "notice_opt_out")):
        path.write_text(yaml.safe_dump({**FILE, "region": region, "consent": consent}))
        runs.append(waymark("check", "--desk-config", path))

    assert [ran.code for ran in runs] == [0, 0, 0]
    assert [said in ran.out for ran in runs] == [True, False, False]


def test_check_warns_of_a_region_that_is_no_country(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump({**FILE, "region": "ZZ"}))
    ran = waymark("check", "--desk-config", path)

    assert ran.code == 78
    assert ran.err.startswith("region: ZZ is no country (ISO 3166).")
    assert "emergency number: none known" in ran.out


def test_check_says_that_nobody_is_on_the_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump({**FILE, "practitioners": [], "rota": [], "overrides": []}))
    ran = waymark("check", "--desk-config", path)

    assert ran.code == 78
    assert ran.out.startswith("Something is to be mended")
    assert ran.err.startswith("No practitioners are listed, so nobody who is on duty would be told")
    assert "all go to last_resort (slack:U9) alone." in ran.err
    assert "each with a name and an account such as discord:1" in ran.err


def test_check_takes_a_stale_row_of_ones_own_region_for_something_to_mend(tmp_path: Path) -> None:
    desk, near, far = tmp_path / "desk.yaml", tmp_path / "near.yaml", tmp_path / "far.yaml"
    desk.write_text(yaml.safe_dump(FILE))
    for path, region in ((near, "FI"), (far, "SE")):
        row = {**ROW, "regions": [region], "checked_on": "2020-01-01"}
        path.write_text(yaml.safe_dump({"version": "1", "status": "ours", "helplines": [row]}))
    mine = waymark("check", "--desk-config", desk, WAYMARK_HELPLINES=str(near))
    another = waymark("check", "--desk-config", desk, WAYMARK_HELPLINES=str(far))
    example = waymark("check", WAYMARK_HELPLINES=str(near))

    assert (mine.code, another.code, example.code) == (78, 0, 0)
    assert mine.out.startswith("Something is to be mended")
    assert mine.err.startswith("Not shown: listen, because it was last checked on 2020-01-01")
    assert "Not shown" not in mine.out
    assert "Not shown: listen" in another.out


def test_check_takes_a_desk_of_transcripts_for_one_of_replays(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text((DATA / "desk.yaml").read_text())
    ran = waymark("check", "--desk-config", path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("All good")


def test_check_names_every_mistake_of_every_file_with_its_line(tmp_path: Path) -> None:
    cues, resources = tmp_path / "cues", tmp_path / "resources.yaml"
    shutil.copytree(DATA / "cues", cues)
    (cues / "broken.yaml").write_text(
        'version: "1"\nstatus: "x"\ncues:\n  - id: "a"\n    code: "NO_SUCH_CODE"\n    any: ["(a"]\n'
        '    author: "x"\n    date: 2026-11-23\n    rationale: "because it is so"\n'
    )
    resources.write_text((DATA / "resources.yaml").read_text().replace("https://", "http://", 1))
    desk = tmp_path / "desk.yaml"
    desk.write_text('id: "north"\nname: "North desk"\nregion: "England"\n')
    files = {"WAYMARK_CUES": str(cues), "WAYMARK_RESOURCES": str(resources)}
    ran = waymark("check", "--desk-config", desk, **files)

    assert ran.code == 78
    assert f"{desk}:3: region (in north): 'England' is not usable. Write a country" in ran.err
    assert f"{desk}:1: last_resort (in north): Field required. Add it, such as `last" in ran.err
    assert f"{cues}/broken.yaml:5" in ran.err
    assert f"{cues}/broken.yaml:6" in ran.err
    assert str(resources) in ran.err
    assert "Traceback" not in ran.err


def test_check_fails_without_weights_and_says_what_to_do(tmp_path: Path) -> None:
    ran = waymark("check", WAYMARK_WEIGHTS=str(tmp_path))

    assert ran.code == 78
    assert "make train" in ran.err
