import "./view.css";
import { ClassList } from "./classes";
import { createCloud, type Viewpoint } from "./cloud";
import { Connection } from "./connection";
import { showCameras } from "./cameras";
import { walkPosition } from "./colours";
import { byId, make, toast } from "./dom";
import type { ColourMode } from "./drawer";
import { InstructionBox } from "./instructions";
import { formOf, layerForms } from "./layers";
import { ColourPanel, DepthPanel, drawScale, LabelsPanel, NormalsPanel, type Overlay } from "./planes";
import type { Picture } from "./protocol";
import { Scene } from "./scene";
import { Strip } from "./strip";
import { ZoneBox } from "./zones";

const scene = new Scene();
const connection = new Connection(new URLSearchParams(location.search).get("camera"));
const strip = new Strip();
const cloud = createCloud(scene, byId<HTMLCanvasElement>("cloud-canvas"));
const panels = { color: new ColourPanel(scene), depth: new DepthPanel(scene), labels: new LabelsPanel(scene), normals: new NormalsPanel(scene) };
const box = new InstructionBox(connection);
const classes = new ClassList(scene, box, () => redraw());
const zones = new ZoneBox(scene, connection, () => redraw());
const narrow = matchMedia("(max-width: 760px)");

let build = "";
let isChanged = false;
let isShown = true;

// --- Pictures: applied as they come, drawn once per frame of the screen, and only then is another one asked for.

const arrived: { picture: Picture; color: Promise<ImageBitmap | null> }[] = [];
let isApplying = false;

connection.onPicture = (picture) => {
  const jpeg = picture.layers.get("color");
  const color = jpeg === undefined ? Promise.resolve(null) : createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
  arrived.push({ picture, color });
  void applyAll();
};

async function applyAll(): Promise<void> {
  if (isApplying) {
    return;
  }
  isApplying = true;
  for (let next = arrived.shift(); next !== undefined; next = arrived.shift()) {
    scene.apply(next.picture, await next.color);
    isShown = false;
  }
  isApplying = false;
  redraw();
}

function redraw(): void {
  isChanged = true;
}

function stageName(): string {
  return byId("views").dataset["stage"]!;
}

const isVisible = (panel: string): boolean => !narrow.matches || stageName() === panel;

function draw(): void {
  if (isChanged) {
    isChanged = false;
    for (const [name, panel] of Object.entries(panels)) {
      if (isVisible(name)) {
        panel.draw();
      }
    }
    cloud.update();
    byId("cloud-empty").hidden = scene.depth !== null;
    drawTicks();
    classes.count();
    if (!byId("zones").hidden) {
      zones.draw();
    }
  }
  if (isVisible("cloud")) {
    cloud.draw();
  }
  if (!isShown) {
    isShown = true;
    strip.drawn();
    connection.send({ type: "shown", seq: scene.seq });
  }
  requestAnimationFrame(draw);
}

/** Asks for the layers that somebody can see: a phone that shows one panel gets one panel's bytes. */
function want(): void {
  const isWanted = (form: ReturnType<typeof formOf>) =>
    form !== null && form.panels.some(isVisible) && (form !== layerForms.painting || panels.depth.mode === "painting");
  const layers = scene.layers.filter((layer) => isWanted(formOf(layer))).map((layer) => layer.name);
  // What stays away is not shown any more, so that old pixels are not taken for new ones.
  if (!layers.includes("painting")) {
    scene.painting = null;
  }
  connection.send({ type: "want", layers });
}

// --- Messages.

connection.onState = (state) => {
  const texts = {
    connecting: "connecting", open: "live", lost: "connection lost – trying again", refused: "another run, another token: open the address that vbedge prints",
  };
  byId("link").className = `chip ${state}`;
  byId("link-text").textContent = texts[state];
};

