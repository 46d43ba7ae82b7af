#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays recorded readings to a pipeline, ten a second, as the sensor would send them.

    python3 play.py readings/imu.jsonl mqtt 127.0.0.1:1883 rover/imu                # needs paho-mqtt
    python3 play.py readings/altimeter.jsonl mavlink 127.0.0.1:14551                # needs nothing
    python3 play.py readings/pose.jsonl zeromq 127.0.0.1:5601 arm/camera_pose       # needs pyzmq
"""
import itertools
import json
import socket
import struct
import sys
import time


def crc(data, extra):
    """CRC-16/MCRF4XX, as MAVLink has it."""
    value = 0xFFFF
    for byte in data + bytes([extra]):
        mixed = byte ^ (value & 0xFF)
        mixed = (mixed ^ (mixed << 4)) & 0xFF
        value = (value >> 8) ^ (mixed << 8) ^ (mixed << 3) ^ (mixed >> 4)
    return value


def distance_sensor(metres, sequence, orientation=0):
    """DISTANCE_SENSOR (132) in a MAVLink 2 frame."""
    payload = struct.pack("<IHHHBBBB", sequence * 100, 10, 4000, round(metres * 100), 0, 1, orientation, 255).rstrip(b"\0")
    head = bytes([len(payload), 0, 0, sequence & 0xFF, 1, 1]) + (132).to_bytes(3, "little")
    return b"\xfd" + head + payload + struct.pack("<H", crc(head + payload, 85))


def sender(kind, address, topic):
    host, port = address.split(":")
    if kind == "mavlink":
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        count = itertools.count()
        return lambda line: udp.sendto(distance_sensor(json.loads(line)["range_m"], next(count)), (host, int(port)))
    if kind == "mqtt":
        import paho.mqtt.client as mqtt
        two = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
        client = mqtt.Client(protocol=mqtt.MQTTv5, **two)
        client.connect(host, int(port))
        client.loop_start()
        return lambda line: client.publish(topic, line)
    import zmq
    publisher = zmq.Context.instance().socket(zmq.PUB)
    publisher.bind(f"tcp://{host}:{port}")
    return lambda line: publisher.send_multipart([topic.encode(), line.encode()])


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    send = sender(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else "")
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()]
    for line in itertools.cycle(lines):
        send(line)
        time.sleep(0.1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
