import { asWords, confidenceRamp } from "./colours";
import type { ColourMode } from "./drawer";
import { paintDepth } from "./planes";
import { type Scene, undecided } from "./scene";

const confidenceWords = asWords(confidenceRamp);
const grey = 0xff615959;

/** The colour of every point, as the shader of the cloud chooses it; alpha 0 = not shown. */
export class PointColours {
  private colours = new Uint32Array(0);
  private readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d", { willReadFrequently: true })!;
  private readFrom: ImageBitmap | null = null;
  private picture = new Uint32Array(0);

  of(scene: Scene, mode: ColourMode, minConfidence: number): Uint32Array {
    const depth = scene.depth!;
    if (this.colours.length !== depth.length) {
      this.colours = new Uint32Array(depth.length);
    }
    this.fill(scene, mode);
    const { colours } = this;
    const [nearest, farthest] = [(scene.hello?.min_depth_m ?? 0) * 1000, (scene.hello?.max_depth_m ?? 1000) * 1000];
    const confidence = scene.confidence;
    const least = minConfidence * 255;
    for (let i = 0; i < colours.length; i++) {
      if (depth[i]! < nearest || depth[i]! > farthest || (confidence !== null && confidence[i]! < least)) {
        colours[i] = 0;
      }
    }
    return colours;
  }

  private fill(scene: Scene, mode: ColourMode): void {
    const { colours } = this;
    const [ids, confidence] = [scene.idPlane, scene.confidence];
    switch (mode) {
      case "rgb":
        colours.fill(0xff000000);
        colours.set(this.pixelsOf(scene));
        break;
      case "depth":
        paintDepth(scene, colours);
        break;
      case "label": {
        const palette = asWords(scene.palette);
        for (let i = 0; i < colours.length; i++) {
          colours[i] = ids === null || ids[i] === undecided ? grey : palette[ids[i]! & 1023]!;
        }
        break;
      }
      case "confidence":
        for (let i = 0; i < colours.length; i++) {
          colours[i] = confidenceWords[confidence === null ? 255 : confidence[i]!]!;
        }
        break;
    }
  }

  /** The camera's picture as words; nothing where it has another size than the depth. */
  private pixelsOf({ color, width, height }: Scene): Uint32Array {
    if (color === null || color.width !== width || color.height !== height) {
      return new Uint32Array(0);
    }
    if (this.readFrom !== color) {
      this.readFrom = color;
      [this.canvas.width, this.canvas.height] = [width, height];
      this.context.drawImage(color, 0, 0);
      this.picture = new Uint32Array(this.context.getImageData(0, 0, width, height).data.buffer);
    }
    return this.picture;
  }
}
