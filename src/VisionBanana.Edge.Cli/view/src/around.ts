import * as three from "three";
import type { Mount, Vector, ZoneOutline } from "./protocol";

/** What a robot that moves is told of a picture; vectors in the optical frame. */
export interface Around {
  /** From the right to the left; null where nothing stands, or nothing is known. */
  scan: (Vector | null)[];
  has_objects: boolean;
  objects: { id: number; class: string; rectangle: [number, number, number, number]; centre: Vector; size: Vector }[];
  zones: { name: string; state: "free" | "occupied" | "unknown" }[];
  /** Where a live mount says that the camera was. */
  mount?: Mount;
}

export const stateColours = { free: "#3fb950", occupied: "#f85149", unknown: "#d29922" };
const scanColour = new three.Color("#ff4fd8");

export const objectColour = (id: number): string => `hsl(${(id * 137) % 360} 85% 60%)`;

/** The scan, the boxes of objects and the zones as lines in the cloud. */
export class AroundLines {
  /** In the optical frame. */
  readonly seen = new three.LineSegments(new three.BufferGeometry(), new three.LineBasicMaterial({ vertexColors: true }));
  /** On the floor, in the axes of the page. */
  readonly zones = new three.LineSegments(new three.BufferGeometry(), new three.LineBasicMaterial({ vertexColors: true }));
  private shown: Around | null = null;

  constructor() {
    this.seen.frustumCulled = this.zones.frustumCulled = false;
  }

  update(around: Around | null, outlines: ZoneOutline[], mount: Mount | null): void {
    if (around === this.shown) {
      return;
    }
    this.shown = around;
    this.seen.visible = this.zones.visible = around !== null;
    if (around === null) {
      return;
    }
    const [points, colours]: [three.Vector3[], three.Color[]] = [[], []];
    const line = (a: three.Vector3, b: three.Vector3, colour: three.Color) => {
      points.push(a, b);
      colours.push(colour, colour);
    };
    around.scan.forEach((at, i) => {
      const next = around.scan[i + 1];
      if (at !== null && next != null) {
        const [a, b] = [new three.Vector3(...at), new three.Vector3(...next)];
        // Two things one behind the other are not joined.
        if (a.distanceTo(b) < 0.05 + 0.1 * a.length()) {
          line(a, b, scanColour);
        }
      }
    });
    for (const found of around.objects) {
      const colour = new three.Color(objectColour(found.id));
      const corner = (k: number) => new three.Vector3(...found.centre.map((c, axis) => c + ((k >> axis) & 1 ? 0.5 : -0.5) * found.size[axis]!) as Vector);
      for (let k = 0; k < 8; k++) {
        for (const bit of [1, 2, 4]) {
          if ((k & bit) === 0) {
            line(corner(k), corner(k | bit), colour);
          }
        }
      }
    }
    fill(this.seen, points, colours);
    this.drawZones(around, outlines, mount);
  }

  private drawZones(around: Around, outlines: ZoneOutline[], mount: Mount | null): void {
    const [points, colours]: [three.Vector3[], three.Color[]] = [[], []];
    // Without a mount nobody knows where the floor of the robot's frame is.
    for (const { name, outline, floor } of mount === null ? [] : outlines) {
      const colour = new three.Color(stateColours[around.zones.find((zone) => zone.name === name)?.state ?? "unknown"]);
      const corners = outline.map(([x, y]) => new three.Vector3(-y, floor + 0.01, -x));
      corners.forEach((corner, i) => {
        points.push(corner, corners[(i + 1) % corners.length]!);
        colours.push(colour, colour);
      });
    }
    fill(this.zones, points, colours);
  }
}

function fill(lines: three.LineSegments, points: three.Vector3[], colours: three.Color[]): void {
  lines.geometry.dispose();
  lines.geometry = new three.BufferGeometry().setFromPoints(points);
  lines.geometry.setAttribute("color", new three.Float32BufferAttribute(colours.flatMap((c) => c.toArray()), 3));
}

/** The rectangles of objects over a picture, and what they are. */
export function drawObjects(context: CanvasRenderingContext2D, around: Around): void {
  const size = Math.max(8, context.canvas.height / 22);
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.lineWidth = Math.max(1, context.canvas.height / 200);
  for (const { id, class: name, rectangle, centre } of around.objects) {
    context.strokeStyle = context.fillStyle = objectColour(id);
    const [x, y, width, height] = rectangle;
    context.strokeRect(x, y, width, height);
    context.fillText(`${name} ${id}  ${Math.hypot(...centre).toFixed(1)} m`, x + 2, Math.max(y - 3, size));
  }
}
