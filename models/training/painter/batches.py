# SPDX-License-Identifier: Apache-2.0
"""Training batches, made in a worker process so that the trainer's thread only multiplies matrices."""
import multiprocessing
import os
import queue

import cv2
import numpy as np
import torch

from painter import faults, mount, photographs, picture
from painter.palettes import CELL_COLUMNS, CELL_ROWS
from painter.shards import Shards

NO_LABEL = 255                          # in `label`: unknown
NO_OBJECT = 255                         # in `cell`: structure, or an object too small to be told


def cells(instance):
    """For every pixel the cell of the picture in which its object's centre lies, NO_OBJECT where there is none."""
    flat = instance.reshape(-1)
    y, x = np.divmod(np.arange(flat.size), instance.shape[1])
    counts = np.maximum(np.bincount(flat, minlength=256), 1)
    column = np.bincount(flat, x, minlength=256) / counts / instance.shape[1] * CELL_COLUMNS
    row = np.bincount(flat, y, minlength=256) / counts / instance.shape[0] * CELL_ROWS
    cell = row.astype(int) * CELL_COLUMNS + column.astype(int)
    cell[counts < 2e-4 * flat.size] = NO_OBJECT
    cell[0] = NO_OBJECT
    return cell.astype(np.uint8)[instance]


def narrow(rng):
    """The part of the picture that a camera with a narrower view, or another shape of picture, fills; black around it."""
    across, along = rng.uniform(1.0, 2.2, 2) if rng.random() < 0.3 else np.repeat(rng.uniform(1.0, 2.2), 2)
    if rng.random() < 0.2:
        across, along = (1.0, along) if rng.random() < 0.5 else (across, 1.0)
    left, top = int(round(picture.WIDTH * (1 - 1 / across) / 2)), int(round(picture.HEIGHT * (1 - 1 / along) / 2))
    seen = np.zeros((picture.HEIGHT, picture.WIDTH), bool)
    seen[top:picture.HEIGHT - top, left:picture.WIDTH - left] = True
    return seen


def shrink(frame, intrinsics):
    """A frame of a shard at this module's size: colour averaged, everything else the nearest pixel."""
    step = frame["rgb"].shape[1] / picture.WIDTH
    rows, columns = (((np.arange(n) + 0.5) * step).astype(int) for n in (picture.HEIGHT, picture.WIDTH))
    small = {k: frame[k][rows][:, columns] for k in ("depth", "label", "normal", "instance") if k in frame}
    small["rgb"] = cv2.resize(frame["rgb"], (picture.WIDTH, picture.HEIGHT), interpolation=cv2.INTER_AREA)
    intrinsics[:2] /= step
    intrinsics[2:] = (intrinsics[2:] + 0.5) / step - 0.5
    return {**frame, **small}


