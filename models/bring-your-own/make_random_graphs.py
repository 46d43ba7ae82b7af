#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Graphs with random weights and the signatures of public depth models: names, shapes, normalisation and what the numbers mean.

They see nothing; they exist so that the manifests here are exercised end to end. Run with Debian's python3-onnx:
    /usr/bin/python3 make_random_graphs.py OUT
writes OUT/NAME/model.yaml (the manifest here, with the hash of the graph) and OUT/NAME/NAME.onnx for every NAME.yaml here.
"""
import hashlib
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
# MoGe-2 leaves the depth of its points open by some shift; the random one by this much.
MOGE_SHIFT = 0.7


class Graph:
    """Nodes and weights of one model; planes are made by looking at the picture in 14 x 14 patches."""

    def __init__(self, name, seed):
        self.name, self.rng = name, np.random.default_rng(seed)
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def plane(self, image, channels, width, height, name, patch=14):
        """[1,channels,height,width] from a random patch embedding, two random layers and a bilinear resize."""
        r = self.rng
        self.constant(f"{name}_w0", r.normal(0, 0.02, (3, 3, patch, patch)).astype(np.float32))
        self.constant(f"{name}_w1", r.normal(0, 0.5, (channels, 3, 1, 1)).astype(np.float32))
        self.constant(f"{name}_size", np.array([1, channels, height, width], np.int64))
        self.add("Conv", [image, f"{name}_w0"], f"{name}_0", strides=[patch, patch], kernel_shape=[patch, patch])
        self.add("Tanh", [f"{name}_0"], f"{name}_1")
        self.add("Conv", [f"{name}_1", f"{name}_w1"], f"{name}_2", kernel_shape=[1, 1])
        self.nodes.append(helper.make_node("Resize", [f"{name}_2", "", "", f"{name}_size"], [name], mode="linear"))
        return name

    def positive(self, x, name, offset=0.5):
        self.constant(f"{name}_offset", np.float32(offset))
        self.add("Softplus", [x], f"{name}_plus")
        return self.add("Add", [f"{name}_plus", f"{name}_offset"], name)

    def save(self, folder):
        info = helper.make_tensor_value_info
        graph = helper.make_graph(self.nodes, self.name, [info(*i) for i in self.inputs], [info(*o) for o in self.outputs], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="make_random_graphs")
        model.ir_version = 8
        onnx.checker.check_model(model)
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, self.name + ".onnx")
        onnx.save(model, path)
        return path


def depth_anything_v2():
    g = Graph("depth-anything-v2-metric", 1)
    g.inputs = [("image", FLOAT, [1, 3, 518, 518])]
    g.outputs = [("depth", FLOAT, [1, 518, 518])]
    g.constant("max_depth", np.float32(20))
    g.constant("channel", np.array([1], np.int64))
    g.add("Sigmoid", [g.plane("image", 1, 518, 518, "logit")], "unit")
    g.add("Mul", ["unit", "max_depth"], "metres")
    g.add("Squeeze", ["metres", "channel"], "depth")
    return g


def depth_anything_3():
    g = Graph("depth-anything-3-metric", 2)
    g.inputs = [("image", FLOAT, [1, 3, 378, 504])]
    g.outputs = [("depth", FLOAT, [1, 378, 504]), ("sky", FLOAT, [1, 378, 504])]
    g.constant("channel", np.array([1], np.int64))
    g.positive(g.plane("image", 1, 504, 378, "raw"), "canonical")
    g.add("Squeeze", ["canonical", "channel"], "depth")
    g.constant("seldom", np.float32(-1.2))
    g.add("Add", [g.plane("image", 1, 504, 378, "sky_raw"), "seldom"], "sky_logit")
    g.add("Sigmoid", ["sky_logit"], "sky_unit")
    g.add("Squeeze", ["sky_unit", "channel"], "sky")
    return g


def moge_2(width=518, height=392, hfov_deg=60.0):
    """Points of a random depth on the rays of a camera with this view, shifted; the real one accepts every size."""
    g = Graph("moge-2", 3)
    g.inputs = [("image", FLOAT, ["batch_size", 3, "height", "width"]), ("num_tokens", INT64, [])]
    dims = ["batch_size", "height", "width"]
    g.outputs = [("points", FLOAT, dims + [3]), ("normal", FLOAT, dims + [3]), ("mask", FLOAT, dims), ("metric_scale", FLOAT, ["batch_size"])]
    focal = width / 2 / np.tan(np.radians(hfov_deg / 2))
    g.constant("u", ((np.arange(width) - (width - 1) / 2) / focal).astype(np.float32).reshape(1, 1, 1, width))
    g.constant("v", ((np.arange(height) - (height - 1) / 2) / focal).astype(np.float32).reshape(1, 1, height, 1))
    g.constant("shift", np.float32(MOGE_SHIFT))
    g.constant("channel", np.array([1], np.int64))
    g.constant("nothing", np.float32(0))
    z = g.positive(g.plane("image", 1, width, height, "raw"), "z", 1.0)
    g.add("Mul", ["u", z], "x")
    g.add("Mul", ["v", z], "y")
    g.add("Sub", [z, "shift"], "shifted")
    g.add("Concat", ["x", "y", "shifted"], "planes", axis=1)
    g.add("Transpose", ["planes"], "points", perm=[0, 2, 3, 1])
    g.plane("image", 3, width, height, "normal_raw")
    g.add("LpNormalization", ["normal_raw"], "normal_planes", axis=1, p=2)
    g.add("Transpose", ["normal_planes"], "normal", perm=[0, 2, 3, 1])
    g.constant("sure", np.float32(1.5))
    g.add("Add", [g.plane("image", 1, width, height, "mask_raw"), "sure"], "mask_logit")
    g.add("Sigmoid", ["mask_logit"], "mask_planes")
    g.add("Squeeze", ["mask_planes", "channel"], "mask")
    g.add("Cast", ["num_tokens"], "tokens", to=FLOAT)
    g.add("Mul", ["tokens", "nothing"], "unused")
    g.add("ReduceMean", ["raw"], "mean", axes=[1, 2, 3], keepdims=0)
    g.add("Add", ["mean", "unused"], "log_scale")
    g.add("Exp", ["log_scale"], "metric_scale")
    return g


def unidepth_v2(width=630, height=462):
    g = Graph("unidepth-v2", 4)
    g.inputs = [("rgbs", FLOAT, ["batch", 3, height, width]), ("rays", FLOAT, ["batch", 3, height, width])]
    g.outputs = [("pts_3d", FLOAT, ["batch", 3, height, width]), ("confidence", FLOAT, ["batch", 1, height, width]), ("intrinsics", FLOAT, ["batch", 3, 3])]
    g.positive(g.plane("rgbs", 1, width, height, "raw"), "radius")
    g.add("Mul", ["rays", "radius"], "pts_3d")
    g.positive(g.plane("rgbs", 1, width, height, "trust"), "confidence")
    g.constant("k", np.array([[[500, 0, 315], [0, 500, 231], [0, 0, 1]]], np.float32))
    g.add("Identity", ["k"], "intrinsics")
    return g


def lotus(width=768, height=576):
    g = Graph("lotus-depth-d", 5)
    g.inputs = [("image", FLOAT, [1, 3, height, width])]
    g.outputs = [("disparity", FLOAT, [1, 1, height, width])]
    g.add("Sigmoid", [g.plane("image", 1, width, height, "latent", patch=8)], "disparity")
    return g


def lightly_dav3(width=512, height=384):
    g = Graph("lightly-dav3-metric", 6)
    g.inputs = [("images", FLOAT, [1, 3, height, width])]
    g.outputs = [("depth", FLOAT, [1, 1, height, width]), ("sky", FLOAT, [1, 1, height, width])]
    g.positive(g.plane("images", 1, width, height, "raw", patch=16), "depth")
    g.constant("seldom", np.float32(-1.05))
    g.add("Add", [g.plane("images", 1, width, height, "sky_raw", patch=16), "seldom"], "sky_logit")
    g.add("Softplus", ["sky_logit"], "sky")
    return g


def yolo26_depth(size=768):
    g = Graph("yolo26-depth", 7)
    g.inputs = [("images", FLOAT, [1, 3, size, size])]
    g.outputs = [("output0", FLOAT, [1, 1, size, size])]
    g.add("Exp", [g.plane("images", 1, size, size, "log_depth", patch=16)], "output0")
    return g


def zipdepth(width=512, height=384):
    g = Graph("zipdepth", 8)
    g.inputs = [("image", FLOAT, [1, 3, height, width])]
    g.outputs = [("depth", FLOAT, [1, 1, height, width])]
    g.add("Sigmoid", [g.plane("image", 1, width, height, "raw", patch=16)], "depth")
    return g


def metric3d(width=1064, height=616):
    g = Graph("metric3d-v2", 9)
    g.inputs = [("image", FLOAT, [1, 3, height, width])]
    g.outputs = [("pred_depth", FLOAT, [1, 1, height, width])]
    g.constant("mean", np.array([123.675, 116.28, 103.53], np.float32).reshape(1, 3, 1, 1))
    g.constant("std", np.array([58.395, 57.12, 57.375], np.float32).reshape(1, 3, 1, 1))
    g.add("Sub", ["image", "mean"], "centred")
    g.add("Div", ["centred", "std"], "normal")
    g.positive(g.plane("normal", 1, width, height, "raw"), "pred_depth", 2.0)
    return g


def segmentation(width=512, height=256, classes=19):
    g = Graph("segmentation", 10)
    g.inputs = [("input_image", FLOAT, [1, 3, height, width])]
    g.outputs = [("preds", FLOAT, [1, classes, height, width])]
    g.plane("input_image", classes, width, height, "preds", patch=16)
    return g


def yolo_seg(size=640, found=300, coefficients=32):
    """Some persons and cars at random places; the prototypes look at the picture."""
    g = Graph("yolo-seg", 11)
    g.inputs = [("images", FLOAT, [1, 3, size, size])]
    g.outputs = [("output0", FLOAT, [1, found, 6 + coefficients]), ("output1", FLOAT, [1, coefficients, size // 4, size // 4])]
    rows = np.zeros((1, found, 6 + coefficients), np.float32)
    for i in range(found):
        x, y = g.rng.uniform(0, size - 40, 2)
        w, h = g.rng.uniform(30, 300, 2)
        rows[0, i, :6] = [x, y, min(x + w, size + 5), min(y + h, size), max(0.9 - 0.06 * i, 0.01), (0, 2)[i % 2]]
    rows[0, :, 6:] = g.rng.normal(0, 1, (found, coefficients))
    g.constant("rows", rows)
    g.constant("nothing", np.float32(0))
    g.plane("images", coefficients, size // 4, size // 4, "output1", patch=16)
    g.add("ReduceMean", ["images"], "light", keepdims=0)
    g.add("Mul", ["light", "nothing"], "unused")
    g.add("Add", ["rows", "unused"], "output0")
    return g


def main():
    out = sys.argv[1] if len(sys.argv) == 2 else sys.exit(__doc__)
    for graph in (depth_anything_v2(), depth_anything_3(), moge_2(), unidepth_v2(), lotus(), lightly_dav3(),
                  yolo26_depth(), zipdepth(), metric3d(), segmentation(), yolo_seg()):
        folder = os.path.join(out, graph.name)
        path = graph.save(folder)
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        with open(os.path.join(HERE, graph.name + ".yaml"), encoding="utf-8") as file:
            manifest = file.read().replace("SHA256", digest)
        with open(os.path.join(folder, "model.yaml"), "w", encoding="utf-8") as file:
            file.write(manifest)
        print(f"{path}: {os.path.getsize(path)} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
