# SPDX-License-Identifier: Apache-2.0
"""Stage `doubt`: the finished student, which does not change any more, learns how wrong its depth is. Its confidence is made of that.

What the two layers of `layers.Doubt` read is computed once for every picture, then they learn from that in seconds. The error to expect is
* on rendered frames the true one;
* on photographs without truth (`--photographs`) how far the painters of `--others` are apart from this one, in shape and in scale;
* on photographs of what the painter is not made for, streets and landscapes (`--outside`), the same, but a scale wrong by e^0.8 at least;
* on blank walls and noise, made up here, a scale wrong by e at least.
"""
import argparse
import os

import numpy as np
import torch
import torch.nn.functional as F

from painter import batches, blanks, checkpoints, faults, losses, palettes, photographs, picture

MOST = 1.5          # |log error| beyond which a pixel is simply wrong: a few wild ones must not outweigh the rest
OUTSIDE, BLANK = 0.8, 1.0
STRIDE = 2          # of a grid's pixels, every second of every second row
SHARES = {"rendered": 1.0, "photographs": 1.0, "outside": 0.5, "blank": 0.5}


def errors(painted, truth, valid):
    """|error| of log depth: of the shape at each pixel [B,h,w], what median alignment leaves; of the scale [B], what it takes away."""
    apart = torch.where(valid > 0, painted - truth, torch.full_like(painted, float("nan")))
    middle = apart.flatten(1).nanmedian(1).values.nan_to_num()
    return (apart - middle[:, None, None]).abs().nan_to_num().clamp(max=MOST), middle.abs().clamp(max=MOST)


def likelihood(error, log_expected):
    """Negative logarithm of the exponential distribution: least where the expected error is the mean of the errors."""
    return error * torch.exp(-log_expected) + log_expected


@torch.no_grad()
def painted(painter, image, geometry, grid):
    """The features, and log depth at the grid's pixels [B,h,w]."""
    count = len(image)
    features, log_scale, up = painter.trunk(image, geometry, None, torch.full((count,), palettes.STUDENT_TIME), torch.zeros(count, dtype=torch.long))
    told = grid.of_features(palettes.what_is_told(geometry, log_scale))
    hidden = painter.task_features(grid.of_features(features), palettes.DEPTH, told=told, up=up)
    chance = torch.softmax(painter.logits(hidden, palettes.DEPTH, grid.phase) * palettes.SHARPNESS[palettes.DEPTH], -1)
    return features, chance @ painter.ratios + log_scale[:, None, None]


class Seen:
    """What the doubt learns from in one kind of picture: features at some pixels, the whole picture's, and both errors."""

    def __init__(self, painter, others, rng):
        self.painter, self.others, self.rng, self.rows = painter, others, rng, []

    def add(self, rgb, geometry=None, depth=None, least=0.0):
        """A batch of pictures; with depth its true error, else the others' distance, in scale at least `least`."""
        grid = losses.Grid(self.rng)
        image = picture.normalise(rgb).contiguous(memory_format=torch.channels_last)
        geometry = torch.zeros(len(rgb), 5, *rgb.shape[1:3]) if geometry is None else geometry
        features, mine = painted(self.painter, image, geometry, grid)
        if depth is not None:
            there = grid.of_picture(depth)
            valid = ((there > 0.05) & (there < 60)).float()
            shape, scale = errors(mine, there.clamp(0.05, 60).log(), valid)
        else:
            valid = torch.ones_like(mine)
            apart = [errors(mine, painted(other, image, geometry, grid)[1], valid) for other in self.others]
            shape, scale = (sum(x) / len(apart) for x in zip(*apart)) if apart else (torch.zeros_like(mine), torch.zeros(len(mine)))
        few = np.s_[:, ::STRIDE, ::STRIDE]
        self.rows.append((grid.of_features(features).permute(0, 2, 3, 1)[few].half(), self.painter.doubt.pooled(features), shape[few],
                          scale.clamp(min=least), valid[few], (valid.flatten(1).sum(1) > 100).float(), torch.full((len(rgb),), grid.phase)))

    def done(self):
        """Everything as tensors."""
        return [torch.cat(x) for x in zip(*self.rows)]


