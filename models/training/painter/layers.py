# SPDX-License-Identifier: Apache-2.0
"""The layers that painters are built of."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from painter.palettes import GENERATE


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
        self.reset()

    def reset(self):
        """As it was before it learned: an error of 0.2 everywhere."""
        self.first.reset_parameters()
        for layer in (self.second, self.whole):
            nn.init.zeros_(layer.weight)
            nn.init.constant_(layer.bias, math.log(0.2))

    @staticmethod
    def pooled(features):
        """What the whole picture is judged by."""
        return torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)

    def forward(self, features):
        """Logarithms of both errors: shape [B,1,H,W], scale [B,1]."""
        shape = F.pixel_shuffle(self.second(F.relu(self.first(features))), 2)
        return shape, self.whole(self.pooled(features))

    def confidence(self, features):
        """exp(-3 e) of the expected error e of log depth, [B,1,H,W]."""
        shape, scale = self(features)
        return torch.exp(torch.sqrt(torch.exp(shape * 2.0) + torch.exp(scale * 2.0).reshape(-1, 1, 1, 1)) * -3.0)
