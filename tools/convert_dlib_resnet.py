"""Turn dlib's face recognition network from its own file format into the ONNX file that the product ships.

Run it in a virtual environment of its own, with `onnx`, `onnxruntime` and, to compare, `dlib-bin`:

    python tools/convert_dlib_resnet.py dlib_face_recognition_resnet_model_v1.dat dlib_resnet.onnx

The layers are those of dlib's example program: a 7 x 7 convolution, then five levels of residual blocks, then 128
numbers. Weights are stored in half precision to halve the file; the network computes in single precision.
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

SOURCE_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
AVERAGE_COLOUR = (122.782, 117.001, 104.298)
SIDE = 150
# Output channels of each level and how many blocks it has; all but the first level begin by halving the size.
LEVELS = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True))
TOLERANCE = 0.01


class Source:
    """The tensors of a dlib file, in the order in which a picture passes through them."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    def next_tensor(self, layer: bytes, numbers_before: int = 0) -> np.ndarray:
        """The parameters of the next layer of this kind, flat, after so many whole numbers."""
        self._position = self._content.index(layer, self._position) + len(layer)
        for _ in range(numbers_before):
            self._integer()
        version = self._integer()
        if version != 2:
            raise ValueError(f"tensor of unknown version {version} at byte {self._position}")
        count = int(np.prod([self._integer() for _ in range(4)]))
        values = np.frombuffer(self._content, "<f4", count, self._position)
        self._position += 4 * count
        return values

    def _integer(self) -> int:
        head = self._content[self._position]
        length = head & 0x0F
        value = int.from_bytes(self._content[self._position + 1 : self._position + 1 + length], "little")
        self._position += 1 + length
        return -value if head & 0x80 else value


class Network:
    """An ONNX graph under construction."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], **attributes: object) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weight(self, values: np.ndarray) -> str:
        """A constant stored in half precision, its name as single precision."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), name))
        return self.add("Cast", [name], to=TensorProto.FLOAT)

    def constant(self, values: np.ndarray) -> str:
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def convolution(self, x: str, channels: int, before: int, kernel: int, stride: int, padding: int) -> str:
        """Convolution with the affine layer that follows it folded in."""
        values = self._source.next_tensor(b"con_4")
        size = channels * before * kernel * kernel
        filters, bias = values[:size].reshape(channels, before, kernel, kernel), values[size:]
        gamma, beta = self._source.next_tensor(b"affine_").reshape(2, channels)
        filters, bias = filters * gamma[:, None, None, None], bias * gamma + beta
        names = [x, self.weight(filters), self.constant(bias.astype(np.float32))]
        return self.add("Conv", names, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4)

    def block(self, x: str, channels: int, before: int, side: int, *, halve: bool) -> tuple[str, int]:
        """A residual block; returns its output and the side of it."""
        inner = self.convolution(x, channels, before, 3, 2 if halve else 1, 0 if halve else 1)
        inner = self.convolution(self.add("Relu", [inner]), channels, channels, 3, 1, 1)
        if halve:
            narrow, side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
            x = self.add("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
            # dlib adds tensors of different shapes as if the smaller one were continued with zeros.
            x = self._padded(x, channels - before, 0)
            inner = self._padded(inner, 0, side - narrow)
        return self.add("Relu", [self.add("Add", [inner, x])]), side

    def _padded(self, x: str, channels: int, side: int) -> str:
        if channels == 0 and side == 0:
            return x
        return self.add("Pad", [x, self.constant(np.array([0, 0, 0, 0, 0, channels, side, side], np.int64))])

    def build(self) -> str:
        """Add all layers; returns the name of the output."""
        colour = self.constant(np.array(AVERAGE_COLOUR, np.float32).reshape(1, 3, 1, 1))
        x = self.add("Sub", ["faces", colour])
        x = self.add("Mul", [x, self.constant(np.array(1 / 256, np.float32))])
        x = self.add("Relu", [self.convolution(x, 32, 3, 7, 2, 0)])
        x = self.add("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2])
        side, before = 35, 32
        for channels, blocks, halves in LEVELS:
            for number in range(blocks):
                x, side = self.block(x, channels, before, side, halve=halves and number == 0)
                before = channels
        x = self.add("Flatten", [self.add("GlobalAveragePool", [x])])
        matrix = self._source.next_tensor(b"fc_2", numbers_before=2).reshape(256, 128)
        return self.add("MatMul", [x, self.weight(matrix)])


def convert(content: bytes) -> onnx.ModelProto:
    """The whole network as an ONNX model: n x 3 x 150 x 150 colours from 0 to 255 in, n x 128 out."""
    network = Network(Source(content))
    output = network.build()
    network.nodes[-1].output[0] = "vectors"
    assert output
    graph = helper.make_graph(
        network.nodes,
        "dlib_resnet",
        [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["faces", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["faces", 128])],
        network.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def largest_difference(source: Path, target: Path) -> float:
    """The largest difference between dlib's vectors and the ONNX file's, on ten made-up pictures."""
    import dlib  # noqa: PLC0415 - only the comparison needs it

    network = dlib.face_recognition_model_v1(str(source))
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    noise = np.random.default_rng(1).normal(size=(10, 10, 10, 3))
    pictures = np.clip(128 + 60 * noise.repeat(15, axis=1).repeat(15, axis=2), 0, 255).astype(np.uint8)
    expected = np.array([network.compute_face_descriptor(picture) for picture in pictures])
    (got,) = session.run(None, {"faces": pictures.transpose(0, 3, 1, 2).astype(np.float32)})
    return float(np.abs(expected - got).max())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dat", type=Path)
    parser.add_argument("onnx", type=Path)
    options = parser.parse_args()
    content = options.dat.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        print(f"{options.dat} is not the file this script was written for.", file=sys.stderr)
        return 2
    onnx.save(convert(content), str(options.onnx))
    difference = largest_difference(options.dat, options.onnx)
    print(f"largest difference from dlib {difference:.1e}")
    print(f"sha256 {hashlib.sha256(options.onnx.read_bytes()).hexdigest()}")
    return 0 if difference < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
