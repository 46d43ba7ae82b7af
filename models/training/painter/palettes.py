# SPDX-License-Identifier: Apache-2.0
"""What the 64 slots of a painting stand for, and the colours that an instruction gives them.

Every task is painted with a palette: softmax over the slots of a pixel, times the colours of the slots. Depth slots are ratios to one predicted
scale, so that scale and camera enter through the colours and never through the weights.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

SLOTS = 64
DEPTH, LABELS, NORMALS, INSTANCES, GENERATE = 0, 1, 2, 3, 4
TASKS = ("depth", "labels", "normals", "instances")
CELL_COLUMNS, CELL_ROWS = 9, 7          # slot row*9+column of an instance painting: where in the picture the object's centre lies
BACKGROUND = CELL_COLUMNS * CELL_ROWS   # the last slot: no object of the class that was asked for
RATIO_RANGE = 1.7
MAX_DEPTH = 25.0                        # metres: a support plane farther away counts as unknown
GROUND = 16                             # hat functions over the same range: where the known support plane lies in a pixel's ray
NORMAL_CONCENTRATION = 24.0
IMAGE_MEAN = (0.485, 0.456, 0.406)
IMAGE_STD = (0.229, 0.224, 0.225)
# A blend of class colours may be the colour of a third class: classes are painted nearly pure, cells less so. A depth between two surfaces is that of neither.
SHARPNESS = {DEPTH: 1.5, LABELS: 8.0, INSTANCES: 4.0}
STUDENT_TIME = 1.0                      # pure noise: nothing of the answer is known, so the noise may as well be zero


def ratios():
    """log(d / s) of the depth slots."""
    return torch.linspace(-RATIO_RANGE, RATIO_RANGE, SLOTS)


def walk_position(depth):
    """Metres to the position u on the colour walk (Barron's power transform, lambda = -3, c = 10/3)."""
    return 1.0 - (1.0 + depth / 10.0) ** -2


def depth_from_walk(u):
    return 10.0 * (np.maximum(1.0 - u, 1e-6) ** -0.5 - 1.0)


def rainbow():
    """The colour map of the paper sampled at u = k/63; the seven corners fall on samples."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 1, 1]], np.float32)
    at = np.arange(SLOTS) / 9.0
    segment = np.minimum(at.astype(int), 6)
    part = (at - segment)[:, None].astype(np.float32)
    return corners[segment] * (1 - part) + corners[segment + 1] * part


def directions():
    """64 unit vectors over the visible hemisphere and a little beyond: a golden spiral, x right, y up, z to the viewer."""
    k = np.arange(SLOTS) + 0.5
    z = 1.0 - k / SLOTS * 1.15
    radius = np.sqrt(np.maximum(0.0, 1.0 - z * z))
    angle = k * math.pi * (3.0 - math.sqrt(5.0))
    out = np.stack([radius * np.cos(angle), radius * np.sin(angle), z], 1)
    return (out / np.linalg.norm(out, axis=1, keepdims=True)).round(6).astype(np.float32)


def normal_palette():
    d = directions()
    return np.clip(np.stack([(1 - d[:, 0]) / 2, (1 + d[:, 1]) / 2, (1 + d[:, 2]) / 2], 1), 0, 1).astype(np.float32)


def class_palette(colours, background=(0.0, 0.0, 0.0)):
    """colours: rows of RGB in [0,1] for the first classes; every slot without one is background."""
    out = np.tile(np.asarray(background, np.float32), (SLOTS, 1))
    out[: len(colours)] = colours
    return out


def places(height, width):
    """Where a pixel lies among the cells of an instance painting: one hat function for each column and row, [columns + rows, height, width]."""
    def hats(size, cells):
        at = (torch.arange(size) + 0.5) / size * cells - 0.5
        return F.relu(1.0 - (at[None] - torch.arange(cells)[:, None]).abs())

    across = hats(width, CELL_COLUMNS)[:, None].expand(-1, height, -1)
    along = hats(height, CELL_ROWS)[:, :, None].expand(-1, -1, width)
    return torch.cat([across, along])


def map_colours(palette, position):
    """Linear interpolation of a colour map [B,64,3] at positions [B,K] in [0,1], from plain operators only."""
    grid = torch.arange(SLOTS, dtype=position.dtype, device=position.device)
    hats = F.relu(1.0 - (position.unsqueeze(-1) * (SLOTS - 1) - grid).abs())
    return hats @ palette


def support_plane(geometry):
    """Logarithm of the depth of the known support plane and whether it is known, both [B,1,H/2,W/2], from the geometry channels."""
    half = F.avg_pool2d(geometry[:, :2], 2, count_include_pad=False)        # with it the exported graph would pad by nothing first
    return -half[:, :1].clamp_min(1.0 / MAX_DEPTH).log(), F.relu(half[:, 1:] * 4.0 - 3.0)


def what_is_told(geometry, log_scale):
    """
    What the robot knows at every feature, [B,GROUND+3,H/2,W/2]: the support plane's place on the ray, relative to the picture's scale, as hat
    functions; and the up vector. Zeros where nothing is known.
    """
    log_depth, known = support_plane(geometry)
    ratio = (log_depth - log_scale.reshape(-1, 1, 1, 1)) * ((GROUND - 1) / (2.0 * RATIO_RANGE)) + (GROUND - 1) / 2.0
    grid = torch.arange(GROUND, dtype=torch.float32).reshape(1, -1, 1, 1)
    ground = F.relu(1.0 - (ratio.clamp(0.0, GROUND - 1.0) - grid).abs()) * known
    return torch.cat([ground, geometry[:, 2:, ::2, ::2]], 1)


def normal_targets(normal):
    """Soft slots [...,64] for unit normals [...,3] in the paper's frame: their expectation points the same way."""
    table = torch.from_numpy(directions()).to(normal)
    return F.softmax(NORMAL_CONCENTRATION * normal @ table.T, -1)
