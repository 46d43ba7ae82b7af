# SPDX-License-Identifier: Apache-2.0
"""Shards as a dataset that `vbedge eval` reads (layout: models/EVALUATION.md), and the training set's mean depth, its baseline.

    python3 -m stages.dataset --shards work/heldout --out work/rendered --frames 256
    python3 -m stages.dataset --shards work/shards --mean-depth work/mean-depth.png
"""
import argparse
import glob
import os

import cv2
import numpy as np

from painter import batches, picture
from worlds import classes


def frames(folder):
    """Frames of all shards, as the network is shown them without anything added."""
    rng = np.random.default_rng(0)
    for path in sorted(glob.glob(os.path.join(folder, "shard-*.npz"))):
        with np.load(path) as file:
            shard = {k: file[k] for k in file.files}
        for index in range(len(shard["rgb"])):
            raw = {k: v[index] for k, v in shard.items()}
            yield raw, batches.prepare(raw, rng, augment=False, geometry="none")


def write(folder, shards, count):
    for name in ("rgb", "depth", "labels"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    lines = ["labels: classes", "classes:"] + [f"  - {{id: {i}, name: {name}}}" for i, name in enumerate(classes.NAMES)] + ["geometries:"]
    for number, (raw, frame) in zip(range(count), frames(shards)):
        name = f"{number:04d}"
        cv2.imwrite(os.path.join(folder, "rgb", name + ".png"), frame["rgb"][..., ::-1])
        cv2.imwrite(os.path.join(folder, "depth", name + ".png"), np.clip(frame["depth"].astype(np.float32) * 1000, 0, 65535).round().astype(np.uint16))
        cv2.imwrite(os.path.join(folder, "labels", name + ".png"), frame["label"])
        up = raw["up"] / np.linalg.norm(raw["up"])
        heights = [float(h) for h in raw["height"] if np.isfinite(h) and h > 0.02]
        height = f", height_m: {heights[-1] * picture.FOCAL / float(raw['intrinsics'][0]):.4f}" if heights else ""
        lines.append(f"  - {{picture: \"{name}\", up: [{', '.join(f'{v:.5f}' for v in up)}]{height}}}")
    with open(os.path.join(folder, "dataset.yaml"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    f, cx, cy = picture.FOCAL, (picture.WIDTH - 1) / 2, (picture.HEIGHT - 1) / 2
    with open(os.path.join(folder, "camera.yaml"), "w", encoding="utf-8") as file:
        file.write(f"""image_width: {picture.WIDTH}
image_height: {picture.HEIGHT}
camera_name: rendered
camera_matrix: {{rows: 3, cols: 3, data: [{f}, 0, {cx}, 0, {f}, {cy}, 0, 0, 1]}}
distortion_model: plumb_bob
distortion_coefficients: {{rows: 1, cols: 5, data: [0, 0, 0, 0, 0]}}
rectification_matrix: {{rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}}
projection_matrix: {{rows: 3, cols: 4, data: [{f}, 0, {cx}, 0, 0, {f}, {cy}, 0, 0, 0, 1, 0]}}
""")


def mean_depth(path, shards):
    """exp of the mean log depth at each pixel over all shards, as a 16-bit PNG of millimetres."""
    total, count = np.zeros((picture.HEIGHT, picture.WIDTH)), np.zeros((picture.HEIGHT, picture.WIDTH))
    for _, frame in frames(shards):
        depth = frame["depth"].astype(np.float64)
        valid = (depth > 0.05) & (depth < 60)
        total[valid] += np.log(depth[valid])
        count += valid
    cv2.imwrite(path, (np.exp(total / np.maximum(count, 1)) * 1000).round().astype(np.uint16))


def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--out", help="folder of the dataset")
    parser.add_argument("--frames", type=int, default=256)
    parser.add_argument("--mean-depth", help="PNG to write instead")
    options = parser.parse_args(given)
    if options.mean_depth:
        mean_depth(options.mean_depth, options.shards)
    if options.out:
        write(options.out, options.shards, options.frames)


if __name__ == "__main__":
    main()
