"""From a trained network to the file that onnxruntime reads, one byte a weight.

The graph is written node by node in onnxruntime's own fused operations. What torch traces computes
the same with three times the nodes, and on messages of twenty words the nodes cost more than the
arithmetic.
"""

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

Torch: TypeAlias = Any
Onnx: TypeAlias = Any

OPSET = 18
_FUSED = "com.microsoft"
_UNSEEN = -10_000.0
_FLOATS = ("heads",)  # two small products whose rounding would show in every score


def onnx_bytes(net: Torch) -> bytes:
    """Give the network as an ONNX file with dynamic int8 weights."""
    quantise = import_module("onnxruntime.quantization")
    onnx = import_module("onnx")
    with tempfile.TemporaryDirectory(prefix="waymark-export-") as name:
        plain, small = (Path(name) / f"{stage}.onnx" for stage in ("plain", "small"))
        onnx.save(_Graph(onnx, net).model(), plain)
        quantise.quantize_dynamic(
            plain, small, weight_type=quantise.QuantType.QInt8, per_channel=True,
            nodes_to_exclude=list(_FLOATS),
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
        return small.read_bytes()


class _Graph:
    """Writes one network down. Inputs ids, mask, types; output shares (message, piece, head)."""

    def __init__(self, onnx: Onnx, net: Torch) -> None:
        self._onnx, self._net = onnx, net
        self._nodes: list[Onnx] = []
        self._weights: list[Onnx] = []

    def model(self) -> Onnx:
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        states = self._embedded()
        mask = self._node("Cast", ["mask"], to=kinds.INT32)
        for number, layer in enumerate(self._net.body.encoder.layer):
            states = self._layer(f"layer{number}", layer, states, mask)
        self._shares(states)
        inputs = [
            helper.make_tensor_value_info(name, kinds.INT64, ["batch", "length"])
            for name in ("ids", "mask", "types")
        ]
        shape = ["batch", "length", self._net.value.out_features]
        output = helper.make_tensor_value_info("shares", kinds.FLOAT, shape)
        graph = helper.make_graph(self._nodes, "encoder", inputs, [output], self._weights)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _embedded(self) -> str:
        parts = self._net.body.embeddings
        words = self._weight("words", parts.word_embeddings.weight)
        places = self._weight("places", parts.position_embeddings.weight)
        kinds = self._weight("kinds", parts.token_type_embeddings.weight)
        shape = self._node("Shape", ["ids"], start=1, end=2)
        start = self._numbers("start", [0])
        placed = self._node("Slice", [places, start, shape, start])
        summed = self._node(
            "Add", [self._node("Gather", [words, "ids"]), self._node("Gather", [kinds, "types"])]
        )
        norm = [self._weight(f"norm.{n}", getattr(parts.LayerNorm, n)) for n in ("weight", "bias")]
        epsilon = parts.LayerNorm.eps
        return self._node(
            "LayerNormalization", [self._node("Add", [summed, placed]), *norm], epsilon=epsilon
        )

    def _layer(self, name: str, layer: Torch, states: str, mask: str) -> str:
        torch = import_module("torch")
        own, out = layer.attention.self, layer.attention.output
        parts = (own.query, own.key, own.value)
        mixed = self._weight(f"{name}.mixed", torch.cat([part.weight.T for part in parts], 1))
        bias = self._weight(f"{name}.mixed.bias", torch.cat([part.bias for part in parts]))
        heads = self._net.body.config.num_attention_heads
        seen = self._node("Attention", [states, mixed, bias, mask], domain=_FUSED, num_heads=heads)
        states = self._normed(f"{name}.out", out.dense, out.LayerNorm, seen, states)
        wide = self._product(f"{name}.wide", layer.intermediate.dense, states)
        bias = self._weight(f"{name}.wide.bias", layer.intermediate.dense.bias)
        wide = self._node("BiasGelu", [wide, bias], domain=_FUSED)
        return self._normed(
            f"{name}.narrow", layer.output.dense, layer.output.LayerNorm, wide, states
        )

    def _normed(self, name: str, dense: Torch, norm: Torch, seen: str, states: str) -> str:
        """Add what was seen to the states, and bring both to one scale."""
        product = self._product(name, dense, seen)
        scale, shift = (
            self._weight(f"{name}.scale", norm.weight),
            self._weight(f"{name}.shift", norm.bias),
        )
        bias = self._weight(f"{name}.bias", dense.bias)
        return self._node(
            "SkipLayerNormalization", [product, states, scale, shift, bias],
            domain=_FUSED, epsilon=norm.eps,
        )  # fmt: skip

    def _shares(self, states: str) -> None:
        torch = import_module("torch")
        net, kinds = self._net, self._onnx.TensorProto
        both = torch.cat([net.attention.weight, net.value.weight]).T
        bias = self._weight("heads.bias", torch.cat([net.attention.bias, net.value.bias]))
        product = self._node("MatMul", [states, self._weight("heads.weight", both)], name="heads")
        looks, values = self._split(self._node("Add", [product, bias]), net.value.out_features)
        one = self._numbers("one", [1])
        own = self._node("Mul", ["mask", self._node("Sub", [one, "types"])])
        foreign = self._node("Cast", [self._node("Sub", [one, own])], to=kinds.FLOAT)
        unseen = self._node("Mul", [foreign, self._weight("unseen", torch.tensor([_UNSEEN]))])
        column = self._node("Unsqueeze", [unseen, self._numbers("last", [2])])
        share = self._node("Softmax", [self._node("Add", [looks, column])], axis=1)
        self._node("Mul", [share, values], output="shares")

    def _split(self, whole: str, width: int) -> tuple[str, str]:
        names = (f"{whole}.looks", f"{whole}.values")
        sizes = self._numbers("sizes", [width, width])
        self._nodes.append(
            self._onnx.helper.make_node("Split", [whole, sizes], list(names), axis=2)
        )
        return names

    def _product(self, name: str, dense: Torch, states: str) -> str:
        return self._node("MatMul", [states, self._weight(f"{name}.weight", dense.weight.T)])

    def _node(
        self, kind: str, inputs: list[str], *, output: str = "", name: str = "", **how: object
    ) -> str:
        output = output or f"{kind}{len(self._nodes)}"
        node = self._onnx.helper.make_node(kind, inputs, [output], name=name or output, **how)
        self._nodes.append(node)
        return output

    def _weight(self, name: str, tensor: Torch) -> str:
        array = np.ascontiguousarray(tensor.detach().numpy())
        self._weights.append(self._onnx.numpy_helper.from_array(array, name))
        return name

    def _numbers(self, name: str, numbers: list[int]) -> str:
        array = np.array(numbers, dtype=np.int64)
        self._weights.append(self._onnx.numpy_helper.from_array(array, name))
        return name
