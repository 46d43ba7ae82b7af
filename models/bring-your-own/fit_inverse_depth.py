#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Finds scale and shift of an inverse_depth model: 1 / depth = scale * x + shift, by least squares over pictures with true depth.

Write the model's x first, with scale 1 and shift 0 in its manifest (NAME.depth.png is then 1 / x in mm), then compare with the truth:
    vbedge infer DATASET/rgb/*.jpg --camera DATASET/camera.yaml --model MODEL --instruction depth -o OUT
    /usr/bin/python3 fit_inverse_depth.py OUT DATASET/depth
prints the two numbers for output.scale and output.shift. They hold for pictures like these and no others.
"""
import glob
import os
import sys

import cv2
import numpy as np


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    answers, truths = [], []
    for path in sorted(glob.glob(os.path.join(sys.argv[2], "*.png"))):
        painted = cv2.imread(os.path.join(sys.argv[1], os.path.splitext(os.path.basename(path))[0] + ".depth.png"), cv2.IMREAD_UNCHANGED)
        truth = cv2.imread(path, cv2.IMREAD_UNCHANGED)
        if painted is None or painted.shape != truth.shape:
            sys.exit(f"{path}: expected a depth picture of the same name and size in {sys.argv[1]}")
        both = (painted > 0) & (truth > 0)
        answers.append(1000.0 / painted[both][::7])
        truths.append(1000.0 / truth[both][::7])
    x, y = np.concatenate(answers), np.concatenate(truths)
    # Least relative error of depth: a pixel counts by its distance.
    weight = 1 / y
    scale, shift = np.linalg.lstsq(np.stack([x, np.ones_like(x)], 1) * weight[:, None], y * weight, rcond=None)[0]
    depth = 1 / np.maximum(scale * x + shift, 1e-3)
    print(f"scale: {scale:.6f}\nshift: {shift:.6f}\n# {len(answers)} pictures, AbsRel {np.abs(depth * y - 1).mean():.3f}")


if __name__ == "__main__":
    main()
