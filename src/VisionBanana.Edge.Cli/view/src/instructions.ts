import type { Connection } from "./connection";
import { byId, make, toast } from "./dom";
import type { AskedInstruction, InstructionProblem, LabelClass, State, TaskDescription } from "./protocol";

/** The prompt for a palette, in the paper's wording. */
export function semanticPrompt(classes: LabelClass[]): string {
  const entries = classes.map((c) => {
    const value = Number.parseInt(c.colour.slice(1), 16);
    return `${JSON.stringify(c.name)}: <${value >> 16}, ${(value >> 8) & 255}, ${value & 255}>`;
  });
  return `Generate a visualization image of semantic segmentation, using this color mapping: {${entries.join(", ")}}`;
}

interface Row {
  item: HTMLLIElement;
  text: HTMLTextAreaElement;
  every: HTMLInputElement;
  problem: HTMLElement;
}

/** The instruction box: what is asked, as text to change. Problems are shown where they are, with the cursor on the place. */
export class InstructionBox {
  private rows: Row[] = [];
  private state: State | null = null;
  private isEdited = false;

  constructor(private readonly connection: Connection) {
    const form = byId<HTMLFormElement>("instructions");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.apply();
    });
    byId("revert").addEventListener("click", () => this.revert());
    const add = byId<HTMLSelectElement>("add");
    add.addEventListener("change", () => {
      this.edited(true);
      this.addRow({ ask: add.value, every: 1 }).text.focus();
      add.value = "";
    });
  }

  /** Fills the menu with what can be asked. */
  offer(tasks: TaskDescription[]): void {
    byId("add").replaceChildren(make("option", { value: "" }, "Add…"), ...tasks.map((task) => make("option", { value: task.example }, task.title)));
  }

  /** Shows what is asked now, unless somebody is writing. */
  show(state: State): void {
    this.state = state;
    if (!this.isEdited) {
      this.revert();
    }
  }

  /** Asks for one more instruction at once. */
  async ask(text: string): Promise<void> {
    await this.set([...(this.state?.instructions ?? []).map(({ ask, every }) => ({ ask, every })), { ask: text, every: 1 }]);
  }

  /** Asks for the same with other colours of classes. */
  async recolour(classes: LabelClass[]): Promise<void> {
    await this.set((this.state?.instructions ?? []).map((i) => ({ ask: i.kind === "labels" ? semanticPrompt(classes) : i.ask, every: i.every })));
  }

  private async apply(): Promise<void> {
    await this.set(this.rows.map((r) => ({ ask: r.text.value, every: Math.max(1, Math.round(r.every.valueAsNumber || 1)) })));
  }

  private async set(instructions: AskedInstruction[]): Promise<void> {
    const answer = await this.connection.ask({ type: "instructions", instructions });
    this.clearProblems();
    if (answer.ok) {
      this.edited(false);
      this.revert();
      toast("Instructions changed");
      return;
    }
    const placed = (answer.problems ?? []).filter((p) => this.rows[p.index] !== undefined);
    placed.forEach((p) => this.showProblem(p));
    if (placed.length === 0) {
      const line = byId("general-problem");
      line.textContent = answer.error ?? "The instructions were refused.";
      line.hidden = false;
    }
    const first = placed[0];
    if (first !== undefined) {
      const text = this.rows[first.index]!.text;
      text.focus();
      if (first.position !== null) {
        text.setSelectionRange(first.position, wordEnd(text.value, first.position));
      }
    }
  }

  private showProblem(problem: InstructionProblem): void {
    const row = this.rows[problem.index]!;
    row.text.setAttribute("aria-invalid", "true");
    row.problem.hidden = false;
    // The first line says what; the text with a mark under the place follows here as marked text.
    const says = problem.message.split("\n")[0]!.replace(/^The instruction cannot be read at position \d+: /, "");
    row.problem.replaceChildren(make("span", {}, says));
    if (problem.position !== null) {
      const [text, at] = [row.text.value, problem.position];
      const from = Math.max(0, at - 40);
      row.problem.append(make("code", {},
        `${from > 0 ? "…" : ""}${text.slice(from, at)}`, make("mark", {}, text.slice(at, wordEnd(text, at)) || "␣"), text.slice(wordEnd(text, at), at + 30)));
    }
  }

  private revert(): void {
    this.clearProblems();
    this.rows = [];
    byId("asked").replaceChildren();
    for (const instruction of this.state?.instructions ?? []) {
      this.addRow(instruction);
    }
    this.edited(false);
  }

  private edited(value: boolean): void {
    this.isEdited = value;
    byId<HTMLButtonElement>("revert").disabled = !value;
    byId("apply").classList.toggle("pending", value);
  }

  private clearProblems(): void {
    byId("general-problem").hidden = true;
    for (const row of this.rows) {
      row.problem.hidden = true;
      row.text.removeAttribute("aria-invalid");
    }
  }

  private addRow(instruction: AskedInstruction): Row {
    const number = this.rows.length + 1;
    const problem = make("p", { className: "problem", id: `problem-${number}`, hidden: true });
    problem.setAttribute("role", "alert");
    const row: Row = {
      text: make("textarea", {
        value: instruction.ask, rows: instruction.ask.length > 60 ? 3 : 2, spellcheck: false, aria: { label: `Instruction ${number}`, describedby: problem.id },
      }),
      every: make("input", {
        type: "number", min: "1", max: "10000", value: String(instruction.every), title: "1 = every picture, 3 = every third",
        aria: { label: `Instruction ${number}: every how many pictures` },
      }),
      problem,
      item: make("li"),
    };
    const remove = make("button", { type: "button", className: "plain", aria: { label: `Remove instruction ${number}` } }, "✕");
    remove.addEventListener("click", () => {
      this.rows = this.rows.filter((r) => r !== row);
      row.item.remove();
      this.edited(true);
    });
    row.text.addEventListener("input", () => this.edited(true));
    row.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        void this.apply();
      }
    });
    row.every.addEventListener("input", () => this.edited(true));
    row.item.append(row.text, make("div", { className: "every" }, remove, make("label", {}, "every ", row.every)), row.problem);
    this.rows.push(row);
    byId("asked").append(row.item);
    return row;
  }
}

function wordEnd(text: string, from: number): number {
  let end = from + 1;
  while (end < text.length && /[\p{L}\p{N}]/u.test(text[from]!) && /[\p{L}\p{N}]/u.test(text[end]!)) {
    end++;
  }
  return Math.min(end, text.length);
}
