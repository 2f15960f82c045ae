/* Owns the sentences that a page brings along for its script; values fill the words in braces. */

const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export class Texts {
  constructor(root) {
    this.all = new Map(
      [...root.querySelectorAll("[data-text]")].map((node) => [
        node.dataset.text,
        node.dataset.as ?? node.textContent.trim(),
      ]),
    );
  }

  get(name, values = {}) {
    return fill(this.all.get(name) ?? name, values);
  }
}
