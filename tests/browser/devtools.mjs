// Chromium by its DevTools pipe alone. Playwright watches the network of its pages: every message of a WebSocket is copied to it as base64, which costs
// more than all that the live view does with one. What is measured must not be watched.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Opens an address in a browser of its own; gives `evaluate(function, ...arguments)` in the page, and `close`. */
export async function openUnwatched(address, args = []) {
  const profile = await mkdtemp(join(tmpdir(), "vbedge-chromium-"));
  const browser = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1280,720", "--remote-debugging-pipe", `--user-data-dir=${profile}`, ...args, "about:blank",
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const waiting = new Map();
  let rest = "";
  browser.stdio[4].setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const message of messages.map((m) => JSON.parse(m))) {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
  let last = 0;
  const call = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, (m) => (m.error === undefined ? resolve(m.result) : reject(new Error(`${method}: ${m.error.message}`))));
    browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  });
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  await call("Page.navigate", { url: address }, sessionId);
  return {
    async evaluate(what, ...values) {
      const expression = typeof what === "string" ? what : `(${what})(${values.map((v) => JSON.stringify(v)).join(",")})`;
      const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId);
      if (exceptionDetails !== undefined) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    },
    async close() {
      const ended = new Promise((resolve) => browser.on("exit", resolve));
      await call("Browser.close").catch(() => {});
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}
