// node tests/browser/measure.mjs [SECONDS [RUN]] – what point 4 of the live view is worth on this machine: clouds of 640×480 at 15 Hz in Chromium,
// and what hostile clients cost the pipeline. Starts vbedge itself (a Release build must be there) and prints a table and, last, JSON.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { shows } from "./browser.mjs";
import { openUnwatched } from "./devtools.mjs";

const seconds = Number(process.argv[2] ?? 20);
const only = process.argv[3];
const root = new URL("../..", import.meta.url).pathname;
const tool = process.env.VBEDGE ?? join(root, "artifacts/bin/VisionBanana.Edge.Cli/release/vbedge.dll");
const folder = await mkdtemp(join(tmpdir(), "vbedge-view-"));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const pipeline = join(folder, "pipeline.yaml");
await writeFile(pipeline, `version: 1
device: measure
camera:
  name: room
  source: {address: "${root}samples/demo/room.mp4", loop: true}
  calibration: "${root}calibration/demo-room.yaml"
painter: {model: "${root}models/painter-s"}
instructions: [{ask: depth}, {ask: labels, every: 3}]
output: {size: source}
view: {port: 0}
`);

/** One run: starts vbedge, lets the given happen for a while, and tells what the pipeline measured meanwhile. */
async function run(name, meanwhile) {
  const vbedge = spawn("dotnet", [tool, "run", pipeline, "--json"]);
  let address = "";
  const printed = new Promise((resolve, reject) => {
    let text = "";
    vbedge.stderr.on("data", (data) => {
      text += data;
      const found = /live view at (\S+)/.exec(text);
      if (found !== null) {
        resolve(found[1]);
      }
    });
    vbedge.on("exit", (code) => reject(new Error(`vbedge ended with ${code}: ${text}`)));
  });
  try {
    address = await printed;
    await until(async () => (await metric(address, 'vbedge_perceived_total{camera="room"}')) > 30);
    const cpu = await cpuSeconds(vbedge.pid);
    const frames = await metric(address, 'vbedge_perceived_total{camera="room"}');
    const start = performance.now();
    const extra = await meanwhile(address);
    const elapsed = (performance.now() - start) / 1000;
    const result = {
      run: name,
      rate_hz: (await metric(address, 'vbedge_perceived_total{camera="room"}') - frames) / elapsed,
      paint_ms_p50: 1000 * (await metric(address, 'vbedge_stage_seconds{stage="paint",quantile="0.5",camera="room"}')),
      capture_to_view_ms_p50: 1000 * (await metric(address, 'vbedge_stage_seconds{stage="capture_to_view",quantile="0.5",camera="room"}')),
      cpu_percent: (100 * (await cpuSeconds(vbedge.pid) - cpu)) / elapsed,
      memory_mib: (await metric(address, "process_resident_memory_bytes")) / 2 ** 20,
      ...extra,
    };
    return result;
  } finally {
    vbedge.removeAllListeners("exit");
    const ended = new Promise((resolve) => vbedge.on("exit", resolve));
    vbedge.kill("SIGTERM");
    await ended;
  }
}

async function metric(address, name) {
  for (let attempt = 0; ; attempt++) {
    try {
      const text = await (await fetch(new URL("/metrics", address), { headers: { connection: "close" } })).text();
      const line = text.split("\n").find((l) => l.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.slice(name.length + 1));
    } catch (error) {
      // Hostile connections may hold every place for a moment.
      if (attempt === 60) {
        throw error;
      }
      await sleep(500);
    }
  }
}

async function until(holds) {
  for (let i = 0; i < 600; i++) {
    if (await holds()) {
      return;
    }
    await sleep(100);
  }
  throw new Error("what was waited for did not come within a minute");
}

