# SPDX-License-Identifier: Apache-2.0
"""What a robot's IMU and arm would have told of a dataset of tabletops: gravity and the height over the table, from the table's true depth.

    python3 -m stages.gravity DATASET work/tabletop --id-step 10

writes a dataset of links to the pictures, with a `dataset.yaml` that has the geometry of each of them, for `vbedge eval --geometry`. The largest
labelled part is the support; its plane is fitted to the inverse depth, which is linear in the picture, without the tenth that fits worst.
"""
import argparse
import glob
import os

import cv2
import numpy as np

from painter.figures import camera_matrix


def plane(depth, chosen, matrix):
    """Up vector in the optical frame and height of the camera over the plane of the chosen pixels."""
    v, u = np.nonzero(chosen & (depth > 0))
    fx, _, cx, _, fy, cy = matrix[:6]
    ray = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones(len(u))], 1)
    inverse = 1.0 / depth[v, u]
    kept = np.ones(len(u), bool)
    for _ in range(4):
        down = np.linalg.lstsq(ray[kept], inverse[kept], rcond=None)[0]         # 1/z = down . ray / height
        error = np.abs(ray @ down - inverse)
        kept = error <= np.quantile(error, 0.9)
    height = 1.0 / np.linalg.norm(down)
    return -down * height, height


def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("out")
    parser.add_argument("--depth-scale", type=float, default=0.001)
    parser.add_argument("--id-step", type=int, default=1)
    options = parser.parse_args(given)
    matrix = camera_matrix(options.dataset)
    os.makedirs(options.out, exist_ok=True)
    for name in ("camera.yaml", "rgb", "depth", "labels"):
        path = os.path.join(options.out, name)
        if not os.path.islink(path):
            os.symlink(os.path.abspath(os.path.join(options.dataset, name)), path)
    lines = [f"id_step: {options.id_step}", f"depth_scale: {options.depth_scale}", "geometries:"]
    for path in sorted(glob.glob(os.path.join(options.dataset, "labels", "*.png"))):
        name = os.path.splitext(os.path.basename(path))[0]
        label = cv2.imread(path, cv2.IMREAD_UNCHANGED)
        depth = cv2.imread(os.path.join(options.dataset, "depth", f"{name}.png"), cv2.IMREAD_UNCHANGED) * options.depth_scale
        support = np.bincount(label[label > 0]).argmax()
        up, height = plane(depth, label == support, matrix)
        lines.append(f'  - {{picture: "{name}", up: [{", ".join(f"{x:.5f}" for x in up)}], height_m: {height:.4f}}}')
    with open(os.path.join(options.out, "dataset.yaml"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{options.out}: {len(lines) - 3} pictures")


if __name__ == "__main__":
    main()
