/* Owns moving and editing as in a spreadsheet: keys, ranges, pasted blocks, their undoing, copies.
 *
 * Terms: a focused input is *ready* (all of it selected, the arrows move on) until F2 or a click
 * into its text makes it *editing* (the arrows move the caret). A *range* is part of one column.
 */

import { block, figureColumn, read } from "./returns-numbers.js";

export class Keys {
  /** `act` has `commit(cell, column, text)`, `revert(cell)`, `refuse(cell, text, fault)`, `say`. */
  constructor(table, cells, act) {
    Object.assign(this, { table, cells, act });
    this.order = new Map(cells.map((cell, index) => [cell, index]));
    this.byInput = new Map();
    for (const cell of cells) {
      this.byInput.set(cell.total, cell);
      if (cell.alone) this.byInput.set(cell.alone, cell);
    }
    this.editing = false;
    this.before = "";
    this.range = [];
    this.anchor = null;
    this.undone = [];
    this.copies = null;
    table.addEventListener("focusin", (event) => this.entered(event));
    table.addEventListener("focusout", (event) => this.left(event));
    table.addEventListener("pointerup", (event) => this.clicked(event));
    table.addEventListener("input", (event) => this.typed(event));
    table.addEventListener("keydown", (event) => this.pressed(event));
    table.addEventListener("paste", (event) => this.pasted(event));
    document.addEventListener("copy", (event) => this.copied(event));
  }

  get active() {
    return this.byInput.has(document.activeElement) ? document.activeElement : null;
  }

  entered({ target }) {
    const cell = this.byInput.get(target);
    if (!cell) return;
    this.before = target.value;
    this.editing = false;
    target.select();
    if (!this.extending) this.clearRange();
  }

  left({ target }) {
    if (this.byInput.has(target)) this.take(target);
  }

  clicked({ target }) {
    // The first click chooses the cell, as in a sheet; the next one sets the caret.
    if (!this.byInput.has(target) || target.value === "") return;
    if (this.clickedLast === target) this.editing = true;
    else if (target.selectionStart === target.selectionEnd) target.select();
    this.clickedLast = target;
  }

  typed({ target }) {
    const cell = this.byInput.get(target);
    if (cell) cell.follow(target);
  }

  /** Hand over what stands in an input, when it changed. */
  take(input) {
    if (input.value === this.before || input.readOnly) return;
    this.before = input.value;
    this.act.commit(this.byInput.get(input), input.dataset.column, input.value);
  }

  /** Hand over what is being typed, because the page may be about to go. */
  flush() {
    if (this.active) this.take(this.active);
  }

  move(input, by) {
    const column = input.dataset.column;
    let index = this.order.get(this.byInput.get(input));
    for (;;) {
      index += by;
      const cell = this.cells[index];
      if (!cell) return;
      const next = cell[column];
      if (next && next.offsetParent !== null) {
        next.focus();
        next.scrollIntoView({ block: "nearest" });
        return;
      }
    }
  }

  sideways(input, by) {
    const cell = this.byInput.get(input);
    const line = [cell.opener, cell.total, cell.alone].filter(Boolean);
    line[line.indexOf(input) + by]?.focus();
  }

  pressed(event) {
    const { key, target } = event;
    if (target.matches("[data-opens]")) {
      this.pressedOpener(event);
      return;
    }
    const cell = this.byInput.get(target);
    if (!cell || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      this.pressedControl(event);
      return;
    }
    const moves = {
      Enter: () => this.move(target, event.shiftKey ? -1 : 1),
      ArrowDown: () => (event.shiftKey ? this.extend(target, 1) : this.move(target, 1)),
      ArrowUp: () => (event.shiftKey ? this.extend(target, -1) : this.move(target, -1)),
      Escape: () => this.back(target),
      F2: () => (event.shiftKey ? cell.opener?.click() : this.edit(target)),
    };
    if (!this.editing) {
      moves.ArrowLeft = () => this.sideways(target, -1);
      moves.ArrowRight = () => this.sideways(target, 1);
    }
    if (key === "Delete" && this.range.length > 1) moves.Delete = () => this.clear();
    if (!moves[key]) return;
    event.preventDefault();
    moves[key]();
  }

