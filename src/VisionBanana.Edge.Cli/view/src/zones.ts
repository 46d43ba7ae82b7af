import { type Around, objectColour, stateColours } from "./around";
import type { Connection } from "./connection";
import { byId, make, toast } from "./dom";
import type { Mount, Vector } from "./protocol";
import type { Scene } from "./scene";

interface Drawn {
  name: string;
  corners: [number, number][];
}

const grabbed = 10;

/** The plan from above: the scan, objects and zones in the robot's frame, x up and y to the left; zones are drawn in it, or typed, and saved. */
export class ZoneBox {
  private readonly canvas = byId<HTMLCanvasElement>("plan");
  private readonly list = byId("zone-list");
  private zones: Drawn[] = [];
  private chosen = -1;
  private dragged = -1;
  private isChanged = false;
  private span = 4;

  constructor(private readonly scene: Scene, private readonly connection: Connection, private readonly redraw: () => void) {
    byId("new-zone").addEventListener("click", () => this.add());
    byId("save-zones").addEventListener("click", () => void this.save());
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", () => this.drop());
  }

  /** Takes the zones of the run, unless somebody is drawing. */
  show(): void {
    const { hello } = this.scene;
    if (this.isChanged || hello === null) {
      return;
    }
    this.zones = hello.zones.map(({ name, outline }) => ({ name, corners: outline.map(([x, y]) => [x, y]) }));
    this.chosen = -1;
    const note = hello.zones_file === null ? "Zones can be saved when vbedge runs a pipeline file."
      : hello.mount === null ? "Zones are drawn in the robot's frame: give camera.mount in the pipeline file first."
      : "New, then click corners in the plan; drag them to move. Saved zones are watched from the next start on.";
    byId("zone-note").textContent = note;
    byId<HTMLButtonElement>("new-zone").disabled = hello.zones_file === null || hello.mount === null;
    this.fill();
  }

