"""Renders training shards: pictures of made-up rooms, tables, halls and yards with true metric depth, classes and normals.

    /usr/bin/python3 models/training/rooms.py --out DIR --frames 20000 --seed 1 [--max-shards 80] [--duty 0.25]

A shard is an .npz of 256 frames: rgb, depth (m, z; 0 = none), label, instance, normal (optical frame, x127), intrinsics
(fx fy cx cy, pixel centres integer), up (optical frame), height (m above floor, above the table in view or NaN).
See ROOMS.md. Needs Debian's python3-open3d, python3-opencv and sweethome3d-furniture.
"""
import argparse
import glob
import os
import re
import sys
import time

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import cv2
import numpy as np

import classes as C
import views
from catalogue import Catalogue
from layouts import Studio
from prefabs import Kit
from prints import PRINTED
from render import develop, render
from textures import TILED, Atlas

cv2.setNumThreads(1)
SHARD = 256
# kind of scene -> (share of the frames, frames taken of each)
MIX = {"room": (0.36, 8), "table": (0.35, 8), "object": (0.18, 8), "corridor": (0.03, 6), "warehouse": (0.03, 6), "yard": (0.05, 6)}


def studio(seed, split="train", limit=2500, texture_size=192, library=None, count=1.0):
    """Atlas, library and kit. The held-out split has its own procedural textures too."""
    rng = np.random.default_rng(seed)
    atlas = Atlas()
    bank = np.random.default_rng([seed, 77 if split == "train" else 78])
    for group, (make, n) in {**TILED, **PRINTED}.items():
        for _ in range(max(1, int(n * count))):
            made = make(bank)
            image, extent = made if isinstance(made, tuple) else (made, (1.0, 1.0))
            atlas.add(image, extent, group)
    catalogue = Catalogue(atlas, split, limit, texture_size, library)
    atlas.freeze()
    return Studio(atlas, catalogue, Kit(atlas, rng), rng)


def layout(s, kind):
    """A world of a kind, and the support it is about (tables only)."""
    if kind == "table":
        return s.tabletop()
    if kind == "object":
        return s.room(people=int(s.rng.integers(1, 4))), None
    return getattr(s, kind)(), None


def propose(rng, kind, room, support, size, hfov):
    if kind == "table":
        return views.at_table(rng, room, support, size, hfov)
    if kind == "object":
        return views.at_object(rng, room, size, hfov)
    if kind == "room" and rng.random() < 0.1:
        return views.at_floor(rng, room, size, hfov)
    if kind == "yard" and rng.random() < 0.5:
        return views.at_object(rng, room, size, hfov)
    return views.in_room(rng, room, size, hfov)


def plane_height(frame, view):
    """Camera height above the level table or cabinet top in view (m), NaN when less than a tenth of the picture shows one."""
    level = (frame.normal @ view.up > 0.97) & np.isin(frame.label, (C.TABLE, C.CABINET))
    if level.mean() < 0.1:
        return np.nan
    v, u = np.nonzero(level)
    optical = view.rays(u.astype(np.float32), v.astype(np.float32)) * frame.depth[level][:, None]
    return float(np.median(-(optical @ view.up)))


def sample(frame, view, rng):
    """The arrays of one frame as the shard stores them."""
    ids, inverse = np.unique(frame.instance, return_inverse=True)
    compact = np.where(ids == 0, 0, np.minimum(np.cumsum(ids > 0), 255))[inverse].reshape(frame.instance.shape)
    depth = frame.depth.astype(np.float16)
    return {"rgb": develop(frame.radiance, rng), "depth": np.where(np.isfinite(depth), depth, 0).astype(np.float16),
            "label": frame.label, "instance": compact.astype(np.uint8), "normal": np.round(frame.normal * 127).astype(np.int8),
            "intrinsics": np.float32([view.fx, view.fy, view.cx, view.cy]), "up": view.up.astype(np.float32),
            "height": np.float32([view.position[2], plane_height(frame, view)])}


