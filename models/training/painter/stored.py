# SPDX-License-Identifier: Apache-2.0
"""Weights of an exported graph stored in fewer bits; arithmetic stays in fp32, as a runtime folds what stands behind them when it opens a session."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HALF = 1024             # elements from which on a weight is stored in fp16
BYTE = 1_000_000        # and in 8 bits with a scale for each output channel: nine tenths of ResNet-18's last stage


def stored(model):
    """The same single-precision graph: larger weights in half precision behind a Cast, the largest in 8 bits behind a Cast and a Mul."""
    out = onnx.ModelProto()
    out.CopyFrom(model)
    nodes, scales = [], []
    for weight in out.graph.initializer:
        array = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or array.size < HALF:
            continue
        name = weight.name
        if array.size < BYTE or array.ndim != 4:
            weight.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}_half"))
            nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], f"{name}_cast", to=TensorProto.FLOAT))
            continue
        scale = np.maximum(np.abs(array).max((1, 2, 3), keepdims=True) / 127.0, 1e-12).astype(np.float32)
        weight.CopyFrom(numpy_helper.from_array(np.clip(np.round(array / scale), -127, 127).astype(np.int8), f"{name}_byte"))
        scales.append(numpy_helper.from_array(scale, f"{name}_step"))
        nodes.append(helper.make_node("Cast", [f"{name}_byte"], [f"{name}_steps"], f"{name}_cast", to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}_steps", f"{name}_step"], [name], f"{name}_scale"))
    out.graph.initializer.extend(scales)
    nodes += list(out.graph.node)
    del out.graph.node[:]
    out.graph.node.extend(nodes)
    return out


def weights(model):
    """The graph's constants by name as arrays, those that `stored` packed among them."""
    out = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in out:
            out[node.output[0]] = out[node.input[0]].astype(np.float32)
        elif node.op_type == "Mul" and all(name in out for name in node.input):
            out[node.output[0]] = out[node.input[0]] * out[node.input[1]]
    return out
