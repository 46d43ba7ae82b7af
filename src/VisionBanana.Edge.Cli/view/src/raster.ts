/** Planes of a cloud, rows from the top. */
export interface PointSource {
  width: number;
  height: number;
  /** Millimetres, 0 = no point. */
  depth: Uint16Array;
  /** x / z and y / z of every pixel. */
  rays: Float32Array;
  /** RGBA of every pixel, alpha 0 = not shown. */
  colours: Uint32Array;
  /** Every how many rows and columns become points. */
  stride: number;
}

type Clip = readonly [x: number, y: number, w: number];

/** A picture with depth, drawn by the processor: points as squares and lines, what is near before what is far. Matrices take columns, as three.js has them. */
export class Raster {
  readonly image: ImageData;
  private readonly colours: Uint32Array;
  /** 1 / distance along the view, 0 = nothing. */
  private readonly nearness: Float32Array;

  constructor(readonly width: number, readonly height: number, private readonly near: number) {
    this.image = new ImageData(width, height);
    this.colours = new Uint32Array(this.image.data.buffer);
    this.nearness = new Float32Array(width * height);
  }

  clear(): void {
    this.colours.fill(0);
    this.nearness.fill(0);
  }

  /** Whether something at this distance would be seen at a pixel. */
  shows(x: number, y: number, w: number): boolean {
    const [u, v] = [Math.floor(x), Math.floor(y)];
    return u >= 0 && v >= 0 && u < this.width && v < this.height && w >= this.near && 1 / w >= this.nearness[v * this.width + u]!;
  }

  /** Pixel (x, y) of clip coordinates. */
  pixelOf([x, y, w]: Clip): [number, number] {
    return [((x / w + 1) * this.width) / 2, ((1 - y / w) * this.height) / 2];
  }

  /** `m` takes the optical frame to clip space; a point is `footprint` · z / w pixels wide. */
  points(source: PointSource, m: ArrayLike<number>, footprint: number): void {
    const { depth, rays, colours: shades, stride } = source;
    const { width, height, colours, nearness, near } = this;
    // Clip coordinates are z · (what the ray adds) + (where the camera is); half of them through w is the pixel.
    const [halfWidth, halfHeight] = [width / 2, height / 2];
    const [xx, xy, xz, xo] = [m[0]! * halfWidth, m[4]! * halfWidth, m[8]! * halfWidth, m[12]! * halfWidth];
    const [yx, yy, yz, yo] = [-m[1]! * halfHeight, -m[5]! * halfHeight, -m[9]! * halfHeight, -m[13]! * halfHeight];
    const [wx, wy, wz, wo] = [m[3]!, m[7]!, m[11]!, m[15]!];
    for (let v = 0; v < source.height; v += stride) {
      const end = (v + 1) * source.width;
      for (let i = v * source.width; i < end; i += stride) {
        const shade = shades[i]!;
        if (depth[i] === 0 || shade >>> 24 === 0) {
          continue;
        }
        const z = depth[i]! * 0.001;
        const x = rays[2 * i]!;
        const y = rays[2 * i + 1]!;
        const w = z * (wx * x + wy * y + wz) + wo;
        if (w < near) {
          continue;
        }
        const inverse = 1 / w;
        const half = Math.min(Math.max(footprint * z * inverse, 1), 24) / 2;
        // A pixel is covered when its centre lies within the square, as the graphics card has it.
        const left = (z * (xx * x + xy * y + xz) + xo) * inverse + halfWidth - 0.5;
        const top = (z * (yx * x + yy * y + yz) + yo) * inverse + halfHeight - 0.5;
        const x0 = Math.max(Math.ceil(left - half), 0);
        const x1 = Math.min(Math.ceil(left + half), width);
        const y1 = Math.min(Math.ceil(top + half), height);
        for (let row = Math.max(Math.ceil(top - half), 0); row < y1; row++) {
          for (let k = row * width + x0, last = row * width + x1; k < last; k++) {
            if (inverse > nearness[k]!) {
              nearness[k] = inverse;
              colours[k] = shade;
            }
          }
        }
      }
    }
  }

  /** A line one pixel wide between two points in clip space, mixed into what lies behind it; `rgb` from 0 to 255. */
  line(from: Clip, to: Clip, rgb: readonly number[], opacity: number): void {
    const ends = this.beforeViewer(from, to);
    if (ends === null) {
      return;
    }
    const [[ax, ay], [bx, by]] = [this.pixelOf(ends[0]), this.pixelOf(ends[1])];
    const [na, nb] = [1 / ends[0][2], 1 / ends[1][2]];
    const steps = Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay), 1));
    // Only the part on the picture is walked: a line may end far outside.
    const [first, last] = within(ax, bx, this.width, ...within(ay, by, this.height, 0, 1));
    for (let s = Math.ceil(first * steps); s <= last * steps; s++) {
      const t = s / steps;
      const [u, v] = [Math.floor(ax + t * (bx - ax)), Math.floor(ay + t * (by - ay))];
      const k = v * this.width + u;
      // 1 / w is linear on the screen.
      const nearness = na + t * (nb - na);
      if (u >= 0 && v >= 0 && u < this.width && v < this.height && nearness >= this.nearness[k]!) {
        this.colours[k] = mix(this.colours[k]!, rgb, opacity);
      }
    }
  }

  /** The part of a line that lies before the viewer. */
  private beforeViewer(a: Clip, b: Clip): [Clip, Clip] | null {
    if (a[2] < this.near && b[2] < this.near) {
      return null;
    }
    const cut = (out: Clip, inside: Clip): Clip => {
      const t = (this.near - out[2]) / (inside[2] - out[2]);
      return [out[0] + t * (inside[0] - out[0]), out[1] + t * (inside[1] - out[1]), this.near];
    };
    return [a[2] < this.near ? cut(a, b) : a, b[2] < this.near ? cut(b, a) : b];
  }
}

/** The part of the way from a to b that lies between 0 and size, within [first, last]. */
function within(a: number, b: number, size: number, first: number, last: number): [number, number] {
  if (a === b) {
    return a < 0 || a >= size ? [1, 0] : [first, last];
  }
  const [t0, t1] = [-a / (b - a), (size - a) / (b - a)];
  return [Math.max(first, Math.min(t0, t1)), Math.min(last, Math.max(t0, t1))];
}

/** A colour over another one, whose alpha may be anything. */
function mix(behind: number, [r, g, b]: readonly number[], opacity: number): number {
  const under = (behind >>> 24) / 255 * (1 - opacity);
  const alpha = opacity + under;
  const channel = (over: number, shift: number) => Math.round((over * opacity + ((behind >>> shift) & 255) * under) / alpha);
  return ((Math.round(alpha * 255) << 24) | (channel(b!, 16) << 16) | (channel(g!, 8) << 8) | channel(r!, 0)) >>> 0;
}
