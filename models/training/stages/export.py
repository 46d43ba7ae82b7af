# SPDX-License-Identifier: Apache-2.0
"""Stage e: the student as ONNX (opset 17, batch norms folded, T instructions dynamic) with its manifest `model.yaml`."""
import argparse
import hashlib
import math
import os
import warnings

import numpy as np
import onnx
import torch

from painter import checkpoints, palettes
from painter.network import parameters_millions
from worlds import classes

INPUTS = ("image", "palette", "task", "focal_ratio", "geometry")
OUTPUTS = ("painting", "confidence")
TASKS = [palettes.DEPTH, palettes.LABELS, palettes.NORMALS, palettes.INSTANCES + classes.CHAIR, palettes.INSTANCES + classes.SMALL_OBJECT]


def example(config, seed=0):
    """Inputs for tracing and for parity: every kind of instruction at once."""
    rng = np.random.default_rng(seed)
    image = torch.from_numpy(rng.standard_normal((1, 3, config.height, config.width)).astype(np.float32))
    named = palettes.class_palette(np.asarray(classes.COLOURS, np.float32) / 255.0)
    cells = rng.random((palettes.SLOTS, 3)).astype(np.float32)
    palette = torch.from_numpy(np.stack([palettes.rainbow(), named, palettes.normal_palette(), cells, cells]))
    geometry = torch.zeros(1, 5, config.height, config.width)
    geometry[:, 0], geometry[:, 1], geometry[:, 3] = 0.4, 1.0, -1.0
    return image, palette, torch.tensor(TASKS), torch.ones(1), geometry


def unfold_identities(graph):
    """PyTorch keeps one of several equal constants and names the others by Identity: who reads those reads the one that is kept."""
    constants = {i.name for i in graph.initializer}
    same = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Identity" and n.input[0] in constants}
    kept = [n for n in graph.node if n.output[0] not in same]
    for node in kept:
        for index, name in enumerate(node.input):
            node.input[index] = same.get(name, name)
    del graph.node[:]
    graph.node.extend(kept)


def export(painter, path, instructions=0):
    """Writes the graph; `instructions` fixes how many it answers in a run, 0 leaves that open."""
    edge = checkpoints.edge_of(painter)
    inputs = example(painter.config)
    if instructions:
        image, palette, task, focal_ratio, geometry = inputs
        inputs = image, palette[:instructions], task[:instructions], focal_ratio, geometry
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(edge, inputs, path, opset_version=17, input_names=list(INPUTS), output_names=list(OUTPUTS), do_constant_folding=True,
                          dynamic_axes=None if instructions else {name: {0: "T"} for name in ("palette", "task", "painting", "confidence")})
    model = onnx.load(path)
    model.producer_name, model.producer_version, model.doc_string = "visionbanana.edge", "", ""
    told = {f"sharpness_{palettes.TASKS[t]}": str(k) for t, k in palettes.SHARPNESS.items()}
    onnx.helper.set_model_props(model, {**told, "object_bonus": "0.0"})     # for released.py: objects had a bonus over the background before 0.6.0
    for node in model.graph.node:
        node.doc_string = ""
    unfold_identities(model.graph)
    onnx.save(model, path)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    onnx.checker.check_model(inferred, full_check=True)
    return edge, inputs


def agreement(painter, edge, inputs):
    """Largest difference between the folded form and the network that was trained."""
    image, palette, task, _, geometry = inputs
    with torch.no_grad():
        painting, confidence = edge(*inputs)
        worst = 0.0
        for index, t in enumerate(task.tolist()):
            thing = torch.tensor([max(t - palettes.INSTANCES, 0)])
            t = min(t, palettes.INSTANCES)
            log_scale, chance, sure = painter.predict(image, geometry, (t,),
                                                      time=torch.full((1,), palettes.STUDENT_TIME), task=torch.zeros(1, dtype=torch.long), thing=thing)
            colours = painter.slot_colours(palette[index:index + 1], t, log_scale)
            wanted = (chance[t].reshape(1, -1, palettes.SLOTS) @ colours).reshape(painter.config.height, painter.config.width, 3).permute(2, 0, 1)
            worst = max(worst, float((wanted - painting[index]).abs().max()))
            wanted = sure if t == palettes.DEPTH else chance[t].amax(-1)
            worst = max(worst, float((wanted - confidence[index]).abs().max()))
    return worst