connection.onMessage = (message) => {
  switch (message.type) {
    case "hello":
      if (build !== "" && build !== message.build) {
        // vbedge was built anew: this page is of yesterday.
        location.reload();
        return;
      }
      build = message.build;
      scene.hello = message;
      byId("title").textContent = `${message.device} / ${message.camera}`;
      byId("subtitle").textContent = message.source;
      showCameras(message.cameras, message.camera);
      document.title = `${message.device} / ${message.camera} – vbedge`;
      byId<HTMLInputElement>("cloud-trust").value = String(message.min_confidence);
      cloud.minConfidence = message.min_confidence;
      cloud.place();
      zones.show();
      strip.hello(message);
      box.offer(message.tasks);
      byId("id-kind").replaceChildren(...scene.idLayers.map((layer) => {
        const title = message.tasks.find((task) => task.kind === layer.kind)?.title;
        return make("option", { value: layer.name }, title ?? layer.name);
      }));
      want();
      break;
    case "state":
      scene.setState(message);
      box.show(message);
      classes.show();
      setPressed("pause", message.paused, message.paused ? "Resume" : "Pause");
      setPressed("record", message.recording, message.recording ? "Stop" : "Record");
      byId<HTMLButtonElement>("record").disabled = message.recorded_anyway;
      byId("id-kind").parentElement!.hidden = scene.idLayers.filter((layer) => scene.instruction(layer.kind!) !== undefined).length < 2;
      byId<HTMLSelectElement>("id-kind").value = scene.idKind;
      redraw();
      break;
    case "status":
      strip.show(message);
      break;
  }
};

// --- Controls.

function setPressed(id: string, pressed: boolean, text: string): void {
  const button = byId(id);
  button.setAttribute("aria-pressed", String(pressed));
  button.querySelector("span")!.textContent = text;
}

async function ask(message: object): Promise<void> {
  const answer = await connection.ask(message);
  if (!answer.ok) {
    toast(answer.error ?? "It was refused.", true);
  } else if (answer.note != null) {
    toast(answer.note);
  }
}

const actions: Record<string, () => void> = {
  pause: () => void ask({ type: "pause", on: scene.state?.paused !== true }),
  record: () => void ask({ type: "record", on: scene.state?.recording !== true }),
  snapshot: () => void ask({ type: "snapshot" }),
  tape: measure,
  theme: () => setTheme(document.documentElement.dataset["theme"] === "light" ? "dark" : "light"),
};
for (const [id, act] of Object.entries(actions)) {
  byId(id).addEventListener("click", act);
}
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const stages = ["cloud", "color", "depth", "labels", "normals"];
  const key = event.key.toLowerCase();
  const named: Record<string, string> = { p: "pause", r: "record", s: "snapshot", m: "tape", t: "theme" };
  if (named[key] !== undefined) {
    actions[named[key]]!();
  } else if (stages[Number(key) - 1] !== undefined) {
    setStage(stages[Number(key) - 1]!);
  }
});

/** Tells the true distance of what is under the measuring cross, or in the middle: some seconds are averaged, the answer says what was found. */
function measure(): void {
  const { u, v } = scene.probe ?? { u: scene.width >> 1, v: scene.height >> 1 };
  const told = window.prompt("True distance from the camera to what is under the measuring cross, in metres, by tape measure:", "2.0");
  if (told === null) {
    return;
  }
  const known = Number(told.replace(",", "."));
  if (!(known > 0)) {
    toast(`Expected metres, such as 2.0, found "${told}".`, true);
    return;
  }
  toast("Measuring: hold the camera still for three seconds.");
  void ask({ type: "measure", known_m: known, x: u / Math.max(scene.width - 1, 1), y: v / Math.max(scene.height - 1, 1) });
}

function setTheme(theme: string): void {
  document.documentElement.dataset["theme"] = theme;
  localStorage.setItem("theme", theme);
  cloud.recolour();
  redraw();
}

function setStage(stage: string): void {
  byId("views").dataset["stage"] = stage;
  for (const tab of document.querySelectorAll<HTMLElement>("#tabs button")) {
    tab.setAttribute("aria-current", String(tab.dataset["stage"] === stage));
  }
  want();
  redraw();
}

function onChange<T extends HTMLInputElement | HTMLSelectElement>(id: string, act: (element: T) => void): void {
  const element = byId<T>(id);
  element.addEventListener("input", () => {
    act(element);
    redraw();
  });
}

