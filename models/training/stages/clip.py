# SPDX-License-Identifier: Apache-2.0
"""Renders the demo clip: a camera glides through one furnished room and over a table, seen through a distorting lens.

    python3 -m stages.clip --frames-dir DIR [--part 0/2]     render lossless frames and truth
    python3 -m stages.clip --frames-dir DIR --encode         write samples/demo and calibration

Only procedural things and CC0 models (furniture.DEMO_MODELS, none of which training sees). Truth is z-depth in
millimetres and class ids at the centres of the distorted camera's pixels.
"""
import argparse
import os
import subprocess

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import cv2
import numpy as np

from worlds import classes as C
from worlds import furniture
from worlds.frames import studio
from worlds.render import Camera, develop, look, render
from worlds.rooms import Room
from worlds.scene import Light
from worlds.shapes import Mat, Prefab, box

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
WIDTH, HEIGHT, FPS, COUNT = 640, 480, 15, 150
FX, FY, CX, CY = 545.3, 544.7, 322.4, 236.8
DISTORTION = (-0.12, 0.03, 0.0005, -0.0003, 0.0)
TRUTH_FRAMES = (0, 50, 100)
TABLE = (3.45, 2.05)

# second: camera position, point it looks at (metres)
PATH = (
    (0.0, (0.75, 1.15, 1.55), (3.6, 2.9, 0.75)),
    (2.2, (1.45, 0.95, 1.50), (3.7, 2.6, 0.70)),
    (4.2, (2.55, 0.75, 1.45), (3.45, 2.1, 0.74)),
    (6.0, (3.25, 1.05, 1.42), (3.45, 2.1, 0.74)),
    (7.6, (4.05, 1.10, 1.50), (3.2, 2.6, 0.72)),
    (10.0, (4.75, 0.85, 1.62), (1.9, 3.3, 0.75)),
)


