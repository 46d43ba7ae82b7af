#!/usr/bin/python3
"""Runs this SDK's hot loops, their limit (a copy of the bytes they move) and peers in turn, in many short rounds, and prints a Markdown table.

    eng/install python3-numpy python3-opencv python3-open3d python3-zmq python3-paho-mqtt libfastcdr-dev g++ mosquitto
    dotnet build -c Release tests/VisionBanana.Edge.Benchmarks
    tests/VisionBanana.Edge.Benchmarks/peers.py [--rounds N] [--output FILE]

Every side runs on one thread. A round runs each side of an operation a few times, then the next operation's; medians and minima are over all rounds.
What else the machine does meets all sides alike; the load is printed with the table.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import datetime
import pathlib
import platform
import queue
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import cv2
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIZES = {"192x144": (192, 144), "640x480": (640, 480)}


class Worker:
    """A process that is told 'NAME COUNT' and answers with bytes allocated per run and the nanoseconds of each run."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline().split()
        if not ready or ready[0] != "ready":
            sys.exit(f"{command[0]} did not start")
        self.names = ready[1:]

    def run(self, name, count):
        self.process.stdin.write(f"{name} {count}\n")
        self.process.stdin.flush()
        allocated, *times = map(int, self.process.stdout.readline().split())
        return allocated, times

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


def timed(action, count):
    times = []
    for _ in range(count):
        start = time.perf_counter_ns()
        action()
        times.append(time.perf_counter_ns() - start)
    return times


# The walk of the depth painting as it would be written with numpy: squared distance to each of the seven edges, the nearest one's step, a table of depths.
STEPS = np.arange(1786)
with np.errstate(divide="ignore"):
    DEPTHS = (10 * (np.sqrt(1785 / (1785 - STEPS)) - 1)).astype(np.float32)
