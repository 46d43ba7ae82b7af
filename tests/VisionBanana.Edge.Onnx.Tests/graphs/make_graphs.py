#!/usr/bin/python3
"""Makes the small graphs of the tests: one for each kind of output, each with an answer that can be computed by hand.

Run it here (Debian's python3-onnx): /usr/bin/python3 make_graphs.py
Pictures are 32 x 24. Inputs are normalised by the manifests of the tests with scale 1/255, mean 0, std 1, unless they say otherwise.
"""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, HEIGHT, SLOTS = 32, 24, 64
FLOAT, FLOAT16, INT64 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64


def save(name, nodes, inputs, outputs, weights=(), opset=17, check=True):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, t, s) for n, t, s in outputs],
        [numpy_helper.from_array(np.asarray(v), n) for n, v in weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="make_graphs")
    model.ir_version = 8
    if check:
        onnx.checker.check_model(model)
    onnx.save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".onnx"))


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs.split(), outputs.split(), **attributes)


IMAGE = ("image", FLOAT, [1, 3, HEIGHT, WIDTH])


def painter(name, geometry=True, confidence=True, extra_input=False, fixed_tasks=False, instances=False):
    """Slot of a pixel = round(63 * mean channel of the task): red for task 0, green for 1, blue for 2, all plus 0 for unused ones.

    The colour of the slot comes from the palette, blended by a hat over the two neighbouring slots. For task 0 the slot is
    multiplied with the focal ratio, which makes it a depth; geometry channel 2 is added to every slot.
    Confidence = 1 - red / 2 for every task. With instances: task 3 + c paints slot round(63 * blue) where round(63 * green) is c, slot 63 elsewhere.
    """
    t = 1 if fixed_tasks else "T"
    inputs = [IMAGE, ("palette", FLOAT, [t, SLOTS, 3]), ("task", INT64, [t]), ("focal_ratio", FLOAT, [1])]
    if geometry:
        inputs.append(("geometry", FLOAT, [1, 5, HEIGHT, WIDTH]))
    if extra_input:
        inputs.append(("time", FLOAT, [1]))
    outputs = [("painting", FLOAT, [t, 3, HEIGHT, WIDTH])]
    weights = [
        ("one", np.float32(1)), ("half", np.float32(0.5)), ("last", np.float32(SLOTS - 1)), ("zero_task", np.int64(0)),
        ("grid", np.arange(SLOTS, dtype=np.float32).reshape(1, 1, 1, SLOTS)),
        ("column", np.array([-1, 1, 1], np.int64)), ("to_rows", np.array([0, HEIGHT * WIDTH, SLOTS], np.int64)),
        ("to_planes", np.array([0, 3, HEIGHT, WIDTH], np.int64)), ("red_axis", np.array(0, np.int64)), ("last_axis", np.array([-1], np.int64)),
    ]
    nodes = [node("Squeeze", "image first", "planes")]                              # [3,H,W]
    if instances:
        weights += [("most", np.int64(2)), ("three", np.int64(3)), ("green_axis", np.array(1, np.int64)), ("blue_axis", np.array(2, np.int64))]
        nodes += [
            node("Min", "task most", "channel"), node("Gather", "planes channel", "plain", axis=0), node("Mul", "plain last", "plain_slot"),
            node("Gather", "planes green_axis", "green", axis=0), node("Mul", "green last", "green63"), node("Round", "green63", "class_map"),
            node("Gather", "planes blue_axis", "blue", axis=0), node("Mul", "blue last", "blue63"), node("Round", "blue63", "object_slot"),
            node("Sub", "task three", "class_id"), node("Cast", "class_id", "class_float", to=FLOAT), node("Reshape", "class_float column", "asked"),
            node("Equal", "class_map asked", "belongs"), node("Where", "belongs object_slot last", "instance_slot"),          # [T,H,W]
            node("Less", "task three", "is_plain"), node("Reshape", "is_plain column", "are_plain"),
            node("Where", "are_plain plain_slot instance_slot", "position"),
        ]
    else:
        nodes += [node("Gather", "planes task", "chosen", axis=0), node("Mul", "chosen last", "position")]                  # [T,H,W]
    nodes += [
        node("Equal", "task zero_task", "is_depth"),
        node("Where", "is_depth focal_ratio one", "factor"),                        # [T]
        node("Reshape", "factor column", "factors"),                                # [T,1,1]
        node("Mul", "position factors", "scaled"),
    ]
    weights.append(("first", np.array([0], np.int64)))
    slot = "scaled"
    if geometry:
        weights.append(("two", np.array(2, np.int64)))
        nodes += [node("Gather", "geometry two", "hint", axis=1), node("Add", "scaled hint", "hinted")]
        slot = "hinted"
    if extra_input:
        nodes.append(node("Add", f"{slot} time", "timed"))
        slot = "timed"
    nodes += [
        node("Unsqueeze", f"{slot} last_axis", "slots"),                            # [T,H,W,1]
        node("Sub", "slots grid", "away"), node("Abs", "away", "distance"),
        node("Sub", "one distance", "hat"), node("Relu", "hat", "weights"),         # [T,H,W,64]
        node("Reshape", "weights to_rows", "rows"), node("MatMul", "rows palette", "colours"),
        node("Transpose", "colours", "turned", perm=[0, 2, 1]), node("Reshape", "turned to_planes", "painting"),
    ]
    if confidence:
        outputs.append(("confidence", FLOAT, [t, 1, HEIGHT, WIDTH]))
        weights.append(("confidence_shape", np.array([1, 1, HEIGHT, WIDTH], np.int64)))
        weights.append(("tail", np.array([1, HEIGHT, WIDTH], np.int64)))
        nodes += [
            node("Gather", "planes red_axis", "red", axis=0), node("Mul", "red half", "half_red"), node("Sub", "one half_red", "trust"),
            node("Reshape", "trust confidence_shape", "trust4"), node("Shape", "task", "count"),
            node("Concat", "count tail", "wide", axis=0), node("Expand", "trust4 wide", "confidence"),
        ]
    save(name, nodes, inputs, outputs, weights)


