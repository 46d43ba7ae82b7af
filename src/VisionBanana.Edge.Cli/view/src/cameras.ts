import { Connection } from "./connection";
import { byId, make } from "./dom";

const everything = "all cameras";
let shown: Connection[] = [];

/** The chooser of cameras, where there are several: one of them, or the pictures of all beside each other. */
export function showCameras(cameras: string[], camera: string): void {
  const choice = byId<HTMLSelectElement>("camera");
  byId("camera-label").hidden = cameras.length < 2;
  choice.replaceChildren(...[...cameras, everything].map((name) => make("option", { value: name }, name)));
  choice.value = camera;
  choice.onchange = () => {
    if (choice.value === everything) {
      showMosaic(cameras);
    } else {
      location.search = new URLSearchParams({ camera: choice.value }).toString();
    }
  };
}

/** Every camera's picture, each over a connection of its own; a click leads to the camera. */
function showMosaic(cameras: string[]): void {
  for (const connection of shown) {
    connection.close();
  }
  const tiles = cameras.map((name) => {
    const canvas = make("canvas", { width: 320, height: 240, aria: { label: `Picture of ${name}` } });
    const state = make("span", { className: "muted" });
    const tile = make("button", { type: "button", title: `Look at ${name}` }, canvas, make("span", {}, `${name} `, state));
    tile.onclick = () => {
      location.search = new URLSearchParams({ camera: name }).toString();
    };
    return { name, canvas, state, tile };
  });
  byId("mosaic").replaceChildren(...tiles.map((t) => t.tile));
  byId("mosaic").hidden = false;
  shown = tiles.map(({ name, canvas, state }) => {
    const connection = new Connection(name);
    connection.onState = (now) => {
      state.textContent = now === "open" ? "" : now;
    };
    connection.onMessage = (message) => {
      if (message.type === "hello") {
        connection.send({ type: "want", layers: ["color"] });
      }
    };
    connection.onPicture = (picture) => {
      const jpeg = picture.layers.get("color");
      if (jpeg === undefined) {
        return;
      }
      void createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).then((image) => {
        canvas.width = image.width;
        canvas.height = image.height;
        canvas.getContext("2d")?.drawImage(image, 0, 0);
        image.close();
        connection.send({ type: "shown", seq: picture.header.seq });
      });
    };
    connection.open();
    return connection;
  });
}
