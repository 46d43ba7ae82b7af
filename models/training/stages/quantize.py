# SPDX-License-Identifier: Apache-2.0
"""Stage `quantize`: the int8 and fp16 forms of an exported painter.

* int8: the trunk's 3x3 and 1x1 convolutions, sums and enlargements (not what attention does between its convolutions) between QuantizeLinear and
  DequantizeLinear pairs: weights symmetric for each output channel, activations unsigned with zero point 0 after ReLU, ranges measured on real
  photographs and rendered rooms. The first two convolutions, the scale and the heads stay fp32.
* `--halve`: arithmetic in fp32 from weights that are stored in fp16, those of more than a million elements in 8 bits (`painter/stored.py`).
* fp16: everything before the softmax; inputs, outputs, scale and colours stay fp32.
"""
import argparse
import hashlib
import os

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from painter import batches, picture
from painter import photographs as images
from painter.shards import Shards
from painter.stored import stored


# painter-s's first two convolutions and painter-m's first are cheap, and the scale feels their rounding; those of the geometry have no bias.
SKIPPED = ("stem.weight", "down1.weight")
# What reads a convolution's answer reads it quantised: one reader that does not keeps the convolution in fp32.
BETWEEN = ("Add", "Resize", "Reshape", "ReduceMean", "ReduceMax")


# ---------------------------------------------------------------------------------------------- ranges

def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def cropped(x, starts, ends, axes, steps=None):
    """ONNX's Slice with steps of 1."""
    for start, end, axis in zip(starts.tolist(), ends.tolist(), axes.tolist()):
        x = x.narrow(axis, start, min(end, x.shape[axis]) - start)
    return x


def trunk_values(model, feeds):
    """Runs the graph's nodes in PyTorch as far as the plain operators of the trunk reach; every value by name."""
    values = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in model.graph.initializer}
    values.update(feeds)
    for node in model.graph.node:
        if any(i and i not in values for i in node.input) and node.op_type != "Resize":
            continue
        if node.op_type == "Resize" and node.input[0] not in values:
            continue
        x = [values.get(i) for i in node.input]
        a = attributes(node)
        if node.op_type == "Conv":
            pads, dilations = a["pads"], a["dilations"]
            out = F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, a["strides"], pads[:2], dilations)
        elif node.op_type == "MaxPool":
            out = F.max_pool2d(x[0], a["kernel_shape"], a["strides"], a["pads"][:2])
        elif node.op_type == "AveragePool":
            out = F.avg_pool2d(x[0], a["kernel_shape"], a["strides"])
        elif node.op_type == "Slice":
            out = cropped(*x)
        elif node.op_type == "Relu":
            out = F.relu(x[0])
        elif node.op_type == "Add":
            out = x[0] + x[1]
        elif node.op_type == "Concat":
            out = torch.cat(x, a["axis"])
        elif node.op_type == "Resize":
            out = F.interpolate(x[0], scale_factor=2.0, mode="nearest")
        elif node.op_type == "ReduceMean":
            out = x[0].mean(tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1)))
        elif node.op_type == "ReduceMax":
            out = x[0].amax(tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1)))
        elif node.op_type == "Gemm":
            out = x[0] @ x[1].T + x[2]
        elif node.op_type == "MatMul":
            out = x[0] @ x[1]
        elif node.op_type == "Mul":
            out = x[0] * x[1]
        elif node.op_type == "Softmax":
            out = x[0].softmax(a["axis"])
        elif node.op_type == "Transpose":
            out = x[0].permute(a["perm"])
        elif node.op_type == "Split":
            values.update(zip(node.output, x[0].split(x[1].tolist(), a["axis"])))
            continue
        elif node.op_type == "Constant":
            out = torch.from_numpy(numpy_helper.to_array(a["value"]).copy())
        elif node.op_type == "Reshape":
            out = x[0].reshape([int(v) if v else x[0].shape[i] for i, v in enumerate(x[1])])
        else:
            continue
        values[node.output[0]] = out
    return values


def ranges(model, batches):
    """Least and largest value of every trunk tensor; cutting outliers moves the scale, which looks at the largest values."""
    found = {}
    for image, geometry in batches:
        with torch.no_grad():
            values = trunk_values(model, {"image": image, "geometry": geometry})
        for name, value in values.items():
            if value.ndim == 4 and value.shape[0] == 1 and value.is_floating_point():
                low, high = found.get(name, (0.0, 0.0))
                found[name] = min(low, float(value.min())), max(high, float(value.max()))
    return found


def pictures(roots, shards, count, seed=3):
    """Calibration pictures one by one: half of them real photographs, half rendered frames with what a robot knows."""
    rng = np.random.default_rng(seed)
    real = images.load(roots)
    source = Shards(shards, rng)
    for number in range(count):
        if number % 2:
            rgb = images.random_crop(real[rng.integers(len(real))], rng)
            geometry = np.zeros((5, picture.HEIGHT, picture.WIDTH), np.float32)
        else:
            frame = batches.prepare(source.next(), rng)
            rgb, geometry = frame["rgb"], frame["geometry"].astype(np.float32)
        yield picture.normalise(torch.from_numpy(np.ascontiguousarray(rgb))[None]).contiguous(), torch.from_numpy(geometry)[None]


