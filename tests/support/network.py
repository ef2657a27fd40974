"""A small network that onnxruntime really runs, written byte by byte in ONNX's own format.

It is to the encoder what a doll's house is to a house: the same doors, and rooms that can be
looked into. Each known word adds its own figures to the heads. A word of what was said before adds
to them too, at the mark that stands before the message, as attention lets it.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from bot.triage.encoder import Encoder, Session
from bot.triage.head import HEADS, Head

Words = Mapping[str, Mapping[Head, float]]
Array = NDArray[np.float32] | NDArray[np.int64]

SILENT = -4.0  # what a message says of every head when no word of it is known
_MARKS = ("[CLS]", "[SEP]", "[UNK]")
_IR, _OPSET = 8, 18
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_LENGTH_DELIMITED = 2


def tokenizer(words: Words) -> Tokenizer:
    """Give whole words and signs as pieces; what is not known is one piece too."""
    numbers = {word: number for number, word in enumerate((*_MARKS, *words))}
    made = Tokenizer(WordLevel(numbers, unk_token="[UNK]"))  # noqa: S106 - a word, no secret
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 1)]
    )
    return made


def network(words: Words, *, earlier: Words | None = None, is_quantised: bool = False) -> bytes:
    """Give the ONNX file. `earlier` are the figures of words that were said before.

    With `is_quantised` its figures are squeezed into one byte by the largest of a run, as those of
    the trained network are: whatever runs together then changes one another's scores.
    """
    return _model(_nodes(is_quantised=is_quantised), _constants(words, earlier or {}))


def session(words: Words, *, earlier: Words | None = None, is_quantised: bool = False) -> Session:
    raw = network(words, earlier=earlier, is_quantised=is_quantised)
    made: Session = onnxruntime.InferenceSession(raw, providers=["CPUExecutionProvider"])
    return made


def encoder(
    words: Words,
    *,
    earlier: Words | None = None,
    is_quantised: bool = False,
    through: Callable[[Session], Session] = lambda session: session,
) -> Encoder:
    """Give an encoder on the network; a test may reach in with a session of its own, `through`."""
    plain = session(words, earlier=earlier, is_quantised=is_quantised)
    return Encoder(through(plain), tokenizer(words), heads=HEADS, version="small-1")


def _table(words: Words, rows: Sequence[str], silent: float) -> NDArray[np.float32]:
    table = np.zeros((len(_MARKS) + len(rows), len(HEADS)), dtype=np.float32)
    table[0] = silent
    for row, word in enumerate(rows, len(_MARKS)):
        for head, figure in words.get(word, {}).items():
            table[row, HEADS.index(head)] = figure
    return table


def _constants(words: Words, earlier: Words) -> dict[str, Array]:
    rows = tuple(words)
    return {
        "own_table": _table(words, rows, SILENT),
        "earlier_table": _table(earlier, rows, 0.0),
        "one": np.array([1], dtype=np.int64),
        "first": np.array([0], dtype=np.int64),
        "pieces": np.array([1], dtype=np.int64),
        "heads": np.array([2], dtype=np.int64),
    }


def _nodes(*, is_quantised: bool) -> bytes:
    """Work out shares = own * own_table[ids] + first * sum(earlier * earlier_table[ids])."""
    squeezed = (
        _node("DynamicQuantizeLinear", ["said"], ["bytes", "scale", "zero"])
        + _node("DequantizeLinear", ["bytes", "scale", "zero"], ["heard"])
        if is_quantised
        else _node("Identity", ["said"], ["heard"])
    )
    return (
        _node("Sub", ["one", "types"], ["not_earlier"])
        + _mask("not_earlier", "own")
        + _mask("types", "earlier")
        + _node("Gather", ["own_table", "ids"], ["said"])
        + squeezed
        + _node("Mul", ["heard", "own"], ["own_shares"])
        + _node("Gather", ["earlier_table", "ids"], ["said_before"])
        + _node("Mul", ["said_before", "earlier"], ["heard_before"])
        + _node("ReduceSum", ["heard_before", "pieces"], ["context"])
        + _node("Equal", ["ids", "first"], ["is_first"])
        + _node("Cast", ["is_first"], ["is_first_figure"], to=_FLOAT)
        + _node("Unsqueeze", ["is_first_figure", "heads"], ["at_first"])
        + _node("Mul", ["at_first", "context"], ["context_shares"])
        + _node("Add", ["own_shares", "context_shares"], ["shares"])
    )


def _mask(types: str, name: str) -> bytes:
    return (
        _node("Mul", ["mask", types], [f"{name}_mask"])
        + _node("Cast", [f"{name}_mask"], [f"{name}_figures"], to=_FLOAT)
        + _node("Unsqueeze", [f"{name}_figures", "heads"], [name])
    )


# The few messages of onnx.proto3 that are needed, each field by its number there.


def _model(nodes: bytes, constants: Mapping[str, Array]) -> bytes:
    graph = (
        nodes
        + _text(2, "small")
        + b"".join(_bytes(5, _tensor(name, array)) for name, array in constants.items())
        + b"".join(_bytes(11, _value(name, _INT64, 2)) for name in ("ids", "mask", "types"))
        + _bytes(12, _value("shares", _FLOAT, 3))
    )
    return _number(1, _IR) + _bytes(7, graph) + _bytes(8, _number(2, _OPSET))


def _node(kind: str, takes: Sequence[str], gives: Sequence[str], **attributes: int) -> bytes:
    named = b"".join(
        _bytes(5, _text(1, name) + _number(3, value) + _number(20, 2))  # 2: an integer
        for name, value in attributes.items()
    )
    takes_, gives_ = (b"".join(_text(n, x) for x in xs) for n, xs in ((1, takes), (2, gives)))
    return _bytes(1, takes_ + gives_ + _text(4, kind) + named)


def _tensor(name: str, array: Array) -> bytes:
    kind = _FLOAT if array.dtype == np.float32 else _INT64
    dims = b"".join(_number(1, size) for size in array.shape)
    return dims + _number(2, kind) + _text(8, name) + _bytes(9, array.tobytes())


def _value(name: str, kind: int, dimensions: int) -> bytes:
    shape = b"".join(_bytes(1, _text(2, f"{name}_{n}")) for n in range(dimensions))
    tensor = _number(1, kind) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; a set eighth bit says that more follow."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
