# SPDX-License-Identifier: Apache-2.0
"""Every stage of the training at toy size, one after the other in one process: python3 smoke.py [--work DIR] [NAME …]

Prints `ok NAME seconds processor-seconds`, `failed NAME reason` or `skipped NAME reason` for each and ends with 1 when one failed. Pictures are 64×48,
networks have their real shapes, data is rendered on the spot. It shows that the stages run and fit together, nothing about what they learn.
"""
import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, HERE)

import cv2
import numpy as np
import onnx
import torch

from painter import blanks, checkpoints, figures, palettes, picture, resnet, stored
from stages import (ablation, between, card, dataset, distill, doubt, evaluate, export, gravity, imagenet, leaderboard, pack, paint, pretrain,
                    quantize, restore, sheet, steady, tune)

WIDTH = 64
SMALL = ["--width", str(WIDTH), "--batch", "2", "--budget-samples", "4", "--fp32", "--shards", "shards"]


class Skipped(Exception):
    """Why a check cannot be made here."""


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def trained(folder, samples=4):
    """A stage's checkpoint: as many samples as asked for, weights that are numbers."""
    state = torch.load(os.path.join(folder, "checkpoint.pt"), map_location="cpu")
    need(state["samples"] == samples, f"{state['samples']} samples instead of {samples}")
    need(all(torch.isfinite(v).all() for v in state["model"].values() if v.dtype.is_floating_point), "weights that are no numbers")
    return state


def lint():
    for tool, package in (("pyflakes", "python3-pyflakes"), ("pycodestyle", "python3-pycodestyle")):
        if subprocess.run([sys.executable, "-c", f"import {tool}"], capture_output=True).returncode:
            raise Skipped(f"{package} is not installed")
        done = subprocess.run([sys.executable, "-m", tool, "worlds", "painter", "stages", "smoke.py"], cwd=HERE, capture_output=True, text=True)
        need(done.returncode == 0, done.stdout)


def rendered():
    """Frames of kinds near and far, and held-out ones. One library of furniture is enough, and a few textures."""
    if not os.path.exists(os.path.join("/usr/share/sweethome3d/furniture", "KatorLegaz.sh3f")):
        raise Skipped("sweethome3d-furniture is not installed")
    few = ["--width", str(WIDTH), "--height", "48", "--library", "KatorLegaz", "--texture-share", "0.02", "--samples", "1", "--shard-frames", "6"]
    apart = ([sys.executable, "-m", "stages.render", "--out", os.path.abspath(out), *more, *few] for out, more in (
        ("shards", ["--frames", "12", "--seed", "1", "--kinds", "table", "bins", "street", "low"]),
        ("heldout", ["--frames", "3", "--seed", "2", "--split", "heldout", "--kinds", "table"])))
    for command in apart:       # by itself, as every other stage would carry its memory along
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
        need(done.returncode == 0, done.stderr)
    with np.load("shards/shard-1-00001.npz") as shard:
        depth = shard["depth"].astype(np.float32)
        need(depth.shape == (6, 48, WIDTH) and shard["rgb"].std() > 5, "an empty shard")
        need(0.05 < np.median(depth[depth > 0]) < 60, "depth that is no depth")
        need(np.abs(np.linalg.norm(shard["up"], axis=1) - 1).max() < 1e-3, "an up vector that is none")


def sheets():
    sheet.main(["shards/shard-1-00000.npz", "sheet.png", "3"])
    need(cv2.imread("sheet.png").shape == (48, WIDTH * 9, 3), "a sheet of another size")


def datasets():
    picture.set_width(WIDTH)
    dataset.main(["--shards", "heldout", "--out", "rendered", "--frames", "3"])
    dataset.main(["--shards", "shards", "--mean-depth", "mean-depth.png"])
    need(len(list(figures.dataset_frames("rendered"))) == 3, "a dataset of another size")
    need(cv2.imread("mean-depth.png", cv2.IMREAD_UNCHANGED).min() > 50, "a mean depth of nothing")


