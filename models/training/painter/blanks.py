# SPDX-License-Identifier: Apache-2.0
"""Pictures of nothing: blank walls, blotches, noise and patches of colour. Their depth cannot be told."""
import cv2
import numpy as np

from painter import picture


def blank(rng):
    """One such picture [H,W,3], uint8."""
    size, kind = (picture.WIDTH, picture.HEIGHT), rng.integers(4)
    x = np.zeros((picture.HEIGHT, picture.WIDTH, 3)) + rng.uniform(20, 235) + rng.normal(0, 12, 3)
    if kind == 0:       # a wall with light from a side
        x += np.linspace(-1, 1, size[0])[None, :, None] * rng.uniform(-40, 40) + np.linspace(-1, 1, size[1])[:, None, None] * rng.uniform(-40, 40)
    elif kind == 1:     # a wall with blotches
        x += cv2.resize(rng.normal(0, rng.uniform(3, 25), (12, 16, 3)), size)
    elif kind == 2:
        x = rng.uniform(0, 255, x.shape)
    else:
        x = cv2.resize(rng.uniform(0, 255, (*rng.integers(3, 40, 2), 3)), size, interpolation=int(rng.integers(3)))
    return np.clip(x + rng.normal(0, rng.uniform(1, 8), x.shape), 0, 255).astype(np.uint8)
