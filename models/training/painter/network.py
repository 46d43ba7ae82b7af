# SPDX-License-Identifier: Apache-2.0
"""The painter: one network that answers an instruction with a picture.

Two forms share every weight:

* the **generator** (stages `pretrain` and `tune`) sees a noisy answer, a time and the instruction, and predicts the clean answer;
* the **student** (stage `distill`) sees no noise, so one step is the whole answer; `export` drops the unused inputs.

`Painter` is what follows an encoder; `PlainPainter` (painter-s) has an encoder of its own, `painter.resnet` that of painter-m.
"""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from painter.layers import Attention, Block, Condition, Doubt, conv
from painter.palettes import (CELL_COLUMNS, CELL_ROWS, DEPTH, GROUND, INSTANCES, LABELS, NORMALS, SHARPNESS, SLOTS, TASKS, map_colours, places, ratios,
                              support_plane, walk_position, what_is_told)


@dataclass
class Config:
    width: int = 192
    height: int = 144
    channels: tuple = (32, 64, 96, 192)     # at 1/2, 1/4, 1/8, 1/16 of the picture
    blocks: tuple = (0, 1, 2, 3)            # residual blocks of two 3x3 convolutions at each of them
    decoder: tuple = (40, 64, 96)           # channels of the way up, at 1/2, 1/4, 1/8
    head: int = 48                          # channels of the layer that belongs to one task
    attention: int = 2                      # attention blocks at 1/16
    classes: int = 17
    encoder: str = "plain"                  # or "resnet18": what sees the picture

    def as_dict(self):
        return asdict(self)


