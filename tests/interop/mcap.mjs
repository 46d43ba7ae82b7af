// node mcap.mjs read FILE: reads a recording with @mcap/core, by its index and again from begin to end with every CRC checked, decodes
// messages with @foxglove/rosmsg2-serialization by the schemas in the file, and prints what it found.
// node mcap.mjs write FILE < {options, messages: [{topic, logTime, data}], attachment}: writes a recording.
import { open, readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { McapIndexedReader, McapStreamReader, McapWriter, TempBuffer } from "@mcap/core";
import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg2-serialization";
import lz4 from "@foxglove/wasm-lz4";
import zstd from "@foxglove/wasm-zstd";

await lz4.isLoaded;
await zstd.isLoaded;
const decompressHandlers = {
  lz4: (bytes, size) => new Uint8Array(lz4(bytes, Number(size))),
  zstd: (bytes, size) => new Uint8Array(zstd.decompress(bytes, Number(size))),
};
const text = new TextDecoder();
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const plain = (_key, value) =>
  typeof value === "bigint" ? value.toString()
  : value instanceof Map ? Object.fromEntries(value)
  : value instanceof Uint8Array ? base64(value)
  : ArrayBuffer.isView(value) ? Array.from(value)
  : value;

async function read(path) {
  const file = await open(path);
  const size = BigInt((await file.stat()).size);
  const readable = {
    size: async () => size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Number(length));
      await file.read(bytes, 0, bytes.length, Number(offset));
      return bytes;
    },
  };
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  const decoders = new Map();
  const decode = (channel, data) => {
    const schema = reader.schemasById.get(channel.schemaId);
    if (schema?.encoding !== "ros2msg") {
      return null;
    }
    if (!decoders.has(channel.id)) {
      decoders.set(channel.id, new MessageReader(parse(text.decode(schema.data), { ros2: true })));
    }
    return decoders.get(channel.id).readMessage(data);
  };
  const messages = [];
  for await (const message of reader.readMessages({ validateCrcs: true })) {
    const channel = reader.channelsById.get(message.channelId);
    const decoded = decode(channel, message.data);
    messages.push({
      topic: channel.topic,
      schema: reader.schemasById.get(channel.schemaId)?.name,
      sequence: message.sequence,
      logTime: message.logTime,
      publishTime: message.publishTime,
      data: base64(message.data),
      decoded,
    });
  }
  const attachments = [], metadata = [];
  for await (const { name, mediaType, data, logTime } of reader.readAttachments({ validateCrcs: true })) {
    attachments.push({ name, mediaType, data: base64(data), logTime });
  }
  for await (const { name, metadata: entries } of reader.readMetadata()) {
    metadata.push({ name, entries });
  }

  const stream = new McapStreamReader({ decompressHandlers, validateCrcs: true });
  stream.append(await readFile(path));
  const records = {};
  for (let record = stream.nextRecord(); record; record = stream.nextRecord()) {
    records[record.type] = (records[record.type] ?? 0) + 1;
  }
  await file.close();
  return {
    header: { profile: reader.header.profile, library: reader.header.library },
    statistics: reader.statistics,
    chunks: reader.chunkIndexes.length,
    compression: reader.chunkIndexes[0]?.compression,
    channels: [...reader.channelsById.values()].map(({ topic, messageEncoding, metadata: entries }) => ({ topic, messageEncoding, metadata: entries })),
    summaryOffsets: reader.summaryOffsetsByOpcode.size,
    dataEndOffset: reader.dataEndOffset,
    dataSectionCrc: reader.dataSectionCrc,
    messages,
    attachments,
    metadata,
    done: stream.done(),
    records,
  };
}

async function write(path, { options, compress, messages, attachment }) {
  const buffer = new TempBuffer();
  const writer = new McapWriter({
    writable: buffer,
    ...options,
    ...(compress ? { compressChunk: (data) => ({ compression: "zstd", compressedData: new Uint8Array(zstd.compress(data, 3)) }) } : {}),
  });
  await writer.start({ profile: "test", library: "@mcap/core" });
  const channels = new Map();
  for (const { topic, logTime, data } of messages) {
    if (!channels.has(topic)) {
      const schemaId = await writer.registerSchema({ name: `schema of ${topic}`, encoding: "ros2msg", data: new TextEncoder().encode("uint8 x") });
      channels.set(topic, await writer.registerChannel({ topic, schemaId, messageEncoding: "cdr", metadata: new Map([["key", topic]]) }));
    }
    await writer.addMessage({
      channelId: channels.get(topic), sequence: messages.length, logTime: BigInt(logTime), publishTime: BigInt(logTime) + 1n, data: Buffer.from(data, "base64"),
    });
  }
  await writer.addAttachment({ name: "a.txt", mediaType: "text/plain", logTime: 5n, createTime: 6n, data: Buffer.from(attachment, "base64") });
  await writer.addMetadata({ name: "about", metadata: new Map([["robot", "r2"]]) });
  await writer.end();
  await writeFile(path, buffer.get());
  return {};
}

/** Parses every definition and tells the fields that messages are made of. */
function definitions(texts) {
  return texts.map((definition) => parse(definition, { ros2: true }).map(({ name, definitions: fields }) => ({ name, fields })));
}

const [command, path] = process.argv.slice(2);
const input = () => JSON.parse(readFileSync(0, "utf8"));
const result =
  command === "read" ? await read(path)
  : command === "write" ? await write(path, input())
  : definitions(input());
console.log(JSON.stringify(result, plain));
