# SPDX-License-Identifier: Apache-2.0
"""Figures of a painter on rendered frames and on datasets in the SDK's layout, decoded from 8-bit paintings.

The shipped tables come from `vbedge eval`; these are for choosing checkpoints.
"""
import glob
import os
import re

import cv2
import numpy as np
import torch

from painter import batches, palettes, picture
from worlds import classes


def decode_walk(rgb):
    """8-bit painting [H,W,3] to metres and the distance from the walk (8-bit units)."""
    corners = palettes.rainbow()[::9] * 255.0
    flat = rgb.reshape(-1, 3).astype(np.float32)
    best = np.full(len(flat), np.inf, np.float32)
    u = np.zeros(len(flat), np.float32)
    for s in range(7):
        edge = corners[s + 1] - corners[s]
        t = np.clip((flat - corners[s]) @ edge / (edge @ edge), 0, 1)
        away = ((flat - corners[s] - t[:, None] * edge) ** 2).sum(1)
        closer = away < best
        best[closer], u[closer] = away[closer], ((s + t) / 7)[closer]
    return palettes.depth_from_walk(u).reshape(rgb.shape[:2]), np.sqrt(best).reshape(rgb.shape[:2])


SLANTS = ((10, 25), (35, 45), (55, 65), (65, 80))       # degrees


def paint(painter, rgb, geometry):
    """One picture: 8-bit depth painting, depth confidence, label slots, normals in the paper's frame."""
    image = picture.normalise(torch.from_numpy(np.ascontiguousarray(rgb))[None])
    given = torch.from_numpy(np.ascontiguousarray(geometry))[None].float()
    with torch.no_grad():
        log_scale, chance, confidence = painter.predict(image, given, time=torch.full((1,), palettes.STUDENT_TIME), task=torch.zeros(1, dtype=torch.long))
        colours = painter.slot_colours(torch.from_numpy(palettes.rainbow())[None], palettes.DEPTH, log_scale)
        depth = (chance[0].reshape(-1, 64) @ colours[0]).reshape(*rgb.shape[:2], 3)
        normal = torch.nn.functional.normalize(chance[2] @ torch.from_numpy(palettes.directions()), dim=-1)
    return ((depth.numpy() * 255).round().astype(np.uint8), confidence[0].numpy(), chance[1][0].argmax(-1).numpy(),
            normal[0].numpy(), float(log_scale.exp()))


def depth_figures(predicted, truth, valid, confidence):
    p, t, c = predicted[valid], truth[valid], confidence[valid]
    p = np.clip(p, 0.05, 100)
    aligned = p * np.median(t) / np.median(p)
    ratio, ratio_aligned = np.maximum(p / t, t / p), np.maximum(aligned / t, t / aligned)
    error = np.abs(p - t) / t
    error_aligned = np.abs(aligned - t) / t
    kept = c >= np.quantile(c, 0.1)
    return {"abs_rel": error.mean(), "rmse": np.sqrt(((p - t) ** 2).mean()), "delta1": (ratio < 1.25).mean(),
            "abs_rel_aligned": error_aligned.mean(), "delta1_aligned": (ratio_aligned < 1.25).mean(),
            # Of each picture; `vbedge eval` removes a tenth of the whole set.
            "abs_rel_confident_90": error[kept].mean(), "abs_rel_aligned_confident_90": error_aligned[kept].mean(),
            "log_scale": float(np.log(np.median(p) / np.median(t)))}


def flying(aligned, truth, valid):
    """Of the pixels at an edge of the true depth, how many are painted where nothing is: over 10 % away from every true depth within 3 pixels."""
    log = np.where(valid, np.log(np.maximum(truth, 1e-3)), np.nan)
    ours = np.log(np.clip(aligned, 0.05, 100))
    nearest, low, high = (np.full(truth.shape, v, np.float32) for v in (np.inf, np.inf, -np.inf))
    for down in range(-3, 4):
        for across in range(-3, 4):
            there = np.roll(log, (down, across), (0, 1))
            nearest, low, high = np.fmin(nearest, np.abs(ours - there)), np.fmin(low, there), np.fmax(high, there)
    edge = valid & (high - low > 0.2)
    edge[:3], edge[-3:], edge[:, :3], edge[:, -3:] = False, False, False, False
    return float((nearest[edge] > np.log(1.1)).mean()) if edge.sum() > 50 else None


