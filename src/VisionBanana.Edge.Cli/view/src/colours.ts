// Colours of numbers: ramps for depth and confidence, the paper's walk, and a table of class colours.

export type Rgb = [number, number, number];

/** Turbo (A. Mikhailov, Apache-2.0), as the polynomial that its author gives. */
function turbo(t: number): Rgb {
  const r = 0.13572138 + t * (4.6153926 + t * (-42.66032258 + t * (132.13108234 + t * (-152.94239396 + t * 59.28637943))));
  const g = 0.09140261 + t * (2.19418839 + t * (4.84296658 + t * (-14.18503333 + t * (4.27729857 + t * 2.82956604))));
  const b = 0.1066733 + t * (12.64194608 + t * (-60.58204836 + t * (110.36276771 + t * (-89.90310912 + t * 27.34824973))));
  return [r, g, b].map((c) => Math.round(255 * Math.min(Math.max(c, 0), 1))) as Rgb;
}

const corners: Rgb[] = [[0, 0, 0], [255, 0, 0], [255, 255, 0], [0, 255, 0], [0, 255, 255], [0, 0, 255], [255, 0, 255], [255, 255, 255]];

/** The paper's walk along the edges of the RGB cube, u from 0 to 1 (arXiv 2604.20329). */
function walk(u: number): Rgb {
  const s = Math.min(Math.floor(7 * u), 6);
  const [from, to] = [corners[s]!, corners[s + 1]!];
  return from.map((c, i) => Math.round(c + (7 * u - s) * (to[i]! - c))) as Rgb;
}

/** Where a depth in metres lies on the walk. */
export const walkPosition = (metres: number): number => 1 - (1 + metres / 10) ** -2;

const ramp = (of: (t: number) => Rgb): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    bytes.set([...of(i / 255), 255], i * 4);
  }
  return bytes;
};

/** 256 RGBA colours from near (warm) to far (cold). */
export const depthRamp = ramp((t) => turbo(0.93 - 0.86 * t));
/** 256 RGBA colours of the walk. */
export const walkRamp = ramp(walk);
/** 256 RGBA colours from doubt (dark red) to trust (green). */
export const confidenceRamp = ramp((t) => [Math.round(200 - 150 * t), Math.round(40 + 180 * t), Math.round(60 + 50 * t)]);

/** The colours of a ramp or palette as one number per entry. */
export const asWords = (rgba: Uint8Array): Uint32Array => new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);

export function parseColour(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Hues a golden angle apart: neighbouring instance ids never look alike. */
export function spread(id: number): Rgb {
  const hue = ((id * 0.618033988749895) % 1) * 6;
  return [5, 3, 1].map((offset) => {
    const k = (offset + hue) % 6;
    return Math.round(245 * (1 - 0.75 * Math.max(0, Math.min(k, 4 - k, 1))));
  }) as Rgb;
}
