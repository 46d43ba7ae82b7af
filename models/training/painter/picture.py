# SPDX-License-Identifier: Apache-2.0
"""The picture that a painter sees: its size, its camera, and how pixels become the network's input."""
import numpy as np
import torch

from painter.palettes import IMAGE_MEAN, IMAGE_STD

WIDTH, HEIGHT = 192, 144
HFOV_DEG = 60.0
FOCAL = WIDTH / 2 / np.tan(np.radians(HFOV_DEG / 2))


def set_width(width):
    """Another size of the same picture (4:3, 60 degrees, a multiple of 64); before any loader starts."""
    global WIDTH, HEIGHT, FOCAL
    WIDTH, HEIGHT = width, width * 3 // 4
    FOCAL = WIDTH / 2 / np.tan(np.radians(HFOV_DEG / 2))


def normalise(rgb):
    """uint8 [B,H,W,3] to the network's input [B,3,H,W]."""
    x = rgb.permute(0, 3, 1, 2).float() / 255.0
    mean, std = torch.tensor(IMAGE_MEAN)[:, None, None], torch.tensor(IMAGE_STD)[:, None, None]
    return (x - mean) / std
