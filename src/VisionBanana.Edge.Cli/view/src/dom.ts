/** The element of the page with this id; its absence is a mistake in the page. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`no element #${id}`);
  }
  return element as T;
}

/** Makes an element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, properties: Partial<HTMLElementTagNameMap[K]> & { data?: Record<string, string>; aria?: Record<string, string> } = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const { data, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria ?? {})) {
    element.setAttribute(`aria-${name}`, value);
  }
  element.append(...children);
  return element;
}

/** Shows a short message for a while. */
export function toast(text: string, isError = false): void {
  const line = make("p", { className: isError ? "toast error" : "toast" }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), isError ? 8000 : 5000);
}

export const metres = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} m`;
