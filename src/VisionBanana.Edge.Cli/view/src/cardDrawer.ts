import * as three from "three";
import { cloudFragment, cloudVertex, readBackFragment, readBackVertex } from "./cloudShader";
import { confidenceRamp, depthRamp } from "./colours";
import { type CloudState, colourModes, type Drawer, hasPoints } from "./drawer";

type Pixels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** A texture of one value per texel, read with texelFetch. */
class DataPlane {
  texture: three.DataTexture;

  constructor(private readonly format: three.PixelFormat, private readonly type: three.TextureDataType, data: Pixels, width: number, height: number) {
    this.texture = this.create(data, width, height);
  }

  update(data: Pixels, width: number, height: number): three.DataTexture {
    const image = this.texture.image as { data: Pixels; width: number; height: number };
    if (image.width !== width || image.height !== height) {
      this.texture.dispose();
      this.texture = this.create(data, width, height);
    } else if (image.data !== data) {
      image.data = data;
      this.texture.needsUpdate = true;
    }
    return this.texture;
  }

  private create(data: Pixels, width: number, height: number): three.DataTexture {
    const texture = new three.DataTexture(data, width, height, this.format, this.type);
    texture.needsUpdate = true;
    return texture;
  }
}

const rampTexture = (colours: Uint8Array<ArrayBuffer>): DataPlane =>
  new DataPlane(three.RGBAFormat, three.UnsignedByteType, colours, colours.length / 4, 1);

/** Draws by the graphics card, which places the points from depth and rays; the page never touches them one by one. */
export class CardDrawer implements Drawer {
  private readonly renderer: three.WebGLRenderer;
  private readonly points: three.Points<three.BufferGeometry, three.ShaderMaterial>;
  private readonly readBack: three.Points<three.BufferGeometry, three.ShaderMaterial>;
  private readonly planes = {
    depth: new DataPlane(three.RedIntegerFormat, three.UnsignedShortType, new Uint16Array(1), 1, 1),
    ids: new DataPlane(three.RedIntegerFormat, three.UnsignedShortType, new Uint16Array([65535]), 1, 1),
    confidence: new DataPlane(three.RedFormat, three.UnsignedByteType, new Uint8Array([255]), 1, 1),
    rays: new DataPlane(three.RGFormat, three.FloatType, new Float32Array(2), 1, 1),
    palette: new DataPlane(three.RGBAFormat, three.UnsignedByteType, new Uint8Array(4096), 1024, 1),
  };
  private color: three.Texture = rampTexture(new Uint8Array(4)).texture;
  private colorSize = "";
  private paletteVersion = -1;