# ---------------------------------------------------------------------------------------------- int8

class Rewriter:
    """Adds QuantizeLinear and DequantizeLinear pairs to a graph."""

    def __init__(self, model, spans):
        self.model, self.spans = model, spans
        self.weights = {i.name: i for i in model.graph.initializer}
        self.new, self.pairs, self.times = [], {}, {}
        self.users = {}
        for node in model.graph.node:
            for name in node.input:
                self.users.setdefault(name, []).append(node)

    def constant(self, name, array):
        self.model.graph.initializer.append(numpy_helper.from_array(array, name))
        return name

    def scale_of(self, name):
        low, high = self.spans[name]
        scale = max(high - low, 1e-6) / 255.0
        return np.float32(scale), np.uint8(np.clip(round(-low / scale), 0, 255))

    def quantized(self, name):
        """The dequantised twin of an activation; its scale."""
        if name not in self.pairs:
            scale, zero = self.scale_of(name)
            s, z = self.constant(f"{name}_scale", scale), self.constant(f"{name}_zero", zero)
            self.new.append(helper.make_node("QuantizeLinear", [name, s, z], [f"{name}_q"], f"{name}_quantize"))
            self.new.append(helper.make_node("DequantizeLinear", [f"{name}_q", s, z], [f"{name}_dq"], f"{name}_dequantize"))
            self.pairs[name] = f"{name}_dq"
        return self.pairs[name]

    def convolution(self, node):
        weight = numpy_helper.to_array(self.weights[node.input[1]])
        self.times[node.input[1]] = again = self.times.get(node.input[1], 0) + 1
        mine = node.input[1] if again == 1 else f"{node.input[1]}_{again}"      # equal constants are kept once, their scales are not equal
        of_input, _ = self.scale_of(node.input[0])
        bias = numpy_helper.to_array(self.weights[node.input[2]])
        # A channel of hardly any weight still needs a step in which its bias can be counted.
        least = np.maximum(np.abs(bias) / (of_input * 2.0 ** 30), 1e-10)
        scale = np.maximum(np.abs(weight).reshape(len(weight), -1).max(1) / 127.0, least).astype(np.float32)
        rounded = np.clip(np.round(weight / scale[:, None, None, None]), -127, 127).astype(np.int8)
        names = [self.constant(f"{mine}_q", rounded), self.constant(f"{mine}_scale", scale),
                 self.constant(f"{mine}_zero", np.zeros(len(scale), np.int8))]
        self.new.append(helper.make_node("DequantizeLinear", names, [f"{mine}_dq"], axis=0))
        names = [self.constant(f"{mine}_bias_q", np.round(bias / (scale * of_input)).astype(np.int32)),
                 self.constant(f"{mine}_bias_scale", scale * of_input), self.constant(f"{mine}_bias_zero", np.zeros(len(scale), np.int32))]
        self.new.append(helper.make_node("DequantizeLinear", names, [f"{mine}_bias_dq"], axis=0))
        return helper.make_node("Conv", [self.quantized(node.input[0]), f"{mine}_dq", f"{mine}_bias_dq"], node.output, node.name, **attributes(node))


def int8(model, spans):
    """The QDQ form of a painter whose tensor ranges are known."""
    out = onnx.ModelProto()
    out.CopyFrom(model)
    rewriter = Rewriter(out, spans)
    for node in model.graph.node:
        convolution = node.op_type == "Conv" and node.input[1] not in SKIPPED and len(node.input) > 2
        read = 2 if node.op_type == "Add" else 1
        between = node.op_type in BETWEEN and not node.name.startswith("/attention") and all(name in spans for name in node.input[:read])
        if convolution and node.input[0] in spans:
            rewriter.new.append(rewriter.convolution(node))
        elif between:
            inputs = [rewriter.quantized(name) for name in node.input[:read]] + list(node.input[read:])
            rewriter.new.append(helper.make_node(node.op_type, inputs, node.output, node.name, **attributes(node)))
        else:
            rewriter.new.append(node)
    del out.graph.node[:]
    out.graph.node.extend(sort(rewriter.new, {i.name for i in out.graph.input} | {i.name for i in out.graph.initializer}))
    used = {name for node in out.graph.node for name in node.input}
    kept = [i for i in out.graph.initializer if i.name in used]
    del out.graph.initializer[:]
    out.graph.initializer.extend(kept)
    del out.graph.value_info[:]
    return out


