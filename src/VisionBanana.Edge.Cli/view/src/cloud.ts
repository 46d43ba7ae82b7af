import * as three from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { cloudFragment, cloudVertex, readBackFragment, readBackVertex } from "./cloudShader";
import { confidenceRamp, depthRamp } from "./colours";
import { byId } from "./dom";
import { isSoftware, PointRaster } from "./pointRaster";
import { PointColours } from "./pointColours";
import type { Vector } from "./protocol";
import type { Scene } from "./scene";

export const colourModes = ["rgb", "depth", "label", "confidence"] as const;
export type ColourMode = (typeof colourModes)[number];
export type Viewpoint = "angle" | "robot" | "top" | "side";

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

/** The cloud in metres. Points are placed by the graphics card from depth and rays; where it is the processor that plays the card, by `PointRaster`. */
export class CloudView {
  mode: ColourMode = "rgb";
  pointSize = 1.6;
  minConfidence = 0;
  /** Every how many rows and columns become points; follows what the machine can draw while it is automatic. */
  stride = 1;
  isAutomatic = true;

  private readonly renderer: three.WebGLRenderer;
  private readonly camera = new three.PerspectiveCamera(55, 1, 0.02, 200);
  private readonly controls: OrbitControls;
  private readonly stage = new three.Scene();
  /** Optical frame (x right, y down, z forward) to the page's world (y up). */
  private readonly optical = new three.Group();
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
  private readonly raster = new PointRaster();
  private readonly colours = new PointColours();
  private readonly frustum = new three.LineSegments(new three.BufferGeometry(), new three.LineBasicMaterial());
  private readonly axes = new three.AxesHelper(0.4);
  private grid = new three.Group();
  private paletteVersion = -1;
  private colorSize = "";
  private shownRays: Float32Array | null = null;
  private floor: number | null = null;
  private isMoving = true;
  private isDirty = true;
  private focal = 1;
  private drawnAt = 0;
  private took = 0;
  private pace = 30;
  private calm = 0;
  /** Whether the processor places the points: where WebGL is software. */
  byProcessor: boolean;
  /** Pictures that were drawn, for measurements. */
  drawn = 0;

  constructor(private readonly scene: Scene, private readonly canvas: HTMLCanvasElement) {
    this.renderer = new three.WebGLRenderer({ canvas, antialias: false, alpha: true, powerPreference: "high-performance" });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.byProcessor = isSoftware(this.renderer.getContext());
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
    this.points.frustumCulled = this.readBack.frustumCulled = this.frustum.frustumCulled = false;
    this.points.geometry.setDrawRange(0, 0);
    this.optical.add(this.points, this.frustum, this.axes);
    this.optical.matrixAutoUpdate = false;
    this.stage.add(this.optical, this.grid, this.raster.mesh);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = true;
    this.controls.dampingFactor = 0.15;
    this.controls.listenToKeyEvents(canvas);
    this.controls.addEventListener("change", () => (this.isMoving = true));
    new ResizeObserver(() => (this.isDirty = true)).observe(canvas.parentElement!);
    this.place();
    this.look("angle");
  }

  get visibleAxes(): boolean {
    return this.axes.visible;
  }

  set visibleAxes(value: boolean) {
    this.axes.visible = this.frustum.visible = this.grid.visible = value;
    this.isDirty = true;
  }

  /** Looks from one of the usual places. */
  look(from: Viewpoint): void {
    const depth = Math.max((this.scene.range.near + this.scene.range.far) / 2, 1);
    const at: Record<Viewpoint, [Vector, Vector]> = {
      angle: [[-0.5 * depth, -0.5 * depth, -0.65 * depth], [0.05 * depth, 0, 0.85 * depth]],
      robot: [[0, 0, -0.001], [0, 0, depth]],
      top: [[0, -2 * depth, 0.8 * depth], [0, 0, 0.81 * depth]],
      side: [[-2 * depth, 0, 0.9 * depth], [0, 0, 0.91 * depth]],
    };
    const [eye, target] = at[from].map((v) => new three.Vector3(...v).applyMatrix4(this.optical.matrix)) as [three.Vector3, three.Vector3];
    this.camera.position.copy(eye);
    this.controls.target.copy(target);
    this.controls.update();
    this.isDirty = true;
  }

