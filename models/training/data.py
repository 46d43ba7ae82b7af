# SPDX-License-Identifier: Apache-2.0
"""Training data: shards of rendered rooms, unlabelled photographs, camera faults, and the geometry a robot may know.

Everything here runs in a worker process, so that the trainer's thread only multiplies matrices.
"""
import glob
import multiprocessing
import os
import queue
import time
import zipfile
import zlib

import cv2
import numpy as np
import torch

import network

WIDTH, HEIGHT = 192, 144
HFOV_DEG = 60.0
FOCAL = WIDTH / 2 / np.tan(np.radians(HFOV_DEG / 2))
NO_LABEL = 255                          # in `label`: unknown
NO_OBJECT = 255                         # in `cell`: structure, or an object too small to be told
# Pictures that are truth or test data elsewhere in the project never enter training.
HELD_BACK = ("aloe", "motorcycle", "tsukuba", "left", "right", "vtest", "box", "graf", "leuven", "chessboard", "disp", "depth", "mask")




def set_width(width):
    """Another size of the same picture (4:3, 60 degrees, a multiple of 64), for experiments; before any loader starts."""
    global WIDTH, HEIGHT, FOCAL
    WIDTH, HEIGHT = width, width * 3 // 4
    FOCAL = WIDTH / 2 / np.tan(np.radians(HFOV_DEG / 2))


# ---------------------------------------------------------------------------------------------- sources

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


def photograph_paths(roots):
    """Colour photographs in the given folders, large enough to be worth a crop."""
    out = []
    for root in roots:
        for path in sorted(glob.glob(os.path.join(root, "**", "*"), recursive=True)):
            name = os.path.basename(path).lower()
            if name.endswith((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")) and not any(w in name for w in HELD_BACK) and os.path.getsize(path) > 12000:
                out.append(path)
    return out


def load_photographs(roots, side=720):
    """Photographs as RGB arrays, shrunk; drawings and grey pictures are left out."""
    out = []
    for path in photograph_paths(roots):
        picture = cv2.imread(path, cv2.IMREAD_COLOR)
        if picture is None or min(picture.shape[:2]) < 200:
            continue
        factor = side / max(picture.shape[:2])
        if factor < 1:
            picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        small = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
        if np.abs(small - small.mean(2, keepdims=True)).mean() < 2.0 or len(np.unique((small / 8).astype(int).reshape(-1, 3), axis=0)) < 250:
            continue
        out.append(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    return out


def random_crop(picture, rng):
    h, w = picture.shape[:2]
    most = min(w / WIDTH, h / HEIGHT)
    factor = rng.uniform(min(0.7 * most, most), most)
    cw, ch = int(WIDTH * factor), int(HEIGHT * factor)
    x, y = rng.integers(0, w - cw + 1), rng.integers(0, h - ch + 1)
    out = cv2.resize(picture[y:y + ch, x:x + cw], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if factor > 1 else cv2.INTER_LINEAR)
    return np.ascontiguousarray(out[:, ::-1]) if rng.random() < 0.5 else out


# ---------------------------------------------------------------------------------------------- camera faults

def disturb(rgb, rng, strength=1.0):
    """One picture as a poor camera would have taken it. uint8 in, uint8 out."""
    x = rgb.astype(np.float32) / 255.0
    p = rng.random(16)
    if p[0] < 0.6 * strength:
        mix = np.eye(3, dtype=np.float32) + rng.normal(0, 0.08, (3, 3)).astype(np.float32)
        x = np.clip(x @ (mix / mix.sum(1, keepdims=True) * rng.normal(1, 0.08, (3, 1)).astype(np.float32)).T, 0, 1)
    if p[1] < 0.4 * strength:
        grey = x.mean(2, keepdims=True)
        x = np.clip(grey + (x - grey) * rng.uniform(0.2, 1.6), 0, 1)
    if p[2] < 0.08 * strength:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    if p[3] < 0.7 * strength:
        x = np.power(np.maximum(x, 1e-4), np.float32(np.exp(rng.normal(0, 0.3))))
    if p[4] < 0.7 * strength:
        x = x * np.float32(np.exp(rng.normal(0, 0.25))) + np.float32(rng.normal(0, 0.03))
    if p[5] < 0.15 * strength:
        rows = np.arange(x.shape[0], dtype=np.float32)[:, None, None]
        x = x * (1 + rng.uniform(0.03, 0.15) * np.sin(rows * rng.uniform(0.03, 0.2) + rng.uniform(0, 6.3)).astype(np.float32))
    if p[6] < 0.25 * strength:
        yy, xx = np.mgrid[-1:1:x.shape[0] * 1j, -1:1:x.shape[1] * 1j].astype(np.float32)
        x = x * (1 - np.float32(rng.uniform(0, 0.4)) * (xx * xx + yy * yy)[..., None] / 2)
    if p[7] < 0.2 * strength:
        factor = rng.uniform(0.4, 0.9)
        small = cv2.resize(x, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        x = cv2.resize(small, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_LINEAR)
    if p[8] < 0.3 * strength:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 1.3))
    if p[9] < 0.12 * strength:
        length = int(rng.integers(3, 8))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        c = (length - 1) / 2
        cv2.line(kernel, (int(round(c - c * np.cos(angle))), int(round(c - c * np.sin(angle)))),
                 (int(round(c + c * np.cos(angle))), int(round(c + c * np.sin(angle)))), 1.0)
        x = cv2.filter2D(x, -1, kernel / kernel.sum())
    if p[10] < 0.5 * strength:
        noise = rng.standard_normal((x.shape[0], x.shape[1], 3), dtype=np.float32)
        if rng.random() < 0.3:
            noise = cv2.GaussianBlur(noise, (0, 0), 0.7) * 2
        x = x + noise * np.float32(rng.uniform(0.0, 0.045))
    x = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    if p[11] < 0.4 * strength:
        _, data = cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 96))])
        x = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if p[12] < 0.12 * strength:
        h, w = int(rng.integers(8, 40)), int(rng.integers(8, 50))
        top, left = int(rng.integers(0, HEIGHT - h)), int(rng.integers(0, WIDTH - w))
        x[top:top + h, left:left + w] = rng.integers(0, 256, 3)
    return x


