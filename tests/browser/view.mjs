// node view.mjs SCENARIO ADDRESS FOLDER – drives the live view and prints what it saw as one line of JSON. Waits for states, not for times.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, open, shows } from "./browser.mjs";

const [scenario, address, folder] = process.argv.slice(2);

const scenarios = {
  /** The page loads, every panel shows something, and the points of the cloud lie where the snapshot of the same picture says. */
  async cloud(browser) {
    const { page, problems } = await open(browser, drawnBy("card"));
    await shows(page, "vbedge.scene.depth && vbedge.scene.ids.labels && vbedge.scene.color && vbedge.scene.rays && vbedge.cloud.drawn > 1");
    await page.click("#pause");
    await shows(page, "vbedge.scene.state.paused");
    await settled(page);
    await page.click("#snapshot");
    const toast = page.locator(".toast", { hasText: "snapshot-" });
    await toast.waitFor();
    const said = await toast.textContent();
    const values = await page.evaluate(() => {
      const bytes = new Uint8Array(vbedge.cloud.positions().buffer);
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) {
        text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      }
      return btoa(text);
    });
    await writeFile(join(folder, "positions.bin"), Buffer.from(values, "base64"));
    const size = await page.evaluate("[vbedge.scene.width, vbedge.scene.height]");
    // What is on the screen: every canvas holds more than one colour.
    const colours = await page.evaluate(() => Object.fromEntries(["cloud", "color", "depth", "labels"].map((name) => {
      const source = document.querySelector(`#panel-${name} canvas`);
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [64, 48];
      if (name === "cloud") {
        vbedge.cloud.update();
        vbedge.cloud.draw();
      }
      copy.getContext("2d").drawImage(source, 0, 0, 64, 48);
      return [name, new Set(new Uint32Array(copy.getContext("2d").getImageData(0, 0, 64, 48).data.buffer)).size];
    })));
    const drawers = await bothDraw(browser, page);
    await page.click("#pause");
    await shows(page, "!vbedge.scene.state.paused");
    return { problems, size, colours, drawers, toast: said };
  },

  /** A prompt with a mistake is refused with its place; one without is followed; a new colour of a class becomes part of the prompt. */
  async instructions(browser) {
    const { page, problems } = await open(browser, address);
    await shows(page, "vbedge.scene.ids.labels");
    await page.selectOption("#add", "normals");
    const text = page.locator("#asked li:last-child textarea");
    await text.fill("Generate a surfce normal map of the input image.");
    await page.click("#apply");
    await page.locator("#asked li:last-child .problem mark").waitFor();
    const mistake = {
      marked: await page.locator("#asked li:last-child .problem mark").textContent(),
      selected: await text.evaluate((t) => t.value.slice(t.selectionStart, t.selectionEnd)),
      focused: await text.evaluate((t) => document.activeElement === t),
      invalid: await text.getAttribute("aria-invalid"),
    };
    await text.fill("Generate a surface normal map of the input image.");
    const start = Date.now();
    await page.click("#apply");
    await shows(page, "vbedge.scene.normals !== null");
    const followed_ms = Date.now() - start;
    await page.click("#tab-classes");
    const before = await page.evaluate("vbedge.scene.instruction('labels').ask");
    await page.locator("#class-list input[type=color]").first().evaluate((input) => {
      input.value = "#123456";
      input.dispatchEvent(new Event("change"));
    });
    await shows(page, "vbedge.scene.instruction('labels').classes[0].colour === '#123456'");
    const after = await page.evaluate("vbedge.scene.instruction('labels').ask");
    await page.locator("#class-list input[type=checkbox]").nth(1).uncheck();
    const hidden = await page.evaluate("vbedge.scene.palette[7]");
    await page.evaluate((ask) => vbedge.connection.ask({ type: "instructions", instructions: [{ ask: "depth" }, { ask, every: 3 }] }), before);
    await shows(page, "vbedge.scene.normals === null && vbedge.scene.instruction('labels').classes[0].colour !== '#123456'");
    return { problems, mistake, followed_ms, changed: after.includes("<18, 52, 86>") && !before.includes("<18, 52, 86>"), hidden };
  },

  /** Everything is reached by keyboard, has a name, fits the screen, and the measuring cross tells metres. */
  async access(browser) {
    const { page, problems } = await open(browser, address);
    await shows(page, "vbedge.scene.depth && vbedge.scene.ids.labels");
    const unnamed = await page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, canvas[tabindex]")].filter((e) => {
      const name = e.getAttribute("aria-label")
        ?? (e.labels?.length ? [...e.labels].map((l) => l.textContent).join("") : "")
          + (e.tagName === "BUTTON" ? e.textContent : "");
      return name.trim() === "";
    }).map((e) => e.outerHTML.slice(0, 120)));
    const reached = new Set();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.closest("section")?.id || document.activeElement.tagName));
    }
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("3");
    await page.waitForSelector("main[data-stage=depth]");
    await page.locator("#panel-depth canvas").first().focus();
    await page.keyboard.press("ArrowRight");
    await shows(page, "vbedge.scene.probe !== null && vbedge.scene.depth[vbedge.scene.probe.v * vbedge.scene.width + vbedge.scene.probe.u] > 0");
    const readout = await page.locator("#panel-depth .readout").textContent();
    await page.keyboard.press("Shift+ArrowDown");
    const probe = await page.evaluate("vbedge.scene.probe");
    const wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth, document.documentElement.scrollHeight, innerHeight]");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.click("#tabs button[data-stage=labels]");
    await shows(page, "document.querySelector('#panel-labels').offsetHeight > 200 && document.querySelector('#panel-cloud').offsetHeight === 0");
    const phone = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    return { problems, unnamed, reached: [...reached], readout, probe, wide, phone };
  },

  /** Scan and zones over the picture, in the cloud and in the plan; a zone is drawn, another typed, and both are saved. */
  async zones(browser) {
    const { page, problems } = await open(browser, address);
    await shows(page, "vbedge.scene.around && vbedge.scene.rays && vbedge.scene.color && vbedge.scene.around.scan.some((at) => at !== null)");
    await page.click("#pause");
    await shows(page, "vbedge.scene.state.paused");
    await settled(page);
    const before = await page.evaluate("vbedge.scene.around.zones");
    // The dots of the scan and the zone's outline lie over the picture.
    const marked = await page.evaluate(() => {
      const canvas = document.querySelector("#panel-color canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const is = (i, [r, g, b]) => Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 60;
      const count = (colour) => [...Array(data.length / 4).keys()].filter((i) => is(i * 4, colour)).length;
      return { scan: count([255, 79, 216]), zone: count([63, 185, 80]) + count([248, 81, 73]) + count([210, 153, 34]) };
    });
    const lines = await page.evaluate(() => {
      vbedge.cloud.update();
      const count = (part) => part.geometry.getAttribute("position")?.count ?? 0;
      return { seen: count(vbedge.cloud.around.seen), zones: count(vbedge.cloud.around.zones) };
    });
    await page.click("#tab-zones");
    await page.click("#new-zone");
    const plan = page.locator("#plan");
    const size = (await plan.boundingBox()).width;
    for (const [x, y] of [[0.35, 0.7], [0.65, 0.7], [0.65, 0.45], [0.5, 0.3], [0.35, 0.45]]) {
      await plan.click({ position: { x: x * size, y: y * size } });
    }
    await page.locator("#zone-list li:last-child input").fill("drawn");
    await page.click("#new-zone");
    await page.locator("#zone-list li:last-child input").fill("typed");
    await page.locator("#zone-list li:last-child textarea").fill("1 -0.5\n2 -0.5\n2 0.5\n1 0.5");
    await page.screenshot({ path: join(folder, "zones.png") });
    await page.click("#save-zones");
    await page.locator(".toast", { hasText: "3 zones written" }).waitFor();
    await page.locator("#zone-list li:last-child input").fill("not a name");
    await page.click("#save-zones");
    await page.locator(".toast.error", { hasText: "not a name" }).waitFor();
    await page.click("#pause");
    await shows(page, "!vbedge.scene.state.paused");
    return { problems, before, marked, lines };
  },

  /** The button Tape: a place under the cross, a distance, and what was found. */
  async tape(browser) {
    const { page, problems } = await open(browser, address);
    await shows(page, "vbedge.scene.depth");
    const told = ["no distance"];
    page.on("dialog", (dialog) => void dialog.accept(told.shift() ?? "2.5"));
    await page.click("#tape");
    await page.locator(".toast.error", { hasText: "Expected metres" }).waitFor();

    // The clip's camera moves: where it moves too much there is no factor, and a person tries again.
    const toast = page.locator(".toast", { hasText: "factor" });
    for (let trial = 0; trial < 10 && !(await toast.isVisible()); trial++) {
      await page.click("#tape");
      await toast.waitFor({ timeout: 7000 }).catch(() => {});
    }

    return { problems, said: await toast.textContent() };
  },

  /** Comes back by itself after vbedge was killed and started again. */
  async restart(browser) {
    const { page, problems } = await open(browser, address);
    await shows(page, "vbedge.scene.depth");
    console.log("ready");
    await page.waitForSelector("#link.lost", { timeout: 60_000 });
    const lost = await page.locator("#link-text").textContent();
    const seen = await page.evaluate("vbedge.cloud.drawn");
    await page.waitForSelector("#link.open", { timeout: 120_000 });
    await shows(page, `vbedge.cloud.drawn > ${seen} + 2`);
    // A browser notes every attempt to reach somebody who is not there.
    return { lost, problems: problems.filter((p) => !/ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection to/.test(p)) };
  },

  /** The pictures of the README: run the demo on a calm machine, then `node view.mjs pictures ADDRESS ../../src/VisionBanana.Edge.Cli/view/pictures`. */
  async pictures(browser) {
    const { page, problems } = await open(browser, address, { colorScheme: "dark" });
    const isGood = "vbedge.scene.depth && vbedge.scene.ids.labels && vbedge.scene.normals && vbedge.scene.color";
    await shows(page, "vbedge.scene.depth && vbedge.scene.ids.labels");
    await page.evaluate(() => vbedge.connection.ask({
      type: "instructions", instructions: [{ ask: "depth" }, { ask: "labels", every: 3 }, { ask: "normals", every: 3 }],
    }));
    await shows(page, `${isGood} && vbedge.scene.seq % 150 >= 60 && vbedge.strip.screenRate > 0`, 240_000);
    await page.click("#pause");
    await shows(page, "vbedge.scene.state.paused");
    await settled(page);
    await page.locator("#panel-depth canvas").first().hover({ position: { x: 120, y: 50 } });
    await page.evaluate(() => document.getElementById("toasts").replaceChildren());
    await page.evaluate("vbedge.cloud.look('angle'), vbedge.cloud.update(), vbedge.cloud.draw()");
    await page.screenshot({ path: join(folder, "view-dark.jpg"), type: "jpeg", quality: 84 });
    await page.click("#theme");
    await page.selectOption("#cloud-mode", "label");
    await page.click("#tab-classes");
    await settled(page);
    await page.screenshot({ path: join(folder, "view-light.jpg"), type: "jpeg", quality: 84 });
    const phone = await open(browser, address, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await shows(phone.page, "vbedge.scene.depth && vbedge.cloud.drawn > 1");
    await phone.page.screenshot({ path: join(folder, "view-phone.jpg"), type: "jpeg", quality: 84 });
    await page.click("#pause");
    await shows(page, "!vbedge.scene.state.paused");
    return { problems };
  },
};

/** The address of a page whose cloud the card, or the processor, draws. */
function drawnBy(drawer) {
  const url = new URL(address);
  url.searchParams.set("draw", drawer);
  return url.href;
}

/** The share of pixels that the card covers, and that the processor draws differently, in every colour; of a picture that stands still. */
async function bothDraw(browser, card) {
  const { page: processor, problems } = await open(browser, drawnBy("processor"));
  await shows(processor, "vbedge.scene.depth && vbedge.scene.ids.labels && vbedge.scene.color && vbedge.scene.rays && vbedge.cloud.drawn > 0");
  await settled(processor);
  const modes = {};
  for (const mode of ["rgb", "depth", "label", "confidence"]) {
    const [one, other] = [await pixelsOf(card, mode), await pixelsOf(processor, mode)];
    let [covered, differ] = [0, 0];
    for (let i = 0; i < one.length; i += 4) {
      covered += one[i + 3] !== 0;
      differ += [0, 1, 2, 3].some((c) => Math.abs(one[i + c] - other[i + c]) > 8);
    }
    modes[mode] = { covered: (4 * covered) / one.length, differ: (4 * differ) / one.length };
  }
  await processor.close();
  return { problems, modes };
}

/** What the canvas of the cloud shows in a colour, all points drawn, seen from where the camera is a little behind. */
async function pixelsOf(page, mode) {
  const text = await page.evaluate((wanted) => {
    const cloud = vbedge.cloud;
    [cloud.isAutomatic, cloud.stride, cloud.mode] = [false, 1, wanted];
    [vbedge.scene.range.near, vbedge.scene.range.far] = [0.5, 5];
    // The grid lies under what a page saw first.
    cloud.floor = 1;
    cloud.drawGrid();
    cloud.look("angle");
    cloud.update();
    cloud.draw();
    const source = document.getElementById("cloud-canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [source.width, source.height];
    copy.getContext("2d").drawImage(source, 0, 0);
    const bytes = copy.getContext("2d").getImageData(0, 0, copy.width, copy.height).data;
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return btoa(text);
  }, mode);
  return Buffer.from(text, "base64");
}

/** Waits until no picture is on its way any more. */
async function settled(page) {
  for (let seq = -1, quiet = 0; quiet < 8;) {
    const now = await page.evaluate("vbedge.scene.seq");
    quiet = now === seq ? quiet + 1 : 0;
    seq = now;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const browser = await launch();
try {
  console.log(JSON.stringify(await scenarios[scenario](browser)));
} finally {
  await browser.close();
}