def gravity_of():
    """The up vector and height that the renderer told, from the depth alone."""
    gravity.main(["rendered", "told"])
    with open("rendered/dataset.yaml", encoding="utf-8") as a, open("told/dataset.yaml", encoding="utf-8") as b:
        ups = [[[float(x) for x in line.split("[")[1].split("]")[0].split(",")] for line in f if "up: [" in line] for f in (a, b)]
    need(len(ups[0]) == len(ups[1]) == 3, "pictures are missing")
    apart = np.degrees(np.arccos(np.clip((np.array(ups[0]) * np.array(ups[1])).sum(1), -1, 1)))
    need(apart.min() < 3, f"up vectors {apart.round(1)} degrees from the truth: nowhere is the largest part a level one")


def pretrained():
    pretrain.main([*SMALL, "--out", "generator", "--photographs", "photographs"])
    trained("generator")


def tuned():
    tune.main([*SMALL, "--batch", "6", "--budget-samples", "14", "--out", "teacher", "--init", "generator/checkpoint.pt", "--photographs", "photographs"])
    trained("teacher", 14)


def painted():
    picture.set_width(WIDTH)
    paint.main(["--teacher", "teacher/checkpoint.pt", "--photographs", "photographs", "--count", "64", "--steps", "1.0"])
    with np.load("work/painted/shard-0000.npz") as shard:
        need(shard["rgb"].shape == (64, 48, WIDTH, 3) and (shard["depth"] > 0).mean() > 0.3, "paintings are missing")


def students():
    distill.main([*SMALL, "--out", "first", "--checkpoint", "teacher/checkpoint.pt", "--painted", "work/painted"])
    before = trained("first")["model"]
    shutil.copytree("first", "earlier")
    distill.main([*SMALL, "--budget-samples", "8", "--out", "first", "--strong", "1"])        # goes on
    after = trained("first", 8)["model"]
    need(any((before[k] != after[k]).any() for k in before), "a student that goes on learns nothing")
    between.main(["earlier/checkpoint.pt", "first/checkpoint.pt", "--share", "0.5", "--shards", "shards", "--out", "middle", "--batches", "1"])
    ends = [torch.load(f"{f}/checkpoint.pt")["average"]["scale.2.bias"] for f in ("earlier", "first", "middle")]
    need(torch.allclose((ends[0] + ends[1]) / 2, ends[2], atol=1e-6), "not half way")


def doubting():
    doubt.main(["--out", "doubting", "--checkpoint", "middle/checkpoint.pt", "--shards", "shards", "--others", "first/checkpoint.pt",
                "--photographs", "photographs", "--outside", "photographs", "--rendered", "8", "--pictures", "4", "--steps", "20", "--batch", "2"])
    before, after = (torch.load(f"{f}/checkpoint.pt")["model"] for f in ("middle", "doubting"))
    changed = {k.split(".")[0] for k in before if (before[k] != after[k]).any()}
    need(changed == {"doubt"}, f"doubt changed {sorted(changed)}")
    painter, rng = checkpoints.load_painter("doubting/checkpoint.pt").eval(), np.random.default_rng(1)
    nothing = np.stack([blanks.blank(rng) for _ in range(8)])
    sure = painter.predict(picture.normalise(torch.from_numpy(nothing)), tasks=(palettes.DEPTH,))[2]
    need(float(sure.mean()) < 0.5, f"sure of nothing: {float(sure.mean())}")


def exported():
    """Folded as trained (export.py ends with an error otherwise), smaller forms that the checker accepts."""
    for size, checkpoint in (("s", "doubting/checkpoint.pt"), ("m", "student-m/checkpoint.pt")):
        export.main(["--checkpoint", checkpoint, "--out", f"painter-{size}", "--name", f"painter-{size}", "--version", "0.0.1"])
        quantize.main(["--model", f"painter-{size}/painter-{size}.onnx", "--shards", "shards", "--photographs", "photographs", "--pictures", "2"])
        bytes_ = [os.path.getsize(f"painter-{size}/painter-{size}.{form}onnx") for form in ("", "fp16.", "int8.")]
        need(bytes_[0] > 1.8 * bytes_[1] > 1.8 * bytes_[2], f"sizes {bytes_}")
        whole, small = (onnx.load(f"painter-{size}/painter-{size}.{form}onnx") for form in ("", "int8."))
        need("QuantizeLinear" in {n.op_type for n in small.graph.node}, "nothing is quantised")
        packed = stored.stored(whole)
        onnx.checker.check_model(onnx.shape_inference.infer_shapes(packed, check_type=True, strict_mode=True))
        need(packed.ByteSize() < 0.55 * whole.ByteSize(), f"{packed.ByteSize()} bytes after {whole.ByteSize()}")
        first, again = stored.weights(whole), stored.weights(packed)
        worst = max(float(np.abs(again[k] - v).max() / max(np.abs(v).max(), 1e-9)) for k, v in first.items() if v.dtype == np.float32)
        need(worst < 0.005, f"a stored weight differs by {worst} of the largest of its tensor")


