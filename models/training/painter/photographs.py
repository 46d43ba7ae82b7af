# SPDX-License-Identifier: Apache-2.0
"""Photographs without truth: for the generator, for staying near what photographs taught, for calibrating int8."""
import glob
import os

import cv2
import numpy as np

from painter import faults, picture

# Pictures that are truth or test data elsewhere in the project never enter training.
HELD_BACK = ("aloe", "motorcycle", "tsukuba", "left", "right", "vtest", "box", "graf", "leuven", "chessboard", "disp", "depth", "mask")


def photograph_paths(roots):
    """Colour photographs in the given folders, large enough to be worth a crop."""
    out = []
    for root in roots:
        for path in sorted(glob.glob(os.path.join(root, "**", "*"), recursive=True)):
            name = os.path.basename(path).lower()
            if name.endswith((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")) and not any(w in name for w in HELD_BACK) and os.path.getsize(path) > 12000:
                out.append(path)
    return out


def load(roots, side=720, least=200):
    """Photographs as RGB arrays, shrunk; drawings, grey pictures and those with a side shorter than `least` are left out."""
    out = []
    for path in photograph_paths(roots):
        image = cv2.imread(path, cv2.IMREAD_COLOR)
        if image is None or min(image.shape[:2]) < least:
            continue
        factor = side / max(image.shape[:2])
        if factor < 1:
            image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
        if np.abs(small - small.mean(2, keepdims=True)).mean() < 2.0 or len(np.unique((small / 8).astype(int).reshape(-1, 3), axis=0)) < 250:
            continue
        out.append(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    return out


def random_crop(image, rng):
    h, w = image.shape[:2]
    most = min(w / picture.WIDTH, h / picture.HEIGHT)
    factor = rng.uniform(min(0.7 * most, most), most)
    cw, ch = int(picture.WIDTH * factor), int(picture.HEIGHT * factor)
    x, y = rng.integers(0, w - cw + 1), rng.integers(0, h - ch + 1)
    out = cv2.resize(image[y:y + ch, x:x + cw], (picture.WIDTH, picture.HEIGHT), interpolation=cv2.INTER_AREA if factor > 1 else cv2.INTER_LINEAR)
    return np.ascontiguousarray(out[:, ::-1]) if rng.random() < 0.5 else out


def crops(images, count, rng):
    """Random crops [count,H,W,3], half of them as a poor camera would have taken them."""
    rows = []
    for _ in range(count):
        crop = random_crop(images[rng.integers(len(images))], rng)
        rows.append(faults.disturb(crop, rng, 0.5) if rng.random() < 0.5 else crop)
    return np.stack(rows)
