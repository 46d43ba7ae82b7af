# SPDX-License-Identifier: Apache-2.0
"""Painters by size, and painters from checkpoints."""
import torch

from painter import picture
from painter.edge import PlainEdge
from painter.network import Config, PlainPainter
from painter.resnet import CHANNELS, ResNetEdge, ResNetPainter

SIZES = {"s": {}, "m": {"channels": CHANNELS, "blocks": (0, 0, 0, 1), "encoder": "resnet18"}}
NETWORKS = {"plain": PlainPainter, "resnet18": ResNetPainter}
EDGES = {"plain": PlainEdge, "resnet18": ResNetEdge}


def new_painter(size, width=None):
    """A painter of a size ("s" or "m") with random weights."""
    width = width or picture.WIDTH
    config = Config(width=width, height=width * 3 // 4, **SIZES[size])
    return NETWORKS[config.encoder](config)


def edge_of(painter):
    """The exported form of a painter."""
    return EDGES[painter.config.encoder](painter).eval()


def config_of(state):
    """The configuration in a checkpoint; the earliest do not tell their encoder, but have its weights."""
    told = dict(state["config"])
    told.setdefault("encoder", "resnet18" if any(k.startswith("encoder.") for k in state["model"]) else "plain")
    return Config(**told)


def load_painter(path, average=True):
    """A painter from a checkpoint: the moving average of its weights, or the weights themselves."""
    state = torch.load(path, map_location="cpu")
    config = config_of(state)
    picture.set_width(config.width)
    painter = NETWORKS[config.encoder](config)
    weights = {k: v.float() if v.dtype == torch.float16 else v for k, v in state["average" if average and "average" in state else "model"].items()}
    missing, unexpected = painter.load_state_dict(weights, strict=False)
    if unexpected or any(not name.startswith(painter.LATER) for name in missing):
        raise ValueError(f"{path} is not a checkpoint of this network: {missing + unexpected}")
    return painter
