# SPDX-License-Identifier: Apache-2.0
"""Stage `leaderboard`: a line of LEADERBOARD.csv, the figures of one candidate in the mean over the sets that `vbedge eval --json` measured.

    vbedge eval shared/data/real/* --model FOLDER --precision fp32 --json > eval.json
    python3 -m stages.leaderboard eval.json --candidate painter-s-0.7.0 --samples 840000

Every set counts alike, however many pictures it has; so does the best constant of each. Sets whose name begins with `street` are left out of `indoor`.
"""
import argparse
import csv
import json
import os

import numpy as np

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIGURES = ("abs_rel", "delta1", "abs_rel_aligned", "delta1_aligned")
CONSTANTS = ("abs_rel_baseline", "delta1_baseline", "abs_rel_aligned_baseline", "delta1_aligned_baseline")
FURTHER = ("abs_rel_confident_90", "log_scale_spread", "normal_median_deg")


def mean(reports, key):
    """The mean over the sets that have the figure, or nothing."""
    values = [r[key] for r in reports if r.get(key) is not None]
    return round(float(np.mean(values)), 4) if values else ""


def line(reports, candidate, samples, note):
    """One candidate's figures by column."""
    indoor = [r for r in reports if not r["dataset"].startswith("street")]
    row = {"candidate": candidate, "samples": samples, "sets": len(reports), "pictures": sum(r["pictures"] for r in reports)}
    row.update({key: mean(reports, key) for key in FIGURES + CONSTANTS + FURTHER})
    row.update({f"indoor_{key}": mean(indoor, key) for key in FIGURES + CONSTANTS})
    row["note"] = note
    return row


def write(path, row):
    """Adds the line, or replaces that of the same candidate."""
    rows = []
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as file:
            rows = [r for r in csv.DictReader(file) if r["candidate"] != row["candidate"]]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows + [row])


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.leaderboard", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("--candidate", required=True)
    parser.add_argument("--samples", type=int, default=0, help="training pictures it has seen, all processes together")
    parser.add_argument("--note", default="")
    parser.add_argument("--board", default=os.path.join(HERE, "LEADERBOARD.csv"))
    parser.add_argument("--table", action="store_true", help="print the sets as Markdown, too")
    options = parser.parse_args(given)
    with open(options.report, encoding="utf-8") as file:
        reports = json.load(file)["datasets"]
    row = line(reports, options.candidate, options.samples, options.note)
    write(options.board, row)
    print(", ".join(f"{k} {v}" for k, v in row.items() if v != ""))
    if options.table:
        print("\n| set (pictures) | unaligned | best constant | median-aligned | its constant | normals, median | log scale |\n|---|---|---|---|---|---|---|")
        entries = sorted(reports, key=lambda r: r["dataset"])
        whole = {key: mean(reports, key) for key in FIGURES + CONSTANTS + ("normal_median_deg",)}
        for r in entries + [{**whole, "dataset": "**mean over the sets**", "pictures": row["pictures"]}]:
            columns = (FIGURES[:2], CONSTANTS[:2], FIGURES[2:], CONSTANTS[2:])
            pairs = [f"{r[a]:.3f} / {r[b]:.3f}".replace("0.", ".") for a, b in columns]
            normals = f"{r['normal_median_deg']:.1f}°" if r.get("normal_median_deg") else "–"
            scale = f"{r['log_scale']:+.2f} ± {r['log_scale_spread']:.2f}" if "log_scale" in r else "–"
            print(f"| {r['dataset']} ({r['pictures']}) | " + " | ".join(pairs) + f" | {normals} | {scale} |")


if __name__ == "__main__":
    main()