CORNERS = np.array([[0, 0, 0], [255, 0, 0], [255, 255, 0], [0, 255, 0], [0, 255, 255], [0, 0, 255], [255, 0, 255], [255, 255, 255]])
WALK = np.array([CORNERS[min(s // 255, 6)] + (CORNERS[min(s // 255, 6) + 1] - CORNERS[min(s // 255, 6)]) * (s - 255 * min(s // 255, 6)) // 255
                 for s in STEPS], np.uint8)


def numpy_decode(painting):
    r, g, b = (painting[..., i].astype(np.int32) for i in range(3))
    rr, gg, bb = r * r, g * g, b * b
    ru, gu, bu = (255 - r) ** 2, (255 - g) ** 2, (255 - b) ** 2
    distances = np.stack([gg + bb, ru + bb, gu + bb, rr + gu, rr + bu, gg + bu, ru + bu])
    steps = np.stack([r, 255 + g, 765 - r, 765 + b, 1275 - g, 1275 + r, 1530 + g])
    edge = distances.argmin(0)[None]
    nearest = np.take_along_axis(distances, edge, 0)[0]
    return DEPTHS[np.take_along_axis(steps, edge, 0)[0]], np.float32(256) / (256 + nearest.astype(np.float32))


def numpy_encode(metres):
    q = 1 / (1 + metres * np.float32(0.1))
    return WALK[1785 - (q * q * 1785 + np.float32(0.5)).astype(np.int32)]


POINT = np.dtype([("xyz", "<f4", 3), ("rgb", "<u4"), ("confidence", "<f4"), ("label", "<u2"), ("pad", "<u2")])


def numpy_unproject(depth, confidence, colour, labels, slope_x, slope_y):
    valid = (confidence >= 0.5) & (depth > 0) & (depth <= 8)
    z = np.where(valid, depth, np.float32("nan"))
    points = np.empty(depth.shape, POINT)
    points["xyz"][..., 0] = z * slope_x
    points["xyz"][..., 1] = z * slope_y
    points["xyz"][..., 2] = z
    c = colour.astype(np.uint32)
    points["rgb"] = c[..., 0] << 16 | c[..., 1] << 8 | c[..., 2]
    points["confidence"], points["label"], points["pad"] = confidence, labels, 0
    return points


def local_peers():
    """Name of the operation → list of (peer, action)."""
    rng = np.random.default_rng(1)
    peers = {}
    for size, (width, height) in SIZES.items():
        x, y = np.meshgrid(np.arange(width) * 640 / width, np.arange(height) * 480 / height)
        metres = (0.3 + x * 0.02 + y * 0.01).astype(np.float32)
        painting = np.clip(numpy_encode(metres).astype(int) + rng.integers(-4, 5, (height, width, 3)), 0, 255).astype(np.uint8)
        assert np.allclose(numpy_decode(numpy_encode(metres))[0], metres, atol=0.4)
        peers[f"decode/{size}"] = [("numpy", lambda p=painting: numpy_decode(p))]
        peers[f"encode/{size}"] = [("numpy", lambda m=metres: numpy_encode(m))]
        depth = (rng.random((height, width)) * 10).astype(np.float32)
        confidence = rng.random((height, width)).astype(np.float32)
        colour = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
        labels = (np.arange(width * height) % 12).astype(np.uint16).reshape(height, width)
        focal = width / 2 / np.tan(np.pi / 6)
        slope_x = ((np.arange(width) - width / 2 + 0.5) / focal).astype(np.float32)[None]
        slope_y = ((np.arange(height) - height / 2 + 0.5) / focal).astype(np.float32)[:, None]
        peers[f"unproject/{size}"] = [("numpy", lambda a=(depth, confidence, colour, labels, slope_x, slope_y): numpy_unproject(*a))]
        try:
            import open3d as o3d
        except ImportError:
            print("Open3D is not installed: its column is missing (eng/install python3-open3d)", file=sys.stderr)
        else:
            image = o3d.t.geometry.Image(np.ascontiguousarray(depth)[..., None])
            matrix = o3d.core.Tensor([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
            extrinsics = o3d.core.Tensor(np.eye(4))
            peers[f"unproject/{size}"].append((
                "Open3D, x y z of valid points only",
                lambda i=image, m=matrix, e=extrinsics: o3d.t.geometry.PointCloud.create_from_depth_image(i, m, e, 1.0, 8.0)))
        cv2.setNumThreads(1)
        source = rng.integers(0, 256, (480, 640, 3)).astype(np.uint8)
        lens = np.array([[537.6, 0, 339.2], [0, 537.6, 235.2], [0, 0, 1]])
        f = width / 2 / (320 / 537.6)
        view = np.array([[f, 0, (width - 1) / 2], [0, f, (height - 1) / 2], [0, 0, 1]])
        maps = cv2.initUndistortRectifyMap(lens, np.array([-0.2664, -0.0386, 0.00178, -0.00028, 0.2384]), None, view, (width, height), cv2.CV_16SC2)
        target = np.empty((height, width, 3), np.uint8)
        peers[f"undistort/{size}"] = [("OpenCV remap, bilinear", lambda s=source, m=maps, t=target: cv2.remap(s, m[0], m[1], cv2.INTER_LINEAR, t))]
    return peers


def paho_round_trip(port):
    import paho.mqtt.client as mqtt

    arrived = queue.SimpleQueue()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2) if hasattr(mqtt, "CallbackAPIVersion") else mqtt.Client()
    client.on_message = lambda *_: arrived.put(None)
    ready = threading.Event()
    client.on_subscribe = lambda *_: ready.set()
    client.on_connect = lambda *_: client.subscribe("peer")
    client.connect("127.0.0.1", port)
    client.loop_start()
    ready.wait(10)
    payload = bytes(128)

    def once():
        client.publish("peer", payload)
        arrived.get(timeout=10)

    return once, client.loop_stop


def pyzmq_round_trip():
    import zmq

    context = zmq.Context()
    out, into = context.socket(zmq.PUB), context.socket(zmq.SUB)
    port = out.bind_to_random_port("tcp://127.0.0.1")
    into.connect(f"tcp://127.0.0.1:{port}")
    into.setsockopt(zmq.SUBSCRIBE, b"")
    into.setsockopt(zmq.RCVTIMEO, 10_000)
    time.sleep(0.5)
    frames = [b"vb/v1/bench/camera/depth", b"{}", bytes(128)]

    def once():
        out.send_multipart(frames)
        into.recv_multipart()

    return once, lambda: (out.close(), into.close(), context.term())


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def load():
    return os.getloadavg()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: expected at least 1")
    program = ROOT / "artifacts/bin/VisionBanana.Edge.Benchmarks/release/VisionBanana.Edge.Benchmarks.dll"
    if not program.exists():
        sys.exit(f"{program.relative_to(ROOT)} is not there: build it with dotnet build -c Release tests/VisionBanana.Edge.Benchmarks")
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = pathlib.Path(folder, "mosquitto.conf")
        settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
        broker = subprocess.Popen(["mosquitto", "-c", str(settings)], stderr=subprocess.DEVNULL)
        fast_cdr = pathlib.Path(folder, "fast_cdr")
        subprocess.run(["g++", "-O3", "-march=native", "-o", str(fast_cdr), str(HERE / "Peers/fast_cdr.cpp"), "-lfastcdr"], check=True)
        closers = []
        try:
            time.sleep(0.5)
            ours, cdr = Worker("dotnet", str(program), "worker", str(port)), Worker(str(fast_cdr))
            closers += [ours.close, cdr.close]
            peers = {name: [(n, lambda c, a=a: timed(a, c)) for n, a in sides] for name, sides in local_peers().items()}
            for size in SIZES:
                peers[f"cdr/{size}"] = [("Fast CDR, C++", lambda c, n=f"cdr/{size}": cdr.run(n, c)[1])]
            for name, peer, (once, close) in (
                ("mqtt_round_trip/128", "paho, one client", paho_round_trip(port)),
                ("zeromq_round_trip/128", "pyzmq", pyzmq_round_trip()),
            ):
                peers[name] = [(peer, lambda c, a=once: timed(a, c))]
                closers.append(close)
            table = measure(ours, peers, options.rounds)
        finally:
            for close in closers:
                close()
            broker.terminate()
            broker.wait(10)
    print(table)
    if options.output:
        options.output.write_text(table + "\n")


def measure(ours, peers, rounds):
    names = [n for n in ours.names if "_copy/" not in n]
    times, allocated = {}, {}
    before = load()
    for turn in range(rounds + 3):
        for name in names:
            operation, size = name.split("/")
            count = 5 if size != "128" else 20
            sides = [("ours", lambda c: ours.run(name, c))]
            copy = f"{operation}_copy/{size}"
            if copy in ours.names:
                sides.append(("copy", lambda c: ours.run(copy, c)))
            sides += [(peer, lambda c, run=run: (0, run(c))) for peer, run in peers.get(name, [])]
            for side, run in sides:
                bytes_per_run, nanoseconds = run(count)
                if turn >= 3:
                    times.setdefault((name, side), []).extend(nanoseconds)
                    if side == "ours":
                        allocated.setdefault(name, []).append(bytes_per_run)
    processor = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.processor())
    lines = [
        f"{processor}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}, {datetime.date.today()}; "
        f"load {before:.1f} before, {load():.1f} after; "
        f"{rounds} rounds in turn, each side on one thread.",
        "",
        "| operation | ours µs, median (min) | copy of its bytes µs | ours / copy, medians (minima) | "
        "peer µs | peer / ours, medians (minima) | bytes allocated |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name in names:
        own = times[name, "ours"]
        copy = times.get((name, "copy"))
        others = [(side, t) for (n, side), t in times.items() if n == name and side not in ("ours", "copy")]
        ratio = f"{statistics.median(own) / statistics.median(copy):.2f} ({min(own) / min(copy):.2f})" if copy else "–"
        operation, size = name.split("/")
        lines.append(
            f"| {operation.replace('_', ' ')}, {size.replace('x', ' × ') if 'x' in size else size + ' bytes'} | "
            f"{micro(own)} | {micro(copy) if copy else '–'} | {ratio} | "
            + "; ".join(f"{side}: {micro(t)}" for side, t in others) + " | "
            + "; ".join(f"{statistics.median(t) / statistics.median(own):.1f} ({min(t) / min(own):.1f})" for _, t in others)
            + f" | {int(statistics.median(allocated[name]))} |")
    return "\n".join(lines)


def micro(times):
    return f"{statistics.median(times) / 1000:.1f} ({min(times) / 1000:.1f})"


if __name__ == "__main__":
    main()
