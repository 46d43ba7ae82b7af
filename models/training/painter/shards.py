# SPDX-License-Identifier: Apache-2.0
"""Rendered frames from shards that a renderer may be rewriting at the same time."""
import glob
import os
import time
import zipfile
import zlib

import numpy as np


class Shards:
    """Frames from a folder of `shard-*.npz`, which a renderer may be rewriting at the same time."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.open, self.order, self.used = [], [], {}

    def _load(self):
        paths = sorted(glob.glob(os.path.join(self.folder, "shard-*.npz")))
        if not paths:
            return False
        # The least used first: a shard that the renderer has just replaced counts as new.
        stamp = {}
        for path in paths:
            try:
                stamp[path] = (path, os.stat(path).st_mtime_ns)
            except FileNotFoundError:
                pass
        if not stamp:
            return False
        path = min(stamp, key=lambda p: (self.used.get(stamp[p], 0), self.rng.random()))
        try:
            with np.load(path) as file:
                shard = {k: file[k] for k in file.files}
        except (OSError, ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile):
            return False
        self.used[stamp[path]] = self.used.get(stamp[path], 0) + 1
        self.open.append(shard)
        if len(self.open) > 3:
            self.open.pop(0)
        self.order = [(s, i) for s in range(len(self.open)) for i in range(len(self.open[s]["rgb"]))]
        self.rng.shuffle(self.order)
        self.order = self.order[: len(shard["rgb"])]
        return True

    def ready(self):
        return bool(self.order) or bool(glob.glob(os.path.join(self.folder, "shard-*.npz")))

    def next(self):
        while not self.order:
            if not self._load():
                time.sleep(1.0)
        shard, index = self.order.pop()
        return {k: v[index] for k, v in self.open[shard].items()}
