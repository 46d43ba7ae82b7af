# SPDX-License-Identifier: Apache-2.0
"""Endless rendered frames: a world of a kind, views of it, and the arrays that a shard stores (WORLDS.md)."""
import numpy as np

from worlds import classes as C
from worlds import views
from worlds.furniture import Catalogue
from worlds.kinds import KINDS, VIEWS
from worlds.prefabs import Kit
from worlds.prints import PRINTED
from worlds.render import develop, render
from worlds.rooms import Studio
from worlds.textures import TILED, Atlas


def studio(seed, split="train", limit=2500, texture_size=192, library=None, count=1.0):
    """Atlas, library and kit. The held-out split has its own procedural textures too."""
    rng = np.random.default_rng(seed)
    atlas = Atlas()
    bank = np.random.default_rng([seed, 77 if split == "train" else 78])
    for group, (make, n) in {**TILED, **PRINTED}.items():
        for _ in range(max(1, int(n * count))):
            made = make(bank)
            image, extent = made if isinstance(made, tuple) else (made, (1.0, 1.0))
            atlas.add(image, extent, group)
    catalogue = Catalogue(atlas, split, limit, texture_size, library)
    atlas.freeze()
    return Studio(atlas, catalogue, Kit(atlas, rng), rng)


def plane_height(frame, view):
    """Camera height above the level table or cabinet top in view (m), NaN when less than a tenth of the picture shows one."""
    level = (frame.normal @ view.up > 0.97) & np.isin(frame.label, (C.TABLE, C.CABINET))
    if level.mean() < 0.1:
        return np.nan
    v, u = np.nonzero(level)
    optical = view.rays(u.astype(np.float32), v.astype(np.float32)) * frame.depth[level][:, None]
    return float(np.median(-(optical @ view.up)))


def sample(frame, view, rng):
    """The arrays of one frame as the shard stores them."""
    ids, inverse = np.unique(frame.instance, return_inverse=True)
    compact = np.where(ids == 0, 0, np.minimum(np.cumsum(ids > 0), 255))[inverse].reshape(frame.instance.shape)
    depth = frame.depth.astype(np.float16)
    return {"rgb": develop(frame.radiance, rng), "depth": np.where(np.isfinite(depth), depth, 0).astype(np.float16),
            "label": frame.label, "instance": compact.astype(np.uint8), "normal": np.round(frame.normal * 127).astype(np.int8),
            "intrinsics": np.float32([view.fx, view.fy, view.cx, view.cy]), "up": view.up.astype(np.float32),
            "height": np.float32([view.position[2], plane_height(frame, view)])}


def frames(studio, seed, start, size, hfov_range, kinds=tuple(KINDS), quality=2):
    """Endless samples (scene number, arrays). Scene k of a seed is always the same, so a run can go on where it stopped."""
    weights = np.array([KINDS[k].share for k in kinds])
    number = start
    while True:
        studio.reseed([seed, number])
        rng = studio.rng
        number += 1
        kind = KINDS[str(rng.choice(kinds, p=weights / weights.sum()))]
        room, subject = kind.build(studio)
        if not room.world.lights and room.world.sky is None:
            room.world.ambient = np.maximum(room.world.ambient, 0.3)
        scene = room.world.finish()
        done, tries = 0, 0
        while done < VIEWS and tries < 60:
            tries += 1
            view = kind.view(rng, room, subject, size, rng.uniform(*hfov_range))
            if not views.inside(room, view.position) or not views.acceptable(scene, view, kind.nearest):
                continue
            done += 1
            yield number, sample(render(scene, view, rng, samples=quality), view, rng)
