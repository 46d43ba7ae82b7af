#!/usr/bin/env python3
"""Goes while a zone is free and stops otherwise: occupied, unknown and silence alike. Needs pyzmq.

    python3 stop_and_go.py [--connect tcp://127.0.0.1:5556] [--camera robot/camera] [--zone stop] [--changes N]
"""
import argparse
import json
import time

import zmq

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--connect", default="tcp://127.0.0.1:5556")
parser.add_argument("--camera", default="robot/camera")
parser.add_argument("--zone", default="stop")
parser.add_argument("--changes", type=int, default=0, help="end after so many changes; 0 = never")
a = parser.parse_args()
socket = zmq.Context().socket(zmq.SUB)
socket.connect(a.connect)
topic = f"vb/v1/{a.camera}/zones/{a.zone}"
socket.subscribe(topic)


def heard(seconds=2.5):
    end = time.monotonic() + seconds
    while socket.poll(max(0, int(1000 * (end - time.monotonic())))):
        name, _, payload = socket.recv_multipart()
        if name.decode() == topic:  # a subscription is a prefix: zones whose names begin alike come too
            return json.loads(payload)
    return {"state": "unknown", "reason": "silence"}


before, changes = "stop", 0
while not a.changes or changes < a.changes:
    zone = heard()
    now = "go" if zone["state"] == "free" else "stop"  # here the motors are told
    if now != before:
        near = zone.get("nearest") or {}
        print(now, zone["state"], zone.get("reason") or near.get("class", ""), near.get("distance_m", ""), flush=True)
        before, changes = now, changes + 1