  /** Where the mount says the camera sits, or upright where nothing is known. */
  place(): void {
    const mount = this.scene.hello?.mount ?? null;
    if (mount === null) {
      this.optical.matrix.makeBasis(new three.Vector3(1, 0, 0), new three.Vector3(0, -1, 0), new three.Vector3(0, 0, -1));
    } else {
      // The parent has x forward, y left, z up; the page x right, y up, z back.
      const toPage = ([x, y, z]: Vector) => new three.Vector3(-y, z, -x);
      const origin = toPage(mount.origin);
      const axis = (end: Vector) => toPage(end).sub(origin);
      this.optical.matrix.makeBasis(axis(mount.x), axis(mount.y), axis(mount.z)).setPosition(origin);
      this.floor = 0;
    }
    this.optical.matrixWorldNeedsUpdate = true;
    this.drawGrid();
  }

  /** Colours of lines follow the theme. */
  recolour(): void {
    this.drawGrid();
    (this.frustum.material as three.LineBasicMaterial).color.set(css("--accent"));
    this.isDirty = true;
  }

  /** Takes the newest planes; they are drawn with the next frame of the page. */
  update(): void {
    const { scene, planes } = this;
    const uniforms = this.points.material.uniforms;
    const set = (name: string, value: unknown) => (uniforms[name]!.value = value);
    this.isDirty = true;
    if (scene.depth === null || scene.rays === null) {
      this.points.geometry.setDrawRange(0, 0);
      return;
    }
    const { width, height } = scene;
    if (scene.rays !== this.shownRays) {
      this.shownRays = scene.rays;
      this.drawFrustum();
    }
    const depthMap = planes.depth.update(scene.depth, width, height);
    const rayMap = planes.rays.update(scene.rays, width, height);
    for (const own of [uniforms, this.readBack.material.uniforms]) {
      own["depthMap"]!.value = depthMap;
      own["rayMap"]!.value = rayMap;
      (own["size"]!.value as three.Vector2).set(width, height);
      own["stride"]!.value = this.stride;
    }
    set("confidenceMap", scene.confidence === null ? planes.confidence.texture : planes.confidence.update(scene.confidence, width, height));
    set("idMap", scene.idPlane === null ? planes.ids.update(new Uint16Array(width * height).fill(65535), width, height) : planes.ids.update(scene.idPlane, width, height));
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
    set("mode", colourModes.indexOf(this.mode));
    set("minConfidence", this.minConfidence);
    (uniforms["depthLimits"]!.value as three.Vector2).set(scene.hello?.min_depth_m ?? 0, scene.hello?.max_depth_m ?? 1000);
    (uniforms["range"]!.value as three.Vector2).set(scene.range.near, scene.range.far);
    this.points.geometry.setDrawRange(0, Math.ceil(width / this.stride) * Math.ceil(height / this.stride));
    if (this.floor === null) {
      this.findFloor();
    }
  }

  /** Fewer points where drawing them holds the page up, all of them where it does not. Called once per frame of the page. */
  private adapt(now: number): void {
    if (this.drawnAt === 0) {
      return;
    }
    // The card works on while the page goes on: how long it took shows when the next frame comes.
    this.pace += 0.2 * (Math.min(this.byProcessor ? this.took : now - this.drawnAt, 500) - this.pace);
    this.drawnAt = 0;
    this.calm = this.pace < 28 ? this.calm + 1 : 0;
    const before = this.stride;
    if (!this.isAutomatic) {
      this.stride = 1;
    } else if (this.pace > 70 && this.stride < 4 && this.scene.width / this.stride > 200) {
      this.stride++;
      this.pace = 40;
    } else if (this.calm > 60 && this.stride > 1) {
      this.stride--;
      this.calm = 0;
    }
    if (this.stride !== before) {
      this.update();
    }
  }

  /** Draws when something changed; true when it did. */
  draw(): boolean {
    const now = performance.now();
    this.adapt(now);
    this.controls.update();
    if (!this.isDirty && !this.isMoving) {
      return false;
    }
    this.isDirty = this.isMoving = false;
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement!;
    if (width === 0 || height === 0) {
      return false;
    }
    const ratio = this.renderer.getPixelRatio();
    if (this.canvas.width !== Math.floor(width * ratio) || this.canvas.height !== Math.floor(height * ratio)) {
      this.renderer.setSize(width, height, false);
      this.camera.aspect = width / height;
      this.camera.updateProjectionMatrix();
    }
    const perMetre = this.canvas.height / (2 * Math.tan((this.camera.fov * Math.PI) / 360));
    this.placePoints((this.pointSize * this.stride * perMetre) / this.focal);
    this.renderer.render(this.stage, this.camera);
    this.drawnAt = now;
    this.took = performance.now() - now;
    this.drawn++;
    return true;
  }

