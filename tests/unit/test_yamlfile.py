from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from bot.data.yamlfile import BadFile, Row, ids_in, read_yaml

NO_NUMBER = "6: parts.size (in two): 'big' is no whole number. Write one, such as `size: 2`."


class Part(Row):
    id: str
    size: int = Field(examples=["2"])


class Whole(Row):
    name: str = Field(examples=["north"])
    region: str = "GB"
    free: bool = True
    day: date = date(2026, 1, 1)
    parts: tuple[Part, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    path = written(folder, text)
    with pytest.raises(BadFile) as bad:
        read_yaml(path, Whole)
    return [line.removeprefix(f"{path}:") for line in str(bad.value).splitlines()]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "name: ' north '\nparts:\n  - {id: a, size: 1}\n")

    assert read_yaml(path, Whole) == Whole(name="north", parts=(Part(id="a", size=1),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: no", Whole(name="no")),
        ("name: on\nregion: NO", Whole(name="on", region="NO")),
        ("name: yes\nfree: no", Whole(name="yes", free=False)),
        ("name: a\nfree: false", Whole(name="a", free=False)),
        ("name: 2026-11-23", Whole(name="2026-11-23")),
        ("name: a\nday: 2026-11-23", Whole(name="a", day=date(2026, 11, 23))),
        ('name: a\nday: "2026-11-23"', Whole(name="a", day=date(2026, 11, 23))),
        ("name: a\nwords: {no: off, y: n}", Whole(name="a", words={"no": "off", "y": "n"})),
        ("\ufeffname: a", Whole(name="a")),
        ("name: caf\u00e9", Whole(name="caf\u00e9")),
    ],
)
def test_words_stay_words_whatever_yaml_might_make_of_them(
    tmp_path: Path, text: str, expected: Whole
) -> None:
    assert expected == read_yaml(written(tmp_path, text), Whole)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1: name: Field required. Add it, such as `name: north`."),
        ("# nothing yet\n", "1: name: Field required. Add it, such as `name: north`."),
        ("- a\n- b\n", "1: file: Write fields here, one a line, as `name: value`."),
        ("just words", "1: file: Write fields here, one a line, as `name: value`."),
        ("region: GB", "1: name: Field required. Add it, such as `name: north`."),
        (
            "name: a\nregoin: FI",
            "2: regoin: There is no such field. Check its spelling, or remove it.",
        ),
        ("name: [a]", "1: name: Write text here; put it in quotes."),
        ("name: 12", "1: name: Write text here; put it in quotes."),
        ("name: true", "1: name: Write text here; put it in quotes."),
        ("name:", "1: name: Write text here; put it in quotes."),
        ("name: a\nparts: b", "2: parts: Write a list here, one entry a line, each after `- `."),
        ("name: a\nwords: b", "2: words: Write pairs here, one a line, as `name: value`."),
        (
            "name: a\nparts:\n  - id: one\n    size: 1\n  - id: two\n    size: big\n",
            NO_NUMBER,
        ),
        (
            "name: a\nparts:\n  - id: one\n",
            "3: parts.size (in one): Field required. Add it, such as `size: 2`.",
        ),
        ("name: a\nparts:\n  - size: 1\n", "3: parts.id: Field required. Add it."),
        (
            "name: a\nday: 2026-02-31",
            "2: day: '2026-02-31' is no day of the calendar. Write one such as 2026-11-30.",
        ),
        ("name: a\nname: b", "2: name: stands twice; only one would count. Join the two."),
        (
            "name: a\nparts:\n  - id: one\n    size: 1\n    size: 2\n",
            "5: size: stands twice; only one would count. Join the two.",
        ),
        (
            "name: a\nwords:\n  no: b\n  no: c\n",
            "4: no: stands twice; only one would count. Join the two.",
        ),
        (
            "name: [a",
            (
                "2:1: not YAML: did not find expected ',' or ']' (while parsing a flow sequence"
                " from line 1). Mend that line, or what begins in line 1."
            ),
        ),
        (
            "name: a\n\tregion: b",
            (
                "2:1: a tab stands before the text of this line. Write spaces instead, as in the"
                " lines around it."
            ),
        ),
        (
            "parts:\n\t- id: one\n",
            (
                "2:1: a tab stands before the text of this line. Write spaces instead, as in the"
                " lines around it."
            ),
        ),
        *(
            (
                text,
                (
                    f"{where}: this line begins in the wrong column. What belongs together begins"
                    " in the same column: let it begin exactly below the first letter of its"
                    " neighbours, with spaces before it."
                ),
            )
            for text, where in (
                ('parts:\n  - id: "one"\n   size: 1\n', "3:4"),
                ('parts:\n  - id: "one"\n      size: 1\n', "3:7"),
                ("parts:\n  - id: one\n      size: 1\n", "3:11"),
                ("name: a\n  region: b\n", "2:9"),
            )
        ),
        (
            "name: discord: 101\n",
            (
                "1:14: a colon with a space after it stands within the value. Put the whole value"
                " in quotes; if it is an account, write it without the space, such as"
                " discord:123456789012345678."
            ),
        ),
        (
            "name a\nregion: b\n",
            (
                "2:7: the line above seems to lack its colon. Write each field as `name: value`."
            ),
        ),
        ("name: @a", "1:7: a value may not begin with @. Put the value in quotes."),
        (
            "name: a\n---\nname: b",
            (
                "2:1: not YAML: but found another document (expected a single document in the"
                " stream from line 1). Mend that line, or what begins in line 1."
            ),
        ),
        (
            "region: GB\nname: 'a\n\n",
            (
                "4:1: not YAML: found unexpected end of stream (while scanning a quoted scalar from"
                " line 2). Mend that line, or what begins in line 2."
            ),
        ),
        (
            'region: GB\nname: "a\nday: "2026-01-01"\nfree: true\n',
            (
                "3:7: not YAML: did not find expected key (after a quote that is opened in line 2)."
                " Mend that line, or what begins in line 2."
            ),
        ),
        (
            "region: GB\nname: 'it's'\n",
            (
                "2:11: not YAML: did not find expected key (while parsing a block mapping from"
                " line 1). Mend that line."
            ),
        ),
        ("name: *other", "1:7: not YAML: found undefined alias. Mend that line."),
        ("? [a]\n: b", "1:3: not YAML: found unhashable key. Mend that line."),
    ],
)  # fmt: skip
def test_a_mistake_gives_one_line_with_its_number_its_field_its_row_and_a_mend(
    tmp_path: Path, text: str, line: str
) -> None:
    assert [line] == mistakes(tmp_path, text)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    text = "region: 1\nregion: 2\nparts:\n  - {id: one}\n  - {size: 1, colour: red}\n"

    assert [line.split(": ")[1] for line in mistakes(tmp_path, text)] == [
        "region",
        "name",
        "region",
        "parts.size (in one)",
        "parts.id",
        "parts.colour",
    ]


