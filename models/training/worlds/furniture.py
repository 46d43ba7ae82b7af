# SPDX-License-Identifier: Apache-2.0
"""The furniture of Debian's `sweethome3d-furniture`: classes, true sizes, meshes and textures, cached as arrays.

Sizes come from the catalogue (cm), not from the mesh. Models stand on z = 0, centred, front towards -y, in metres.
"""
import hashlib
import io
import json
import os
import re
import zipfile

import cv2
import numpy as np

from worlds import classes as C
from worlds.embree import Caster
from worlds.shapes import Mat, Part, Prefab, flat_normals

LIBRARY = "/usr/share/sweethome3d/furniture"
WORK = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "work")
CC0 = "BlendSwap-CC-0"

# Models of the demo clip: shown there, never in training.
DEMO_MODELS = frozenset("Blend Swap CC-0#" + name for name in (
    "sofa2", "bookcase", "chairWithCushion", "decorativePlant", "led_tv", "desklamp", "headphones", "teddyBear", "caffe_final",
    "tetrapak", "littlePlant", "modernArmchair", "tableFan", "basketball", "bread"))

# (pattern on the lower-case name, class); the first match counts.
RULES = (
    (r"cake|hamburger|table tennis bat|knife|cutlery|chopping|pan$|utensil|kitchen tools|doll|toy|car model|umbrella|table clock", C.SMALL_OBJECT),
    (r"^(turn|sliding|double|triple|quadruple).*window|window|shutter|blind", C.WINDOW),
    (r"shower|elevator$|island bath", C.OTHER),
    (r"glass door cabinet|television cabinet|sink cabinet|bedside table|tv stand", C.CABINET),
    (r"\bdoor", C.DOOR), (r"tablet|keyboard|chest ?board", C.SMALL_OBJECT), (r"work ?bench", C.TABLE),
    (r"lamp|light|lantern(?!.*stone)|spot|lamppost|chandelier", C.LAMP),
    (r"washing|dryer|dishwasher|oven|fridge|refrigerator|freezer|stove|cooktop|cooker|microwave|hood|boiler|heater|^tv|wall flat tv"
     r"|imac|ibook|laptop|printer|radiator|air cond|coffee (machine|maker|brewer)|mixer|blender|toaster|sandwich|fryer|fan$"
     r"|speaker|stereo|radio|amplifier|dvd|player|playstation|projector|furnace|water cooler|treadmill|mower|scale|kettle|mp3|grill", C.APPLIANCE),
    (r"armchair ottoman|relax chair|deck chair|beach chair|pool lounge", C.CHAIR),
    (r"sofa|couch|futon|contemporary living", C.SOFA),
    (r"\bbed\b|crib|mattress|mezzanine|bunk|air mattress", C.BED),
    (r"chair|stool|bench|\bbank\b|seat|puff", C.CHAIR),
    (r"table|desk|trestle|island|work ?bench", C.TABLE),
    (r"cabinet|wardrobe|cupboard|bookcase|shel(f|ves)|dresser|chest|vanity|locker|safe|filing|drawers|trunck|buffet|^box$", C.CABINET),
    (r"plant|flower|tulip|lily|orchid|bonsai|cactus|bamboo|yucca|ficus|spathi|christmas tree|bush|hedge|acacia|pine|palm|poplar"
     r"|maple|beech|cypress|blossom|coconut|succulent", C.PLANT),
)

SKIP = re.compile(r"pool$|swimming|rails|crossing|arrow|parking|elevator|escalator|shower|stair|sleeping|curtain|bill|ring$|water heater"
                  r"|plate, glass|chimney|screen$|barnum|garage|mezzanine|fountain|hut|sidewalk|diving|jacuzzi|column|railing|hammock|plug|switch"
                  r"|sandpit|tatami|carpet|rug|doormat|bathmat|dress$|short|trousers|jacket|skirt|contemporary living|puzzle|card game|horse$|chicken|snowman")