  /** Throws where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, optical: three.Group) {
    this.renderer = new three.WebGLRenderer({ canvas, antialias: false, alpha: true, powerPreference: "high-performance" });
    // Colours are the camera's and the legend's own: nothing is converted.
    this.renderer.outputColorSpace = three.LinearSRGBColorSpace;
    const shared = {
      depthMap: { value: this.planes.depth.texture as three.Texture },
      rayMap: { value: this.planes.rays.texture as three.Texture },
      size: { value: new three.Vector2(1, 1) },
      stride: { value: 1 },
    };
    const material = new three.ShaderMaterial({
      glslVersion: three.GLSL3,
      vertexShader: cloudVertex,
      fragmentShader: cloudFragment,
      uniforms: {
        ...shared,
        colorMap: { value: this.color },
        idMap: { value: this.planes.ids.texture },
        confidenceMap: { value: this.planes.confidence.texture },
        palette: { value: this.planes.palette.texture },
        depthRamp: { value: rampTexture(depthRamp).texture },
        confidenceRamp: { value: rampTexture(confidenceRamp).texture },
        mode: { value: 0 },
        footprint: { value: 1 },
        minConfidence: { value: 0 },
        depthLimits: { value: new three.Vector2(0, 1000) },
        range: { value: new three.Vector2(0, 5) },
      },
    });
    this.points = new three.Points(new three.BufferGeometry(), material);
    this.readBack = new three.Points(this.points.geometry, new three.ShaderMaterial({
      glslVersion: three.GLSL3, vertexShader: readBackVertex, fragmentShader: readBackFragment, uniforms: shared, depthTest: false, depthWrite: false,
    }));
    this.points.frustumCulled = this.readBack.frustumCulled = false;
    this.points.geometry.setDrawRange(0, 0);
    optical.add(this.points);
  }

  update({ scene, mode, minConfidence, stride }: CloudState): void {
    const { planes } = this;
    const uniforms = this.points.material.uniforms;
    const set = (name: string, value: unknown) => (uniforms[name]!.value = value);
    const { width, height } = scene;
    const depthMap = planes.depth.update(scene.depth!, width, height);
    const rayMap = planes.rays.update(scene.rays!, width, height);
    for (const own of [uniforms, this.readBack.material.uniforms]) {
      own["depthMap"]!.value = depthMap;
      own["rayMap"]!.value = rayMap;
      (own["size"]!.value as three.Vector2).set(width, height);
      own["stride"]!.value = stride;
    }
    set("confidenceMap", scene.confidence === null ? planes.confidence.texture : planes.confidence.update(scene.confidence, width, height));
    set("idMap", scene.idPlane === null
      ? planes.ids.update(new Uint16Array(width * height).fill(65535), width, height)
      : planes.ids.update(scene.idPlane, width, height));
    if (scene.paletteVersion !== this.paletteVersion) {
      this.paletteVersion = scene.paletteVersion;
      set("palette", planes.palette.update(scene.palette.slice(), 1024, 1));
    }
    if (scene.color !== null && this.color.image !== scene.color) {
      const old = this.color.image as { width: number; height: number } | null;
      if (old === null || this.colorSize !== `${scene.color.width}x${scene.color.height}`) {
        this.color.dispose();
        this.color = new three.Texture(scene.color);
        this.color.minFilter = this.color.magFilter = three.NearestFilter;
        this.color.generateMipmaps = false;
        this.color.flipY = false;
        this.colorSize = `${scene.color.width}x${scene.color.height}`;
      }
      this.color.image = scene.color;
      this.color.needsUpdate = true;
      set("colorMap", this.color);
    }
    set("mode", colourModes.indexOf(mode));
    set("minConfidence", minConfidence);
    (uniforms["depthLimits"]!.value as three.Vector2).set(scene.hello?.min_depth_m ?? 0, scene.hello?.max_depth_m ?? 1000);
    (uniforms["range"]!.value as three.Vector2).set(scene.range.near, scene.range.far);
    this.points.geometry.setDrawRange(0, Math.ceil(width / stride) * Math.ceil(height / stride));
  }

  resize(width: number, height: number): void {
    this.renderer.setSize(width, height, false);
  }

  draw({ scene, stage, camera }: CloudState, footprint: number): void {
    this.points.visible = hasPoints(scene);
    this.points.material.uniforms["footprint"]!.value = footprint;
    this.renderer.render(stage, camera);
  }

  cost(untilNextFrame: number): number {
    // The card works on while the page goes on: how long it took shows when the next frame comes.
    return untilNextFrame;
  }

  positions({ scene, camera, stride }: CloudState): Float32Array {
    const { width, height } = scene;
    const target = new three.WebGLRenderTarget(width, height, {
      type: three.FloatType, format: three.RGBAFormat, minFilter: three.NearestFilter, magFilter: three.NearestFilter, depthBuffer: false,
    });
    const only = new three.Scene();
    only.add(this.readBack);
    const { start, count } = this.points.geometry.drawRange;
    this.readBack.material.uniforms["stride"]!.value = 1;
    this.points.geometry.setDrawRange(0, width * height);
    this.renderer.setRenderTarget(target);
    this.renderer.clear();
    this.renderer.render(only, camera);
    const values = new Float32Array(width * height * 4);
    this.renderer.readRenderTargetPixels(target, 0, 0, width, height, values);
    this.renderer.setRenderTarget(null);
    this.readBack.material.uniforms["stride"]!.value = stride;
    this.points.geometry.setDrawRange(start, count);
    target.dispose();
    return values;
  }
}

/** Whether there is WebGL 2, drawn by a card and not by the processor. */
export function hasCard(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) {
    return false;
  }
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(told === null ? gl.RENDERER : told.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
