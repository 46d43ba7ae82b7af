# SPDX-License-Identifier: Apache-2.0
"""painter-m: the painter on a ResNet-18 that has seen ImageNet's photographs (stage `imagenet` brings its weights)."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

from painter.edge import Edge, folded
from painter.layers import Condition, conv
from painter.network import Config, Painter
from painter.palettes import IMAGE_MEAN, IMAGE_STD

CHANNELS = (64, 64, 128, 192)       # of the encoder at 1/2, 1/4, 1/8; of the joined features at 1/16


class Basic(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = conv(inputs, outputs, stride=stride)
        self.second = conv(outputs, outputs)
        self.short = conv(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else None

    def forward(self, x):
        y = self.second(F.relu(self.first(x)))
        return F.relu(y + (x if self.short is None else self.short(x)))


class Encoder(nn.Module):
    """64 channels at 1/2 and 1/4, 128 at 1/8, 256 at 1/16, 512 at 1/32; two blocks each. ImageNet's file has a third one at 1/32."""

    WIDTHS, STRIDES = (64, 128, 256, 512), (1, 2, 2, 2)

    def __init__(self):
        super().__init__()
        self.stem = conv(3, 64, 7, 2)
        before = 64
        for number, (width, stride) in enumerate(zip(self.WIDTHS, self.STRIDES), 1):
            setattr(self, f"layer{number}", nn.Sequential(Basic(before, width, stride), Basic(width, width)))
            before = width
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, image, still=False):
        """Features at 1/2 to 1/32; `still`: nothing up to 1/4 learns."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and not still):
            x0 = F.relu(self.stem(image))
            x1 = self.layer1(F.max_pool2d(x0, 3, 2, 1))
        x2 = self.layer2(x1)
        x3 = self.layer3(x2)
        return x0, x1, x2, x3, self.layer4(x3)


class ResNetPainter(Painter):
    """The encoder sees the picture alone: geometry, time and instruction join behind it."""

    LATER = Painter.LATER + ("condition.", "generate.")

    def __init__(self, config=None):
        config = config or Config(channels=CHANNELS, blocks=(0, 0, 0, 1), encoder="resnet18")
        super().__init__(config)
        d0, w3 = config.decoder[0], config.channels[3]
        self.encoder = Encoder()
        self.stem_geometry = nn.Conv2d(5, d0, 3, 2, 1, bias=False)
        self.join3 = conv(Encoder.WIDTHS[2], w3, 1)
        self.join4 = conv(Encoder.WIDTHS[3], w3, 1)
        self.join_geometry = nn.Conv2d(5, w3, 1, bias=False)
        self.condition = Condition((w3,))
        for module in (self.stem_geometry, self.join_geometry):
            nn.init.zeros_(module.weight)
        self.frozen = False         # ImageNet's statistics stay, and the weights up to 1/4

    def freeze(self):
        """Keeps what photographs taught: all statistics of the encoder, and its weights up to 1/4."""
        self.frozen = True
        for part in (self.encoder.stem, self.encoder.layer1):
            for parameter in part.parameters():
                parameter.requires_grad_(False)
        return self.train(self.training)

    def train(self, mode=True):
        super().train(mode)
        if self.frozen:
            self.encoder.eval()
        return self

    def join(self, features, geometry=None, time=None, task=None):
        """The encoder's five levels as the four that `decode` wants."""
        x0, x1, x2, x3, x4 = features
        y = self.join3(x3)
        y = y + F.interpolate(self.join4(x4), scale_factor=2.0, mode="nearest")[:, :, :x3.shape[2], :x3.shape[3]]
        if geometry is not None:
            y = y + self.join_geometry(F.avg_pool2d(geometry, 16, count_include_pad=False))
        if time is not None:
            y = y + self.condition(time, task)[0]
        return x0, x1, x2, F.relu(y)

    def encode(self, image, geometry=None, noisy=None, time=None, task=None):
        """A generator's noisy picture [-1,1] takes the place of the picture; a student has neither noise nor time."""
        if noisy is None:
            return self.join(self.encoder(image, self.frozen), geometry)
        mean, std = (torch.tensor(v)[:, None, None] for v in (IMAGE_MEAN, IMAGE_STD))
        return self.join(self.encoder((noisy * 0.5 + 0.5 - mean) / std, self.frozen), geometry, time, task)

    def at_half(self, y, geometry):
        return y if geometry is None else y + self.stem_geometry(geometry)


class Memory:
    """The encoder as ImageNet left it, to stay near to. It shares what never changes (up to 1/4) with the encoder that learns."""

    def __init__(self, encoder):
        self.layers = [copy.deepcopy(layer).eval().requires_grad_(False).to(memory_format=torch.channels_last)
                       for layer in (encoder.layer2, encoder.layer3, encoder.layer4)]

    def to(self, device):
        self.layers = [layer.to(device) for layer in self.layers]
        return self

    @torch.no_grad()
    def features(self, x1):
        out = []
        for layer in self.layers:
            x1 = layer(x1)
            out.append(x1)
        return out

    def distance(self, features):
        """Mean of 1 - cosine between both encoders' features at 1/8, 1/16 and 1/32, at each place."""
        _, x1, *mine = features
        apart = [(1 - F.cosine_similarity(a.float(), b.float(), dim=1)).mean() for a, b in zip(mine, self.features(x1))]
        return sum(apart) / len(apart)


class ResNetEdge(Edge):
    """The exported form of painter-m."""

    def __init__(self, painter):
        super().__init__(painter)
        encoder = copy.deepcopy(painter.encoder)
        self.stem = folded(encoder.stem)
        for number in range(1, 5):
            layer = getattr(encoder, f"layer{number}")
            for block in layer:
                block.first, block.second = folded(block.first), folded(block.second)
                if block.short is not None:
                    block.short = folded(block.short)
            setattr(self, f"layer{number}", layer)
        self.join3, self.join4 = folded(painter.join3), folded(painter.join4)
        self.join_geometry, self.stem_geometry = painter.join_geometry, painter.stem_geometry

    def encode(self, image, geometry):
        x0 = F.relu(self.stem(image))
        x1 = self.layer1(F.max_pool2d(x0, 3, 2, 1))
        x2 = self.layer2(x1)
        x3 = self.layer3(x2)
        y = self.join3(x3) + F.interpolate(self.join4(self.layer4(x3)), scale_factor=2.0, mode="nearest")[
            :, :, :self.config.height // 16, :self.config.width // 16]
        return x0, x1, x2, F.relu(y + self.join_geometry(F.avg_pool2d(geometry, 16, count_include_pad=False)))

    def at_half(self, y, geometry):
        return y + self.stem_geometry(geometry)