def classify(name, category):
    """Class id of a catalogue entry."""
    low = name.lower()
    if category == "Characters":
        return C.PERSON if re.search(r"male|boy|girl|mannequin", low) else C.OTHER
    if category == "Vehicles" and "skateboard" not in low:
        return C.VEHICLE
    if category == "Lights" and "candle" not in low and "flash" not in low:
        return C.LAMP
    return next((cls for pattern, cls in RULES if re.search(pattern, low)), C.OTHER)


def placement(entry, cls):
    """Where a piece goes: small (on surfaces), mount (on a wall), ceiling, wall (back to the wall), free, outdoor, skip."""
    w, d, h = entry["size"]
    name, category, at = entry["name"].lower(), entry["category"], entry["elevation"]
    if SKIP.search(name) or entry["staircase"] or min(w, d, h) <= 0.004 or max(w, d, h) < 0.05:
        return "skip"
    if cls in (C.DOOR, C.WINDOW) or "radiator" in name:
        return "mount"
    if at > 1.2 and cls == C.LAMP and not re.search("wall|porch|outdoor", name):
        return "ceiling"
    if at > 0.05:
        return "mount"
    if cls == C.PERSON:
        return "free"
    if (cls == C.VEHICLE or re.search("lamppost|park light|street|hydrant|stone lantern", name)
            or category == "Exterior" and max(w, d, h) > 1.2 or max(w, d, h) > 3.2):
        return "outdoor"
    if h <= 0.5 and max(w, d) <= 0.6 and cls in (C.OTHER, C.SMALL_OBJECT, C.PLANT, C.LAMP, C.APPLIANCE):
        return "small"
    if cls in (C.CHAIR, C.TABLE, C.PERSON, C.OTHER):
        return "free"
    return "wall"


def entries():
    """All catalogue entries as dicts: library, name, category, size (m: w, d, h), elevation (m), model path, rotation, creator."""
    for library in sorted(f[:-5] for f in os.listdir(LIBRARY) if f.endswith(".sh3f")):
        with zipfile.ZipFile(os.path.join(LIBRARY, library + ".sh3f")) as archive:
            text = archive.read("PluginFurnitureCatalog.properties").decode("latin1")
        raw = {}
        for key, number, value in re.findall(r"^(\w+)#(\d+)=(.*)$", text, re.M):
            raw.setdefault(int(number), {})[key] = value.strip()
        for item in raw.values():
            yield {"library": library, "id": item["id"], "name": item["name"], "category": item["category"],
                   "size": [float(item[k]) / 100 for k in ("width", "depth", "height")],
                   "elevation": float(item.get("elevation", 0)) / 100, "model": item["model"].lstrip("/"),
                   "rotation": [float(x) for x in item.get("modelRotation", "1 0 0 0 1 0 0 0 1").split()],
                   "creator": item.get("creator", ""), "staircase": "staircaseCutOutShape" in item}


def read_mtl(text):
    materials, current = {}, None
    for line in text.splitlines():
        word = line.split()
        if not word:
            continue
        if word[0] == "newmtl":
            current = materials.setdefault(line.split(None, 1)[1].strip(), {"kd": (0.7, 0.7, 0.7), "map": None, "d": 1.0, "ks": 0.0})
        elif current is None:
            continue
        elif word[0] == "Kd":
            current["kd"] = tuple(float(x) for x in word[1:4])
        elif word[0] == "Ks":
            current["ks"] = float(word[1])
        elif word[0] == "d":
            current["d"] = float(word[-1])
        elif word[0] == "map_Kd":
            current["map"] = line.split(None, 1)[1].strip().split("/")[-1]
    return materials