def release_again():
    """Released files as checkpoints that go on training; needs the size that ships. `restore` ends with an error where weights or answers differ."""
    for size in "sm":
        restore.main([os.path.join(HERE, "..", f"painter-{size}", f"painter-{size}.onnx"), "--shards", "shards", "--encoder", "imagenet/encoder.pt",
                      "--batches", "1", "--out", f"restored-{size}"])
        painter = checkpoints.load_painter(f"restored-{size}/checkpoint.pt")
        need(painter.config.width == 192 and painter.config.encoder == {"s": "plain", "m": "resnet18"}[size], "another network")


def photographic():
    """The stage `imagenet` without the network: a file built like the package's, read and folded, answers as its own preprocessing and layers would."""
    encoder = resnet.Encoder().eval()
    for module in encoder.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
    nodes, weights = [], []

    def add(name, sequence):
        tensors = (sequence[0].weight, sequence[1].weight, sequence[1].bias, sequence[1].running_mean, sequence[1].running_var)
        weights.extend(onnx.numpy_helper.from_array(t.detach().numpy(), f"{name}{i}") for i, t in enumerate(tensors))
        nodes.append(onnx.helper.make_node("Conv", ["x", f"{name}0"], [f"{name}c"]))
        nodes.append(onnx.helper.make_node("BatchNormalization", [f"{name}c", *(f"{name}{i}" for i in range(1, 5))], [f"{name}n"]))

    add("stem", encoder.stem)
    for number in range(1, 5):
        for index, block in enumerate(getattr(encoder, f"layer{number}")):
            for part in ("short", "first", "second"):
                if getattr(block, part) is not None:
                    add(f"{number}{index}{part}", getattr(block, part))
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph(nodes, "g", [], [], weights)), "resnet.onnx")
    mine = resnet.Encoder().eval()
    imagenet.read(mine, "resnet.onnx")
    rgb = torch.randint(0, 256, (1, 48, WIDTH, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    theirs = rgb.flip(3).permute(0, 3, 1, 2).float() - torch.tensor(imagenet.MEAN_BGR)[:, None, None]
    with torch.no_grad():
        # Away from the border: outside it, zeros mean another colour for each of the two.
        a, b = (torch.relu(e.stem(x))[:, :, 4:-4, 4:-4] for e, x in ((encoder, theirs), (mine, picture.normalise(rgb))))
    need((a - b).abs().max() < 1e-3 * b.abs().max(), f"the folded stem differs by {float((a - b).abs().max())}")
    need(all((p == q).all() for p, q in zip(encoder.layer4.state_dict().values(), mine.layer4.state_dict().values())), "a layer was not read")
    os.makedirs("imagenet", exist_ok=True)
    torch.save(mine.state_dict(), "imagenet/encoder.pt")


def painted_at_once():
    """painter-m teaches painter-s: its answers on photographs and rendered frames."""
    picture.set_width(WIDTH)
    paint.main(["--teacher", "student-m/checkpoint.pt", "--at-once", "--photographs", "photographs", "--rendered", "shards",
                "--count", "64", "--out", "taught"])
    with np.load("taught/shard-0000.npz") as shard:
        need(shard["rgb"].shape == (64, 48, WIDTH, 3) and (shard["depth"] > 0).mean() > 0.3, "paintings are missing")
    distill.main([*SMALL, "--out", "taught-s", "--checkpoint", "first/checkpoint.pt", "--painted", "taught"])
    trained("taught-s")


def students_m():
    photographic_options = ["--encoder", "imagenet/encoder.pt", "--photographs", "photographs"]
    pretrain.main([*SMALL, "--painter", "m", "--out", "generator-m", "--init", "imagenet", *photographic_options])
    trained("generator-m")
    distill.main([*SMALL, "--init", "imagenet", "--memory", "2", "--photographs-a-step", "1", "--out", "student-m", *photographic_options])
    encoder, learned = torch.load("imagenet/encoder.pt"), trained("student-m")["model"]
    still = {k: (encoder[k] == learned[f"encoder.{k}"]).all() for k in encoder if encoder[k].dtype.is_floating_point}
    need(all(v for k, v in still.items() if k.startswith(("stem", "layer1")) or "running" in k), "what should stay did not")
    need(not all(still.values()), "the encoder learned nothing")


def evaluated():
    evaluate.main(["student-m/checkpoint.pt", "doubting/checkpoint.pt", "--heldout", "heldout", "--frames", "2", "--geometry", "none", "plane",
                   "--real", "rendered",
                   "--json", "figures.json", "--sheet", "."])
    with open("figures.json", encoding="utf-8") as file:
        told = json.load(file)
    for results in told.values():
        need({"rendered, none", "rendered, plane", "rendered", "mean over sets"} <= set(results), f"figures of {sorted(results)}")
        need(0 < results["union of sets"]["union_abs_rel_confident_90"], "figures of the surest pixels that are none")
        need(0 <= results["mean over sets"]["delta1"] <= 1 and results["rendered"]["abs_rel"] > 0, "figures that are none")
    painter = checkpoints.load_painter("doubting/checkpoint.pt").eval()
    walk = palettes.rainbow()[None] * 255
    depth, away = figures.decode_walk(walk.round().astype(np.uint8))
    need(np.all(np.diff(depth[0, :60]) > 0) and away.max() < 1 and painter.config.width == WIDTH, "the colour walk is not decoded")


def carded():
    report = {k: 0.5 for k in ("abs_rel", "delta1", "abs_rel_baseline", "delta1_baseline", "abs_rel_mean_depth", "delta1_mean_depth",
                               "abs_rel_aligned", "delta1_aligned",
                               "abs_rel_aligned_baseline", "delta1_aligned_baseline", "rmse", "log_scale", "log_scale_spread",
                               "delta1_edges", "delta1_edges_aligned",
                               "abs_rel_confident_90", "abs_rel_best_90", "abs_rel_aligned_confident_90", "abs_rel_aligned_best_90", "confidence_auc_aligned",
                               "normal_mean_deg", "normal_median_deg", "normal_within_22", "miou", "object_iou", "instance_ap", "instance_ap_50")}
    report.update(dataset="made up", pictures=1, geometry="none", iou={"floor": 0.25}, flicker=None)
    report["zoom"] = [{"factor": 1.5, "mode": "as_run", "log_ratio_median": 0.1, "log_ratio_spread": 0.2}]
    with open("eval.json", "w", encoding="utf-8") as file:
        json.dump({"datasets": [report]}, file)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        card.main(["eval.json"])
    need("| made up (1), nothing known | .500 / .500 |" in out.getvalue() and ".250" in out.getvalue(), out.getvalue())


def boarded():
    """The mean counts sets alike; a candidate has one line."""
    reports = [{"dataset": name, "pictures": n, "abs_rel": a, **{k: 0.5 for k in leaderboard.FIGURES[1:] + leaderboard.CONSTANTS + leaderboard.FURTHER},
                "log_scale": 0.1} for name, n, a in (("desk", 9, 0.2), ("hall", 1, 0.4), ("street-a", 3, 0.9))]
    with open("real.json", "w", encoding="utf-8") as file:
        json.dump({"datasets": reports}, file)
    for samples in ("1", "2"):
        leaderboard.main(["real.json", "--candidate", "made-up", "--samples", samples, "--board", "board.csv", "--table"])
    with open("board.csv", encoding="utf-8") as file:
        rows = file.read().splitlines()
    need(len(rows) == 2, f"{len(rows)} lines")
    told = dict(zip(rows[0].split(","), rows[1].split(",")))
    need(told["abs_rel"] == "0.5" and told["indoor_abs_rel"] == "0.3" and told["samples"] == "2", rows[1])


def steadied():
    """A scale that is held, and one that jumps by a tenth."""
    for name, jump in (("held", 1.0), ("jumping", 1.1)):
        os.makedirs(name, exist_ok=True)
        for number in range(6):
            depth = np.linspace(900, 2000, WIDTH * 48).reshape(48, WIDTH) * jump ** (number % 2)
            cv2.imwrite(f"{name}/{number}.depth.png", depth.astype(np.uint16))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        steady.main(["held", "jumping"])
    held, jumping = (float(line.split("log scale ")[1].split(",")[0]) for line in out.getvalue().splitlines())
    need(held == 0 and 0.08 < jumping < 0.11, out.getvalue())


def elsewhere():
    """The script for another machine, here without a GPU: packed, rendered and trained there, brought back."""
    pack.main(["--out", "pack", "--photographs", "photographs", "--encoder", "imagenet/encoder.pt", "--library", "KatorLegaz", "--limit-mib", "45"])
    environment = {**os.environ, "PYTHON": sys.executable, "DEVICE": "cpu", "WORKERS": "1", "RENDERERS": "1", "TRAINING_WORK": os.path.abspath("there"),
                   "RENDERING": f"--library KatorLegaz --texture-share 0.02 --shard-frames 3 --width {WIDTH} --height 48 --kinds table"}
    done = subprocess.run(["bash", os.path.join(HERE, "elsewhere.sh"), "pack", "back", "9", "25", "--budget-samples", "2", "--batch", "2", "--fp32",
                           "--width", str(WIDTH), "--photographs-a-step", "1"], env=environment, capture_output=True, text=True)
    need(done.returncode == 0, done.stderr[-1500:])
    parts = sorted(os.listdir("back"))
    need(parts == ["train.log", "weights-0.part", "weights-1.part"], f"{parts} came back")
    need(max(os.path.getsize(f"back/{p}") for p in parts) < 16 * 2 ** 20, "a part is too large")
    pack.main(["--join", "back/weights-0.part", "back/weights-1.part", "--out", "back/checkpoint.pt"])
    mine, theirs = (torch.load(p, map_location="cpu") for p in ("back/checkpoint.pt", "there/m/checkpoint.pt"))
    need(mine["samples"] == 2 and all(torch.allclose(mine["model"][k].float(), v.float(), atol=1e-2, rtol=1e-3) for k, v in theirs["average"].items()),
         "other weights came back than were there")


def ablated():
    out, starts = io.StringIO(), ["random weights", "generator"]
    with contextlib.redirect_stdout(out):
        ablation.main(["--out", "ablation", "--painter", "s", "--shards", "shards", "--heldout", "heldout", "--real", "rendered",
                       "--photographs", "photographs",
                       "--width", str(WIDTH), "--batch", "2", "--frames", "1", "--most", "1", "--seeds", "1", "--pretrain", "2", "--student", "2",
                       "--starts", *starts])
    need(all(f"| {start} | " in out.getvalue() for start in starts), out.getvalue())


CHECKS = {"lint": lint, "render": rendered, "sheet": sheets, "dataset": datasets, "gravity": gravity_of, "pretrain": pretrained,
          "tune": tuned, "paint": painted,
          "distill": students, "doubt": doubting, "imagenet": photographic, "restore": release_again, "distill-m": students_m,
          "taught": painted_at_once, "export": exported,
          "evaluate": evaluated, "card": carded, "leaderboard": boarded, "steady": steadied, "elsewhere": elsewhere, "ablation": ablated}


def photographs(folder):
    """Pictures with something on them that every stage takes for photographs."""
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(5)
    for number in range(3):
        coarse = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        noisy = cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_CUBIC).astype(int) + rng.integers(-20, 20, (240, 320, 3))
        cv2.imwrite(os.path.join(folder, f"made-{number}.png"), np.clip(noisy, 0, 255).astype(np.uint8))


def run(names):
    """Runs the checks in order; returns how many failed."""
    failed = 0
    for name in names:
        begun, cpu, told = time.time(), time.process_time(), io.StringIO()
        try:
            with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
                CHECKS[name]()
            print(f"ok {name} {time.time() - begun:.1f} {time.process_time() - cpu:.1f}", flush=True)
        except Skipped as reason:
            print(f"skipped {name} {reason}", flush=True)
        except (Exception, SystemExit) as problem:
            failed += 1
            print(f"failed {name} {type(problem).__name__}: {str(problem).replace(chr(10), ' | ')}", flush=True)
            print(told.getvalue()[-3000:] + traceback.format_exc(), file=sys.stderr)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"which of {' '.join(CHECKS)}; each needs what those before it wrote into --work")
    parser.add_argument("--work", help="folder to work in; a temporary one otherwise")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or temporary
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        os.environ["PAINTER_WORK"] = os.getcwd()
        photographs("photographs")
        failed = run(options.names or CHECKS)
        os.chdir(HERE)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
