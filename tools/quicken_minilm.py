"""Write the taught MiniLM in the operations that onnxruntime runs with eight-bit arithmetic.

Run it in a virtual environment of its own, with `onnx` 1.23 or newer, on what `tools/teach_minilm.py --model` wrote:

    python tools/quicken_minilm.py taught.npz auditbot/data/models/minilm_school.onnx

Weights become eight-bit in blocks of 64 numbers, and what they are multiplied with is rounded likewise, each token by
itself, so a text's numbers do not depend on others. The scores of sentences and words are computed in the model.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

MOST_OF_WEIGHTS = 63
"""Weights are whole numbers up to it: two products with them fit sixteen bits, which processors without VNNI need."""
LEAST_HIGH = 2.6
"""The scale of a token's numbers after a GELU is no smaller, so that all under zero fit."""
HEADS = 12
EPSILON = 1e-12
Floats = npt.NDArray[np.float32]


class Network:
    """A network in the making, from the taught weights."""

    def __init__(self, source: Mapping[str, Floats]) -> None:
        self._source = source
        self._layers = 1 + max(int(name.split(".")[1]) for name in source if name.startswith("layers."))
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def whole(self) -> onnx.ModelProto:
        """Return the finished model."""
        self._embedded()
        for layer in range(self._layers):
            self._layer(layer)
        own, others = self._source["rules.weight"], self._source["rules.weight"] + self._source["others.weight"]
        weights = np.concatenate([own, others, self._source["tags.weight"]])
        own, others = self._source["rules.bias"], self._source["rules.bias"] + self._source["others.bias"]
        biases = np.concatenate([own, others, self._source["tags.bias"]])
        self._add("MatMul", [f"x{self._layers}", self._constant("heads", weights.T)], "scored")
        self._add("Add", ["scored", self._constant("heads_bias", biases)], "said")
        shape = ["batch", "sequence"]
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)
        said = helper.make_tensor_value_info("said", TensorProto.FLOAT, [*shape, len(biases)])
        graph = helper.make_graph(self.nodes, "minilm", [ids], [said], self.constants)
        operations = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=operations, ir_version=10)

    def _embedded(self) -> None:
        words = self._source["words.weight"]
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-9) / 127
        self._constant("words", np.round(words / scale).astype(np.int8))
        self._constant("words_scale", scale.astype(np.float32))
        self._add("Gather", ["words", "input_ids"], "word_small")
        self._add("Cast", ["word_small"], "word_float", to=TensorProto.FLOAT)
        self._add("Gather", ["words_scale", "input_ids"], "word_scale")
        self._add("Mul", ["word_float", "word_scale"], "word")
        self._constant("places", self._source["places.weight"])
        self._constant("first", np.array([0]))
        self._add("Shape", ["input_ids"], "length", start=1, end=2)
        self._add("Slice", ["places", "first", "length", "first"], "place")
        self._add("Add", ["word", "place"], "embedded")
        self._add("LayerNormalization", ["embedded", *self._norm("norm")], "x0", epsilon=EPSILON)

    def _layer(self, layer: int) -> None:
        part, before = f"layers.{layer}.", f"x{layer}"
        names = [f"{kind}{layer}" for kind in ("query", "key", "value")]
        self._dense(before, f"{part}all", f"plain{layer}")
        bias = self._constant(f"all{layer}_b", self._source[f"{part}all.bias"])
        self._add("Add", [f"plain{layer}", bias], f"all{layer}")
        self.nodes.append(helper.make_node("Split", [f"all{layer}"], names, axis=2, num_outputs=3))
        self._ours("MultiHeadAttention", names, f"heard{layer}", num_heads=HEADS)
        self._dense(f"heard{layer}", f"{part}said", f"said{layer}")
        self._rest(f"said{layer}", before, f"{part}said", f"{part}norm", f"y{layer}")
        self._dense(f"y{layer}", f"{part}wide", f"wide{layer}")
        wide_bias = self._constant(f"wide_bias{layer}", self._source[f"{part}wide.bias"])
        self._ours("BiasGelu", [f"wide{layer}", wide_bias], f"bent{layer}")
        self._dense(f"bent{layer}", f"{part}narrow", f"narrow{layer}", bent=True)
        self._rest(f"narrow{layer}", f"y{layer}", f"{part}narrow", f"{part}last_norm", f"x{layer + 1}")

    def _dense(self, source: str, part: str, output: str, *, bent: bool = False) -> None:
        """Multiply with eight-bit numbers: those of a token share a scale, as do those that a weight's row has.

        ``bent`` numbers come from a GELU, which gives none under -.17, so that more steps are left for the others.
        """
        weights = self._source[f"{part}.weight"]
        scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / MOST_OF_WEIGHTS
        small = np.round(weights / scales[:, None]).astype(np.int8)
        zero, steps = (16, 239) if bent else (128, 127)
        if bent:
            self._add("ReduceMax", [source, self._constant("last", np.array([2]))], f"{output}_high", keepdims=1)
            lowest = self._constant("least_high", np.float32(LEAST_HIGH))
            self._add("Max", [f"{output}_high", lowest], f"{output}_most")
        else:
            self._add("Abs", [source], f"{output}_sizes")
            names = [f"{output}_sizes", self._constant("last", np.array([2]))]
            self._add("ReduceMax", names, f"{output}_most", keepdims=1)
        self._add("Reciprocal", [f"{output}_most"], f"{output}_part")
        self._add("Mul", [source, f"{output}_part"], f"{output}_share")
        step, origin = (
            self._constant(f"step{zero}", np.float32(1 / steps)),
            self._constant(f"zero{zero}", np.uint8(zero)),
        )
        self._add("QuantizeLinear", [f"{output}_share", step, origin], f"{output}_small")
        factors = [
            self._constant(f"{output}_w", small.T),
            step,
            self._constant(f"{output}_s", scales.astype(np.float32)),
        ]
        self._ours("MatMulIntegerToFloat", [f"{output}_small", *factors, origin], f"{output}_shares")
        self._add("Mul", [f"{output}_shares", f"{output}_most"], output)

    def _rest(self, source: str, beside: str, part: str, norm: str, output: str) -> None:
        bias = self._constant(f"{output}_bias", self._source[f"{part}.bias"])
        self._add("Add", [source, beside], f"{output}_sum0")
        self._add("Add", [f"{output}_sum0", bias], f"{output}_sum")
        self._add("LayerNormalization", [f"{output}_sum", *self._norm(norm)], output, epsilon=EPSILON)

    def _norm(self, part: str) -> list[str]:
        return [self._constant(f"{part}.{kind}", self._source[f"{part}.{kind}"]) for kind in ("weight", "bias")]

    def _constant(self, name: str, numbers: npt.NDArray[np.generic] | np.generic) -> str:
        if all(known.name != name for known in self.constants):
            self.constants.append(numpy_helper.from_array(np.asarray(numbers, order="C"), name))
        return name

    def _add(self, operation: str, inputs: Sequence[str], output: str, **settings: float) -> None:
        self.nodes.append(helper.make_node(operation, inputs, [output], **settings))

    def _ours(self, operation: str, inputs: Sequence[str], output: str, **settings: float) -> None:
        self.nodes.append(helper.make_node(operation, inputs, [output], domain="com.microsoft", **settings))


def main() -> None:
    """Convert and tell the hash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    with np.load(options.source) as taught:
        onnx.save(Network(dict(taught)).whole(), options.target)
    print(f"sha256 {hashlib.sha256(options.target.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
