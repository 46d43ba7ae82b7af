#!/usr/bin/env python3
"""ROS 2 messages straight from MQTT or ZeroMQ, without a bridge: the payload is the serialised message. Needs rclpy and pyzmq or paho-mqtt.

    python3 subscribe.py [--zeromq tcp://127.0.0.1:5556]
    python3 subscribe.py --mqtt 127.0.0.1:1883

Deserialises every message, prints what it is and republishes it on /vb/v1/{device}/{camera}/{stream}; colour and depth where image_transport
looks for their camera_info: …/color/image_rect/compressed, …/depth/image_rect. A node that only forwards can leave
deserialize_message out: publisher.publish(payload) takes the bytes as they are.
"""
import argparse
import json
import queue

import rclpy
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message
from rosidl_runtime_py.utilities import get_message

STATE = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PLACES = {  # beside …/color/camera_info and …/depth/camera_info
    ("color", "sensor_msgs/msg/CompressedImage"): "/image_rect/compressed",
    ("depth", "sensor_msgs/msg/Image"): "/image_rect",
    ("depth", "sensor_msgs/msg/CompressedImage"): "/image_rect/compressedDepth",
}
STREAM = QoSProfile(depth=2, reliability=ReliabilityPolicy.BEST_EFFORT)


def from_zeromq(address):
    import zmq
    socket = zmq.Context().socket(zmq.SUB)
    socket.set_hwm(4)  # stale clouds are of no use
    socket.connect(address)
    socket.subscribe("vb/v1/")
    while True:
        topic, header, payload = socket.recv_multipart()
        yield topic.decode(), json.loads(header)["schema"], payload


def from_mqtt(address):
    import paho.mqtt.client as mqtt
    waiting = queue.Queue(maxsize=16)
    paho2 = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
    client = mqtt.Client(protocol=mqtt.MQTTv5, **paho2)
    client.on_connect = lambda client, *_: client.subscribe("vb/v1/#")
    client.on_message = lambda client, state, message: waiting.put(message)
    host, port = address.rsplit(":", 1)
    client.connect(host, int(port))
    client.loop_start()
    while True:
        message = waiting.get()
        kind = getattr(message.properties, "ContentType", "")
        if kind.startswith("application/x-ros2-cdr; type="):  # the others are JSON: status, instructions
            yield message.topic, kind.split("type=")[1], message.payload


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--zeromq", default="tcp://127.0.0.1:5556")
parser.add_argument("--mqtt", help="HOST:PORT of a broker instead")
arguments = parser.parse_args()

rclpy.init()
node = rclpy.create_node("vision_banana_edge")
publishers = {}
for topic, schema, payload in from_mqtt(arguments.mqtt) if arguments.mqtt else from_zeromq(arguments.zeromq):
    kind = get_message(schema)  # sensor_msgs/msg/PointCloud2 → the class
    message = deserialize_message(payload, kind)
    if topic not in publishers:
        stream = topic.split("/", 4)[-1]
        place = "/" + topic.replace("-", "_") + PLACES.get((stream, schema), "")
        publishers[topic] = node.create_publisher(kind, place, STATE if stream in ("camera_info", "label_info", "tf_static") else STREAM)
    publishers[topic].publish(message)
    stamp = getattr(getattr(message, "header", None), "stamp", None)
    print(topic, schema, f"{stamp.sec}.{stamp.nanosec:09d}" if stamp else "", f"{len(payload)} bytes", flush=True)
