/* Owns working in a grid as in a spreadsheet: focus, keys, typing, clearing, pasting, undoing.
 *
 * Both grids use it, a court's return and the offices' grid of all courts; they differ in how a
 * cell is stored, which is theirs to say (`act`).
 *
 * Terms: a *cell* is one figure; it has `text` (as last handed over), `isLocked`, `inputs`,
 * `shownIn(input)` (what stands in an input for that text), `follow(input)` while a person types and
 * `meant(input, typed)`, the text of the cell that something typed in one of its inputs stands for.
 * A focused input is *ready* (all of it selected, arrows move on) until F2 or a click into it makes
 * it *editing* (arrows move the caret). A text is *typed* until it is handed over.
 */

import { block, copyOf, handOver, isBare } from "./grid-clipboard.js";
import { History } from "./grid-history.js";
import { Selection } from "./grid-selection.js";
import { read } from "./grid-figures.js";

const LONGEST_CELL = 200;

export class Sheet {
  /**
   * `lines`: the places in rows; `cellOf(input)`: its cell or undefined; `widest`: the most columns
   * of a bare block; `act` has `commit(cell, text)`, `revert(cell)`, `say(name, values)`,
   * `refuse(name)`, `atEnd(input)` for Enter on the last row, `goOn()` for Ctrl+Enter,
   * `chooseAll(input)`, and perhaps `beside(input, by)` and `details(cell)`.
   */
  constructor({ table, lines, cellOf, widest, act }) {
    Object.assign(this, { table, lines, cellOf, widest, act });
    this.history = new History();
    this.editing = false;
    this.copies = null;
    this.selection = new Selection(table, lines, {
      isEditing: (input) => this.editing || this.isTyped(input),
      edit: (input) => this.edit(input),
    });
    table.addEventListener("focusin", ({ target }) => this.entered(target));
    table.addEventListener("focusout", ({ target }) => this.left(target));
    table.addEventListener("pointerup", (event) => this.tapped(event));
    table.addEventListener("beforeinput", (event) => this.beforeInput(event));
    table.addEventListener("input", ({ target }) => this.typed(target));
    table.addEventListener("keydown", (event) => this.pressed(event));
    table.addEventListener("paste", (event) => this.pasted(event));
    document.addEventListener("keydown", (event) => this.pressedOnPage(event));
    document.addEventListener("copy", (event) => this.copied(event));
    document.addEventListener("cut", (event) => this.copied(event));
  }

  /** The most decimals of a figure in the grid. */
  get decimals() {
    const places = this.lines.flat().map((place) => place && this.cellOf(place)?.places);
    return Math.max(0, ...places.filter(Boolean));
  }

  get active() {
    const { active } = this.selection;
    return active && this.cellOf(active) ? active : null;
  }

  isTyped(input) {
    const cell = this.cellOf(input);
    return Boolean(cell) && !cell.isLocked && input.value !== cell.shownIn(input);
  }

  /** Whether somebody is in the middle of changing the cell. */
  isBusy(cell) {
    return cell.inputs.some((input) => this.isTyped(input));
  }

  // --- Typing and handing over --------------------------------------------------------------

  entered(input) {
    if (!this.cellOf(input)) return;
    this.editing = false;
    input.select();
    this.selection.clear();
    this.selection.clicked = null;
  }

  left(input) {
    const cell = this.cellOf(input);
    if (!cell) return;
    if (this.isTyped(input)) this.take(input);
    // Typed and taken back: what was previewed beside it goes as well.
    else for (const each of cell.inputs) each.value = cell.shownIn(each);
  }

  /** A finger chooses the cell as the mouse does: the first touch selects, the next sets the caret. */
  tapped({ target, pointerType }) {
    if (pointerType === "mouse" || !this.cellOf(target)) return;
    if (this.tappedLast === target) this.editing = true;
    this.tappedLast = target;
  }

  beforeInput(event) {
    if (!this.cellOf(event.target)) return;
    // The browser's own undoing knows nothing of what was saved; dropped figures come from anywhere.
    const undoes = { historyUndo: () => this.undo(), historyRedo: () => this.redo() };
    const isDragged = event.inputType === "insertFromDrop" || event.inputType === "deleteByDrag";
    if (!undoes[event.inputType] && !isDragged) return;
    event.preventDefault();
    undoes[event.inputType]?.();
  }

  typed(input) {
    const cell = this.cellOf(input);
    if (!cell) return;
    this.selection.clear();
    cell.follow(input);
  }

  /** Hand over what was typed in an input. */
  take(input) {
    if (!this.isTyped(input)) return;
    const cell = this.cellOf(input);
    this.write([[cell, cell.meant(input, input.value)]]);
  }

