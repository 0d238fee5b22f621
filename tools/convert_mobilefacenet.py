"""Turn the MobileFaceNet weights from TFLite into the ONNX file that the product ships.

Run it in a virtual environment of its own, with `tflite2onnx==0.4.1`, `onnx<1.17`, `onnxruntime` and `ai-edge-litert`:

    python tools/convert_mobilefacenet.py MobileFaceNet.tflite mobilefacenet.onnx

Three things change, none of them a weight: the batch, fixed at two, becomes free; each group of
Relu, Abs, Sub, Mul, Add becomes the PRelu it spells out; the outputs are compared with TFLite's own.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import tflite2onnx
from ai_edge_litert.interpreter import Interpreter
from onnx import NodeProto, helper, numpy_helper

SOURCE_SHA256 = "d8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b"
TOLERANCE = 1e-4
VECTOR_SIZE = 192


def free_the_batch(graph: onnx.GraphProto) -> None:
    """Let the first dimension of input and output be any number, and the last Reshape follow it."""
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "faces"
    shape_name = next(node for node in graph.node if graph.output[0].name in node.output).input[1]
    for initializer in graph.initializer:
        if initializer.name == shape_name:
            initializer.CopyFrom(numpy_helper.from_array(np.array([-1, VECTOR_SIZE], dtype=np.int64), shape_name))
    del graph.value_info[:]  # inferred shapes still say two


def fuse_prelus(graph: onnx.GraphProto) -> int:
    """Replace relu(x) + (slope / 2) * (x - |x|) by PRelu(x, slope); return how many there were."""
    maker = {output: node for node in graph.node for output in node.output}
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    fused: dict[str, tuple[NodeProto, np.ndarray]] = {}
    for node in graph.node:
        found = _prelu_of(node, maker, constants)
        if found is not None:
            name, slope = found
            slope_name = f"{node.output[0]}/slope"
            graph.initializer.append(numpy_helper.from_array(slope.astype(np.float32), slope_name))
            fused[node.output[0]] = (helper.make_node("PRelu", [name, slope_name], [node.output[0]]), slope)
    kept = [fused[node.output[0]][0] if node.output[0] in fused else node for node in graph.node]
    kept = _only_needed(kept, {value.name for value in graph.output})
    del graph.node[:]
    graph.node.extend(kept)
    used = {name for node in kept for name in node.input}
    weights = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(weights)
    return len(fused)


def _prelu_of(
    node: NodeProto, maker: dict[str, NodeProto], constants: dict[str, np.ndarray]
) -> tuple[str, np.ndarray] | None:
    """The input name and the slopes (channels x 1 x 1) if `node` is the Add that ends a PReLU, else None."""
    parents = [maker.get(name) for name in node.input]
    if node.op_type != "Add" or [parent and parent.op_type for parent in parents] != ["Relu", "Mul"]:
        return None
    relu, product = parents
    assert relu is not None
    assert product is not None
    slope_node, difference = (maker.get(name) for name in product.input)
    if difference is None or difference.op_type != "Sub" or difference.input[0] != relu.input[0]:
        return None
    magnitude = maker.get(difference.input[1])
    if magnitude is None or magnitude.op_type != "Abs" or magnitude.input[0] != relu.input[0]:
        return None
    slope = constants[slope_node.input[0] if slope_node is not None else product.input[0]]
    # x - |x| is 2x below zero, so the stored factor is half the slope.
    return relu.input[0], 2.0 * slope.reshape(-1, 1, 1)


def _only_needed(nodes: list[NodeProto], wanted: set[str]) -> list[NodeProto]:
    kept: list[NodeProto] = []
    for node in reversed(nodes):
        if wanted & set(node.output):
            kept.append(node)
            wanted |= set(node.input)
    return kept[::-1]


def largest_difference(tflite_path: Path, onnx_path: Path) -> float:
    """The largest difference between the two files' unit-length outputs, on forty made-up images in pairs."""
    interpreter = Interpreter(model_path=str(tflite_path))
    interpreter.allocate_tensors()
    entry, leave = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    session = onnxruntime.InferenceSession(str(onnx_path), providers=["CPUExecutionProvider"])
    images = np.random.default_rng(1).uniform(-1, 1, (40, 112, 112, 3)).astype(np.float32)
    expected = []
    for start in range(0, len(images), 2):
        interpreter.set_tensor(entry["index"], images[start : start + 2])
        interpreter.invoke()
        expected.append(interpreter.get_tensor(leave["index"]).copy())
    (got,) = session.run(None, {session.get_inputs()[0].name: images.transpose(0, 3, 1, 2)})
    return float(np.abs(_unit(np.concatenate(expected)) - _unit(got)).max())


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tflite", type=Path)
    parser.add_argument("onnx", type=Path)
    options = parser.parse_args()
    digest = hashlib.sha256(options.tflite.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        print(f"{options.tflite} is not the file this script was written for (sha256 {digest}).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        tflite2onnx.convert(str(options.tflite), str(plain))
        model = onnx.load(str(plain))
    free_the_batch(model.graph)
    count = fuse_prelus(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(options.onnx))
    difference = largest_difference(options.tflite, options.onnx)
    print(f"{count} PReLUs fused; largest difference from TFLite {difference:.1e}")
    print(f"sha256 {hashlib.sha256(options.onnx.read_bytes()).hexdigest()}")
    return 0 if difference < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