  /** By the card or by the processor; `footprint` is the width in pixels of a point as far from the viewer as from the camera. */
  private placePoints(footprint: number): void {
    const { scene, stride, raster } = this;
    this.points.visible = !this.byProcessor;
    raster.mesh.visible = this.byProcessor && scene.depth !== null && scene.rays !== null;
    this.points.material.uniforms["footprint"]!.value = footprint;
    if (raster.mesh.visible) {
      this.camera.updateMatrixWorld();
      const toClip = new three.Matrix4().multiplyMatrices(this.camera.projectionMatrix, this.camera.matrixWorldInverse).multiply(this.optical.matrix);
      const colours = this.colours.of(scene, this.mode, this.minConfidence);
      raster.draw({ width: scene.width, height: scene.height, depth: scene.depth!, rays: scene.rays!, colours, stride },
        toClip, this.camera, this.canvas.width, this.canvas.height, footprint);
    }
  }

  /** Every point as the graphics card places it: x, y, z in metres in the optical frame and 1, row by row from the top; z = 0 is no point. */
  positions(): Float32Array {
    const { width, height } = this.scene;
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
    this.renderer.render(only, this.camera);
    const values = new Float32Array(width * height * 4);
    this.renderer.readRenderTargetPixels(target, 0, 0, width, height, values);
    this.renderer.setRenderTarget(null);
    this.readBack.material.uniforms["stride"]!.value = this.stride;
    this.points.geometry.setDrawRange(start, count);
    target.dispose();
    return values;
  }

  private drawFrustum(): void {
    const { width, height, rays } = this.scene;
    const far = 0.35;
    const corner = (u: number, v: number): three.Vector3 => {
      const i = (v * width + u) * 2;
      return new three.Vector3(rays![i]! * far, rays![i + 1]! * far, far);
    };
    const corners = [corner(0, 0), corner(width - 1, 0), corner(width - 1, height - 1), corner(0, height - 1)].map((c) => (Number.isFinite(c.x) ? c : new three.Vector3()));
    const lines = corners.flatMap((c, i) => [new three.Vector3(), c, c, corners[(i + 1) % 4]!]);
    this.frustum.geometry.setFromPoints(lines);
    const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 2;
    this.focal = 1 / Math.max(rays![middle + 2]! - rays![middle]!, 1e-6);
    this.recolour();
  }

  /** Without a mount the grid lies under what is seen: at the lowest 2 %. */
  private findFloor(): void {
    const { depth, rays } = this.scene;
    const heights: number[] = [];
    for (let i = 0; i < depth!.length; i += 37) {
      if (depth![i] !== 0) {
        heights.push((depth![i]! / 1000) * rays![i * 2 + 1]!);
      }
    }
    if (heights.length > 100) {
      heights.sort((a, b) => a - b);
      this.floor = -heights[Math.floor(heights.length * 0.98)]!;
      this.drawGrid();
      this.look("angle");
    }
  }

  private drawGrid(): void {
    this.stage.remove(this.grid);
    this.grid.traverse((o) => {
      if (o instanceof three.LineSegments || o instanceof three.Sprite) {
        o.geometry.dispose();
        (o.material as three.Material).dispose();
      }
    });
    const visible = this.grid.visible;
    this.grid = new three.Group();
    this.grid.visible = visible;
    const [depth, half, y] = [12, 5, this.floor ?? -1];
    const minor: three.Vector3[] = [];
    for (let x = -half; x <= half; x++) {
      minor.push(new three.Vector3(x, y, 0), new three.Vector3(x, y, -depth));
    }
    for (let z = 0; z <= depth; z++) {
      minor.push(new three.Vector3(-half, y, -z), new three.Vector3(half, y, -z));
    }
    this.grid.add(new three.LineSegments(
      new three.BufferGeometry().setFromPoints(minor), new three.LineBasicMaterial({ color: css("--grid"), transparent: true, opacity: 0.7 })));
    for (let z = 1; z <= depth; z++) {
      const label = textSprite(`${z} m`, css("--muted"));
      label.position.set(0, y + 0.06, -z);
      this.grid.add(label);
    }
    this.stage.add(this.grid);
    this.isDirty = true;
  }
}

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function textSprite(text: string, colour: string): three.Sprite {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [96, 40];
  const context = canvas.getContext("2d")!;
  context.font = "600 26px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, 48, 20);
  const sprite = new three.Sprite(new three.SpriteMaterial({ map: new three.CanvasTexture(canvas), depthWrite: false, sizeAttenuation: false }));
  sprite.scale.set(0.09, 0.0375, 1);
  return sprite;
}

/** The canvas of the cloud, or null where the browser has no WebGL 2. */
export function createCloud(scene: Scene): CloudView | null {
  const canvas = byId<HTMLCanvasElement>("cloud-canvas");
  try {
    return new CloudView(scene, canvas);
  } catch {
    byId("cloud-missing").hidden = false;
    return null;
  }
}
