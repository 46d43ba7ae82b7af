#!/usr/bin/env python3
"""Prints metric points from the clouds of VisionBanana.Edge over MQTT 5. Needs paho-mqtt (1.6 or 2.x) and numpy: no ROS, no SDK.

    python3 mqtt_consumer.py [--host 127.0.0.1] [--port 1883] [--frames N]
"""
import argparse
import json
import struct

import numpy
import paho.mqtt.client as mqtt


def class_names(payload):
    """vision_msgs/LabelInfo in CDR: header, then uint16 id and string name of each class."""
    def text(at):
        at += -(at - 4) % 4
        (length,) = struct.unpack_from("<I", payload, at)
        return payload[at + 4:at + 3 + length].decode(), at + 4 + length

    _, at = text(12)  # 4 bytes of encapsulation, 8 of stamp, then frame_id
    at += -(at - 4) % 4
    (count,), at, names = struct.unpack_from("<I", payload, at), at + 4, {}
    for _ in range(count):
        at += -(at - 4) % 2
        (class_id,) = struct.unpack_from("<H", payload, at)
        names[class_id], at = text(at + 2)
    return names


def on_message(client, state, message):
    if message.topic.endswith("/label_info"):
        state["names"] = class_names(message.payload)
    if not message.topic.endswith("/cloud"):
        return
    header, names = dict(message.properties.UserProperty), state["names"]
    width, height = int(header["width"]), int(header["height"])
    labels, offsets, formats = zip(*json.loads(header["fields"]))
    layout = numpy.dtype({"names": labels, "offsets": offsets, "formats": formats, "itemsize": int(header["step"])})
    cloud = numpy.frombuffer(message.payload, layout, width * height, int(header["data_offset"])).reshape(height, width)
    valid, centre = cloud[numpy.isfinite(cloud["z"])], cloud[height // 2, width // 2]
    near = valid[numpy.argmin(valid["z"])] if valid.size else centre
    points = [f"{name} {p['x']:+.3f} {p['y']:+.3f} {p['z']:.3f} m {names.get(p['label'], '')}" for name, p in (("nearest", near), ("centre", centre))]
    print(f"{message.topic} seq {header['seq']}: {valid.size} points, {', '.join(points)}", flush=True)
    state["seen"] += 1
    if state["seen"] == arguments.frames:
        client.disconnect()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=1883)
parser.add_argument("--frames", type=int, default=0, help="stop after so many clouds; 0 = never")
arguments = parser.parse_args()
paho2 = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
client = mqtt.Client(protocol=mqtt.MQTTv5, userdata={"names": {}, "seen": 0}, **paho2)
client.on_connect = lambda client, *_: client.subscribe("vb/v1/#")
client.on_message = on_message
client.connect(arguments.host, arguments.port)
client.loop_forever()
