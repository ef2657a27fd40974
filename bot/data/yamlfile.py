"""Read a YAML file that people edit, and name every mistake in it with its line and its mend."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Whole = TypeVar("Whole", bound=BaseModel)


class BadFile(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 65
    """A file that people wrote cannot be used. Its text holds every mistake, one a line."""


class Row(BaseModel):
    """The base of everything read from a file: unknown and missing fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def read_yaml(path: Path, whole: type[Whole]) -> Whole:
    """Read `path` as a `whole`. Raises BadFile with one line for each mistake."""
    tree, raw = _parse(path)
    try:
        return whole.model_validate(raw)
    except ValidationError as mistakes:
        lines = [_line(path, tree, e["loc"], e["msg"]) for e in mistakes.errors()]
        raise BadFile("\n".join(lines)) from None


def _parse(path: Path) -> tuple[yaml.Node | None, Any]:  # YAML may hold anything
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}. Check the path and its permissions.") from None
    except UnicodeDecodeError as failure:
        place = f"{path}: byte {failure.start} is not UTF-8"
        raise BadFile(f"{place}. Save the file as UTF-8.") from None
    try:
        return yaml.compose(text, yaml.CSafeLoader), yaml.load(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise BadFile(f"{where}: not YAML: {failure.problem}. Mend that line.") from None
    except yaml.YAMLError as failure:
        raise BadFile(f"{path}: not YAML: {failure}") from None


def _line(path: Path, tree: yaml.Node | None, loc: Sequence[str | int], message: str) -> str:
    node, name = tree, ""
    for step in loc:
        inner = _child(node, step)
        name = _name(node) or name
        if inner is None:
            break
        node = inner
    name = _name(node) or name
    row = f" (in {name})" if name else ""
    number = node.start_mark.line + 1 if node is not None else 1
    field = ".".join(str(step) for step in loc if isinstance(step, str))
    return f"{path}:{number}: {field or 'file'}{row}: {message}"


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    match node:
        case yaml.MappingNode():
            return next((v for k, v in node.value if k.value == step), None)
        case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
            child: yaml.Node = node.value[step]
            return child
        case _:
            return None


def _name(node: yaml.Node | None) -> str:
    """Give the `id` of the row that `node` is, so that the reader finds it."""
    if not isinstance(node, yaml.MappingNode):
        return ""
    return next((str(v.value) for k, v in node.value if k.value == "id"), "")
