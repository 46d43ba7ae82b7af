# SPDX-License-Identifier: Apache-2.0
"""Worlds in which far is far: halls of 15 to 40 m and streets of 130 m. Metres, z up."""
import numpy as np

from worlds import classes as C
from worlds.rooms import Room
from worlds.shapes import Mat, Prefab, box, quad


def hall(s):
    """A hall or a wide corridor of 15 to 40 m with columns, doors, seats and people."""
    rng = s.rng
    room = Room(s, rng.uniform(14, 42), rng.uniform(2.5, 20), rng.uniform(2.6, 8)).shell(ceiling=True)
    room.light_up(windows=int(rng.integers(0, 8)))
    world = room.world
    for k in range(int(room.w / rng.uniform(3, 7)) if room.d > 5 else 0):
        r = rng.uniform(0.15, 0.45)
        for y in (room.d * 0.25, room.d * 0.75):
            world.add(box(2 * r, 2 * r, room.h, 2 + k * (room.w - 4) / 6, y, 0),
                      s.kit.mat("concrete") if rng.random() < 0.5 else s.kit.plain(0.3, 0.9, 0.2), C.WALL)
    for _ in range(int(room.w * 0.5)):
        room.mount(s.kit.door(), int(rng.integers(4)), 0.0)
    for _ in range(int(room.w * 0.6)):
        s.wall_thing(room)
    for _ in range(int(rng.integers(3, 25))):
        cls = int(rng.choice([C.CHAIR, C.CHAIR, C.TABLE, C.PLANT, C.PERSON, C.PERSON, C.OTHER, C.CABINET, C.SOFA]))
        piece, colour = s.furniture(cls)
        room.put(piece, rng.uniform(0.5, room.w - 0.5), rng.uniform(0.5, room.d - 0.5), rng.uniform(0, 6.28), 0.05, colour)
    return room, None


