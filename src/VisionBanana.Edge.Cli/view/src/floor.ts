/** The floor as a painted picture and a mount see it. */
export interface Trial { description: string; width: number; height: number; focal: number[]; color: string; depth: string; }
export interface Mount { height_m: number; pitch_deg: number; roll_deg: number; }

/** 1 / distance along the optical axis of a level floor, at a pixel; 0 or less: above the horizon. The rule of SupportPlane.OfAngles. */
export function inverseDepth(trial: Trial, mount: Mount, column: number, row: number): number {
  const [fx, fy, cx, cy] = trial.focal as [number, number, number, number];
  const [pitch, roll] = [mount.pitch_deg * Math.PI / 180, mount.roll_deg * Math.PI / 180];
  const [x, y] = [(column - cx) / fx, (row - cy) / fy];
  return (Math.sin(roll) * Math.cos(pitch) * x + Math.cos(roll) * Math.cos(pitch) * y + Math.sin(pitch)) / mount.height_m;
}

export const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Lays squares of half a metre where the mount puts the floor: green where the painted depth agrees within 10 %, red where it does not. */
export function lay(pixels: ImageData, trial: Trial, mount: Mount): { floor: number; agrees: number } {
  const raw = bytes(trial.depth);
  const depth = new Uint16Array(raw.buffer, 0, raw.length >> 1);
  let [floor, agrees] = [0, 0];
  for (let pixel = 0; pixel < depth.length; pixel++) {
    const [column, row] = [pixel % trial.width, Math.floor(pixel / trial.width)];
    const inverse = inverseDepth(trial, mount, column, row);
    if (inverse <= 0 || inverse * 12 < 1) {
      continue;
    }
    const metres = 1 / inverse;
    const painted = (depth[pixel] ?? 0) / 1000;
    const isFloor = painted > 0 && Math.abs(painted - metres) < 0.1 * metres;
    floor++;
    agrees += isFloor ? 1 : 0;
    const aside = (column - (trial.focal[2] ?? 0)) / (trial.focal[0] ?? 1) * metres;
    const isDark = (Math.floor(aside / 0.5) + Math.floor(metres / 0.5)) % 2 === 0;
    const strength = isDark ? 0.45 : 0.15;
    for (let channel = 0; channel < 3; channel++) {
      const tint = channel === (isFloor ? 1 : 0) ? 255 : 0;
      pixels.data[4 * pixel + channel] = (1 - strength) * (pixels.data[4 * pixel + channel] ?? 0) + strength * tint;
    }
  }
  return { floor, agrees };
}
