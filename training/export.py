"""From a trained network to the file that onnxruntime reads: fused, one byte a weight."""

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

Torch: TypeAlias = Any

INPUTS = ("ids", "mask", "types")
OPSET = 18


def onnx_bytes(net: Torch) -> bytes:
    """Give the network as an ONNX file with dynamic int8 weights (measured: costs no recall)."""
    quantise = import_module("onnxruntime.quantization")
    with tempfile.TemporaryDirectory(prefix="waymark-export-") as name:
        plain, fused, small = (
            Path(name) / f"{stage}.onnx" for stage in ("plain", "fused", "small")
        )
        _export(net, plain)
        _fuse(net, plain, fused)
        quantise.quantize_dynamic(
            fused, small, weight_type=quantise.QuantType.QInt8, per_channel=True
        )
        return small.read_bytes()


def _export(net: Torch, path: Path) -> None:
    torch = import_module("torch")
    for module in net.modules():
        if hasattr(module, "set_attn_implementation"):
            module.set_attn_implementation("eager")
    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in INPUTS)
    example[2].zero_()
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", min=2, max=512)
    torch.onnx.export(
        net, example, path, input_names=list(INPUTS), output_names=["shares"],
        opset_version=OPSET, dynamo=True, external_data=False,
        dynamic_shapes={name: {0: batch, 1: length} for name in INPUTS},
    )  # fmt: skip


def _fuse(net: Torch, plain: Path, fused: Path) -> None:
    """Join what onnxruntime has faster kernels for: attention, layer norms, activations."""
    optimise = import_module("onnxruntime.transformers.optimizer").optimize_model
    config = net.body.config
    model = optimise(
        str(plain), model_type="bert",
        num_heads=config.num_attention_heads, hidden_size=config.hidden_size,
    )  # fmt: skip
    model.save_model_to_file(str(fused))
