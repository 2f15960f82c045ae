/* Owns what can be undone and redone in a grid: typing, pasting, clearing, taking back, as one stack.
 *
 * Terms: a *step* is what one act of the person did; a *change* in it is a cell with its text
 * before and after. A cell that shows another text than the step left in it is not touched: it has
 * been changed since by somebody else, or by a choice between two values.
 */

import { isSame } from "./grid-figures.js";

export class History {
  constructor() {
    this.done = [];
    this.taken = [];
  }

  /** Remember a step; what had been taken back before can then no longer be redone. */
  add(step) {
    if (!step.length) return;
    this.done.push(step);
    this.taken = [];
  }

  /** Take the last step back: the pairs of cell and text to write, and how many cells are left out. */
  undo() {
    return this.turn(this.done, this.taken, "after", "before");
  }

  /** Do again what was taken back last. */
  redo() {
    return this.turn(this.taken, this.done, "before", "after");
  }

  turn(from, onto, now, then) {
    const step = from.pop();
    if (!step) return null;
    const open = step.filter(({ cell, ...texts }) => !cell.isLocked && isSame(cell.text, texts[now], cell.places));
    if (open.length) onto.push(open);
    return {
      pairs: open.map(({ cell, ...texts }) => [cell, texts[then]]),
      skipped: step.length - open.length,
    };
  }
}