def read_obj(text):
    """Triangles [T,3,3], uv [T,3,2], normals [T,3,3] (zero where the file has none), material index [T], material names."""
    v, vt, vn = [], [[0.0, 0.0]], [[0.0, 0.0, 0.0]]
    corner, face_material, names, index, current, library = [], [], [], {}, 0, None
    for line in text.splitlines():
        if line.startswith("v "):
            v.append([float(x) for x in line.split()[1:4]])
        elif line.startswith("vt "):
            vt.append([float(x) for x in line.split()[1:3]])
        elif line.startswith("vn "):
            vn.append([float(x) for x in line.split()[1:4]])
        elif line.startswith("f "):
            polygon = []
            for word in line.split()[1:]:
                a = word.split("/")
                i = int(a[0])
                j = int(a[1]) if len(a) > 1 and a[1] else 0
                k = int(a[2]) if len(a) > 2 and a[2] else 0
                polygon.append((i - 1 if i > 0 else len(v) + i, j if j >= 0 else len(vt) + j, k if k >= 0 else len(vn) + k))
            for n in range(1, len(polygon) - 1):
                corner.append((polygon[0], polygon[n], polygon[n + 1]))
                face_material.append(current)
        elif line.startswith("usemtl"):
            name = line.split(None, 1)[1].strip() if len(line.split()) > 1 else ""
            current = index.setdefault(name, len(index))
            if current == len(names):
                names.append(name)
        elif line.startswith("mtllib"):
            library = line.split(None, 1)[1].strip()
    if not names:
        names = [""]
    corner = np.array(corner, np.int64).reshape(-1, 3, 3)
    return (np.float32(v)[corner[..., 0]], np.float32(vt)[corner[..., 1]], np.float32(vn)[corner[..., 2]],
            np.array(face_material, np.int32), names, library)


def simplify(tri, limit):
    """Keeps corner attributes: snaps vertices to a grid that gets coarser until at most `limit` triangles are left.

    Returns the triangles (moved corners) and which of the old ones they are.
    """
    index = np.arange(len(tri))
    cells = 160
    low, span = tri.reshape(-1, 3).min(0), float(np.ptp(tri.reshape(-1, 3), axis=0).max())
    result, keep = tri, index
    while len(keep) > limit and cells > 12:
        key = np.floor((tri - low) / span * cells).astype(np.int64)
        flat = (key[..., 0] * 4096 + key[..., 1]) * 4096 + key[..., 2]
        unique, inverse = np.unique(flat.ravel(), return_inverse=True)
        centre = np.stack([np.bincount(inverse, tri[..., k].ravel()) for k in range(3)], 1) / np.bincount(inverse)[:, None]
        moved = centre[inverse].reshape(tri.shape).astype(np.float32)
        sides = np.sort(inverse.reshape(-1, 3), 1)
        whole = (sides[:, 0] != sides[:, 1]) & (sides[:, 1] != sides[:, 2])
        _, first = np.unique(sides[whole], axis=0, return_index=True)
        keep = index[whole][first]
        result = moved[keep]
        cells = int(cells * 0.8)
    return result, keep


def thin_foliage(tri, limit, rng):
    """Leaves: keeps a random part of the triangles and enlarges them so that the covered area stays."""
    keep = np.sort(rng.choice(len(tri), limit, replace=False))
    centre = tri[keep].mean(1, keepdims=True)
    return (centre + (tri[keep] - centre) * np.sqrt(min(4.0, len(tri) / limit))).astype(np.float32), keep


