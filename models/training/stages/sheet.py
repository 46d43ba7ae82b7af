# SPDX-License-Identifier: Apache-2.0
"""Makes a contact sheet (colour, depth, labels) of frames of a shard: python3 -m stages.sheet SHARD OUT.png [count] [first]."""
import sys

import cv2
import numpy as np

from worlds.classes import COLOURS


def tile(shard, i):
    rgb, depth, label = shard["rgb"][i], shard["depth"][i].astype(np.float32), shard["label"][i]
    scaled = np.clip(np.log(np.maximum(depth, 0.2) / 0.2) / np.log(100), 0, 1)
    walk = cv2.applyColorMap((scaled * 255).astype(np.uint8), cv2.COLORMAP_TURBO)[..., ::-1] * (depth > 0)[..., None]
    colours = np.uint8(COLOURS)[label]
    return np.hstack([rgb, walk.astype(np.uint8), colours])


def main(given=None):
    given = sys.argv[1:] if given is None else given
    path, out = given[:2]
    count, first = (int(x) for x in (given[2:] + ["30", "0"][len(given) - 2:]))
    with np.load(path) as f:
        shard = {k: f[k] for k in ("rgb", "depth", "label")}
    n = len(shard["rgb"])
    picks = np.linspace(first, n - 1, count).astype(int)
    tiles = [tile(shard, i) for i in picks]
    rows = [np.hstack(tiles[i:i + 3]) for i in range(0, len(tiles) - 2, 3)]
    cv2.imwrite(out, np.vstack(rows)[..., ::-1])


if __name__ == "__main__":
    main()
