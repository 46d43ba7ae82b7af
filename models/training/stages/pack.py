# SPDX-License-Identifier: Apache-2.0
"""Stage `pack`: everything that a training of painter-m needs, as one folder for a machine without a network, and its result brought back.

    python3 -m stages.pack --out ../../.pack --photographs $photographs          # at home
    bash models/training/elsewhere.sh .pack $OUT 9 25                            # there: 9 minutes a call, 25 in all; again until they are spent
    python3 -m stages.pack --join FILES --out work/elsewhere/checkpoint.pt       # at home

The folder holds the code, Embree, the furniture at less detail, photographs of 288 pixels and the encoder in half precision; `--limit-mib` is what it may
weigh. The machine needs Python 3.11 or later with PyTorch, OpenCV and NumPy.
"""
import argparse
import glob
import io
import os
import shutil
import tarfile

import cv2
import numpy as np
import torch

from painter import checkpoints, photographs
from worlds import furniture
from worlds.textures import Atlas

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DETAIL = (1500, 96)         # triangles a model, texels a side
LIBRARIES = ("libembree3.so.3", "libtbb.so.12")
PART = 15 * 2 ** 20         # bytes: machines give files back that are smaller than 16 MiB


def code(path):
    with tarfile.open(path, "w:gz") as archive:
        for room in ("worlds", "painter", "stages"):
            for file in sorted(glob.glob(os.path.join(HERE, room, "*.py"))):
                archive.add(file, f"{room}/{os.path.basename(file)}")


def libraries(path):
    with tarfile.open(path, "w:xz", preset=0) as archive:
        for name in LIBRARIES:
            found = [p for folder in ("/usr/lib/*-linux-gnu", "/usr/lib", "/usr/local/lib") for p in glob.glob(os.path.join(folder, name))]
            if not found:
                raise SystemExit(f"{name} is not installed (Debian: libembree3-3)")
            archive.add(os.path.realpath(found[0]), name)


def models(folder, library):
    """The cache of the furniture, compressed."""
    furniture.Catalogue(Atlas(), "train", *DETAIL, library)       # makes it
    with np.load(furniture.cache_path(*DETAIL, library)) as file:
        arrays = {k: file[k] for k in file.files}
    # Half a millimetre of a metre is enough.
    arrays.update({k: arrays[k].astype(np.float16) for k in ("tri", "uv")})
    np.savez_compressed(os.path.join(folder, os.path.basename(furniture.cache_path(*DETAIL, library))), **arrays)


def pictures(folder, roots):
    os.makedirs(folder, exist_ok=True)
    found = photographs.load(roots, 288)
    for number, rgb in enumerate(found):
        cv2.imwrite(os.path.join(folder, f"{number:04d}.jpg"), rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    return len(found)


def halves(state):
    return {k: v.half() if v.dtype == torch.float32 else v for k, v in state.items()}


def pack(options):
    shutil.rmtree(options.out, ignore_errors=True)
    os.makedirs(options.out)
    code(os.path.join(options.out, "code.tar.gz"))
    libraries(os.path.join(options.out, "libraries.tar.xz"))
    models(options.out, options.library)
    count = pictures(os.path.join(options.out, "photographs"), options.photographs)
    torch.save(halves(torch.load(options.encoder, map_location="cpu")), os.path.join(options.out, "encoder.pt"))
    total = sum(os.path.getsize(os.path.join(folder, f)) for folder, _, files in os.walk(options.out) for f in files)
    print(f"{options.out}: {total / 2 ** 20:.1f} MiB, {count} photographs")
    if total > options.limit_mib * 2 ** 20:
        raise SystemExit(f"more than {options.limit_mib} MiB")


def split(options):
    """A checkpoint's moving average in half precision, in parts."""
    state = torch.load(options.split, map_location="cpu")
    kept = {"config": state["config"], "step": state["step"], "samples": state["samples"], "elapsed": state["elapsed"], "model": halves(state["average"])}
    buffer = io.BytesIO()
    torch.save(kept, buffer)
    raw = buffer.getvalue()
    os.makedirs(options.out, exist_ok=True)
    for number, first in enumerate(range(0, len(raw), PART)):
        with open(os.path.join(options.out, f"weights-{number}.part"), "wb") as file:
            file.write(raw[first:first + PART])


def join(options):
    """The parts as a checkpoint again."""
    raw = b""
    for path in sorted(options.join):
        with open(path, "rb") as file:
            raw += file.read()
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    with open(options.out, "wb") as file:
        file.write(raw)
    painter = checkpoints.load_painter(options.out)
    print(f"{options.out}: {torch.load(options.out, map_location='cpu')['samples']} samples, encoder {painter.config.encoder}")


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.pack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--photographs", nargs="+", default=[])
    parser.add_argument("--encoder", default="work/imagenet/encoder.pt")
    parser.add_argument("--library", help="one library of sweethome3d-furniture alone, for trials")
    parser.add_argument("--limit-mib", type=float, default=60)
    parser.add_argument("--split", help="a checkpoint there, to be brought back in parts")
    parser.add_argument("--join", nargs="+", help="its parts")
    options = parser.parse_args(given)
    (split if options.split else join if options.join else pack)(options)


if __name__ == "__main__":
    main()
