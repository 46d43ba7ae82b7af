#!/usr/bin/python3
"""Makes graphs that a package must not bring: numbers in other files, engines built elsewhere, libraries, and graphs that never end.

Run it here (Debian's python3-onnx): /usr/bin/python3 make_hostile_graphs.py
"""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from make_graphs import FLOAT, HEIGHT, IMAGE, INT64, WIDTH, node

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile")
SHAPE = [1, 1, HEIGHT, WIDTH]
ANSWER = ("depth", FLOAT, SHAPE)


def value(item):
    name, kind, shape = item
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, weights=(), opsets=(("", 17),), functions=(), sparse=()):
    graph = helper.make_graph(nodes, name, [value(IMAGE)], [value(ANSWER)], list(weights))
    graph.sparse_initializer.extend(sparse)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(*o) for o in opsets], producer_name="make_hostile_graphs", functions=list(functions))
    model.ir_version = 8
    os.makedirs(HERE, exist_ok=True)
    onnx.save(model, os.path.join(HERE, name + ".onnx"))


def outside(name="w", dims=(1,), location="secret.bin"):
    """A tensor whose numbers lie in another file."""
    tensor = TensorProto(name=name, data_type=FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    return tensor


def red():
    """The red plane, which every graph here answers with, and the weights for it."""
    weights = [numpy_helper.from_array(np.array(v, np.int64), n) for n, v in (("zero", [0]), ("one", [1]), ("channel", [1]))]
    return [node("Slice", "image zero one channel", "red")], weights


def main():
    first, weights = red()
    add = node("Add", "red w", "depth")
    save("external_weight", first + [add], weights + [outside()])
    save("external_constant", first + [helper.make_node("Constant", [], ["w"], value=outside("")), add], weights)
    then = helper.make_graph([helper.make_node("Constant", [], ["inner"], value=outside(""))], "then", [], [value(("inner", FLOAT, [1]))])
    other = helper.make_graph([helper.make_node("Constant", [], ["else"], value=numpy_helper.from_array(np.zeros(1, np.float32)))],
                              "else", [], [value(("else", FLOAT, [1]))])
    condition = numpy_helper.from_array(np.array(True), "yes")
    save("external_in_branch", first + [helper.make_node("If", ["yes"], ["w"], then_branch=then, else_branch=other), add], weights + [condition])
    branch = helper.make_graph([], "then", [], [value(("v", FLOAT, [1]))], [outside("v")])
    save("external_in_branch_weight", first + [helper.make_node("If", ["yes"], ["w"], then_branch=branch, else_branch=other), add], weights + [condition])
    function = helper.make_function("own", "Own", ["x"], ["y"],
                                    [helper.make_node("Constant", [], ["c"], value=outside("")), helper.make_node("Add", ["x", "c"], ["y"])],
                                    [helper.make_opsetid("", 17)])
    save("external_in_function", first + [helper.make_node("Own", ["red"], ["depth"], domain="own")], weights, (("", 17), ("own", 1)), [function])
    sparse = onnx.SparseTensorProto(values=outside("w"), indices=numpy_helper.from_array(np.zeros(1, np.int64), ""), dims=[1])
    save("external_sparse", first + [add], weights, sparse=[sparse])
    listed = helper.make_node("Constant", [], ["w"])
    listed.attribute.append(helper.make_attribute("value_floats", [0.0]))
    listed.attribute.append(onnx.AttributeProto(name="more", type=onnx.AttributeProto.TENSORS, tensors=[outside("")]))
    save("external_in_list", first + [listed, add], weights)

    save("foreign_engine", [helper.make_node("EPContext", ["image"], ["depth"], domain="com.microsoft",
                                             embed_mode=0, ep_cache_context="engine.bin", main_context=1)],
         opsets=(("", 17), ("com.microsoft", 1)))
    save("custom_operator", [helper.make_node("Levitate", ["image"], ["depth"], domain="some.library")], opsets=(("", 17), ("some.library", 1)))
    function = helper.make_function("own", "Own", ["x"], ["y"], [helper.make_node("Add", ["x", "x"], ["y"])], [helper.make_opsetid("", 17)])
    save("own_function", first + [helper.make_node("Own", ["red"], ["depth"], domain="own")], weights, (("", 17), ("own", 1)), [function])

    inner = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "leaf", [], [value(("y", FLOAT, SHAPE))])
    for _ in range(60):
        inner = helper.make_graph([helper.make_node("If", ["yes"], ["y"], then_branch=inner, else_branch=other)], "level", [], [value(("y", FLOAT, SHAPE))])
    save("nested", first + [helper.make_node("If", ["yes"], ["depth"], then_branch=inner, else_branch=other)], weights + [condition])

    # Never ends when it runs: 2^62 rounds of a loop.
    body = helper.make_graph([node("Identity", "go", "on"), node("Add", "plane step", "next")], "body",
                             [value(("round", INT64, [])), value(("go", TensorProto.BOOL, [])), value(("plane", FLOAT, SHAPE))],
                             [value(("on", TensorProto.BOOL, [])), value(("next", FLOAT, SHAPE))])
    save("endless_loop", first + [helper.make_node("Loop", ["rounds", "yes", "red"], ["depth"], body=body)],
         weights + [condition, numpy_helper.from_array(np.array(1 << 62, np.int64), "rounds"), numpy_helper.from_array(np.float32(1e-6), "step")])

    # Takes hours to load: a chain of products of large constants that the optimiser works out.
    size, nodes, last = 2000, [], "big"
    nodes.append(helper.make_node("ConstantOfShape", ["size"], ["big"], value=numpy_helper.from_array(np.array([1e-4], np.float32))))
    for k in range(4000):
        nodes.append(node("MatMul", f"{last} big", f"p{k}"))
        last = f"p{k}"
    nodes += [helper.make_node("ReduceMean", [last], ["w"], keepdims=0), add]
    save("endless_folding", first + nodes, weights + [numpy_helper.from_array(np.array([size, size], np.int64), "size")])


if __name__ == "__main__":
    main()
