import type { Around } from "./around";
import { parseColour, type Rgb, spread } from "./colours";
import { formOf } from "./layers";
import type { Hello, InstructionState, LayerDescription, PerceptKind, Picture, State } from "./protocol";

export const undecided = 65535;

export interface PixelReading {
  metres: number | null;
  confidence: number | null;
  label: string | null;
  normal: [number, number, number] | null;
  point: [number, number, number] | null;
}

/** Everything known now: the newest planes, what is asked, which classes are shown. Planes are rows from the top. */
export class Scene {
  hello: Hello | null = null;
  state: State | null = null;
  seq = -1;
  width = 0;
  height = 0;
  color: ImageBitmap | null = null;
  depth: Uint16Array<ArrayBuffer> | null = null;
  confidence: Uint8Array<ArrayBuffer> | null = null;
  painting: Uint8Array<ArrayBuffer> | null = null;
  normals: Uint8Array<ArrayBuffer> | null = null;
  rays: Float32Array<ArrayBuffer> | null = null;
  around: Around | null = null;
  /** The planes of ids, by layer. */
  ids: Record<string, Uint16Array<ArrayBuffer>> = {};
  /** Which of them is shown. */
  idKind = "labels";
  hidden = new Set<number>();
  /** RGBA by id, 1024 of them; alpha 0 = not shown. */
  palette = new Uint8Array(1024 * 4);
  /** Counts up whenever the palette changes. */
  paletteVersion = 0;
  probe: { u: number; v: number } | null = null;
  /** The depth range of colours in metres. */
  range: { near: number; far: number } = { near: 0, far: 5 };
  fixedRange: { near: number; far: number } | null = null;

  instruction(kind: PerceptKind): InstructionState | undefined {
    return this.state?.instructions.find((i) => i.kind === kind);
  }

  get layers(): LayerDescription[] {
    return this.hello?.layers ?? [];
  }

  get idLayers(): LayerDescription[] {
    return this.layers.filter((layer) => layer.form === "ids");
  }

  get idPlane(): Uint16Array<ArrayBuffer> | null {
    return this.ids[this.idKind] ?? null;
  }

  setState(state: State): void {
    this.state = state;
    const asked = new Set(state.instructions.map((i) => i.kind));
    const isAsked = (layer: LayerDescription) => layer.kind === null || asked.has(layer.kind);
    for (const layer of this.layers) {
      if (!isAsked(layer)) {
        formOf(layer)?.drop(this, layer);
      }
    }
    if (!asked.has(this.idKind)) {
      this.idKind = (this.idLayers.find(isAsked) ?? this.idLayers[0])?.name ?? this.idKind;
    }
    this.updatePalette();
  }

  updatePalette(): void {
    const set = (id: number, [r, g, b]: Rgb) => this.palette.set([r, g, b, this.hidden.has(id) ? 0 : 255], id * 4);
    for (let id = 0; id < 1024; id++) {
      set(id, spread(id));
    }
    const instruction = this.instruction(this.idKind);
    for (const entry of instruction?.classes ?? []) {
      set(entry.id % 1024, parseColour(entry.colour));
    }
    if (instruction !== undefined && instruction.background !== null) {
      this.palette.set([0, 0, 0, 0], 0);
    }
    this.paletteVersion++;
  }

  apply(picture: Picture, color: ImageBitmap | null): void {
    const { header, layers } = picture;
    if (header.width !== this.width || header.height !== this.height) {
      [this.width, this.height] = [header.width, header.height];
      this.layers.forEach((layer) => formOf(layer)?.drop(this, layer));
      this.probe = null;
    }
    this.seq = header.seq;
    if (color !== null) {
      this.color?.close();
      this.color = color;
    }
    for (const layer of this.layers) {
      const bytes = layers.get(layer.name);
      // A picture that was on its way when something else was asked: what nobody asks for any more would stay for ever.
      if (bytes !== undefined && (layer.kind === null || this.state === null || this.instruction(layer.kind) !== undefined)) {
        formOf(layer)?.take(this, layer, bytes);
      }
    }
    if (layers.has("depth") && this.depth !== null) {
      this.updateRange();
    }
  }

  nameOf(id: number): string {
    if (id === undecided) {
      return "undecided";
    }
    const instruction = this.instruction(this.idKind);
    return (id === 0 ? instruction?.background : null) ?? instruction?.classes.find((c) => c.id === id)?.name ?? `${instruction?.others ?? "id"} ${id}`;
  }

  /** What is known of a pixel. */
  read(u: number, v: number): PixelReading {
    const i = v * this.width + u;
    const millimetres = this.depth?.[i] ?? 0;
    const metres = millimetres === 0 ? null : millimetres / 1000;
    const [r, g, b] = this.normals === null ? [128, 128, 128] : [this.normals[i * 3]!, this.normals[i * 3 + 1]!, this.normals[i * 3 + 2]!];
    const hasNormal = Math.abs(r - 128) + Math.abs(g - 128) + Math.abs(b - 128) > 8;
    return {
      metres,
      confidence: this.confidence === null ? null : this.confidence[i]! / 255,
      label: this.idPlane === null ? null : this.nameOf(this.idPlane[i]!),
      // The paper's code to the optical frame: x right, y down, z forward.
      normal: hasNormal ? [1 - (2 * r) / 255, 1 - (2 * g) / 255, 1 - (2 * b) / 255] : null,
      point: metres === null || this.rays === null ? null : [metres * this.rays[i * 2]!, metres * this.rays[i * 2 + 1]!, metres],
    };
  }

  /** Follows the 2nd and 98th percentile of what is seen, slowly, so that colours do not flicker. */
  private updateRange(): void {
    if (this.fixedRange !== null) {
      this.range = this.fixedRange;
      return;
    }
    const depth = this.depth!;
    const counts = new Uint32Array(1024);
    let total = 0;
    for (let i = 0; i < depth.length; i += 7) {
      if (depth[i] !== 0) {
        counts[depth[i]! >> 6]!++;
        total++;
      }
    }
    if (total === 0) {
      return;
    }
    const percentile = (share: number): number => {
      let seen = 0;
      for (let bin = 0; bin < 1024; bin++) {
        seen += counts[bin]!;
        if (seen >= share * total) {
          return (bin * 64 + 32) / 1000;
        }
      }
      return 65;
    };
    const [near, far] = [Math.max(percentile(0.02) - 0.1, 0), percentile(0.98) + 0.1];
    const isFirst = this.range.far === 5 && this.range.near === 0;
    const follow = (old: number, now: number) => (isFirst || Math.abs(old - now) > now ? now : old + 0.3 * (now - old));
    this.range = { near: follow(this.range.near, near), far: follow(this.range.far, far) };
  }
}
