# SPDX-License-Identifier: Apache-2.0
"""Meshes by rule. Everything is in metres, z up; a piece stands on z = 0, centred on the origin, its front towards -y."""
from typing import NamedTuple

import numpy as np


class Mat(NamedTuple):
    """A surface: atlas texture, linear RGB factor on it, gloss 0..1, radiance it emits (0 = none)."""
    texture: int = 0
    tint: tuple = (1.0, 1.0, 1.0)
    gloss: float = 0.0
    emit: float = 0.0


class Part(NamedTuple):
    """Triangles [T,3,3] in metres, texture coordinates [T,3,2], vertex normals [T,3,3].

    `metric` says that the texture coordinates are metres (tiled by the texture's extent) and not tiles.
    """
    tri: np.ndarray
    uv: np.ndarray
    nrm: np.ndarray
    metric: bool

    def moved(self, x=0.0, y=0.0, z=0.0, yaw=0.0, scale=(1, 1, 1)):
        tri, nrm = self.tri * np.float32(scale), self.nrm / np.float32(scale)
        if yaw:
            c, s = np.cos(yaw), np.sin(yaw)
            turn = np.float32([[c, s, 0], [-s, c, 0], [0, 0, 1]])
            tri, nrm = tri @ turn, nrm @ turn
        return self._replace(tri=(tri + np.float32([x, y, z])).astype(np.float32), nrm=nrm.astype(np.float32))

    def turned(self, matrix):
        """Rotated by a 3x3 matrix (column vectors)."""
        m = np.float32(matrix).T
        return self._replace(tri=self.tri @ m, nrm=self.nrm @ m)


class Prefab:
    """Parts with their surfaces, one class, and the size (w, d, h) of the box around them."""

    def __init__(self, cls, parts, name=""):
        self.cls, self.parts, self.name = cls, parts, name
        points = np.concatenate([p.tri.reshape(-1, 3) for p, _ in parts])
        self.low, self.high = points.min(0), points.max(0)
        self.size = self.high - self.low
        self.tops = None  # plan map of heights (m) on which things may stand
        self.seat = None  # height (m) of the seat a sitting figure needs

    @property
    def radius(self):
        """Metres from the origin to the furthest point in plan."""
        return float(np.hypot(max(-self.low[0], self.high[0]), max(-self.low[1], self.high[1])))


def join(parts):
    return Part(*(np.concatenate([getattr(p, f) for p in parts]) for f in ("tri", "uv", "nrm")), parts[0].metric)


def flat_normals(tri):
    a, b = tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]
    n = a[:, [1, 2, 0]] * b[:, [2, 0, 1]] - a[:, [2, 0, 1]] * b[:, [1, 2, 0]]
    n /= np.sqrt(np.einsum("ij,ij->i", n, n))[:, None] + 1e-12
    return np.repeat(n[:, None], 3, 1).astype(np.float32)


def quad(origin, u, v, metric=True, unit=(1, 1)):
    """A rectangle from a corner along two edge vectors; its normal is u x v."""
    o, u, v = (np.float32(a) for a in (origin, u, v))
    a, b = (np.linalg.norm(u), np.linalg.norm(v)) if metric else unit
    corners, st = np.float32([o, o + u, o + u + v, o + v]), np.float32([[0, 0], [a, 0], [a, b], [0, b]])
    pick = np.array([[0, 1, 2], [0, 2, 3]])
    tri = corners[pick]
    return Part(tri, st[pick], flat_normals(tri), metric)


def box_faces(w, d, h, metric=True):
    """The six faces of a box standing on z = 0: front (-y), back, left, right, top, bottom."""
    x, y = w / 2, d / 2
    return [quad((-x, -y, 0), (w, 0, 0), (0, 0, h), metric), quad((x, y, 0), (-w, 0, 0), (0, 0, h), metric),
            quad((-x, y, 0), (0, -d, 0), (0, 0, h), metric), quad((x, -y, 0), (0, d, 0), (0, 0, h), metric),
            quad((-x, -y, h), (w, 0, 0), (0, d, 0), metric), quad((-x, y, 0), (w, 0, 0), (0, -d, 0), metric)]