def sort(nodes, known):
    """Nodes in an order in which every input comes first."""
    known, waiting, out = set(known), list(nodes), []
    while waiting:
        later = []
        for node in waiting:
            if all(not name or name in known for name in node.input):
                out.append(node)
                known.update(node.output)
            else:
                later.append(node)
        if len(later) == len(waiting):
            raise ValueError(f"a cycle, or a missing value, before {later[0].name}")
        waiting = later
    return out


# ---------------------------------------------------------------------------------------------- fp16

def fp16(model):
    """
    Everything that the softmax over the slots depends on in half precision; what depends on it, the scale, and what is made of the support plane's
    depth before it joins the features, in single.
    """
    out = onnx.ModelProto()
    out.CopyFrom(model)
    graph = out.graph
    inferred = onnx.shape_inference.infer_shapes(model)
    kinds = {v.name: v.type.tensor_type.elem_type for v in list(inferred.graph.value_info) + list(inferred.graph.input)}
    kinds.update({i.name: i.data_type for i in graph.initializer})
    makers = {name: node for node in graph.node for name in node.output}
    softmax = [n for n in graph.node if n.op_type == "Softmax"][-1]        # over the slots; those before it are attention's
    plane = set()
    for node in graph.node:
        if node.op_type == "Log" or node.op_type != "Concat" and any(name in plane for name in node.input):
            plane.update(node.output)
    half, stack = set(), [softmax.input[0]]
    while stack:
        node = makers.get(stack.pop())
        if node is not None and node.output[0] not in half | plane:
            half.update(node.output)
            stack.extend(node.input)
    floats = {name for name, kind in kinds.items() if kind == TensorProto.FLOAT}
    weights, twins, nodes = {i.name: i for i in graph.initializer}, {}, []

    def cast(name, to):
        """The same value in the other precision."""
        key = (name, to)
        if key not in twins:
            twins[key] = f"{name}_{'half' if to == TensorProto.FLOAT16 else 'single'}"
            if name in weights and to == TensorProto.FLOAT16:
                graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(weights[name]).astype(np.float16), twins[key]))
            else:
                nodes.append(helper.make_node("Cast", [name], [twins[key]], to=to))
        return twins[key]

    for node in model.graph.node:
        inside = node.output[0] in half
        inputs = []
        for index, name in enumerate(node.input):
            is_half = name in half and name in floats
            if inside and name in floats and not is_half and not (node.op_type == "Resize" and index > 0):
                inputs.append(cast(name, TensorProto.FLOAT16))
            elif not inside and is_half:
                inputs.append(cast(name, TensorProto.FLOAT))
            else:
                inputs.append(name)
        if inside and node.op_type == "Constant" and node.output[0] in floats:
            resize_only = all(u.op_type == "Resize" for u in model.graph.node if node.output[0] in u.input)
            if not resize_only:
                value = numpy_helper.to_array(attributes(node)["value"]).astype(np.float16)
                nodes.append(helper.make_node("Constant", [], node.output, value=numpy_helper.from_array(value)))
                continue
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        del copy.input[:]
        copy.input.extend(inputs)
        nodes.append(copy)
    del graph.node[:]
    graph.node.extend(sort(nodes, {i.name for i in graph.input} | {i.name for i in graph.initializer}))
    used = {name for node in graph.node for name in node.input}
    kept = [i for i in graph.initializer if i.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.value_info[:]
    return out


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def list_files(manifest, files):
    """Writes the variants into a manifest, in place of those that it lists."""
    with open(manifest, encoding="utf-8") as file:
        lines = file.read().split("\n")
    first = lines.index("files:") + 1
    last = next(i for i in range(first, len(lines)) if lines[i] and not lines[i].startswith(" "))
    lines[first:last] = [line for path, precision, digest in files for line in (f"  - path: {path}", f"    sha256: {digest}", f"    precision: {precision}")]
    with open(manifest, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines))


def save(model, path):
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True), full_check=True)
    onnx.save(model, path)
    digest = digest_of(path)
    print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB, sha256 {digest}")
    return digest


def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="../painter-s/painter-s.onnx")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--pictures", type=int, default=64)
    parser.add_argument("--halve", action="store_true", help="store the fp32 form's weights in fewer bits instead of writing an fp16 form")
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    model = onnx.load(options.model)
    stem, _ = os.path.splitext(options.model)
    name = os.path.basename(stem)
    if options.halve:
        files = [(f"{name}.onnx", "fp32", save(stored(model), options.model))]
    else:
        files = [(f"{name}.onnx", "fp32", digest_of(options.model)), (f"{name}.fp16.onnx", "fp16", save(fp16(model), f"{stem}.fp16.onnx"))]
    spans = ranges(model, pictures(options.photographs, options.shards, options.pictures))
    files.append((f"{name}.int8.onnx", "int8", save(int8(model, spans), f"{stem}.int8.onnx")))
    list_files(os.path.join(os.path.dirname(options.model), "model.yaml"), files)


if __name__ == "__main__":
    main()
