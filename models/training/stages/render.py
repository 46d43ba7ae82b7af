# SPDX-License-Identifier: Apache-2.0
"""Stage `render`: training shards, pictures of made-up places with true metric depth, classes and normals (WORLDS.md)."""
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

from worlds.frames import frames, studio
from worlds.kinds import KINDS

cv2.setNumThreads(1)


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


def main(arguments=None):
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
    parser.add_argument("--kinds", nargs="+", choices=tuple(KINDS), default=tuple(KINDS), help="kinds of scenes; between them the shares stay as in KINDS")
    parser.add_argument("--shard-frames", type=int, default=256)
    parser.add_argument("--texture-share", type=float, default=1.0, help="share of the procedural textures that are made: less starts sooner")
    parser.add_argument("--furniture", type=int, nargs=2, default=(2500, 192), metavar=("TRIANGLES", "TEXELS"), help="detail of the library's models")
    parser.add_argument("--library", help="one library of sweethome3d-furniture alone, for trials")
    parser.add_argument("--samples", type=int, default=2, help="light and ambient rays per shaded point")
    a = parser.parse_args(arguments)
    os.makedirs(a.out, exist_ok=True)
    hfov = tuple(a.hfov_range) if a.hfov_range else (a.hfov - 2, a.hfov + 2)
    have = shards(a.out, a.seed)
    index = have[-1] + 1 if have else 0
    s = studio(a.seed, a.split, *a.furniture, library=a.library, count=a.texture_share)
    # Scenes are numbered from the shard's index so that a resumed run draws new ones.
    source = frames(s, a.seed, index * a.shard_frames, (a.width, a.height), hfov, a.kinds, a.samples)
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
        if len(batch) == a.shard_frames or last:
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