def box(w, d, h, x=0.0, y=0.0, z=0.0, metric=True):
    return join(box_faces(w, d, h, metric)).moved(x, y, z)


def lathe(profile, segments=20, metric=True):
    """Turns a profile [(radius, z), ...] (from below, outside first) about the z axis; u runs round, v along."""
    profile = np.float32(profile)
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    ring = np.stack([np.sin(angle), -np.cos(angle)], 1)
    points = np.concatenate([profile[:, None, :1] * ring[None], np.broadcast_to(profile[:, None, 1:], (len(profile), segments + 1, 1))], 2)
    edge = np.diff(profile, axis=0)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(edge, axis=1))])
    along = length if metric else length / max(length[-1], 1e-6)
    around = angle * profile[:, 0].max() if metric else angle / (2 * np.pi)
    uv = np.stack(np.broadcast_arrays(around[None], along[:, None]), 2)
    slope = np.stack([edge[:, 1], -edge[:, 0]], 1) / (np.linalg.norm(edge, axis=1, keepdims=True) + 1e-9)
    normals = np.concatenate([slope[:, None, :1] * ring[None], np.broadcast_to(slope[:, None, 1:], (len(edge), segments + 1, 1))], 2)
    tri, st, nrm = [], [], []
    for i in range(len(profile) - 1):
        a = np.arange(segments)
        p00, p01, p10, p11 = points[i, a], points[i, a + 1], points[i + 1, a], points[i + 1, a + 1]
        t00, t01, t10, t11 = uv[i, a], uv[i, a + 1], uv[i + 1, a], uv[i + 1, a + 1]
        n0, n1 = normals[i, a], normals[i, a + 1]
        tri += [np.stack([p00, p01, p11], 1), np.stack([p00, p11, p10], 1)]
        st += [np.stack([t00, t01, t11], 1), np.stack([t00, t11, t10], 1)]
        nrm += [np.stack([n0, n1, n1], 1), np.stack([n0, n1, n0], 1)]
    tri = np.concatenate(tri).astype(np.float32)
    area = np.linalg.norm(np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]), axis=1)
    keep = area > 1e-9
    return Part(tri[keep], np.concatenate(st).astype(np.float32)[keep], np.concatenate(nrm).astype(np.float32)[keep], metric)


def cylinder(radius, height, segments=18, top=None, metric=True):
    """A closed cylinder (or cone frustum with the `top` radius) standing on z = 0."""
    top = radius if top is None else top
    return lathe([(0, 0), (radius, 0), (top, height), (0, height)], segments, metric)


def ellipsoid(a, b, c, segments=14, rings=8, metric=True):
    """Half axes a, b, c about the origin."""
    t = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    ball = lathe(np.stack([np.cos(t), np.sin(t)], 1), segments, metric)
    smooth = ball.tri / (np.linalg.norm(ball.tri, axis=2, keepdims=True) + 1e-9)
    return ball._replace(nrm=smooth).moved(scale=(a, b, c))


def capsule(start, end, r0, r1, segments=10):
    """A limb between two points with radii r0 and r1 and round ends."""
    start, end = np.float32(start), np.float32(end)
    axis = end - start
    length = float(np.linalg.norm(axis)) + 1e-6
    t0, t1 = np.linspace(-np.pi / 2, 0, 4), np.linspace(0, np.pi / 2, 4)
    profile = [(r0 * np.cos(t), r0 * np.sin(t)) for t in t0] + [(r1 * np.cos(t), length + r1 * np.sin(t)) for t in t1]
    part = lathe(profile, segments)
    # Smooth normals: away from the nearest point of the axis.
    foot = np.clip(part.tri[..., 2:], 0, length) * np.float32([0, 0, 1])
    n = part.tri - foot
    part = part._replace(nrm=n / (np.linalg.norm(n, axis=2, keepdims=True) + 1e-9))
    z = axis / length
    side = np.cross(z, [1, 0, 0] if abs(z[0]) < 0.9 else [0, 1, 0])
    x = side / np.linalg.norm(side)
    return part.turned(np.stack([x, np.cross(z, x), z], 1)).moved(*start)
