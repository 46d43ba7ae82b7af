# SPDX-License-Identifier: Apache-2.0
"""Stage `ablation`: what a student gains from having generated pictures first, and from having seen ImageNet.

Four starts of painter-m (random weights, ImageNet's encoder, a generator, ImageNet's encoder and then a generator), equal samples of instruction tuning,
several seeds, judged on real sets. Budgets are pictures, not minutes, so that a busy machine treats every run alike; every part resumes.
`--painter s` compares the three starts that painter-s can have. Prints a Markdown table.
"""
import argparse
import importlib
import json
import os

import numpy as np

from stages import evaluate

# A start's name, how the student begins, and how the generator before it began.
STARTS = {"m": {"random weights": ("none", None), "ImageNet": ("imagenet", None), "generator": ("pretrain", "none"),
                "ImageNet, then generator": ("pretrain", "imagenet")},
          "s": {"random weights": ("none", None), "generator": ("pretrain", "none"), "generator, then teacher": ("teacher", "none")}}
COLUMNS = (("abs_rel", "AbsRel"), ("delta1", "δ1"), ("abs_rel_aligned", "AbsRel, aligned"),
           ("delta1_aligned", "δ1, aligned"), ("normal_median_deg", "normals, median"))


def stage(name, out, samples, seed, options, *more):
    """Runs a stage unless its folder says that it is done; returns its checkpoint."""
    done = os.path.join(out, "done")
    if not os.path.exists(done):
        importlib.import_module(f"stages.{name}").main([
            "--out", out, "--budget-samples", str(samples), "--seed", str(seed), "--width", str(options.width), "--shards", options.shards,
            "--batch", str(options.batch), "--rate", str(options.rate), "--painter", options.painter, "--photographs", *options.photographs, *more])
        open(done, "w", encoding="utf-8").close()
    return os.path.join(out, "checkpoint.pt")


def evaluated(out, checkpoint, options):
    path = os.path.join(out, "figures.json")
    if not os.path.exists(path):
        evaluate.main([checkpoint, "--heldout", options.heldout, "--frames", str(options.frames), "--real", *options.real,
                       "--most", str(options.most), "--json", path])
    with open(path, encoding="utf-8") as file:
        return next(iter(json.load(file).values()))


def told(rows, name, key):
    values = [row[name][key] for row in rows if key in row[name]]
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}" if values else "–"


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.ablation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="work/ablation")
    parser.add_argument("--painter", choices=tuple(STARTS), default="m")
    parser.add_argument("--starts", nargs="+", help="some of the starts only")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--heldout", default="work/heldout")
    parser.add_argument("--real", nargs="+", required=True)
    parser.add_argument("--most", type=int, default=0, help="no more pictures of a real set than this")
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--encoder", default="work/imagenet/encoder.pt")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--frames", type=int, default=256)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pretrain", type=int, default=24000, help="pictures seen by a generator")
    parser.add_argument("--tune", type=int, default=24000, help="pictures seen by the teacher (painter-s)")
    parser.add_argument("--student", type=int, default=12000, help="pictures seen by each student")
    options = parser.parse_args(given)
    encoder = ("--encoder", options.encoder)
    results = {}
    for seed in range(1, options.seeds + 1):
        for name, (init, before) in STARTS[options.painter].items():
            if options.starts and name not in options.starts:
                continue
            more = encoder
            if before is not None:
                generator = stage("pretrain", f"{options.out}/generator-{before}", options.pretrain, 1, options, "--init", before, *encoder)
                if init == "teacher":
                    generator = stage("tune", f"{options.out}/teacher", options.tune, 1, options, "--init", generator)
                more += ("--checkpoint", generator)
            out = f"{options.out}/{name.replace(', then ', '+').replace(' ', '-')}-{seed}"
            # Every start may change every weight: only where the weights begin differs.
            student = stage("distill", out, options.student, seed, options, "--init", init, "--encoder-rate", "0.3", "--learn-all", *more)
            results.setdefault(name, []).append(evaluated(out, student, options))
    for name in ("mean over sets", "rendered, none"):
        print(f"\n{name}; {options.seeds} seeds, {options.student} pictures a student, {options.width} pixels wide, generators {options.pretrain}\n")
        print("| start | " + " | ".join(title for _, title in COLUMNS) + " |")
        print("|---" * (len(COLUMNS) + 1) + "|")
        for start, rows in results.items():
            print(f"| {start} | " + " | ".join(told(rows, name, key) for key, _ in COLUMNS) + " |")


if __name__ == "__main__":
    main()