def test_python_objects_are_never_made(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, "name: !!python/object/apply:os.getcwd []")

    assert "could not determine a constructor" in line


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    assert mistakes(tmp_path, b"name: caf\xe9") == [" byte 9 is not UTF-8. Save the file as UTF-8."]


def test_a_control_character_is_refused_in_one_line(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, "name: a\x00b")

    assert "not YAML" in line
    assert line.endswith("Remove it, or put it in quotes.")


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_opened_is_named_with_what_to_check(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(BadFile, match="Check the path and its permissions"):
        read_yaml(tmp_path / name, Whole)


def test_a_file_that_refers_back_to_itself_is_refused(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, "name: a\nwords: &it\n  again: *it\n")

    assert lines == ["2: words.again: Write text here; put it in quotes."]


def test_ids_are_given_with_their_lines_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "name: a\nparts:\n  - {id: one, size: 1}\n  - size: 2\n    id: two\n"

    assert list(ids_in(written(tmp_path, text))) == [(3, "one"), (5, "two")]


yamlish = st.text(alphabet="name: parts-[]{}&*!|>?#'\"\n\t a1,%@`\\~\x85\ufeff\x00", max_size=40)


@given(yamlish)
def test_whatever_is_in_a_file_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = written(tmp_path_factory.getbasetemp(), text)
    said = ""
    try:
        read_yaml(path, Whole)
    except BadFile as bad:
        said = str(bad)

    assert all(line.startswith(str(path)) for line in said.split("\n") if said)


def test_a_block_of_text_is_no_quote_that_was_left_open(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, "name: |\n  North\n desk\n")
    assert mistake.startswith("3:2: ")
    assert "quote" not in mistake
