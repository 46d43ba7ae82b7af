# SPDX-License-Identifier: Apache-2.0
"""A released `painter-*.onnx` back as a network that can go on training: the milestone that git keeps.

The exported graph has its batch norms folded. Their statistics are measured again on training pictures, and each norm is set so that the
network answers exactly as the exported one does. The norms of an encoder that has seen photographs never changed: they are ImageNet's.
"""
import onnx
import torch
import torch.nn as nn

from painter import palettes, stored
from painter.network import PlainPainter
from painter.resnet import ResNetPainter

LEAST = 1e-3        # of what a norm multiplies by


def load(path, batches, encoder=None):
    """
    The painter of an exported file. `batches` yields (image, geometry) of training pictures, about 200 in all; `encoder` is the state that stage
    `imagenet` wrote, which painter-m needs.
    """
    model = onnx.load(path)
    weights = {name: torch.from_numpy(array.copy()) for name, array in stored.weights(model).items()}
    told = {p.key: float(p.value) for p in model.metadata_props}
    # Releases before 0.6.0 do not tell the bonus of objects.
    painter = (ResNetPainter() if "layer4.0.first.weight" in weights else PlainPainter()).eval()
    if isinstance(painter, ResNetPainter) and encoder is None:
        raise ValueError(f"{path} is a painter-m: expected the encoder's norms too, found none; run stage `imagenet` and give its file")
    with torch.no_grad():
        _convolutions(painter, weights)
        if isinstance(painter, ResNetPainter):
            _encoder(painter, encoder, weights)
        _heads(painter, weights, sharpness(model), told.get("object_bonus", 0.75))
        _statistics(painter, batches)
    return painter


def sharpness(model):
    """How sharply a file paints each task; releases before 0.5.0 do not tell (8 for labels and instances), earlier ones not of depth (1)."""
    told = {p.key: float(p.value) for p in model.metadata_props}
    return {t: told.get(f"sharpness_{palettes.TASKS[t]}", 1.0 if t == palettes.DEPTH else 8.0) for t in palettes.SHARPNESS}


def _convolutions(painter, weights):
    """Everything that has its own name in the file; the encoder of a painter-m is `_encoder`'s."""
    if isinstance(painter, PlainPainter):
        painter.stem_image.weight.copy_(weights["stem.weight"][:, :3])
        painter.stem_geometry.weight.copy_(weights["stem.weight"][:, 3:])
        _neutral(painter.stem_norm, weights["stem.bias"])
    if "position" in weights:
        painter.position.copy_(weights["position"])
    for task, layer in enumerate(painter.lean if "lean" in weights else ()):
        layer.weight.copy_(weights["lean"][task, :, :-1].T)
    for name, module in painter.named_modules():
        if f"{name}.weight" not in weights:
            continue
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            module.weight.copy_(weights[f"{name}.weight"])
            if module.bias is not None:
                module.bias.copy_(weights[f"{name}.bias"])
        elif isinstance(module, nn.Sequential):
            module[0].weight.copy_(weights[f"{name}.weight"])
            _neutral(module[1], weights[f"{name}.bias"])


def _encoder(painter, state, weights):
    """ImageNet's norms, and convolutions that with them make the file's: a step of training then means what it meant before."""
    painter.encoder.load_state_dict({k: v.float() if v.dtype == torch.float16 else v for k, v in state.items()})
    for name, module in painter.encoder.named_modules():
        if f"{name}.weight" not in weights or not isinstance(module, nn.Sequential):
            continue
        convolution, norm = module
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        # A channel that ImageNet's norm all but switched off: a norm of its own, or its rounding would be multiplied.
        weak = factor.abs() < LEAST
        size = torch.sqrt(norm.running_var + norm.eps) * LEAST
        norm.weight.copy_(torch.where(weak, torch.where(factor < 0, -size, size), norm.weight))
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        convolution.weight.copy_(weights[f"{name}.weight"] / factor[:, None, None, None])
        norm.bias.copy_(weights[f"{name}.bias"] + norm.running_mean * factor)


def _heads(painter, weights, sharpness, object_bonus):
    """Depth, labels and normals always; instances when the file has them."""
    first, bias, slots = weights["first_weight"], weights["first_bias"], weights["slot_weight"]
    for task in range(len(first)):
        convolution, norm = painter.head[task]
        rows = first[task, :, :-1].T[:, :, None, None]
        convolution.weight.copy_(rows[:, :convolution.in_channels])
        further = rows[:, convolution.in_channels:]
        if task == palettes.INSTANCES:
            painter.place.weight.copy_(further[:, :painter.place.in_channels])
        elif further.shape[1] > painter.place.in_channels:
            painter.told[task].weight.copy_(further[:, painter.place.in_channels:])
        _neutral(norm, bias[task, 0, :-1])
        rows = slots[task].permute(1, 0, 2).reshape(-1, 4 * palettes.SLOTS) / sharpness.get(task, 1.0)
        painter.slots[task].weight.copy_(rows[:-1].T[:, :, None, None])
        painter.slots[task].bias.copy_(rows[-1])
        if task == palettes.LABELS:
            painter.slots[task].bias.sub_(painter.label_mask.repeat(4))
        if task == palettes.INSTANCES:
            painter.slots[task].bias.reshape(4, palettes.SLOTS)[:, palettes.BACKGROUND] += object_bonus
            painter.thing.weight.copy_(bias[task:, 0, :-1] - bias[task, 0, :-1])


def _neutral(norm, bias):
    norm.weight.fill_((1.0 + norm.eps) ** 0.5)
    norm.bias.copy_(bias)
    norm.running_mean.zero_()
    norm.running_var.fill_(1.0)


def _statistics(painter, batches):
    """What each norm receives; then the same function with a norm that has those statistics."""
    seen = {}

    def note(norm, inputs):
        x = inputs[0].double()
        mine = seen.setdefault(norm, [0.0, 0.0, 0])
        mine[0], mine[1], mine[2] = mine[0] + x.mean((0, 2, 3)), mine[1] + (x * x).mean((0, 2, 3)), mine[2] + 1

    norms = [m for n, m in painter.named_modules() if isinstance(m, nn.BatchNorm2d) and not n.startswith("encoder.")]
    hooks = [n.register_forward_pre_hook(note) for n in norms]
    for image, geometry in batches:
        features, _, _ = painter.trunk(image, geometry)
        for task in range(len(palettes.TASKS)):
            painter.task_features(features, task)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        if norm not in seen:
            continue        # the generator's own layers are not part of the exported file
        mean, square, count = seen[norm]
        mean, variance = (mean / count).float(), (square / count - (mean / count) ** 2).clamp_min(1e-4).float()
        scale = norm.weight / (1.0 + norm.eps) ** 0.5
        norm.bias.add_(mean * scale)
        norm.weight.copy_(torch.sqrt(variance + norm.eps) * scale)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
