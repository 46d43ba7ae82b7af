# SPDX-License-Identifier: Apache-2.0
"""Worlds of things close to the camera: bins, floors, shelves, and rooms for cameras near the floor. Metres, z up."""
import numpy as np

from worlds import classes as C
from worlds.rooms import Room
from worlds.shapes import Mat, Prefab, box


def tilted(prefab, rng, amount=1.0):
    """A prefab that lies as it fell: turned at random, its lowest point at z = 0, centred in plan."""
    if rng.random() < 0.3:
        turn = np.eye(3)
    else:
        q = rng.standard_normal(4) * [1, amount, amount, amount]
        w, x, y, z = q / np.linalg.norm(q)
        turn = np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                         [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                         [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]])
    parts = [(p.turned(turn), m) for p, m in prefab.parts]
    points = np.concatenate([p.tri.reshape(-1, 3) for p, _ in parts])
    middle = (points.min(0) + points.max(0)) / 2
    return Prefab(prefab.cls, [(p.moved(-middle[0], -middle[1], -points[:, 2].min()), m) for p, m in parts], prefab.name)


class Heap:
    """A map of heights over a rectangle: what is put next lies on what lies there."""

    def __init__(self, w, d, cell=0.02):
        self.w, self.d, self.cell = w, d, cell
        self.height = np.zeros((max(2, int(d / cell)), max(2, int(w / cell))), np.float32)

    def _slice(self, x, y, size):
        rows, columns = self.height.shape
        i0, i1 = (int(np.clip((y + s * size[1] / 2 + self.d / 2) / self.d * rows, 0, rows)) for s in (-0.8, 0.8))
        j0, j1 = (int(np.clip((x + s * size[0] / 2 + self.w / 2) / self.w * columns, 0, columns)) for s in (-0.8, 0.8))
        return slice(min(i0, rows - 1), max(i1, i0 + 1)), slice(min(j0, columns - 1), max(j1, j0 + 1))

    def put(self, x, y, size):
        """Height at which a thing of this size comes to lie."""
        there = self._slice(x, y, size)
        z = float(np.quantile(self.height[there], 0.8))
        self.height[there] = np.maximum(self.height[there], z + 0.75 * size[2])
        return z


def tote(s):
    """An open bin with sloping walls and a rim; returns the prefab, its inner width and depth, and the height of its floor."""
    rng = s.rng
    w, d, h, wall = rng.uniform(0.28, 0.65), rng.uniform(0.22, 0.48), rng.uniform(0.08, 0.36), rng.uniform(0.004, 0.015)
    vivid = [(0.55, 0.02, 0.02), (0.02, 0.06, 0.35), (0.03, 0.03, 0.03), (0.3, 0.3, 0.32), (0.02, 0.25, 0.08), (0.7, 0.35, 0.02), (0.75, 0.75, 0.72)]
    drawn = np.float32(vivid[int(rng.choice(len(vivid), p=[0.25, 0.18, 0.1, 0.15, 0.1, 0.1, 0.12]))])
    colour = tuple(float(c) for c in np.clip(drawn * rng.uniform(0.6, 1.5), 0.01, 0.9))
    mat = Mat(0, colour, float(rng.choice([0.1, 0.3]))) if rng.random() < 0.85 else s.kit.mat("cardboard")
    parts = [box(w, d, wall)]
    parts += [box(w, wall, h, 0, a * (d - wall) / 2) for a in (-1, 1)]
    parts += [box(wall, d, h, a * (w - wall) / 2, 0) for a in (-1, 1)]
    if rng.random() < 0.7:
        rim = rng.uniform(0.01, 0.03)
        parts += [box(w + 2 * rim, rim, 0.012, 0, a * (d + rim) / 2, h - 0.012) for a in (-1, 1)]
        parts += [box(rim, d, 0.012, a * (w + rim) / 2, 0, h - 0.012) for a in (-1, 1)]
    if rng.random() < 0.5:
        ribs = np.linspace(-0.5, 0.5, int(rng.integers(4, 9)))[1:-1]
        parts += [box(0.006, 0.004, h * 0.9, r * w, a * (d / 2 - wall - 0.002), 0) for r in ribs for a in (-1, 1)]
    return Prefab(C.OTHER, [(p, mat) for p in parts]), w - 2 * wall, d - 2 * wall, wall


def fill(s, world, x, y, z, yaw, w, d, count, amount=1.0):
    """Drops things into or onto a rectangle."""
    rng, heap = s.rng, Heap(w, d)
    c, n = np.cos(yaw), np.sin(yaw)
    for _ in range(count):
        thing, colour = s.small()
        if rng.random() < 0.75:
            thing = tilted(thing, rng, amount)
        reach = np.hypot(*thing.size[:2]) / 2 * 0.9
        if reach * 2 > min(w, d) * 1.3 or thing.size[2] > 0.5:
            continue
        u = rng.uniform(-1, 1) * max(0.0, w / 2 - reach)
        v = rng.uniform(-1, 1) * max(0.0, d / 2 - reach)
        at = heap.put(u, v, thing.size)
        world.place(thing, x + c * u - n * v, y + n * u + c * v, z + at + 0.0005, rng.uniform(0, 6.28), 1.0, colour)


def spot(x, y, z, yaw, w, d):
    """What a view is about: a level rectangle."""
    return {"x": x, "y": y, "z": z, "yaw": yaw, "w": w, "d": d}


