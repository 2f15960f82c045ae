/* Owns choosing a live number: whose it is, of what, which one; and putting it into a block's text.
 *
 * The numbers come from the server once a page, when they are first asked for.
 */

const ANOTHER = "′";

const options = (select, texts) => {
  const chosen = select.value;
  select.replaceChildren(
    ...texts.map(([value, text]) => {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      return option;
    }),
  );
  if (texts.some(([value]) => value === chosen)) select.value = chosen;
};

const distinct = (values) => [...new Set(values)].map((value) => [value, value]);

export class NumberPicker {
  /** `load` gives a promise of the numbers: [key, text, whose, what, kind]. */
  constructor(node, load) {
    Object.assign(this, { node, load, numbers: null, block: null });
    this.whose = node.querySelector("[data-whose]");
    this.what = node.querySelector("[data-what]");
    this.number = node.querySelector("[data-number-of]");
    this.whose.addEventListener("change", () => this.narrow());
    this.what.addEventListener("change", () => this.narrow());
    node.querySelector("[data-insert]").addEventListener("click", () => this.insert());
    node.querySelector("[data-cancel]").addEventListener("click", () => this.close());
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Enter" && event.target.tagName === "SELECT") this.insert();
    });
  }

  async open(block) {
    this.block = block;
    if (!this.numbers) this.numbers = await this.load();
    if (!this.numbers) return;
    options(this.whose, distinct(this.numbers.map((one) => one[2])));
    this.narrow();
    this.node.hidden = false;
    this.whose.focus();
  }

  narrow() {
    const own = this.numbers.filter((one) => one[2] === this.whose.value);
    options(this.what, distinct(own.map((one) => one[3])));
    const told = own.filter((one) => one[3] === this.what.value);
    options(
      this.number,
      told.map(([key, text, , , kind]) => [key, `${kind} ${text}`]),
    );
  }

  insert() {
    const found = this.numbers.find((one) => one[0] === this.number.value);
    if (found && this.block) {
      const { block } = this;
      const { field } = block;
      let label = found[1];
      // Another number of the same value in this text is told apart by a mark.
      while (block.keys[label] && block.keys[label] !== found[0]) label += ANOTHER;
      block.keys[label] = found[0];
      field.setRangeText(`⟦${label}⟧`, field.selectionStart, field.selectionEnd, "end");
      block.typed();
    }
    this.close();
  }

  close() {
    this.node.hidden = true;
    if (this.block && this.block.isOpen) this.block.field.focus();
    this.block = null;
  }
}
