# SPDX-License-Identifier: Apache-2.0
"""The student as it ships: batch norms folded, time and noise gone, T instructions on one trunk by batched matrix products."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

from painter.layers import Block
from painter.network import Painter
from painter.palettes import CELL_COLUMNS, CELL_ROWS, DEPTH, INSTANCES, LABELS, SHARPNESS, SLOTS, STUDENT_TIME, TASKS, ratios, what_is_told


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
    """What both exported forms share: everything after the encoder."""

    def __init__(self, painter):
        super().__init__()
        p = painter.eval()
        self.config = p.config
        self.level3 = self._blocks(p.level3)
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

    def encode(self, image, geometry):
        """Features at 1/2, 1/4, 1/8 and 1/16 of the picture."""
        raise NotImplementedError

    def at_half(self, y, geometry):
        return y

    def forward(self, image, palette, task, focal_ratio, geometry):
        c = self.config
        h, w = c.height // 2, c.width // 2
        x0, x1, x2, x3 = self.encode(image, geometry)
        x3 = self.attention(self.level3(x3) + self.position)
        hidden = self.context(torch.cat([x3.mean((2, 3)), x3.amax((2, 3))], 1))
        log_scale = self.log_scale(hidden, geometry)                                            # [1]
        up = self.tilt(hidden)
        up = up / torch.sqrt((up * up).sum(1, keepdim=True) + 1e-8)                             # [1,3]
        x3 = F.relu(x3 + self.context_out(hidden).reshape(1, -1, 1, 1))
        y = self.fuse2(F.relu(F.interpolate(self.up2(x3), scale_factor=2.0, mode="nearest") + self.skip2(x2)))
        y = self.fuse1(F.relu(F.interpolate(self.up1(y), scale_factor=2.0, mode="nearest") + self.skip1(x1)))
        y = F.relu(self.at_half(F.interpolate(self.up0(y), scale_factor=2.0, mode="nearest") + self.skip0(x0), geometry))
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


class PlainEdge(Edge):
    """painter-s."""

    def __init__(self, painter):
        super().__init__(painter)
        p = painter
        with torch.no_grad():
            extra = [e[0, :, 0, 0] for e in p.condition(torch.full((1,), STUDENT_TIME), torch.zeros(1, dtype=torch.long))]
        stem = nn.Conv2d(8, p.config.channels[0], 3, 2, 1, bias=False)
        stem.weight.data.copy_(torch.cat([p.stem_image.weight, p.stem_geometry.weight], 1).detach())
        self.stem = folded(nn.Sequential(stem, p.stem_norm))
        self.stem.bias.data += extra[0]
        self.down1, self.down2, self.down3 = folded(p.down1), folded(p.down2), folded(p.down3)
        for layer, bias in ((self.down1, extra[1]), (self.down2, extra[2]), (self.down3, extra[3])):
            layer.bias.data += bias
        self.level0, self.level1, self.level2 = (self._blocks(x) for x in (p.level0, p.level1, p.level2))

    def encode(self, image, geometry):
        x0 = self.level0(F.relu(self.stem(torch.cat([image, geometry], 1))))
        x1 = self.level1(F.relu(self.down1(x0)))
        x2 = self.level2(F.relu(self.down2(x1)))
        return x0, x1, x2, F.relu(self.down3(x2))
