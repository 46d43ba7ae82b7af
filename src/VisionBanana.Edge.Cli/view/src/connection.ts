import { type Answer, type Picture, readPicture, type ServerMessage } from "./protocol";

export type ConnectionState = "connecting" | "open" | "lost" | "refused";

/** What an answer says that never came. */
const lost: Answer = { type: "answer", id: null, ok: false, error: "The connection was lost before the answer came." };

/** The socket to vbedge. It comes back by itself: after half a second, then more and more rarely, up to five seconds. */
export class Connection {
  onMessage: (message: Exclude<ServerMessage, Answer>) => void = () => {};
  onPicture: (picture: Picture) => void = () => {};
  onState: (state: ConnectionState) => void = () => {};

  /** `camera` is the one to look at; null = the first that is there. */
  constructor(private readonly camera: string | null) {}

  private socket: WebSocket | null = null;
  private attempts = 0;
  private nextId = 1;
  private waiting = new Map<number, (answer: Answer) => void>();
  private timer = 0;

  open(): void {
    clearTimeout(this.timer);
    this.onState(this.attempts === 0 ? "connecting" : "lost");
    const address = new URL("/ws", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    if (this.camera !== null) {
      address.searchParams.set("camera", this.camera);
    }
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.attempts = 0;
      this.onState("open");
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (typeof event.data !== "string") {
        this.onPicture(readPicture(event.data));
        return;
      }
      const message = JSON.parse(event.data) as ServerMessage;
      if (message.type !== "answer") {
        this.onMessage(message);
      } else if (message.id !== null) {
        this.waiting.get(message.id)?.(message);
        this.waiting.delete(message.id);
      }
    };
    socket.onclose = () => {
      this.socket = null;
      this.attempts++;
      for (const answer of this.waiting.values()) {
        answer(lost);
      }
      this.waiting.clear();
      this.onState("lost");
      this.later();
    };
  }

  /** Ends it for good. */
  close(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (socket !== null) {
      socket.onclose = null;
      socket.close();
    }
  }

  send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** Asks for something and gives the answer. */
  ask(message: object): Promise<Answer> {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve(lost);
    }
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ ...message, id });
    });
  }

  /** Looks first whether it still may: a token that is not known any more shows itself only here. */
  private async reopen(): Promise<void> {
    try {
      if ((await fetch("/", { method: "HEAD", cache: "no-store" })).status === 401) {
        this.onState("refused");
        return;
      }
      this.open();
    } catch {
      // Nobody is there yet.
      this.attempts++;
      this.later();
    }
  }

  private later(): void {
    this.timer = window.setTimeout(() => void this.reopen(), Math.min(500 * 1.6 ** (this.attempts - 1), 5000));
  }
}
