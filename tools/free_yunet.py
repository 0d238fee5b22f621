"""Free the size of YuNet's input, which its file fixes at 640 x 640, so that onnxruntime takes photos of any size.

Run it in a virtual environment of its own with `onnx`:

    python tools/free_yunet.py face_detection_yunet_2023mar.onnx yunet_2023mar.onnx

Only the declared shapes change; no weight and no operator does.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import onnx

SOURCE_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    if hashlib.sha256(options.source.read_bytes()).hexdigest() != SOURCE_SHA256:
        print(f"{options.source} is not the file this script was written for.", file=sys.stderr)
        return 2
    model = onnx.load(str(options.source))
    sizes = model.graph.input[0].type.tensor_type.shape.dim
    sizes[2].dim_param, sizes[3].dim_param = "height", "width"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"places_{output.name}"
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(options.target))
    print(f"sha256 {hashlib.sha256(options.target.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
