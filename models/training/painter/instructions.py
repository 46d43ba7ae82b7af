# SPDX-License-Identifier: Apache-2.0
"""Instructions as they are given: colour maps, colours of classes and of instances; and the true answer to one."""
import cv2
import numpy as np
import torch

from painter import losses, palettes
from worlds import classes


def colour_maps():
    """64 samples of each colour map that an instruction may name."""
    ramp = np.linspace(0, 255, palettes.SLOTS).round().astype(np.uint8)[:, None]
    maps = [palettes.rainbow(), np.repeat(ramp / 255.0, 3, 1).astype(np.float32)]
    for name in ("PLASMA", "INFERNO", "VIRIDIS"):
        maps.append(cv2.applyColorMap(ramp, getattr(cv2, "COLORMAP_" + name))[:, 0, ::-1].astype(np.float32) / 255.0)
    return torch.from_numpy(np.stack(maps))


def random_palettes(count, rng):
    """Depth and label palettes as instructions ask for them: named ones mostly, now and then anything."""
    maps = colour_maps()
    named = palettes.class_palette(np.asarray(classes.COLOURS, np.float32) / 255.0, (0.5, 0.5, 0.5))
    depth, labels = [], []
    for _ in range(count):
        depth.append(maps[0] if rng.random() < 0.6 else maps[rng.integers(len(maps))])
        if rng.random() < 0.6:
            labels.append(torch.from_numpy(named))
        else:
            colours = rng.random((len(classes.COLOURS), 3)).astype(np.float32)
            background = rng.random(3).astype(np.float32)
            colours[rng.random(len(colours)) < 0.3] = background
            labels.append(torch.from_numpy(palettes.class_palette(colours, background)))
    return torch.stack(depth), torch.stack(labels)


def look_up(palette, position):
    """map_colours for whole pictures: [B,64,3] at [B,H,W]."""
    b, h, w = position.shape
    at = (position.clamp(0, 1) * (palettes.SLOTS - 1)).reshape(b, h * w)
    low = at.floor().clamp(max=palettes.SLOTS - 2)
    part = (at - low).unsqueeze(-1)
    index = low.long().unsqueeze(-1).expand(-1, -1, 3)
    return (palette.gather(1, index) * (1 - part) + palette.gather(1, index + 1) * part).reshape(b, h, w, 3)


def random_instance_palette(rng):
    """One colour for each cell of the picture, none near the background, and the background in the last slot."""
    steps = np.linspace(0, 1, 4)
    lattice = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(-1, 3).astype(np.float32)
    order = rng.permutation(len(lattice))
    return torch.from_numpy(lattice[order])


def paint_truth(truth, task, depth_palette, label_palette, instance_palette, thing):
    """The clean answer [B,3,H,W] in [-1,1] for one instruction per picture."""
    far = torch.where(truth.valid > 0, truth.depth, torch.full_like(truth.depth, 60.0))
    depth = look_up(depth_palette, palettes.walk_position(far))
    b, h, w = truth.label.shape
    label = truth.label.long().clamp(max=palettes.SLOTS - 1).reshape(b, h * w, 1).expand(-1, -1, 3)
    labels = label_palette.gather(1, label).reshape(b, h, w, 3)
    normals = truth.normal * torch.tensor([-0.5, 0.5, 0.5]) + 0.5
    asked = (truth.label == thing[:, None, None]) & (truth.cell < palettes.BACKGROUND)
    instances = instance_palette[torch.where(asked, truth.cell.long(), palettes.BACKGROUND)]
    answers = torch.stack([depth, labels, normals, instances])
    out = answers[task, torch.arange(b)]
    return out.permute(0, 3, 1, 2) * 2 - 1


def adopt(painter):
    """The generator has only seen pictures as noisy ones: its eyes for the instruction's picture start from the same filters."""
    std = torch.tensor(palettes.IMAGE_STD)
    with torch.no_grad():
        painter.stem_image.weight.copy_(painter.stem_noisy.weight * (2 * std)[None, :, None, None])


def subset(truth, chosen):
    out = object.__new__(losses.Truth)
    for key, value in vars(truth).items():
        setattr(out, key, value[chosen])
    return out
