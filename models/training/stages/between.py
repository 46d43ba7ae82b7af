# SPDX-License-Identifier: Apache-2.0
"""The weights between two students of one line, norms measured again. Long training on rendered rooms alone drifts away from real pictures:
the weights between an earlier student and the last one keep most of what was learned, and more of what was known."""
import argparse
import os

import torch
import torch.nn as nn

from painter import batches, checkpoints, palettes, picture


def mixed(before, after, share):
    """Average weights of both: `share` of the way from the first to the second."""
    first, last = (torch.load(path, map_location="cpu") for path in (before, after))
    weights = {k: torch.lerp(first["average"][k], v, share) if k in first["average"] and v.dtype.is_floating_point else v for k, v in last["average"].items()}
    return {**last, "average": weights, "model": weights, "optimizer": None}


def same_encoder_norms(before, after):
    """Whether neither student's encoder ever changed its statistics."""
    first, last = (torch.load(path, map_location="cpu")["average"] for path in (before, after))
    return all(torch.equal(first[k], last[k]) for k in first if k.startswith("encoder.") and ".running_" in k)


def measure_norms(painter, loader, batches):
    """Statistics of what each norm receives now; those of two networks do not mix. A frozen encoder keeps ImageNet's."""
    left = ("generate", "encoder.") if getattr(painter, "frozen", False) else ("generate",)
    for name, module in painter.named_modules():
        if isinstance(module, nn.BatchNorm2d) and not name.startswith(left):
            module.reset_running_stats()
            module.momentum = None
    painter.train()
    with torch.no_grad():
        for _ in range(batches):
            batch = loader.next()
            count = len(batch["rgb"])
            features, _, _ = painter.trunk(picture.normalise(batch["rgb"]), batch["geometry"].float(), None,
                                        torch.full((count,), palettes.STUDENT_TIME), torch.zeros(count, dtype=torch.long))
            for task in range(len(palettes.TASKS)):
                painter.task_features(features, task)


def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--share", type=float, default=0.75, help="0 is the first, 1 the second")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--out", default="work/between")
    parser.add_argument("--batches", type=int, default=45)
    parser.add_argument("--seed", type=int, default=4242)
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "checkpoint.pt")
    state = mixed(options.before, options.after, options.share)
    torch.save(state, path)
    painter = checkpoints.load_painter(path)
    if painter.config.encoder != "plain" and same_encoder_norms(options.before, options.after):
        painter.freeze()
    loader = batches.Loader("frames", {"shards": options.shards, "batch": 16}, options.seed)
    measure_norms(painter, loader, options.batches)
    loader.close()
    state["average"] = state["model"] = painter.state_dict()
    torch.save(state, path)


if __name__ == "__main__":
    main()
