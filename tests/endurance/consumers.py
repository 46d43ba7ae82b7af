"""Who listens to a pipeline: honest ones, slow ones, dead ones, and those that send garbage."""
import base64
import os
import random
import socket
import struct
import threading
import time


class Honest:
    """What came, and whether anything came twice or out of order."""

    def __init__(self, name):
        self.name, self.messages, self.twice, self.last = name, 0, 0, {}

    def count(self, topic, seq):
        self.messages += 1
        if seq is not None:
            self.twice += seq <= self.last.get(topic, -1)
            self.last[topic] = seq


def mqtt_honest(port, running):
    import paho.mqtt.client as mqtt
    heard = Honest("mqtt")
    paho2 = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION2} if hasattr(mqtt, "CallbackAPIVersion") else {}
    client = mqtt.Client(protocol=mqtt.MQTTv5, **paho2)

    def on_message(_, __, message):
        seq = dict(getattr(message.properties, "UserProperty", [])).get("seq")
        heard.count(message.topic, None if message.retain or not message.topic.endswith("/depth") else int(seq))

    client.on_connect = lambda c, *_: c.subscribe("vb/v1/#")
    client.on_message = on_message
    client.reconnect_delay_set(1, 2)
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    return heard


def zeromq_honest(address, running):
    import json
    import zmq
    heard = Honest("zeromq")

    def loop():
        socket_ = zmq.Context.instance().socket(zmq.SUB)
        socket_.connect(address)
        socket_.subscribe("vb/v1/")
        while running.is_set():
            if socket_.poll(200):
                topic, header, _ = socket_.recv_multipart()
                heard.count(topic, json.loads(header)["seq"] if topic.endswith(b"/depth") else None)
    threading.Thread(target=loop, daemon=True).start()
    return heard


def zeromq_slow(address, running):
    import zmq
    socket_ = zmq.Context.instance().socket(zmq.SUB)
    socket_.set_hwm(1)
    socket_.connect(address)
    socket_.subscribe("vb/v1/")
    return socket_


def _websocket(port, protocol, path="/"):
    """A connection that has shaken hands."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=5)
    key = base64.b64encode(os.urandom(16)).decode()
    asked = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
    raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                f"Sec-WebSocket-Version: 13\r\n{asked}\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = raw.recv(1)
        if not more:
            raise OSError("no handshake")
        answer += more
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise OSError(answer.split(b"\r\n")[0].decode())
    return raw


def _frame(text):
    data, mask = text.encode(), os.urandom(4)
    head = struct.pack("!BB", 0x81, 0x80 | len(data)) if len(data) < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, len(data))
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data))


def _read_frame(raw):
    def exactly(count):
        data = b""
        while len(data) < count:
            more = raw.recv(min(count - len(data), 1 << 20))
            if not more:
                raise OSError("closed")
            data += more
        return data
    first, length = exactly(2)
    length &= 0x7F
    if length >= 126:
        length = struct.unpack("!H" if length == 126 else "!Q", exactly(2 if length == 126 else 8))[0]
    return first & 0x0F, exactly(length)


def foxglove(port, running, slow):
    """Subscribes to everything; a slow one then reads nothing more."""
    import json
    heard = Honest("foxglove slow" if slow else "foxglove")

    def once():
        raw = _websocket(port, "foxglove.sdk.v1")
        raw.settimeout(10)
        try:
            while running.is_set():
                kind, data = _read_frame(raw)
                if kind == 1 and (message := json.loads(data)).get("op") == "advertise":
                    wanted = [{"id": c["id"], "channelId": c["id"]} for c in message["channels"]]
                    raw.sendall(_frame(json.dumps({"op": "subscribe", "subscriptions": wanted})))
                    if slow:
                        time.sleep(random.uniform(5, 20))
                        return
                elif kind == 2:
                    heard.count("message", None)
        finally:
            raw.close()

    def loop():
        while running.is_set():
            try:
                once()
            except (OSError, ValueError):
                time.sleep(1)
    threading.Thread(target=loop, daemon=True).start()
    return heard


def mqtt_slow(port, running):
    """Subscribes to everything, says that it is alive, and reads nothing."""
    def loop():
        while running.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
                    raw.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04slow" + b"\x82\x06\x00\x01\x00\x01#\x00")
                    for _ in range(20):
                        time.sleep(1)
                        if not running.is_set():
                            break
                        raw.sendall(b"\xc0\x00")
            except OSError:
                time.sleep(1)
    threading.Thread(target=loop, daemon=True).start()


def mqtt_claims(port, running, held):
    """Keeps connections open that claim 256 MiB before they said who they are."""
    def loop():
        while running.is_set():
            opened = []
            try:
                for _ in range(40):
                    raw = socket.create_connection(("127.0.0.1", port), timeout=2)
                    raw.sendall(b"\x10\xff\xff\xff\x7f\x00\x04MQTT")
                    opened.append(raw)
            except OSError:
                pass
            held[0] += len(opened)
            time.sleep(random.uniform(5, 10))
            for raw in opened:
                raw.close()
    threading.Thread(target=loop, daemon=True).start()


def mqtt_hoarder(port, running):
    """Subscribes to thousands of topics, asks for everything that is kept to be kept again, and comes back."""
    def loop():
        number = 0
        while running.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
                    raw.sendall(b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06hoard" + b"0123456789"[number % 10:number % 10 + 1])
                    for i in range(2000):
                        topic = f"vb/v1/hoard/{number}/{i}".encode()
                        raw.sendall(b"\x82" + bytes([len(topic) + 5]) + struct.pack("!HH", i + 1, len(topic)) + topic + b"\x00")
                        kept = f"hoard/{number}/{i}".encode()
                        raw.sendall(b"\x31" + bytes([len(kept) + 102]) + struct.pack("!H", len(kept)) + kept + b"x" * 100)
            except OSError:
                pass
            number += 1
            time.sleep(random.uniform(2, 6))
    threading.Thread(target=loop, daemon=True).start()


def garbage(ports, running, count):
    """Noise, half a handshake and broken frames at every port; connections that die at once."""
    heads = [b"", b"GET / HTTP/1.1\r\nHost: ", b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", b"\x10\xff\xff\xff\x7f",
             b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f"]

    def loop():
        while running.is_set():
            try:
                with socket.create_connection(("127.0.0.1", random.choice(ports)), timeout=2) as raw:
                    raw.sendall(random.choice(heads) + os.urandom(random.randrange(4000)))
                    count[0] += 1
                    time.sleep(random.uniform(0, 0.5))
            except OSError:
                pass
            time.sleep(random.uniform(0.05, 0.3))
    threading.Thread(target=loop, daemon=True).start()
