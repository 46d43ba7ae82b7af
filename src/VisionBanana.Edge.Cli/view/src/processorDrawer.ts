import * as three from "three";
import { type CloudState, type Drawer, hasPoints } from "./drawer";
import { PointColours } from "./pointColours";
import { Raster } from "./raster";

/** Draws by the processor on a plain canvas: for browsers without WebGL, or whose WebGL is software and needs ten times as long for points. */
export class ProcessorDrawer implements Drawer {
  private readonly context: CanvasRenderingContext2D;
  private readonly colours = new PointColours();
  private readonly toClip = new three.Matrix4();
  private readonly point = new three.Vector4();
  private raster: Raster | null = null;
  private took = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
  }

  update(): void {
    // Planes are read where they are.
  }

  resize(width: number, height: number): void {
    [this.canvas.width, this.canvas.height] = [width, height];
  }

  draw(state: CloudState, footprint: number): void {
    const start = performance.now();
    const { scene, camera, stage, optical } = state;
    const { width, height } = this.canvas;
    if (this.raster?.width !== width || this.raster.height !== height) {
      this.raster = new Raster(width, height, camera.near);
    }
    const raster = this.raster;
    stage.updateMatrixWorld();
    camera.updateMatrixWorld();
    this.toClip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    raster.clear();
    if (hasPoints(scene)) {
      const colours = this.colours.of(scene, state.mode, state.minConfidence);
      raster.points({ width: scene.width, height: scene.height, depth: scene.depth!, rays: scene.rays!, colours, stride: state.stride },
        this.toClip.clone().multiply(optical.matrixWorld).elements, footprint);
    }
    stage.traverseVisible((thing) => thing instanceof three.LineSegments && this.lines(raster, thing));
    this.context.putImageData(raster.image, 0, 0);
    stage.traverseVisible((thing) => thing instanceof three.Sprite && this.label(raster, thing, camera));
    this.took = performance.now() - start;
  }

  cost(): number {
    return this.took;
  }

  private lines(raster: Raster, thing: three.LineSegments): void {
    const material = thing.material as three.LineBasicMaterial;
    const toClip = this.toClip.clone().multiply(thing.matrixWorld);
    const [at, shades] = [thing.geometry.getAttribute("position"), thing.geometry.getAttribute("color")];
    for (let i = 0; at !== undefined && i + 1 < at.count; i += 2) {
      const [r, g, b] = material.vertexColors
        ? [shades!.getX(i), shades!.getY(i), shades!.getZ(i)] as const
        : material.color.toArray() as [number, number, number];
      raster.line(this.clip(at, i, toClip), this.clip(at, i + 1, toClip), [r * 255, g * 255, b * 255], material.opacity);
    }
  }

  private clip(at: three.BufferAttribute | three.InterleavedBufferAttribute, i: number, toClip: three.Matrix4): [number, number, number] {
    const { x, y, w } = this.point.set(at.getX(i), at.getY(i), at.getZ(i), 1).applyMatrix4(toClip);
    return [x, y, w];
  }

  /** A label keeps its size on the screen and is hidden by what lies before its middle. */
  private label(raster: Raster, sprite: three.Sprite, camera: three.PerspectiveCamera): void {
    const { x, y, w } = this.point.setFromMatrixPosition(sprite.matrixWorld).setW(1).applyMatrix4(this.toClip);
    const [u, v] = raster.pixelOf([x, y, w]);
    if (raster.shows(u, v, w)) {
      const [width, height] = [0, 5].map((k) => camera.projectionMatrix.elements[k]! / 2) as [number, number];
      const [across, along] = [sprite.scale.x * width * raster.width, sprite.scale.y * height * raster.height];
      this.context.drawImage(sprite.material.map!.image as HTMLCanvasElement, u - across / 2, v - along / 2, across, along);
    }
  }
}
