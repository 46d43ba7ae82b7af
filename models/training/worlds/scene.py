# SPDX-License-Identifier: Apache-2.0
"""Puts prefabs into one world (metres, z up) and turns it into arrays that can be traced."""
import numpy as np

from worlds import classes as C
from worlds.embree import Caster


class Light:
    """A lamp or window: centre, half-edge vectors u and v (zero for a small sphere), normal and radiance (linear RGB).

    With a zero normal it shines in all directions.
    """

    def __init__(self, centre, u, v, normal, radiance):
        self.centre, self.u, self.v, self.normal, self.radiance = (np.float32(a) for a in (centre, u, v, normal, radiance))
        self.area = max(1e-4, 4 * float(np.linalg.norm(np.cross(self.u, self.v))))

    @property
    def power(self):
        return float(self.radiance.mean()) * self.area


class World:
    """Collects triangles, then `finish()` makes it traceable."""

    def __init__(self, atlas, rng):
        self.atlas, self.rng = atlas, rng
        self._parts, self._materials, self._material_of = [], [], {}
        self.count = 0
        self.lights, self.objects, self.supports = [], [], []
        self.sky, self.sun, self.ambient = None, None, np.float32([0.3, 0.3, 0.3])
        self.bounce_range = 2.0
        self.class_of = [C.OTHER]

    def material(self, mat):
        if mat not in self._material_of:
            self._material_of[mat] = len(self._materials)
            self._materials.append(mat)
        return self._material_of[mat]

    def add(self, part, mat, cls, instance=0):
        """Adds a part in world coordinates; `cls` is per part, instance 0 is structure."""
        self._parts.append((part, self.material(mat), cls, instance))

    def place(self, prefab, x, y, z=0.0, yaw=0.0, scale=1.0, tint=None):
        """Adds a prefab as an object of its own; returns its instance number."""
        self.count += 1
        scale = (scale,) * 3 if np.isscalar(scale) else scale
        points = []
        for part, mat in prefab.parts:
            if tint is not None and mat.emit == 0:
                mat = mat._replace(tint=tuple(float(np.clip(a * b, 0.01, 1)) for a, b in zip(mat.tint, tint)))
            moved = part.moved(x, y, z, yaw, scale)
            points.append(moved.tri.reshape(-1, 3))
            self.add(moved, mat, prefab.cls, self.count)
        points = np.concatenate(points)
        self.objects.append((prefab.cls, self.count, points.min(0), points.max(0)))
        return self.count

    def finish(self):
        return Scene(self)


class Scene:
    """Per-triangle arrays and the ray caster of a finished world."""

    def __init__(self, world):
        parts = world._parts
        count = np.array([len(p.tri) for p, *_ in parts])
        self.tri = np.concatenate([p.tri for p, *_ in parts]).astype(np.float32)
        self.uv = np.concatenate([p.uv for p, *_ in parts]).astype(np.float32)
        self.nrm = np.concatenate([p.nrm for p, *_ in parts]).astype(np.float32)
        self.material = np.repeat([m for _, m, _, _ in parts], count).astype(np.int32)
        self.cls = np.repeat([c for _, _, c, _ in parts], count).astype(np.uint8)
        self.instance = np.repeat([i for *_, i in parts], count).astype(np.int32)
        metric = np.repeat([p.metric for p, *_ in parts], count)
        self.tri = np.nan_to_num(self.tri)
        mats = world._materials
        self.texture = np.array([m.texture for m in mats], np.int32)
        self.tint = np.float32([m.tint for m in mats])
        self.gloss = np.float32([m.gloss for m in mats])
        self.emit = np.float32([m.emit for m in mats])
        atlas = world.atlas
        texture = self.texture[self.material]
        scale = np.where(metric[:, None], 1 / atlas.extent[texture], 1).astype(np.float32)
        self.uv *= scale[:, None]
        e1, e2 = self.tri[:, 1] - self.tri[:, 0], self.tri[:, 2] - self.tri[:, 0]
        t1, t2 = self.uv[:, 1] - self.uv[:, 0], self.uv[:, 2] - self.uv[:, 0]
        cross = np.cross(e1, e2)
        area = np.linalg.norm(cross, axis=1) + 1e-12
        self.flat = (cross / area[:, None]).astype(np.float32)
        texels = np.abs(t1[:, 0] * t2[:, 1] - t1[:, 1] * t2[:, 0]) * atlas.width[texture, 0] * atlas.height[texture, 0]
        self.texel_density = np.sqrt(texels / area).astype(np.float32)  # texels per metre at mip level 0
        self.mean_albedo = atlas.mean[texture] * self.tint[self.material]
        self.atlas, self.lights, self.sky, self.sun = atlas, world.lights, world.sky, world.sun
        self.ambient, self.bounce_range = world.ambient, world.bounce_range
        caster = Caster(self.tri)
        self.cast, self.occluded = caster.cast, caster.occluded
