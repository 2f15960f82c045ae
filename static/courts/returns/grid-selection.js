/* Owns the range chosen in a grid, by mouse and keyboard as in a spreadsheet; writes nothing.
 *
 * Terms: a *place* is one box of the grid: an input, or an element whose figure is only shown. The
 * focus stays in the place where a range begins (the *anchor*); the *head* is its other end.
 * Figures are never dragged: dragging chooses.
 */

const LEFT_BUTTON = 0;
const LEFT_IS_DOWN = 1;

export class Selection {
  /** `lines` are the rows of the grid, each a list of places or nulls, all of the same length. */
  constructor(table, lines, { isEditing, edit }) {
    Object.assign(this, { table, lines, isEditing, edit });
    this.positions = new Map();
    lines.forEach((line, y) =>
      line.forEach((place, x) => {
        if (place) this.positions.set(place, [y, x]);
      }),
    );
    this.rows = new Map(lines.map((line, y) => [line.find(Boolean).closest("tr"), y]));
    this.range = null;
    this.painted = [];
    this.press = null;
    this.clicked = null;
    this.pointer = "mouse";
    table.addEventListener("pointerdown", (event) => {
      this.pointer = event.pointerType;
    });
    table.addEventListener("mousedown", (event) => this.pressed(event));
    document.addEventListener("mousemove", (event) => this.dragged(event));
    document.addEventListener("mouseup", () => this.released());
    // Chosen text would be dragged into another cell by the browser, and saved there.
    for (const name of ["dragstart", "drop"]) {
      table.addEventListener(name, (event) => event.preventDefault());
    }
  }

  get active() {
    const focused = document.activeElement;
    return this.positions.has(focused) ? focused : null;
  }

  get isRange() {
    return this.range !== null;
  }

  /** The chosen places in rows: the range, else the focused place alone; null where there is none. */
  get rectangle() {
    if (this.range) {
      const { top, bottom, left, right } = this.range;
      return this.lines
        .slice(top, bottom + 1)
        .map((line) => line.slice(left, right + 1))
        .filter((line) => line.some((place) => place && place.offsetParent !== null));
    }
    return this.active ? [[this.active]] : [];
  }

  /** Choose everything between two positions (row, column), the ends included. */
  choose(from, to) {
    this.anchor = from;
    this.head = to;
    this.range = {
      top: Math.min(from[0], to[0]),
      bottom: Math.max(from[0], to[0]),
      left: Math.min(from[1], to[1]),
      right: Math.max(from[1], to[1]),
    };
    if (from[0] === to[0] && from[1] === to[1]) this.range = null;
    this.paint();
  }

  clear() {
    this.range = null;
    this.anchor = null;
    this.head = null;
    this.paint();
  }

  paint() {
    for (const place of this.painted) place.classList.remove("is-chosen");
    this.painted = this.range ? this.rectangle.flat().filter(Boolean) : [];
    for (const place of this.painted) place.classList.add("is-chosen");
  }

  /** Move the head of the range by rows and columns; rows that are hidden are passed over. */
  extend(down, across) {
    const start = this.positions.get(this.active);
    if (!start) return;
    const [y, x] = this.head ?? start;
    let row = y + down;
    while (down && this.lines[row] && !this.isShown(row)) row += down;
    if (!this.lines[row] || x + across < 0 || x + across >= this.lines[row].length) return;
    this.choose(start, [row, x + across]);
    this.lines[row][x + across]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  isShown(row) {
    return this.lines[row].some((place) => place && place.offsetParent !== null);
  }

  all() {
    this.choose([0, 0], [this.lines.length - 1, this.lines[0].length - 1]);
  }

  column(x) {
    this.choose([0, x], [this.lines.length - 1, x]);
  }

  // --- The mouse ----------------------------------------------------------------------------

  pressed(event) {
    const target = event.target.closest("input");
    if (event.button !== LEFT_BUTTON || this.pointer !== "mouse") return;
    if (!this.positions.has(target)) return;
    const { active } = this;
    if (target === active && this.isEditing(target) && !event.shiftKey) return;
    // The browser would set a caret, or take hold of the chosen text to drag it.
    event.preventDefault();
    const here = this.positions.get(target);
    if (event.shiftKey && active) {
      this.choose(this.positions.get(active), here);
      return;
    }
    const isAgain = target === active && target === this.clicked && !this.isRange;
    this.press = { here, target, isAgain, isMoved: false };
    if (target === active) this.clear();
    else target.focus({ preventScroll: true });
  }

  dragged(event) {
    if (!this.press) return;
    if (!(event.buttons & LEFT_IS_DOWN)) {
      this.press = null;
      return;
    }
    const to = this.under(event);
    if (!to) return;
    const [y, x] = this.head ?? this.press.here;
    if (to[0] === y && to[1] === x) return;
    this.press.isMoved = true;
    this.choose(this.press.here, to);
    this.lines[to[0]][to[1]]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  released() {
    const { press } = this;
    this.press = null;
    if (!press || press.isMoved) return;
    // The first click chooses the cell, as in a sheet; the next one types into it.
    if (press.isAgain) this.edit(press.target);
    else press.target.select();
    this.clicked = press.target;
  }

  /** The position under the pointer; beside the columns of figures, the last one of that row. */
  under(event) {
    const element = document.elementFromPoint(event.clientX, event.clientY);
    const y = this.rows.get(element?.closest("tr"));
    if (y === undefined) return null;
    const box = element.closest("td, th");
    const x = this.lines[y].findIndex((place) => place && box?.contains(place));
    return [y, x < 0 ? (this.head ?? this.press.here)[1] : x];
  }
}
