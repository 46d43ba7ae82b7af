# SPDX-License-Identifier: Apache-2.0
"""How the camera stands, learned on features that stay as they are: scale, up vector and height of a student from its coarsest features.

Those of many pictures fit into memory (41 kB each), and a pass over them takes seconds where training the whole network takes minutes.
"""
import time
from types import SimpleNamespace

import numpy as np
import torch

import data
import loop
import losses
import network

TRUTH = ("up", "has_up", "log_scale", "has_scale", "log_height", "has_height")


def remember(painter, options):
    """The coarsest features of augmented pictures of which nothing is told, what the mean over them says, and the truth."""
    loader = data.Loader("frames", {"shards": options.shards, "batch": 16, "geometry": "none"}, options.seed + 800)
    at, task = torch.full((16,), network.STUDENT_TIME), torch.zeros(16, dtype=torch.long)
    coarse, hidden, truths, began = [], [], [], time.time()
    while len(coarse) * 16 < options.pictures:
        batch = loader.next()
        with torch.no_grad():
            features = painter.encode(data.normalise(batch["rgb"]).contiguous(), batch["geometry"].float(), None, at, task)[3]
            coarse.append(features.half())
            hidden.append(painter.whole(features))
        truths.append(losses.Truth(batch))
        if len(coarse) % 64 == 0:
            print(f"{len(coarse) * 16} pictures, {len(coarse) * 16 / (time.time() - began):.0f}/s", flush=True)
    loader.close()
    return torch.cat(coarse), torch.cat(hidden), {name: torch.cat([getattr(t, name) for t in truths]) for name in TRUTH}


def main():
    parser = loop.arguments("stand", 2)
    parser.add_argument("--checkpoint", default="work/distill/checkpoint.pt")
    parser.add_argument("--pictures", type=int, default=24000, help="how many are remembered: 41 kB of memory each")
    parser.set_defaults(batch=64)
    options = loop.parse(parser)
    painter = loop.load_painter(options.checkpoint)
    run = loop.Run(options, painter)
    for name, parameter in painter.named_parameters():
        parameter.requires_grad_(name.startswith("stand."))
    painter.eval()
    coarse, hidden, truth = remember(painter, options)
    run.start = time.time()         # the budget is that of the learning
    painter.stand.train()
    rng, going = np.random.default_rng(options.seed), True
    while going:
        chosen = torch.from_numpy(rng.integers(len(coarse), size=options.batch))
        some = SimpleNamespace(**{name: value[chosen] for name, value in truth.items()})
        stance = painter.stance(hidden[chosen], painter.stand(coarse[chosen].float()), None)
        scale = losses.mean_over((stance.log_scale - some.log_scale).abs(), some.has_scale)
        stands, told = losses.stance_loss(stance, some)
        going = run.update(scale + stands, options.batch, {"log_scale": float(scale), **told})
    run.save()


if __name__ == "__main__":
    main()