# ---------------------------------------------------------------------------------------------- what a robot knows

def rays(intrinsics):
    fx, fy, cx, cy = (float(v) for v in intrinsics)
    u, v = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    return (u - cx) / fx, (v - cy) / fy


def plane_inverse_depth(up, height, intrinsics):
    """1/z of the plane `height` metres below the camera at every pixel, 0 where the ray never meets it."""
    x, y = rays(intrinsics)
    down = -(up[0] * x + up[1] * y + up[2])
    inverse = down / max(float(height), 1e-3)
    return np.where(inverse > 1.0 / network.MAX_DEPTH, np.minimum(inverse, 8.0), 0.0).astype(np.float32)


def geometry_channels(up=None, height=None, intrinsics=None):
    """The five channels of the contract: plane inverse depth, its validity, up vector; zeros where unknown."""
    out = np.zeros((5, HEIGHT, WIDTH), np.float32)
    if up is not None:
        out[2:5] = np.asarray(up, np.float32)[:, None, None]
        if height is not None:
            out[0] = plane_inverse_depth(up, height, intrinsics)
            out[1] = out[0] > 0
    return out


def jitter_up(up, rng, degrees):
    axis = np.cross(up, rng.standard_normal(3))
    axis /= np.linalg.norm(axis) + 1e-9
    out = up + axis * np.radians(rng.normal(0, degrees))
    return out / np.linalg.norm(out)


def cells(instance):
    """For every pixel the cell of the picture in which its object's centre lies, NO_OBJECT where there is none."""
    flat = instance.reshape(-1)
    y, x = np.divmod(np.arange(flat.size), instance.shape[1])
    counts = np.maximum(np.bincount(flat, minlength=256), 1)
    column = np.bincount(flat, x, minlength=256) / counts / instance.shape[1] * network.CELL_COLUMNS
    row = np.bincount(flat, y, minlength=256) / counts / instance.shape[0] * network.CELL_ROWS
    cell = row.astype(int) * network.CELL_COLUMNS + column.astype(int)
    cell[counts < 2e-4 * flat.size] = NO_OBJECT
    cell[0] = NO_OBJECT
    return cell.astype(np.uint8)[instance]


def narrow(rng):
    """The part of the picture that a camera with a narrower view, or another shape of picture, fills; black around it."""
    across, along = rng.uniform(1.0, 2.2, 2) if rng.random() < 0.3 else np.repeat(rng.uniform(1.0, 2.2), 2)
    if rng.random() < 0.2:
        across, along = (1.0, along) if rng.random() < 0.5 else (across, 1.0)
    left, top = int(round(WIDTH * (1 - 1 / across) / 2)), int(round(HEIGHT * (1 - 1 / along) / 2))
    seen = np.zeros((HEIGHT, WIDTH), bool)
    seen[top:HEIGHT - top, left:WIDTH - left] = True
    return seen


