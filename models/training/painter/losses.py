# SPDX-License-Identifier: Apache-2.0
"""Losses on what a painting decodes to."""
import numpy as np
import torch
import torch.nn.functional as F

from painter.palettes import BACKGROUND, DEPTH, INSTANCES, LABELS, NORMALS, RATIO_RANGE, SLOTS, directions, map_colours, normal_targets, walk_position


class Paint(torch.autograd.Function):
    """softmax, expectation and cross entropy in one pass: PyTorch's own log_softmax backward takes a third of the step.

    logits [B,N,64]; matrix [B,64,k] constant; target [B,N,64] weighted soft slots (its sum over slots is the pixel's weight).
    Returns the expectations [B,N,k] and the weighted cross entropy.
    """

    @staticmethod
    def forward(ctx, logits, matrix, target):
        chance = F.softmax(logits, -1)
        out = chance @ matrix
        weight = target.sum(-1, keepdim=True)
        total = float(weight.sum()) + 1e-6
        entropy = -(chance.clamp_min(1e-9).log() * target).sum() / total
        ctx.save_for_backward(chance, matrix, target, weight, out)
        ctx.total = total
        return out, entropy

    @staticmethod
    def backward(ctx, grad_out, grad_entropy):
        chance, matrix, target, weight, out = ctx.saved_tensors
        share = grad_entropy / ctx.total
        inner = grad_out @ matrix.transpose(1, 2)
        inner += weight * share - (grad_out * out).sum(-1, keepdim=True)
        inner *= chance
        inner -= target * share
        return inner, None, None


