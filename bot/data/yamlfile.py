"""Read a YAML file that people edit, and name every mistake in it with its line and its mend."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.mend import mended

Whole = TypeVar("Whole", bound=BaseModel)
Loaded = TypeVar("Loaded")
Mistake = tuple[tuple[str | int, ...], str]
"""Where in a file something is wrong (names and numbers from its top), and what and its mend."""

_TAB = "a tab stands before the text of this line. Write spaces instead, as in the lines around it."
_TWO_COLONS = (
    "a colon with a space after it stands within the value. Put the whole value in quotes; if it is"
    " an account, write it without the space, such as discord:123456789012345678."
)
_NO_COLON = "the line above seems to lack its colon. Write each field as `name: value`."
_COLUMN = (
    "this line begins in the wrong column. What belongs together begins in the same column: let it"
    " begin exactly below the first letter of its neighbours, with spaces before it."
)
_QUOTES = ("'", '"')  # a text behind "|" or ">" has none
_MISPLACED = ("did not find expected '-' indicator", "did not find expected key")


class BadFile(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 65
    """A file that people wrote cannot be used. Its text holds every mistake, one a line."""


class Row(BaseModel):
    """The base of everything read from a file: unknown and missing fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Loader(yaml.CSafeLoader):
    """Leaves dates and words such as "no" (Norway) as written; the model reads what it needs.

    Only `true` and `false` are truth values here, as in YAML 1.2.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name that PyYAML looks for
        first: [
            (tag, pattern)
            for tag, pattern in pairs
            if tag != "tag:yaml.org,2002:timestamp"
            and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
        ]
        for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Path, whole: type[Whole]) -> Whole:
    """Read `path` as a `whole`. Raises BadFile with one line for each mistake."""
    tree, raw = _parse(path)
    lines = [
        f"{path}:{line}: {name}: stands twice; only one would count. Join the two."
        for mapping in _mappings(tree)
        for line, name in _repeated(mapping)
    ]
    try:
        read = whole.model_validate({} if tree is None else raw)  # empty: each field is missing
    except ValidationError as mistakes:
        lines += [
            _line(path, tree, e["loc"], mended(e, _example(whole, e["loc"])))
            for e in mistakes.errors()
        ]
        raise BadFile("\n".join(lines)) from None
    if lines:
        raise BadFile("\n".join(lines))
    return read


def tried(load: Callable[[], Loaded], mistakes: list[str]) -> Loaded | None:
    """Load a file; None where it cannot be used, with why added to `mistakes`."""
    try:
        return load()
    except BadFile as bad:
        mistakes.append(str(bad))
        return None


def refuse(path: Path, mistakes: Iterable[Mistake]) -> None:
    """Raise BadFile if there are mistakes, found in a file that `read_yaml` could read."""
    tree, _ = _parse(path)
    lines = [_line(path, tree, loc, said) for loc, said in mistakes]
    if lines:
        raise BadFile("\n".join(lines))


def ids_in(path: Path) -> Iterator[tuple[int, str]]:
    """Give line and text of each `id` in a file that `read_yaml` could read."""
    for mapping in _mappings(_parse(path)[0]):
        for key, value in mapping.value:
            if key.value == "id":
                yield value.start_mark.line + 1, str(value.value)


def _parse(path: Path) -> tuple[yaml.Node | None, Any]:  # YAML may hold anything
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}. Check the path and its permissions.") from None
    except UnicodeDecodeError as failure:
        place = f"{path}: byte {failure.start} is not UTF-8"
        raise BadFile(f"{place}. Save the file as UTF-8.") from None
    try:
        return yaml.compose(text, _Loader), yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        if (plain := _in_words(failure, text)) is not None:
            raise BadFile(f"{where}: {plain}") from None
        raise BadFile(f"{where}: not YAML: {failure.problem}{_begun(failure, text)}") from None
    except (yaml.YAMLError, ValueError) as failure:
        said = " ".join(str(failure).split())
        raise BadFile(f"{path}: not YAML: {said}. Remove it, or put it in quotes.") from None


def _in_words(failure: yaml.MarkedYAMLError, text: str) -> str | None:
    """Say the commonest mistakes as people know them, with the mend; None: it is another one."""
    at, lines = failure.problem_mark, text.split("\n")
    if at is None or at.line >= len(lines) or _last_quote(text, at) is not None:
        return None
    line = lines[at.line]
    before, here = line[: at.column], line[at.column : at.column + 1]
    is_first = not before.strip()
    if is_first and "\t" in before + here:
        return _TAB
    if failure.problem == "mapping values are not allowed in this context":
        above = next((one for one in reversed(lines[: at.line]) if one.strip()), "")
        other = _COLUMN if _margin(line) > _margin(above) else _NO_COLON
        return _TWO_COLONS if ": " in before else other
    if is_first and here not in "}]" and failure.problem in _MISPLACED:
        return _COLUMN
    if here and here in "@`%" and failure.problem == "found character that cannot start any token":
        return f"a value may not begin with {here}. Put the value in quotes."
    return None


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _begun(failure: yaml.MarkedYAMLError, text: str) -> str:
    """Name the line in which what cannot be read begins, where it is another one, and the mend.

    Reading breaks at the next quote, or at the end of the file, after one that was left open.
    """
    at, begun, said = failure.problem_mark, failure.context_mark, f"{failure.context} from"
    if at is not None and (quote := _last_quote(text, at)) is not None:
        begun, said = quote, "after a quote that is opened in"
    if at is None or begun is None or begun.line == at.line:
        return ". Mend that line."
    line = f"line {begun.line + 1}"
    # A block is what holds the line: mostly the whole file, and nothing is wrong where it begins.
    other = "" if " block " in said else f", or what begins in {line}"
    return f" ({said} {line}). Mend that line{other}."


def _last_quote(text: str, at: yaml.Mark) -> yaml.Mark | None:
    """Give where a quoted text begins that goes over several lines, to the one of `at`."""
    found = None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, _Loader):
            if token.start_mark.index >= at.index:
                break
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in _QUOTES
            if is_quoted and token.start_mark.line < token.end_mark.line == at.line:
                found = token.start_mark
    return found


def _mappings(tree: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Give every mapping in the file, in its order."""
    seen: set[int] = set()  # a file may refer back to itself
    waiting = [tree]
    while waiting:
        match node := waiting.pop():
            case yaml.CollectionNode() if id(node) in seen:
                pass
            case yaml.MappingNode():
                yield node
                waiting += [value for _, value in reversed(node.value)]
            case yaml.SequenceNode():
                waiting += reversed(node.value)
            case _:
                pass
        seen.add(id(node))


def _repeated(node: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    """Give line and name of the fields that it has already: YAML keeps the later."""
    names: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value in names:
            yield key.start_mark.line + 1, key.value
        names.add(str(key.value))


def _example(whole: type[BaseModel], loc: Sequence[str | int]) -> str:
    """Give a good value of a field, as it stands in a file; empty where its model names none."""
    row: type[BaseModel] | None = whole
    found = ""
    for step in loc:
        if isinstance(step, str):
            fields = row.model_fields if row else {}
            field = next((f for name, f in fields.items() if step in (name, f.alias)), None)
            found = f"{step}: {field.examples[0]}" if field and field.examples else ""
            row = _row_in(field.annotation) if field else None
    return found


def _row_in(annotation: object) -> type[BaseModel] | None:
    """Give the rows that a field holds, one or a list of them; None where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_row_in, get_args(annotation))), None)


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