def manifest(painter, options, digest):
    c = painter.config
    lines = [
        "schema: 1", f"name: {options.name}", f"version: {options.version}", "licence: Apache-2.0", f"description: {options.description}",
        f"source: {options.source}", "files:", f"  - path: {options.name}.onnx", f"    sha256: {digest}", "    precision: fp32",
        "input:", "  tensor: image", f"  width: {c.width}", f"  height: {c.height}", "  scale: 0.00392156862745098",
        f"  mean: [{', '.join(map(str, palettes.IMAGE_MEAN))}]", f"  std: [{', '.join(map(str, palettes.IMAGE_STD))}]",
        "camera:", "  uses_focal: false", "  hfov_deg: 60.0",
        "output:", "  kind: painting", "  tensor: painting", "  confidence: confidence",
        "painter:", "  palette: palette", "  task: task", "  focal_ratio: focal_ratio", "  geometry: geometry", f"  slots: {palettes.SLOTS}",
        "tasks:", "  depth: {id: 0, colour_map: rainbow, min_depth_m: 0.25, max_depth_m: 25.0}", "  labels: {id: 1}",
        f"  instances: {{first_id: {palettes.INSTANCES}, background_slot: {palettes.BACKGROUND}, classes: [{', '.join(map(str, classes.THINGS))}]}}",
        "  normals:", "    id: 2", "    directions:"]
    lines += [f"      - [{x:.6f}, {y:.6f}, {z:.6f}]" for x, y, z in palettes.directions().tolist()]
    lines.append("classes:")
    lines += ['  - {id: %d, name: %s, colour: "#%02X%02X%02X"}' % (i, name, *colour) for i, (name, colour) in enumerate(classes.CLASSES)]
    return "\n".join(lines) + "\n"


def main(given=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", default="work/doubt/checkpoint.pt")
    parser.add_argument("--out", default="../painter-s")
    parser.add_argument("--name", default="painter-s")
    parser.add_argument("--version", default="0.7.0")
    parser.add_argument("--description", default="One-step painter for rooms and tabletops, depth, labels, instances and normals by instruction, 192x144")
    parser.add_argument("--source", default="models/training of this repository, rendered rooms and Debian's sample photographs only")
    parser.add_argument("--instructions", type=int, default=0, help="fix the number of instructions in a run (1-5); 0: any number")
    parser.add_argument("--reference", help="folder for raw float32 inputs and outputs, to show parity with another runtime")
    options = parser.parse_args(given)
    painter = checkpoints.load_painter(options.checkpoint).eval()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, f"{options.name}.onnx")
    edge, inputs = export(painter, path, options.instructions)
    worst = agreement(painter, edge, inputs)
    if not math.isfinite(worst) or worst > 1e-4:
        raise SystemExit(f"the folded network differs by {worst}")
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(options.out, "model.yaml"), "w", encoding="utf-8", newline="\n") as file:
        file.write(manifest(painter, options, digest))
    if options.reference:
        os.makedirs(options.reference, exist_ok=True)
        with torch.no_grad():
            outputs = edge(*inputs)
        for name, value in zip(INPUTS + OUTPUTS, inputs + tuple(outputs)):
            value.numpy().astype(np.float32).tofile(os.path.join(options.reference, f"{name}{'.expected' if name in OUTPUTS else ''}.f32"))
    print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB, {parameters_millions(edge):.2f} M parameters, folded against trained {worst:.1e}, sha256 {digest}")


if __name__ == "__main__":
    main()
