// Prints the rate of every stream and the nearest point of each cloud, once per second, over MQTT 5.
// Needs mqtt.js (npm ci): no ROS, no SDK.
//
//     node main.mjs [--url mqtt://127.0.0.1:1883] [--seconds N]
import { parseArgs } from "node:util";
import mqtt from "mqtt";

const { values: options } = parseArgs({
  options: { url: { type: "string", default: "mqtt://127.0.0.1:1883" }, seconds: { type: "string", default: "Infinity" } },
});

/** How a value of a point is read, by its numpy type. */
const readers = {
  "<f4": "getFloat32", "<f8": "getFloat64", "<u1": "getUint8", "<i1": "getInt8", "<u2": "getUint16", "<i2": "getInt16", "<u4": "getUint32", "<i4": "getInt32",
};

/** The nearest point of a cloud by its distance to the camera; null when every point is NaN. */
function nearestPoint(payload, properties) {
  const fields = Object.fromEntries(JSON.parse(properties.fields).map(([name, offset, type]) => [name, { offset, reader: readers[type] }]));
  const view = new DataView(payload.buffer, payload.byteOffset + Number(properties.data_offset), Number(properties.data_length));
  const step = Number(properties.step);
  const value = (point, name) => view[fields[name].reader](point * step + fields[name].offset, true);
  let nearest = null;
  for (let point = 0; point < view.byteLength / step; point++) {
    const [x, y, z] = ["x", "y", "z"].map((name) => value(point, name));
    const distance = Math.hypot(x, y, z);
    if (Number.isFinite(distance) && (nearest === null || distance < nearest.distance)) {
      nearest = { x, y, z, distance, label: value(point, "label") };
    }
  }
  return nearest;
}

const streams = new Map();
const client = mqtt.connect(options.url, { protocolVersion: 5, reconnectPeriod: 1000 });
client.on("connect", () => client.subscribe("vb/v1/+/+/+"));
client.on("error", (error) => console.error(error.message || error.code));
client.on("message", (topic, payload, packet) => {
  const stream = streams.get(topic) ?? { count: 0, bytes: 0, note: "" };
  streams.set(topic, stream);
  stream.count++;
  stream.bytes += payload.length;
  const properties = packet.properties?.userProperties ?? {};
  if (topic.endsWith("/cloud") && properties.encoding === "points") {
    const near = nearestPoint(payload, properties);
    stream.note = near === null
      ? `seq ${properties.seq}: no point`
      : `seq ${properties.seq}: nearest ${near.x.toFixed(3)} ${near.y.toFixed(3)} ${near.z.toFixed(3)} m, label ${near.label}`;
  } else if (topic.endsWith("/status")) {
    stream.note = JSON.parse(payload.toString()).status;
  }
});

let since = performance.now();
const timer = setInterval(() => {
  const seconds = (performance.now() - since) / 1000;
  since = performance.now();
  if (process.stdout.isTTY) {
    console.clear();
  }
  for (const [topic, stream] of [...streams].sort()) {
    const size = stream.count > 0 ? (stream.bytes / stream.count / 1000).toFixed(1) : "0.0";
    console.log(`${topic.padEnd(40)} ${(stream.count / seconds).toFixed(1).padStart(6)} Hz ${size.padStart(8)} kB  ${stream.note}`);
    stream.count = stream.bytes = 0;
  }
}, 1000);

function end() {
  clearInterval(timer);
  client.end();
}
process.on("SIGINT", end);
if (Number.isFinite(Number(options.seconds))) {
  setTimeout(end, Number(options.seconds) * 1000);
}