class Grid:
    """Every fourth pixel of every fourth row, from a random one on: a step learns from these. Their neighbours would say nearly the same."""

    STEP = 4

    def __init__(self, rng):
        self.row, self.column = (int(n) for n in rng.integers(self.STEP, size=2))

    def of_picture(self, tensor):
        """[B,H,W,...] to [B,H/4,W/4,...]."""
        return tensor[:, self.row::self.STEP, self.column::self.STEP]

    def of_features(self, features):
        """Features at half resolution [B,C,H/2,W/2] where those pixels lie."""
        return features[:, :, self.row // 2::2, self.column // 2::2].contiguous(memory_format=torch.channels_last)

    def around(self, features):
        """What a 3x3 convolution with stride 2 and no padding needs of features [B,C,H/2,W/2] to answer at those pixels alone."""
        return F.pad(features, (1, 1, 1, 1))[:, :, self.row // 2:, self.column // 2:]

    @property
    def phase(self):
        """Which of the four pixels of a feature they are."""
        return self.row % 2 * 2 + self.column % 2


def two_slots(position, weight):
    """Weighted soft slots whose expectation is `position` (in slots)."""
    low = position.floor().clamp(0, SLOTS - 2)
    part = (position - low).clamp(0, 1)
    out = torch.zeros(*position.shape, SLOTS)
    index = low.long().unsqueeze(-1)
    out.scatter_(-1, index, ((1 - part) * weight).unsqueeze(-1))
    out.scatter_(-1, index + 1, (part * weight).unsqueeze(-1))
    return out


def mean_over(values, weight):
    return (values * weight).sum() / (weight.sum() + 1e-6)


class ClassWeights:
    """Weights that lift rare classes, from a running count."""

    def __init__(self, classes):
        self.counts = torch.full((classes,), 1.0 / classes)

    def __call__(self, label):
        now = torch.bincount(label.reshape(-1).long(), minlength=len(self.counts)).float()[: len(self.counts)]
        self.counts = 0.995 * self.counts + 0.005 * now / now.sum()
        return ((self.counts.mean() / (self.counts + 1e-4)) ** 0.5).clamp(0.3, 4.0)


class Truth:
    """Targets of a batch, computed once."""

    def __init__(self, batch):
        self.depth = batch["depth"].float()
        self.valid = ((self.depth > 0.05) & (self.depth < 60)).float()
        log = self.depth.clamp(0.05, 60).log()
        count = self.valid.sum((1, 2))
        self.log_scale = (log * self.valid).sum((1, 2)) / count.clamp_min(1)
        self.has_scale = (count > 500).float() * batch["clean"].float()
        self.ratio = log - self.log_scale[:, None, None]
        self.label = batch["label"]
        self.cell = batch["cell"]
        raw = batch["normal"].float() / 127.0
        size = raw.norm(dim=-1)
        self.normal = raw * torch.tensor([1.0, -1.0, -1.0]) / size.clamp_min(1e-6)[..., None]
        self.normal_valid = (size > 0.5).float()
        self.clean = batch["clean"].float()
        self.up = batch["up"].float()
        self.has_up = (self.up.norm(dim=-1) > 0.5).float() * self.clean


def depth_loss(painter, hidden, log_scale, truth, grid, palette, pixel_weight):
    """Slots of log(d/s), the expectation's log metres, and the painted colours; scale apart."""
    ratio, valid = grid.of_picture(truth.ratio), grid.of_picture(truth.valid)
    b, h, w = ratio.shape
    weight = valid * pixel_weight[:, None, None]
    ratio = ratio.clamp(-RATIO_RANGE, RATIO_RANGE)
    slot = (ratio + RATIO_RANGE) / (2 * RATIO_RANGE) * (SLOTS - 1)
    colours = painter.slot_colours(palette, DEPTH, truth.log_scale)
    matrix = torch.cat([painter.ratios[None, :, None].expand(b, -1, -1), colours], 2)
    logits = painter.logits(hidden, DEPTH, grid.phase).reshape(b, h * w, SLOTS)
    out, entropy = Paint.apply(logits, matrix, two_slots(slot, weight).reshape(b, h * w, SLOTS))
    out = out.reshape(b, h, w, 4)
    log_error = mean_over((out[..., 0] - ratio).abs(), weight)
    wanted = map_colours(palette, walk_position((truth.log_scale[:, None, None] + ratio).exp()).reshape(b, h * w)).reshape(b, h, w, 3)
    colour_error = mean_over((out[..., 1:] - wanted).abs().mean(-1), weight)
    scale_error = mean_over((log_scale - truth.log_scale).abs(), truth.has_scale)
    slopes = slope_error(out[..., 0] - ratio, weight)
    loss = 0.3 * entropy + 1.0 * log_error + 1.0 * colour_error + 1.0 * scale_error + 1.0 * slopes
    return loss, {"depth_ce": float(entropy), "log_shape": float(log_error), "log_scale": float(scale_error), "colour": float(colour_error),
                  "slopes": float(slopes)}


def slope_error(error, weight):
    """How the error of log depth changes over 4, 16 and 48 pixels: zero where a surface leans as it should, however far away it is painted."""
    total = 0.0
    for step in (1, 4, 12):
        for a, b in ((np.s_[:, step:], np.s_[:, :-step]), (np.s_[:, :, step:], np.s_[:, :, :-step])):
            total = total + mean_over((error[a] - error[b]).abs().clamp(max=0.5), weight[a] * weight[b])
    return total / 6


def chord(cosine):
    """How far apart two unit vectors end, nearly their angle in radians: small errors of lean count, which 1 - cosine would hardly see."""
    return torch.sqrt(2 * (1 - cosine).clamp_min(0) + 1e-4)


def degrees(cosine):
    """The angle of a cosine, for the log."""
    return torch.rad2deg(cosine.detach().clamp(-1, 1).acos())


def tilt_loss(up, truth):
    """The angle between the true up vector and the one that the whole picture tells."""
    cosine = (up * truth.up).sum(-1)
    error = mean_over(chord(cosine), truth.has_up)
    return error, {"tilt_deg": float(mean_over(degrees(cosine), truth.has_up))}


def label_loss(painter, hidden, truth, grid, palette, class_weights, pixel_weight):
    label = grid.of_picture(truth.label).long()
    b, h, w = label.shape
    known = (label < painter.config.classes).float()
    label = label.clamp(max=painter.config.classes - 1)
    weight = class_weights[label] * known * pixel_weight[:, None, None]
    target = torch.zeros(b, h, w, SLOTS).scatter_(-1, label.unsqueeze(-1), weight.unsqueeze(-1)).reshape(b, h * w, SLOTS)
    out, entropy = Paint.apply(painter.logits(hidden, LABELS, grid.phase).reshape(b, h * w, SLOTS), palette, target)
    wanted = palette.gather(1, label.reshape(b, h * w, 1).expand(-1, -1, 3))
    error = mean_over((out - wanted).abs().mean(-1), weight.reshape(b, h * w))
    return 0.5 * entropy + 0.3 * error, {"label_ce": float(entropy)}


def normal_loss(painter, hidden, truth, grid, pixel_weight):
    normal, valid = grid.of_picture(truth.normal), grid.of_picture(truth.normal_valid)
    b, h, w, _ = normal.shape
    weight = (valid * pixel_weight[:, None, None]).reshape(b, h * w)
    normal = normal.reshape(b, h * w, 3)
    target = normal_targets(normal) * weight[..., None]
    matrix = torch.from_numpy(directions()).to(normal)[None].expand(b, -1, -1).contiguous()
    out, entropy = Paint.apply(painter.logits(hidden, NORMALS, grid.phase).reshape(b, h * w, SLOTS), matrix, target)
    cosine = (F.normalize(out, dim=-1, eps=1e-4) * normal).sum(-1)
    error = mean_over(chord(cosine), weight)
    return 0.15 * entropy + error, {"normal_ce": float(entropy), "normal_deg": float(mean_over(degrees(cosine), weight))}


def choose_things(truth, things, rng):
    """One class per picture whose instances are asked for: mostly one that is there, now and then any."""
    chosen = []
    for label, cell in zip(truth.label, truth.cell):
        there = torch.bincount(label[cell < BACKGROUND].long(), minlength=256)
        present = [c for c in things if there[c] >= 40]
        chosen.append(present[rng.integers(len(present))] if present and rng.random() < 0.9 else things[rng.integers(len(things))])
    return torch.tensor(chosen)


def instance_loss(painter, hidden, truth, thing, grid, pixel_weight):
    """Objects of the class that was asked for go to the cell of their centre, everything else to the background."""
    label, cell = grid.of_picture(truth.label).long(), grid.of_picture(truth.cell).long()
    b, h, w = label.shape
    asked = (label == thing[:, None, None]) & (cell < BACKGROUND)
    # Background counts as much as objects where there are any; a picture without the class counts a little.
    share = asked.float().mean((1, 2), keepdim=True)
    weight = torch.where(asked, (0.5 / share.clamp_min(0.02)).clamp(1.0, 8.0), torch.ones(()))
    weight = weight * (label < painter.config.classes) * pixel_weight[:, None, None]
    slot = torch.where(asked, cell, torch.full_like(cell, BACKGROUND))
    target = torch.zeros(b, h, w, SLOTS).scatter_(-1, slot.unsqueeze(-1), weight.unsqueeze(-1)).reshape(b, h * w, SLOTS)
    nothing = torch.zeros(b, SLOTS, 1)
    _, entropy = Paint.apply(painter.logits(hidden, INSTANCES, grid.phase).reshape(b, h * w, SLOTS), nothing, target)
    return entropy, {"instance_ce": float(entropy)}
