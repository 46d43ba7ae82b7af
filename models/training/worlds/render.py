# SPDX-License-Identifier: Apache-2.0
"""Traces a scene: colour, z-depth, class, instance and normal pictures of a pinhole or distorted camera.

Optical frame: x right, y down, z forward. World: z up, metres. Radiance is linear RGB until `develop`.
"""
from typing import NamedTuple

import cv2
import numpy as np


class Camera(NamedTuple):
    """Pixel centres are integers. `rotation` columns are the optical axes in the world; `distortion` is plumb-bob or ()."""
    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    rotation: np.ndarray
    position: np.ndarray
    distortion: tuple = ()

    @property
    def up(self):
        """Unit vector opposite gravity in the optical frame."""
        return self.rotation.T @ np.float32([0, 0, 1])

    def rays(self, u, v):
        """Directions in the optical frame with z = 1 for pixel coordinates."""
        if self.distortion:
            k = np.float64([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]])
            points = np.stack([u, v], -1).reshape(-1, 1, 2).astype(np.float64)
            criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-10)
            xy = cv2.undistortPointsIter(points, k, np.float64(self.distortion), None, None, criteria)[:, 0]
        else:
            xy = np.stack([(u - self.cx) / self.fx, (v - self.cy) / self.fy], -1).reshape(-1, 2)
        return np.concatenate([xy, np.ones((len(xy), 1))], 1).astype(np.float32)


def look(yaw, pitch, roll=0.0):
    """Rotation (columns x right, y down, z forward in the world) of a camera that looks along yaw (0 = +x), pitched up."""
    forward = np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), np.sin(pitch)])
    right = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
    down = np.cross(forward, right)
    c, s = np.cos(roll), np.sin(roll)
    return np.stack([c * right + s * down, c * down - s * right, forward], 1).astype(np.float32)


def dot(a, b):
    """Products of rows, along the last axis (much faster than sum() over three columns)."""
    return np.einsum("...i,...i->...", a, b)


def normalise(a):
    return a / (np.sqrt(dot(a, a)) + np.float32(1e-12))[..., None]


class Hits(NamedTuple):
    """Where primary rays ended; arrays over rays. `triangle` is -1 for the sky."""
    t: np.ndarray
    triangle: np.ndarray
    point: np.ndarray
    flat: np.ndarray
    normal: np.ndarray
    albedo: np.ndarray
    gloss: np.ndarray
    emit: np.ndarray


def trace(scene, origin, direction, pixel_angle, passes=3):
    """Primary rays (unit z in the optical frame, hence t = z-depth), seeing through the holes of cut-out textures."""
    t, triangle, bary = scene.cast(origin, direction, coherent=True)
    for _ in range(passes):
        hit = _surface(scene, origin, direction, t, triangle, bary, pixel_angle)
        holes = np.nonzero((hit[1] < 100) & (triangle >= 0))[0]
        if len(holes) == 0:
            break
        step = t[holes] + np.maximum(1e-3, 1e-4 * t[holes])
        start = origin + direction[holes] * step[:, None]
        t2, triangle[holes], bary[holes] = scene.cast(start, direction[holes])
        t[holes] = t2 + step
    return hit[0]


def _surface(scene, origin, direction, t, triangle, bary, pixel_angle):
    sky = triangle < 0
    k = np.where(sky, 0, triangle)
    depth = np.where(sky, 1.0, t).astype(np.float32)
    point = (origin + direction * depth[:, None]).astype(np.float32)
    b = bary.astype(np.float32)
    w = np.stack([1 - b[:, 0] - b[:, 1], b[:, 0], b[:, 1]], 1)
    uv = np.einsum("ik,ikj->ij", w, scene.uv[k])
    flat = scene.flat[k]
    view = normalise(direction)
    facing = dot(flat, view)
    flat = np.where(facing[:, None] > 0, -flat, flat)
    normal = normalise(np.einsum("ik,ikj->ij", w, scene.nrm[k]))
    agree = dot(normal, flat)
    normal = np.where((agree < 0)[:, None], -normal, normal)
    bad = (dot(normal, view) > -0.02) | (np.abs(agree) < 0.5)
    normal = np.where(bad[:, None], flat, normal).astype(np.float32)
    material = scene.material[k]
    texture = scene.texture[material]
    footprint = depth * pixel_angle / np.sqrt(np.clip(np.abs(facing), 0.12, 1)) * scene.texel_density[k]
    level = np.clip(np.round(np.log2(np.maximum(footprint, 1e-6)) + 0.0), 0, scene.atlas.LEVELS - 1).astype(np.int32)
    colour, alpha = scene.atlas.sample(texture, uv[:, 0], uv[:, 1], level)
    albedo = colour * scene.tint[material]
    emit = scene.emit[material]
    hits = Hits(np.where(sky, np.inf, t), triangle, point, flat, normal, albedo, scene.gloss[material], emit)
    return hits, np.where(sky, 255, alpha)