def street(s):
    """A street of 120 m: carriageway, pavements, houses or trees on both sides, cars, people; the sky has no depth."""
    rng, kit = s.rng, s.kit
    length, lane = 130.0, rng.uniform(2.6, 3.8)
    half = lane * int(rng.choice([1, 1, 1, 2])) * rng.uniform(0.9, 1.1)
    side = rng.uniform(0, 4)
    room = Room(s, length, 60.0, 12.0)
    world, middle = room.world, 30.0
    soil = kit.mat(str(rng.choice(["grass", "grass", "paving", "concrete"])))
    world.add(quad((-60, -60, -0.02), (length + 120, 0, 0), (0, 180, 0)), soil, C.FLOOR)
    world.add(quad((-60, middle - half, 0), (length + 120, 0, 0), (0, 2 * half, 0)), kit.mat("asphalt"), C.FLOOR)
    if side > 1:
        for a in (-1, 1):
            low_ = min(a * half, a * (half + side))
            world.add(quad((-60, middle + low_, 0.1), (length + 120, 0, 0), (0, side, 0)), kit.mat(str(rng.choice(["paving", "concrete", "asphalt"]))), C.FLOOR)
            world.add(box(length, 0.12, 0.11, length / 2, middle + a * (half + 0.02), -0.01), Mat(0, (0.35, 0.35, 0.33)), C.FLOOR)
    white = Mat(0, (0.75, 0.75, 0.72))
    dashes = rng.uniform(2, 6)
    if rng.random() < 0.75:
        for k in range(int(length / (2 * dashes))):
            world.add(box(dashes, 0.12, 0.004, 2 * k * dashes + dashes / 2, middle, 0.001), white, C.FLOOR)
    if rng.random() < 0.5:
        for a in (-1, 1):
            world.add(box(length, 0.12, 0.004, length / 2, middle + a * (half - 0.3), 0.001), white, C.FLOOR)
    built = rng.random()
    for a in (-1, 1):
        x, back = rng.uniform(-10, 5), half + max(side, 0.5) + rng.uniform(0, 8)
        while x < length:
            w, h, d = rng.uniform(5, 22), rng.uniform(3, 14), rng.uniform(5, 12)
            if rng.random() < 0.25 + 0.7 * built:
                y = middle + a * (back + d / 2 + rng.uniform(0, 1.5))
                world.add(box(w, d, h, x + w / 2, y, 0), kit.mat(str(rng.choice(["brick", "plaster", "plaster", "panels", "concrete"]))), C.WALL)
                front, yaw = y - a * (d / 2 + 0.03), 0.0 if a > 0 else np.pi
                for floor in range(max(1, int(h / 3))):
                    for k in range(int(w / 2.2)):
                        if rng.random() < 0.8:
                            made = kit.door() if floor == 0 and rng.random() < 0.15 else kit.window(w=1.2, h=1.3, emit=0.15)
                            world.place(made, x + (k + 0.5) * w / max(1, int(w / 2.2)), front, 3.0 * floor, yaw)
            elif rng.random() < 0.5:
                world.add(box(w, 0.3, rng.uniform(0.6, 2.2), x + w / 2, middle + a * back, 0), kit.mat(str(rng.choice(["brick", "concrete", "wood"]))), C.WALL)
            x += w + rng.uniform(0, 6)
    for _ in range(int(rng.integers(4, 26))):
        vehicle = s.library(C.VEHICLE, "outdoor", 12)
        if vehicle is None:
            break
        a = float(rng.choice([-1, 1]))
        parked = rng.random() < 0.65
        y = middle + a * (half - 1.1 if parked else half * 0.5)
        long_axis = 0.0 if vehicle.size[0] > vehicle.size[1] else np.pi / 2
        room.put(vehicle, rng.uniform(4, length), y, long_axis + (0 if rng.random() < 0.5 else np.pi) + rng.normal(0, 0.03), 0.3, s.tint())
    for _ in range(int(rng.integers(2, 30))):
        tree = s.library(C.PLANT, "outdoor", 14)
        if tree is not None:
            a = float(rng.choice([-1, 1]))
            scale = rng.uniform(1.0, 2.2) if tree.size[2] > 1.5 else 1.0
            room.put(tree, rng.uniform(2, length),
                     middle + a * (half + side * rng.uniform(0.5, 1) + rng.uniform(0.3, 6)), rng.uniform(0, 6.28), 0.0, None, scale)
    for _ in range(int(rng.integers(0, 14))):
        post = Prefab(C.OTHER, [(box(0.12, 0.12, rng.uniform(2.5, 8)), kit.plain(0.05, 0.5, 0.1))])
        room.put(post, rng.uniform(2, length), middle + rng.choice([-1, 1]) * (half + max(0.4, side * 0.2)), 0.0, 0.0)
    for _ in range(int(rng.integers(0, 10))):
        room.put(kit.person(), rng.uniform(2, length), middle + rng.choice([-1, 1]) * (half + rng.uniform(-1, max(0.5, side))), rng.uniform(0, 6.28), 0.05)
    grey = rng.random() < 0.45
    zenith = np.float32([0.55, 0.6, 0.68]) if grey else np.float32([0.22, 0.42, 0.85])
    horizon = np.float32([0.75, 0.78, 0.82]) if grey else np.float32([0.75, 0.85, 0.95])
    world.sky = (zenith * rng.uniform(0.8, 1.3), horizon * rng.uniform(0.8, 1.3))
    world.ambient = (zenith + horizon) * 0.5
    if not grey or rng.random() < 0.3:
        yaw, rise = rng.uniform(0, 6.28), rng.uniform(0.25, 1.3)
        to = np.float32([np.cos(yaw) * np.cos(rise), np.sin(yaw) * np.cos(rise), np.sin(rise)])
        world.sun = (to, np.float32([1, 0.93, 0.8]) * rng.uniform(1, 3), 0.01, None)
    world.bounce_range = 3.0
    return room, {"y": middle, "half": half, "side": side}