class Painter(nn.Module):
    """From the features of an encoder to the answers; how the encoder makes them is left to the classes below."""

    # Parts that older checkpoints lack: no painting changes until they have learned.
    LATER = ("doubt.", "position", "attention.", "tilt.", "told.", "above.", "lean.")

    def __init__(self, config):
        super().__init__()
        self.config = c = config
        w0, w1, w2, w3 = c.channels
        d0, d1, d2 = c.decoder
        self.level3 = nn.Sequential(*[Block(w3, 2 if i == 1 else 1) for i in range(c.blocks[3])])
        self.position = nn.Parameter(torch.zeros(1, w3, c.height // 16, c.width // 16))      # the camera is always the same: a place in the picture is a ray
        self.attention = nn.Sequential(*[Attention(w3) for _ in range(c.attention)])
        self.context = nn.Sequential(nn.Linear(2 * w3, w3), nn.ReLU())
        self.context_out = nn.Linear(w3, w3)
        self.scale = nn.Sequential(nn.Linear(w3, 64), nn.ReLU(), nn.Linear(64, 1))
        self.above = nn.Sequential(nn.Linear(w3 + 2, 64), nn.ReLU(), nn.Linear(64, 1))     # the scale over that of a known support plane
        self.tilt = nn.Linear(w3, 3)            # the up vector of the picture: who knows it knows how floors and tables lean
        self.up2 = conv(w3, d2, 1)
        self.skip2 = conv(w2, d2, 1)
        self.fuse2 = Block(d2)
        self.up1 = conv(d2, d1, 1)
        self.skip1 = conv(w1, d1, 1)
        self.fuse1 = Block(d1)
        self.up0 = conv(d1, d0, 1)
        self.skip0 = conv(w0, d0, 1)
        self.fuse0 = conv(d0, d0)
        # One layer and one sub-pixel classifier per task; slot k of sub-pixel p is row 64 p + k.
        self.head = nn.ModuleList(conv(d0, c.head, 1) for _ in TASKS)
        self.told = nn.ModuleList(nn.Conv2d(GROUND + 3, c.head, 1, bias=False) for _ in range(INSTANCES))      # what the robot knows, at the pixel
        self.lean = nn.ModuleList(nn.Linear(3, c.head, bias=False) for _ in range(INSTANCES))      # what the up vector says to every pixel
        self.slots = nn.ModuleList(nn.Conv2d(c.head, 4 * SLOTS, 1) for _ in TASKS)
        self.thing = nn.Embedding(c.classes, c.head)        # the class whose instances are asked for
        nn.init.zeros_(self.thing.weight)
        self.place = nn.Conv2d(CELL_COLUMNS + CELL_ROWS, c.head, 1, bias=False)     # instances alone need to know where a pixel lies
        nn.init.normal_(self.place.weight, std=0.1)
        self.register_buffer("places", places(c.height // 2, c.width // 2)[None], persistent=False)
        self.doubt = Doubt(d0)
        self.generate = nn.Sequential(conv(d0, c.head), nn.ReLU(), nn.Conv2d(c.head, 12, 1))
        unused = torch.zeros(SLOTS)
        unused[c.classes:] = -30.0
        self.register_buffer("label_mask", unused, persistent=False)
        self.register_buffer("ratios", ratios(), persistent=False)
        nn.init.constant_(self.scale[2].bias, math.log(2.5))
        for module in (self.above[2], *self.told, *self.lean):
            nn.init.zeros_(module.weight)
        nn.init.zeros_(self.above[2].bias)
        for module in self.slots:
            nn.init.normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)

    # ------------------------------------------------------------------------------------------ trunk

    def encode(self, image, geometry=None, noisy=None, time=None, task=None):
        """Features at 1/2, 1/4, 1/8 and 1/16 of the picture."""
        raise NotImplementedError

    def at_half(self, y, geometry):
        """What the geometry adds to the features at half resolution."""
        return y

    def trunk(self, image, geometry=None, noisy=None, time=None, task=None, grid=None):
        """
        Features at half resolution (all of them, or those of a `losses.Grid`), the predicted log scale of the picture and its predicted up
        vector [B,3].
        """
        return self.decode(self.encode(image, geometry, noisy, time, task), geometry, grid)

    def decode(self, levels, geometry=None, grid=None):
        """`trunk` from the features of `encode` on."""
        x0, x1, x2, x3 = levels
        x3 = self.attention(self.level3(x3) + self.position)
        whole = torch.cat([x3.mean((2, 3)), x3.amax((2, 3))], 1)
        hidden = self.context(whole)
        log_scale = self.log_scale(hidden, geometry)
        x3 = F.relu(x3 + self.context_out(hidden)[:, :, None, None])
        y = self.fuse2(F.relu(F.interpolate(self.up2(x3), scale_factor=2.0, mode="nearest") + self.skip2(x2)))
        y = self.fuse1(F.relu(F.interpolate(self.up1(y), scale_factor=2.0, mode="nearest") + self.skip1(x1)))
        y = F.interpolate(self.up0(y), scale_factor=2.0, mode="nearest") + self.skip0(x0)
        y = F.relu(self.at_half(y, geometry))
        last, norm = self.fuse0
        y = last(y) if grid is None else F.conv2d(grid.around(y), last.weight, stride=2)
        return F.relu(norm(y)), log_scale, F.normalize(self.tilt(hidden).float(), dim=-1, eps=1e-4)

    def log_scale(self, hidden, geometry):
        """Logarithm of the picture's mean depth [B]: guessed from the picture, or told relative to the support plane where that is known."""
        guess = self.scale(hidden)[:, 0]
        if geometry is None:
            return guess
        log_depth, known = support_plane(geometry)
        share = known.mean((1, 2, 3))
        plane = (log_depth * known).mean((1, 2, 3)) / share.clamp_min(1e-4)
        above = self.above(torch.cat([hidden, plane[:, None], share[:, None]], 1))[:, 0]
        is_known = (share * 100.0).clamp(max=1.0)
        return guess + is_known * (plane + above - guess)

    def task_features(self, features, task, thing=None, places=None, told=None, up=None):
        """
        The layer of one task; `thing` [B] is the class whose instances are asked for, `places` those of the features if they are not all there,
        `told` what the robot knows at them (`what_is_told`), `up` the predicted up vector.
        """
        x = self.head[task](features)
        if told is not None and task < INSTANCES:
            x = x + self.told[task](told)
        if up is not None and task < INSTANCES:
            x = x + self.lean[task](up)[:, :, None, None]
        if thing is None:
            return F.relu(x)
        return F.relu(x + self.thing(thing)[:, :, None, None] + self.place(self.places if places is None else places))

    def logits(self, hidden, task, phase):
        """Slot logits [B,h,w,64] at one of the four sub-pixel phases (row = phase // 2, column = phase % 2)."""
        layer = self.slots[task]
        rows = slice(phase * SLOTS, (phase + 1) * SLOTS)
        out = F.conv2d(hidden, layer.weight[rows].to(hidden.dtype), layer.bias[rows].to(hidden.dtype)).permute(0, 2, 3, 1).float()
        return out + self.label_mask if task == LABELS else out

    def slot_colours(self, palette, task, log_scale, focal_ratio=1.0):
        """Colours [B,64,3] of the slots of a task, from its palette [B,64,3]."""
        if task != DEPTH:
            return palette
        depth = torch.exp(self.ratios[None] + log_scale[:, None].float()) * focal_ratio
        return map_colours(palette, walk_position(depth))

    def generated(self, features):
        """The clean picture [B,3,H,W] that the generator predicts, in [-1,1]."""
        return F.pixel_shuffle(self.generate(features).float(), 2)

    def predict(self, image, geometry=None, tasks=(DEPTH, LABELS, NORMALS), noisy=None, time=None, task=None, thing=None):
        """Everything at full resolution, for evaluation: log scale, slot probabilities [B,H,W,64] by task, confidence of the depth [B,H,W]."""
        features, log_scale, up = self.trunk(image, geometry, noisy, time, task)
        told = None if geometry is None else what_is_told(geometry, log_scale)
        out = {}
        for t in tasks:
            hidden = self.task_features(features, t, thing if t == INSTANCES else None, told=told, up=up)
            phases = torch.stack([self.logits(hidden, t, p) for p in range(4)], 3)
            b, h, w, _, k = phases.shape
            full = phases.reshape(b, h, w, 2, 2, k).permute(0, 1, 3, 2, 4, 5).reshape(b, 2 * h, 2 * w, k)
            out[t] = F.softmax(full * SHARPNESS.get(t, 1.0), -1)
        return log_scale.float(), out, self.doubt.confidence(features)[:, 0]


class PlainPainter(Painter):
    """painter-s: a small encoder of its own, which sees picture, noise and geometry alike."""

    def __init__(self, config=None):
        config = config or Config()
        super().__init__(config)
        w0, w1, w2, w3 = config.channels
        self.stem_image = nn.Conv2d(3, w0, 3, 2, 1, bias=False)
        self.stem_geometry = nn.Conv2d(5, w0, 3, 2, 1, bias=False)
        self.stem_noisy = nn.Conv2d(3, w0, 3, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(w0)
        self.level0 = nn.Sequential(*[Block(w0) for _ in range(config.blocks[0])])
        self.down1 = conv(w0, w1, stride=2)
        self.level1 = nn.Sequential(*[Block(w1) for _ in range(config.blocks[1])])
        self.down2 = conv(w1, w2, stride=2)
        self.level2 = nn.Sequential(*[Block(w2) for _ in range(config.blocks[2])])
        self.down3 = conv(w2, w3, stride=2)
        self.condition = Condition(config.channels)

    def encode(self, image, geometry=None, noisy=None, time=None, task=None):
        x = self.stem_image(image)
        if geometry is not None:
            x = x + self.stem_geometry(geometry)
        if noisy is not None:
            x = x + self.stem_noisy(noisy)
        extra = [0.0] * 4 if time is None else self.condition(time, task)
        x0 = self.level0(F.relu(self.stem_norm(x) + extra[0]))
        x1 = self.level1(F.relu(self.down1(x0) + extra[1]))
        x2 = self.level2(F.relu(self.down2(x1) + extra[2]))
        return x0, x1, x2, F.relu(self.down3(x2) + extra[3])


def parameters_millions(module):
    return sum(p.numel() for p in module.parameters()) / 1e6
