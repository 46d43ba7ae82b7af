# SPDX-License-Identifier: Apache-2.0
"""Stage c: instruction tuning. The generator learns to paint depth, labels, normals and instances, and goes on generating: the teacher."""
import os

import cv2
import numpy as np
import torch

import classes
import data
import loop
import losses
import network
from pretrain import flow_loss, noisy, random_times


def colour_maps():
    """64 samples of each colour map that an instruction may name."""
    ramp = np.linspace(0, 255, network.SLOTS).round().astype(np.uint8)[:, None]
    maps = [network.rainbow(), np.repeat(ramp / 255.0, 3, 1).astype(np.float32)]
    for name in ("PLASMA", "INFERNO", "VIRIDIS"):
        maps.append(cv2.applyColorMap(ramp, getattr(cv2, "COLORMAP_" + name))[:, 0, ::-1].astype(np.float32) / 255.0)
    return torch.from_numpy(np.stack(maps))


def random_palettes(count, rng):
    """Depth and label palettes as instructions ask for them: named ones mostly, now and then anything."""
    maps = colour_maps()
    named = network.class_palette(np.asarray(classes.COLOURS, np.float32) / 255.0, (0.5, 0.5, 0.5))
    depth, labels = [], []
    for _ in range(count):
        depth.append(maps[0] if rng.random() < 0.6 else maps[rng.integers(len(maps))])
        if rng.random() < 0.6:
            labels.append(torch.from_numpy(named))
        else:
            colours = rng.random((len(classes.COLOURS), 3)).astype(np.float32)
            background = rng.random(3).astype(np.float32)
            colours[rng.random(len(colours)) < 0.3] = background
            labels.append(torch.from_numpy(network.class_palette(colours, background)))
    return torch.stack(depth), torch.stack(labels)


def look_up(palette, position):
    """map_colours for whole pictures: [B,64,3] at [B,H,W]."""
    b, h, w = position.shape
    at = (position.clamp(0, 1) * (network.SLOTS - 1)).reshape(b, h * w)
    low = at.floor().clamp(max=network.SLOTS - 2)
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
    depth = look_up(depth_palette, network.walk_position(far))
    b, h, w = truth.label.shape
    label = truth.label.long().clamp(max=network.SLOTS - 1).reshape(b, h * w, 1).expand(-1, -1, 3)
    labels = label_palette.gather(1, label).reshape(b, h, w, 3)
    normals = truth.normal * torch.tensor([-0.5, 0.5, 0.5]) + 0.5
    asked = (truth.label == thing[:, None, None]) & (truth.cell < network.BACKGROUND)
    instances = instance_palette[torch.where(asked, truth.cell.long(), network.BACKGROUND)]
    answers = torch.stack([depth, labels, normals, instances])
    out = answers[task, torch.arange(b)]
    return out.permute(0, 3, 1, 2) * 2 - 1


def main():
    parser = loop.arguments("tune", 15)
    parser.add_argument("--init", default="work/pretrain/checkpoint.pt", help="pretrained generator, or `none`")
    options = loop.parse(parser)
    painter = loop.new_painter(options)
    if options.init != "none" and not os.path.exists(os.path.join(options.out, "checkpoint.pt")):
        painter = loop.load_painter(options.init)
        adopt(painter)
    run = loop.Run(options, painter)
    loader = data.Loader("frames", {"shards": options.shards, "batch": options.batch}, options.seed + 100)
    pictures = data.Loader("pictures", {"shards": options.shards, "photographs": options.photographs, "batch": max(1, options.batch // 6), "real": 0.5},
                           options.seed + 200)
    rng = np.random.default_rng(options.seed)
    class_weights, going = losses.ClassWeights(painter.config.classes), True
    while going:
        batch, extra = loader.next(), pictures.next()["rgb"]
        truth = losses.Truth(batch)
        weights = class_weights(batch["label"])
        count, free = len(batch["rgb"]), len(extra)
        task = torch.from_numpy(np.sort(rng.integers(0, len(network.TASKS), count)))
        depth_palette, label_palette = random_palettes(count, rng)
        thing = losses.choose_things(truth, classes.THINGS, rng)
        answer = paint_truth(truth, task, depth_palette, label_palette, random_instance_palette(rng), thing)
        generated = extra.permute(0, 3, 1, 2).float() / 127.5 - 1
        clean = run.lay(torch.cat([answer, generated]))
        # A third of the answers start from nothing at all, the case that the student will be.
        time = torch.where(torch.rand(count + free) < 0.33, torch.ones(count + free), random_times(count + free))
        started = noisy(clean, time)
        image = run.lay(torch.cat([data.normalise(batch["rgb"]), torch.zeros(free, 3, data.HEIGHT, data.WIDTH)]))
        geometry = run.lay(torch.cat([batch["geometry"].float(), torch.zeros(free, 5, data.HEIGHT, data.WIDTH)]))
        every = torch.cat([task, torch.full((free,), network.GENERATE)])
        grid = losses.Grid(rng)
        with run.autocast():
            features, log_scale, up = run.painter.trunk(image, geometry, started, time, every)
            predicted = run.painter.generated(features[count:])
            some, places = grid.of_features(features[:count]), grid.of_features(run.painter.places)
            known = grid.of_features(network.what_is_told(geometry[:count], truth.log_scale))
            hidden = [run.painter.task_features(some[task == t], t, thing[task == t] if t == network.INSTANCES else None, places, known[task == t], up[:count][task == t])
                      if (task == t).any() else None for t in range(len(network.TASKS))]
        loss = 0.2 * flow_loss(predicted, clean[count:], time[count:])
        values = {"flow": float(loss)}
        for t in range(len(network.TASKS)):
            chosen = task == t
            if hidden[t] is None:
                continue
            part = subset(truth, chosen)
            share = float(chosen.float().mean())
            if t == network.DEPTH:
                one, told = losses.depth_loss(run.painter, hidden[t], log_scale.float()[:count][chosen], part, grid, depth_palette[chosen], part.clean)
            elif t == network.LABELS:
                one, told = losses.label_loss(run.painter, hidden[t], part, grid, label_palette[chosen], weights, part.clean)
            elif t == network.NORMALS:
                one, told = losses.normal_loss(run.painter, hidden[t], part, grid, part.clean)
            else:
                one, told = losses.instance_loss(run.painter, hidden[t], part, thing[chosen], grid, part.clean)
            loss = loss + one * share * len(network.TASKS)
            values.update(told)
        going = run.update(loss, count + free, values)
    run.save()
    loader.close()
    pictures.close()


def adopt(painter):
    """The generator has only seen pictures as noisy ones: its eyes for the instruction's picture start from the same filters."""
    std = torch.tensor(network.IMAGE_STD)
    with torch.no_grad():
        painter.stem_image.weight.copy_(painter.stem_noisy.weight * (2 * std)[None, :, None, None])


def subset(truth, chosen):
    out = object.__new__(losses.Truth)
    for key, value in vars(truth).items():
        setattr(out, key, value[chosen])
    return out


if __name__ == "__main__":
    main()