def load_model(archive, entry, limit):
    """One entry as (tri, uv, nrm, material index, materials); None when it is mostly glass or broken."""
    names = {n.lower(): n for n in archive.namelist()}
    folder = os.path.dirname(entry["model"])
    path = names.get(entry["model"].lower())
    if path is None:
        return None
    tri, uv, nrm, material, labels, mtl = read_obj(archive.read(path).decode("latin1"))
    found = names.get(f"{folder}/{mtl}".lower()) if mtl else None
    library = read_mtl(archive.read(found).decode("latin1")) if found else {}
    surfaces = [library.get(n, {"kd": (0.7, 0.7, 0.7), "map": None, "d": 1.0, "ks": 0.0}) for n in labels]
    clear = np.array([s["d"] < 0.6 for s in surfaces])[material]
    area = np.linalg.norm(np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]), axis=1)
    if len(tri) == 0 or area[clear].sum() > 0.25 * area.sum():
        return None
    keep = ~clear & (area > 0)
    tri, uv, nrm, material = tri[keep], uv[keep], nrm[keep], material[keep]
    rotation = np.float32(entry["rotation"]).reshape(3, 3)
    tri, nrm = tri @ rotation.T, nrm @ rotation.T
    if len(tri) > limit:
        if entry["cls"] == C.PLANT and len(tri) > 3 * limit:
            tri, kept = thin_foliage(tri, 2 * limit, np.random.default_rng(0))
        else:
            tri, kept = simplify(tri, limit)
        uv, nrm, material = uv[kept], nrm[kept], material[kept]
    low, high = tri.reshape(-1, 3).min(0), tri.reshape(-1, 3).max(0)
    w, d, h = entry["size"]
    scale = np.float32([w, h, d]) / np.maximum(high - low, 1e-6)
    tri = (tri - (low + high) / 2 * [1, 0, 1] - low * [0, 1, 0]) * scale
    nrm = nrm / scale
    axes = np.float32([[1, 0, 0], [0, 0, -1], [0, 1, 0]]).T  # y up to z up: (x, y, z) -> (x, -z, y)
    tri, nrm = (tri @ axes).astype(np.float32), nrm @ axes
    flat = flat_normals(tri)
    length = np.linalg.norm(nrm, axis=2, keepdims=True)
    nrm = np.where(length > 0, nrm / (length + 1e-12), flat)
    flipped = (nrm * flat).sum(2, keepdims=True)
    nrm = np.where(np.abs(flipped) < 0.4, flat, nrm * np.where(flipped < 0, -1, 1)).astype(np.float32)
    used = np.unique(material)
    material = np.searchsorted(used, material)
    surfaces = [surfaces[i] for i in used]
    for s in surfaces:
        if s["map"]:
            s["map"] = names.get(f"{folder}/{s['map']}".lower())
    return tri, uv.astype(np.float32), nrm, material.astype(np.int16), surfaces


def top_map(tri, low, high, n=20):
    """Heights [n,n] of the highest surface over a plan grid (NaN outside), rows along y: where things may be put."""
    x = low[0] + (np.arange(n) + 0.5) / n * (high[0] - low[0])
    y = low[1] + (np.arange(n) + 0.5) / n * (high[1] - low[1])
    gx, gy = np.meshgrid(x, y)
    start = np.stack([gx, gy, np.full_like(gx, high[2] + 1)], 2).reshape(-1, 3)
    t = Caster(tri).cast(start, np.tile(np.float32([0, 0, -1]), (n * n, 1)))[0].reshape(n, n)
    return np.where(np.isfinite(t), high[2] + 1 - t, np.nan).astype(np.float32)


def held_out(entry):
    """True for the models that training never sees: a tenth, and those of the demo clip."""
    return entry["id"] in DEMO_MODELS or int(hashlib.md5(entry["id"].encode()).hexdigest(), 16) % 10 == 0


def build_cache(path, limit, texture_size, only=None):
    """Reads every model (of one library `only`) once, a minute for all, and stores arrays, textures and the index."""
    index, chunks, textures, texture_of = [], {k: [] for k in ("tri", "uv", "nrm", "material")}, [], {}
    start = 0
    archives = {}
    for entry in entries():
        entry["cls"] = classify(entry["name"], entry["category"])
        entry["placement"] = placement(entry, entry["cls"])
        if entry["placement"] == "small" and entry["cls"] == C.OTHER:
            entry["cls"] = C.SMALL_OBJECT
        library = entry["library"]
        if entry["placement"] == "skip" or only is not None and library != only:
            continue
        if library not in archives:
            archives[library] = zipfile.ZipFile(os.path.join(LIBRARY, library + ".sh3f"))
        model = load_model(archives[library], entry, limit)
        if model is None:
            continue
        tri, uv, nrm, material, surfaces = model
        for s in surfaces:
            key = f"{library}/{s['map']}"
            if s["map"] and key not in texture_of:
                image = cv2.imdecode(np.frombuffer(archives[library].read(s["map"]), np.uint8), cv2.IMREAD_UNCHANGED)
                if image is None or image.dtype != np.uint8:
                    s["map"] = None
                    continue
                if image.ndim == 2:
                    image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
                factor = min(1, texture_size / max(image.shape[:2]))
                image = cv2.resize(image, (max(1, int(image.shape[1] * factor)), max(1, int(image.shape[0] * factor))),
                                   interpolation=cv2.INTER_AREA)
                image = image[..., [2, 1, 0, 3]] if image.shape[2] == 4 else image[..., ::-1]
                texture_of[key] = len(textures)
                textures.append(np.ascontiguousarray(image))
            s["texture"] = texture_of.get(key, -1) if s["map"] else -1
        entry["range"] = [start, start + len(tri)]
        entry["surfaces"] = [{"kd": s["kd"], "texture": s["texture"], "ks": s["ks"]} for s in surfaces]
        low, high = tri.reshape(-1, 3).min(0), tri.reshape(-1, 3).max(0)
        entry["tops"] = top_map(tri, low, high).tolist() if entry["cls"] in (C.TABLE, C.CABINET, C.APPLIANCE, C.SOFA, C.BED, C.CHAIR) else None
        start += len(tri)
        chunks["tri"].append(tri)
        chunks["uv"].append(uv)
        chunks["nrm"].append(np.round(nrm * 127).astype(np.int8))
        chunks["material"].append(material)
        index.append(entry)
    arrays = {k: np.concatenate(c) for k, c in chunks.items()}
    shapes = np.array([t.shape for t in textures], np.int32)
    pixels = np.concatenate([t.ravel() for t in textures])
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "wb") as f:
        np.savez(f, **arrays, shapes=shapes, pixels=pixels, index=np.frombuffer(json.dumps(index).encode(), np.uint8))
    os.replace(temporary, path)