onChange<HTMLSelectElement>("overlay", (e) => (panels.color.overlay = e.value as Overlay));
onChange<HTMLInputElement>("opacity", (e) => (panels.color.opacity = e.valueAsNumber));
onChange<HTMLSelectElement>("depth-mode", (e) => {
  panels.depth.mode = e.value as "metric" | "painting";
  want();
});
onChange<HTMLSelectElement>("depth-range", (e) => (scene.fixedRange = e.value === "" ? null : { near: 0, far: Number(e.value) }));
onChange<HTMLSelectElement>("id-kind", (e) => {
  scene.idKind = e.value;
  scene.updatePalette();
});
onChange<HTMLSelectElement>("cloud-mode", (e) => (cloud.mode = e.value as ColourMode));
onChange<HTMLInputElement>("cloud-size", (e) => (cloud.pointSize = e.valueAsNumber));
onChange<HTMLInputElement>("cloud-trust", (e) => (cloud.minConfidence = e.valueAsNumber));
onChange<HTMLSelectElement>("cloud-look", (e) => cloud.look(e.value as Viewpoint));
onChange<HTMLSelectElement>("cloud-points", (e) => (cloud.isAutomatic = e.value === "auto"));
onChange<HTMLInputElement>("cloud-axes", (e) => (cloud.visibleAxes = e.checked));
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-stage]")) {
  button.addEventListener("click", () => setStage(button.dataset["stage"]!));
}
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-ask]")) {
  button.addEventListener("click", () => void box.ask(button.dataset["ask"]!));
}
const tabs = ["instructions", "classes", "zones"];
for (const name of tabs) {
  byId(`tab-${name}`).addEventListener("click", () => {
    for (const other of tabs) {
      byId(other).hidden = other !== name;
      byId(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    }
    redraw();
  });
}

// --- The measuring cross: one pixel, read in every panel at once, by pointer or arrow keys.

for (const panel of Object.values(panels)) {
  const canvas = panel.element;
  const at = (event: PointerEvent) => {
    const bounds = canvas.getBoundingClientRect();
    const u = Math.floor(((event.clientX - bounds.left) / bounds.width) * scene.width);
    const v = Math.floor(((event.clientY - bounds.top) / bounds.height) * scene.height);
    moveProbe(u, v);
  };
  canvas.addEventListener("pointermove", at);
  canvas.addEventListener("pointerdown", at);
  canvas.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const by: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const move = by[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const from = scene.probe ?? { u: scene.width >> 1, v: scene.height >> 1 };
      moveProbe(from.u + move[0], from.v + move[1]);
    }
  });
}

function moveProbe(u: number, v: number): void {
  scene.probe = { u: Math.min(Math.max(u, 0), scene.width - 1), v: Math.min(Math.max(v, 0), scene.height - 1) };
  for (const panel of Object.values(panels)) {
    panel.point();
  }
  const point = scene.read(scene.probe.u, scene.probe.v).point;
  byId("panel-cloud").querySelector(".readout")!.textContent = point === null
    ? ""
    : `x ${point[0].toFixed(2)} y ${point[1].toFixed(2)} z ${point[2].toFixed(2)} m`;
}

/** Where the metres lie on the scale of the depth panel. */
function drawTicks(): void {
  const { near, far } = scene.range;
  const mode = panels.depth.mode;
  drawScale(mode);
  byId("scale").hidden = mode === "painting" ? scene.painting === null : scene.depth === null;
  const place = (m: number) => (mode === "painting" ? walkPosition(m) : (m - near) / (far - near));
  const candidates = [0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 25, 40]
    .filter((m) => (mode === "painting" ? [0.5, 1, 2, 5, 10, 20].includes(m) : m > near && m < far));
  const ticks: HTMLElement[] = [];
  let last = -1;
  for (const m of candidates) {
    if (place(m) - last < 0.13 || place(m) > 0.96) {
      continue;
    }
    last = place(m);
    const tick = document.createElement("span");
    tick.textContent = `${m} m`;
    tick.style.bottom = `${last * 100}%`;
    ticks.push(tick);
  }
  byId("ticks").replaceChildren(...ticks);
}

narrow.addEventListener("change", () => {
  want();
  redraw();
});
new ResizeObserver(() => redraw()).observe(byId("views"));

document.documentElement.dataset["theme"] = localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
cloud.recolour();
setStage("cloud");
connection.open();
requestAnimationFrame(draw);

/** For tests and measurements: what the page holds and what the graphics card made of it. */
Object.assign(window, { vbedge: { scene, cloud, connection, strip } });
