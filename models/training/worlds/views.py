# SPDX-License-Identifier: Apache-2.0
"""Where cameras stand and look in a layout, and which of these views are worth a picture."""
import numpy as np

from worlds import classes as C
from worlds.render import Camera, look


def camera(rng, width, height, hfov, position, yaw, pitch, roll):
    """A centred pinhole camera; angles in radians, hfov in degrees."""
    f = width / (2 * np.tan(np.radians(hfov) / 2))
    return Camera(width, height, f, f, (width - 1) / 2, (height - 1) / 2, look(yaw, pitch, roll), np.float32(position))


def aim(rng, width, height, hfov, position, target, roll):
    """A camera at a position that looks at a point."""
    to = np.float32(target) - np.float32(position)
    return camera(rng, width, height, hfov, position, np.arctan2(to[1], to[0]), np.arctan2(to[2], np.hypot(to[0], to[1])), roll)


def in_room(rng, room, size, hfov):
    """A robot, a person or a drone in a room, looking across it."""
    w, h = size
    kind = rng.random()
    z = rng.uniform(0.2, 0.6) if kind < 0.3 else rng.uniform(1.2, 1.8) if kind < 0.75 else rng.uniform(0.6, min(2.2, room.h - 0.2))
    margin = min(0.3, room.w / 6, room.d / 6)
    position = np.float32([rng.uniform(margin, room.w - margin), rng.uniform(margin, room.d - margin), z])
    if rng.random() < 0.6 and room.world.objects:
        _, _, low, high = room.world.objects[int(rng.integers(len(room.world.objects)))]
        target = (low + high) / 2
    else:
        target = np.float32([rng.uniform(0, room.w), rng.uniform(0, room.d), rng.uniform(0.2, 1.6)])
    to = target - position
    yaw = np.arctan2(to[1], to[0]) + rng.normal(0, 0.2)
    pitch = np.clip(np.arctan2(to[2], np.hypot(to[0], to[1])), -0.9, 0.35) * rng.uniform(0.3, 1) + rng.normal(0, 0.08)
    if rng.random() < 0.12:
        pitch = rng.uniform(-1.4, -0.5)
    roll = rng.normal(0, 0.03) if rng.random() < 0.8 else rng.normal(0, 0.15)
    return camera(rng, w, h, hfov, position, yaw, pitch, roll)