def build():
    """The world of the clip."""
    s = studio(2024, "all", 20000, 512, furniture.CC0)
    s.reseed(7)
    kit = s.kit
    room = Room(s, 5.6, 4.6, 2.6)
    group = s.atlas.groups
    room.rng = np.random.default_rng(3)
    room.shell(Mat(group["planks"][4], gloss=0.15))
    world = room.world
    model = {e["id"].split("#")[1]: s.catalogue.prefab(e) for e in s.catalogue.entries}

    room.mount(kit.door(), 3, 0.0, t=1.0)
    for at in (1.3, 3.1):
        pane = kit.window(w=1.25, h=1.3, sill=0.85, emit=3.0)
        point, yaw, normal = room.on_wall(1, at)
        world.place(pane, point[0], point[1], 0, yaw)
        centre = np.float32([point[0] - 0.06, point[1], 1.5])
        world.lights.append(Light(centre, (0, 0.6, 0), (0, 0, 0.62), (-1, 0, 0), np.float32([0.95, 1.0, 1.08]) * 6))
        if at > 2:
            rng_state, s.rng = s.rng, np.random.default_rng(12)
            room._sun_through(centre, np.float32([0, 1, 0]), 0.6, 0.62, normal)
            s.rng = rng_state
    world.lights.append(Light((2.6, 2.3, 2.5), (0.25, 0, 0), (0, 0.25, 0), (0, 0, -1), np.float32([1, 0.88, 0.72]) * 5))
    lamp = Prefab(C.LAMP, [(box(0.6, 0.6, 0.05).moved(0, 0, 0), Mat(0, (0.9, 0.88, 0.8), 0, 1.5))])
    world.place(lamp, 2.6, 2.3, 2.545)
    world.ambient, world.bounce_range = np.float32([0.52, 0.5, 0.48]), 2.0

    room.against(model["sofa2"], 2, t=3.9)
    room.against(model["bookcase"], 2, t=2.0)
    room.against(kit.shelf(), 2, t=0.9)
    room.put(model["decorativePlant"], 5.15, 4.1, 0.4)
    room.put(model["modernArmchair"], 0.85, 3.6, 0.9)
    sideboard = kit.cupboard()
    while not (1.2 < sideboard.size[0] < 1.7 and sideboard.size[2] < 0.95):
        sideboard = kit.cupboard()
    room.against(sideboard, 0, t=1.9)
    room.put(model["basketball"], 2.2, 3.3, 0)
    rug = box(2.4, 1.6, 0.008, metric=False).moved(*TABLE, 0.001)
    world.add(rug, Mat(group["rug"][5], (0.55, 0.6, 0.45)), C.FLOOR)

    table = kit.table(1.6, 0.85, 0.74, round_=False)
    while table.parts[0][1].texture not in group["wood"][:12]:
        table = kit.table(1.6, 0.85, 0.74, round_=False)
    room.put(table, *TABLE, 0.0)
    for x, y, yaw in ((-0.42, -0.62, np.pi + 0.15), (0.42, 0.60, -0.1), (-0.4, 0.58, 0.2), (1.08, 0.05, 1.45)):
        world.place(model["chairWithCushion"], TABLE[0] + x, TABLE[1] + y, 0, yaw)
    things = (
        (kit.package(0.19, 0.07, 0.28), -0.52, 0.22, 0.35), (kit.package(0.14, 0.05, 0.2), -0.28, 0.28, -0.3),
        (kit.package(0.24, 0.16, 0.06), 0.12, 0.2, 0.8), (kit.can(), -0.1, 0.05, 0.2), (kit.bottle(), 0.34, 0.3, 0.0),
        (kit.bowl(), 0.05, -0.12, 0.0), (kit.pile(), 0.55, 0.18, 0.5), (kit.sheet(), -0.5, -0.2, 0.2), (kit.pens(), 0.68, -0.05, 0.0),
        (kit.laptop(), 0.45, -0.17, 0.25), (model["caffe_final"], -0.25, -0.22, 0.6), (model["tetrapak"], -0.66, 0.02, 0.3),
        (model["bread"], -0.05, -0.3, 0.4), (model["headphones"], 0.2, -0.32, 0.9))
    for prefab, x, y, yaw in things:
        world.place(prefab, TABLE[0] + x, TABLE[1] + y, 0.7405, yaw)
    top = float(np.nanmedian(sideboard.tops)) + 0.0005
    sx, sy = room.on_wall(0, 1.9)[0]
    for prefab, x, yaw in ((model["led_tv"], 0.0, np.pi), (model["littlePlant"], 0.52, 0.2), (model["desklamp"], -0.52, 0.1)):
        world.place(prefab, sx + x, sy + 0.28, top, yaw)
    for index, t, w, h in ((4, 3.7, 0.9, 0.6), (11, 4.7, 0.4, 0.55)):
        picture = Prefab(C.OTHER, [(box(w, 0.02, h, metric=False), Mat(group["poster"][index]))])
        room.mount(picture, 2, 1.45, t=t)
    room.mount(Prefab(C.OTHER, [(box(1.0, 0.02, 0.7, metric=False), Mat(group["poster"][20]))]), 3, 1.3, t=3.0)
    world.place(model["teddyBear"], 1.3, 4.0, 0.42, 0.3)
    world.place(model["tableFan"], 4.7, 4.2, 0, 0.2)
    world.place(kit.carton(), 0.5, 2.35, 0, 0.3)
    world.place(kit.person(1.74, "stand", np.random.default_rng(21)), 2.15, 2.75, 0, 0.6)
    return room, world.finish()


def pose(second):
    """Camera rotation and position: a smooth curve through the path's points."""
    times = np.array([k[0] for k in PATH])
    points = np.array([k[1] + k[2] for k in PATH])
    slope = np.gradient(points, times, axis=0)
    slope[0] = slope[-1] = 0
    i = int(np.clip(np.searchsorted(times, second, "right") - 1, 0, len(times) - 2))
    h = times[i + 1] - times[i]
    t = (second - times[i]) / h
    p = ((2 * t ** 3 - 3 * t ** 2 + 1) * points[i] + (t ** 3 - 2 * t ** 2 + t) * h * slope[i]
         + (3 * t ** 2 - 2 * t ** 3) * points[i + 1] + (t ** 3 - t ** 2) * h * slope[i + 1])
    p[:3] += 0.004 * np.sin(second * np.array([1.7, 2.3, 3.1]))
    to = p[3:] - p[:3]
    return look(np.arctan2(to[1], to[0]), np.arctan2(to[2], np.hypot(to[0], to[1])), 0.01 * np.sin(second)), np.float32(p[:3])


