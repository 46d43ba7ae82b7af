// The forms of layers: how the bytes of each are read, and which panels show them. Which layers there are, and of what form, the server says (hello.layers).

import type { Around } from "./around";
import type { LayerDescription } from "./protocol";
import type { Scene } from "./scene";

export type PanelName = "cloud" | "color" | "depth" | "labels" | "normals";

export interface LayerForm {
  /** The panels that need it. */
  panels: PanelName[];
  take(scene: Scene, layer: LayerDescription, bytes: Uint8Array<ArrayBuffer>): void;
  drop(scene: Scene, layer: LayerDescription): void;
}

const words = (bytes: Uint8Array<ArrayBuffer>) => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);

export const layerForms = {
  jpeg: {
    panels: ["cloud", "color"],
    // A picture is unpacked by the browser, before the planes of the same moment are taken.
    take: () => {},
    drop: () => {},
  },
  depth: {
    panels: ["cloud", "color", "depth"],
    take: (scene, _, bytes) => (scene.depth = words(bytes)),
    drop: (scene) => (scene.depth = null),
  },
  confidence: {
    panels: ["cloud", "depth"],
    take: (scene, _, bytes) => (scene.confidence = bytes),
    drop: (scene) => (scene.confidence = null),
  },
  painting: {
    panels: ["depth"],
    take: (scene, _, bytes) => (scene.painting = bytes),
    drop: (scene) => (scene.painting = null),
  },
  ids: {
    panels: ["cloud", "color", "labels"],
    take: (scene, layer, bytes) => (scene.ids[layer.name] = words(bytes)),
    drop: (scene, layer) => delete scene.ids[layer.name],
  },
  normals: {
    panels: ["normals"],
    take: (scene, _, bytes) => (scene.normals = bytes),
    drop: (scene) => (scene.normals = null),
  },
  around: {
    panels: ["cloud", "color"],
    take: (scene, _, bytes) => {
      const around = JSON.parse(new TextDecoder().decode(bytes)) as Around;
      // Objects are looked for less often than obstacles: the last ones stay until they are looked for again.
      scene.around = around.has_objects || scene.around === null ? around : { ...around, objects: scene.around.objects };
    },
    drop: (scene) => (scene.around = null),
  },
  rays: {
    panels: ["cloud", "color"],
    take: (scene, _, bytes) => (scene.rays = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)),
    drop: (scene) => (scene.rays = null),
  },
} satisfies Record<string, LayerForm>;

/** The form of a layer; null when the server is newer than this page knows. */
export const formOf = (layer: LayerDescription): LayerForm | null => (layerForms as Record<string, LayerForm>)[layer.form] ?? null;