  /** Hand over what was typed before anybody listened, in one step; what is being typed waits. */
  catchUp() {
    const inputs = this.lines.flat().filter((place) => place && this.isTyped(place));
    const pairs = [];
    for (const input of inputs) {
      const cell = this.cellOf(input);
      if (input === document.activeElement) cell.follow(input);
      else pairs.push([cell, cell.meant(input, input.value)]);
    }
    if (pairs.length) this.write(pairs);
  }

  /** Hand over what is being typed, because the page may be about to go or to be asked about. */
  flush() {
    if (this.active) this.take(this.active);
  }

  /** Write texts into cells as one step that can be undone; locked cells are left out. */
  write(pairs) {
    const wanted = new Map(pairs.filter(([cell]) => !cell.isLocked));
    const step = [...wanted].map(([cell, text]) => ({ cell, before: cell.text, after: text }));
    this.history.add(step.filter(({ before, after }) => before !== after));
    for (const [cell, text] of wanted) this.act.commit(cell, text);
    this.choose();
    return wanted.size;
  }

  /** What stands in a ready cell is selected, also after it changed under the cursor. */
  choose() {
    if (this.active && !this.editing && !this.isTyped(this.active)) this.active.select();
  }

  edit(input) {
    this.editing = true;
    input.setSelectionRange(input.value.length, input.value.length);
  }

  /** Leave the range, else what was typed, else what did not get through. */
  back(input) {
    if (this.selection.isRange) {
      this.selection.clear();
      return;
    }
    const cell = this.cellOf(input);
    const before = cell.text;
    this.editing = false;
    this.act.revert(cell);
    if (before !== cell.text) this.history.add([{ cell, before, after: cell.text }]);
    input.select();
  }

  clear() {
    this.flush();
    const places = this.selection.rectangle.flat();
    const cells = places.filter((place) => place && this.cellOf(place)).map(this.cellOf);
    this.write(cells.map((cell) => [cell, ""]));
  }

  // --- Undoing ------------------------------------------------------------------------------

  undo() {
    this.flush();
    this.turned(this.history.undo(), "undone");
  }

  redo() {
    this.flush();
    this.turned(this.history.redo(), "redone");
  }

  turned(turn, name) {
    if (!turn) {
      this.act.say(`${name}_none`);
      return;
    }
    for (const [cell, text] of turn.pairs) this.act.commit(cell, text);
    const cells = turn.pairs.map(([cell]) => cell);
    if (cells.length && !cells.some((cell) => cell.inputs.includes(this.active))) {
      cells[0].inputs[0].focus();
    }
    this.selection.clear();
    this.choose();
    const words = { count: cells.length, skipped: turn.skipped };
    this.act.say(turn.skipped ? `${name}_some` : name, words);
  }

  // --- Keys ---------------------------------------------------------------------------------

  /** Go on by rows in the same column; whether there was a place to go to. */
  move(input, by) {
    const [y, x] = this.selection.positions.get(input);
    for (let row = y + by; this.lines[row]; row += by) {
      const next = this.lines[row][x];
      if (next && this.cellOf(next) && next.offsetParent !== null) return this.go(next);
    }
    return false;
  }

