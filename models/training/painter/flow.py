# SPDX-License-Identifier: Apache-2.0
"""Flow matching in pixel space: the straight path from a clean picture (time 0) to noise (time 1)."""
import torch


def noisy(clean, time):
    """Flow matching's straight path from the clean picture (time 0) to noise (time 1)."""
    t = time[:, None, None, None]
    return (1 - t) * clean + t * torch.randn_like(clean)


def random_times(count):
    return torch.sigmoid(torch.randn(count) * 1.2)


def flow_loss(predicted, clean, time):
    """Velocity error, written for a network that predicts the clean picture."""
    weight = 1.0 / time.clamp_min(0.25) ** 2
    return ((predicted - clean) ** 2).mean((1, 2, 3)).mul(weight).mean()
