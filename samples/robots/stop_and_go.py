#!/usr/bin/env python3
"""Goes while a zone is free and stops otherwise: occupied, unknown and silence alike. Needs pyzmq.

    python3 stop_and_go.py [--connect tcp://127.0.0.1:5556] [--camera robot/camera] [--zone stop] [--changes N]
"""
import argparse
import json

import zmq

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--connect", default="tcp://127.0.0.1:5556")
parser.add_argument("--camera", default="robot/camera")
parser.add_argument("--zone", default="stop")
parser.add_argument("--changes", type=int, default=0, help="end after so many changes; 0 = never")
a = parser.parse_args()
socket = zmq.Context().socket(zmq.SUB)
socket.connect(a.connect)
socket.subscribe(f"vb/v1/{a.camera}/zones/{a.zone}")
before, changes = "stop", 0
while not a.changes or changes < a.changes:
    zone = json.loads(socket.recv_multipart()[2]) if socket.poll(2500) else {"state": "unknown", "reason": "silence"}
    now = "go" if zone["state"] == "free" else "stop"  # here the motors are told
    if now != before:
        near = zone.get("nearest") or {}
        print(now, zone["state"], zone.get("reason") or near.get("class", ""), near.get("distance_m", ""), flush=True)
        before, changes = now, changes + 1
