# SPDX-License-Identifier: Apache-2.0
"""Stage `evaluate`: figures of checkpoints on held-out shards and on real datasets, and the mean over the real sets."""
import argparse
import json
import os

import numpy as np
import torch

from painter import checkpoints
from painter.figures import confident, dataset_frames, measure, rendered_frames

MEAN_OF = ("abs_rel", "delta1", "abs_rel_aligned", "delta1_aligned", "abs_rel_baseline", "delta1_baseline",
           "abs_rel_aligned_baseline", "delta1_aligned_baseline",
           "abs_rel_confident_90", "abs_rel_aligned_confident_90", "normal_mean_deg", "normal_median_deg", "log_scale_spread", "log_scale", "sure", "flying")


def show(name, result):
    print(f"{name:24s} n={result['pictures']:.0f}  AbsRel {result['abs_rel']:.3f} (const {result['abs_rel_baseline']:.3f})  d1 {result['delta1']:.3f} "
          f"({result['delta1_baseline']:.3f})  aligned {result['abs_rel_aligned']:.3f}/{result['delta1_aligned']:.3f} "
          f"({result['abs_rel_aligned_baseline']:.3f}/{result['delta1_aligned_baseline']:.3f})  90% {result['abs_rel_aligned_confident_90']:.3f} "
          f" log s {result['log_scale']:+.2f}+-{result['log_scale_spread']:.2f}  sure {result['sure']:.2f}"
          + (f"  flying {result['flying']:.2f}" if "flying" in result else "")
          + (f"  mIoU {result['miou']:.3f}" if "miou" in result else "") + (f"  objects {result['object_iou']:.3f}" if "object_iou" in result else "")
          + (f"  normals {result['normal_mean_deg']:.1f}/{result['normal_median_deg']:.1f} deg" if "normal_mean_deg" in result else ""), flush=True)


def mean_over_sets(results):
    """Each set counts alike, however many pictures it has."""
    out = {key: float(np.mean([r[key] for r in results if key in r])) for key in MEAN_OF if any(key in r for r in results)}
    return {"pictures": len(results), **{k: round(v, 4) for k, v in out.items()}}


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.evaluate")
    parser.add_argument("checkpoints", nargs="+")
    parser.add_argument("--heldout", help="folder of held-out shards")
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--geometry", nargs="*", default=["none"], choices=("none", "up", "plane"))
    parser.add_argument("--real", nargs="*", default=[], help="datasets in the SDK's layout, never trained on")
    parser.add_argument("--most", type=int, default=0, help="no more pictures of a set than this")
    parser.add_argument("--weights", choices=("average", "model"), default="average")
    parser.add_argument("--sheet", help="contact sheets: folder")
    parser.add_argument("--json")
    options = parser.parse_args(given)
    torch.set_num_threads(1)
    everything = {}
    for path in options.checkpoints:
        painter = checkpoints.load_painter(path, options.weights == "average").eval()
        print(path)
        results, real, pixels = {}, [], []
        for geometry in options.geometry if options.heldout else ():
            sheet = os.path.join(options.sheet, f"rendered-{geometry}.png") if options.sheet else None
            results[f"rendered, {geometry}"] = measure(painter, rendered_frames(options.heldout, options.frames, geometry), True, sheet, 12)
            show(f"rendered, {geometry}", results[f"rendered, {geometry}"])
        for folder in options.real:
            name = os.path.basename(folder.rstrip("/"))
            sheet = os.path.join(options.sheet, f"{name}.png") if options.sheet else None
            frames = (frame for number, frame in enumerate(dataset_frames(folder)) if not options.most or number < options.most)
            results[name] = measure(painter, frames, False, sheet, 12, pixels)
            real.append(results[name])
            show(name, results[name])
        if real:
            results["mean over sets"] = mean_over_sets(real)
            show("mean over sets", results["mean over sets"])
            results["union of sets"] = {key: round(value, 4) for key, value in confident(pixels).items()}
            print("union of sets", "  ".join(f"{key} {value:.3f}" for key, value in results["union of sets"].items()), flush=True)
        everything[path] = results
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)


if __name__ == "__main__":
    main()