def at_table(rng, room, support, size, hfov):
    """Looking down on a table from 0.4 to 1.6 m, as a fixed camera, an arm or a person does."""
    p = support["prefab"]
    c, s = np.cos(support["yaw"]), np.sin(support["yaw"])
    fx, fy = rng.uniform(-0.45, 0.45, 2)
    if support["used"] and rng.random() < 0.65:
        x, y, _ = support["used"][int(rng.integers(len(support["used"])))]
    else:
        x, y = (p.low[0] + p.high[0]) / 2 + fx * p.size[0], (p.low[1] + p.high[1]) / 2 + fy * p.size[1]
    top = float(np.nanmedian(p.tops))
    target = np.float32([support["x"] + c * x - s * y, support["y"] + s * x + c * y, top + rng.uniform(0, 0.12)])
    distance, elevation = np.exp(rng.uniform(np.log(0.4), np.log(1.7))), np.radians(rng.uniform(12, 80) if rng.random() < 0.8 else rng.uniform(35, 60))
    # Fixed cameras and arms are squared to their table, before it or at an end of it: its edges run into the distance.
    side = float(rng.choice([-np.pi / 2, 0, np.pi, np.pi / 2], p=[0.45, 0.2, 0.2, 0.15]))
    dice = rng.random()
    azimuth = rng.uniform(0, 6.28) if dice < 0.25 else support["yaw"] + (side + rng.normal(0, 0.15) if dice < 0.7 else -np.pi / 2 + rng.normal(0, 0.9))
    position = target + distance * np.float32([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    return aim(rng, *size, hfov, position, target, rng.normal(0, 0.03) if rng.random() < 0.75 else rng.normal(0, 0.25))


def at_floor(rng, room, size, hfov):
    """Looking down on things on the floor from 0.3 to 1.2 m: like a table, but it is not one."""
    low = [o for o in room.world.objects if o[3][2] < 0.6 and o[2][2] < 0.05]
    if low:
        _, _, a, b = low[int(rng.integers(len(low)))]
        target = np.float32([*(a + b)[:2] / 2, 0.02])
    else:
        target = np.float32([rng.uniform(0.4, room.w - 0.4), rng.uniform(0.4, room.d - 0.4), 0])
    distance, elevation, azimuth = rng.uniform(0.4, 1.5), np.radians(rng.uniform(10, 80)), rng.uniform(0, 6.28)
    position = target + distance * np.float32([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    return aim(rng, *size, hfov, position, target, rng.normal(0, 0.08))


RARE = (C.PERSON, C.PERSON, C.CHAIR, C.CHAIR, C.CHAIR, C.LAMP, C.LAMP, C.BED, C.BED,
        C.SOFA, C.SOFA, C.DOOR, C.APPLIANCE, C.PLANT, C.WINDOW, C.VEHICLE, C.VEHICLE)


def at_object(rng, room, size, hfov):
    """Looking at one person, chair, lamp, door, appliance, plant, close or far."""
    present = {o[0] for o in room.world.objects}
    choice = [c for c in RARE if c in present]
    if not choice:
        return in_room(rng, room, size, hfov)
    wanted = int(rng.choice(choice))
    found = [o for o in room.world.objects if o[0] == wanted]
    _, _, low, high = found[int(rng.integers(len(found)))]
    target = low + (high - low) * rng.uniform(0.25, 0.75, 3)
    reach = float(np.linalg.norm(high - low))
    distance = reach * np.exp(rng.uniform(np.log(0.8), np.log(3.0)))
    azimuth, z = rng.uniform(0, 6.28), rng.uniform(0.25, 1.9)
    position = np.float32([target[0] + distance * np.cos(azimuth), target[1] + distance * np.sin(azimuth), z])
    return aim(rng, *size, hfov, position, target.astype(np.float32), rng.normal(0, 0.04))


def inside(room, position, margin=0.08):
    """Whether a camera position lies in the room (in the open air: above ground)."""
    x, y, z = position
    return margin < x < room.w - margin and margin < y < room.d - margin and 0.1 < z < room.h - margin


def acceptable(scene, view, nearest=0.25):
    """A quick look with 32 x 24 rays: nothing nearer than `nearest`, not a blank wall, not behind a surface."""
    u, v = np.meshgrid(np.linspace(0, view.width - 1, 32), np.linspace(0, view.height - 1, 24))
    direction = view.rays(u.ravel().astype(np.float32), v.ravel().astype(np.float32)) @ view.rotation.T
    t, triangle, _ = scene.cast(view.position, direction)
    hit = triangle >= 0
    if hit.mean() < 0.35 or (t[hit] < nearest).mean() > 0.04:
        return False
    cls = scene.cls[triangle[hit]]
    share = np.bincount(cls, minlength=len(C.NAMES)) / len(t)
    if share[C.WALL] > 0.85 or share[C.CEILING] > 0.6 or share.max() > 0.97:
        return False
    back = np.einsum("ij,ij->i", scene.flat[triangle[hit]], direction[hit]) > 0
    structure = np.isin(cls, (C.FLOOR, C.WALL, C.CEILING))
    return not (back & structure).any()


def from_above(rng, room, targets, size, hfov):
    """Looking into a bin or down on a piece of floor from 0.3 to 1.6 m, often straight down."""
    t = targets[int(rng.integers(len(targets)))]
    u, v = rng.uniform(-0.5, 0.5, 2) * [t["w"], t["d"]] * rng.uniform(0, 1)
    c, s = np.cos(t["yaw"]), np.sin(t["yaw"])
    target = np.float32([t["x"] + c * u - s * v, t["y"] + s * u + c * v, t["z"] + rng.uniform(0, 0.1)])
    distance = np.exp(rng.uniform(np.log(0.28), np.log(1.5)))
    elevation = np.radians(rng.uniform(70, 89.5) if rng.random() < 0.5 else rng.uniform(25, 80))
    azimuth = t["yaw"] + float(rng.integers(4)) * np.pi / 2 + rng.normal(0, 0.15) if rng.random() < 0.6 else rng.uniform(0, 6.28)
    position = target + distance * np.float32([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    return aim(rng, *size, hfov, position, target, rng.normal(0, 0.05))


def near_table(rng, room, support, size, hfov):
    """A table from 0.2 to 0.9 m, as a gripper's camera sees it, often from straight above."""
    p = support["prefab"]
    c, s = np.cos(support["yaw"]), np.sin(support["yaw"])
    if support["used"] and rng.random() < 0.75:
        x, y, _ = support["used"][int(rng.integers(len(support["used"])))]
    else:
        x, y = (np.array([p.low[0] + p.high[0], p.low[1] + p.high[1]]) / 2 + rng.uniform(-0.4, 0.4, 2) * p.size[:2])
    top = float(np.nanmedian(p.tops))
    target = np.float32([support["x"] + c * x - s * y, support["y"] + s * x + c * y, top + rng.uniform(0, 0.1)])
    distance = np.exp(rng.uniform(np.log(0.2), np.log(0.9)))
    elevation = np.radians(rng.uniform(65, 89.5) if rng.random() < 0.4 else rng.uniform(15, 75))
    azimuth = rng.uniform(0, 6.28)
    position = target + distance * np.float32([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    return aim(rng, *size, hfov, position, target, rng.normal(0, 0.06))


def at_shelf(rng, room, fronts, size, hfov):
    """A shelf from 0.3 to 1.3 m."""
    f = fronts[int(rng.integers(len(fronts)))]
    along = np.float32([-f["normal"][1], f["normal"][0]])
    target = np.float32([*(f["point"] + along * rng.uniform(-0.4, 0.4) * f["w"]), rng.uniform(0.1, min(2.0, f["h"]))])
    distance, turn, rise = np.exp(rng.uniform(np.log(0.28), np.log(1.3))), rng.normal(0, 0.35), rng.normal(0.1, 0.25)
    c, s = np.cos(turn), np.sin(turn)
    n = np.float32([c * f["normal"][0] - s * f["normal"][1], s * f["normal"][0] + c * f["normal"][1]])
    position = target + distance * np.float32([n[0] * np.cos(rise), n[1] * np.cos(rise), np.sin(rise)])
    return aim(rng, *size, hfov, position, target, rng.normal(0, 0.04))


def near_floor(rng, room, size, hfov):
    """A small robot: 0.1 to 0.6 m over the floor, level or looking down a little, things close in front of it."""
    z = np.exp(rng.uniform(np.log(0.11), np.log(0.6)))
    low = [o for o in room.world.objects if o[2][2] < 0.1]
    if low and rng.random() < 0.75:
        _, _, a, b = low[int(rng.integers(len(low)))]
        goal, distance, azimuth = ((a + b) / 2)[:2], np.exp(rng.uniform(np.log(0.4), np.log(2.5))) + np.linalg.norm((b - a)[:2]) / 2, rng.uniform(0, 6.28)
        position = np.float32([goal[0] + distance * np.cos(azimuth), goal[1] + distance * np.sin(azimuth), z])
        yaw = azimuth + np.pi + rng.normal(0, 0.25)
    else:
        position = np.float32([rng.uniform(0.15, room.w - 0.15), rng.uniform(0.15, room.d - 0.15), z])
        yaw = rng.uniform(0, 6.28)
    pitch = -abs(rng.normal(0, 0.35)) if rng.random() < 0.7 else rng.normal(0.02, 0.08)
    return camera(rng, *size, hfov, position, yaw, max(pitch, -1.2), rng.normal(0, 0.03))


def on_street(rng, room, street, size, hfov):
    """A car, a delivery robot or a walker on a street."""
    car = rng.random() < 0.65
    z = rng.uniform(1.2, 2.0) if car else rng.uniform(0.3, 1.8)
    a = float(rng.choice([-1, 1]))
    y = street["y"] + (a * street["half"] * rng.uniform(0.1, 0.7) if car else a * (street["half"] + rng.uniform(-0.5, max(0.5, street["side"]))))
    yaw = (0.0 if rng.random() < 0.5 else np.pi) + (rng.normal(0, 0.08) if car and rng.random() < 0.8 else rng.normal(0, 0.6))
    position = np.float32([rng.uniform(8, 60) if np.cos(yaw) > 0 else rng.uniform(room.w - 60, room.w - 8), y, z])
    return camera(rng, *size, hfov, position, yaw, rng.normal(-0.02, 0.04), rng.normal(0, 0.015))


def in_hall(rng, room, size, hfov):
    """Along a hall, from a robot's or a person's height."""
    z = rng.uniform(0.25, 0.7) if rng.random() < 0.4 else rng.uniform(0.9, 1.8)
    end = rng.random() < 0.5
    position = np.float32([rng.uniform(0.5, room.w * 0.4) if end else rng.uniform(room.w * 0.6, room.w - 0.5), rng.uniform(0.3, room.d - 0.3), z])
    yaw = (0.0 if end else np.pi) + rng.normal(0, 0.25)
    return camera(rng, *size, hfov, position, yaw, rng.normal(-0.06, 0.08), rng.normal(0, 0.02))
