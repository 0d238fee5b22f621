"""Turn the MobileFaceNet weights from TFLite into the ONNX file that the product ships.

Run it in a virtual environment of its own, with `tflite2onnx==0.4.1`, `onnx<1.17`, `onnxruntime` and `ai-edge-litert`:

    python tools/convert_mobilefacenet.py MobileFaceNet.tflite mobilefacenet.onnx

No weight changes. The batch, fixed at two, becomes free, and the outputs are compared with TFLite's own. The groups of
Relu, Abs, Sub, Mul, Add that spell out a PRelu stay as they are: onnxruntime 1.31 takes 5 ms a face over them, and 9 ms
over PRelu itself.
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
from onnx import numpy_helper

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
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


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
    onnx.checker.check_model(model)
    onnx.save(model, str(options.onnx))
    difference = largest_difference(options.tflite, options.onnx)
    print(f"largest difference from TFLite {difference:.1e}")
    print(f"sha256 {hashlib.sha256(options.onnx.read_bytes()).hexdigest()}")
    return 0 if difference < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