  go(place) {
    place.focus();
    place.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  sideways(input, by) {
    const [y, x] = this.selection.positions.get(input);
    for (let column = x + by; column >= 0 && column < this.lines[y].length; column += by) {
      const next = this.lines[y][column];
      if (next && this.cellOf(next)) return this.go(next);
    }
    return Boolean(this.act.beside?.(input, by));
  }

  enter(input, by) {
    if (this.move(input, by)) return;
    this.take(input);
    if (by > 0) this.act.atEnd(input);
  }

  pressed(event) {
    const { key, target, shiftKey } = event;
    const cell = this.cellOf(target);
    if (!cell || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      this.pressedControl(event);
      return;
    }
    const extend = (down, across) => {
      this.take(target);
      this.selection.extend(down, across);
    };
    const isReady = !this.editing;
    const moves = {
      Enter: () => this.enter(target, shiftKey ? -1 : 1),
      Escape: () => this.back(target),
      F2: () => (shiftKey ? this.act.details?.(cell) : this.edit(target)),
    };
    if (isReady || !shiftKey) {
      moves.ArrowDown = () => (shiftKey ? extend(1, 0) : this.move(target, 1));
      moves.ArrowUp = () => (shiftKey ? extend(-1, 0) : this.move(target, -1));
    }
    if (isReady) {
      moves.ArrowLeft = () => (shiftKey ? extend(0, -1) : this.sideways(target, -1));
      moves.ArrowRight = () => (shiftKey ? extend(0, 1) : this.sideways(target, 1));
      if (!this.isTyped(target)) moves.Delete = () => this.clear();
    }
    if (!moves[key]) return;
    event.preventDefault();
    moves[key]();
  }

  pressedControl(event) {
    const { target } = event;
    const moves = {
      Home: () => this.toEnd(target, [...this.lines]),
      End: () => this.toEnd(target, [...this.lines].reverse()),
    };
    if (!this.editing && !this.isTyped(target)) moves.a = () => this.act.chooseAll(target);
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  toEnd(input, lines) {
    const [, x] = this.selection.positions.get(input);
    const next = lines.map((line) => line[x]).find((place) => place && this.cellOf(place));
    if (next) this.go(next);
  }

  /** Keys that hold wherever the cursor is on the page, but for other fields' own undoing. */
  pressedOnPage(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const isElsewhere = event.target.closest("dialog, textarea, input, select");
    if (isElsewhere && !this.cellOf(event.target)) {
      if (event.key !== "Enter" || event.target.closest("dialog, textarea")) return;
    }
    const key = event.key.toLowerCase();
    const moves = {
      enter: () => this.act.goOn(),
      z: () => (event.shiftKey ? this.redo() : this.undo()),
      y: () => this.redo(),
    };
    if (!moves[key]) return;
    event.preventDefault();
    moves[key]();
  }

  // --- Copies and blocks --------------------------------------------------------------------

  textOf(place) {
    return this.cellOf(place) ? place.value : (place.dataset.value ?? "");
  }

  copied(event) {
    const isOwn = this.active && !this.editing && !this.isTyped(this.active);
    const rectangle = this.copies ?? (isOwn ? this.selection.rectangle : null);
    if (!rectangle) return;
    event.preventDefault();
    const isOne = !this.copies && rectangle.length === 1 && rectangle[0].length === 1;
    const text = isOne
      ? this.textOf(rectangle[0][0])
      : copyOf(rectangle, (place) => this.textOf(place));
    event.clipboardData.setData("text/plain", text);
    this.act.say("copied", { count: rectangle.flat().filter(Boolean).length });
    if (event.type === "cut") this.clear();
  }

  /** Copy a whole column; the old command works where the clipboard's own interface does not. */
  copyColumn(x) {
    this.copies = this.lines.map((line) => [line[x]]);
    document.execCommand("copy");
    this.copies = null;
  }

  pasted(event) {
    const { target } = event;
    const cell = this.cellOf(target);
    if (!cell || cell.isLocked) return;
    const text = event.clipboardData.getData("text/plain");
    const rows = block(text);
    const isOne = rows.length === 1 && rows[0].length === 1 && text.length < LONGEST_CELL;
    if (isOne && (this.editing || this.isTyped(target))) return;
    event.preventDefault();
    // A clipboard without text (a picture) is no wish to clear the cell.
    if (read(text).value === null) return;
    if (isOne) this.write([[cell, cell.meant(target, rows[0][0])]]);
    else if (isBare(rows, this.widest, this.decimals) && !this.hasGroupRows(rows)) this.fill(rows);
    else {
      this.flush();
      if (!handOver(text, target)) this.act.refuse("paste_refused");
    }
  }

  /** Whether a block has a blank row before each group that it reaches, as our template has:
   * by position alone its figures would come to stand one metric lower with each group. */
  hasGroupRows(rows) {
    const { range, positions } = this.selection;
    const [top] = range ? [range.top] : positions.get(this.active);
    const groupOf = (line) => line && line.find(Boolean).closest("tbody");
    const isBlank = (row) => row.every((text) => read(text).value === null);
    let at = 0;
    let found = 0;
    for (let y = top; y < this.lines.length && at < rows.length; y += 1) {
      if (groupOf(this.lines[y]) !== groupOf(this.lines[y - 1])) {
        if (isBlank(rows[at])) {
          at += 1;
          found += 1;
        } else if (y > top) return false;
      }
      at += 1;
    }
    return found > 0;
  }

  /** Write a bare block by position, from the first cell of the range on; blanks change nothing. */
  fill(rows) {
    this.flush();
    const { range, positions } = this.selection;
    const [top, left] = range ? [range.top, range.left] : positions.get(this.active);
    const lines = this.lines.slice(top).filter((_line, row) => this.selection.isShown(top + row));
    const pairs = [];
    let over = 0;
    rows.forEach((row, down) =>
      row.forEach((text, across) => {
        if (read(text).value === null) return;
        const place = lines[down]?.[left + across];
        const cell = place && this.cellOf(place);
        if (cell && !cell.isLocked) pairs.push([cell, cell.meant(place, text)]);
        else over += 1;
      }),
    );
    this.write(pairs);
    this.act.say(over ? "pasted_over" : "pasted", { count: pairs.length, over });
  }
}
