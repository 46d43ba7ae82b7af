# SPDX-License-Identifier: Apache-2.0
"""Objects by rule at true sizes (metres): packages, cans, cups, books, screens, tables, shelves, racks, doors, windows, people."""
import numpy as np

from worlds import classes as C
from worlds.shapes import Mat, Part, Prefab, box, box_faces, capsule, cylinder, ellipsoid, flat_normals, join, lathe, quad


def tint(rng, low=0.03, high=0.9, saturation=0.6):
    """A random linear RGB factor."""
    value = np.exp(rng.uniform(np.log(low), np.log(high)))
    colour = value * (1 - rng.uniform(0, saturation) * rng.random(3))
    return tuple(float(c) for c in colour)


class Kit:
    """Makes procedural prefabs with surfaces from an atlas."""

    def __init__(self, atlas, rng):
        self.atlas, self.rng = atlas, rng

    def mat(self, group, colour=None, gloss=0.0, emit=0.0):
        return Mat(self.atlas.pick(self.rng, group), colour or (1.0, 1.0, 1.0), gloss, emit)

    def plain(self, low=0.03, high=0.9, saturation=0.6, gloss=0.15):
        return Mat(0, tint(self.rng, low, high, saturation), gloss)

    # Small things -----------------------------------------------------------------------------------------------

    def package(self, w=None, d=None, h=None):
        """A printed box: muesli, tea, parts; sides of 4 to 35 cm."""
        rng = self.rng
        if w is None:
            big = rng.uniform(0.06, 0.32)
            w, h, d = big * rng.uniform(0.45, 1), big, big * rng.uniform(0.2, 0.7)
            if rng.random() < 0.25:
                w, h = h, w
        faces = box_faces(w, d, h, metric=False)
        front, side = self.mat("package", gloss=0.1), self.mat("package_side", gloss=0.1)
        if rng.random() < 0.25:
            front = side = self.mat("cardboard")
        order = [front, front, side, side, self.mat("package") if rng.random() < 0.4 else side, side]
        return Prefab(C.SMALL_OBJECT, list(zip(faces, order)))

    def can(self):
        rng = self.rng
        r, h = rng.uniform(0.025, 0.055), rng.uniform(0.06, 0.24)
        body = lathe([(r, 0), (r, h)], 18, metric=False)
        caps = join([lathe([(0, 0), (r, 0)], 18), lathe([(r, h), (r * 0.9, h - 0.003), (0, h - 0.003)], 18)])
        return Prefab(C.SMALL_OBJECT, [(body, self.mat("can_label", gloss=0.2)), (caps, self.plain(0.3, 0.8, 0.1, 0.4))])

    def tin(self):
        """A wide round tin or pot with a lid, 12 to 28 cm across."""
        rng = self.rng
        r, h = rng.uniform(0.06, 0.14), rng.uniform(0.05, 0.16)
        lid = h * rng.uniform(0.6, 0.85)
        body = lathe([(0, 0), (r * 0.96, 0), (r * 0.96, lid), (r, lid), (r, h), (0, h + rng.uniform(0, 0.015))], 24)
        return Prefab(C.SMALL_OBJECT, [(body, self.plain(0.1, 0.9) if rng.random() < 0.6 else self.mat("can_label")._replace(gloss=0.2))])

    def bottle(self):
        rng = self.rng
        r, h = rng.uniform(0.025, 0.045), rng.uniform(0.16, 0.34)
        neck, shoulder = r * rng.uniform(0.25, 0.5), h * rng.uniform(0.5, 0.75)
        body = lathe([(0, 0), (r, 0), (r, shoulder), (neck, h * 0.85), (neck, h), (0, h)], 16)
        label = lathe([(r * 1.01, shoulder * 0.25), (r * 1.01, shoulder * 0.85)], 16, metric=False)
        cap = cylinder(neck * 1.15, h * 0.06, 12).moved(z=h * 0.96)
        return Prefab(C.SMALL_OBJECT, [(body, self.plain(0.02, 0.7, 0.7, 0.4)), (label, self.mat("can_label")), (cap, self.plain())])

    def cup(self):
        rng = self.rng
        r, h, wall = rng.uniform(0.032, 0.048), rng.uniform(0.06, 0.12), 0.004
        low = r * rng.uniform(0.65, 1)
        body = lathe([(0, 0), (low, 0), (r, h), (r - wall, h), (low - wall, 0.006), (0, 0.006)], 18)
        parts = [body]
        if rng.random() < 0.7:
            angles = np.linspace(-1.3, 1.3, 6)
            points = [(r * 0.95 + 0.025 * np.cos(a) - 0.005, 0, h * 0.5 + h * 0.3 * np.sin(a)) for a in angles]
            parts += [capsule(p, q, 0.005, 0.005, 6) for p, q in zip(points[:-1], points[1:])]
        fill = lathe([(low + (r - low) * 0.7 - wall, h * 0.7), (0, h * 0.7)], 18)
        surfaces = [(join(parts), self.plain(0.15, 0.95, 0.5, 0.25))]
        if rng.random() < 0.5:
            surfaces.append((fill, Mat(0, (0.06, 0.03, 0.015), 0.3)))
        return Prefab(C.SMALL_OBJECT, surfaces)

    def bowl(self):
        rng = self.rng
        r, h = rng.uniform(0.06, 0.16), rng.uniform(0.035, 0.1)
        t = np.linspace(0.25, 1.35, 6)
        outer = [(r * np.sin(a) / np.sin(1.35), h * (1 - np.cos(a)) / (1 - np.cos(1.35))) for a in t]
        profile = [(0, 0)] + outer + [(x - 0.005, z + 0.001) for x, z in outer[::-1]] + [(0, 0.006)]
        parts = [(lathe(profile, 22), self.plain(0.15, 0.95, 0.6, 0.25))]
        if rng.random() < 0.35:
            balls = [ellipsoid(*(rng.uniform(0.02, 0.04, 1).repeat(3)), 8, 6).moved(*(rng.uniform(-0.4, 0.4, 2) * r), h * 0.7) for _ in range(4)]
            parts.append((join(balls), self.plain(0.15, 0.7, 0.9)))
        return Prefab(C.SMALL_OBJECT, parts)

    def plate(self):
        r = self.rng.uniform(0.08, 0.15)
        return Prefab(C.SMALL_OBJECT, [(lathe([(0, 0), (r * 0.6, 0), (r, 0.02), (r * 0.98, 0.022), (r * 0.6, 0.006), (0, 0.006)], 24),
                                        self.plain(0.4, 0.95, 0.3, 0.3))])

    def vase(self):
        rng = self.rng
        h = rng.uniform(0.12, 0.4)
        z = np.linspace(0, 1, 8)
        r = h * rng.uniform(0.15, 0.28) * (0.6 + 0.4 * np.sin(z * rng.uniform(2.5, 5) + rng.uniform(0, 2)))
        profile = [(0, 0)] + list(zip(r, z * h)) + [(r[-1] * 0.85, h), (r[-1] * 0.8, h * 0.6), (0, h * 0.6)]
        return Prefab(C.SMALL_OBJECT, [(lathe(profile, 20), self.plain(0.05, 0.9, 0.7, 0.3))])

    def ball(self):
        r = self.rng.choice([0.02, 0.033, 0.05, 0.11, 0.12])
        return Prefab(C.SMALL_OBJECT, [(ellipsoid(r, r, r, 18, 12).moved(z=r), self.mat("fabric") if self.rng.random() < 0.4 else self.plain(0.1, 0.8, 0.9))])

    def book(self, flat=True):
        rng = self.rng
        w, d, t = rng.uniform(0.1, 0.22), rng.uniform(0.15, 0.3), rng.uniform(0.008, 0.05)
        cover, pages = self.mat("book_cover", gloss=0.1), Mat(0, (0.8, 0.77, 0.68))
        f = box_faces(w, d, t, metric=False)
        return Prefab(C.SMALL_OBJECT, [(f[0], pages), (f[1], pages), (f[2], cover), (f[3], pages), (f[4], cover), (f[5], cover)])

    def pile(self):
        """A few books or papers on top of each other."""
        parts, z = [], 0.0
        for _ in range(self.rng.integers(2, 6)):
            b = self.book()
            yaw = self.rng.normal(0, 0.25)
            parts += [(p.moved(0, 0, z, yaw), m) for p, m in b.parts]
            z += b.size[2]
        return Prefab(C.SMALL_OBJECT, parts)

    def sheet(self):
        s = self.rng.choice([1.0, 0.71, 1.41])
        return Prefab(C.SMALL_OBJECT, [(box(0.21 * s, 0.297 * s, 0.0015, metric=False), self.mat("paper"))])

    def tray(self):
        rng = self.rng
        w, d, h, t = rng.uniform(0.15, 0.4), rng.uniform(0.12, 0.3), rng.uniform(0.03, 0.18), 0.006
        parts = [box(w, d, t), box(w, t, h, y=d / 2), box(w, t, h, y=-d / 2), box(t, d, h, x=w / 2), box(t, d, h, x=-w / 2)]
        return Prefab(C.SMALL_OBJECT, [(join(parts), self.mat("cardboard") if rng.random() < 0.3 else self.plain(0.05, 0.8))])

    def pens(self):
        rng, parts = self.rng, []
        r, h = rng.uniform(0.03, 0.045), rng.uniform(0.08, 0.12)
        parts.append((lathe([(0, 0), (r, 0), (r, h), (r - 0.004, h), (r - 0.004, 0.005), (0, 0.005)], 14), self.plain()))
        for _ in range(rng.integers(1, 6)):
            a = rng.normal(0, 0.02, 2)
            parts.append((capsule((a[0], a[1], 0.01), (a[0] * 2.2, a[1] * 2.2, h + rng.uniform(0.03, 0.08)), 0.004, 0.004, 6), self.plain(0.05, 0.8, 0.95)))
        return Prefab(C.SMALL_OBJECT, parts)

    def pen(self):
        length = self.rng.uniform(0.12, 0.18)
        return Prefab(C.SMALL_OBJECT, [(capsule((-length / 2, 0, 0.005), (length / 2, 0, 0.005), 0.005, 0.004, 6), self.plain(0.03, 0.8, 0.95))])

    def keyboard(self):
        w = self.rng.uniform(0.36, 0.46)
        f = box_faces(w, w * 0.33, 0.022, metric=False)
        top = self.mat("keyboard")
        return Prefab(C.SMALL_OBJECT, [(p, top if i == 4 else Mat(0, (0.03, 0.03, 0.03))) for i, p in enumerate(f)])

    def mouse(self):
        return Prefab(C.SMALL_OBJECT, [(ellipsoid(0.032, 0.055, 0.03, 12, 8).moved(z=0.012), self.plain(0.02, 0.7, 0.2, 0.2))])

    def phone(self):
        f = box_faces(0.075, 0.155, 0.009, metric=False)
        glass = self.mat("screen", (0.4, 0.4, 0.4), 0.4)
        return Prefab(C.SMALL_OBJECT, [(p, glass if i == 4 else Mat(0, (0.03, 0.03, 0.03), 0.2)) for i, p in enumerate(f)])

    def cable(self):
        """A loose cord lying on the surface."""
        rng = self.rng
        walk = np.cumsum(np.cumsum(rng.normal(0, 0.012, (14, 2)), 0) * 0.4 + 0.02, 0)
        walk = walk - walk.mean(0)
        points = np.concatenate([walk, np.full((14, 1), 0.004)], 1)
        return Prefab(C.SMALL_OBJECT, [(join([capsule(a, b, 0.004, 0.004, 5) for a, b in zip(points[:-1], points[1:])]), self.plain(0.01, 0.8, 0.3))])

    def monitor(self):
        rng = self.rng
        w = rng.uniform(0.42, 0.75)
        h, z = w * 0.58, rng.uniform(0.08, 0.16)
        case = Mat(0, (0.02, 0.02, 0.02) if rng.random() < 0.8 else (0.6, 0.6, 0.6), 0.2)
        panel = box(w, 0.035, h, z=z, metric=False)
        glass = quad((-w / 2 + 0.012, -0.019, z + 0.015), (w - 0.024, 0, 0), (0, 0, h - 0.03), metric=False)
        stand = join([box(0.05, 0.03, z + h * 0.4, y=0.03, metric=False), box(w * 0.4, 0.2, 0.012, metric=False)])
        return Prefab(C.APPLIANCE, [(panel, case), (glass, self.mat("screen", (0.5, 0.5, 0.5), 0.2, rng.choice([0.0, 0.6, 1.2]))), (stand, case)])

    def laptop(self):
        rng = self.rng
        w = rng.uniform(0.28, 0.38)
        d, lean = w * 0.68, rng.uniform(0.15, 0.6)
        base = box_faces(w, d, 0.018, metric=False)
        case = self.plain(0.02, 0.7, 0.1, 0.2)
        c, s = np.cos(lean), np.sin(lean)
        up = np.float32([0, s, c]) * d
        glass = quad((-w / 2, d / 2, 0.018), (w, 0, 0), up, metric=False)
        back = quad((w / 2, d / 2 + 0.008, 0.018), (-w, 0, 0), up, metric=False)
        parts = [(p, self.mat("keyboard") if i == 4 else case) for i, p in enumerate(base)]
        return Prefab(C.APPLIANCE, parts + [(glass, self.mat("screen", (0.5, 0.5, 0.5), 0.1, rng.choice([0.0, 0.8]))), (back, case)])

    def desk_lamp(self):
        rng = self.rng
        metal = self.plain(0.02, 0.8, 0.7, 0.3)
        elbow, tip = (0, 0.12, rng.uniform(0.25, 0.4)), (0, -0.12, rng.uniform(0.4, 0.55))
        arm = join([cylinder(0.08, 0.02, 16), capsule((0, 0, 0.02), elbow, 0.008, 0.008, 6), capsule(elbow, tip, 0.008, 0.008, 6)])
        shade = lathe([(0.07, -0.1), (0.03, 0.0), (0, 0.0)], 14).moved(*tip)
        return Prefab(C.LAMP, [(arm, metal), (shade, metal)])

    SMALL = ("package",) * 6 + ("can",) * 2 + ("tin", "bottle", "bottle", "cup", "cup", "bowl", "plate", "vase", "ball", "book", "book",
             "pile", "sheet", "sheet", "tray", "pens", "pen", "phone", "cable", "mouse")

    def small(self):
        return getattr(self, str(self.rng.choice(self.SMALL)))()

    # Furniture --------------------------------------------------------------------------------------------------

    def table_top_mat(self):
        rng = self.rng
        kind = rng.random()
        gloss = float(rng.choice([0, 0.1, 0.3]))
        if kind < 0.42:
            return self.mat("wood", gloss=gloss)
        if kind < 0.75:
            return self.mat("laminate", gloss=gloss)
        if kind < 0.82:
            return self.mat("fabric")
        if kind < 0.9:
            return self.plain(0.03, 0.9, 0.4, gloss)
        return self.mat(str(rng.choice(["planks", "concrete", "tiles"])), gloss=gloss)

    def table(self, w=None, d=None, h=None, round_=None):
        """A table with legs, panels or a pedestal; `tops` is the plan map of its surface."""
        rng = self.rng
        w = w or rng.uniform(0.5, 2.4)
        d = d or min(w, rng.uniform(0.4, 1.2))
        h = h or float(rng.choice([rng.uniform(0.7, 0.78), rng.uniform(0.7, 0.78), rng.uniform(0.35, 0.55), rng.uniform(0.85, 1.1)]))
        t, top = rng.uniform(0.015, 0.05), self.table_top_mat()
        frame = self.plain(0.02, 0.85, 0.2, 0.2) if rng.random() < 0.6 else top
        round_ = rng.random() < 0.15 if round_ is None else round_
        parts = []
        if round_:
            r = max(w, d) / 2
            disc = lathe([(0, h - t), (r, h - t), (r, h)], 32)
            lid = lathe([(r, h), (0, h)], 32)
            uv = lid.tri[..., :2]
            parts += [(disc, top), (lid._replace(uv=uv), top)]
            parts.append((join([cylinder(0.05, h - t, 14), cylinder(r * 0.5, 0.03, 20)]), frame))
        else:
            parts.append((box(w, d, t, z=h - t), top))
            style, inset, leg = rng.integers(4), rng.uniform(0, 0.08), rng.uniform(0.02, 0.08)
            x, y = w / 2 - leg / 2 - inset, d / 2 - leg / 2 - inset
            if style <= 1:
                legs = [box(leg, leg, h - t, a * x, b * y) for a in (-1, 1) for b in (-1, 1)]
                if rng.random() < 0.5:
                    legs += [box(w - 2 * inset - leg, 0.02, 0.08, 0, b * y, h - t - 0.08) for b in (-1, 1)]
                parts.append((join(legs), frame))
            elif style == 2:
                legs = [box(0.025, d - 0.06, h - t, a * (w / 2 - 0.03 - inset)) for a in (-1, 1)] + [box(w - 0.1, 0.02, h * 0.4, y=d * 0.3, z=h * 0.45)]
                parts.append((join(legs), frame))
            else:
                legs = [box(leg, d * 0.7, 0.04, a * x) for a in (-1, 1)] + [box(leg, leg, h - t, a * x) for a in (-1, 1)]
                parts.append((join(legs), frame))
        prefab = Prefab(C.TABLE, parts)
        prefab.tops = np.full((20, 20), h, np.float32)
        if round_:
            g = (np.arange(20) + 0.5) / 10 - 1
            prefab.tops[np.hypot(g[None], g[:, None]) > 0.95] = np.nan
        return prefab

    def chair(self):
        rng = self.rng
        w, seat, back = rng.uniform(0.38, 0.5), rng.uniform(0.42, 0.5), rng.uniform(0.75, 1.05)
        soft = self.mat("fabric") if rng.random() < 0.6 else self.plain()
        frame = self.plain(0.02, 0.7, 0.3, 0.3)
        parts = [(box(w, w, rng.uniform(0.02, 0.07), z=seat - 0.05), soft)]
        if rng.random() < 0.5:
            spokes = [capsule((0, 0, 0.09), (0.28 * np.cos(a), 0.28 * np.sin(a), 0.05), 0.02, 0.015, 6) for a in np.arange(5) * 1.2566]
            wheels = [ellipsoid(0.03, 0.03, 0.03, 8, 6).moved(0.28 * np.cos(a), 0.28 * np.sin(a), 0.03) for a in np.arange(5) * 1.2566]
            parts.append((join(spokes + wheels + [cylinder(0.025, seat - 0.12, 10).moved(z=0.08)]), frame))
            parts.append((join([capsule((a * w * 0.55, 0.1, seat + 0.2), (a * w * 0.55, -0.15, seat + 0.2), 0.02, 0.02, 6) for a in (-1, 1)]
                               + [box(0.06, 0.02, 0.3, y=w / 2, z=seat - 0.05)]), frame))
            parts.append((box(w * 0.9, 0.06, back - seat - 0.1, y=w / 2, z=seat + 0.12), soft))
        else:
            leg = rng.uniform(0.02, 0.045)
            legs = [box(leg, leg, seat - 0.03, a * (w / 2 - leg / 2), b * (w / 2 - leg / 2)) for a in (-1, 1) for b in (-1, 1)]
            legs += [box(leg, leg, back - seat, a * (w / 2 - leg / 2), w / 2 - leg / 2, seat - 0.03) for a in (-1, 1)]
            parts.append((join(legs), frame))
            if rng.random() < 0.5:
                slats = [box(w, 0.015, 0.06, y=w / 2 - leg / 2, z=z) for z in np.arange(seat + 0.12, back - 0.06, rng.uniform(0.09, 0.15))]
                parts.append((join(slats), frame if rng.random() < 0.5 else soft))
            else:
                parts.append((box(w, 0.025, (back - seat) * 0.5, y=w / 2 - leg / 2, z=seat + (back - seat) * 0.45), soft))
        return Prefab(C.CHAIR, parts)

    def sofa(self):
        rng = self.rng
        w, d, seat, back = rng.uniform(1.3, 2.5), rng.uniform(0.8, 1.0), rng.uniform(0.36, 0.46), rng.uniform(0.7, 0.95)
        arm, cloth = rng.uniform(0.12, 0.25), self.mat("fabric", tint(rng, 0.1, 1.0, 0.4))
        parts = [box(w, d, seat * 0.65, z=0.06), box(w, 0.22, back - 0.06, y=d / 2 - 0.11, z=0.06)]
        parts += [box(arm, d, rng.uniform(0.5, 0.65), a * (w / 2 - arm / 2), z=0.03) for a in (-1, 1)]
        n = int(rng.integers(2, 4))
        each = (w - 2 * arm) / n
        parts += [box(each * 0.97, d - 0.24, seat * 0.32, -w / 2 + arm + each * (i + 0.5), -0.11, seat * 0.65 + 0.06) for i in range(n)]
        return Prefab(C.SOFA, [(join(parts), cloth)])

    def bed(self):
        rng = self.rng
        w, d, h = float(rng.choice([0.9, 1.0, 1.4, 1.6, 1.8])), rng.uniform(1.95, 2.15), rng.uniform(0.35, 0.6)
        parts = [(join([box(w, d, h - 0.2, z=0.05), box(w, 0.05, rng.uniform(0.7, 1.2), y=d / 2)]), self.mat("wood"))]
        parts.append((box(w - 0.04, d - 0.06, 0.2, y=-0.01, z=h - 0.18), Mat(0, (0.75, 0.75, 0.72))))
        parts.append((box(w + 0.02, d * 0.65, 0.06, y=-d * 0.16, z=h - 0.02), self.mat("fabric")))
        n = 1 if w < 1.2 else 2
        pillows = [ellipsoid(0.32, 0.2, 0.08, 14, 8).moved((i - (n - 1) / 2) * w / 2, d / 2 - 0.3, h + 0.07) for i in range(n)]
        parts.append((join(pillows), self.plain(0.4, 0.95, 0.3, 0)))
        return Prefab(C.BED, parts)

    def shelf(self, depth=None):
        """An open shelf with books and things."""
        rng = self.rng
        w, h, d = rng.uniform(0.4, 1.8), rng.uniform(0.7, 2.3), depth or rng.uniform(0.22, 0.4)
        body, t = (self.mat("wood") if rng.random() < 0.6 else self.plain(0.2, 0.9, 0.2)), 0.02
        n = max(2, int(h / rng.uniform(0.28, 0.42)))
        boards = [box(w, d, t, z=h * i / n) for i in range(n + 1)] + [box(t, d, h + t, a * w / 2) for a in (-1, 1)] + [box(w, 0.008, h, y=d / 2 - 0.01)]
        parts = [(join(boards), body)]
        step = h / n
        for i in range(n):
            x = -w / 2 + 0.03
            while x < w / 2 - 0.1:
                kind = rng.random()
                room = w / 2 - 0.03 - x
                if kind < 0.5:
                    run, tall = min(room, rng.uniform(0.1, 0.6)), min(step - 0.05, rng.uniform(0.18, 0.3))
                    row = box_faces(run, d * 0.6, tall, metric=False)
                    shift = rng.uniform(0, 0.5)
                    front = row[0]._replace(uv=row[0].uv * np.float32([run / 0.6, 1]) + np.float32([shift, 0]))
                    place = dict(x=x + run / 2, y=-d * 0.1, z=h * i / n + t)
                    parts.append((front.moved(**place), self.mat("book_row")))
                    parts.append((join(row[1:]).moved(**place), Mat(0, (0.5, 0.46, 0.4))))
                elif kind < 0.75:
                    run = min(room, rng.uniform(0.1, 0.35))
                    p = self.package(run * 0.9, d * 0.7, min(step - 0.05, rng.uniform(0.08, 0.3)))
                    parts += [(q.moved(x + run / 2, 0, h * i / n + t), m) for q, m in p.parts]
                else:
                    run = rng.uniform(0.1, 0.3)
                x += run
        return Prefab(C.CABINET, parts)

    def cupboard(self):
        """A closed cabinet with door lines and handles."""
        rng = self.rng
        w, h, d = rng.uniform(0.4, 2.2), float(rng.choice([rng.uniform(0.5, 0.95), rng.uniform(1.2, 2.2)])), rng.uniform(0.35, 0.65)
        body = self.mat(str(rng.choice(["wood", "laminate"]))) if rng.random() < 0.7 else self.plain(0.1, 0.9, 0.3)
        parts = [(box(w, d, h), body)]
        cols, rows = max(1, round(w / rng.uniform(0.4, 0.6))), int(rng.choice([1, 1, 2, 3, 4])) if h < 1.2 else int(rng.integers(1, 3))
        front, knobs = [], []
        for c in range(cols):
            for r in range(rows):
                ww, hh = w / cols - 0.008, (h - 0.08) / rows - 0.008
                x, z = -w / 2 + (c + 0.5) * w / cols, 0.08 + r * (h - 0.08) / rows
                front.append(box(ww, 0.018, hh, x, -d / 2 - 0.009, z))
                at = x + (ww * 0.4 * (1 if c % 2 == 0 else -1) if rows < 3 else 0)
                knobs.append(box(*((0.015, 0.025, 0.12) if rows < 3 else (0.12, 0.025, 0.015)), at, -d / 2 - 0.03, z + hh * (0.45 if rows < 3 else 0.7)))
        parts += [(join(front), body if rng.random() < 0.6 else self.mat("wood")), (join(knobs), Mat(0, (0.3, 0.3, 0.3), 0.5))]
        prefab = Prefab(C.CABINET, parts)
        prefab.tops = np.full((20, 20), h, np.float32)
        return prefab

    def appliance(self):
        rng = self.rng
        w, d = 0.6, rng.uniform(0.55, 0.65)
        h = float(rng.choice([0.85, 0.85, rng.uniform(1.3, 2.0)]))
        faces = box_faces(w, d, h, metric=False)
        case = Mat(0, tuple([float(rng.choice([0.03, 0.4, 0.8]))] * 3), 0.3)
        front = self.mat("dial_front") if h < 1 else case
        parts = [(f, front if i == 0 else case) for i, f in enumerate(faces)]
        if h > 1:
            parts.append((join([box(0.02, 0.04, 0.4, 0.22, -d / 2 - 0.03, h * 0.5), box(w, 0.004, 0.01, 0, -d / 2 - 0.003, h * 0.4)]),
                          Mat(0, (0.25, 0.25, 0.25), 0.5)))
        prefab = Prefab(C.APPLIANCE, parts)
        prefab.tops = np.full((20, 20), h, np.float32)
        return prefab

    def floor_lamp(self):
        rng = self.rng
        h, r = rng.uniform(1.3, 1.9), rng.uniform(0.12, 0.25)
        pole = join([cylinder(0.14, 0.02, 18), cylinder(0.012, h - 0.2, 8)])
        shade = lathe([(r, h - 0.3), (r * rng.uniform(0.5, 1), h)], 20)
        return Prefab(C.LAMP, [(pole, self.plain(0.02, 0.8, 0.2, 0.4)), (shade, Mat(0, (0.9, 0.82, 0.65), 0, rng.choice([0.0, 1.5])))])

    def plant(self):
        """A pot with a bunch of leaves."""
        rng = self.rng
        h = rng.uniform(0.2, 1.7)
        pot = h * rng.uniform(0.15, 0.3)
        r = pot * rng.uniform(0.4, 0.7)
        parts = [(lathe([(0, 0), (r * 0.75, 0), (r, pot), (r * 0.9, pot), (0, pot * 0.9)], 16), self.plain(0.05, 0.8))]
        leaves, count = [], int(rng.integers(20, 70))
        for _ in range(count):
            out, rise, yaw = rng.uniform(0.05, 0.4) * h, rng.uniform(0.2, 1) * (h - pot), rng.uniform(0, 2 * np.pi)
            width = rng.uniform(0.02, 0.07) * (0.5 + h)
            a, b = np.float32([0, 0, pot + rise * 0.2]), np.float32([out, 0, pot + rise])
            mid = (a + b) / 2 + np.float32([0, 0, rise * 0.2])
            tri = np.float32([[a, mid + [0, width, 0], mid - [0, width, 0]], [b, mid - [0, width, 0], mid + [0, width, 0]]])
            leaves.append(Part(tri, np.zeros((2, 3, 2), np.float32), flat_normals(tri), False).moved(yaw=yaw))
        green = np.float32([rng.uniform(0.05, 0.3), rng.uniform(0.2, 0.45), rng.uniform(0.02, 0.12)])
        parts.append((join(leaves), Mat(0, tuple(float(g) for g in green))))
        return Prefab(C.PLANT, parts)

    def bin(self):
        r, h = self.rng.uniform(0.11, 0.25), self.rng.uniform(0.25, 0.7)
        return Prefab(C.OTHER, [(lathe([(0, 0), (r * 0.8, 0), (r, h), (r - 0.01, h), (r * 0.78, 0.02), (0, 0.02)], 18), self.plain(0.02, 0.7))])

    def carton(self):
        w, d, h = self.rng.uniform(0.2, 0.7), self.rng.uniform(0.2, 0.5), self.rng.uniform(0.12, 0.5)
        card = self.mat("cardboard")
        return Prefab(C.SMALL_OBJECT, [(f, card) for f in box_faces(w, d, h, metric=False)])

    def rack(self, w=None, h=None, d=1.0):
        """A warehouse rack: steel uprights, beams and loads of cartons; bays 2.7 m wide, levels 1.2 to 2 m."""
        rng = self.rng
        w, h = w or 2.7, h or rng.uniform(2.2, 7)
        n = max(2, int(h / rng.uniform(1.1, 1.9)))
        posts = [box(0.1, 0.08, h, a * w / 2, b * (d / 2 - 0.04)) for a in (-1, 1) for b in (-1, 1)]
        beams = [box(w, 0.05, 0.12, 0, b * d / 2, h * i / n - 0.1) for i in range(1, n) for b in (-1, 1)]
        parts = [(join(posts), Mat(0, (0.05, 0.1, 0.35), 0.2)), (join(beams), Mat(0, (0.75, 0.2, 0.03), 0.2)),
                 (join([box(w, d, 0.03, z=max(0.02, h * i / n)) for i in range(n)]), self.mat("wood"))]
        for i in range(n):
            x = -w / 2 + 0.1
            while x < w / 2 - 0.5:
                run = rng.uniform(0.35, 1.1)
                if rng.random() < 0.8 and x + run < w / 2:
                    tall, card = rng.uniform(0.25, h / n - 0.25), self.mat("cardboard") if rng.random() < 0.7 else self.mat("package_side")
                    parts += [(f.moved(x + run / 2, 0, max(0.02, h * i / n) + 0.03), card) for f in box_faces(run * 0.95, d * 0.85, tall, metric=False)]
                x += run
        merged = {}
        for p, m in parts:
            merged.setdefault((m, p.metric), []).append(p)
        return Prefab(C.CABINET, [(join(ps), m) for (m, _), ps in merged.items()])

    # Openings (origin on the wall plane at floor level, front towards -y) --------------------------------------------

    def door(self):
        rng = self.rng
        w, h = rng.uniform(0.75, 1.05), rng.uniform(1.98, 2.15)
        if rng.random() < 0.15:
            w *= 1.8
        frame = self.plain(0.1, 0.9, 0.3, 0.1)
        leaf = quad((-w / 2, -0.012, 0), (w, 0, 0), (0, 0, h), metric=False)
        trim = join([box(0.07, 0.04, h + 0.07, a * (w / 2 + 0.035), -0.015) for a in (-1, 1)] + [box(w, 0.04, 0.07, 0, -0.015, h)])
        handle = join([capsule((w * 0.42, -0.06, 1.03), (w * 0.42 - 0.11, -0.06, 1.03), 0.01, 0.01, 6),
                       capsule((w * 0.42, -0.012, 1.03), (w * 0.42, -0.06, 1.03), 0.01, 0.01, 6)])
        return Prefab(C.DOOR, [(leaf, self.mat("door_leaf", gloss=0.1)), (trim, frame), (handle, Mat(0, (0.4, 0.4, 0.4), 0.6))])

    def window(self, w=None, h=None, sill=None, emit=2.5):
        """A window with frame and sill; the pane is a bright picture of outdoors in the plane of the wall."""
        rng = self.rng
        w, h = w or rng.uniform(0.6, 2.2), h or rng.uniform(0.8, 1.5)
        sill = rng.uniform(0.75, 1.0) if sill is None else sill
        n = max(1, round(w / rng.uniform(0.6, 1.0)))
        frame = Mat(0, (0.8, 0.8, 0.78) if rng.random() < 0.7 else tint(rng, 0.03, 0.5), 0.1)
        pane = quad((-w / 2, -0.006, sill), (w, 0, 0), (0, 0, h), metric=False)
        bars = [box(0.06, 0.05, h, -w / 2 + w * i / n, -0.02, sill) for i in range(n + 1)] + [box(w, 0.05, 0.06, 0, -0.02, sill + z) for z in (0, h - 0.06)]
        board = box(w + 0.12, 0.2, 0.03, 0, -0.09, sill - 0.03)
        return Prefab(C.WINDOW, [(pane, self.mat("view", (0.7, 0.7, 0.7), 0.1, emit)), (join(bars + [board]), frame)])

    # People -----------------------------------------------------------------------------------------------------

    def person(self, height=None, pose=None, rng=None):
        """A clothed figure of capsules, 1.1 to 1.95 m tall, standing, walking or sitting (seat at 0.45 m), facing -y."""
        rng = rng or self.rng
        height = height or (rng.uniform(1.55, 1.95) if rng.random() < 0.85 else rng.uniform(1.05, 1.5))
        pose = pose or str(rng.choice(["stand", "stand", "walk", "sit"]))
        s = height / 1.75
        skin = Mat(0, tuple(float(c) for c in np.float32([0.62, 0.4, 0.29]) * np.exp(rng.uniform(-1.6, 0.35)) ** np.float32([0.8, 1, 1.15])))
        shirt = self.mat("fabric", tint(rng, 0.15, 1.0, 0.5)) if rng.random() < 0.5 else self.plain(0.02, 0.8, 0.9, 0)
        trousers = self.plain(0.01, 0.35, 0.5, 0)
        hair, shoe = Mat(0, tint(rng, 0.005, 0.25, 0.5)), self.plain(0.01, 0.6, 0.4, 0.1)
        stout = rng.uniform(0.85, 1.25)
        hip = (0.93 if pose != "sit" else 0.5) * s
        stride = 0.0 if pose != "walk" else rng.uniform(0.12, 0.3)
        legs, shoes, skin_parts, arms = [], [], [], []
        for side in (-1, 1):
            top = np.float32([side * 0.09 * s, 0, hip])
            if pose == "sit":
                knee, ankle = top + [0, -0.43 * s, 0], top + [side * 0.02, -0.43 * s - 0.03, -0.42 * s]
            else:
                swing = side * stride
                knee = top + [0, -0.05 - swing * 0.5, -0.44 * s]
                ankle = np.float32([top[0], -swing, 0.08 * s])
            legs += [capsule(top, knee, 0.085 * s * stout, 0.06 * s, 10), capsule(knee, ankle, 0.06 * s, 0.045 * s, 10)]
            shoes.append(capsule(ankle + [0, 0.03, -0.035 * s], ankle + [0, -0.16 * s, -0.045 * s], 0.04 * s, 0.033 * s, 8))
        chest = hip + 0.5 * s
        legs.append(ellipsoid(0.165 * s * stout, 0.11 * s * stout, 0.15 * s, 16, 10).moved(z=hip + 0.02 * s))
        torso = [ellipsoid(0.19 * s * stout, 0.115 * s * stout, 0.29 * s, 16, 10).moved(z=hip + 0.28 * s),
                 capsule((-0.16 * s, 0, chest), (0.16 * s, 0, chest), 0.06 * s, 0.06 * s, 10)]
        sleeve = rng.random() < 0.6
        for side in (-1, 1):
            shoulder = np.float32([side * 0.2 * s, 0, chest])
            lift, fold = rng.uniform(-0.15, 0.5), rng.uniform(0.1, 1.4)
            elbow = shoulder + np.float32([side * 0.06, -0.28 * np.sin(lift), -0.28 * np.cos(lift)]) * s
            hand = elbow + np.float32([-side * 0.02, -0.26 * np.sin(lift + fold), -0.26 * np.cos(lift + fold)]) * s
            arms.append(capsule(shoulder, elbow, 0.052 * s, 0.042 * s, 8))
            (arms if sleeve else skin_parts).append(capsule(elbow, hand, 0.04 * s, 0.03 * s, 8))
            skin_parts.append(ellipsoid(0.035 * s, 0.03 * s, 0.07 * s, 8, 6).moved(*(hand - [0, 0, 0.05 * s])))
        neck = chest + 0.06 * s
        head = neck + 0.16 * s
        skin_parts += [capsule((0, 0, chest), (0, -0.01, neck + 0.08 * s), 0.055 * s, 0.05 * s, 8),
                       ellipsoid(0.075 * s, 0.095 * s, 0.115 * s, 14, 10).moved(0, -0.01, head),
                       ellipsoid(0.012 * s, 0.02 * s, 0.02 * s, 6, 4).moved(0, -0.105 * s, head - 0.01)]
        long_hair = rng.random() < 0.4
        hair_parts = [ellipsoid(0.083 * s, 0.1 * s, 0.1 * s, 14, 8).moved(0, 0.015 * s, head + 0.03 * s)]
        if long_hair:
            hair_parts.append(ellipsoid(0.085 * s, 0.06 * s, 0.18 * s, 12, 8).moved(0, 0.06 * s, head - 0.09 * s))
        eyes = [ellipsoid(0.012 * s, 0.006 * s, 0.007 * s, 6, 4).moved(a * 0.03 * s, -0.099 * s, head + 0.02 * s) for a in (-1, 1)]
        figure = Prefab(C.PERSON, [(join(legs), trousers), (join(shoes), shoe), (join(torso + arms), shirt), (join(skin_parts), skin),
                                 (join(hair_parts), hair), (join(eyes), Mat(0, (0.02, 0.02, 0.02), 0.3))])
        figure.seat = hip - 0.09 * s if pose == "sit" else None
        return figure

    def stool(self, h):
        """A seat of height h for a sitting figure."""
        frame = self.plain(0.02, 0.7, 0.3, 0.3)
        legs = [box(0.035, 0.035, h - 0.03, a * 0.17, b * 0.17) for a in (-1, 1) for b in (-1, 1)]
        return Prefab(C.CHAIR, [(join(legs), frame), (box(0.4, 0.4, 0.035, z=h - 0.035), self.mat("fabric"))])
