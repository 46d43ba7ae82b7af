#!/usr/bin/env python3
"""Counts who passes the middle of the picture, by the ids of tracked objects. Needs paho-mqtt (1.6 or 2.x).

    python3 doorway.py [--host 127.0.0.1] [--port 1883] [--camera robot/camera] [--passes N]
"""
import argparse
import json

import paho.mqtt.client as mqtt


def on_message(client, state, message):
    picture = json.loads(message.payload)
    for found in picture["objects"]:
        left, _, width, _ = found["bbox"]
        side = left + width / 2 > picture["size"][1] / 2
        if state["sides"].setdefault(found["id"], side) != side:
            state["sides"][found["id"]] = side
            state["in" if side else "out"] += 1
            print(f"{found['class']} {found['id']}: {state['in']} in, {state['out']} out", flush=True)
    if a.passes and state["in"] + state["out"] >= a.passes:
        client.disconnect()


parser = argparse.ArgumentParser(description=__doc__)
for name, default in (("--host", "127.0.0.1"), ("--port", 1883), ("--camera", "robot/camera"), ("--passes", 0)):
    parser.add_argument(name, type=type(default), default=default)
a = parser.parse_args()
version = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
client = mqtt.Client(protocol=mqtt.MQTTv5, userdata={"sides": {}, "in": 0, "out": 0}, **version)
client.on_message = on_message
client.on_connect = lambda client, *_: client.subscribe(f"vb/v1/{a.camera}/objects")
client.connect(a.host, a.port)
client.loop_forever()
