"""What people wrote that cannot be used, in plain words and with its mend.

For the files that people edit and for the environment: both are read by pydantic.
"""

from collections.abc import Mapping
from typing import Any

# What pydantic says of these mistakes names its own types and no mend. In braces: its own figures.
_MENDS = {
    "missing": "Field required. Add it",
    "extra_forbidden": "There is no such field. Check its spelling, or remove it.",
    "model_type": "Write fields here, one a line, as `name: value`.",
    "tuple_type": "Write a list here, one entry a line, each after `- `.",
    "dict_type": "Write pairs here, one a line, as `name: value`.",
    "timezone_naive": "Write a time without a zone, such as 2026-11-30T09:00; `zone` names it.",
    "string_type": "Write text here; put it in quotes.",
    "string_too_short": "It is empty. Write it",
    "string_too_long": "It is too long. Cut it to {max_length} characters.",
    "too_long": "These are too many. Keep {max_length} at most.",
    "too_short": "These are too few. Write {min_length} or more",
    "literal_error": "{input!r} is not to be chosen. Write {expected}.",
    "enum": "{input!r} is not to be chosen. Write {expected}.",
    "greater_than_equal": "{input!r} is too little. Write {ge} or more",
    "less_than_equal": "{input!r} is too much. Write {le} or less",
    "int_type": "Write a whole number",
    "int_parsing": "{input!r} is no whole number. Write one",
    "int_from_float": "{input!r} is no whole number. Write one",
    "float_type": "Write a number",
    "float_parsing": "{input!r} is no number. Write one",
    "bool_type": "Write true or false.",
    "bool_parsing": "{input!r} is neither. Write true or false.",
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "{input!r} is no day of the calendar. Write one such as 2026-11-30.",
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        "{input!r} is no time. Write one such as 2026-11-30T09:00.",
    ),
}


def mended(mistake: Mapping[str, Any], example: str) -> str:
    """Say what is wrong and what mends it: a mend without its full stop ends in the example.

    `mistake` is one of pydantic's `errors()`. What was given is quoted.
    """
    mend = _MENDS.get(mistake["type"])
    if mend is None:
        return str(mistake["msg"]).removeprefix("Value error, ")
    mend = mend.format(**{"input": mistake["input"], **mistake.get("ctx", {})})
    if mend.endswith("."):
        return mend
    return f"{mend}, such as `{example}`." if example else f"{mend}."
