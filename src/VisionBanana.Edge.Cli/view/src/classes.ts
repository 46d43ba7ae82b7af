import { byId, make } from "./dom";
import type { InstructionBox } from "./instructions";
import { type Scene, undecided } from "./scene";

/** The list of classes: names, colours to change, toggles, and how much of the picture each takes. */
export class ClassList {
  private shares = new Map<number, HTMLElement>();
  private shown = "";
  private sinceCount = 0;

  constructor(private readonly scene: Scene, private readonly box: InstructionBox, private readonly changed: () => void) {
    byId("all-classes").addEventListener("click", () => this.hide([]));
    byId("no-classes").addEventListener("click", () => this.hide(this.scene.instruction("labels")?.classes.map((c) => c.id) ?? []));
  }

  /** Rebuilds the list when what is asked changed. */
  show(): void {
    const classes = this.scene.instruction("labels")?.classes ?? [];
    const signature = JSON.stringify(classes);
    if (signature === this.shown) {
      return;
    }
    this.shown = signature;
    this.shares.clear();
    byId("class-note").textContent = classes.length === 0 ? "Labels are not asked." : "Changing a colour changes the prompt.";
    byId("class-list").replaceChildren(...classes.map((entry) => {
      const colour = make("input", { type: "color", value: entry.colour.toLowerCase(), aria: { label: `Colour of ${entry.name}` } });
      colour.addEventListener("change", () => {
        void this.box.recolour(classes.map((c) => (c.id === entry.id ? { ...c, colour: colour.value.toUpperCase() } : c)));
      });
      const toggle = make("input", { type: "checkbox", checked: !this.scene.hidden.has(entry.id) });
      toggle.dataset["id"] = String(entry.id);
      toggle.addEventListener("change", () => {
        if (toggle.checked) {
          this.scene.hidden.delete(entry.id);
        } else {
          this.scene.hidden.add(entry.id);
        }
        this.scene.updatePalette();
        this.changed();
      });
      const share = make("span", { className: "share" });
      this.shares.set(entry.id, share);
      return make("li", {}, colour, make("label", {}, toggle, entry.name), share);
    }));
  }

  /** Counts pixels of each class, twice a second. */
  count(): void {
    const ids = this.scene.ids.labels;
    const now = performance.now();
    if (ids === undefined || byId("classes").hidden || now - this.sinceCount < 500) {
      return;
    }
    this.sinceCount = now;
    const counts = new Map<number, number>();
    for (let i = 0; i < ids.length; i += 5) {
      if (ids[i] !== undecided) {
        counts.set(ids[i]!, (counts.get(ids[i]!) ?? 0) + 1);
      }
    }
    for (const [id, element] of this.shares) {
      const share = ((counts.get(id) ?? 0) * 500) / ids.length;
      element.textContent = share === 0 ? "" : `${share.toFixed(share < 10 ? 1 : 0)} %`;
    }
  }

  private hide(ids: number[]): void {
    this.scene.hidden = new Set(ids);
    for (const box of byId("class-list").querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
      box.checked = !this.scene.hidden.has(Number(box.dataset["id"]));
    }
    this.scene.updatePalette();
    this.changed();
  }
}
