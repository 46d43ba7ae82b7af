import { drawObjects } from "./around";
import { asWords, depthRamp, walkRamp } from "./colours";
import { byId, metres } from "./dom";
import { type Scene, undecided } from "./scene";
import { drawOnPicture } from "./zones";

export type Overlay = "none" | "labels" | "depth";

/** A panel that shows one plane of pixels. */
abstract class PlanePanel {
  protected readonly canvas: HTMLCanvasElement;
  protected readonly context: CanvasRenderingContext2D;
  protected readonly readout: HTMLElement;
  private readonly cross: HTMLElement;
  private readonly empty: HTMLElement;

  constructor(protected readonly name: string, protected readonly scene: Scene) {
    const panel = byId(`panel-${name}`);
    this.canvas = panel.querySelector("canvas")!;
    this.context = this.canvas.getContext("2d")!;
    this.readout = panel.querySelector<HTMLElement>(".readout")!;
    this.cross = panel.querySelector<HTMLElement>(".cross")!;
    this.empty = panel.querySelector<HTMLElement>(".empty")!;
  }

  get element(): HTMLCanvasElement {
    return this.canvas;
  }

  protected abstract get hasPlane(): boolean;
  protected abstract paint(): void;
  protected abstract say(u: number, v: number): string;

  draw(): void {
    this.empty.hidden = this.hasPlane;
    this.canvas.hidden = !this.hasPlane;
    this.cross.hidden = !this.hasPlane || this.scene.probe === null;
    if (!this.hasPlane) {
      this.readout.textContent = "";
      return;
    }
    if (this.canvas.width !== this.scene.width || this.canvas.height !== this.scene.height) {
      [this.canvas.width, this.canvas.height] = [this.scene.width, this.scene.height];
      this.canvas.style.aspectRatio = `${this.scene.width} / ${this.scene.height}`;
    }
    this.paint();
    this.point();
  }

  /** Shows the probe and what is under it. */
  point(): void {
    const probe = this.scene.probe;
    this.cross.hidden = !this.hasPlane || probe === null;
    if (!this.hasPlane || probe === null) {
      this.readout.textContent = "";
      return;
    }
    const [box, frame] = [this.canvas.getBoundingClientRect(), this.canvas.parentElement!.getBoundingClientRect()];
    this.cross.style.left = `${box.left - frame.left + ((probe.u + 0.5) / this.scene.width) * box.width}px`;
    this.cross.style.top = `${box.top - frame.top + ((probe.v + 0.5) / this.scene.height) * box.height}px`;
    this.readout.textContent = this.say(probe.u, probe.v);
  }

  protected pixels(): { image: ImageData; rgba: Uint32Array } {
    const image = this.context.createImageData(this.scene.width, this.scene.height);
    return { image, rgba: new Uint32Array(image.data.buffer) };
  }
}

/** The depth in the colours of its range, 0 where there is none. */
export function paintDepth(scene: Scene, rgba: Uint32Array): void {
  const depth = scene.depth!;
  const colours = asWords(depthRamp);
  const { near, far } = scene.range;
  const [from, scale] = [near * 1000, 255 / Math.max((far - near) * 1000, 1)];
  for (let i = 0; i < rgba.length; i++) {
    const d = depth[i]!;
    rgba[i] = d === 0 ? 0 : colours[Math.min(Math.max((d - from) * scale, 0), 255) | 0]!;
  }
}

function paintIds(scene: Scene, rgba: Uint32Array): void {
  const ids = scene.idPlane!;
  const colours = asWords(scene.palette);
  for (let i = 0; i < rgba.length; i++) {
    const id = ids[i]!;
    const colour = id === undecided ? 0 : colours[id & 1023]!;
    rgba[i] = colour >>> 24 === 0 ? 0 : colour;
  }
}

export class ColourPanel extends PlanePanel {
  overlay: Overlay = "none";
  opacity = 0.5;
  private readonly layer = document.createElement("canvas");

  constructor(scene: Scene) {
    super("color", scene);
  }