/** Seconds of processor time that a process has used. */
async function cpuSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A socket of the page, by hand, so that it can misbehave. */
function pageSocket(address) {
  const { host, hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  return socket;
}

/** Opens sockets that say they have shown everything, and read nothing. */
async function neverReads(address, count) {
  const sockets = Array.from({ length: count }, () => {
    const socket = pageSocket(address);
    socket.pause();
    socket.write(frame('{"type":"want","layers":["color","depth","confidence","labels","painting","rays"]}'));
    return socket;
  });
  const timer = setInterval(() => sockets.forEach((s) => s.writable && s.write(frame('{"type":"shown","seq":1000000000}'))), 50);
  await sleep(seconds * 1000);
  clearInterval(timer);
  sockets.forEach((s) => s.destroy());
  return {};
}

/** Opens sockets that send what is no request, again as soon as they are closed for it. */
async function garbage(address) {
  const end = Date.now() + seconds * 1000;
  let connections = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (Date.now() < end) {
      connections++;
      const socket = pageSocket(address);
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.resume();
      for (let i = 0; i < 20; i++) {
        socket.write(frame("\u0000garbage {[".repeat(1000)));
      }
      await Promise.race([closed, sleep(5000)]);
      socket.destroy();
      await sleep(20);
    }
  }));
  return { connections };
}

/** A text frame of the WebSocket protocol, masked with zeros. */
function frame(text) {
  const bytes = Buffer.from(text);
  const longLength = bytes.length < 126 ? [] : [bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from([0x81, 0x80 | Math.min(bytes.length, 126), ...longLength, 0, 0, 0, 0]), bytes]);
}

/** How long it takes from sending an instruction until what was asked for is on the page: normals asked for and taken away, ten times. */
async function follows(page) {
  const times = await page.evaluate(async () => {
    const took = [];
    const ask = async (kinds, holds) => {
      const start = performance.now();
      await vbedge.connection.ask({ type: "instructions", instructions: kinds.map((k) => ({ ask: k })) });
      while (!holds() && performance.now() - start < 10_000) {
        await new Promise(requestAnimationFrame);
      }
      return performance.now() - start;
    };
    for (let i = 0; i < 10; i++) {
      took.push(await ask(["depth", "labels", "normals"], () => vbedge.scene.normals !== null));
      await ask(["depth", "labels"], () => vbedge.scene.normals === null);
    }
    return took;
  });
  return times.sort((a, b) => a - b);
}

async function inChromium(address) {
  const page = await openUnwatched(address);
  try {
    await shows(page, "vbedge.scene.depth && vbedge.cloud.drawn > 2", 120_000);
    await sleep(3000);
    const seen = await page.evaluate(async (length) => {
      const [drawn, seq, intervals] = [vbedge.cloud.drawn, new Set(), []];
      let last = performance.now();
      const start = last;
      while (last - start < length) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        intervals.push(now - last);
        last = now;
        seq.add(vbedge.scene.seq);
      }
      intervals.sort((a, b) => a - b);
      return {
        size: `${vbedge.scene.width}x${vbedge.scene.height}`,
        clouds_per_s: (1000 * (vbedge.cloud.drawn - drawn)) / (last - start),
        pictures_per_s: (1000 * (seq.size - 1)) / (last - start),
        page_interval_ms_p50: intervals[intervals.length >> 1],
        page_interval_ms_p95: intervals[Math.floor(intervals.length * 0.95)],
        points_every: vbedge.cloud.stride,
        capture_to_screen: document.getElementById("latency").textContent,
      };
    }, seconds * 1000);
    const followed_ms = await follows(page);
    return { ...seen, instruction_to_screen_ms_p50: followed_ms[followed_ms.length >> 1], instruction_to_screen_ms_max: followed_ms.at(-1) };
  } finally {
    await page.close();
  }
}

const results = [];
for (const [name, meanwhile] of [
  ["nobody looks", async () => { await sleep(seconds * 1000); return {}; }],
  ["8 that never read", (address) => neverReads(address, 8)],
  ["garbage", garbage],
  ["200 sockets", (address) => neverReads(address, 200)],
  ["Chromium", inChromium],
].filter(([name]) => only === undefined || name === only)) {
  results.push(await run(name, meanwhile));
  const row = results.at(-1);
  console.log(Object.entries(row).map(([k, v]) => `${k} ${typeof v === "number" ? v.toFixed(1) : v}`).join("   "));
}
await rm(folder, { recursive: true });
console.log(JSON.stringify({ machine: `${cpus().length} × ${cpus()[0].model}`, load_average: loadavg(), seconds, results }));
