# SPDX-License-Identifier: Apache-2.0
"""The painter: one network that answers an instruction with a picture.

Two forms share every weight of the trunk:

* the **generator** (stages `pretrain` and `tune`) sees a noisy answer, a time and the instruction, and predicts the clean answer;
* the **student** (stage `distill`) sees no noise, so one step is the whole answer; `export` drops the unused inputs.

Every labelled task is painted with a palette: softmax over 64 slots per pixel, times the colours of the slots.
Depth slots are ratios to one predicted scale, so that scale and camera enter through the colours and never through the weights.
"""
import copy
import math
from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn as nn
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
SHARPNESS = {LABELS: 8.0, INSTANCES: 4.0}   # a blend of class colours may be the colour of a third class: classes are painted nearly pure, cells less so
STUDENT_TIME = 1.0                      # pure noise: nothing of the answer is known, so the noise may as well be zero


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

    def as_dict(self):
        return asdict(self)


# ---------------------------------------------------------------------------------------------- palettes and directions

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


# ---------------------------------------------------------------------------------------------- layers

def conv(inputs, outputs, kernel=3, stride=1, dilation=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, dilation * (kernel // 2), dilation, bias=False),
        nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self, channels, dilation=1):
        super().__init__()
        self.first = conv(channels, channels)
        self.second = conv(channels, channels, dilation=dilation)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class Attention(nn.Module):
    """Every part of the coarsest picture looks at every other one: slant, height and scale are told by the whole view. Adds nothing at first."""

    HEADS, KEY, VALUE = 4, 16, 32

    def __init__(self, channels):
        super().__init__()
        self.look = conv(channels, self.HEADS * (2 * self.KEY + self.VALUE), 1)
        self.out = nn.Conv2d(self.HEADS * self.VALUE, channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        b, _, h, w = x.shape
        query, key, value = self.look(x).reshape(b, self.HEADS, -1, h * w).split((self.KEY, self.KEY, self.VALUE), 2)
        share = F.softmax(query.transpose(2, 3) @ key * self.KEY ** -0.5, -1)           # [B,heads,hw,hw]
        seen = value @ share.transpose(2, 3)
        return x + self.out(seen.reshape(b, self.HEADS * self.VALUE, h, w))


class Condition(nn.Module):
    """Time and instruction of the generator as one added vector per stage; a constant for the student, folded at export."""

    def __init__(self, widths):
        super().__init__()
        self.task = nn.Embedding(GENERATE + 1, 64)
        self.time = nn.Linear(32, 64)
        self.out = nn.ModuleList(nn.Linear(64, w) for w in widths)
        for layer in self.out:
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, time, task):
        frequency = torch.exp(torch.arange(16, dtype=torch.float32) * (-math.log(1000.0) / 15)) * 100.0
        angle = time[:, None] * frequency[None]
        hidden = F.relu(self.time(torch.cat([angle.sin(), angle.cos()], 1)) + self.task(task))
        return [layer(hidden)[:, :, None, None] for layer in self.out]


class Doubt(nn.Module):
    """How wrong the depth may be: the expected |error| of log depth, of the shape at each pixel and of the scale for the picture."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, 24, 1)
        self.second = nn.Conv2d(24, 4, 1)
        self.whole = nn.Linear(2 * channels, 1)
        for layer in (self.second, self.whole):
            nn.init.zeros_(layer.weight)
            nn.init.constant_(layer.bias, math.log(0.2))

    def forward(self, features):
        """Logarithms of both errors: shape [B,1,H,W], scale [B,1]."""
        shape = F.pixel_shuffle(self.second(F.relu(self.first(features))), 2)
        return shape, self.whole(torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1))

    def confidence(self, features):
        """exp(-3 e) of the expected error e of log depth, [B,1,H,W]."""
        shape, scale = self(features)
        return torch.exp(torch.sqrt(torch.exp(shape * 2.0) + torch.exp(scale * 2.0).reshape(-1, 1, 1, 1)) * -3.0)


class Painter(nn.Module):
    LATER = ("doubt.", "position", "attention.", "tilt.", "told.", "above.", "lean.")        # parts that older checkpoints lack: no painting changes until they have learned

    def __init__(self, config=None):
        super().__init__()
        self.config = c = config or Config()
        w0, w1, w2, w3 = c.channels
        d0, d1, d2 = c.decoder
        self.stem_image = nn.Conv2d(3, w0, 3, 2, 1, bias=False)
        self.stem_geometry = nn.Conv2d(5, w0, 3, 2, 1, bias=False)
        self.stem_noisy = nn.Conv2d(3, w0, 3, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(w0)
        self.level0 = nn.Sequential(*[Block(w0) for _ in range(c.blocks[0])])
        self.down1 = conv(w0, w1, stride=2)
        self.level1 = nn.Sequential(*[Block(w1) for _ in range(c.blocks[1])])
        self.down2 = conv(w1, w2, stride=2)
        self.level2 = nn.Sequential(*[Block(w2) for _ in range(c.blocks[2])])
        self.down3 = conv(w2, w3, stride=2)
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
        self.condition = Condition((w0, w1, w2, w3))
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

    def trunk(self, image, geometry=None, noisy=None, time=None, task=None, grid=None):
        """
        Features at half resolution (all of them, or those of a `losses.Grid`), the predicted log scale of the picture and its predicted up
        vector [B,3].
        """
        x = self.stem_image(image)
        if geometry is not None:
            x = x + self.stem_geometry(geometry)
        if noisy is not None:
            x = x + self.stem_noisy(noisy)
        extra = [0.0] * 4
        if time is not None:
            extra = self.condition(time, task)
        x0 = self.level0(F.relu(self.stem_norm(x) + extra[0]))
        x1 = self.level1(F.relu(self.down1(x0) + extra[1]))
        x2 = self.level2(F.relu(self.down2(x1) + extra[2]))
        x3 = self.attention(self.level3(F.relu(self.down3(x2) + extra[3])) + self.position)
        whole = torch.cat([x3.mean((2, 3)), x3.amax((2, 3))], 1)
        hidden = self.context(whole)
        log_scale = self.log_scale(hidden, geometry)
        x3 = F.relu(x3 + self.context_out(hidden)[:, :, None, None])
        y = self.fuse2(F.relu(F.interpolate(self.up2(x3), scale_factor=2.0, mode="nearest") + self.skip2(x2)))
        y = self.fuse1(F.relu(F.interpolate(self.up1(y), scale_factor=2.0, mode="nearest") + self.skip1(x1)))
        y = F.relu(F.interpolate(self.up0(y), scale_factor=2.0, mode="nearest") + self.skip0(x0))
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


def normal_targets(normal):
    """Soft slots [...,64] for unit normals [...,3] in the paper's frame: their expectation points the same way."""
    table = torch.from_numpy(directions()).to(normal)
    return F.softmax(NORMAL_CONCENTRATION * normal @ table.T, -1)


def parameters_millions(module):
    return sum(p.numel() for p in module.parameters()) / 1e6


# ---------------------------------------------------------------------------------------------- the exported form

def fold(convolution, norm):
    """Weight and bias of a convolution with its batch norm folded in."""
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weight = convolution.weight * factor[:, None, None, None]
    bias = norm.bias - norm.running_mean * factor
    if convolution.bias is not None:
        bias = bias + convolution.bias * factor
    return weight.detach(), bias.detach()


def folded(sequence):
    convolution, norm = sequence[0], sequence[1]
    out = nn.Conv2d(convolution.in_channels, convolution.out_channels, convolution.kernel_size, convolution.stride,
                    convolution.padding, convolution.dilation)
    weight, bias = fold(convolution, norm)
    out.weight.data.copy_(weight)
    out.bias.data.copy_(bias)
    return out


class Edge(nn.Module):
    """The student as it ships: batch norms folded, time and noise gone, T instructions on one trunk."""

    def __init__(self, painter):
        super().__init__()
        p = painter.eval()
        self.config = p.config
        task = torch.zeros(1, dtype=torch.long)
        with torch.no_grad():
            extra = [e[0, :, 0, 0] for e in p.condition(torch.full((1,), STUDENT_TIME), task)]
        stem = nn.Conv2d(8, p.config.channels[0], 3, 2, 1, bias=False)
        stem.weight.data.copy_(torch.cat([p.stem_image.weight, p.stem_geometry.weight], 1).detach())
        self.stem = folded(nn.Sequential(stem, p.stem_norm))
        self.stem.bias.data += extra[0]
        self.down1, self.down2, self.down3 = folded(p.down1), folded(p.down2), folded(p.down3)
        for layer, bias in ((self.down1, extra[1]), (self.down2, extra[2]), (self.down3, extra[3])):
            layer.bias.data += bias
        self.level0, self.level1, self.level2, self.level3 = (self._blocks(x) for x in (p.level0, p.level1, p.level2, p.level3))
        self.attention = copy.deepcopy(p.attention)
        for block in self.attention:
            block.look = folded(block.look)
        self.register_buffer("position", p.position.detach())
        self.context, self.context_out, self.scale, self.above, self.tilt, self.doubt = p.context, p.context_out, p.scale, p.above, p.tilt, p.doubt
        for name in ("up2", "skip2", "up1", "skip1", "up0", "skip0", "fuse0"):
            setattr(self, name, folded(getattr(p, name)))
        self.fuse2, self.fuse1 = self._block(p.fuse2), self._block(p.fuse1)
        first = [fold(h[0], h[1]) for h in p.head]
        bias = [s.bias.detach().clone() for s in p.slots]
        bias[LABELS] = bias[LABELS] + p.label_mask.repeat(4)
        # One hidden channel is always 1 and carries the slots' biases: no pass over the logits just to add them.
        biases = [b for _, b in first[:INSTANCES]] + [first[INSTANCES][1] + t for t in p.thing.weight.detach()]
        # Where a pixel lies is a constant beside its features, and read by the instances alone; what is told is read by the others.
        place = [torch.zeros_like(p.place.weight)] * INSTANCES + [p.place.weight.detach()]
        told = [t.weight.detach() for t in p.told] + [torch.zeros_like(p.told[0].weight)]
        rows = [torch.cat([w, at, known], 1)[:, :, 0, 0].T for (w, _), at, known in zip(first, place, told)]
        # One row and one column of it: to repeat them costs less than a megabyte of file.
        self.register_buffer("across", p.places[:, :CELL_COLUMNS, :1].clone())                                               # [1,9,1,w]
        self.register_buffer("along", p.places[:, CELL_COLUMNS:, :, :1].clone())                                             # [1,7,h,1]
        self.register_buffer("first_weight", torch.stack([F.pad(r, (0, 1)) for r in rows]).contiguous())                     # [4,d0+16+19,head+1]
        self.register_buffer("first_bias", torch.stack([F.pad(b[None], (0, 1), value=1.0) for b in biases]).contiguous())    # [3+classes,1,head+1]
        lean = [w.weight.detach().T for w in p.lean] + [torch.zeros(3, p.config.head)]
        self.register_buffer("lean", torch.stack([F.pad(w, (0, 1)) for w in lean]).contiguous())                            # [4,3,head+1]
        slots = torch.stack([torch.cat([s.weight.detach()[:, :, 0, 0].T, b[None]]) for s, b in zip(p.slots, bias)])
        for index, sharpness in SHARPNESS.items():
            slots[index] *= sharpness
        slots = slots.reshape(len(TASKS), -1, 2, 2 * SLOTS).permute(0, 2, 1, 3)
        self.register_buffer("slot_weight", slots.contiguous())                                                              # [4,2,head+1,128]
        self.register_buffer("ratio", ratios()[None, :, None])                                                  # [1,64,1]
        self.register_buffer("grid", torch.arange(SLOTS, dtype=torch.float32)[None, None])

    @staticmethod
    def _block(block):
        out = Block(block.first[0].in_channels)
        out.first, out.second = folded(block.first), folded(block.second)
        return out

    log_scale = Painter.log_scale

    @classmethod
    def _blocks(cls, sequence):
        return nn.Sequential(*[cls._block(b) for b in sequence])

    def forward(self, image, palette, task, focal_ratio, geometry):
        c = self.config
        h, w = c.height // 2, c.width // 2
        x0 = self.level0(F.relu(self.stem(torch.cat([image, geometry], 1))))
        x1 = self.level1(F.relu(self.down1(x0)))
        x2 = self.level2(F.relu(self.down2(x1)))
        x3 = self.attention(self.level3(F.relu(self.down3(x2))) + self.position)
        hidden = self.context(torch.cat([x3.mean((2, 3)), x3.amax((2, 3))], 1))
        log_scale = self.log_scale(hidden, geometry)                                            # [1]
        up = self.tilt(hidden)
        up = up / torch.sqrt((up * up).sum(1, keepdim=True) + 1e-8)                             # [1,3]
        x3 = F.relu(x3 + self.context_out(hidden).reshape(1, -1, 1, 1))
        y = self.fuse2(F.relu(F.interpolate(self.up2(x3), scale_factor=2.0, mode="nearest") + self.skip2(x2)))
        y = self.fuse1(F.relu(F.interpolate(self.up1(y), scale_factor=2.0, mode="nearest") + self.skip1(x1)))
        y = F.relu(F.interpolate(self.up0(y), scale_factor=2.0, mode="nearest") + self.skip0(x0))
        y = F.relu(self.fuse0(y))
        places = torch.cat([self.across.expand(1, CELL_COLUMNS, h, w), self.along.expand(1, CELL_ROWS, h, w)], 1)
        seen = [x.reshape(1, -1, h * w) for x in (y, places, what_is_told(geometry, log_scale))]
        kind = task.clamp(max=INSTANCES)                                                        # instances of class c: task 3 + c
        bias = self.first_bias[task] + up @ self.lean[kind]                                     # [T,1,head+1]
        hidden = F.relu(self.first_weight[kind].transpose(1, 2) @ torch.cat(seen, 1) + bias.transpose(1, 2))                      # [T,head+1,hw]
        # The two sub-pixel rows apart: each comes out in raster order, so that little is left to rearrange.
        logits = hidden.unsqueeze(1).transpose(2, 3) @ self.slot_weight[kind]                   # [T,2,hw,128]
        chance = F.softmax(logits.reshape(-1, 4 * h * w, SLOTS), -1)                            # [T,4hw,64]
        depth = torch.exp(self.ratio) * (torch.exp(log_scale) * focal_ratio).reshape(1, 1, 1)                  # [1,64,1] metres
        nearness = 1.0 / (1.0 + depth * 0.1)
        position = 1.0 - nearness * nearness
        mapped = F.relu(1.0 - (position * (SLOTS - 1.0) - self.grid).abs()) @ palette           # [T,64,3]
        is_depth = (task == DEPTH).to(palette.dtype).reshape(-1, 1, 1)
        colours = mapped * is_depth + palette * (1.0 - is_depth)
        painting = self._raster(chance @ colours).clamp(0.0, 1.0)
        is_depth = is_depth.unsqueeze(3)
        sure = self.doubt.confidence(y) * is_depth + self._raster(chance.amax(2, keepdim=True)) * (1.0 - is_depth)
        return painting, sure

    def _raster(self, values):
        """[T,4hw,C], sub-pixel rows apart, to [T,C,H,W]."""
        c = self.config
        count = values.shape[2]
        rows = values.reshape(-1, 2, c.height // 2, c.width * count).transpose(1, 2)            # interleaved
        return rows.reshape(-1, c.height * c.width, count).transpose(1, 2).reshape(-1, count, c.height, c.width)
