import { byId, make } from "./dom";
import type { Hello, Status } from "./protocol";

const milliseconds = (value: number | null | undefined): string => (value == null ? "–" : value < 10 ? value.toFixed(1) : value.toFixed(0));

/** The strip at the foot: rates, latencies, drops by reason; and the box with all of them. */
export class Strip {
  private rates: number[] = [];
  private shown: number[] = [];
  private last: Status | null = null;

  constructor() {
    const box = byId<HTMLDialogElement>("details-box");
    byId("details").addEventListener("click", () => {
      this.showDetails();
      box.showModal();
    });
  }

  /** A picture reached the screen. */
  drawn(): void {
    const now = performance.now();
    this.shown.push(now);
    while (this.shown.length > 0 && now - this.shown[0]! > 2000) {
      this.shown.shift();
    }
  }

  get screenRate(): number {
    const now = performance.now();
    return this.shown.filter((t) => now - t < 2000).length / 2;
  }

  hello(hello: Hello): void {
    byId("model").textContent = `${hello.model} · ${hello.provider}`;
  }

  show(status: Status): void {
    this.last = status;
    this.rates = [...this.rates, status.rate_hz ?? 0].slice(-60);
    byId("rate").textContent = status.rate_hz === null ? "–" : `${status.rate_hz.toFixed(1)} Hz`;
    byId("screen-rate").textContent = `${this.screenRate.toFixed(1)} Hz`;
    const of = (stage: string) => status.latencies.find((l) => l.stage === stage);
    const paint = of("paint");
    byId("latency").textContent = status.to_screen_ms_p50 === null
      ? "–"
      : `${milliseconds(status.to_screen_ms_p50)} / ${milliseconds(status.to_screen_ms_p95)} ms`;
    byId("paint").textContent = paint === undefined ? "–" : `${milliseconds(paint.p50)} / ${milliseconds(paint.p95)} ms`;
    const drops = status.sinks.flatMap((s) => s.dropped.map((d) => `${d.count} ${words(d.reason)} (${s.name})`));
    const line = byId("drops");
    line.textContent = drops.length === 0 ? "none" : drops.slice(0, 2).join(", ") + (drops.length > 2 ? " …" : "");
    line.title = drops.join("\n");
    line.classList.toggle("warn", drops.length > 0);
    this.drawSpark();
    if (byId<HTMLDialogElement>("details-box").open) {
      this.showDetails();
    }
  }

  private showDetails(): void {
    const status = this.last;
    if (status === null) {
      return;
    }
    const table = (head: string[], rows: (string | number)[][]) => make("table", {},
      make("thead", {}, make("tr", {}, ...head.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, ...rows.map((r) => make("tr", {}, ...r.map((c) => make("td", {}, String(c)))))));
    byId("details-body").replaceChildren(
      make("p", {}, `Camera: ${status.camera_state}. ${status.frames} pictures in ${status.elapsed_s.toFixed(0)} s. ${status.viewers} looking.`,
        ...(status.recording_state === null ? [] : [` ${status.recording_state}`])),
      table(["sink", "captured", "published", "in flight", "dropped", "state"], status.sinks.map((s) => [
        s.name, s.captured, s.published, s.in_flight, s.dropped.map((d) => `${d.count} ${words(d.reason)}`).join(", ") || "0", s.state])),
      table(["stage", "p50 ms", "p95 ms"], status.latencies.map((l) => [words(l.stage), milliseconds(l.p50), milliseconds(l.p95)])));
  }

  private drawSpark(): void {
    const canvas = byId<HTMLCanvasElement>("spark");
    const context = canvas.getContext("2d")!;
    const top = Math.max(...this.rates, 1) * 1.15;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 1.5;
    context.beginPath();
    this.rates.forEach((rate, i) => context.lineTo((i / 59) * canvas.width, canvas.height - 1 - (rate / top) * (canvas.height - 2)));
    context.stroke();
  }
}

const words = (name: string): string => name.replaceAll("_", " ");
