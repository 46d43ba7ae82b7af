// The system's Chromium, driven by playwright-core, with WebGL in software.
import { chromium } from "playwright-core";

/** Starts the browser. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    ],
  });
}

/** Opens the view and collects what the console says is wrong. */
export async function open(browser, address, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, ...options });
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(address);
  return { page, problems };
}

/** Waits until the page shows a picture of which the given is true. Not waitForFunction: the page's security policy forbids what it does. */
export async function shows(page, expression = "true", timeout = 60_000) {
  const end = Date.now() + timeout;
  while (!(await page.evaluate(`Boolean(window.vbedge && vbedge.scene.seq >= 0 && (${expression}))`))) {
    if (Date.now() > end) {
      const missing = [];
      for (const part of expression.split(" && ")) {
        if (!(await page.evaluate(`Boolean(window.vbedge && (${part}))`).catch(() => true))) {
          missing.push(part);
        }
      }
      throw new Error(`within ${timeout} ms the page did not show: ${missing.join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
