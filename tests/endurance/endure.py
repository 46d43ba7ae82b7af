"""Endurance of a running pipeline: see eng/endure. Every line of the table that does not hold ends in FAILED, and the exit code is 1."""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import consumers
import measure
import world

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What may grow without being called growth: once, for caches and pools, and per hour.
BOUNDS = {"memory MB": (48, 20), "heap MB": (24, 10), "threads": (10, 0), "handles": (12, 0)}

PIPELINE = """version: 1
device: endure
camera:
  name: room
  source: {{address: "http://127.0.0.1:{camera}/", stall_timeout_ms: 3000}}
  calibration: "{root}/calibration/demo-room.yaml"
painter: {{execution: {{threads: 1}}}}
instructions: [{{ask: depth}}, {{ask: labels, every: 5}}]
mqtt: {{broker: {{host: 127.0.0.1, port: {mqtt}}}}}
zeromq: {{bind: "tcp://127.0.0.1:{zeromq}"}}
foxglove: {{port: {foxglove}}}
view: {{port: {view}, folder: "{folder}/captures"}}
"""


class Table:
    def __init__(self):
        self.rows, self.failed = [], False

    def add(self, what, found, holds=True):
        self.rows.append((what, str(found), "" if holds else "FAILED"))
        self.failed |= not holds

    def print(self):
        width = max(len(r[0]) for r in self.rows)
        for what, found, verdict in self.rows:
            print(f"{what.ljust(width)}  {found}{'  ' + verdict if verdict else ''}")


def run(options, folder):
    ports = {name: world.free_port() for name in ("zeromq", "foxglove", "view")}
    camera = world.Camera(f"{folder}/pictures", f"{ROOT}/samples/demo/room.mp4", options.hz)
    broker = world.Broker(folder)
    free_mb = shutil.disk_usage(folder).free >> 20
    disk = world.Disk(folder, 2048)
    recording = f"{folder}/recording.mcap"
    pipeline = f"{folder}/pipeline.yaml"
    with open(pipeline, "w", encoding="utf-8") as file:
        file.write(PIPELINE.format(root=ROOT, folder=folder, camera=camera.port, mqtt=broker.port, **ports))
    errors = open(f"{folder}/errors.txt", "w+", encoding="utf-8")
    tool = subprocess.Popen(
        [*options.vbedge, "run", pipeline, "--json", "--record", recording, "--keep-free-mb", str(max(free_mb - 1500, 200))],
        stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "VBEDGE_CLOCK_STEP_S": "3600"},
        # A shell starts what it puts behind it deaf to this signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    running = threading.Event()
    running.set()

    # Neither camera nor broker is there at the start.
    time.sleep(2)
    camera.start()
    broker.start()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and tool.poll() is None:
        try:
            consumers.socket.create_connection(("127.0.0.1", ports["view"]), timeout=1).close()
            break
        except OSError:
            time.sleep(0.5)
    meter = measure.Meter(tool.pid, f"http://127.0.0.1:{ports['view']}/metrics", running)
    address = f"tcp://127.0.0.1:{ports['zeromq']}"
    honest = [consumers.mqtt_honest(broker.port, running), consumers.zeromq_honest(address, running),
              consumers.foxglove(ports["foxglove"], running, slow=False)]
    consumers.foxglove(ports["foxglove"], running, slow=True)
    consumers.mqtt_slow(broker.port, running)
    slow = consumers.zeromq_slow(address, running)
    noise = [0]
    for _ in range(2):
        consumers.garbage([broker.port, *ports.values()], running, noise)
    killers = [world.keep_killing(camera, running, (10, 30), (1, 4)), world.keep_killing(broker, running, (8, 20), (0.5, 3))]
    end = time.monotonic() + options.minutes * 60
    half = time.monotonic() + options.minutes * 30
    while time.monotonic() < end and tool.poll() is None:
        time.sleep(1)
        if time.monotonic() > half and not disk.filled:
            disk.fill()
    running.clear()
    died = tool.poll() is not None
    stopping = time.monotonic()
    if not died:
        tool.send_signal(signal.SIGINT)
    try:
        output, _ = tool.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        tool.kill()
        output, _ = tool.communicate()
    took = time.monotonic() - stopping
    for killer in killers:
        killer.join(40)
    camera.stop()
    broker.stop()
    disk.empty()
    slow.close(0)
    errors.seek(0)
    return tool.returncode, died, took, output, errors.read(), meter, honest, noise[0], camera, broker, disk, recording


