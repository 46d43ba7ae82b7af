# SPDX-License-Identifier: Apache-2.0
"""What a robot may know of its camera's stance: gravity and the plane that it looks down on."""
import numpy as np

from painter import picture
from painter.palettes import MAX_DEPTH


def rays(intrinsics):
    fx, fy, cx, cy = (float(v) for v in intrinsics)
    u, v = np.meshgrid(np.arange(picture.WIDTH, dtype=np.float32), np.arange(picture.HEIGHT, dtype=np.float32))
    return (u - cx) / fx, (v - cy) / fy


def plane_inverse_depth(up, height, intrinsics):
    """1/z of the plane `height` metres below the camera at every pixel, 0 where the ray never meets it."""
    x, y = rays(intrinsics)
    down = -(up[0] * x + up[1] * y + up[2])
    inverse = down / max(float(height), 1e-3)
    return np.where(inverse > 1.0 / MAX_DEPTH, np.minimum(inverse, 8.0), 0.0).astype(np.float32)


def geometry_channels(up=None, height=None, intrinsics=None):
    """The five channels of the contract: plane inverse depth, its validity, up vector; zeros where unknown."""
    out = np.zeros((5, picture.HEIGHT, picture.WIDTH), np.float32)
    if up is not None:
        out[2:5] = np.asarray(up, np.float32)[:, None, None]
        if height is not None:
            out[0] = plane_inverse_depth(up, height, intrinsics)
            out[1] = out[0] > 0
    return out


def jitter_up(up, rng, degrees):
    axis = np.cross(up, rng.standard_normal(3))
    axis /= np.linalg.norm(axis) + 1e-9
    out = up + axis * np.radians(rng.normal(0, degrees))
    return out / np.linalg.norm(out)
