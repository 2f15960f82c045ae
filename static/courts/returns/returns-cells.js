/* Owns one row of a return's grid: its two inputs, its state in text and shape, and its notes.
 *
 * Terms: `stored` is what the server said last that it has; `text` is what the person last handed
 * over, as typed, or the stored figure. They differ while waiting or refused. The
 * *base* is the figure of the month before: with it either input follows from the other. A stock,
 * or a row whose base nobody reported, has no second input.
 */

import { faultText, read, write } from "./grid-figures.js";

export class Cell {
  constructor(row, texts) {
    const { metric, base, kind, value, version, baseMonth, places } = row.dataset;
    this.places = Number(places ?? 0);
    this.row = row;
    this.texts = texts;
    this.metric = metric;
    this.kind = kind;
    this.isGrowing = kind === "count" || kind === "sum";
    this.base = base === undefined ? null : Number(base);
    this.baseMonth = baseMonth ?? "";
    this.stored = value === "" ? null : Number(value);
    this.version = Number(version);
    this.total = row.querySelector("[data-column=total]");
    this.alone = row.querySelector("input[data-column=alone]");
    this.opener = row.querySelector("[data-opens]");
    this.badge = row.querySelector("[data-badge]");
    this.notes = document.getElementById(`notes-${metric}`);
    this.list = this.notes.querySelector("[data-notes]");
    this.clash = this.notes.querySelector("[data-clash]");
    this.state = row.dataset.state;
    this.found = [...this.list.children].map((node) => ({
      severity: node.dataset.severity,
      sentence: node.dataset.sentence ?? node.textContent.trim(),
      kept: node.dataset.kept === "yes",
    }));
    this.own = [];
    this.inputs = [this.total, this.alone].filter(Boolean);
    // As the page came: on a slow network people type before this script is there.
    this.text = this.total.defaultValue;
    this.shown = new Map(this.inputs.map((input) => [input, input.defaultValue]));
  }

  get isLocked() {
    return this.total.readOnly;
  }

  /** What was handed over, read. */
  get now() {
    return read(this.text, this.places);
  }

  /** What stands in an input for the text of the cell. */
  shownIn(input) {
    return this.shown.get(input);
  }

  get differs() {
    const now = this.now;
    return now.fault !== undefined || now.value !== this.stored;
  }

  /** The year-to-date text that something typed in one of the inputs stands for. */
  meant(input, text) {
    const typed = read(text, this.places);
    if (input === this.total || typed.fault || typed.value === null) return text;
    return write(typed.value + this.base, this.places);
  }

  /** Take a year-to-date text, and show this month alone beside it. */
  show(text) {
    this.text = text;
    this.total.value = text;
    if (this.alone) this.alone.value = this.aloneOf(this.now);
    for (const input of this.inputs) this.shown.set(input, input.value);
    this.judge(this.now);
  }

  aloneOf(now) {
    const isKnown = !now.fault && now.value !== null;
    return isKnown ? write(now.value - this.base, this.places) : "";
  }

  /** Follow a text while it is typed; the other input is filled at once. */
  follow(input) {
    const typed = read(input.value, this.places);
    if (input === this.total) {
      if (this.alone) this.alone.value = this.aloneOf(typed);
    } else {
      const isKnown = !typed.fault && typed.value !== null;
      this.total.value = isKnown ? write(typed.value + this.base, this.places) : "";
    }
    this.judge(typed.fault ? typed : read(this.total.value, this.places));
  }

  /** The checks that need no server: whole, not negative, not below the month before. */
  judge(now) {
    this.own = [];
    if (now.fault) this.own.push({ severity: "error", sentence: faultText(this.texts, now.fault, this.places) });
    else if (now.value !== null && this.isGrowing && now.value < (this.base ?? 0)) {
      this.own.push({
        severity: "error",
        sentence: this.texts.get("falls", { before: write(this.base, this.places), month: this.baseMonth }),
      });
    }
    this.drawNotes();
  }

  setState(state, reason = "") {
    this.state = state;
    this.row.dataset.state = state;
    this.badge.querySelector("use").setAttribute("href", `#state-${state}`);
    this.badge.querySelector("span").textContent = this.texts.get(`state_${state}`);
    this.badge.title = reason;
    const isWrong = state === "refused" || state === "conflict";
    if (isWrong) this.total.setAttribute("aria-invalid", "true");
    else this.total.removeAttribute("aria-invalid");
    this.reason = state === "refused" ? reason : "";
    this.drawNotes();
  }

  /** The state of a cell that says what the server says. */
  rest() {
    this.setState(this.isLocked ? "locked" : this.stored === null ? "blank" : "saved");
  }

  settle(value, version) {
    this.stored = value;
    this.version = version;
    this.row.dataset.value = write(value);
    this.row.dataset.version = String(version);
  }

  setFindings(findings) {
    this.found = [...this.found.filter((note) => note.kept), ...findings];
    this.drawNotes();
  }

  drawNotes() {
    const isFault = this.state === "refused" && this.reason;
    const own = isFault
      ? [{ severity: "error", sentence: this.reason }]
      : this.own;
    // The server says the same of a fall, in more words.
    const told = this.found.some((note) => note.severity === "error" && !note.kept);
    const notes = [...(told && !isFault && !this.differs ? [] : own), ...this.found];
    this.list.replaceChildren(...notes.map((note) => this.line(note)));
    this.row.dataset.worst = notes.some((note) => note.severity === "error")
      ? "error"
      : notes.some((note) => note.severity === "warning")
        ? "warning"
        : "";
    this.notes.hidden = !notes.length && this.clash.hidden;
  }

  line(note) {
    const item = document.createElement("li");
    item.dataset.severity = note.severity;
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    mark.setAttribute("class", "icon");
    mark.setAttribute("viewBox", "0 0 16 16");
    mark.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#note-${note.severity}`);
    mark.append(use);
    const label = document.createElement("strong");
    label.textContent = this.texts.get(`note_${note.severity}`);
    item.append(mark, label, " ", note.sentence);
    return item;
  }

  /** Let the person choose between two values; nothing is overwritten meanwhile. */
  showClash(result, choose) {
    const { texts, clash } = this;
    const mine = this.text;
    const blank = texts.get("blank");
    const words = {
      name: result.changed_by,
      time: result.changed_at,
      theirs: result.value === null ? blank : result.value,
      mine: mine === "" ? blank : mine,
    };
    const sentence = document.createElement("p");
    sentence.textContent = texts.get("clash", words);
    const buttons = ["theirs", "mine"].map((which) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = texts.get(`clash_${which}`, words);
      button.addEventListener("click", () => {
        this.hideClash();
        choose(which);
        this.total.focus();
      });
      return button;
    });
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(...buttons);
    clash.replaceChildren(sentence, actions);
    clash.hidden = false;
    this.setState("conflict");
  }

  hideClash() {
    this.clash.hidden = true;
    this.clash.replaceChildren();
    this.drawNotes();
  }
}