def prepare(frame, rng, augment=True, geometry="random"):
    """One frame of a shard as the network wants it; depth becomes that of the stated field of view."""
    intrinsics = frame["intrinsics"].astype(np.float64)
    if frame["rgb"].shape[1] != picture.WIDTH:
        frame = shrink(frame, intrinsics)
    rgb, depth = frame["rgb"], frame["depth"].astype(np.float32)
    label, normal = frame["label"], frame["normal"]
    instance = frame.get("instance", np.zeros_like(label))
    up, height = frame["up"].astype(np.float64), frame["height"].astype(np.float64)
    if augment and rng.random() < 0.5:
        rgb, depth, label, normal = rgb[:, ::-1], depth[:, ::-1], label[:, ::-1], normal[:, ::-1].copy()
        instance = instance[:, ::-1]
        normal[..., 0] = -normal[..., 0]
        intrinsics[2] = picture.WIDTH - 1 - intrinsics[2]
        up = up * np.array([-1.0, 1.0, 1.0])
    zoom = picture.FOCAL / intrinsics[0]
    depth = np.where(np.isfinite(depth), depth, 0) * zoom
    known = None
    if geometry == "random":
        dice = rng.random()
        geometry = "none" if dice < 0.5 else "up" if dice < 0.65 else "plane"
    if geometry != "none" and np.linalg.norm(up) > 0.5:
        spread = 1.0 if augment else 0.0
        known = mount.jitter_up(up, rng, spread)
        plane = None
        heights = [h for h in height if np.isfinite(h) and h > 0.02]
        if geometry == "plane" and heights:
            # The support plane is the table when there is one under the view, else the floor; a robot may know either.
            chosen = heights[-1] if (not augment or rng.random() < 0.6) else heights[0]
            plane = chosen * zoom * (np.exp(rng.normal(0, 0.03)) if augment else 1.0)
        channels = mount.geometry_channels(known, plane, intrinsics)
    else:
        channels = mount.geometry_channels()
    cell = cells(instance)
    if augment:
        rgb = faults.disturb(rgb, rng)
        # Narrow views mostly show near things: on a close table they are the rule for arms, in a room the exception.
        if rng.random() < (0.45 if np.median(depth) < 1.4 else 0.3):
            unseen = ~narrow(rng)
            rgb, label, normal = rgb.copy(), label.copy(), normal.copy()
            rgb[unseen], depth[unseen], label[unseen], normal[unseen], cell[unseen] = 0, 0, NO_LABEL, 0, NO_OBJECT
    return {"rgb": np.ascontiguousarray(rgb), "depth": depth.astype(np.float16), "label": np.ascontiguousarray(label),
            "normal": np.ascontiguousarray(normal), "cell": cell, "geometry": channels.astype(np.float16), "up": up.astype(np.float32)}


def _give(out, batch, parent):
    """Waits until the trainer takes a batch. A trainer that was killed takes none any more: then the worker ends too."""
    while True:
        try:
            return out.put(batch, timeout=5)
        except queue.Full:
            if os.getppid() != parent:
                os._exit(0)     # an orderly end would wait for somebody who reads what is left in the pipe


def _work(out, kind, options, seed):
    parent = os.getppid()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    shards = Shards(options["shards"], rng) if options.get("shards") else None
    painted = Shards(options["painted"], rng) if options.get("painted") else None
    images = photographs.load(options["photographs"]) if options.get("photographs") else []
    size = options["batch"]
    while True:
        rows = []
        for _ in range(size):
            if kind == "pictures":
                if images and (rng.random() < options.get("real", 0.4) or not shards.ready()):
                    rgb = photographs.random_crop(images[rng.integers(len(images))], rng)
                else:
                    rgb = shards.next()["rgb"]
                    if rgb.shape[1] != picture.WIDTH:
                        rgb = cv2.resize(rgb, (picture.WIDTH, picture.HEIGHT), interpolation=cv2.INTER_AREA)
                    rgb = rgb[:, ::-1] if rng.random() < 0.5 else rgb
                rows.append({"rgb": np.ascontiguousarray(rgb)})
                continue
            frame, weight = None, 1.0
            if painted is not None and rng.random() < options.get("real", 0.12):
                frame, weight = painted.next(), 0.0
            if frame is None:
                frame = shards.next()
            if options.get("strong") and rng.random() < options["strong"]:
                frame = {**frame, "rgb": faults.strong(frame["rgb"], rng)}
            row = prepare(frame, rng, geometry="random" if weight else "none")
            row["clean"] = np.float32(weight)
            rows.append(row)
        _give(out, {k: np.stack([r[k] for r in rows]) for k in rows[0]}, parent)


class Loader:
    """Batches made by worker processes; to be started before anything touches a GPU."""

    def __init__(self, kind, options, seed, workers=1):
        context = multiprocessing.get_context("fork")
        self.queue = context.Queue(maxsize=6 * workers)
        self.processes = [context.Process(target=_work, args=(self.queue, kind, options, seed + 7919 * n), daemon=True) for n in range(workers)]
        for process in self.processes:
            process.start()

    def next(self):
        while True:
            try:
                batch = self.queue.get(timeout=60)
                break
            except queue.Empty:
                if not all(p.is_alive() for p in self.processes):
                    raise RuntimeError("a data worker died")
        return {k: torch.from_numpy(v) for k, v in batch.items()}

    def close(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join()