  draw(): void {
    const context = this.canvas.getContext("2d")!;
    const { width, height } = this.canvas;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name);
    const { around, hello } = this.scene;
    const mount = around?.mount ?? hello?.mount ?? null;
    const scan = around === null || mount === null ? [] : around.scan.map((at) => at === null ? null : onRobot(mount, at));
    const reach = ([x, y]: number[]) => Math.max(x!, Math.abs(y!) * 2);
    const far = Math.max(2, ...scan.map((at) => at === null ? 0 : reach(at)), ...this.zones.flatMap((zone) => zone.corners.map(reach)));
    // In steps, so that the plan stands still; never while a corner is drawn.
    this.span = this.dragged >= 0 ? this.span : Math.min(2 * Math.ceil((far + 0.3) / 2), 40);
    context.clearRect(0, 0, width, height);
    context.lineWidth = 1;
    context.strokeStyle = colour("--line");
    for (let m = 0; m <= this.span; m++) {
      this.line(context, [[m, this.span / 2], [m, -this.span / 2]]);
      this.line(context, [[0, m - this.span / 2], [this.span, m - this.span / 2]]);
    }
    this.zones.forEach((zone, i) => {
      const state = around?.zones.find((known) => known.name === zone.name)?.state ?? "unknown";
      context.strokeStyle = context.fillStyle = i === this.chosen ? colour("--accent") : stateColours[state];
      context.lineWidth = 2;
      this.line(context, zone.corners, true);
      context.globalAlpha = 0.15;
      context.fill();
      context.globalAlpha = 1;
      for (const corner of i === this.chosen ? zone.corners : []) {
        const [px, py] = this.toPlan(corner);
        context.fillRect(px - 4, py - 4, 8, 8);
      }
    });
    context.fillStyle = "#ff4fd8";
    for (const at of scan) {
      if (at !== null) {
        const [px, py] = this.toPlan([at[0], at[1]]);
        context.fillRect(px - 1.5, py - 1.5, 3, 3);
      }
    }
    for (const { id, class: name, centre } of mount === null ? [] : around?.objects ?? []) {
      const at = onRobot(mount!, centre);
      const [px, py] = this.toPlan([at[0], at[1]]);
      context.fillStyle = objectColour(id);
      context.beginPath();
      context.arc(px, py, 5, 0, 2 * Math.PI);
      context.fill();
      context.fillText(`${name} ${id}`, px + 7, py + 4);
    }
    context.fillStyle = colour("--muted");
    context.fillText(`${this.span} m`, 4, 12);
    for (const item of this.list.querySelectorAll<HTMLElement>("[data-zone]")) {
      item.textContent = around?.zones.find((known) => known.name === item.dataset["zone"])?.state ?? "";
    }
  }

  private line(context: CanvasRenderingContext2D, points: [number, number][], isClosed = false): void {
    context.beginPath();
    points.forEach((at, i) => context[i === 0 ? "moveTo" : "lineTo"](...this.toPlan(at)));
    if (isClosed) {
      context.closePath();
    }
    context.stroke();
  }

  private toPlan([x, y]: [number, number]): [number, number] {
    const { width, height } = this.canvas;
    return [width / 2 - (y / this.span) * width, height - (x / this.span) * height];
  }

  private fromPlan(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const x = (1 - (event.clientY - box.top) / box.height) * this.span;
    const y = (0.5 - (event.clientX - box.left) / box.width) * this.span;
    return [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
  }

  private press(event: PointerEvent): void {
    const zone = this.zones[this.chosen];
    if (zone === undefined) {
      return;
    }
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.fromPlan(event);
    const [px, py] = this.toPlan(at);
    this.dragged = zone.corners.findIndex((corner) => Math.hypot(this.toPlan(corner)[0] - px, this.toPlan(corner)[1] - py) < grabbed);
    if (this.dragged < 0) {
      this.dragged = zone.corners.push(at) - 1;
    }
    this.changed();
  }

  private move(event: PointerEvent): void {
    const zone = this.zones[this.chosen];
    if (zone !== undefined && this.dragged >= 0) {
      zone.corners[this.dragged] = this.fromPlan(event);
      this.changed();
    }
  }

  private drop(): void {
    this.dragged = -1;
    this.fill();
  }

  private add(): void {
    let number = 1;
    while (this.zones.some((zone) => zone.name === `zone${number}`)) {
      number++;
    }
    this.chosen = this.zones.push({ name: `zone${number}`, corners: [] }) - 1;
    this.changed();
    this.fill();
  }

  private changed(): void {
    this.isChanged = true;
    byId<HTMLButtonElement>("save-zones").disabled = false;
    byId("save-zones").classList.add("pending");
    this.redraw();
  }

  /** The zones as text: the way to draw them by keyboard. */
  private fill(): void {
    this.list.replaceChildren(...this.zones.map((zone, i) => {
      const name = make("input", { value: zone.name, aria: { label: `Name of zone ${i + 1}` }, maxLength: 64 });
      name.addEventListener("input", () => {
        zone.name = name.value;
        this.changed();
      });
      const text = zone.corners.map((corner) => corner.join(" ")).join("\n");
      const corners = make("textarea", { value: text, rows: 4, aria: { label: `Corners of ${zone.name}, x and y in metres, one a line` } });
      corners.addEventListener("input", () => {
        const rows = corners.value.split("\n").map((row) => row.trim().split(/[\s,;]+/).map(Number));
        zone.corners = rows.filter((row): row is [number, number] => row.length === 2 && row.every(Number.isFinite));
        this.changed();
      });
      const remove = make("button", { type: "button", aria: { label: `Remove ${zone.name}` } }, "✕");
      remove.addEventListener("click", () => {
        this.zones.splice(i, 1);
        this.chosen = -1;
        this.changed();
        this.fill();
      });
      const state = make("span", { className: "muted", data: { zone: zone.name } });
      const item = make("li", { className: i === this.chosen ? "chosen" : "" }, make("div", { className: "row" }, name, state, remove), corners);
      item.addEventListener("focusin", () => {
        this.chosen = i;
        this.redraw();
      });
      return item;
    }));
  }

  private async save(): Promise<void> {
    const answer = await this.connection.ask({ type: "zones", zones: this.zones });
    toast(answer.ok ? answer.note ?? "" : answer.error ?? "It was refused.", !answer.ok);
    if (answer.ok) {
      this.isChanged = false;
      byId<HTMLButtonElement>("save-zones").disabled = true;
      byId("save-zones").classList.remove("pending");
    }
  }
}

