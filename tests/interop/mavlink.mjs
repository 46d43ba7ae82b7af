// Reads MAVLink frames (base64) from standard input, decodes them with node-mavlink and prints what they say, one JSON object a frame.
import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { MavLinkPacketSplitter, MavLinkPacketParser, minimal, common } from "node-mavlink";

const registry = { ...minimal.REGISTRY, ...common.REGISTRY };
const input = new PassThrough();
const packets = input.pipe(new MavLinkPacketSplitter()).pipe(new MavLinkPacketParser());
const plain = (_key, value) => (typeof value === "bigint" ? value.toString() : value);
packets.on("data", (packet) => {
  const type = registry[packet.header.msgid];
  const data = packet.protocol.data(packet.payload, type);
  const { msgid, sysid, compid, seq } = packet.header;
  console.log(JSON.stringify({ magic: packet.header.magic, msgid, sysid, compid, seq, name: type.MSG_NAME, data }, plain));
});
input.end(Buffer.from(readFileSync(0, "utf8").trim(), "base64"));
