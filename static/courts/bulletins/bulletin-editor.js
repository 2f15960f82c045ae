/* Owns the page that edits a bulletin: saves what is typed, tells who else is there, opens numbers.
 *
 * A block is saved a moment after the last key; what cannot be saved stays on the page and is tried
 * again. The page asks every few seconds what others changed.
 */

import { BulletinBlock } from "./bulletin-block.js";
import { BulletinLine } from "./bulletin-line.js";
import { NumberPicker } from "./bulletin-picker.js";
import { Texts } from "../returns/grid-texts.js";

const ASK_EVERY = 4000;
const TRY_AGAIN = 3000;

class Editor {
  constructor(root) {
    this.root = root;
    this.texts = new Texts(root);
    this.numbers = root.dataset.numbers;
    this.list = root.querySelector("[data-list]");
    this.line = new BulletinLine({
      address: root.dataset.address,
      token: root.dataset.token,
      user: root.dataset.user,
      language: root.dataset.language,
      since: Number(root.dataset.since),
    });
    this.blocks = new Map();
    for (const section of this.list.querySelectorAll("[data-state]")) this.put(section);
    this.trouble = "";
    this.sending = 0;
    this.ask();
    window.addEventListener("beforeunload", (event) => {
      if (!this.dirty.length) return;
      event.preventDefault();
      // What older browsers ask for.
      event.returnValue = "";
    });
    document.addEventListener("visibilitychange", () => {
      for (const block of this.dirty) block.saveNow();
    });
    new Panel(root);
    const picker = root.querySelector("[data-picker]");
    if (picker) this.picker = new NumberPicker(picker, () => this.loadNumbers());
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-table] [data-do=add]");
      if (button) this.addBehind(button.closest("[data-block]").dataset.block, button);
    });
  }

  async loadNumbers() {
    const answer = await this.send("numbers", {});
    return answer ? answer.numbers : null;
  }

  /** Add a block of the form that is chosen beside the button. */
  async addBehind(key, button) {
    const form = button.parentElement.querySelector("[data-form]").value;
    const answer = await this.send("add", { block: key, form });
    if (!answer) return;
    this.take(answer);
    if (this.blocks.has(answer.result.block)) this.blocks.get(answer.result.block).open();
  }

  get dirty() {
    return [...this.blocks.values()].filter((block) => block.isDirty);
  }

  put(section) {
    const block = new BulletinBlock(section, this);
    this.blocks.set(block.key, block);
    return block;
  }

  /** The key of a token as it is shown, where all other blocks agree on one. */
  keyOf(label) {
    const keys = new Set();
    for (const block of this.blocks.values()) {
      if (block.state.keys[label]) keys.add(block.state.keys[label]);
    }
    return keys.size === 1 ? [...keys][0] : "";
  }

  get openBlock() {
    const active = document.activeElement && document.activeElement.closest("[data-block]");
    return active && this.blocks.has(active.dataset.block) && this.blocks.get(active.dataset.block).isOpen
      ? active.dataset.block
      : "";
  }

  async send(act, more) {
    this.sending += 1;
    this.say();
    try {
      const answer = await this.line.send(act, { open: this.openBlock, ...more });
      this.trouble = "";
      return answer;
    } catch (error) {
      this.trouble = error.kind === "refused" ? error.message : this.texts.get(error.kind);
      return null;
    } finally {
      this.sending -= 1;
      this.say();
    }
  }

  async ask() {
    if (document.visibilityState === "visible") {
      const answer = await this.send("look", {});
      if (answer) this.take(answer);
    }
    setTimeout(() => this.ask(), ASK_EVERY);
  }

  async check(block) {
    const sent = block.entry();
    const answer = await this.send("check", sent);
    if (!answer) return;
    this.take(answer);
    if (!answer.checked || block.field.value !== sent.text) return;
    block.drawReasons(answer.checked.typed);
    block.drawFindings(answer.checked.findings);
  }

  async save(block) {
    const sent = block.entry();
    block.sentText = sent.text;
    const answer = await this.send("save", sent);
    if (!answer) {
      block.saveTimer = setTimeout(() => block.saveNow(), TRY_AGAIN);
      return;
    }
    const { status } = answer.result;
    const state = answer.blocks.find((one) => one.key === block.key) || null;
    if (status === "conflict") block.clash(state);
    else if (state) block.take(state, true);
    this.take(answer, block.key);
    // Typed on while the answer was under way: the next save follows the version just stored.
    if (block.isDirty && !block.theirs) block.saveTimer = setTimeout(() => block.saveNow(), 0);
  }

  async act(block, act) {
    if (act === "pick") {
      this.picker.open(block);
      return;
    }
    if (block.isDirty && !block.theirs) await this.save(block);
    if (act === "add") {
      await this.addBehind(block.key, block.find("[data-do=add]"));
      return;
    }
    const answer = await this.send(act, { block: block.key, seen: block.state.version });
    if (!answer) return;
    block.sentText = block.field.value;
    if (answer.result.status === "conflict") {
      this.take(answer);
      return;
    }
    if (act === "restore") {
      const state = answer.blocks.find((one) => one.key === block.key);
      if (state) block.take(state, true);
    }
    this.take(answer, act === "restore" ? block.key : "");
    if (act === "leave_out") this.focusNear(block);
  }

  focusNear(block) {
    const next = this.list.querySelector("[data-do=edit]");
    if (!block.section.isConnected && next) next.focus();
  }

  /** Take what an answer says of all blocks but the one it was about. */
  take(answer, own = "") {
    for (const state of answer.blocks) {
      if (state.key === own) continue;
      if (this.blocks.has(state.key)) this.blocks.get(state.key).take(state, false);
      else this.add(state, answer.order);
    }
    for (const [key, block] of this.blocks) {
      if (answer.order.includes(key)) continue;
      if (block.isDirty) block.clash(null);
      else {
        block.section.remove();
        this.blocks.delete(key);
      }
    }
    this.root.querySelector("[data-errors]").textContent = answer.errors;
    this.showOthers(answer.others);
    this.say();
  }

  /** A block that somebody added stands behind the one before it. */
  add(state, order) {
    const section = this.root.querySelector("[data-new]").content.firstElementChild.cloneNode(true);
    section.id = `block-${state.key}`;
    section.dataset.block = state.key;
    section.dataset.state = JSON.stringify(state);
    const { kind, level } = state;
    section.className = level ? `block block-${kind} level-${level}` : `block block-${kind}`;
    const field = section.querySelector("[data-text-of]");
    field.id = `text-${state.key}`;
    section.querySelector("label").htmlFor = field.id;
    const before = order[order.indexOf(state.key) - 1];
    const place = this.list.querySelector(`[data-block="${CSS.escape(before)}"]`);
    if (place) place.after(section);
    else this.list.prepend(section);
    this.put(section).draw(state);
  }

  showOthers(others) {
    const names = [...new Set(others.map((one) => one.name))];
    const text = names.length
      ? this.texts.get("others", { names: names.join(this.texts.get("another")) })
      : "";
    const place = this.root.querySelector("[data-others]");
    if (place.textContent !== text) place.textContent = text;
    for (const block of this.blocks.values()) {
      block.showOthers(others.filter((one) => one.block === block.key).map((one) => one.name));
    }
  }

  changed() {
    this.say();
  }

  /** One line on how things stand. */
  say() {
    const { dirty, texts } = this;
    let text = texts.get(dirty.length ? "typing" : "saved");
    if (dirty.some((block) => block.sentText === block.field.value) && this.sending) {
      text = texts.get("saving");
    }
    if (dirty.some((block) => block.theirs)) text = texts.get("clash");
    const place = this.root.querySelector("[data-line]");
    const said = this.trouble || text;
    if (place.textContent.trim() !== said) place.textContent = said;
  }
}

/** What a live number opens to, beside the text. */
class Panel {
  constructor(root) {
    this.node = root.querySelector("[data-panel]");
    this.opener = null;
    root.addEventListener("click", (event) => {
      const chip = event.target.closest("a.live-number");
      if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(chip);
    });
    this.node.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async open(chip) {
    this.opener = chip;
    let text = "";
    try {
      const answer = await fetch(`${chip.href}&part=1`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error("no part");
      text = await answer.text();
    } catch {
      window.location.href = chip.href;
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    this.node.querySelector("[data-panel-body]").replaceChildren(...page.body.children);
    this.node.hidden = false;
    this.node.querySelector("h2").focus();
  }

  close() {
    this.node.hidden = true;
    if (this.opener && this.opener.isConnected) this.opener.focus();
  }
}

for (const root of document.querySelectorAll("[data-editor]")) new Editor(root);