def gather(painter, others, options):
    """Pictures of every kind, seen by the painter."""
    rng, out = np.random.default_rng(options.seed), {}
    loader = batches.Loader("frames", {"shards": options.shards, "batch": 8}, options.seed + 700)
    seen = out["rendered"] = Seen(painter, others, rng)
    while 8 * len(seen.rows) < options.rendered:
        batch = loader.next()
        seen.add(batch["rgb"], batch["geometry"].float(), batch["depth"].float())
    loader.close()
    for name, roots, least in (("photographs", options.photographs if others else (), 0.0), ("outside", options.outside, OUTSIDE)):
        images = photographs.load(roots, 400, 140) if roots else []
        seen = Seen(painter, others, rng)
        for number in range(options.pictures if images else 0):
            crop = photographs.random_crop(images[number % len(images)], rng)
            seen.add(torch.from_numpy(faults.disturb(crop, rng, 0.5) if rng.random() < 0.5 else crop)[None], least=least)
        if seen.rows:
            out[name] = seen
    seen = out["blank"] = Seen(painter, others, rng)
    for _ in range(options.pictures // 2):
        seen.add(torch.from_numpy(blanks.blank(rng))[None], least=BLANK)
    return {name: seen.done() for name, seen in out.items()}


def learn(doubt, kinds, options):
    """Fits the two layers; the whole picture's inputs are brought to one size for it, and that is folded in at the end."""
    torch.manual_seed(options.seed)
    doubt.reset()
    rng = np.random.default_rng(options.seed)
    pools = torch.cat([x[1] for x in kinds.values()])
    middle, size = pools.mean(0), pools.std(0) + 1e-3
    optimizer = torch.optim.AdamW(doubt.parameters(), lr=options.rate, weight_decay=1e-3)
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, 2.0 * (options.steps - step) / options.steps)
        total, told = 0.0, {}
        for name, (features, pooled, shape, scale, valid, has_scale, phase) in kinds.items():
            some = torch.from_numpy(rng.integers(len(scale), size=options.batch))
            log_shape = doubt.second(F.relu(doubt.first(features[some].float().permute(0, 3, 1, 2))))
            log_shape = log_shape.gather(1, phase[some][:, None, None, None].expand(-1, 1, *log_shape.shape[2:]))[:, 0]
            log_scale = doubt.whole((pooled[some] - middle) / size)[:, 0]
            of_shape = losses.mean_over(likelihood(shape[some], log_shape), valid[some])
            of_scale = losses.mean_over(likelihood(scale[some], log_scale), has_scale[some])
            total, told[name] = total + SHARES[name] * (of_shape + 0.5 * of_scale), float(log_scale.exp().mean())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        if step % 250 == 249:
            print(f"step {step + 1} loss {float(total):.4f}  scale told wrong by " + ", ".join(f"{k} {v:.2f}" for k, v in told.items()), flush=True)
    with torch.no_grad():
        doubt.whole.weight.div_(size)
        doubt.whole.bias.sub_(doubt.whole.weight @ middle)


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.doubt", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="work/distill/checkpoint.pt")
    parser.add_argument("--out", default="work/doubt")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--others", nargs="*", default=[], help="checkpoints of other painters, to be compared with on photographs")
    parser.add_argument("--photographs", nargs="*", default=[], help="folders of photographs of what the painter is made for; need --others")
    parser.add_argument("--outside", nargs="*", default=[], help="folders of photographs of what it is not made for")
    parser.add_argument("--rendered", type=int, default=768, help="rendered frames")
    parser.add_argument("--pictures", type=int, default=240, help="photographs of each kind; half as many blank ones")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=8, help="pictures of each kind in a step")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    others = [checkpoints.load_painter(path).eval() for path in options.others]
    painter = checkpoints.load_painter(options.checkpoint).eval()
    kinds = gather(painter, others, options)
    print("; ".join(f"{name}: {len(x[3])} pictures, shape {float(losses.mean_over(x[2], x[4])):.3f}, scale {float(losses.mean_over(x[3], x[5])):.3f}"
                    for name, x in kinds.items()), flush=True)
    learn(painter.doubt, kinds, options)
    state, weights = torch.load(options.checkpoint, map_location="cpu"), painter.state_dict()
    os.makedirs(options.out, exist_ok=True)
    state.update(config=painter.config.as_dict(), average=weights, model=weights, optimizer=None)
    torch.save(state, os.path.join(options.out, "checkpoint.pt"))


if __name__ == "__main__":
    main()