  protected override get hasPlane(): boolean {
    return this.scene.color !== null;
  }

  protected override paint(): void {
    this.context.globalAlpha = 1;
    this.context.drawImage(this.scene.color!, 0, 0);
    const paint = this.overlay === "labels" && this.scene.idPlane !== null
      ? paintIds
      : this.overlay === "depth" && this.scene.depth !== null ? paintDepth : null;
    if (paint !== null) {
      const { image, rgba } = this.pixels();
      paint(this.scene, rgba);
      [this.layer.width, this.layer.height] = [image.width, image.height];
      this.layer.getContext("2d")!.putImageData(image, 0, 0);
      this.context.globalAlpha = this.opacity;
      this.context.drawImage(this.layer, 0, 0);
    }
    if (this.scene.around !== null) {
      this.context.globalAlpha = 1;
      drawOnPicture(this.context, this.scene, this.scene.around);
      drawObjects(this.context, this.scene.around);
    }
  }

  protected override say(u: number, v: number): string {
    return `u ${u} v ${v}`;
  }
}

export class DepthPanel extends PlanePanel {
  mode: "metric" | "painting" = "metric";

  constructor(scene: Scene) {
    super("depth", scene);
  }

  protected override get hasPlane(): boolean {
    return this.mode === "painting" ? this.scene.painting !== null : this.scene.depth !== null;
  }

  protected override paint(): void {
    const { image, rgba } = this.pixels();
    if (this.mode === "metric") {
      paintDepth(this.scene, rgba);
    } else {
      paintRgb(this.scene.painting!, rgba);
    }
    this.context.putImageData(image, 0, 0);
  }

  protected override say(u: number, v: number): string {
    const { metres: depth, confidence } = this.scene.read(u, v);
    return `${depth === null ? "no depth" : metres(depth)}${confidence === null ? "" : ` · trust ${Math.round(confidence * 100)} %`}`;
  }
}

export class LabelsPanel extends PlanePanel {
  constructor(scene: Scene) {
    super("labels", scene);
  }

  protected override get hasPlane(): boolean {
    return this.scene.idPlane !== null;
  }

  protected override paint(): void {
    const { image, rgba } = this.pixels();
    paintIds(this.scene, rgba);
    this.context.putImageData(image, 0, 0);
  }

  protected override say(u: number, v: number): string {
    return this.scene.read(u, v).label ?? "";
  }
}

export class NormalsPanel extends PlanePanel {
  constructor(scene: Scene) {
    super("normals", scene);
  }

  protected override get hasPlane(): boolean {
    return this.scene.normals !== null;
  }

  protected override paint(): void {
    const { image, rgba } = this.pixels();
    paintRgb(this.scene.normals!, rgba);
    this.context.putImageData(image, 0, 0);
  }

  protected override say(u: number, v: number): string {
    const normal = this.scene.read(u, v).normal;
    return normal === null ? "no normal" : `x ${normal[0].toFixed(1)} y ${normal[1].toFixed(1)} z ${normal[2].toFixed(1)}`;
  }
}

function paintRgb(rgb: Uint8Array, rgba: Uint32Array): void {
  for (let i = 0, j = 0; i < rgba.length; i++, j += 3) {
    rgba[i] = 0xff000000 | (rgb[j + 2]! << 16) | (rgb[j + 1]! << 8) | rgb[j]!;
  }
}

/** Draws the scale of the depth panel: the colours and where the metres lie on them. */
export function drawScale(mode: "metric" | "painting"): void {
  const bar = byId<HTMLCanvasElement>("depth-scale");
  const [colours, height] = [mode === "metric" ? depthRamp : walkRamp, 256];
  [bar.width, bar.height] = [1, height];
  const context = bar.getContext("2d")!;
  const image = context.createImageData(1, height);
  for (let y = 0; y < height; y++) {
    image.data.set(colours.subarray(y * 4, y * 4 + 4), (height - 1 - y) * 4);
  }
  context.putImageData(image, 0, 0);
}