def cache_path(limit, texture_size, library=None):
    """The file of all libraries where there is one, else that of the library alone."""
    folder = os.environ.get("PAINTER_WORK", WORK)
    every = os.path.join(folder, f"furniture-{limit}-{texture_size}.npz")
    return every if library is None or os.path.exists(every) else os.path.join(folder, f"furniture-{library}-{limit}-{texture_size}.npz")


class Catalogue:
    """The models of a split ('train', 'heldout' or 'all') with their textures put into the atlas."""

    def __init__(self, atlas, split="train", limit=2500, texture_size=192, library=None):
        path = cache_path(limit, texture_size, library)
        if not os.path.exists(path):
            build_cache(path, limit, texture_size, library)
        with np.load(path) as f:
            data = {k: f[k] for k in f.files}
        index = json.load(io.BytesIO(data["index"].tobytes()))
        self._data = data
        offsets = np.concatenate([[0], np.cumsum(data["shapes"].prod(1))])
        wanted = [e for e in index if library is None or e["library"] == library]
        used = {s["texture"] for e in wanted for s in e["surfaces"]} - {-1}
        self._texture = {-1: 0}
        for i in sorted(used):
            self._texture[i] = atlas.add(data["pixels"][offsets[i]:offsets[i + 1]].reshape(data["shapes"][i]))
        self.entries = [e for e in wanted if split == "all" or held_out(e) == (split == "heldout")]
        self._all, self._cache = wanted, {}

    def find(self, test):
        """Entries that pass a test; those of the other split only where this one has none."""
        return [e for e in self.entries if test(e)] or [e for e in self._all if test(e)]

    def prefab(self, entry):
        """The model as a prefab, one part per surface."""
        if entry["id"] in self._cache:
            return self._cache[entry["id"]]
        a, b = entry["range"]
        tri, uv, material = (self._data[k][a:b].astype(kind) for k, kind in (("tri", np.float32), ("uv", np.float32), ("material", np.int16)))
        nrm = self._data["nrm"][a:b].astype(np.float32) / 127
        parts = []
        for i, s in enumerate(entry["surfaces"]):
            mine = material == i
            if not mine.any():
                continue
            textured = s["texture"] >= 0
            tint = tuple(np.clip(np.float32(s["kd"]), 0.02, 1) ** 2.2) if not textured else (1.0, 1.0, 1.0)
            parts.append((Part(tri[mine], uv[mine], nrm[mine], False), Mat(self._texture[s["texture"]], tint, min(0.5, 0.4 * s["ks"]))))
        prefab = Prefab(entry["cls"], parts, entry["name"])
        if entry["tops"]:
            prefab.tops = np.float32(entry["tops"])
        self._cache[entry["id"]] = prefab
        return prefab