def shrink(frame, intrinsics):
    """A frame of a shard at this module's size: colour averaged, everything else the nearest pixel."""
    step = frame["rgb"].shape[1] / WIDTH
    rows, columns = (((np.arange(n) + 0.5) * step).astype(int) for n in (HEIGHT, WIDTH))
    small = {k: frame[k][rows][:, columns] for k in ("depth", "label", "normal", "instance") if k in frame}
    small["rgb"] = cv2.resize(frame["rgb"], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    intrinsics[:2] /= step
    intrinsics[2:] = (intrinsics[2:] + 0.5) / step - 0.5
    return {**frame, **small}


def prepare(frame, rng, augment=True, geometry="random"):
    """One frame of a shard as the network wants it; depth becomes that of the stated field of view."""
    intrinsics = frame["intrinsics"].astype(np.float64)
    if frame["rgb"].shape[1] != WIDTH:
        frame = shrink(frame, intrinsics)
    rgb, depth = frame["rgb"], frame["depth"].astype(np.float32)
    label, normal = frame["label"], frame["normal"]
    instance = frame.get("instance", np.zeros_like(label))
    up, height = frame["up"].astype(np.float64), frame["height"].astype(np.float64)
    if augment and rng.random() < 0.5:
        rgb, depth, label, normal = rgb[:, ::-1], depth[:, ::-1], label[:, ::-1], normal[:, ::-1].copy()
        instance = instance[:, ::-1]
        normal[..., 0] = -normal[..., 0]
        intrinsics[2] = WIDTH - 1 - intrinsics[2]
        up = up * np.array([-1.0, 1.0, 1.0])
    zoom = FOCAL / intrinsics[0]
    depth = np.where(np.isfinite(depth), depth, 0) * zoom
    known = None
    if geometry == "random":
        dice = rng.random()
        geometry = "none" if dice < 0.5 else "up" if dice < 0.65 else "plane"
    if geometry != "none" and np.linalg.norm(up) > 0.5:
        spread = 1.0 if augment else 0.0
        known = jitter_up(up, rng, spread)
        plane = None
        heights = [h for h in height if np.isfinite(h) and h > 0.02]
        if geometry == "plane" and heights:
            # The support plane is the table when there is one under the view, else the floor; a robot may know either.
            chosen = heights[-1] if (not augment or rng.random() < 0.6) else heights[0]
            plane = chosen * zoom * (np.exp(rng.normal(0, 0.03)) if augment else 1.0)
        channels = geometry_channels(known, plane, intrinsics)
    else:
        channels = geometry_channels()
    cell = cells(instance)
    if augment:
        rgb = disturb(rgb, rng)
        # Narrow views mostly show near things: on a close table they are the rule for arms, in a room the exception.
        if rng.random() < (0.45 if np.median(depth) < 1.4 else 0.3):
            unseen = ~narrow(rng)
            rgb, label, normal = rgb.copy(), label.copy(), normal.copy()
            rgb[unseen], depth[unseen], label[unseen], normal[unseen], cell[unseen] = 0, 0, NO_LABEL, 0, NO_OBJECT
    return {"rgb": np.ascontiguousarray(rgb), "depth": depth.astype(np.float16), "label": np.ascontiguousarray(label),
            "normal": np.ascontiguousarray(normal), "cell": cell, "geometry": channels.astype(np.float16), "up": up.astype(np.float32)}


# ---------------------------------------------------------------------------------------------- batches

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
    photographs = load_photographs(options["photographs"]) if options.get("photographs") else []
    size = options["batch"]
    while True:
        rows = []
        for _ in range(size):
            if kind == "pictures":
                if photographs and (rng.random() < options.get("real", 0.4) or not shards.ready()):
                    picture = random_crop(photographs[rng.integers(len(photographs))], rng)
                else:
                    picture = shards.next()["rgb"]
                    if picture.shape[1] != WIDTH:
                        picture = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
                    picture = picture[:, ::-1] if rng.random() < 0.5 else picture
                rows.append({"rgb": np.ascontiguousarray(picture)})
                continue
            frame, weight = None, 1.0
            if painted is not None and rng.random() < options.get("real", 0.12):
                frame, weight = painted.next(), 0.0
            if frame is None:
                frame = shards.next()
            row = prepare(frame, rng, geometry="random" if weight else "none")
            row["clean"] = np.float32(weight)
            rows.append(row)
        _give(out, {k: np.stack([r[k] for r in rows]) for k in rows[0]}, parent)


class Loader:
    """Batches made by one worker process at a lower priority than the trainer's own thread would like."""

    def __init__(self, kind, options, seed):
        context = multiprocessing.get_context("fork")
        self.queue = context.Queue(maxsize=6)
        self.process = context.Process(target=_work, args=(self.queue, kind, options, seed), daemon=True)
        self.process.start()

    def next(self):
        while True:
            try:
                batch = self.queue.get(timeout=60)
                break
            except queue.Empty:
                if not self.process.is_alive():
                    raise RuntimeError("the data worker died")
        return {k: torch.from_numpy(v) for k, v in batch.items()}

    def close(self):
        self.process.terminate()
        self.process.join()


def normalise(rgb):
    """uint8 [B,H,W,3] to the network's input [B,3,H,W]."""
    x = rgb.permute(0, 3, 1, 2).float() / 255.0
    mean, std = torch.tensor(network.IMAGE_MEAN)[:, None, None], torch.tensor(network.IMAGE_STD)[:, None, None]
    return (x - mean) / std
