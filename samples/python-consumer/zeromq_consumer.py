#!/usr/bin/env python3
"""Prints metric points from the clouds of VisionBanana.Edge over ZeroMQ. Needs pyzmq and numpy: no ROS, no SDK.

    python3 zeromq_consumer.py [--connect tcp://127.0.0.1:5556] [--frames N]
"""
import argparse
import json
import struct

import numpy
import zmq


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


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--connect", default="tcp://127.0.0.1:5556")
parser.add_argument("--frames", type=int, default=0, help="stop after so many clouds; 0 = never")
arguments = parser.parse_args()

socket = zmq.Context().socket(zmq.SUB)
socket.set_hwm(4)  # stale clouds are of no use
socket.connect(arguments.connect)
socket.subscribe("vb/v1/")
names, seen = {}, 0
while not arguments.frames or seen < arguments.frames:
    topic, header, payload = socket.recv_multipart()
    header = json.loads(header)
    if topic.endswith(b"/label_info"):
        names = class_names(payload)
    if not topic.endswith(b"/cloud"):
        continue
    seen += 1
    layout = numpy.dtype({"names": [f[0] for f in header["fields"]], "offsets": [f[1] for f in header["fields"]],
                          "formats": [f[2] for f in header["fields"]], "itemsize": header["step"]})
    cloud = numpy.frombuffer(payload, layout, header["width"] * header["height"], header["data_offset"])
    cloud = cloud.reshape(header["height"], header["width"])
    valid, centre = cloud[numpy.isfinite(cloud["z"])], cloud[header["height"] // 2, header["width"] // 2]
    print(f"{topic.decode()} seq {header['seq']}: {valid.size} points", end="")
    if valid.size:
        near = valid[numpy.argmin(valid["z"])]
        print(f", nearest {near['x']:+.3f} {near['y']:+.3f} {near['z']:.3f} m {names.get(near['label'], '')}", end="")
    print(f", centre {centre['x']:+.3f} {centre['y']:+.3f} {centre['z']:.3f} m {names.get(centre['label'], '')}", flush=True)
