# SPDX-License-Identifier: Apache-2.0
"""Stage `restore`: a released .onnx file as a checkpoint, so that training, mixing and measuring can go on from it on any machine.

The folded form of what was read is compared with the file, weight by weight, and with the network that will train, answer by answer.
"""
import argparse
import os

import numpy as np
import onnx
import torch

from painter import batches, checkpoints, palettes, picture, released, stored
from stages import export


def differences(painter, path):
    """Largest differences: of a weight of the exported form to the file's, of an answer to the network's."""
    edge = checkpoints.edge_of(painter)
    model = onnx.load(path)
    theirs, mine = stored.weights(model), edge.state_dict()
    missing = [name for name in mine if name not in theirs]
    if missing:
        raise SystemExit(f"{path}: expected the weights {', '.join(missing)}, found none; it is not a painter of these stages")
    theirs["slot_weight"] = theirs["slot_weight"].copy()
    for task, sharp in released.sharpness(model).items():
        theirs["slot_weight"][task] *= palettes.SHARPNESS[task] / sharp          # an earlier release paints less sharply than the next one will
    weights = max(float(np.abs(v.numpy() - theirs[name]).max()) for name, v in mine.items())
    return weights, export.agreement(painter, edge, export.example(painter.config))


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="painter-s.onnx or painter-m.onnx, not a form in int8")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--encoder", default="work/imagenet/encoder.pt", help="what stage `imagenet` wrote, for painter-m")
    parser.add_argument("--batches", type=int, default=12, help="of 16 frames, to measure the norms on")
    parser.add_argument("--out", default="work/restored")
    parser.add_argument("--seed", type=int, default=901)
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    picture.set_width(192)
    encoder = torch.load(options.encoder, map_location="cpu") if os.path.exists(options.encoder) else None
    loader = batches.Loader("frames", {"shards": options.shards, "batch": 16}, options.seed)
    seen = (loader.next() for _ in range(options.batches))
    painter = released.load(options.file, ((picture.normalise(b["rgb"]), b["geometry"].float()) for b in seen), encoder)
    loader.close()
    weights, answers = differences(painter, options.file)
    if not max(weights, answers) < 1e-3:
        raise SystemExit(f"{options.file}: what was read differs by {weights} in a weight, by {answers} in an answer; at most 0.001 was expected")
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "checkpoint.pt")
    state = painter.state_dict()
    torch.save({"config": painter.config.as_dict(), "model": state, "average": state, "optimizer": None, "step": 0, "samples": 0, "elapsed": 0.0}, path)
    print(f"{path}: weights differ from the file's by at most {weights:.1e}, answers by {answers:.1e}")


if __name__ == "__main__":
    main()