def judge(options, folder, table, ended):
    code, died, took, output, errors, meter, honest, noise, camera, broker, disk, recording = ended
    table.add("ran", f"{options.minutes:g} min at {options.hz:g} Hz; camera killed {camera.deaths} times, broker {broker.deaths}, "
              f"clock stepped every 10 s, {noise} connections of garbage")
    crashed = died or "Unhandled exception" in errors or "   at " in errors
    table.add("process", f"exit code {code}, stopped within {took:.1f} s", not crashed and took < 10 and code in (1, 130))
    lines = output.strip().splitlines()
    report = json.loads(lines[-1]) if lines else {}
    table.add("one JSON object", report.get("error"), len(lines) == 1 and report.get("exit_code") == code)
    for sink in report.get("sinks", []):
        dropped = sum(sink["dropped"].values())
        balanced = sink["captured"] == sink["published"] + dropped + sink["in_flight"] and sink["in_flight"] == 0
        table.add(f"books of {sink['name']}", f"captured {sink['captured']} = published {sink['published']} + dropped {dropped} "
                  f"({', '.join(f'{k} {v}' for k, v in sorted(sink['dropped'].items())) or 'none'})", balanced and sink["captured"] > 0)
    for consumer in honest:
        table.add(f"honest consumer of {consumer.name}", f"{consumer.messages} messages, {consumer.twice} twice or out of order",
                  consumer.messages > 0 and consumer.twice == 0)
    replay = subprocess.run([*options.vbedge, "replay", recording, "--speed", "0", "--json", "--pipeline", write_replay(folder)],
                            capture_output=True, text=True, check=False)
    played = json.loads(replay.stdout.strip().splitlines()[-1]) if replay.stdout.strip() else {}
    told = (report.get("recording") or {}).get("problem") or "whole"
    table.add("recording", f"{played.get('played') or played.get('error')} messages, complete: {played.get('is_complete')}; {told}",
              played.get("is_complete") is True and played.get("played", 0) > 0 and (not disk.filled or told != "whole"))
    for key, (once, per_hour) in BOUNDS.items():
        slope = meter.slope(key)
        if slope is None:
            table.add(key, "too few samples", key == "heap MB" and options.minutes < 1)
            continue
        per, error, first, last, hours = slope
        grown = max(per - 2 * error, 0) * hours
        table.add(key, f"{first:.1f} → {last:.1f}, {per:+.1f} ± {error:.1f} per hour, bound {once} + {per_hour}/h", grown <= once + per_hour * hours)
    if table.failed:
        print(errors[-4000:], file=sys.stderr)


def write_replay(folder):
    path = f"{folder}/replay.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"version: 1\ndevice: replay\ncamera: {{source: \"{ROOT}/samples/demo/room.mp4\", hfov_deg: 60}}\n"
                   "instructions: [{ask: depth}]\n"
                   f"zeromq: {{bind: \"tcp://127.0.0.1:{world.free_port()}\"}}\n")
    return path


def main():
    parser = argparse.ArgumentParser(prog="eng/endure", description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=2)
    parser.add_argument("--hz", type=float, default=5, help="pictures per second of the camera")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--vbedge", nargs="+", default=[f"{ROOT}/artifacts/bin/VisionBanana.Edge.Cli/release/vbedge"],
                        help="the program itself, no script around it; default: what was built here")
    options = parser.parse_args()
    random.seed(options.seed)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="vbedge-endure-") as folder:
        judge(options, folder, table, run(options, folder))
    table.add("seed", options.seed)
    table.print()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
