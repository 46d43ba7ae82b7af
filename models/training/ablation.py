# SPDX-License-Identifier: Apache-2.0
"""The seed's claim, tested: the same student budget from random weights, from the generator, and from the tuned teacher.

    /usr/bin/python3 ablation.py --photographs … --heldout work/heldout --real DATASET…

Budgets are pictures, not minutes, so that a busy machine treats every run alike; every stage resumes. Prints a Markdown table.
"""
import argparse
import json
import os
import subprocess
import sys

import numpy as np

STARTS = (("none", "random weights"), ("pretrain", "generator"), ("teacher", "generator, then teacher"))


def stage(script, out, samples, seed, options, *more):
    """Runs a stage unless its folder says that it is done."""
    done = os.path.join(out, "done")
    if not os.path.exists(done):
        subprocess.run([sys.executable, script, "--out", out, "--budget-samples", str(samples), "--seed", str(seed), "--width", str(options.width),
                        "--shards", options.shards, "--batch", str(options.batch), "--rate", str(options.rate), *more], check=True)
        open(done, "w", encoding="utf-8").close()
    return os.path.join(out, "checkpoint.pt")


def evaluated(out, checkpoint, options):
    path = os.path.join(out, "figures.json")
    if not os.path.exists(path):
        subprocess.run([sys.executable, "evaluate.py", checkpoint, "--heldout", options.heldout, "--frames", str(options.frames), "--real", *options.real,
                        "--json", path], check=True)
    with open(path, encoding="utf-8") as file:
        return next(iter(json.load(file).values()))


def told(rows, name, key):
    values = [row[name][key] for row in rows]
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="work/ablation")
    parser.add_argument("--shards", default="work/shards")
    parser.add_argument("--heldout", default="work/heldout")
    parser.add_argument("--real", nargs="*", default=[])
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--frames", type=int, default=256)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pretrain", type=int, default=24000, help="pictures seen by the generator")
    parser.add_argument("--tune", type=int, default=24000, help="pictures seen in instruction tuning")
    parser.add_argument("--student", type=int, default=12000, help="pictures seen by each student")
    options = parser.parse_args()
    generator = stage("pretrain.py", f"{options.out}/pretrain", options.pretrain, 1, options, "--photographs", *options.photographs)
    teacher = stage("tune.py", f"{options.out}/tune", options.tune, 1, options, "--init", generator, "--photographs", *options.photographs)
    results = {init: [] for init, _ in STARTS}
    for seed in range(1, options.seeds + 1):
        for init, _ in STARTS:
            out = f"{options.out}/student-{init}-{seed}"
            more = () if init == "none" else ("--checkpoint", generator if init == "pretrain" else teacher)
            student = stage("distill.py", out, options.student, seed, options, "--init", init, *more)
            results[init].append(evaluated(out, student, options))
    sets = list(next(iter(results.values()))[0])
    rendered = sets[0]
    print(f"\n{options.seeds} seeds, {options.student} pictures a student, {options.width} pixels wide, {options.pretrain} + {options.tune} before\n")
    print("| start | " + " | ".join(f"{s}: AbsRel, aligned" for s in sets) + " | mIoU, rendered | normals, rendered |")
    print("|---" * (len(sets) + 3) + "|")
    for init, name in STARTS:
        rows = results[init]
        cells = [f"{told(rows, s, 'abs_rel')}, {told(rows, s, 'abs_rel_aligned')}" for s in sets]
        print(f"| {name} | " + " | ".join(cells) + f" | {told(rows, rendered, 'miou')} | {told(rows, rendered, 'normal_mean_deg')}° |")


if __name__ == "__main__":
    main()