def best_constant(truths):
    """The one depth for the whole set with the least AbsRel, and each picture's own median (the aligned baseline)."""
    everything = np.concatenate([t[:: max(1, len(t) // 2000)] for t in truths])
    candidates = np.exp(np.linspace(np.log(0.2), np.log(20), 200))
    constant = candidates[np.argmin([(np.abs(c - everything) / everything).mean() for c in candidates])]

    def figures(value_of):
        return (np.mean([(np.abs(value_of(t) - t) / t).mean() for t in truths]),
                np.mean([(np.maximum(value_of(t) / t, t / value_of(t)) < 1.25).mean() for t in truths]))

    a, b = figures(lambda t: constant), figures(np.median)
    return {"constant_m": constant, "abs_rel_baseline": a[0], "delta1_baseline": a[1], "abs_rel_aligned_baseline": b[0], "delta1_aligned_baseline": b[1]}


def rendered_frames(folder, count, geometry):
    rng = np.random.default_rng(0)
    done = 0
    for path in sorted(glob.glob(os.path.join(folder, "shard-*.npz"))):
        with np.load(path) as file:
            shard = {k: file[k] for k in file.files if k != "instance"}
        for index in range(len(shard["rgb"])):
            frame = batches.prepare({k: v[index] for k, v in shard.items()}, rng, augment=False, geometry=geometry)
            normal = frame["normal"].astype(np.float32) / 127 * np.array([1, -1, -1], np.float32)
            yield frame["rgb"], frame["depth"].astype(np.float32), frame["label"], normal, frame["geometry"].astype(np.float32)
            done += 1
            if done >= count:
                return


def rectify(rgb, depth, focal, cx, cy):
    """A calibrated picture seen by the model's own camera (60 degrees): the colour is resampled, the depth is nearest."""
    k = np.array([[focal, 0, cx], [0, focal, cy], [0, 0, 1]])
    mine = np.array([[picture.FOCAL, 0, (picture.WIDTH - 1) / 2], [0, picture.FOCAL, (picture.HEIGHT - 1) / 2], [0, 0, 1]])
    matrix = (k @ np.linalg.inv(mine)).astype(np.float32)
    step = focal / picture.FOCAL
    # Average over the source pixels that fall into one of ours.
    smooth = cv2.GaussianBlur(rgb, (0, 0), 0.4 * step) if step > 1.2 else rgb
    size, flags = (picture.WIDTH, picture.HEIGHT), cv2.WARP_INVERSE_MAP
    out = cv2.warpPerspective(smooth, matrix, size, flags=cv2.INTER_LINEAR | flags, borderMode=cv2.BORDER_CONSTANT)
    there = cv2.warpPerspective(np.ones(rgb.shape[:2], np.uint8), matrix, size, flags=cv2.INTER_NEAREST | flags, borderMode=cv2.BORDER_CONSTANT)
    metres = cv2.warpPerspective(depth, matrix, size, flags=cv2.INTER_NEAREST | flags, borderMode=cv2.BORDER_CONSTANT)
    return out, metres * there


def camera_matrix(folder):
    """The nine numbers of a dataset's camera matrix."""
    with open(os.path.join(folder, "camera.yaml"), encoding="utf-8") as file:
        return [float(x) for x in re.search(r"camera_matrix:.*?data: \[(.*?)\]", file.read(), re.S).group(1).split(",")]


def dataset_frames(folder):
    matrix = camera_matrix(folder)
    for path in sorted(glob.glob(os.path.join(folder, "rgb", "*"))):
        rgb = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
        depth = cv2.imread(os.path.join(folder, "depth", os.path.splitext(os.path.basename(path))[0] + ".png"), cv2.IMREAD_UNCHANGED)
        depth = depth.astype(np.float32) / 1000
        labels_path = os.path.join(folder, "labels", os.path.splitext(os.path.basename(path))[0] + ".png")
        things = cv2.imread(labels_path, cv2.IMREAD_UNCHANGED).astype(np.float32) if os.path.exists(labels_path) else None
        focal = matrix[0]
        out, metres = rectify(rgb, depth, focal, matrix[2], matrix[5])
        if things is not None:
            things = rectify(rgb, things, focal, matrix[2], matrix[5])[1]
        yield out, metres, things, None, np.zeros((5, picture.HEIGHT, picture.WIDTH), np.float32)


def confident(pixels):
    """
    AbsRel of all pixels of a union of sets and of the 90 % that are surest, each picture weighing the same; `pixels` are the confidence, the error and
    the aligned error of each picture's pixels.
    """
    sure, error, aligned = (np.concatenate(x) for x in zip(*pixels))
    weight = np.concatenate([np.full(len(p[0]), 1.0 / len(p[0])) for p in pixels]) / len(pixels)
    order = np.argsort(-sure, kind="stable")
    kept = order[np.cumsum(weight[order]) <= 0.9]
    mean = {name: (float((e * weight).sum()), float((e[kept] * weight[kept]).sum() / weight[kept].sum())) for name, e in (("", error), ("_aligned", aligned))}
    return {f"union_abs_rel{name}{part}": value for name, both in mean.items() for part, value in zip(("", "_confident_90"), both)}


def measure(painter, frames, rendered, sheet=None, most=0, pixels=None):
    """Figures of one set; `pixels`, a list, gets each picture's for `confident`."""
    rows, truths, hits, angles, tiles, thing, slants = [], [], np.zeros((3, len(classes.NAMES))), [], [], np.zeros(2), []
    aloft = []
    for rgb, depth, label, normal, geometry in frames:
        painting, confidence, slots, normals, scale = paint(painter, rgb, geometry)
        predicted, _ = decode_walk(painting)
        valid = (depth > 0.2) & (depth < 25)
        if valid.mean() < 0.018:
            continue
        rows.append(depth_figures(predicted, depth, valid, confidence))
        rows[-1]["sure"] = float((confidence[valid] >= 0.5).mean())
        if pixels is not None:
            t, p = depth[valid], np.clip(predicted[valid], 0.05, 100)
            pixels.append((confidence[valid], np.abs(p - t) / t, np.abs(p * np.median(t) / np.median(p) - t) / t))
        aloft.append(flying(predicted * np.median(depth[valid]) / np.median(predicted[valid]), depth, valid))
        truths.append(depth[valid])
        if rendered:
            for c in range(len(classes.NAMES)):
                a, b = slots == c, label == c
                hits[:, c] += (a & b).sum(), (a | b).sum(), b.sum()
            seen = np.linalg.norm(normal, axis=-1) > 0.5
            angles.append(np.degrees(np.arccos(np.clip((normal * normals).sum(-1)[seen], -1, 1))))
            slants += slant_of_table(label, normal, normals)
        else:
            estimate, seen = normals_of_depth(depth)
            if seen.mean() > 0.018:
                angles.append(np.degrees(np.arccos(np.clip((estimate * normals).sum(-1)[seen], -1, 1))))
            if label is not None and (label > 0).any():
                # The largest labelled part is the table that the objects stand on.
                ids, counts = np.unique(label[label > 0], return_counts=True)
                a, b = (slots == classes.SMALL_OBJECT) & valid, (label > 0) & (label != ids[counts.argmax()]) & valid
                thing += (a & b).sum(), (a | b).sum()
        if sheet is not None and len(tiles) < most:
            truth = np.where(valid, depth, 0)
            shown = palettes.rainbow()
            at = palettes.walk_position(truth) * 63
            low = np.minimum(at.astype(int), 62)
            true_picture = ((shown[low] * (1 - (at - low))[..., None] + shown[low + 1] * (at - low)[..., None]) * 255).astype(np.uint8)
            label_picture = np.array(classes.COLOURS, np.uint8)[np.minimum(slots, len(classes.COLOURS) - 1)]
            normal_picture = ((normals * np.array([-1, 1, 1]) + 1) * 127.5).astype(np.uint8)
            tiles.append(np.hstack([rgb, true_picture, painting, label_picture, normal_picture,
                                    np.repeat((confidence * 255).astype(np.uint8)[..., None], 3, 2)]))
    out = {"pictures": len(rows), **{k: float(np.mean([r[k] for r in rows])) for k in rows[0]}, **best_constant(truths)}
    out["log_scale_spread"] = float(np.std([r["log_scale"] for r in rows]))
    if any(share is not None for share in aloft):
        out["flying"] = float(np.mean([share for share in aloft if share is not None]))
    if rendered:
        present = hits[2] > 0
        out["miou"] = float((hits[0] / np.maximum(hits[1], 1))[present].mean())
        out["iou"] = {classes.NAMES[c]: round(float(hits[0, c] / max(hits[1, c], 1)), 3) for c in range(len(classes.NAMES)) if present[c]}
    if angles:
        angles = np.concatenate(angles)
        out.update(normal_mean_deg=float(angles.mean()), normal_median_deg=float(np.median(angles)), normal_within_22=float((angles < 22.5).mean()))
    for low, high in SLANTS:
        found = [s for s in slants if low <= s[0] < high]
        if found:
            out[f"table_slant_{low}_{high}"] = {"pictures": len(found), "true": round(float(np.mean([s[0] for s in found])), 1),
                                                "painted": round(float(np.mean([s[1] for s in found])), 1)}
    if thing[1]:
        out["object_iou"] = float(thing[0] / thing[1])
    if sheet is not None and tiles:
        cv2.imwrite(sheet, cv2.cvtColor(np.vstack(tiles), cv2.COLOR_RGB2BGR))
    return {k: round(float(v), 4) if not isinstance(v, dict) else v for k, v in out.items()}


def slant_of_table(label, normal, normals):
    """Degrees between the line of sight and the normal of the table top in a rendered picture, true and painted; empty where no top fills a quarter."""
    table = label == classes.NAMES.index("table")
    if table.sum() == 0:
        return []
    top = np.median(normal[table], 0)
    level = table & (normal @ (top / max(np.linalg.norm(top), 1e-6)) > 0.97)
    if level.mean() < 0.25:
        return []
    return [tuple(float(np.degrees(np.arctan2(np.hypot(n[0], n[1]), n[2]))) for n in (normal[level].mean(0), normals[level].mean(0)))]


def normals_of_depth(depth):
    """Normals of a depth picture in the paper's frame, where it is smooth enough to have them."""
    smooth = cv2.bilateralFilter(depth, 7, 0.03, 2.0)
    y, x = np.mgrid[0:depth.shape[0], 0:depth.shape[1]].astype(np.float32)
    points = np.stack([(x - (picture.WIDTH - 1) / 2) / picture.FOCAL * smooth, (y - (picture.HEIGHT - 1) / 2) / picture.FOCAL * smooth, smooth], -1)
    k = 3
    across, along = np.roll(points, -k, 1) - np.roll(points, k, 1), np.roll(points, -k, 0) - np.roll(points, k, 0)
    normal = np.cross(along, across)
    size = np.linalg.norm(normal, axis=-1)
    normal = normal / np.maximum(size, 1e-9)[..., None]
    ok = (cv2.erode((depth > 0).astype(np.uint8), np.ones((2 * k + 1, 2 * k + 1))) > 0)
    spread = cv2.dilate(smooth, np.ones((2 * k + 1, 2 * k + 1))) - cv2.erode(smooth, np.ones((2 * k + 1, 2 * k + 1)))
    ok &= spread < 0.12 * np.maximum(depth, 0.1)
    ok[:k], ok[-k:], ok[:, :k], ok[:, -k:] = False, False, False, False
    normal = normal * np.sign(-normal[..., 2:3])        # towards the camera in the optical frame
    return normal * np.array([1, -1, -1], np.float32), ok
