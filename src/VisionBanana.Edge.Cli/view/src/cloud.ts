import * as three from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { AroundLines } from "./around";
import { CardDrawer, hasCard } from "./cardDrawer";
import type { CloudState, ColourMode, Drawer } from "./drawer";
import { hasPoints } from "./drawer";
import { ProcessorDrawer } from "./processorDrawer";
import type { Vector } from "./protocol";
import type { Scene } from "./scene";

export type Viewpoint = "angle" | "robot" | "top" | "side";

/** The cloud in metres: the camera around it, what stands beside it, and how much of it can be drawn. */
export class CloudView implements CloudState {
  mode: ColourMode = "rgb";
  pointSize = 1.6;
  minConfidence = 0;
  /** Every how many rows and columns become points; follows what the machine can draw while it is automatic. */
  stride = 1;
  isAutomatic = true;

  readonly camera = new three.PerspectiveCamera(55, 1, 0.02, 200);
  readonly stage = new three.Scene();
  readonly optical = new three.Group();
  private readonly drawer: Drawer;
  private readonly controls: OrbitControls;
  private readonly frustum = new three.LineSegments(new three.BufferGeometry(), new three.LineBasicMaterial());
  private readonly axes = new three.AxesHelper(0.4);
  private readonly around = new AroundLines();
  private grid = new three.Group();
  private shownRays: Float32Array | null = null;
  private floor: number | null = null;
  private isMoving = true;
  private isDirty = true;
  private focal = 1;
  private drawnAt = 0;
  private pace = 30;
  private calm = 0;
  /** Pictures that were drawn, for measurements. */
  drawn = 0;

  constructor(readonly scene: Scene, private readonly canvas: HTMLCanvasElement, drawnBy: "card" | "processor") {
    this.drawer = drawnBy === "card" ? new CardDrawer(canvas, this.optical) : new ProcessorDrawer(canvas);
    this.frustum.frustumCulled = false;
    this.optical.add(this.frustum, this.axes, this.around.seen);
    this.optical.matrixAutoUpdate = false;
    this.stage.add(this.optical, this.grid, this.around.zones);
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
    const mount = this.scene.around?.mount ?? this.scene.hello?.mount ?? null;
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
    const { scene } = this;
    this.isDirty = true;
    if (scene.around?.mount !== undefined) {
      this.place();
    }
    this.around.update(scene.around, scene.hello?.zones ?? [], scene.around?.mount ?? scene.hello?.mount ?? null);
    if (!hasPoints(scene)) {
      return;
    }
    if (scene.rays !== this.shownRays) {
      this.shownRays = scene.rays;
      this.drawFrustum();
    }
    this.drawer.update(this);
    if (this.floor === null) {
      this.findFloor();
    }
  }

  /** Fewer points where drawing them holds the page up, all of them where it does not. Called once per frame of the page. */
  private adapt(now: number): void {
    if (this.drawnAt === 0) {
      return;
    }
    this.pace += 0.2 * (Math.min(this.drawer.cost(now - this.drawnAt), 500) - this.pace);
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
    const ratio = Math.min(window.devicePixelRatio, 2);
    const [across, along] = [Math.floor(width * ratio), Math.floor(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== along) {
      this.drawer.resize(across, along);
      this.camera.aspect = width / height;
      this.camera.updateProjectionMatrix();
    }
    const perMetre = this.canvas.height / (2 * Math.tan((this.camera.fov * Math.PI) / 360));
    this.drawer.draw(this, (this.pointSize * this.stride * perMetre) / this.focal);
    this.drawnAt = now;
    this.drawn++;
    return true;
  }

  /** For tests: every point as the graphics card placed it, see `Drawer.positions`; null where the processor draws. */
  positions(): Float32Array | null {
    return this.drawer.positions?.(this) ?? null;
  }

  private drawFrustum(): void {
    const { width, height, rays } = this.scene;
    const far = 0.35;
    const corner = (u: number, v: number): three.Vector3 => {
      const i = (v * width + u) * 2;
      return new three.Vector3(rays![i]! * far, rays![i + 1]! * far, far);
    };
    const corners = [corner(0, 0), corner(width - 1, 0), corner(width - 1, height - 1), corner(0, height - 1)]
      .map((c) => (Number.isFinite(c.x) ? c : new three.Vector3()));
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

/** The cloud on a canvas: drawn by the card where there is one; `?draw=card` or `?draw=processor` in the address says otherwise. */
export function createCloud(scene: Scene, canvas: HTMLCanvasElement): CloudView {
  const asked = new URLSearchParams(location.search).get("draw");
  return new CloudView(scene, canvas, asked === "card" || (asked !== "processor" && hasCard()) ? "card" : "processor");
}
