"""Endurance of a running pipeline: see eng/endure. Every line of the table that does not hold ends in FAILED, and the exit code is 1."""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import consumers
import world
from program import Program

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# The broker is another program, and dies.
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

# The broker is in the process.
EMBEDDED = """version: 1
device: embedded
camera:
  name: room
  source: {{address: "{root}/samples/demo/room.mp4", loop: true, rate_hz: {hz}}}
  calibration: "{root}/calibration/demo-room.yaml"
painter: {{execution: {{threads: 1}}}}
instructions: [{{ask: depth}}]
mqtt: {{embedded: {{port: {mqtt}}}}}
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


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run(options, folder, table):
    ports = {name: world.free_port() for name in ("zeromq", "foxglove", "view")}
    own = {name: world.free_port() for name in ("mqtt", "view")}
    camera = world.Camera(f"{folder}/pictures", f"{ROOT}/samples/demo/room.mp4", options.hz)
    broker = world.Broker(folder)
    free_mb = shutil.disk_usage(folder).free >> 20
    disk = world.Disk(folder, 2048)
    recording = f"{folder}/recording.mcap"
    outer = Program(
        "broker", options.vbedge,
        [write(f"{folder}/pipeline.yaml", PIPELINE.format(root=ROOT, folder=folder, camera=camera.port, mqtt=broker.port, **ports)),
         "--record", recording, "--keep-free-mb", str(max(free_mb - 1500, 200))],
        folder, ports["view"], {"VBEDGE_CLOCK_STEP_S": "3600"})
    embedded = Program(
        "embedded", options.vbedge, [write(f"{folder}/embedded.yaml", EMBEDDED.format(root=ROOT, folder=folder, hz=options.hz, **own))],
        folder, own["view"])
    running = threading.Event()
    running.set()

    # Neither camera nor broker is there at the start.
    time.sleep(2)
    camera.start()
    broker.start()
    for program in (outer, embedded):
        program.wait_until_open()
        program.watch(running)
    address = f"tcp://127.0.0.1:{ports['zeromq']}"
    honest = [consumers.mqtt_honest(broker.port, running), consumers.zeromq_honest(address, running),
              consumers.foxglove(ports["foxglove"], running, slow=False), consumers.mqtt_honest(own["mqtt"], running)]
    honest[-1].name = "the embedded broker"
    consumers.foxglove(ports["foxglove"], running, slow=True)
    slow = consumers.zeromq_slow(address, running)
    noise, claims = [0], [0]
    for port in (broker.port, own["mqtt"]):
        consumers.mqtt_slow(port, running)
    consumers.mqtt_claims(own["mqtt"], running, claims)
    consumers.mqtt_hoarder(own["mqtt"], running)
    for _ in range(2):
        consumers.garbage([broker.port, *ports.values(), *own.values()], running, noise)
    killers = [world.keep_killing(camera, running, (10, 30), (1, 4)), world.keep_killing(broker, running, (8, 20), (0.5, 3))]
    end = time.monotonic() + options.minutes * 60
    half = time.monotonic() + options.minutes * 30
    while time.monotonic() < end and outer.runs and embedded.runs:
        time.sleep(1)
        if time.monotonic() > half and not disk.filled:
            disk.fill()
    running.clear()
    outer.stop()
    embedded.stop()
    for killer in killers:
        killer.join(40)
    camera.stop()
    broker.stop()
    disk.empty()
    slow.close(0)

    table.add("ran", f"{options.minutes:g} min at {options.hz:g} Hz; camera killed {camera.deaths} times, broker {broker.deaths}, "
              f"clock stepped every 10 s, {noise[0]} connections of garbage, {claims[0]} that claim 256 MiB")
    report = outer.judge(table, (1, 130), options.minutes)
    embedded.judge(table, (130,), options.minutes)
    for consumer in honest:
        table.add(f"honest consumer of {consumer.name}", f"{consumer.messages} messages, {consumer.twice} twice or out of order",
                  consumer.messages > 0 and consumer.twice == 0)
    judge_recording(options, folder, table, recording, (report.get("recording") or {}).get("problem") or "whole", disk)
    if table.failed:
        print(outer.errors[-4000:], embedded.errors[-4000:], file=sys.stderr)


def judge_recording(options, folder, table, recording, told, disk):
    replay = subprocess.run([*options.vbedge, "replay", recording, "--speed", "0", "--json", "--pipeline", write_replay(folder)],
                            capture_output=True, text=True, check=False)
    played = json.loads(replay.stdout.strip().splitlines()[-1]) if replay.stdout.strip() else {}
    table.add("recording", f"{played.get('played') or played.get('error')} messages, complete: {played.get('is_complete')}; {told}",
              played.get("is_complete") is True and played.get("played", 0) > 0 and (not disk.filled or told != "whole"))


def write_replay(folder):
    return write(f"{folder}/replay.yaml", f"version: 1\ndevice: replay\ncamera: {{source: \"{ROOT}/samples/demo/room.mp4\", hfov_deg: 60}}\n"
                 "instructions: [{ask: depth}]\n"
                 f"zeromq: {{bind: \"tcp://127.0.0.1:{world.free_port()}\"}}\n")


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
        run(options, folder, table)
    table.add("seed", options.seed)
    table.print()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