def depth(name, shape, outputs_shape, confidence=False):
    """depth = 1 + 4 * red at half the size; the top left pixel is negative (no measurement)."""
    half = [1, 1, HEIGHT // 2, WIDTH // 2]
    hole = np.zeros(half, np.float32)
    hole[0, 0, 0, 0] = -100
    weights = [("first", np.array([0], np.int64)), ("second", np.array([1], np.int64)), ("channel", np.array([1], np.int64)),
               ("four", np.float32(4)), ("one", np.float32(1)), ("hole", hole), ("out_shape", np.array(shape, np.int64))]
    nodes = [
        node("Slice", "image first second channel", "red"),
        node("AveragePool", "red", "small", kernel_shape=[2, 2], strides=[2, 2]),
        node("Mul", "small four", "times"), node("Add", "times one", "plus"), node("Add", "plus hole", "holed"),
        node("Reshape", "holed out_shape", "depth"),
    ]
    outputs = [("depth", FLOAT, outputs_shape)]
    if confidence:
        nodes.append(node("Reshape", "small out_shape", "confidence"))
        outputs.append(("confidence", FLOAT, outputs_shape))
    save(name, nodes, [IMAGE], outputs, weights)


def inverse_depth(name):
    """x = green at full size, output [1,1,H,W] with every dimension left open."""
    weights = [("first", np.array([1], np.int64)), ("second", np.array([2], np.int64)), ("channel", np.array([1], np.int64))]
    save(name, [node("Slice", "image first second channel", "disparity")],
         [("image", FLOAT, ["N", 3, "H", "W"])], [("disparity", FLOAT, ["N", 1, "H", "W"])], weights)


def class_logits(name, channels=5):
    """Score of channel c = 10 * (channel c of [red, green, blue, 0.45, 0]), at half the size."""
    kernel = np.zeros((channels, 3, 2, 2), np.float32)
    for c in range(3):
        kernel[c, c] = 10 / 4
    bias = np.zeros(channels, np.float32)
    bias[3] = 4.5
    save(name, [node("Conv", "image kernel bias", "logits", kernel_shape=[2, 2], strides=[2, 2])],
         [IMAGE], [("logits", FLOAT, [1, channels, HEIGHT // 2, WIDTH // 2])], [("kernel", kernel), ("bias", bias)])


def variant(name, precision, wrong=False):
    """depth = 1 + 4 * red at half the size: one convolution in float32, in float16, or quantised (inputs and outputs are float32 in each).

    wrong: int8 with the scales of another model, weights beyond the range of float16.
    stored16: the weights lie in the file as float16 and are cast to float32 before the float32 convolution.

    int8: the picture is lossless (1/255), the kernel exact (1/127), the answer comes in steps of 5/255.
    """
    kernel = np.zeros((1, 3, 2, 2), np.float32)
    kernel[0, 0] = 1
    bias = np.ones(1, np.float32)
    shape = [1, 1, HEIGHT // 2, WIDTH // 2]
    conv = dict(kernel_shape=[2, 2], strides=[2, 2])
    if precision == "stored16":
        nodes = [node("Cast", "kernel16", "kernel", to=FLOAT), node("Cast", "bias16", "bias", to=FLOAT), node("Conv", "image kernel bias", "depth", **conv)]
        weights = [("kernel16", kernel.astype(np.float16)), ("bias16", bias.astype(np.float16))]
    elif precision == "fp32":
        nodes, weights = [node("Conv", "image kernel bias", "depth", **conv)], [("kernel", kernel), ("bias", bias)]
    elif precision == "fp16":
        large = 1e6 if wrong else 1
        nodes = [node("Cast", "image", "image16", to=FLOAT16), node("Conv", "image16 kernel bias", "large16", **conv),
                 node("Mul", "large16 smaller", "depth16"), node("Cast", "depth16", "depth", to=FLOAT)]
        kernel, bias = kernel * large, bias * large
        weights = [("kernel", kernel.astype(np.float16)), ("bias", bias.astype(np.float16)), ("smaller", np.float16(1 / large))]
    else:
        picture, step = np.float32(1 / 255), np.float32(5 / 255)
        nodes = [
            node("QuantizeLinear", "image picture_scale picture_zero", "image8"), node("DequantizeLinear", "image8 picture_scale picture_zero", "image_q"),
            node("DequantizeLinear", "kernel8 kernel_scale kernel_zero", "kernel_q"), node("DequantizeLinear", "bias32 bias_scale bias_zero", "bias_q"),
            node("Conv", "image_q kernel_q bias_q", "sum", **conv),
            node("QuantizeLinear", "sum step picture_zero", "depth8"), node("DequantizeLinear", "depth8 answer_step picture_zero", "depth"),
        ]
        kernel_scale = np.float32(1 / 127)
        weights = [
            ("picture_scale", picture), ("picture_zero", np.uint8(0)), ("step", step),
            ("answer_step", np.float32(step * (1.4 if wrong else 1))), ("kernel_scale", kernel_scale), ("kernel_zero", np.int8(0)),
            ("kernel8", np.round(kernel * 127).astype(np.int8)), ("bias_scale", np.float32(picture * kernel_scale)), ("bias_zero", np.int32(0)),
            ("bias32", np.round(bias / (picture * kernel_scale)).astype(np.int32)),
        ]
    save(name, nodes, [IMAGE], [("depth", FLOAT, shape)], weights)


def main():
    painter("painter")
    painter("painter_plain", geometry=False, confidence=False)
    painter("painter_extra_input", extra_input=True)
    painter("painter_one_task", fixed_tasks=True)
    painter("painter_instances", instances=True)
    depth("metric_depth", [1, HEIGHT // 2, WIDTH // 2], [1, HEIGHT // 2, WIDTH // 2])
    depth("metric_depth_confidence", [1, 1, HEIGHT // 2, WIDTH // 2], [1, 1, HEIGHT // 2, WIDTH // 2], confidence=True)
    inverse_depth("inverse_depth")
    for precision in ("fp32", "fp16", "int8", "stored16"):
        variant("variant_" + precision, precision)
    for precision in ("fp16", "int8"):
        variant(f"variant_{precision}_wrong", precision, wrong=True)
    class_logits("class_logits")
    # Runs, but its answer is not the shape it claims: the shape is known only to who runs it.
    weights = [("axes", np.array([0], np.int64))]
    save("wrong_runtime_shape", [node("Concat", "image image", "depth", axis=1)], [IMAGE], [("depth", FLOAT, ["N", "C", "H", "W"])], weights)
    # An operator set that no runtime knows, and one that is too old.
    save("opset_future", [node("Relu", "image", "depth")], [IMAGE], [("depth", FLOAT, [1, 1, "H", "W"])], opset=99, check=False)
    save("opset_old", [node("Relu", "image", "depth")], [IMAGE], [("depth", FLOAT, [1, 1, "H", "W"])], opset=5, check=False)
    # An operator that does not exist.
    save("unknown_operator", [node("Levitate", "image", "depth")], [IMAGE], [("depth", FLOAT, [1, 1, "H", "W"])], check=False)


if __name__ == "__main__":
    main()
