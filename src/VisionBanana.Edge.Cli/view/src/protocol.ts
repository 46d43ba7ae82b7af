// What travels between vbedge and the page; see src/VisionBanana.Edge.Cli/Viewing.

/** A task by its word, as the server's table of tasks names it. */
export type PerceptKind = string;

/** What can be asked: for the menu of instructions. */
export interface TaskDescription {
  kind: PerceptKind;
  title: string;
  example: string;
}

/** A layer that can be wanted; see layers.ts for the forms. */
export interface LayerDescription {
  name: string;
  form: string;
  /** What it is made of; null when it is of the picture itself. */
  kind: PerceptKind | null;
}

export interface LabelClass {
  id: number;
  name: string;
  colour: string;
}

export interface Mount {
  parent: string;
  origin: Vector;
  x: Vector;
  y: Vector;
  z: Vector;
}

export type Vector = [number, number, number];

/** The corners of a zone in the robot's frame, metres: x forward, y left, on the floor. */
export interface ZoneOutline {
  name: string;
  outline: [number, number][];
  floor: number;
}

export interface Hello {
  type: "hello";
  build: string;
  device: string;
  camera: string;
  /** Of this run, this one among them. */
  cameras: string[];
  source: string;
  model: string;
  provider: string;
  classes: LabelClass[];
  kinds: PerceptKind[];
  tasks: TaskDescription[];
  layers: LayerDescription[];
  min_confidence: number;
  min_depth_m: number;
  max_depth_m: number | null;
  mount: Mount | null;
  zones: ZoneOutline[];
  /** The file that drawn zones are saved in; null = they cannot be saved. */
  zones_file: string | null;
}

export interface AskedInstruction {
  ask: string;
  every: number;
}

export interface InstructionState extends AskedInstruction {
  kind: PerceptKind;
  /** The ids of its labels that have a name and a colour of their own. */
  classes: LabelClass[];
  /** What id 0 is called when it is what was not asked for. */
  background: string | null;
  /** What other ids are called, before their number. */
  others: string;
}

export interface State {
  type: "state";
  paused: boolean;
  recording: boolean;
  recorded_anyway: boolean;
  instructions: InstructionState[];
}

export interface Latency {
  stage: string;
  p50: number | null;
  p95: number | null;
}

export interface SinkStatus {
  name: string;
  state: string;
  captured: number;
  published: number;
  in_flight: number;
  dropped: { reason: string; count: number }[];
}

export interface Status {
  type: "status";
  frames: number;
  rate_hz: number | null;
  elapsed_s: number;
  camera_state: string;
  recording_state: string | null;
  viewers: number;
  to_screen_ms_p50: number | null;
  to_screen_ms_p95: number | null;
  latencies: Latency[];
  sinks: SinkStatus[];
}

export interface InstructionProblem {
  index: number;
  position: number | null;
  message: string;
}

export interface Answer {
  type: "answer";
  id: number | null;
  ok: boolean;
  note?: string | null;
  error?: string;
  problems?: InstructionProblem[];
}

export type ServerMessage = Hello | State | Status | Answer;

export interface Layer {
  name: string;
  seq: number;
  offset: number;
  length: number;
}

export interface PictureHeader {
  seq: number;
  captured_ms: number;
  width: number;
  height: number;
  layers: Layer[];
}

/** One picture: its header and the bytes of each layer, views into the message. */
export interface Picture {
  header: PictureHeader;
  layers: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Reads a binary message: "VBV1", the length of the JSON that follows, the JSON, the layers at multiples of eight. */
export function readPicture(message: ArrayBuffer): Picture {
  const head = new DataView(message, 0, 8);
  if (head.getUint32(0) !== 0x56425631) {
    throw new Error("not a picture of this protocol");
  }
  const start = 8 + head.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 8, start - 8))) as PictureHeader;
  const layers = new Map(header.layers.map((l) => [l.name, new Uint8Array(message, start + l.offset, l.length)]));
  return { header, layers };
}