def bins(s):
    """One to four totes side by side on the floor, a stand or a table, with clutter in them, seen from above."""
    rng = s.rng
    room = Room(s, rng.uniform(2.5, 6), rng.uniform(2.5, 6), rng.uniform(2.4, 4)).shell()
    room.light_up()
    x, y, yaw, z = room.w * rng.uniform(0.35, 0.65), room.d * rng.uniform(0.35, 0.65), rng.uniform(0, 6.28), 0.0
    if rng.random() < 0.55:
        table = s.kit.table(rng.uniform(0.8, 2.0), rng.uniform(0.7, 1.2), round_=False)
        room.put(table, x, y, yaw, check=False)
        z = float(np.nanmedian(table.tops))
    kind = tote(s)
    across, along = (1, 1) if rng.random() < 0.5 else (int(rng.integers(1, 3)), int(rng.integers(1, 3)))
    size = kind[0].size
    c, n = np.cos(yaw), np.sin(yaw)
    full = rng.uniform(0, 1)
    targets = []
    for i in range(across):
        for j in range(along):
            u, v = (i - (across - 1) / 2) * size[0] * 1.01, (j - (along - 1) / 2) * size[1] * 1.01
            px, py = x + c * u - n * v, y + n * u + c * v
            room.world.place(kind[0], px, py, z + 0.001, yaw)
            count = rng.integers(0, 3) if rng.random() < 0.15 else rng.integers(3, 10 + int(30 * full))
            fill(s, room.world, px, py, z + kind[3] + 0.001, yaw, kind[1], kind[2], int(count))
            targets.append(spot(px, py, z + kind[3], yaw, kind[1], kind[2]))
    s.around(room)
    return room, targets


def ground(s):
    """A floor with a few things on it, as a robot or a person who looks down sees it."""
    rng = s.rng
    room = Room(s, rng.uniform(2.5, 7), rng.uniform(2.5, 7), rng.uniform(2.3, 3.2)).shell()
    room.light_up()
    w, d = rng.uniform(0.3, 1.8, 2)
    x, y, yaw = rng.uniform(0.25, 0.75) * room.w, rng.uniform(0.25, 0.75) * room.d, rng.uniform(0, 6.28)
    if rng.random() < 0.25:
        rug = box(w + rng.uniform(0.2, 0.8), d + rng.uniform(0.2, 0.8), 0.008, metric=False).moved(x, y, 0.001, yaw)
        if np.all(rug.tri[..., :2] > 0) and np.all(rug.tri[..., 0] < room.w) and np.all(rug.tri[..., 1] < room.d):
            room.world.add(rug, s.kit.mat("rug"), C.FLOOR)
    fill(s, room.world, x, y, 0.009, yaw, w, d, int(rng.integers(1, 14)), 0.7)
    s.around(room)
    return room, [spot(x, y, 0.0, yaw, w, d)]


def shelves(s):
    """Shelves and low cupboards close up, as an arm sees them."""
    rng = s.rng
    room = Room(s, rng.uniform(2.5, 6), rng.uniform(2.5, 6), rng.uniform(2.4, 3.2)).shell()
    room.light_up()
    i = int(rng.integers(4))
    at, fronts = rng.uniform(0.1, 0.5), []
    while at < room.walls[i][3] - 0.5:
        piece = s.kit.shelf(rng.uniform(0.25, 0.6)) if rng.random() < 0.8 else s.kit.cupboard()
        if at + piece.size[0] > room.walls[i][3] - 0.05:
            break
        if room.against(piece, i, at + piece.size[0] / 2):
            point, yaw, normal = room.on_wall(i, at + piece.size[0] / 2)
            fronts.append({"point": point + normal * piece.size[1], "normal": normal, "w": piece.size[0], "h": piece.size[2]})
        at += piece.size[0] + (0.005 if rng.random() < 0.6 else rng.uniform(0.05, 0.5))
    s.around(room)
    return (room, fronts) if fronts else shelves(s)


def window_desk(s):
    """A desk in front of a bright window in a room that is dim otherwise; returns the room and the desk."""
    rng = s.rng
    room = Room(s, rng.uniform(2.5, 6), rng.uniform(2.5, 6), rng.uniform(2.4, 3.0)).shell()
    i = int(rng.integers(4))
    desk = s.kit.table(rng.uniform(0.9, 2.0), rng.uniform(0.5, 0.9), rng.uniform(0.7, 0.78), round_=False)
    t = rng.uniform(desk.size[0] / 2 + 0.2, room.walls[i][3] - desk.size[0] / 2 - 0.2)
    if not room.add_window(i, rng.uniform(3, 12), t, w=rng.uniform(0.8, 1.6), sill=rng.uniform(0.8, 1.1)) or not room.against(desk, i, t):
        return window_desk(s)
    if rng.random() < 0.35:
        room.light_up(windows=0)
    else:
        room.world.ambient = np.float32([0.95, 1.0, 1.05]) * rng.uniform(0.1, 0.4)
    support = room.world.supports[0]
    for make in (s.kit.monitor, s.kit.keyboard, s.kit.laptop, s.kit.mouse, s.kit.desk_lamp):
        if rng.random() < 0.5:
            s.scatter(room.world, support, 1, 0.8, (0.5, 0.5), lambda m=make: (m(), None), True)
    s.scatter(room.world, support, int(rng.integers(2, 14)))
    s.around(room)
    return room, support


def lounge(s):
    """Living rooms and bedrooms, full of things."""
    room = s.room(fill=float(s.rng.uniform(1.0, 1.6)), kind=str(s.rng.choice(["living", "bedroom", "bedroom"])))
    return room, None


def low(s):
    """A room with many things on its floor, for a camera near the floor."""
    rng = s.rng
    room = s.room(people=int(rng.choice([0, 0, 1, 2])), fill=float(rng.uniform(0.8, 1.3)))
    s.floor_things(room, int(rng.integers(1, 4 + int(room.w * room.d * 0.3))))
    return room, None
