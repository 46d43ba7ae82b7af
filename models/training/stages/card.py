# SPDX-License-Identifier: Apache-2.0
"""The tables of a model card, in Markdown, from what `vbedge eval --json` printed.

    vbedge eval work/rendered DATASET… --mean-depth ../painter-s/mean-depth.png --zoom 1.5 --zoom 0.5 --flicker --json > eval.json
    python3 -m stages.card eval.json [more.json …]
"""
import json
import sys


def number(value, digits=3):
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if 0 <= value < 1 and digits == 3 else text


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def pair(report, first, second):
    return f"{number(report[first])} / {number(report[second])}"


def name(report):
    known = {"none": "nothing known", "up": "gravity known", "plane": "gravity and support plane known"}[report["geometry"]]
    return f"{report['dataset']} ({report['pictures']}), {known}"


def main(given=None):
    reports = []
    for path in sys.argv[1:] if given is None else given:
        with open(path, encoding="utf-8") as file:
            reports += json.load(file)["datasets"]
    if not reports:
        raise SystemExit(__doc__)
    table(["depth: AbsRel / δ1", "unaligned", "best constant", "mean depth at each pixel", "median-aligned", "its constant", "RMSE, m", "log scale"],
          [[name(r), pair(r, "abs_rel", "delta1"), pair(r, "abs_rel_baseline", "delta1_baseline"), pair(r, "abs_rel_mean_depth", "delta1_mean_depth"),
            pair(r, "abs_rel_aligned", "delta1_aligned"), pair(r, "abs_rel_aligned_baseline", "delta1_aligned_baseline"), number(r["rmse"], 2),
            f"{r['log_scale']:+.2f} ± {r['log_scale_spread']:.2f}"] for r in reports])
    table(["edges and confidence", "δ1 within 3 px of an edge, aligned", "AbsRel without the 10 % least confident (without the most wrong)", "aligned",
           "AUC, aligned", "flicker, mean / p95"],
          [[name(r), pair(r, "delta1_edges", "delta1_edges_aligned"),
            f"{number(r['abs_rel_confident_90'])} ({number(r['abs_rel_best_90'])}) of {number(r['abs_rel'])}",
            f"{number(r['abs_rel_aligned_confident_90'])} ({number(r['abs_rel_aligned_best_90'])}) of {number(r['abs_rel_aligned'])}",
            number(r["confidence_auc_aligned"], 2),
            f"{number(r['flicker']['log_std_mean'])} / {number(r['flicker']['log_std_p95'])}" if r.get("flicker") else "–"] for r in reports])
    table(["normals", "mean", "median", "within 22.5°"],
          [[name(r), f"{number(r['normal_mean_deg'], 1)}°", f"{number(r['normal_median_deg'], 1)}°", f"{100 * r['normal_within_22']:.0f} %"] for r in reports])
    zooms = [(r, z) for r in reports for z in r.get("zoom") or []]
    table(["the same picture at another focal length", "factor", "mode", "log(metres there / metres here)"],
          [[name(r), number(z["factor"], 2), z["mode"], f"{z['log_ratio_median']:+.3f} ± {z['log_ratio_spread']:.3f}"] for r, z in zooms])
    table(["labels and objects", "mIoU", "object IoU", "instance AP", "AP at 0.5"],
          [[name(r), number(r["miou"]), number(r["object_iou"]), number(r["instance_ap"]), number(r["instance_ap_50"])] for r in reports])
    classed = [r for r in reports if r["iou"]]
    if classed:
        table(["IoU"] + [name(r) for r in classed], [[c] + [number(r["iou"].get(c)) for r in classed] for c in classed[0]["iou"]])


if __name__ == "__main__":
    main()
