# SPDX-License-Identifier: Apache-2.0
"""Worlds by rule: rooms, tabletops, halls and yards. Metres, z up; a room spans x 0..w, y 0..d, floor at z = 0."""
import numpy as np

from worlds import classes as C
from worlds.scene import Light, World
from worlds.shapes import Mat, Prefab, box, quad

FLOORS = ("planks",) * 4 + ("parquet", "herringbone", "tiles", "tiles", "carpet", "carpet", "carpet", "concrete", "laminate")
WALLS = ("plaster",) * 7 + ("wallpaper", "wallpaper", "brick", "panels", "tiles", "concrete")


class Room:
    """The shell of a box-shaped room and the floor space that is taken."""

    def __init__(self, studio, w, d, h):
        self.studio, self.rng = studio, studio.rng
        self.w, self.d, self.h = w, d, h
        self.world = World(studio.atlas, studio.rng)
        self.taken = []
        self.wall_taken = {i: [] for i in range(4)}
        # Wall i: corner, direction along, inward normal, length.
        self.walls = [((0, 0), (1, 0), (0, 1), w), ((w, 0), (0, 1), (-1, 0), d), ((w, d), (-1, 0), (0, -1), w), ((0, d), (0, -1), (1, 0), d)]

    def shell(self, floor=None, ceiling=True):
        rng, kit, world = self.rng, self.studio.kit, self.world
        w, d, h = self.w, self.d, self.h
        gloss = float(rng.choice([0, 0, 0.15, 0.4]))
        floor = floor or kit.mat(str(rng.choice(FLOORS)), gloss=gloss)
        turn = rng.random() < 0.5
        part = quad((0, 0, 0), (w, 0, 0), (0, d, 0))
        world.add(part._replace(uv=part.uv[..., ::-1].copy() if turn else part.uv), floor, C.FLOOR)
        common = kit.mat(str(rng.choice(WALLS)))
        skirting = kit.plain(0.05, 0.9, 0.2) if rng.random() < 0.7 else None
        for (corner, along, normal, length) in self.walls:
            mat = kit.mat(str(rng.choice(WALLS))) if rng.random() < 0.2 else common
            u = np.float32([*along, 0]) * length
            # From the far end backwards: u x v points inwards.
            world.add(quad(np.float32([*corner, 0]) + u, -u, (0, 0, h)), mat, C.WALL)
            if skirting:
                height = rng.uniform(0.05, 0.14)
                centre = np.float32(corner) + np.float32(along) * length / 2 + np.float32(normal) * 0.006
                sx, sy = (length, 0.012) if along[0] else (0.012, length)
                world.add(box(sx, sy, height, centre[0], centre[1], 0), skirting, C.WALL)
        if ceiling:
            top = kit.mat("ceiling_panels") if h > 2.5 and rng.random() < 0.35 else Mat(0, tuple([float(rng.uniform(0.6, 0.9))] * 3))
            world.add(quad((0, d, h), (w, 0, 0), (0, -d, 0)), top, C.CEILING)
        return self

    def free(self, x0, y0, x1, y1, margin=0.0):
        if x0 < margin or y0 < margin or x1 > self.w - margin or y1 > self.d - margin:
            return False
        return not any(x0 < b[2] and x1 > b[0] and y0 < b[3] and y1 > b[1] for b in self.taken)

    def put(self, prefab, x, y, yaw, gap=0.02, tint_=None, scale=1.0, check=True):
        """Places a floor piece when its plan box is free; returns success."""
        c, s = np.cos(yaw), np.sin(yaw)
        corners = np.float32([[a, b] for a in (prefab.low[0], prefab.high[0]) for b in (prefab.low[1], prefab.high[1])]) * scale
        plan = corners @ np.float32([[c, s], [-s, c]]) + [x, y]
        x0, y0, x1, y1 = *plan.min(0), *plan.max(0)
        if check and not self.free(x0 - gap, y0 - gap, x1 + gap, y1 + gap):
            return False
        self.taken.append((x0, y0, x1, y1))
        self.world.place(prefab, x, y, 0, yaw, scale, tint_)
        if prefab.seat:
            self.world.place(self.studio.kit.stool(prefab.seat), x, y, 0, yaw)
        if prefab.tops is not None:
            self.world.supports.append({"prefab": prefab, "x": x, "y": y, "z": 0.0, "yaw": yaw, "scale": scale, "used": []})
        return True

    def on_wall(self, i, t):
        """Point and yaw at distance t along wall i."""
        corner, along, normal, _ = self.walls[i]
        return np.float32(corner) + np.float32(along) * t, float(np.arctan2(normal[0], -normal[1])), np.float32(normal)

    def against(self, prefab, i, t=None, gap=0.01, tint_=None, tries=6):
        """Puts a piece with its back to wall i."""
        length = self.walls[i][3]
        half = prefab.size[0] / 2
        if length < 2 * half + 0.1:
            return False
        for _ in range(tries):
            at = self.rng.uniform(half + 0.02, length - half - 0.02) if t is None else t
            point, yaw, normal = self.on_wall(i, at)
            if any(a < at + half and b > at - half and z < prefab.size[2] for a, b, z in self.wall_taken[i]):
                continue
            point = point + normal * (prefab.high[1] + gap + 0.015)
            if self.put(prefab, point[0], point[1], yaw, 0.0, tint_):
                return True
        return False

    def mount(self, prefab, i, z, tint_=None, t=None, bottom=None):
        """Hangs a piece on wall i at height z (its base) where the wall is free."""
        length, half = self.walls[i][3], prefab.size[0] / 2
        if length < 2 * half + 0.1:
            return None
        for _ in range(6):
            at = self.rng.uniform(half + 0.05, length - half - 0.05) if t is None else t
            if any(a < at + half + 0.05 and b > at - half - 0.05 for a, b, _ in self.wall_taken[i]):
                continue
            point, yaw, normal = self.on_wall(i, at)
            point = point + normal * (max(0.0, float(prefab.high[1])) + 0.004)
            self.wall_taken[i].append((at - half, at + half, z if bottom is None else bottom))
            self.world.place(prefab, point[0], point[1], z, yaw, 1.0, tint_)
            return at, point, yaw, normal
        return None

    # Light ------------------------------------------------------------------------------------------------------

    def add_window(self, i, strength, t=None, **size):
        """A window in wall i, at distance t along it or anywhere, that lights the room; returns success."""
        prefab = self.studio.kit.window(**size, emit=float(self.rng.uniform(1.2, 5)))
        done = self.mount(prefab, i, 0.0, t=t, bottom=float(prefab.low[2]))
        if not done:
            return False
        _, point, _, normal = done
        along = np.float32([*self.walls[i][1], 0])
        w, low, high = prefab.size[0] - 0.2, prefab.low[2] + 0.05, prefab.high[2]
        centre = np.float32([point[0], point[1], (low + high) / 2]) + np.float32([*normal, 0]) * 0.05
        colour = np.float32([0.9, 1.0, 1.12]) if self.rng.random() < 0.6 else np.float32([1.05, 1, 0.95])
        self.world.lights.append(Light(centre, along * w / 2, (0, 0, (high - low) / 2), (*normal, 0), colour * strength))
        if self.world.sun is None and self.rng.random() < 0.4:
            self._sun_through(centre, along, w / 2, (high - low) / 2, normal)
        return True

    def _sun_through(self, centre, along, half_w, half_h, normal):
        rng = self.rng
        side, rise = rng.uniform(-0.8, 0.8), rng.uniform(0.35, 1.2)
        to = -np.float32([*normal, 0]) + along * side + np.float32([0, 0, rise])
        to /= np.linalg.norm(to)
        n = np.float32([*normal, 0])

        def through(point, direction, far):
            down = direction @ n
            t = ((centre - point) @ n) / np.where(np.abs(down) < 1e-6, -1e-6, down)
            at = point + direction * t[:, None] - centre
            ok = (t > 0.01) & (np.abs(at @ along) < half_w) & (np.abs(at[:, 2]) < half_h)
            far[:] = np.where(ok, np.maximum(t - 0.05, 0.005), 1.0)
            return ok

        self.world.sun = (to, np.float32([1.0, 0.9, 0.75]) * rng.uniform(2, 9), 0.004, through)

    def light_up(self, windows=None):
        """Windows, ceiling lamps and the ambient level."""
        rng, world = self.rng, self.world
        dark = rng.random() < 0.2
        for _ in range(rng.integers(0, 4) if windows is None else windows):
            i = int(rng.integers(4))
            self.add_window(i, rng.uniform(2, 9) * (0.1 if dark else 1))
        warm = np.float32([1.0, rng.uniform(0.72, 1.0), rng.uniform(0.45, 1.05)])
        count = int(rng.integers(1, 2 + int(self.w * self.d / 9)))
        style = rng.integers(3)
        strip = rng.random() < 0.5
        for k in range(min(count, 12)):
            nx = max(1, int(np.sqrt(count * self.w / self.d)))
            ny = -(-count // nx)
            x, y = self.w * (k % nx + 0.5) / nx, self.d * (k // nx + 0.5) / ny
            x, y = x + rng.normal(0, 0.1), y + rng.normal(0, 0.1)
            if not (0.3 < x < self.w - 0.3 and 0.3 < y < self.d - 0.3):
                continue
            if style == 0:
                a, b = (0.6, 0.1) if strip else (0.29, 0.29)
                world.count += 1
                world.add(box(2 * a, 2 * b, 0.04, x, y, self.h - 0.045), Mat(0, (0.9, 0.9, 0.9), 0, float(rng.uniform(1, 4))), C.LAMP, world.count)
                world.lights.append(Light((x, y, self.h - 0.07), (a, 0, 0), (0, b, 0), (0, 0, -1), warm * rng.uniform(3, 14)))
            elif style == 1:
                world.lights.append(Light((x, y, self.h - 0.35), (0.12, 0, 0), (0, 0.12, 0), (0, 0, 0), warm * rng.uniform(15, 60)))
                pendant = self.studio.find(lambda e: e["placement"] == "ceiling" and e["size"][2] < 1.1)
                if pendant:
                    lamp = self.studio.catalogue.prefab(pendant[int(rng.integers(len(pendant)))])
                    world.place(lamp, x, y, self.h - lamp.size[2] - 0.005, rng.uniform(0, 6))
            else:
                world.lights.append(Light((x, y, self.h - 0.02), (0.15, 0, 0), (0, 0.15, 0), (0, 0, -1), warm * rng.uniform(10, 40)))
        world.ambient = np.float32([1, 0.98, 0.95]) * rng.uniform(0.25, 0.9) * (0.35 if dark else 1)
        world.bounce_range = float(min(3.0, 0.35 * max(self.w, self.d)))


class Studio:
    """Everything a layout draws from: atlas, library, kit of procedural prefabs, random numbers."""

    def __init__(self, atlas, catalogue, kit, rng):
        self.atlas, self.catalogue, self.kit, self.rng = atlas, catalogue, kit, rng
        self._found = {}

    def reseed(self, seed):
        self.rng = self.kit.rng = np.random.default_rng(seed)

    def find(self, test, key=None):
        if key is None:
            return self.catalogue.find(test)
        if key not in self._found:
            self._found[key] = self.catalogue.find(test)
        return self._found[key]

    def library(self, cls, place, largest=9.0):
        """A random library piece of a class and placement, or None."""
        found = self.find(lambda e: e["cls"] == cls and e["placement"] == place and max(e["size"]) < largest, (cls, place, largest))
        return self.catalogue.prefab(found[int(self.rng.integers(len(found)))]) if found else None

    def tint(self):
        """Colour change of a library piece: mostly none."""
        rng = self.rng
        if rng.random() < 0.55:
            return None
        return tuple(float(c) for c in rng.uniform(0.35, 1.25) * (1 - 0.5 * rng.random() * rng.random(3)))

    def furniture(self, cls):
        """A piece of a class, from the library or by rule."""
        rng, kit = self.rng, self.kit
        rule = {C.TABLE: kit.table, C.CHAIR: kit.chair, C.SOFA: kit.sofa, C.BED: kit.bed, C.APPLIANCE: kit.appliance,
                C.LAMP: kit.floor_lamp, C.PLANT: kit.plant, C.PERSON: kit.person,
                C.CABINET: kit.shelf if rng.random() < 0.5 else kit.cupboard}.get(cls)
        place = "free" if cls in (C.TABLE, C.CHAIR, C.PERSON, C.OTHER) else "wall"
        own = {C.TABLE: 0.5, C.CHAIR: 0.25, C.SOFA: 0.3, C.BED: 0.3, C.CABINET: 0.55, C.APPLIANCE: 0.4, C.LAMP: 0.3, C.PLANT: 0.3, C.PERSON: 0.6}.get(cls, 0)
        if rule and rng.random() < own:
            return rule(), None
        piece = self.library(cls, place)
        return (piece, self.tint()) if piece is not None else (rule(), None)

    def small(self):
        """Something that stands on a table: by rule or from the library."""
        if self.rng.random() < 0.65:
            return self.kit.small(), None
        cls = int(self.rng.choice([C.SMALL_OBJECT] * 8 + [C.APPLIANCE, C.LAMP, C.PLANT]))
        piece = self.library(cls, "small", 0.7)
        return (piece, self.tint()) if piece is not None else (self.kit.small(), None)

    def scatter(self, world, support, count, spread=1.0, centre=(0.5, 0.5), make=None, upright=False):
        """Stands small things on a support where its top is level; returns how many found room. `spread` and `centre`: shares of width and depth."""
        rng, done = self.rng, 0
        p, tops = support["prefab"], support["prefab"].tops
        n = tops.shape[0]
        for _ in range(count):
            thing, colour = make() if make else self.small()
            r = thing.radius * 0.85
            for _ in range(5):
                fx, fy = (float(np.clip(c + rng.uniform(-0.5, 0.5) * s, 0, 0.999)) for c, s in zip(centre, np.broadcast_to(spread, 2)))
                x, y = p.low[0] + fx * p.size[0], p.low[1] + fy * p.size[1]
                rx, ry = max(1, r / p.size[0] * n), max(1, r / p.size[1] * n)
                i0, i1 = int(np.floor(fy * n - ry * 0.6)), int(np.ceil(fy * n + ry * 0.6))
                j0, j1 = int(np.floor(fx * n - rx * 0.6)), int(np.ceil(fx * n + rx * 0.6))
                if i0 < 0 or j0 < 0 or i1 > n or j1 > n:
                    continue
                patch = tops[i0:i1, j0:j1]
                if not np.isfinite(patch).all() or np.ptp(patch) > 0.008 or patch.max() < 0.3:
                    continue
                if any(np.hypot(x - a, y - b) < r + c for a, b, c in support["used"]):
                    continue
                c, s = np.cos(support["yaw"]), np.sin(support["yaw"])
                wx, wy = support["x"] + c * x - s * y, support["y"] + s * x + c * y
                z = support["z"] + float(patch.max())
                tall = float(thing.size[2])
                support["used"].append((x, y, r))
                yaw = rng.uniform(0, 2 * np.pi) if not upright else support["yaw"] + rng.normal(0, 0.15)
                world.place(thing, wx, wy, z + 0.0005, yaw, 1.0, colour)
                done += 1
                if thing.cls == C.SMALL_OBJECT and 0.03 < tall < 0.3 and rng.random() < 0.12 and min(thing.size[:2]) > 0.06:
                    above, colour2 = self.kit.package(), None
                    if above.radius < 1.3 * thing.radius:
                        world.place(above, wx, wy, z + tall + 0.001, rng.uniform(0, 6.28), 1.0, colour2)
                break
        return done

    # Whole rooms --------------------------------------------------------------------------------------------------

    ROOMS = {
        "living": [C.SOFA, C.SOFA, C.CABINET, C.CABINET, C.PLANT, C.LAMP, C.APPLIANCE],
        "bedroom": [C.BED, C.CABINET, C.CABINET, C.LAMP, C.PLANT, C.OTHER],
        "office": [C.CABINET, C.CABINET, C.CABINET, C.PLANT, C.APPLIANCE, C.LAMP],
        "kitchen": [C.APPLIANCE, C.APPLIANCE, C.APPLIANCE, C.CABINET, C.CABINET, C.CABINET],
        "store": [C.CABINET, C.CABINET, C.OTHER, C.OTHER, C.APPLIANCE, C.OTHER],
        "mixed": [C.SOFA, C.BED, C.CABINET, C.APPLIANCE, C.PLANT, C.LAMP, C.OTHER, C.CABINET],
    }

    def room(self, w=None, d=None, h=None, fill=1.0, people=None, kind=None):
        """A furnished room of 2.5 to 12 m."""
        rng = self.rng
        w = w or float(np.exp(rng.uniform(np.log(2.5), np.log(10))))
        d = d or float(np.clip(w * rng.uniform(0.6, 1.7), 2.4, 12))
        h = h or float(rng.uniform(2.3, 3.0) if max(w, d) < 7 else rng.uniform(2.5, 4.2))
        room = Room(self, w, d, h).shell()
        kind = kind or str(rng.choice(list(self.ROOMS)))
        for _ in range(rng.integers(1, 3)):
            prefab = self.kit.door() if rng.random() < 0.6 else self.library(C.DOOR, "mount", 2.6) or self.kit.door()
            room.mount(prefab, int(rng.integers(4)), 0.0)
        room.light_up()
        wall_length = 2 * (w + d)
        for _ in range(int(wall_length * 0.8 * fill)):
            cls = int(rng.choice(self.ROOMS[kind] + [C.TABLE]))
            piece, colour = self.furniture(cls)
            i = int(rng.integers(4))
            if cls == C.TABLE and rng.random() < 0.5:
                self.desk(room, piece, i, colour)
            else:
                room.against(piece, i, tint_=colour)
        self.groups(room, kind, fill)
        for _ in range(int(wall_length * 0.35)):
            self.wall_thing(room)
        self.floor_things(room, int(w * d * 0.22 * fill))
        for _ in range(int(rng.choice([0, 0, 0, 1, 1, 2, 3])) if people is None else people):
            figure, colour = self.furniture(C.PERSON)
            if figure.size[2] > 1.0:
                for _ in range(5):
                    if room.put(figure, rng.uniform(0.3, w - 0.3), rng.uniform(0.3, d - 0.3), rng.uniform(0, 6.28), 0.0, colour):
                        break
        for support in room.world.supports:
            if rng.random() < 0.8:
                p = support["prefab"]
                self.scatter(room.world, support, int(rng.integers(0, 3 + int(4 * min(3, p.size[0] * p.size[1])))))
        return room

    def desk(self, room, piece, i, colour):
        """A table with its back to a wall, a chair in front and office things on it."""
        rng = self.rng
        if not room.against(piece, i, tint_=colour):
            return
        support = room.world.supports[-1] if piece.tops is not None else None
        if support is None:
            return
        for make in (self.kit.monitor, self.kit.keyboard, self.kit.laptop, self.kit.mouse, self.kit.desk_lamp):
            if rng.random() < 0.55:
                self.scatter(room.world, support, 1, 0.5, (0.5, 0.65 if make == self.kit.monitor else 0.35), lambda m=make: (m(), None), True)
        chair, tint_ = self.furniture(C.CHAIR)
        c, s = np.cos(support["yaw"]), np.sin(support["yaw"])
        y = piece.low[1] - rng.uniform(-0.1, 0.4) - chair.size[1] / 2
        x = rng.uniform(-0.2, 0.2)
        room.put(chair, support["x"] + c * x - s * y, support["y"] + s * x + c * y, support["yaw"] + np.pi + rng.normal(0, 0.5), -0.25, tint_, check=False)

    def groups(self, room, kind, fill):
        """Tables in the middle with chairs round them, rugs under them."""
        rng = self.rng
        for _ in range(int(rng.integers(0, 2 + int(room.w * room.d / 14 * fill)))):
            table, colour = self.furniture(C.TABLE)
            if table.tops is None or max(table.size) > 3:
                continue
            x, y = rng.uniform(0.5, room.w - 0.5), rng.uniform(0.5, room.d - 0.5)
            yaw = float(rng.choice([0, np.pi / 2])) + (rng.normal(0, 0.3) if rng.random() < 0.3 else 0)
            if not room.put(table, x, y, yaw, 0.25, colour):
                continue
            if rng.random() < 0.3:
                w, d = table.size[0] + rng.uniform(0.5, 1.5), table.size[1] + rng.uniform(0.5, 1.5)
                rug = box(min(w, room.w), min(d, room.d), 0.008, metric=False).moved(x, y, 0.001, yaw)
                if np.all(rug.tri[..., :2] > 0) and np.all(rug.tri[..., 0] < room.w) and np.all(rug.tri[..., 1] < room.d):
                    room.world.add(rug, self.kit.mat("rug"), C.FLOOR)
            if table.size[2] < 0.6:
                continue
            chair, tint_ = self.furniture(C.CHAIR)
            c, s = np.cos(yaw), np.sin(yaw)
            for side in range(4):
                reach = table.size[side % 2]
                for k in range(max(1, int(reach / 0.75)) if rng.random() < 0.75 else 0):
                    at = (k + 0.5) / max(1, int(reach / 0.75)) - 0.5
                    out = table.size[1 - side % 2] / 2 + chair.size[1] / 2 - rng.uniform(0, 0.25)
                    lx, ly = ((at * reach, -out), (out, at * reach), (at * reach, out), (-out, at * reach))[side]
                    face = (np.pi, -np.pi / 2, 0, np.pi / 2)[side]
                    px, py = x + c * lx - s * ly, y + s * lx + c * ly
                    if not (0.3 < px < room.w - 0.3 and 0.3 < py < room.d - 0.3):
                        continue
                    others = [b for b in room.taken if not (b[0] <= x <= b[2] and b[1] <= y <= b[3])]
                    if not any(px + 0.2 > b[0] and px - 0.2 < b[2] and py + 0.2 > b[1] and py - 0.2 < b[3] for b in others):
                        room.put(chair, px, py, yaw + face + rng.normal(0, 0.15), 0, tint_, check=False)

    def wall_thing(self, room):
        """A picture, board or library piece that hangs on a wall."""
        rng, kit = self.rng, self.kit
        i, kind = int(rng.integers(4)), rng.random()
        if kind < 0.55:
            w = rng.uniform(0.2, 1.1)
            h = w * rng.uniform(0.6, 1.6)
            picture = Prefab(C.OTHER, [(box(w, 0.02, h, metric=False), kit.mat("poster"))])
            room.mount(picture, i, min(rng.uniform(1.0, 1.5), room.h - h - 0.1))
        elif kind < 0.65:
            w, h = rng.uniform(0.9, 2.2), rng.uniform(0.8, 1.2)
            room.mount(Prefab(C.OTHER, [(box(w, 0.025, h, metric=False), kit.mat("whiteboard", gloss=0.2))]), i, 0.9)
        else:
            cls = int(rng.choice([C.OTHER, C.APPLIANCE, C.CABINET, C.LAMP]))
            found = self.find(lambda e: e["cls"] == cls and e["placement"] == "mount", (cls, "mount"))
            entry = found[int(rng.integers(len(found)))] if found else None
            if entry is not None and entry["elevation"] + entry["size"][2] < room.h - 0.02:
                room.mount(self.catalogue.prefab(entry), i, entry["elevation"] or rng.uniform(0.05, 0.12), self.tint())

    def floor_things(self, room, count):
        """Free-standing clutter: bins, cartons, plants, lamps, toys, shoes."""
        rng = self.rng
        for _ in range(count):
            kind = rng.random()
            if kind < 0.2:
                piece, colour = self.kit.carton(), None
            elif kind < 0.3:
                piece, colour = self.kit.bin(), None
            elif kind < 0.55:
                piece, colour = self.small()
            else:
                piece, colour = self.furniture(int(rng.choice([C.PLANT, C.LAMP, C.CHAIR, C.OTHER, C.CHAIR])))
            room.put(piece, rng.uniform(0.2, room.w - 0.2), rng.uniform(0.2, room.d - 0.2), rng.uniform(0, 6.28), 0.01, colour)

    # Tabletops ---------------------------------------------------------------------------------------------------

    def tabletop(self):
        """A room around one table that carries things; returns the room and the support."""
        rng = self.rng
        if rng.random() < 0.4:
            return self.bench()
        room = Room(self, rng.uniform(2.5, 7), rng.uniform(2.5, 7), rng.uniform(2.4, 3.2)).shell()
        room.light_up()
        if rng.random() < 0.6:
            table, colour = self.kit.table(rng.uniform(0.6, 2.4), rng.uniform(0.5, 1.1)), None
        elif rng.random() < 0.6:
            table, colour = self.library(C.TABLE, "free"), self.tint()
        else:
            table, colour = (self.kit.cupboard() if rng.random() < 0.5 else self.library(C.CABINET, "wall")), None
        usable = table is not None and table.tops is not None and np.isfinite(table.tops).mean() > 0.6 and 0.3 < np.nanmedian(table.tops) < 1.3
        if not usable or np.nanstd(table.tops) > 0.05:
            table, colour = self.kit.table(), None
        placed = False
        for _ in range(8):
            if rng.random() < 0.55:
                placed = room.against(table, int(rng.integers(4)), tint_=colour)
            else:
                placed = room.put(table, rng.uniform(0.5, room.w - 0.5), rng.uniform(0.5, room.d - 0.5), rng.uniform(0, 6.28), 0.02, colour)
            if placed:
                break
        if not placed:
            return self.tabletop()
        support = room.world.supports[0]
        style = rng.random()
        if style < 0.35:
            count, make = int(rng.integers(1, 8)), lambda: (self.kit.package() if rng.random() < 0.6 else self.kit.small(), None)
        elif style < 0.6:
            count, make = int(rng.integers(3, 14)), None
            for thing in (self.kit.monitor, self.kit.keyboard, self.kit.laptop, self.kit.mouse, self.kit.desk_lamp):
                if rng.random() < 0.6:
                    self.scatter(room.world, support, 1, 0.8, make=lambda m=thing: (m(), None), upright=True)
        else:
            count, make = int(rng.integers(4, 22)), None
        self.scatter(room.world, support, count, make=make)
        self.around(room)
        return room, support

    def bench(self):
        """
        A conference table, work bench or counter, longer and wider than a view of it, with a few things close together: nothing but their
        sizes and the way the edges run tells how far away and how steeply the camera looks.
        """
        rng = self.rng
        room = Room(self, rng.uniform(4.5, 9), rng.uniform(4.5, 9), rng.uniform(2.4, 3.2)).shell()
        room.light_up()
        placed = False
        while not placed:
            table = self.kit.table(rng.uniform(1.6, 4.2), rng.uniform(0.8, 1.6), round_=False)
            if rng.random() < 0.6:
                placed = room.against(table, int(rng.integers(4)))
            else:
                placed = room.put(table, rng.uniform(0.8, room.w - 0.8), rng.uniform(0.8, room.d - 0.8),
                                  float(rng.integers(4)) * np.pi / 2 + rng.normal(0, 0.1), 0.02)
        support = room.world.supports[0]
        reach = rng.uniform(0.25, 0.9) / table.size[:2]
        make = (lambda: (self.kit.package(), None)) if rng.random() < 0.4 else None
        self.scatter(room.world, support, int(rng.integers(1, 7)), reach, rng.uniform(0.2, 0.8, 2), make)
        if rng.random() < 0.4:
            self.scatter(room.world, support, int(rng.integers(1, 5)))
        self.around(room)
        return room, support

    def around(self, room):
        """Background furniture of a tabletop scene."""
        rng = self.rng
        for _ in range(rng.integers(2, 9)):
            piece, colour = self.furniture(int(rng.choice([C.CABINET, C.CHAIR, C.SOFA, C.APPLIANCE, C.PLANT, C.LAMP, C.OTHER])))
            room.against(piece, int(rng.integers(4)), tint_=colour)
        for _ in range(rng.integers(0, 4)):
            chair, colour = self.furniture(C.CHAIR)
            room.put(chair, rng.uniform(0.3, room.w - 0.3), rng.uniform(0.3, room.d - 0.3), rng.uniform(0, 6.28), -0.05, colour)
        for _ in range(rng.integers(0, 6)):
            self.wall_thing(room)
        self.floor_things(room, int(rng.integers(0, 4)))
        if rng.random() < 0.2:
            figure, colour = self.furniture(C.PERSON)
            room.put(figure, rng.uniform(0.4, room.w - 0.4), rng.uniform(0.4, room.d - 0.4), rng.uniform(0, 6.28), 0, colour)

    # Big spaces --------------------------------------------------------------------------------------------------

    def corridor(self):
        """A corridor 1.2 to 3 m wide and up to 25 m long with doors on both sides."""
        rng = self.rng
        room = Room(self, rng.uniform(8, 25), rng.uniform(1.3, 3.2), rng.uniform(2.3, 3.2)).shell()
        for _ in range(int(room.w * 0.7)):
            prefab = self.kit.door() if rng.random() < 0.7 else self.library(C.DOOR, "mount", 2.6) or self.kit.door()
            room.mount(prefab, int(rng.choice([0, 2, 0, 2, 1, 3])), 0.0)
        room.light_up(windows=int(rng.integers(0, 4)))
        for _ in range(int(room.w * 0.8)):
            self.wall_thing(room)
        for _ in range(rng.integers(0, 6)):
            piece, colour = self.furniture(int(rng.choice([C.CHAIR, C.CABINET, C.PLANT, C.PERSON, C.OTHER])))
            if piece.size[1] < room.d * 0.5:
                room.against(piece, int(rng.choice([0, 2])), tint_=colour)
        for _ in range(rng.integers(0, 4)):
            room.put(self.kit.person(), rng.uniform(1, room.w - 1), rng.uniform(0.35, room.d - 0.35), rng.uniform(0, 6.28), 0)
        return room

    def warehouse(self):
        """A hall with rows of racks, pallets, cartons and perhaps a fork lift."""
        rng = self.rng
        room = Room(self, rng.uniform(10, 25), rng.uniform(8, 22), rng.uniform(4, 9))
        room.shell(self.kit.mat("concrete", gloss=float(rng.choice([0, 0.3]))))
        room.light_up(windows=int(rng.integers(0, 3)))
        rack = [self.kit.rack(h=rng.uniform(2.2, min(7, room.h - 0.5))) for _ in range(3)]
        y = rng.uniform(0.6, 1.5)
        while y < room.d - 1:
            for k in range(int((room.w - 2) / 2.8)):
                if rng.random() < 0.85:
                    room.put(rack[int(rng.integers(3))], 1.2 + 2.8 * k + 1.35, y, 0, 0.0)
            y += rng.uniform(2.6, 5)
        for _ in range(rng.integers(3, 14)):
            piece = self.kit.carton() if rng.random() < 0.6 else self.furniture(C.OTHER)[0]
            room.put(piece, rng.uniform(0.5, room.w - 0.5), rng.uniform(0.5, room.d - 0.5), rng.uniform(0, 6.28), 0.05)
        for _ in range(rng.integers(0, 4)):
            room.put(self.kit.person(), rng.uniform(0.5, room.w - 0.5), rng.uniform(0.5, room.d - 0.5), rng.uniform(0, 6.28), 0)
        vehicle = self.library(C.VEHICLE, "outdoor", 5)
        if vehicle is not None and rng.random() < 0.5:
            room.put(vehicle, rng.uniform(2, room.w - 2), rng.uniform(2, room.d - 2), rng.uniform(0, 6.28), 0.1)
        return room

    def yard(self):
        """Open air: ground, a house wall, fences, trees, cars, people; the sky has no depth."""
        rng, kit = self.rng, self.kit
        size = rng.uniform(14, 30)
        room = Room(self, size, size, 4.0)
        world = room.world
        ground = kit.mat(str(rng.choice(["grass", "asphalt", "paving", "concrete"])))
        world.add(quad((-40, -40, 0), (size + 80, 0, 0), (0, size + 80, 0)), ground, C.FLOOR)
        for _ in range(rng.integers(1, 4)):
            w, h, d = rng.uniform(4, 14), rng.uniform(2.5, 7), rng.uniform(2, 6)
            side = int(rng.integers(4))
            point, yaw, normal = room.on_wall(side, rng.uniform(2, size - 2))
            point = point - normal * d / 2
            mat = kit.mat(str(rng.choice(["brick", "plaster", "panels", "concrete"])))
            world.add(box(w, d, h).moved(point[0], point[1], 0, yaw), mat, C.WALL)
            front = point + normal * (d / 2 + 0.03)
            along = np.float32(room.walls[side][1])
            for k in range(int(w / 2)):
                at = front + along * (k - int(w / 2) / 2 + 0.5) * 1.9
                prefab = kit.door() if rng.random() < 0.25 else kit.window(w=1.1, h=1.2, emit=0.2)
                world.place(prefab, at[0], at[1], 0, yaw)
        for _ in range(rng.integers(14, 34)):
            cls = int(rng.choice([C.VEHICLE, C.VEHICLE, C.PLANT, C.PLANT, C.OTHER, C.CHAIR, C.PERSON, C.TABLE, C.LAMP]))
            if cls == C.PERSON:
                piece = kit.person()
            elif cls == C.TABLE:
                piece = kit.table()
            else:
                piece = self.library(cls, "outdoor", 12)
            if piece is not None:
                room.put(piece, rng.uniform(0.5, size - 0.5), rng.uniform(0.5, size - 0.5), rng.uniform(0, 6.28), 0.1, self.tint() if cls != C.PLANT else None)
        grey = rng.random() < 0.4
        zenith = np.float32([0.55, 0.6, 0.68]) if grey else np.float32([0.22, 0.42, 0.85])
        horizon = np.float32([0.75, 0.78, 0.82]) if grey else np.float32([0.75, 0.85, 0.95])
        world.sky = (zenith * rng.uniform(0.8, 1.3), horizon * rng.uniform(0.8, 1.3))
        world.ambient = (zenith + horizon) * 0.5
        if not grey or rng.random() < 0.3:
            yaw, rise = rng.uniform(0, 6.28), rng.uniform(0.3, 1.3)
            to = np.float32([np.cos(yaw) * np.cos(rise), np.sin(yaw) * np.cos(rise), np.sin(rise)])
            world.sun = (to, np.float32([1, 0.93, 0.8]) * rng.uniform(1, 3), 0.01, None)
        world.bounce_range = 3.0
        return room
