import * as three from "three";
import { rasterFragment, rasterVertex } from "./cloudShader";

/** What a cloud is drawn from; planes are rows from the top. */
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

/**
 * Places points by the processor, by the same rules as the graphics card: for browsers whose WebGL is software, which set up every point as a pair of
 * triangles and need ten times as long. What comes out is a picture with depth, drawn as one rectangle, so that the lines of the scene lie before and behind it.
 */
export class PointRaster {
  readonly mesh: three.Mesh<three.PlaneGeometry, three.ShaderMaterial>;
  private width = 0;
  private height = 0;
  private colours = new Uint32Array(0);
  /** 1 / distance along the view, 0 = nothing. */
  private nearness = new Float32Array(0);
  private readonly colourMap = new three.DataTexture(null, 1, 1, three.RGBAFormat, three.UnsignedByteType);
  private readonly nearnessMap = new three.DataTexture(null, 1, 1, three.RedFormat, three.FloatType);

  constructor() {
    this.mesh = new three.Mesh(new three.PlaneGeometry(2, 2), new three.ShaderMaterial({
      glslVersion: three.GLSL3, vertexShader: rasterVertex, fragmentShader: rasterFragment,
      uniforms: { colourMap: { value: this.colourMap }, nearnessMap: { value: this.nearnessMap }, planes: { value: new three.Vector2() } },
    }));
    this.mesh.frustumCulled = false;
  }

  /** `toClip` takes the optical frame to clip space; a point is `footprint` · z / distance pixels wide. */
  draw(source: PointSource, toClip: three.Matrix4, camera: three.PerspectiveCamera, width: number, height: number, footprint: number): void {
    this.resize(width, height);
    this.colours.fill(0);
    this.nearness.fill(0);
    this.splat(source, toClip.elements, camera.near, footprint);
    (this.mesh.material.uniforms["planes"]!.value as three.Vector2).set(camera.near, camera.far);
    this.colourMap.needsUpdate = this.nearnessMap.needsUpdate = true;
  }

  private resize(width: number, height: number): void {
    if (width === this.width && height === this.height) {
      return;
    }
    [this.width, this.height] = [width, height];
    this.colours = new Uint32Array(width * height);
    this.nearness = new Float32Array(width * height);
    const images = [[this.colourMap, new Uint8Array(this.colours.buffer)], [this.nearnessMap, this.nearness]] as const;
    for (const [texture, data] of images) {
      texture.dispose();
      texture.image = { data, width, height };
    }
  }

  private splat(source: PointSource, m: ArrayLike<number>, near: number, footprint: number): void {
    const { depth, rays, colours: shades, stride } = source;
    const { width, height, colours, nearness } = this;
    // Clip coordinates are z · (ray's part) + (the camera's part); half of them and of w is the pixel.
    const [halfWidth, halfHeight] = [width / 2, height / 2];
    const [xx, xy, xz, xo] = [m[0]! * halfWidth, m[4]! * halfWidth, m[8]! * halfWidth, m[12]! * halfWidth];
    const [yx, yy, yz, yo] = [m[1]! * halfHeight, m[5]! * halfHeight, m[9]! * halfHeight, m[13]! * halfHeight];
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
        const left = (z * (xx * x + xy * y + xz) + xo) * inverse + halfWidth - 0.5;
        const low = (z * (yx * x + yy * y + yz) + yo) * inverse + halfHeight - 0.5;
        // A pixel is covered when its centre lies within the square, as the graphics card has it.
        const x0 = Math.max(Math.ceil(left - half), 0);
        const x1 = Math.min(Math.ceil(left + half), width);
        const y1 = Math.min(Math.ceil(low + half), height);
        for (let row = Math.max(Math.ceil(low - half), 0); row < y1; row++) {
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
}

/** Whether WebGL is drawn by the processor. */
export function isSoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(told === null ? gl.RENDERER : told.UNMASKED_RENDERER_WEBGL));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
