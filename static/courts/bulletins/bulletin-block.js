/* Owns one block of a bulletin on the page: its text with live numbers, its field, what is wrong.
 *
 * Terms: the *state* is what the server said of the block last; a block is *dirty* while its field
 * holds what no answer has confirmed. Nothing typed is ever replaced: a conflict shows both texts.
 */

const CHECK_PAUSE = 400;
const SAVE_PAUSE = 1200;
const TOKEN = /⟦([^⟦⟧]*)⟧/g;

const made = (name, text, className) => {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
};

export class BulletinBlock {
  /** `page` has `texts`, `numbers` (an address), `keyOf`, `check`, `save`, `act` and `changed`. */
  constructor(section, page) {
    Object.assign(this, { section, page });
    this.state = JSON.parse(section.dataset.state);
    this.reasons = { ...this.state.reasons };
    // What the tokens of the text in the field stand for, also while another text is stored.
    this.keys = { ...this.state.keys };
    this.isDirty = false;
    this.sentText = null;
    this.theirs = null;
    this.find("[data-text-of]").value = this.state.text;
    this.listen();
    this.drawReasons(this.state.typed);
    this.drawFindings(this.state.findings);
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  get key() {
    return this.state.key;
  }

  get field() {
    return this.find("[data-text-of]");
  }

  get isOpen() {
    return !this.find("[data-edit]").hidden;
  }

  listen() {
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
      if (event.key === "Enter" && !event.isComposing) event.preventDefault();
    });
    this.section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      const act = button.dataset.do;
      if (act === "edit") this.isOpen ? this.close() : this.open();
      else this.page.act(this, act);
    });
  }

  open() {
    this.find("[data-edit]").hidden = false;
    const button = this.find("[data-do=edit]");
    button.textContent = this.page.texts.get("done");
    button.setAttribute("aria-expanded", "true");
    this.fit();
    this.field.focus();
    this.page.changed(this);
  }

  close() {
    this.find("[data-edit]").hidden = true;
    const button = this.find("[data-do=edit]");
    button.textContent = this.page.texts.get("edit");
    button.setAttribute("aria-expanded", "false");
    button.focus();
    this.saveNow();
    this.page.changed(this);
  }

  /** As many lines as the text takes. */
  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  typed() {
    this.isDirty = true;
    this.fit();
    clearTimeout(this.checkTimer);
    clearTimeout(this.saveTimer);
    this.checkTimer = setTimeout(() => this.page.check(this), CHECK_PAUSE);
    this.saveTimer = setTimeout(() => this.saveNow(), SAVE_PAUSE);
    this.page.changed(this);
  }

  saveNow() {
    clearTimeout(this.saveTimer);
    if (this.isDirty && !this.theirs) this.page.save(this);
  }

  /** What is sent: the text, and the keys of its tokens, also of those from other blocks. */
  entry() {
    const text = this.field.value;
    const keys = {};
    for (const match of text.matchAll(TOKEN)) {
      const key = this.keys[match[1]] || this.page.keyOf(match[1]);
      if (key) keys[match[1]] = key;
    }
    return { block: this.key, seen: this.state.version, text, keys, reasons: this.reasons };
  }

  /** Take what the server holds; `isAnswer` tells that it answers what was sent from here. */
  take(state, isAnswer) {
    const isSame = state.version === this.state.version && state.text === this.state.text;
    if (this.isDirty && !isAnswer && !isSame) {
      // Somebody else saved while this text was not: both are kept until one is chosen.
      this.clash(state);
      return;
    }
    if (isAnswer && this.field.value === this.sentText) this.isDirty = false;
    this.state = state;
    if (!this.isDirty) {
      // A field that shows what nobody stores any more would be written over the newer text.
      if (this.field.value !== state.text) this.replace(state.text);
      this.reasons = { ...state.reasons };
      this.keys = { ...state.keys };
    } else {
      this.keys = { ...state.keys, ...this.keys };
    }
    this.draw(state);
    this.page.changed(this);
  }

  /** Put another text into the field; the caret stays about where it was. */
  replace(text) {
    const caret = this.field.selectionEnd;
    const isFocused = document.activeElement === this.field;
    this.field.value = text;
    if (isFocused) this.field.setSelectionRange(caret, caret);
    if (this.isOpen) this.fit();
  }

  draw(state) {
    const shown = this.find("[data-shown]");
    shown.replaceChildren(...state.runs.map((run) => this.run(...run)));
    const changed = [state.changed_by, state.changed_at].filter(Boolean).join(" ");
    this.find("[data-changed]").textContent = changed;
    const restore = this.find("[data-do=restore]");
    restore.hidden = !state.is_edited || state.key.startsWith("own.");
    this.drawReasons(state.typed);
    this.drawFindings(state.findings);
  }

  run(kind, text, key, reason) {
    if (kind === "field") {
      const chip = made("a", text, "live-number");
      chip.href = `${this.page.numbers}?key=${encodeURIComponent(key)}`;
      chip.dataset.key = key;
      return chip;
    }
    if (kind === "typed") return made("mark", text, reason ? "typed" : "typed typed-open");
    return document.createTextNode(text);
  }

  /** A field for the reason of each number typed by hand; those that are open keep the caret. */
  drawReasons(numbers) {
    const list = this.find("[data-reasons]");
    const there = new Map([...list.children].map((row) => [row.dataset.number, row]));
    const rows = numbers.map((number) => there.get(number) || this.reasonRow(number));
    if (rows.length !== list.children.length || rows.some((row) => !row.isConnected)) {
      list.replaceChildren(...rows);
    }
  }

  reasonRow(number) {
    const row = made("div", "", "field");
    row.dataset.number = number;
    const label = made("label", this.page.texts.get("reason", { number }));
    const input = made("input");
    input.id = `reason-${this.key}-${number}`;
    label.htmlFor = input.id;
    input.maxLength = 300;
    input.value = this.reasons[number] || "";
    input.addEventListener("input", () => {
      this.reasons[number] = input.value;
      this.typed();
    });
    row.append(label, input);
    return row;
  }

  drawFindings(findings) {
    const items = findings.map((finding) => {
      const item = made("li", "", `finding finding-${finding.severity}`);
      item.append(made("q", finding.text), ` ${finding.message} `);
      if (this.isOpen) {
        const button = made("button", this.page.texts.get("select"), "button button-small");
        button.type = "button";
        button.addEventListener("click", () => {
          this.field.focus();
          this.field.setSelectionRange(finding.start, finding.end);
        });
        item.append(button);
      }
      return item;
    });
    this.find("[data-findings]").replaceChildren(...items);
  }

  /** Show both texts; `state` is null where the block is gone. */
  clash(state) {
    this.theirs = state || {};
    const { texts } = this.page;
    const place = this.find("[data-clash]");
    const parts = [made("p", texts.get(state ? "clash" : "clash_gone"), "fault")];
    parts[0].setAttribute("role", "alert");
    const side = (label, text, take, act) => {
      const box = made("div", "", "clash-side");
      const button = made("button", take, "button");
      button.type = "button";
      button.addEventListener("click", act);
      box.append(made("p", label, "clash-label"), made("p", text), button);
      return box;
    };
    if (state) {
      const values = { name: state.changed_by, time: state.changed_at };
      parts.push(
        side(texts.get("clash_theirs", values), state.text, texts.get("take_theirs"), () => {
          this.isDirty = false;
          this.settle();
          this.state = state;
          this.field.value = state.text;
          this.reasons = { ...state.reasons };
          this.keys = { ...state.keys };
          this.draw(state);
          this.page.changed(this);
        }),
        side(texts.get("clash_mine"), this.field.value, texts.get("take_mine"), () => {
          this.settle();
          this.state = state;
          this.page.save(this);
        }),
      );
    }
    place.replaceChildren(...parts);
    place.hidden = false;
    this.page.changed(this);
  }

  settle() {
    this.theirs = null;
    const place = this.find("[data-clash]");
    place.hidden = true;
    place.replaceChildren();
    this.field.focus();
  }

  showOthers(names) {
    const { texts } = this.page;
    const text = names.length ? texts.get("here", { name: names.join(texts.get("another")) }) : "";
    const place = this.find("[data-other]");
    if (place.textContent !== text) place.textContent = text;
    this.section.classList.toggle("is-elsewhere", names.length > 0);
  }
}