def camera(frame, scale=1.0):
    rotation, position = pose(frame / FPS)
    return Camera(round(WIDTH * scale), round(HEIGHT * scale), FX * scale, FY * scale, (CX + 0.5) * scale - 0.5,
                  (CY + 0.5) * scale - 0.5, rotation, position, DISTORTION)


def render_part(folder, part, parts, scale, samples):
    os.makedirs(folder, exist_ok=True)
    room, scene = build()
    for n in range(part, COUNT, parts):
        path = os.path.join(folder, f"{n:03d}.png")
        if os.path.exists(path):
            continue
        rng = np.random.default_rng([5, n])
        frame = render(scene, camera(n, scale), rng, samples=samples, rounds=4, all_pixels=scale == 1)
        picture = develop(frame.radiance, exposure=1.0, balance=(1.02, 1.0, 0.97)).astype(np.float32)
        picture += rng.normal(0, 1.0, picture.shape) * np.sqrt(0.4 + picture / 255)
        if n in TRUTH_FRAMES:
            cv2.imwrite(os.path.join(folder, f"{n:03d}.depth.png"), np.round(frame.depth * 1000).astype(np.uint16))
            cv2.imwrite(os.path.join(folder, f"{n:03d}.labels.png"), frame.label)
        cv2.imwrite(path + ".part.png", np.clip(picture + 0.5, 0, 255).astype(np.uint8)[..., ::-1])
        os.replace(path + ".part.png", path)
        print(n, flush=True)


CALIBRATION = """image_width: {w}
image_height: {h}
camera_name: demo_room
camera_matrix: {{rows: 3, cols: 3, data: [{fx}, 0, {cx}, 0, {fy}, {cy}, 0, 0, 1]}}
distortion_model: plumb_bob
distortion_coefficients: {{rows: 1, cols: 5, data: [{d}]}}
rectification_matrix: {{rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}}
projection_matrix: {{rows: 3, cols: 4, data: [{fx}, 0, {cx}, 0, 0, {fy}, {cy}, 0, 0, 0, 1, 0]}}
"""


def encode(folder, crf):
    """Writes the clip, its truth and its calibration into the repository."""
    demo = os.path.join(ROOT, "samples", "demo")
    os.makedirs(os.path.join(demo, "truth"), exist_ok=True)
    os.makedirs(os.path.join(ROOT, "calibration"), exist_ok=True)
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-framerate", str(FPS), "-i", os.path.join(folder, "%03d.png"), "-c:v", "libx264",
                    "-preset", "slow", "-crf", str(crf), "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-threads", "1",
                    os.path.join(demo, "room.mp4")], check=True)
    for n in TRUTH_FRAMES:
        for kind, name in (("depth", f"{n:03d}.png"), ("labels", f"{n:03d}.labels.png")):
            image = cv2.imread(os.path.join(folder, f"{n:03d}.{kind}.png"), cv2.IMREAD_UNCHANGED)
            cv2.imwrite(os.path.join(demo, "truth", name), image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    with open(os.path.join(ROOT, "calibration", "demo-room.yaml"), "w") as f:
        f.write(CALIBRATION.format(w=WIDTH, h=HEIGHT, fx=FX, fy=FY, cx=CX, cy=CY, d=", ".join(str(x) for x in DISTORTION)))


def main(given=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames-dir", required=True)
    parser.add_argument("--part", default="0/1", help="i/n: every n-th frame from i, for several processes")
    parser.add_argument("--scale", type=float, default=1.0, help="smaller for a preview")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--encode", action="store_true")
    parser.add_argument("--crf", type=int, default=20)
    a = parser.parse_args(given)
    if a.encode:
        encode(a.frames_dir, a.crf)
        return
    part, parts = (int(x) for x in a.part.split("/"))
    render_part(a.frames_dir, part, parts, a.scale, a.samples)


if __name__ == "__main__":
    main()
