# SPDX-License-Identifier: Apache-2.0
"""Procedural textures with true metric size, and the flat atlas in which every texture (library ones too) is kept.

A texture is 8-bit sRGB with alpha. Its extent is (metres along u, metres along v) of one tile, or (1, 1) for a picture
that is stretched once over a face (packaging, posters, screens). Texture size is a cue to scale, hence the metres.
"""
import cv2
import numpy as np

SRGB_TO_LINEAR = (lambda x: np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4))(
    np.arange(256) / 255).astype(np.float32)


class Atlas:
    """All textures with their mip chains in one flat array, so that a whole picture is sampled in a few gathers."""

    LEVELS = 10

    def __init__(self):
        self._chunks, self._size = [], 0
        self._rows, self._mean, self._extent = [], [], []
        self.groups = {}
        self.add(np.full((1, 1, 3), 255, np.uint8))

    def add(self, image, extent=(1.0, 1.0), group=None):
        """Adds an sRGB picture [h,w,3 or 4] and its mip chain; returns its id."""
        if image.shape[2] == 3:
            image = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
        linear = SRGB_TO_LINEAR[image[..., :3]]
        self._mean.append(linear.mean((0, 1)))
        self._extent.append(extent)
        row, level = [], image
        for _ in range(self.LEVELS):
            row.append((self._size, level.shape[1], level.shape[0]))
            self._chunks.append(np.ascontiguousarray(level).view(np.uint32).ravel())
            self._size += level.shape[0] * level.shape[1]
            if level.shape[0] == 1 and level.shape[1] == 1:
                break
            level = cv2.resize(level, (max(1, level.shape[1] // 2), max(1, level.shape[0] // 2)),
                               interpolation=cv2.INTER_AREA)
        row += [row[-1]] * (self.LEVELS - len(row))
        self._rows.append(row)
        index = len(self._rows) - 1
        if group:
            self.groups.setdefault(group, []).append(index)
        return index

    def freeze(self):
        """Makes the gather tables; call once after the last add."""
        self.data = np.concatenate(self._chunks)
        self._chunks = [self.data]
        table = np.array(self._rows, np.int32)
        self.offset, self.width, self.height = (np.ascontiguousarray(table[..., i]) for i in range(3))
        self.mean = np.array(self._mean, np.float32)
        self.extent = np.array(self._extent, np.float32)
        return self

    def pick(self, rng, group):
        """A random texture id of the group."""
        return int(rng.choice(self.groups[group]))

    def sample(self, texture, u, v, level):
        """Bilinear lookup: linear RGB [n,3] and alpha [n] for texture ids, coordinates in tiles and integer mip levels."""
        offset, width, height = (t[texture, level] for t in (self.offset, self.width, self.height))
        x = (u - np.floor(u)) * width - 0.5
        y = (1 - (v - np.floor(v))) * height - 0.5
        x0, y0 = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
        fx, fy = (x - x0).astype(np.float32)[:, None], (y - y0).astype(np.float32)[:, None]
        xs = [np.where(x0 < 0, width - 1, x0), np.where(x0 + 1 >= width, 0, x0 + 1)]
        ys = [np.where(y0 < 0, height - 1, y0), np.where(y0 + 1 >= height, 0, y0 + 1)]
        result = 0
        for j, wy in ((0, 1 - fy), (1, fy)):
            base = offset + np.clip(ys[j], 0, height - 1) * width
            for i, wx in ((0, 1 - fx), (1, fx)):
                texel = self.data[base + np.clip(xs[i], 0, width - 1)]
                result = result + texel.view(np.uint8).reshape(-1, 4) * (wx * wy)
        byte = (result + 0.5).astype(np.uint8)
        return SRGB_TO_LINEAR[byte[:, :3]], byte[:, 3]


def noise(rng, h, w, beta=1.0, ax=1.0, ay=1.0):
    """Periodic 1/f^beta noise of unit deviation; ax, ay > 1 stretch it along x, y."""
    fy, fx = np.fft.fftfreq(h)[:, None] * ay, np.fft.rfftfreq(w)[None] * ax
    f = np.hypot(fx, fy)
    f[0, 0] = 1
    spectrum = np.fft.rfft2(rng.standard_normal((h, w))) / f ** beta
    spectrum[0, 0] = 0
    out = np.fft.irfft2(spectrum, (h, w))
    return (out / (out.std() + 1e-9)).astype(np.float32)


def hsv(h, s, v):
    """RGB in 0..255 (float) of a colour given as hue 0..1, saturation, value."""
    pixel = np.float32([[[h % 1 * 360, s, v]]])
    return cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0] * 255


def vivid(rng):
    return hsv(rng.random(), rng.uniform(0.5, 1), rng.uniform(0.35, 1))


def muted(rng):
    return hsv(rng.random(), rng.uniform(0, 0.35), rng.uniform(0.3, 0.95))


def wood_colour(rng):
    return hsv(rng.uniform(0.04, 0.11), rng.uniform(0.15, 0.65), rng.uniform(0.25, 0.95))


def finish(image):
    return np.clip(image, 0, 255).astype(np.uint8)


def grain(rng, h, w, strength=1.0):
    """Wood grain along x, about zero mean."""
    lines = noise(rng, h, w, 1.1, ax=rng.uniform(10, 30), ay=1)
    broad = noise(rng, h, w, 1.6, ax=rng.uniform(3, 8), ay=1)
    return (0.6 * lines + 0.6 * broad) * strength


def planks(rng, size=512):
    extent = rng.uniform(1.6, 2.6)
    rows = int(round(extent / rng.uniform(0.07, 0.2)))
    image = np.zeros((size, size, 3), np.float32)
    colour, vary, tint = wood_colour(rng), rng.uniform(3, 22), rng.uniform(0, 0.12)
    edges = np.round(np.linspace(0, size, rows + 1)).astype(int)
    field = grain(rng, size, size, rng.uniform(2, 9))
    gap = rng.uniform(0.35, 0.9)
    for r in range(rows):
        a, b = edges[r], edges[r + 1]
        cuts = np.sort(rng.choice(size, max(1, int(round(extent / rng.uniform(0.5, 1.6)))), replace=False))
        strip = np.roll(field[a:b], rng.integers(size), axis=1)
        shade = np.zeros(size, np.float32)
        hue = np.zeros(size, np.float32)
        for c, start in enumerate(cuts):
            stop = cuts[(c + 1) % len(cuts)] + (size if c + 1 == len(cuts) else 0)
            at = np.arange(start, stop) % size
            shade[at], hue[at] = rng.normal(0, vary), rng.normal(0, tint)
        base = colour[None] * (1 + hue[:, None] * np.float32([0.3, 0, -0.5]))
        image[a:b] = base[None] + (shade[None] + strip)[..., None]
        image[a:b, cuts] *= gap
        image[a] *= gap
    return finish(image), (extent, extent)


def parquet(rng, size=512):
    block = rng.uniform(0.25, 0.5)
    count, staves = 4, int(rng.integers(4, 8))
    cell = size // count
    colour, image = wood_colour(rng), np.zeros((size, size, 3), np.float32)
    for i in range(count):
        for j in range(count):
            tile = np.zeros((cell, cell, 3), np.float32)
            field = grain(rng, cell, cell, 4)
            edges = np.round(np.linspace(0, cell, staves + 1)).astype(int)
            for a, b in zip(edges[:-1], edges[1:]):
                tile[a:b] = colour + rng.normal(0, 11) + field[a:b, :, None]
                tile[a] *= 0.7
            image[i * cell:(i + 1) * cell, j * cell:(j + 1) * cell] = tile if (i + j) % 2 else tile.transpose(1, 0, 2)
    return finish(image), (block * count, block * count)


def herringbone(rng, size=512):
    """Oblong staves at right angles, turned by 45 degrees: parquet of offices."""
    n = int(rng.choice([3, 4, 5]))
    width = rng.uniform(0.05, 0.09)
    period = 2 * n
    px = max(4, size // (period * 2))
    size = px * period * 2
    colour, image = wood_colour(rng), np.zeros((size, size, 3), np.float32)
    field = grain(rng, size, size, 4)
    shade = rng.normal(0, 12, (period * 4, period * 4)).astype(np.float32)
    gy, gx = np.mgrid[0:size, 0:size]
    cy, cx = gy // px, gx // px
    k = (cx + cy) % period
    horizontal = k < n
    key_x, key_y = np.where(horizontal, cx - k, cx), np.where(horizontal, cy, cy - (k - n))
    value = shade[key_y % (period * 2), key_x % (period * 2)]
    tex = np.where(horizontal, field, field.T)
    image[:] = colour + (value + tex)[..., None]
    first = np.where(horizontal, k == 0, k == n)
    long_edge = np.where(horizontal, gy % px == 0, gx % px == 0)
    short_edge = first & np.where(horizontal, gx % px == 0, gy % px == 0)
    image[long_edge | short_edge] *= 0.72
    return finish(image), (width * period * 2, width * period * 2)


def tiles(rng, size=384, side=None):
    side = side or rng.choice([0.1, 0.15, 0.2, 0.3, 0.33, 0.45, 0.6])
    count = int(np.clip(round(1.6 / side), 2, 8))
    cell = size // count
    size = cell * count
    aspect = rng.choice([1.0, 1.0, 2.0]) if side < 0.35 else 1.0
    colours = [muted(rng), muted(rng)] if rng.random() < 0.25 else [muted(rng)]
    checker, vary = len(colours) == 2, rng.uniform(0, 9)
    image = np.zeros((size, size, 3), np.float32)
    for i in range(count):
        for j in range(count):
            c = colours[(i + j) % 2 if checker else 0]
            image[i * cell:(i + 1) * cell, j * cell:(j + 1) * cell] = c + rng.normal(0, vary)
    image += noise(rng, size, size, rng.uniform(0.8, 1.8))[..., None] * rng.uniform(0, 9)
    grout = max(1, int(round(rng.uniform(0.002, 0.006) / side * cell)))
    line = muted(rng) * rng.uniform(0.5, 1)
    for i in range(count):
        image[i * cell:i * cell + grout] = line
        image[:, i * cell:i * cell + grout] = line
    return finish(image), (side * count * aspect, side * count)


def carpet(rng, size=384):
    extent = rng.uniform(0.6, 1.5)
    colour = muted(rng) if rng.random() < 0.6 else vivid(rng) * 0.7
    image = colour + noise(rng, size, size, 0.1)[..., None] * rng.uniform(5, 18) + noise(rng, size, size, 0.9)[
        ..., None] * rng.uniform(0, 8)
    if rng.random() < 0.25:
        edge = size // 2
        gy, gx = np.mgrid[0:size, 0:size]
        image = image + (((gx // edge + gy // edge) % 2) * rng.uniform(-14, 14))[..., None]
        extent = 1.0
    return finish(image), (extent, extent)


def rug(rng, size=256):
    """An ornamented rug, one picture over the whole rug."""
    a, b, c = vivid(rng), vivid(rng), muted(rng)
    image = np.zeros((size, size, 3), np.float32)
    image[:] = a
    gy, gx = np.mgrid[0:size, 0:size] / (size - 1) * 2 - 1
    edge = np.maximum(abs(gx), abs(gy))
    for lo, col in ((rng.uniform(0.8, 0.93), b), (0.95, c)):
        image[edge > lo] = col
    k, kind = rng.integers(3, 10), rng.integers(3)
    wave = [np.sin(gx * k * 3) * np.sin(gy * k * 3), np.sin((abs(gx) + abs(gy)) * k * 3), np.sin(gx * k * 5)][kind]
    image[(wave > rng.uniform(0, 0.7)) & (edge < 0.8)] = c
    return finish(image + noise(rng, size, size, 0.1)[..., None] * 9), (1, 1)


def wood(rng, size=384):
    extent = (rng.uniform(1.0, 1.8), rng.uniform(0.5, 1.0))
    colour = wood_colour(rng)
    field = grain(rng, size, size, rng.uniform(1.5, 9))
    return finish(colour + field[..., None] * np.float32([1, 0.9, 0.75])), extent


def laminate(rng, size=256):
    colour = muted(rng) if rng.random() < 0.5 else hsv(rng.uniform(0.03, 0.13), rng.uniform(0, 0.25), rng.uniform(0.7, 1))
    field = noise(rng, size, size, rng.uniform(0.2, 1.2), ax=rng.choice([1, 8])) * rng.uniform(0.5, 4)
    return finish(colour + field[..., None]), (0.6, 0.6)


def fabric(rng, size=256):
    extent = rng.uniform(0.12, 0.5)
    colour, other = (muted(rng), muted(rng)) if rng.random() < 0.6 else (vivid(rng), vivid(rng))
    gy, gx = np.mgrid[0:size, 0:size] / size * 2 * np.pi
    image = np.zeros((size, size, 3), np.float32) + colour
    kind = rng.integers(4)
    if kind == 1:
        image[np.sin(gx * rng.integers(2, 7)) > rng.uniform(-0.5, 0.8)] = other
    elif kind == 2:
        k = rng.integers(2, 6)
        image += ((np.sin(gx * k) > 0).astype(np.float32) + (np.sin(gy * k) > 0))[..., None] * (other - colour) * 0.4
    threads = int(extent / rng.uniform(0.003, 0.006))
    image += (np.sin(gx * threads) * np.sin(gy * threads))[..., None] * rng.uniform(3, 12)
    return finish(image + noise(rng, size, size, 0.4)[..., None] * rng.uniform(2, 8)), (extent, extent)


def plaster(rng, size=256):
    colour = hsv(rng.random(), rng.uniform(0, 0.2), rng.uniform(0.7, 1)) if rng.random() < 0.75 else hsv(
        rng.random(), rng.uniform(0.1, 0.5), rng.uniform(0.4, 0.95))
    image = colour + noise(rng, size, size, 1.3)[..., None] * rng.uniform(0.3, 3) + noise(rng, size, size, 0.1)[
        ..., None] * rng.uniform(0, 3)
    return finish(image), (rng.uniform(0.8, 2.0),) * 2


def wallpaper(rng, size=256):
    extent = rng.uniform(0.3, 0.8)
    base, ink = hsv(rng.random(), rng.uniform(0, 0.3), rng.uniform(0.6, 1)), muted(rng)
    gy, gx = np.mgrid[0:size, 0:size] / size * 2 * np.pi
    k = rng.integers(1, 5)
    wave = [np.sin(gx * k), np.sin(gx * k) * np.sin(gy * k), np.sin(gx * k + np.sin(gy * k)),
            np.cos(gx * k) + np.cos(gy * k)][rng.integers(4)]
    image = base + ((wave > rng.uniform(0, 0.8))[..., None] * (ink - base)) * rng.uniform(0.15, 0.8)
    return finish(image + noise(rng, size, size, 0.3)[..., None] * 2), (extent, extent)


def brick(rng, size=384):
    rows, cols = 12, 4
    image = np.zeros((size, size, 3), np.float32) + muted(rng) * 0.9
    colour = hsv(rng.uniform(0, 0.08), rng.uniform(0.2, 0.7), rng.uniform(0.4, 0.85)) if rng.random() < 0.7 else muted(rng)
    h, w = size // rows, size // cols
    for r in range(rows):
        for c in range(cols):
            x = (c * w + (r % 2) * w // 2) % size
            xs = (np.arange(x + 2, x + w - 1)) % size
            image[r * h + 2:(r + 1) * h, xs] = colour + rng.normal(0, 14)
    image += noise(rng, size, size, 0.5)[..., None] * 6
    return finish(image), (cols * 0.25, rows * 0.075)


def panels(rng, size=256):
    """Vertical boards or grooved panels on walls and furniture."""
    extent, count = 1.2, int(rng.integers(4, 13))
    image = wood_colour(rng) if rng.random() < 0.5 else muted(rng)
    image = image + grain(rng, size, size, 4).T[..., None]
    for i in range(count):
        image[:, int(i * size / count)] *= 0.6
    return finish(image), (extent, extent)


def concrete(rng, size=384):
    extent = rng.uniform(1.5, 4)
    value = rng.uniform(70, 200)
    image = value + noise(rng, size, size, 1.2)[..., None] * rng.uniform(4, 16) + noise(rng, size, size, 0.1)[..., None] * 5
    return finish(image * (muted(rng) * 0.1 / 200 + 0.93)), (extent, extent)


def asphalt(rng, size=384):
    image = rng.uniform(50, 130) + noise(rng, size, size, 0.2)[..., None] * rng.uniform(8, 20) + noise(
        rng, size, size, 1.3)[..., None] * 6
    return finish(np.repeat(image, 3, 2) if image.shape[2] == 1 else image), (1.5, 1.5)


def grass(rng, size=384):
    colour = hsv(rng.uniform(0.18, 0.32), rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.7))
    image = colour + noise(rng, size, size, 0.4)[..., None] * 22 + noise(rng, size, size, 1.2)[..., None] * 12
    return finish(image), (1.5, 1.5)


def paving(rng, size=384):
    image, extent = tiles(rng, size, rng.choice([0.1, 0.2, 0.3, 0.4]))
    return finish(image * 0.6 + 40 + noise(rng, *image.shape[:2], 0.6)[..., None] * 10), extent


def ceiling_panels(rng, size=384):
    image = rng.uniform(200, 245) + noise(rng, size, size, 0.05)[..., None] * rng.uniform(2, 8)
    image = np.repeat(image, 3, 2)
    for k in (0, size // 2):
        image[k:k + 4] = image[:, k:k + 4] = rng.uniform(170, 250)
    side = rng.choice([0.6, 0.625])
    return finish(image), (2 * side, 2 * side)


# Tiled textures: group -> (generator, how many)
TILED = {
    "planks": (planks, 22), "parquet": (parquet, 6), "herringbone": (herringbone, 8), "tiles": (tiles, 18),
    "carpet": (carpet, 14), "wood": (wood, 26), "laminate": (laminate, 22), "fabric": (fabric, 30),
    "plaster": (plaster, 26), "wallpaper": (wallpaper, 14), "brick": (brick, 8), "panels": (panels, 8),
    "concrete": (concrete, 10), "asphalt": (asphalt, 5), "grass": (grass, 5), "paving": (paving, 6),
    "ceiling_panels": (ceiling_panels, 6), "rug": (rug, 16),
}
