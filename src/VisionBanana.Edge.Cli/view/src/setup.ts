import "./setup.css";
import { byId, make } from "./dom";
import { bytes, lay, type Mount, type Trial } from "./floor";

interface Answer { id: number; ok: boolean; error?: string; value?: unknown; }
interface Hello { path: string; cameras: { address: string; name: string }[]; streams: string[]; }

const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);
const asked = ["depth", "labels", "normals"];
const waiting = new Map<number, (answer: Answer) => void>();
const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
let [next, trial, picture] = [0, null as Trial | null, null as ImageBitmap | null];

socket.onmessage = (message: MessageEvent<string>) => {
  const answer = JSON.parse(message.data) as Answer;
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
};
socket.onopen = () => void greet();
socket.onclose = () => say("The program has ended, or another page sets this camera up.", true);

function ask<T>(type: string, choices?: object): Promise<T> {
  const id = next++;
  socket.send(JSON.stringify({ id, type, choices }));
  return new Promise((resolve, reject) => waiting.set(id, (answer) => answer.ok ? resolve(answer.value as T) : reject(new Error(answer.error))));
}

function say(text: string, isBad = false): void {
  byId("state").textContent = text;
  byId("state").classList.toggle("bad", isBad);
}

async function greet(): Promise<void> {
  const hello = await ask<Hello>("hello");
  const found = byId<HTMLSelectElement>("found");
  found.append(make("option", { value: "" }, hello.cameras.length === 0 ? "no camera (no /dev/video*)" : "choose …"));
  found.append(...hello.cameras.map((camera) => make("option", { value: camera.address }, `${camera.name} (${camera.address})`)));
  byId("instructions").append(...asked.map((name) => make("label", {}, check(`ask-${name}`, name !== "normals"), ` ${name}`)));
  byId("streams").append("streams: ", ...hello.streams.map((name) => make("label", {}, check(`stream-${name}`, true), ` ${name}`)));
  say(`saves to ${hello.path}`);
}

function check(id: string, checked: boolean): HTMLInputElement {
  return make("input", { id, type: "checkbox", checked });
}

function mount(): Mount {
  return { height_m: input("height").valueAsNumber, pitch_deg: input("pitch").valueAsNumber, roll_deg: input("roll").valueAsNumber };
}

function choices(): object {
  const calibration = input("calibration").value.trim();
  const mqtt = byId<HTMLSelectElement>("mqtt").value;
  const streams = [...document.querySelectorAll<HTMLInputElement>("#streams input:not(:checked)")];
  return {
    device: input("device").value, camera: input("camera").value, source: input("source").value.trim(),
    calibration: calibration || null, hfov_deg: calibration ? null : input("hfov").valueAsNumber,
    mount: input("mounted").checked ? mount() : null,
    instructions: asked.filter((name) => input(`ask-${name}`).checked).map((name) => ({ ask: name, every: name === "depth" ? 1 : 3 })),
    streams_off: streams.map((box) => box.id.slice("stream-".length)),
    mqtt: mqtt === "broker" ? input("broker").value.trim() : mqtt || null,
    zeromq: input("zeromq").value.trim() || null, foxglove: input("foxglove").checked,
  };
}

function draw(): void {
  for (const [id, unit] of [["height", "m"], ["pitch", "°"], ["roll", "°"]] as const) {
    byId(`${id}-value`).textContent = `${input(id).value} ${unit}`;
  }
  if (trial === null || picture === null) {
    return;
  }
  const canvas = byId<HTMLCanvasElement>("picture");
  [canvas.width, canvas.height] = [trial.width, trial.height];
  const context = canvas.getContext("2d")!;
  context.drawImage(picture, 0, 0);
  byId("floor").textContent = "";
  if (input("mounted").checked) {
    const pixels = context.getImageData(0, 0, trial.width, trial.height);
    const { floor, agrees } = lay(pixels, trial, mount());
    context.putImageData(pixels, 0, 0);
    const share = floor === 0 ? 0 : Math.round(100 * agrees / floor);
    byId("floor").textContent = `Squares of half a metre. Of what would be floor, ${share} % is painted where this mount puts it (green).`;
  }
}

async function work(doing: string, task: () => Promise<string>): Promise<void> {
  say(doing);
  try {
    say(await task());
  } catch (error) {
    say((error as Error).message, true);
  }
}

byId("found").onchange = () => { input("source").value = byId<HTMLSelectElement>("found").value; };
byId("try").onclick = () => void work("opening the camera …", async () => {
  trial = await ask<Trial>("try", choices());
  picture = await createImageBitmap(new Blob([bytes(trial.color)], { type: "image/jpeg" }));
  draw();
  return trial.description;
});
byId<HTMLFormElement>("choices").onsubmit = (event) => {
  event.preventDefault();
  void work("saving …", async () => {
    const saved = await ask<{ path: string; text: string }>("save", choices());
    byId("file").textContent = saved.text;
    return `saved: vbedge run ${saved.path}`;
  });
};
byId("choices").oninput = draw;
draw();