def irradiance(scene, hits, rng, samples):
    """Light that falls on the hit points, linear RGB [n,3]: `samples` rays to lights and as many into the surroundings."""
    n = len(hits.t)
    total = np.zeros((n, 3), np.float32)
    live = np.nonzero(hits.triangle >= 0)[0]
    if len(live) == 0:
        return total
    point = hits.point[live] + hits.flat[live] * np.maximum(2e-3, 2e-4 * hits.t[live])[:, None]
    normal = hits.normal[live]
    result = np.zeros((len(live), 3), np.float32)
    if scene.lights:
        power = np.array([l.power for l in scene.lights])
        chance = power / power.sum()
        table = {f: np.stack([getattr(l, f) for l in scene.lights]) for f in ("centre", "u", "v", "normal", "radiance")}
        area = np.float32([l.area for l in scene.lights])
        point_like = (table["normal"] == 0).all(1)
        for s in range(samples):
            which = np.searchsorted(np.cumsum(chance), rng.random(len(live)) * 0.999999).clip(0, len(power) - 1)
            a, b = rng.uniform(-1, 1, (2, len(live), 1)).astype(np.float32)
            to = table["centre"][which] + a * table["u"][which] + b * table["v"][which] - point
            square = dot(to, to) + np.float32(0.01)
            unit = to / np.sqrt(square)[:, None]
            cosine = dot(unit, normal)
            facing = table["normal"][which]
            shine = np.where(point_like[which], 0.6, -dot(unit, facing))
            gain = np.clip(cosine, 0, 1) * np.clip(shine, 0, 1) * area[which] / (square * chance[which])
            todo = np.nonzero(gain > 1e-4)[0]
            if len(todo):
                dark = scene.occluded(point[todo], to[todo], 0.98)
                gain[todo[dark]] = 0
            result += gain[:, None].astype(np.float32) * table["radiance"][which] / (np.pi * samples)
    if scene.sun is not None:
        direction, radiance, spread, through = scene.sun
        for s in range(max(1, samples // 2)):
            to = normalise(direction + np.float32(spread) * rng.standard_normal((len(live), 3), np.float32)).astype(np.float32)
            cosine = dot(to, normal)
            far = np.full(len(live), 1e3, np.float32)
            open_ = cosine > 1e-3
            if through is not None:
                open_ &= through(point, to, far)
            todo = np.nonzero(open_)[0]
            if len(todo):
                dark = scene.occluded(point[todo], to[todo] * far[todo, None], 0.98)
                lit = todo[~dark]
                result[lit] += cosine[lit, None] * radiance / max(1, samples // 2)
    for s in range(samples):
        direction = normalise(normal + normalise(rng.standard_normal((len(live), 3), np.float32))).astype(np.float32)
        direction = np.where(np.isfinite(direction[:, :1]), direction, normal)
        t, triangle, _ = scene.cast(point, direction)
        hit = triangle >= 0
        near = np.clip(np.where(hit, t, 1e3) / scene.bounce_range, 0, 1)[:, None]
        if scene.sky is not None:
            light = np.where(hit[:, None], scene.ambient * (0.25 + 0.3 * near) * (0.4 + scene.mean_albedo[triangle]), scene.ambient)
        else:
            tinted = 0.45 + 0.55 * scene.mean_albedo[triangle] / 0.5
            light = scene.ambient * (0.15 + 0.85 * near) * tinted
        result += light.astype(np.float32) / samples
    total[live] = result
    return total


def smooth(value, normal, point, depth, rounds):
    """Edge-stopping a-trous filter of an irradiance picture [h,w,3] guided by normals and points."""
    for r in range(rounds):
        step = 1 << r
        total, weight = value.copy(), np.ones(value.shape[:2] + (1,), np.float32)
        for dy, dx in ((0, step), (step, 0), (step, step), (step, -step)):
            a = (slice(0, value.shape[0] - dy), slice(max(0, -dx), value.shape[1] - max(0, dx)))
            b = (slice(dy, None), slice(max(0, dx), value.shape[1] + min(0, dx)))
            gap = np.abs(dot(point[b] - point[a], normal[a])) / (0.01 * depth[a] * step + 1e-3)
            w = np.clip(dot(normal[a], normal[b]) * 4 - 3, 0, 1) * np.clip(1.5 - gap, 0, 1)
            w = w[..., None].astype(np.float32) * (0.7 if dx and dy else 1)
            total[a] += w * value[b]
            weight[a] += w
            total[b] += w * value[a]
            weight[b] += w
        value = total / weight
    return value


def sky_colour(scene, direction):
    """Radiance of rays that hit nothing."""
    if scene.sky is None:
        return np.zeros((len(direction), 3), np.float32)
    zenith, horizon = scene.sky
    height = np.clip(normalise(direction)[:, 2:3], 0, 1) ** 0.5
    return (horizon + (zenith - horizon) * height).astype(np.float32)


def shade(scene, hits, light, direction):
    """Outgoing radiance: diffuse, emission and a soft reflection of the surroundings on glossy surfaces."""
    colour = hits.albedo * (light + hits.emit[:, None])
    grazing = 1 - np.clip(-dot(normalise(direction), hits.normal), 0, 1)
    grazing *= grazing
    mirror = hits.gloss * (0.04 + 0.5 * grazing * grazing)
    colour = colour + mirror[:, None] * (light * 0.6 + scene.ambient * 0.4)
    sky = hits.triangle < 0
    if sky.any():
        colour[sky] = sky_colour(scene, direction[sky])
    return colour


class Frame(NamedTuple):
    """Radiance [h,w,3] linear; depth [h,w] metres (0 = none); label, instance [h,w]; normal [h,w,3] optical frame."""
    radiance: np.ndarray
    depth: np.ndarray
    label: np.ndarray
    instance: np.ndarray
    normal: np.ndarray


def render(scene, camera, rng, samples=2, stride=2, rounds=3, edge_samples=3, all_pixels=False):
    """One frame. Geometry comes from the ray through each pixel centre, colour from more rays at edges (or everywhere).

    Irradiance is computed on every `stride`-th pixel, filtered, and spread by normals and distance.
    """
    h, w = camera.height, camera.width
    v, u = np.mgrid[0:h, 0:w].astype(np.float32)
    optical = camera.rays(u.ravel(), v.ravel())
    direction = optical @ camera.rotation.T
    origin, angle = camera.position.astype(np.float32), 1.0 / camera.fx
    hits = trace(scene, origin, direction, angle)
    shape = lambda a: a.reshape((h, w) + a.shape[1:])
    depth = shape(np.where(hits.triangle >= 0, hits.t, 0).astype(np.float32))
    grid = (slice(0, None, stride), slice(0, None, stride))
    pick = lambda a: np.ascontiguousarray(shape(a)[grid]).reshape((-1,) + a.shape[1:])
    coarse = Hits(*(pick(a) for a in hits))
    ch, cw = shape(hits.t)[grid].shape
    light = irradiance(scene, coarse, rng, samples).reshape(ch, cw, 3)
    cn, cp, cd = (a.reshape((ch, cw) + a.shape[1:]) for a in (coarse.normal, coarse.point, np.where(coarse.triangle >= 0, coarse.t, 1)))
    light = smooth(light, cn, cp, cd.astype(np.float32), rounds)
    full_light = _spread(light, cn, cp, coarse.triangle.reshape(ch, cw) >= 0, hits, u.ravel(), v.ravel(), stride, h, w)
    radiance = shade(scene, hits, full_light, direction)
    k = np.where(hits.triangle >= 0, hits.triangle, 0)
    hit = hits.triangle >= 0
    label = shape(np.where(hit, scene.cls[k], 0).astype(np.uint8))
    instance = shape(np.where(hit, scene.instance[k], 0))
    normal = shape(np.where(hit[:, None], hits.normal @ camera.rotation, 0).astype(np.float32))
    if edge_samples:
        todo = np.arange(h * w) if all_pixels else np.nonzero(_edges(depth, instance, normal).ravel())[0]
        if len(todo):
            total, offsets = radiance[todo].copy(), _offsets(edge_samples)
            limit = np.percentile(radiance, 99.5)
            total = np.minimum(total, limit * 1.5)
            for du, dv in offsets:
                uu, vv = u.ravel()[todo] + du, v.ravel()[todo] + dv
                extra = camera.rays(uu, vv) @ camera.rotation.T
                more = trace(scene, origin, extra, angle, passes=2)
                lit = _spread(light, cn, cp, coarse.triangle.reshape(ch, cw) >= 0, more, uu, vv, stride, h, w)
                total += np.minimum(shade(scene, more, lit, extra), limit * 1.5)
            radiance[todo] = total / (len(offsets) + 1)
    return Frame(shape(radiance), depth, label, instance, normal)


def _offsets(n):
    table = {1: [(0.33, 0.33)], 3: [(-0.33, 0.33), (0.33, 0.33), (0.0, -0.4)],
             8: [(-0.375, -0.125), (-0.125, 0.375), (0.125, -0.375), (0.375, 0.125), (-0.3, 0.3), (0.3, -0.3), (-0.2, -0.4), (0.2, 0.4)]}
    return table[n]


def _edges(depth, instance, normal):
    """Pixels next to a change of object, depth or direction."""
    edge = np.zeros(depth.shape, bool)
    for axis in (0, 1):
        a = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        b = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        change = (instance[a] != instance[b]) | (np.abs(depth[a] - depth[b]) > 0.06 * np.maximum(depth[a], depth[b])) | (
            dot(normal[a], normal[b]) < 0.8)
        edge[a] |= change
        edge[b] |= change
    return edge


def _spread(light, normal, point, valid, hits, u, v, stride, h, w):
    """Irradiance for any hit points from the coarse grid around their pixel, weighted by plane distance and normal."""
    ch, cw = light.shape[:2]
    x, y = np.clip(u / stride, 0, cw - 1), np.clip(v / stride, 0, ch - 1)
    x0, y0 = np.minimum(np.floor(x).astype(int), max(0, cw - 2)), np.minimum(np.floor(y).astype(int), max(0, ch - 2))
    flat_light, flat_normal, flat_point = light.reshape(-1, 3), normal.reshape(-1, 3), point.reshape(-1, 3)
    flat_valid = valid.ravel().astype(np.float32)
    scale = 1 / (0.02 * np.where(np.isfinite(hits.t), hits.t, 1) + 1e-3).astype(np.float32)
    plane = dot(hits.point, hits.normal)
    total, weight = np.zeros((len(u), 3), np.float32), np.full(len(u), 1e-6, np.float32)
    for j in (0, 1):
        for i in (0, 1):
            xi, yi = np.minimum(x0 + i, cw - 1), np.minimum(y0 + j, ch - 1)
            k = yi * cw + xi
            near = np.maximum(1 - np.abs(x - xi), 0.05) * np.maximum(1 - np.abs(y - yi), 0.05)
            gap = (dot(flat_point[k], hits.normal) - plane) * scale
            gap *= gap
            same = np.maximum(dot(flat_normal[k], hits.normal), 0)
            same *= same
            same *= same
            one = (near * (same * same + 1e-3) * flat_valid[k] / (1 + gap * gap)).astype(np.float32)
            total += one[:, None] * flat_light[k]
            weight += one
    return total / weight[:, None]


def develop(radiance, rng=None, exposure=None, balance=None):
    """Linear radiance to an 8-bit sRGB picture with (random) exposure and white balance and a soft shoulder."""
    if exposure is None:
        level = np.exp(np.log(radiance + 1e-3).mean())
        exposure = rng.choice([0.16, 0.2, 0.24, 0.3]) * np.exp(rng.normal(0, 0.25)) / (level + 1e-4)
    if balance is None:
        warm, green = rng.normal(0, 0.06), rng.normal(0, 0.03)
        balance = np.float32([np.exp(warm), np.exp(green), np.exp(-warm)])
    x = radiance * exposure * np.float32(balance)
    x = np.where(x > 0.7, 0.7 + 0.3 * (1 - np.exp(-(x - 0.7) / 0.3)), x)
    x = np.clip(x, 0, 1)
    srgb = np.where(x <= 0.0031308, x * 12.92, 1.055 * np.power(np.maximum(x, 1e-8), 1 / 2.4) - 0.055)
    return (srgb * 255 + 0.5).astype(np.uint8)