def frames(s, seed, start, size, hfov_range, kinds=tuple(MIX), quality=2):
    """Endless samples. Scene k of a seed is always the same, so a run can go on where it stopped."""
    weights = np.array([MIX[k][0] / MIX[k][1] for k in kinds])
    number = start
    while True:
        s.reseed([seed, number])
        rng = s.rng
        number += 1
        kind = str(rng.choice(kinds, p=weights / weights.sum()))
        room, support = layout(s, kind)
        if not room.world.lights and room.world.sky is None:
            room.world.ambient = np.maximum(room.world.ambient, 0.3)
        scene = room.world.finish()
        done, tries = 0, 0
        while done < MIX[kind][1] and tries < 60:
            tries += 1
            view = propose(rng, kind, room, support, size, rng.uniform(*hfov_range))
            if not views.inside(room, view.position) or not views.acceptable(scene, view):
                continue
            done += 1
            frame = render(scene, view, rng, samples=quality)
            yield number, sample(frame, view, rng)


def write(path, batch):
    arrays = {k: np.stack([b[k] for b in batch]) for k in batch[0]}
    temporary = f"{path}.part"
    with open(temporary, "wb") as f:
        np.savez(f, **arrays)
    os.replace(temporary, path)


def shards(out, seed):
    """Shard indices of this seed that lie in the folder, sorted."""
    found = (re.fullmatch(rf"shard-{seed}-(\d+)\.npz", os.path.basename(p)) for p in glob.glob(os.path.join(out, "*.npz")))
    return sorted(int(m[1]) for m in found if m)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--frames", type=int, required=True, help="stop after this many new frames (0: the budget alone counts)")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--height", type=int, default=144)
    parser.add_argument("--hfov", type=float, default=60.0, help="degrees; drawn within 2 degrees of it")
    parser.add_argument("--hfov-range", type=float, nargs=2, help="degrees; drawn anywhere between")
    parser.add_argument("--budget-minutes", type=float, default=0)
    parser.add_argument("--max-shards", type=int, default=0, help="keep the newest K shards of this seed (a ring)")
    parser.add_argument("--duty", type=float, default=1.0, help="share of a processor to use once --duty-after shards exist")
    parser.add_argument("--duty-after", type=int, default=0, help="shards of this seed that are rendered at full speed first")
    parser.add_argument("--split", choices=("train", "heldout"), default="train")
    parser.add_argument("--kinds", nargs="+", choices=tuple(MIX), default=tuple(MIX), help="kinds of scenes; between them the shares stay as in MIX")
    parser.add_argument("--samples", type=int, default=2, help="light and ambient rays per shaded point")
    a = parser.parse_args()
    os.makedirs(a.out, exist_ok=True)
    hfov = tuple(a.hfov_range) if a.hfov_range else (a.hfov - 2, a.hfov + 2)
    have = shards(a.out, a.seed)
    index = have[-1] + 1 if have else 0
    s = studio(a.seed, a.split)
    # Scenes are numbered from the shard's index so that a resumed run draws new ones.
    source = frames(s, a.seed, index * SHARD, (a.width, a.height), hfov, a.kinds, a.samples)
    start, made, batch = time.monotonic(), 0, []
    scene, used = None, time.process_time()
    for number, item in source:
        if number != scene:
            if a.duty < 1 and len(have) >= a.duty_after:
                time.sleep((time.process_time() - used) * (1 / a.duty - 1))
            scene, used = number, time.process_time()
        batch.append(item)
        made += 1
        last = a.frames and made >= a.frames
        late = a.budget_minutes and time.monotonic() - start > a.budget_minutes * 60
        if len(batch) == SHARD or last:
            write(os.path.join(a.out, f"shard-{a.seed}-{index:05d}.npz"), batch)
            batch, index = [], index + 1
            have = shards(a.out, a.seed)
            for old in have[:-a.max_shards] if a.max_shards else []:
                os.remove(os.path.join(a.out, f"shard-{a.seed}-{old:05d}.npz"))
            spent = time.monotonic() - start
            rate = made / spent
            left = (a.frames - made) / rate / 60 if a.frames else max(0.0, a.budget_minutes - spent / 60)
            print(f"shard {index - 1}: {made} frames, {rate:.1f} frames/s, {made / time.process_time():.1f} a processor second, "
                  f"{spent / 60:.1f} min gone, {left:.1f} min to go", flush=True)
        if last or late:
            break


if __name__ == "__main__":
    sys.exit(main())