  pressedOpener(event) {
    const cell = this.cells.find((each) => each.opener === event.target);
    const to = { ArrowRight: cell.total, ArrowDown: this.near(cell, 1), ArrowUp: this.near(cell, -1) };
    if (!to[event.key]) return;
    event.preventDefault();
    to[event.key].focus();
  }

  near(cell, by) {
    return this.cells[this.order.get(cell) + by]?.opener;
  }

  pressedControl(event) {
    const isTyping = event.target.value !== this.before;
    if (event.key.toLowerCase() === "z" && !event.shiftKey && !isTyping && this.undone.length) {
      event.preventDefault();
      this.undo();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const ends = event.key === "Home" ? this.cells : [...this.cells].reverse();
      ends.find((cell) => cell[event.target.dataset.column])?.[event.target.dataset.column].focus();
    }
  }

  edit(input) {
    this.editing = true;
    input.setSelectionRange(input.value.length, input.value.length);
  }

  back(input) {
    this.clearRange();
    this.act.revert(this.byInput.get(input));
    this.before = input.value;
    this.editing = false;
    input.select();
  }

  // --- Ranges -----------------------------------------------------------------------------

  extend(input, by) {
    this.anchor ??= input;
    this.extending = true;
    this.move(input, by);
    this.extending = false;
    const column = this.anchor.dataset.column;
    const ends = [this.anchor, this.active].map((end) => this.order.get(this.byInput.get(end)));
    const [first, last] = ends.sort((a, b) => a - b);
    this.paint(this.cells.slice(first, last + 1).filter((cell) => cell[column]), column);
  }

  paint(cells, column) {
    for (const { input } of this.range) input.classList.remove("is-chosen");
    this.range = cells.map((cell) => ({ cell, input: cell[column] }));
    for (const { input } of this.range) input.classList.add("is-chosen");
  }

  clearRange() {
    this.anchor = null;
    this.paint([], "total");
  }

  clear() {
    this.remember(this.range.map(({ cell }) => cell));
    for (const { cell } of this.range) if (!cell.isLocked) this.act.commit(cell, "total", "");
    if (this.active) this.before = this.active.value;
  }

  // --- Copies and blocks ------------------------------------------------------------------

  copied(event) {
    const range = this.copies ?? (this.active && this.range.length > 1 ? this.range : null);
    if (!range) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", range.map(({ input }) => input.value).join("\n"));
    this.act.say("copied", { count: range.length });
  }

  /** Copy a whole column; the old command works where the clipboard's own interface does not. */
  copyColumn(column) {
    this.copies = this.cells.map((cell) => ({ cell, input: cell[column] ?? { value: "" } }));
    document.execCommand("copy");
    this.copies = null;
  }

  pasted(event) {
    const cell = this.byInput.get(event.target);
    if (!cell || cell.isLocked) return;
    const lines = block(event.clipboardData.getData("text/plain"));
    const isOne = lines.length === 1 && lines[0].length === 1;
    if (isOne && this.editing) return;
    event.preventDefault();
    this.fill(cell, event.target.dataset.column, lines);
    this.before = event.target.value;
    event.target.select();
  }

  fill(first, column, lines) {
    const from = figureColumn(lines);
    const places = this.cells.slice(this.order.get(first)).filter((cell) => cell[column]);
    const pairs = lines
      .map((line, index) => [places[index], line[from] ?? ""])
      .filter(([cell, text]) => cell && text !== "");
    this.remember(pairs.map(([cell]) => cell));
    let refused = 0;
    for (const [cell, text] of pairs) {
      const { fault } = read(text);
      if (fault) refused += 1;
      this.act.commit(cell, column, text);
    }
    const words = { count: pairs.length - refused, refused, over: lines.length - places.length };
    if (words.over > 0) this.act.say("pasted_over", words);
    else this.act.say(refused ? "pasted_refused" : "pasted", words);
  }

  remember(cells) {
    this.undone.push(cells.map((cell) => [cell, cell.total.value]));
  }

  undo() {
    const back = this.undone.pop();
    for (const [cell, text] of back) this.act.commit(cell, "total", text);
    if (this.active) {
      this.before = this.active.value;
      this.active.select();
    }
    this.act.say("undone", { count: back.length });
  }
}