/** Where a point of the optical frame is on the robot. */
export function onRobot(mount: Mount, at: Vector): Vector {
  return mount.origin.map((o, i) => o + at[0] * (mount.x[i]! - o) + at[1] * (mount.y[i]! - o) + at[2] * (mount.z[i]! - o)) as Vector;
}

/** Where a point of the robot's frame is in the optical frame. */
export function inOptical(mount: Mount, at: Vector): Vector {
  const from = at.map((value, i) => value - mount.origin[i]!);
  return [mount.x, mount.y, mount.z].map((axis) => axis.reduce((sum, end, i) => sum + from[i]! * (end - mount.origin[i]!), 0)) as Vector;
}

/** The pixel that looks at a point of the optical frame, by the rays of the pixels; null when none does. */
export function pixelOf(rays: Float32Array, width: number, height: number, [x, y, z]: Vector): [number, number] | null {
  if (z < 0.05) {
    return null;
  }
  let [u, v] = [width / 2, height / 2];
  for (let i = 0; i < 6; i++) {
    const [cu, cv] = [Math.min(Math.max(Math.round(u), 1), width - 2), Math.min(Math.max(Math.round(v), 1), height - 2)];
    const ray = (du: number, dv: number, axis: number) => rays[((cv + dv) * width + cu + du) * 2 + axis]!;
    const stepU = (ray(1, 0, 0) - ray(-1, 0, 0)) / 2;
    const stepV = (ray(0, 1, 1) - ray(0, -1, 1)) / 2;
    [u, v] = [cu + (x / z - ray(0, 0, 0)) / stepU, cv + (y / z - ray(0, 0, 1)) / stepV];
    if (!Number.isFinite(u + v) || Math.abs(u) > 4 * width || Math.abs(v) > 4 * height) {
      return null;
    }
  }
  return u >= -0.5 && v >= -0.5 && u < width - 0.5 && v < height - 0.5 ? [u, v] : null;
}

/** The scan as dots and the zones as outlines on the floor, over a picture. */
export function drawOnPicture(context: CanvasRenderingContext2D, scene: Scene, around: Around): void {
  const { rays, width, height, hello } = scene;
  if (rays === null || rays.length !== width * height * 2) {
    return;
  }
  const dot = Math.max(1.5, height / 120);
  context.fillStyle = "#ff4fd8";
  for (const at of around.scan) {
    const pixel = at === null ? null : pixelOf(rays, width, height, at);
    if (pixel !== null) {
      context.fillRect(pixel[0] + 0.5 - dot / 2, pixel[1] + 0.5 - dot / 2, dot, dot);
    }
  }
  const mount = around.mount ?? hello?.mount ?? null;
  context.lineWidth = Math.max(1, height / 150);
  for (const { name, outline, floor } of mount === null ? [] : hello?.zones ?? []) {
    context.strokeStyle = stateColours[around.zones.find((zone) => zone.name === name)?.state ?? "unknown"];
    context.beginPath();
    let isDrawing = false;
    outline.forEach(([x, y], i) => {
      const [tx, ty] = outline[(i + 1) % outline.length]!;
      for (let k = 0; k <= 12; k++) {
        const pixel = pixelOf(rays, width, height, inOptical(mount!, [x + (k / 12) * (tx - x), y + (k / 12) * (ty - y), floor]));
        if (pixel !== null) {
          context[isDrawing ? "lineTo" : "moveTo"](pixel[0] + 0.5, pixel[1] + 0.5);
        }
        isDrawing = pixel !== null;
      }
    });
    context.stroke();
  }
}
