// Connects to a Foxglove WebSocket server (address as argument) with @foxglove/ws-protocol as Foxglove does, subscribes to every channel,
// decodes what comes with @foxglove/rosmsg2-serialization by the schema the server announced, and prints [{topic, schemaName, count}]
// once each expected topic (further arguments) came twice (state: once).
import protocol from "@foxglove/ws-protocol";
import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg2-serialization";
import WebSocket from "ws";

const { FoxgloveClient } = protocol;
const [address, ...expected] = process.argv.slice(2);
const state = (topic) => topic.endsWith("_info");
const seen = new Map();
const readers = new Map();
const client = new FoxgloveClient({ ws: new WebSocket(address, [FoxgloveClient.SUPPORTED_SUBPROTOCOL]) });

client.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
client.on("advertise", (channels) => {
  for (const channel of channels) {
    const reader = new MessageReader(parse(channel.schema, { ros2: true }));
    readers.set(client.subscribe(channel.id), { channel, reader });
    seen.set(channel.topic, { topic: channel.topic, schemaName: channel.schemaName, count: 0, stamp: 0 });
  }
});
client.on("message", ({ subscriptionId, timestamp, data }) => {
  const { channel, reader } = readers.get(subscriptionId);
  const message = reader.readMessage(data);
  const entry = seen.get(channel.topic);
  entry.count++;
  entry.stamp = Number(timestamp) / 1e9 - (message.header.stamp.sec + (message.header.stamp.nanosec ?? message.header.stamp.nsec ?? 0) / 1e9);
  if (expected.every((topic) => (seen.get(topic)?.count ?? 0) >= (state(topic) ? 1 : 2))) {
    console.log(JSON.stringify([...seen.values()]));
    process.exit(0);
  }
});
setTimeout(() => {
  console.error(`not heard: ${expected.filter((topic) => (seen.get(topic)?.count ?? 0) < 2)}`);
  process.exit(1);
}, 30000);
