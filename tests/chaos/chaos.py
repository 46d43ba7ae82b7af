"""Chaos for a fleet: see eng/chaos. Robots → edge broker → bridge → central broker → workers; consumers listen on the central broker."""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# QoS 2 both ways and sessions that last: neither broker has a reason to hand a picture over twice, whichever of them or the link between is cut.
CENTRAL = "listener {central} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 200\n"
EDGE = """listener {edge} 127.0.0.1
allow_anonymous true
max_queued_messages 200
connection central
address 127.0.0.1:{central}
bridge_protocol_version mqttv50
cleansession false
try_private true
restart_timeout 1 2
topic vb/fleet/v1/+/+/+/picture/+ out 2
topic vb/fleet/v1/+/+/+/rig/+ out 1
topic vb/fleet/v1/+/+/+/receipt in 1
"""

ROBOT = """version: 1
device: {name}
camera:
  name: room
  source: {{address: "{root}/samples/demo/room.mp4", loop: true, rate_hz: {hz}}}
  calibration: "{root}/calibration/demo-room.yaml"
painter: {{execution: {{threads: 1}}}}
instructions: [depth]
streams: {{cloud: false, color: false, painting: false, depth: {{encoding: zstd}}}}
fleet: {{group: chaos, expiry_s: 2, max_age_ms: 2000, max_unanswered: 8}}
mqtt: {{broker: {{host: 127.0.0.1, port: {edge}}}}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A program that is killed and started again."""

    def __init__(self, command, output):
        self.command, self.output, self.killed = command, output, 0
        self.process = None
        self.start()

    def start(self):
        with open(self.output, "ab") as out, open(self.output + ".err", "ab") as error:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=error, stdin=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.killed += 1
        self.start()

    def end(self, seconds=60):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def report(self):
        with open(self.output, encoding="utf-8") as file:
            lines = [line for line in file if line.startswith("{")]
        return json.loads(lines[-1]) if lines else {}


class Consumer:
    """Counts what subscribers of the percepts hear: mosquitto_sub, started again whenever the broker died."""

    def __init__(self, port):
        self.port, self.heard, self.lock, self.stopped = port, collections.Counter(), threading.Lock(), False
        self.process = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopped:
            command = ["mosquitto_sub", "-V", "mqttv5", "-h", "127.0.0.1", "-p", str(self.port), "-t", "vb/v1/+/+/depth", "-F", "%t %P"]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for line in self.process.stdout:
                words = line.split()
                number = next((w[4:] for w in words if w.startswith("seq:")), None)
                if number is not None:
                    with self.lock:
                        self.heard[(words[0], int(number))] += 1
            self.process.wait()
            time.sleep(0.1)

    def end(self):
        self.stopped = True
        self.process.kill()
        self.thread.join(5)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("minutes", nargs="?", type=float, default=10)
    parser.add_argument("--robots", type=int, default=8)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--hz", type=float, default=2)
    parser.add_argument("--every", type=float, default=8, help="seconds between two kills")
    parser.add_argument("--vbedge", default=f"{ROOT}/artifacts/bin/VisionBanana.Edge.Cli/release/vbedge")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="vbedge-chaos-")
    try:
        sys.exit(run(options, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(options, folder):
    mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    ports = {"central": free_port(), "edge": free_port()}
    brokers = {}
    for name, text in (("central", CENTRAL), ("edge", EDGE)):
        path = f"{folder}/{name}.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.format(**ports))
        brokers[name] = Program([mosquitto, "-c", path], f"{folder}/{name}.log")
        time.sleep(0.5)
    workers = [
        Program([options.vbedge, "worker", "--group", "chaos", "--broker", f"127.0.0.1:{ports['central']}", "--id", f"worker-{i}", "--threads", "1",
                 "--json"], f"{folder}/worker-{i}.json") for i in range(options.workers)]
    consumer = Consumer(ports["central"])
    time.sleep(8)
    robots = []
    for i in range(options.robots):
        path = f"{folder}/robot-{i}.yaml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(ROBOT.format(name=f"robot-{i}", root=ROOT, hz=options.hz, **ports))
        robots.append(Program([options.vbedge, "capture", path, "--json"], f"{folder}/robot-{i}.json"))
    turn, end = 0, time.monotonic() + (60 * options.minutes)
    while time.monotonic() + options.every < end:
        time.sleep(options.every)
        victim = [lambda: random.choice(workers), lambda: brokers["central"], lambda: random.choice(workers), lambda: brokers["edge"]][turn % 4]()
        victim.kill()
        turn += 1
    time.sleep(max(0, end - time.monotonic()))
    threads = [threading.Thread(target=r.end) for r in robots]
    [t.start() for t in threads]
    [t.join() for t in threads]
    time.sleep(1)
    [w.end() for w in workers]
    consumer.end()
    [b.end() for b in brokers.values()]
    return tell(options, robots, workers, brokers, consumer, turn)


def tell(options, robots, workers, brokers, consumer, kills):
    failed, dropped, total = [], collections.Counter(), collections.Counter()
    for i, robot in enumerate(robots):
        books = robot.report()
        if not books:
            failed.append(f"robot-{i} left no books")
            continue
        dropped.update(books["dropped"])
        total.update({k: books[k] for k in ("captured", "answered", "in_flight", "answered_twice", "answered_late", "bytes")})
        if books["captured"] != books["answered"] + sum(books["dropped"].values()) + books["in_flight"]:
            failed.append(f"robot-{i}: {books['captured']} captured are not {books['answered']} answered and {books['dropped']}")
    twice = {k: n for k, n in consumer.heard.items() if n > 1}
    if twice:
        failed.append(f"consumers heard {len(twice)} pictures twice, e.g. {list(twice)[:3]}")
    if total["answered_twice"] > 0:
        failed.append(f"robots were told {total['answered_twice']} times of a second answer")
    if total["answered"] == 0:
        failed.append("nothing was answered")
    print(f"{options.robots} robots at {options.hz} Hz, {options.workers} workers, {options.minutes} min, {kills} kills: "
          f"workers {sum(w.killed for w in workers)}, central broker {brokers['central'].killed}, edge broker with its bridge {brokers['edge'].killed}")
    print(f"captured {total['captured']} = answered {total['answered']} + dropped {sum(dropped.values())} + in flight {total['in_flight']}")
    print("dropped: " + (", ".join(f"{n} {k}" for k, n in dropped.most_common()) or "none"))
    print(f"answered after they had been given up: {total['answered_late']}; consumers heard {len(consumer.heard)} pictures, {len(twice)} of them twice")
    for problem in failed:
        print(f"FAILED {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    main()
