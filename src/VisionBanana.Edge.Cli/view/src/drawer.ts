import type * as three from "three";
import type { Scene } from "./scene";

export const colourModes = ["rgb", "depth", "label", "confidence"] as const;
export type ColourMode = (typeof colourModes)[number];

/** What a cloud is drawn from. */
export interface CloudState {
  readonly scene: Scene;
  readonly camera: three.PerspectiveCamera;
  /** Everything but the points: axes, frustum, grid and its labels. */
  readonly stage: three.Scene;
  /** Optical frame (x right, y down, z forward) to the page's world (y up). */
  readonly optical: three.Group;
  readonly mode: ColourMode;
  readonly minConfidence: number;
  /** Every how many rows and columns become points. */
  readonly stride: number;
}

/** Draws the cloud on its canvas: the graphics card does, or the processor where there is none. Both by the same rules. */
export interface Drawer {
  /** Takes the newest planes; depth and rays are there. */
  update(state: CloudState): void;
  resize(width: number, height: number): void;
  /** `footprint` is the width in pixels of a point as far from the viewer as from the camera. */
  draw(state: CloudState, footprint: number): void;
  /** Milliseconds that drawing holds the page up: the time from one call of draw to the page's next frame, or what draw took. */
  cost(untilNextFrame: number): number;
  /** Every point as the graphics card places it: x, y, z in metres in the optical frame and 1, row by row from the top; z = 0 is no point. */
  positions?(state: CloudState): Float32Array;
}

/** Whether points are drawn: planes that fit are there. */
export const hasPoints = (scene: Scene): boolean => scene.depth !== null && scene.rays !== null;
