# SPDX-License-Identifier: Apache-2.0
"""The teacher paints photographs without truth, and rendered frames if asked; confident pixels become shards that `distill --painted` mixes in.

A teacher is a generator (a few steps from noise, stage `tune`), or with `--at-once` a student: painter-m teaches painter-s so.
"""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from painter import batches, checkpoints, palettes, photographs, picture
from painter.shards import Shards
from worlds import classes


def sample(painter, image, task, palette, steps):
    """A few steps from noise to a painting; returns log scale and the last slot probabilities [B,H,W,64]."""
    b = len(image)
    current = torch.randn(b, 3, picture.HEIGHT, picture.WIDTH)
    which = torch.full((b,), task)
    for index, now in enumerate(steps):
        log_scale, chance, _ = painter.predict(image, None, (task,), current, torch.full((b,), now), which)
        chance = chance[task]
        if index + 1 < len(steps):
            colours = painter.slot_colours(palette, task, log_scale)
            clean = (chance.reshape(b, -1, palettes.SLOTS) @ colours).reshape(b, picture.HEIGHT, picture.WIDTH, 3).permute(0, 3, 1, 2) * 2 - 1
            part = steps[index + 1] / now
            current = part * current + (1 - part) * clean
    return log_scale, chance


def answers(painter, image, palettes_of, steps):
    """Log scale and slot probabilities by task; without steps the painter's own answer, all tasks from one pass."""
    if not steps:
        log_scale, chance, _ = painter.predict(image, None, tuple(palettes_of), None, torch.full((len(image),), palettes.STUDENT_TIME),
                                               torch.zeros(len(image), dtype=torch.long))
        return log_scale, chance
    told = {task: sample(painter, image, task, palette, steps) for task, palette in palettes_of.items()}
    return told[palettes.DEPTH][0], {task: chance for task, (_, chance) in told.items()}


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.paint", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", default="work/tune/checkpoint.pt")
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--out", default="work/painted")
    parser.add_argument("--count", type=int, default=512)
    parser.add_argument("--steps", type=float, nargs="+", default=[1.0, 0.6, 0.3])
    parser.add_argument("--at-once", action="store_true", help="the teacher is a student, which answers in one step")
    parser.add_argument("--rendered", help="shards whose frames are painted too, every second picture")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    painter = checkpoints.load_painter(options.teacher).eval()
    images = photographs.load(options.photographs, 400, 140) if options.at_once else photographs.load(options.photographs)
    frames = Shards(options.rendered, rng) if options.rendered else None
    print(f"{len(images)} photographs", flush=True)
    os.makedirs(options.out, exist_ok=True)
    rainbow = torch.from_numpy(palettes.rainbow())[None]
    named = torch.from_numpy(palettes.class_palette(np.asarray(classes.COLOURS, np.float32) / 255.0, (0.5, 0.5, 0.5)))[None]
    normals = torch.from_numpy(palettes.normal_palette())[None]
    asked = {palettes.DEPTH: rainbow, palettes.LABELS: named, palettes.NORMALS: normals}
    table = torch.from_numpy(palettes.directions())
    rows, begun = [], time.time()
    with torch.no_grad():
        while len(rows) < options.count:
            if frames is not None and len(rows) % 2:
                rgb = batches.prepare(frames.next(), rng, geometry="none")["rgb"]
            else:
                rgb = photographs.random_crop(images[rng.integers(len(images))], rng)
            image = picture.normalise(torch.from_numpy(rgb)[None])
            log_scale, chance = answers(painter, image, asked, () if options.at_once else options.steps)
            mean = (chance[palettes.DEPTH] * painter.ratios).sum(-1)
            spread = ((chance[palettes.DEPTH] * painter.ratios ** 2).sum(-1) - mean ** 2).clamp_min(0).sqrt()
            depth = torch.where(spread < spread.flatten().quantile(0.7), (mean + log_scale[:, None, None]).exp(), torch.zeros(()))
            best, label = chance[palettes.LABELS].max(-1)
            label = torch.where(best > 0.6, label, torch.full_like(label, 255))
            mean = chance[palettes.NORMALS] @ table
            normal = F.normalize(mean, dim=-1) * torch.tensor([1.0, -1.0, -1.0])
            normal = torch.where(mean.norm(dim=-1, keepdim=True) > 0.85, normal, torch.zeros(()))
            rows.append({"rgb": rgb, "depth": depth[0].numpy().astype(np.float16), "label": label[0].numpy().astype(np.uint8),
                         "normal": (normal[0] * 127).round().numpy().astype(np.int8),
                         "intrinsics": np.array([picture.FOCAL, picture.FOCAL, picture.WIDTH / 2 - 0.5, picture.HEIGHT / 2 - 0.5], np.float32),
                         "up": np.zeros(3, np.float32), "height": np.zeros(2, np.float32)})
            if len(rows) % 64 == 0:
                left = (options.count - len(rows)) * (time.time() - begun) / len(rows)
                print(f"{len(rows)}/{options.count} ETA {left / 60:.1f} min", flush=True)
                first = len(rows) - 64
                part = {k: np.stack([r[k] for r in rows[first:]]) for k in rows[0]}
                np.savez(os.path.join(options.out, f"shard-{first // 64:04d}.npz"), **part)


if __name__ == "__main__":
    main()
