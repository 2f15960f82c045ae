/* The grid of all courts: an office changes figures on courts' behalf, then saves them together
 * under one reason, a request a court. Until then they stay on this machine. */

import { faultText, isSame, read, write } from "./grid-figures.js";
import { Line, Trouble } from "./grid-line.js";
import { readOnPhones } from "./grid-phone.js";
import { Sheet } from "./grid-sheet.js";
import { Store } from "./grid-store.js";
import { Texts } from "./grid-texts.js";

const WAITS = [5000, 10000, 30000];
const WIDEST = Infinity;

/** One figure of one court. Terms as in `returns-cells.js`: `stored`, `text`.
 *
 * It is *unknown* what the server has after a request without an answer, and until somebody chose
 * between two values: such a cell counts as changed whatever stands in it.
 */
class OfficeCell {
  constructor(input, texts) {
    this.input = input;
    this.inputs = [input];
    this.texts = texts;
    this.court = input.dataset.court;
    this.metric = input.dataset.metric;
    this.address = input.dataset.address;
    this.places = Number(input.dataset.places ?? 0);
    this.key = `${this.court}/${this.metric}`;
    [this.courtName, this.metricName] = input.getAttribute("aria-label").split("，");
    this.isUnknown = false;
    this.said = input.title;
    // As the page came: on a slow network people type before this script is there.
    this.text = input.defaultValue;
    const { value, version } = input.dataset;
    this.settle(value === "" ? null : Number(value), Number(version));
  }

  settle(value, version) {
    this.stored = value;
    this.version = version;
    this.isUnknown = false;
  }

  get isLocked() {
    return this.input.readOnly;
  }

  get isChanged() {
    return this.isUnknown || !isSame(this.text, write(this.stored, this.places), this.places);
  }

  get fault() {
    return read(this.text, this.places).fault;
  }

  shownIn() {
    return this.text;
  }

  meant(_input, text) {
    return text;
  }

  show(text) {
    this.text = text;
    this.input.value = text;
    this.follow();
  }

  /** Mark what stands in the input, while a person types as well. */
  follow() {
    const { value } = this.input;
    const { fault } = read(value, this.places);
    this.input.classList.toggle(
      "is-changed",
      this.isUnknown || !isSame(value, write(this.stored, this.places), this.places),
    );
    if (fault) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    this.input.title = fault ? faultText(this.texts, fault, this.places) : this.said;
  }
}

const start = (page) => {
  const { user, place, token } = page.dataset;
  const texts = new Texts(page.querySelector("[data-texts]"));
  const form = page.querySelector("[data-behalf]");
  const table = page.querySelector("table");
  const lines = [...table.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("input.figure, a.plain")])
    .filter((line) => line.length);
  const cells = lines
    .flat()
    .filter((element) => element.matches("input"))
    .map((input) => new OfficeCell(input, texts));
  const byInput = new Map(cells.map((cell) => [cell.input, cell]));
  const byKey = new Map(cells.map((cell) => [cell.key, cell]));
  const reason = form?.querySelector("[data-reason]");
  const counter = form?.querySelector("[data-count]");
  const live = page.querySelector("[data-live]");
  const notes = page.querySelector("[data-notes]");
  const store = new Store(user, `behalf/${place}`);
  const line = new Line({ token, user });
  let failures = 0;
  let timer = null;
  let isSaving = false;
  let isAsked = false;

  const say = (name, values) => {
    live.textContent = texts.get(name, values);
  };

  /** Columns others hold are texts: their figures count in the sums all the same. */
  const total = (row) => {
    let sum = null;
    const whole = row.querySelector("[data-total]");
    const places = Number(whole.dataset.places ?? 0);
    for (const element of row.querySelectorAll("input.figure, a.plain")) {
      // What is a text says how it is held.
      const held = element.dataset.value;
      const { value, fault } =
        element.value === undefined
          ? { value: held === "" ? null : Number(held) }
          : read(element.value, places);
      if (!fault && value !== null) sum = (sum ?? 0) + value;
    }
    whole.textContent = sum === null ? "—" : write(sum, places);
  };

  const count = () => {
    const open = cells.filter((cell) => cell.isChanged).length;
    counter.textContent = texts.get(open ? "unsaved" : "none", { count: open });
    return open;
  };

  /** Keep a changed cell on this machine, and only a changed one. */
  const keep = (cell) => {
    if (cell.isChanged) store.put(cell.key, cell.text, cell.version);
    else store.drop(cell.key);
    total(cell.input.closest("tr"));
    count();
  };

  const commit = (cell, text) => {
    cell.show(text);
    keep(cell);
  };

  const note = (content) => {
    const item = document.createElement("li");
    item.append(...[content].flat());
    notes.append(item);
    notes.hidden = false;
  };

  const clearNotes = () => {
    notes.replaceChildren();
    notes.hidden = true;
  };

  const named = (cell, why) =>
    texts.get("cell", { court: cell.courtName, metric: cell.metricName, why });

  const choose = (cell, result) => {
    cell.isUnknown = true;
    const blank = texts.get("blank");
    const words = {
      name: result.changed_by,
      time: result.changed_at,
      theirs: result.value ?? blank,
      mine: cell.text === "" ? blank : cell.text,
    };
    const buttons = ["theirs", "mine"].map((which) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = texts.get(`clash_${which}`, words);
      button.addEventListener("click", () => {
        cell.settle(result.value, result.version);
        commit(cell, which === "theirs" ? write(result.value, cell.places) : cell.text);
        button.closest("li").remove();
        notes.hidden = !notes.children.length;
        cell.input.focus();
      });
      return button;
    });
    note([named(cell, texts.get("clash", words)), " ", ...buttons]);
  };

  /** Take the answer to cells of one court; how many of them were saved. */
  const answered = (sent, answer) => {
    let saved = 0;
    const told = new Set(answer.results.map((result) => result.metric));
    // An answer that leaves a cell out is no answer for that cell.
    if (sent.some(({ cell }) => !told.has(cell.metric))) throw new Trouble("unread");
    for (const result of answer.results) {
      const own = sent.find(({ cell }) => cell.metric === result.metric);
      if (!own) continue;
      const { cell, text } = own;
      if (result.status === "saved" || result.status === "unchanged") {
        cell.settle(result.value, result.version);
        // Typed on while it was under way: the later text stays, as a change of its own.
        if (cell.text === text && !sheet.isBusy(cell)) cell.show(write(result.value, cell.places));
        keep(cell);
        saved += 1;
      } else if (result.status === "conflict") {
        choose(cell, result);
      } else {
        note(named(cell, result.message));
      }
    }
    return saved;
  };

  /** Send the changes of one court; how many were saved. Whatever is not answered stays changed. */
  const send = async (open) => {
    const [{ address, courtName: court }] = open;
    const sent = open.map((cell) => ({ cell, text: cell.text }));
    const figures = open.map(({ metric, text, version }) => ({ metric, text, seen: version }));
    try {
      return answered(sent, await line.send(address, figures, { reason: reason.value }));
    } catch (error) {
      const { kind, detail } = error instanceof Trouble ? error : new Trouble("lost");
      note(texts.get(kind, { court, why: detail }));
      if (kind !== "refused") for (const cell of open) cell.isUnknown = true;
      if (kind === "lost" || kind === "unread") failures += 1;
      if (kind === "signed_out" || kind === "stranger") throw error;
      return 0;
    }
  };

  /** Send again what had no answer, but not into the middle of somebody's typing. */
  const later = () => {
    timer = setTimeout(() => {
      if (cells.some((cell) => sheet.isBusy(cell) || cell.fault)) later();
      else save();
    }, WAITS[Math.min(failures, WAITS.length) - 1]);
  };

  const save = async () => {
    if (isSaving) {
      isAsked = true;
      return;
    }
    clearTimeout(timer);
    sheet.flush();
    clearNotes();
    const open = cells.filter((cell) => cell.isChanged);
    const faulty = open.filter((cell) => cell.fault);
    if (faulty.length) {
      note(texts.get("faulty", { count: faulty.length }));
      faulty.forEach((cell) => note(named(cell, faultText(texts, cell.fault, cell.places))));
      faulty[0].input.focus();
      return;
    }
    if (!open.length) return;
    if (!reason.value.trim()) {
      note(texts.get("reason"));
      reason.focus();
      return;
    }
    counter.textContent = texts.get("saving");
    isSaving = true;
    const before = failures;
    let saved = 0;
    try {
      for (const court of new Set(open.map((cell) => cell.court))) {
        saved += await send(open.filter((cell) => cell.court === court));
      }
    } catch {
      /* Signed out, or another account: the note says so; nothing else is sent. */
    }
    isSaving = false;
    if (failures === before) failures = 0;
    else later();
    if (!count()) counter.textContent = texts.get("saved", { count: saved });
    if (isAsked) {
      isAsked = false;
      save();
    }
  };

  const refuse = (name, values) => {
    clearNotes();
    note(texts.get(name, values));
  };

  const sheet = new Sheet({
    table,
    lines,
    cellOf: (input) => byInput.get(input),
    widest: WIDEST,
    act: {
      say,
      refuse,
      commit,
      revert: (cell) => commit(cell, write(cell.stored, cell.places)),
      atEnd: () => (reason.value.trim() ? form.querySelector("[data-save]") : reason).focus(),
      goOn: () => form && save(),
      chooseAll: () => sheet.selection.all(),
    },
  });
  if (!form) return;

  table.addEventListener("input", ({ target }) => {
    if (byInput.has(target)) total(target.closest("tr"));
  });
  table.addEventListener("focusout", ({ target }) => {
    if (byInput.has(target)) total(target.closest("tr"));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  document.addEventListener("grid:write", ({ detail }) => {
    const pairs = detail.pairs.map(({ court, metric, text }) => [
      byKey.get(`${court}/${metric}`),
      text,
    ]);
    say("pasted", { count: sheet.write(pairs.filter(([cell]) => cell)) });
  });
  for (const { metric, text, seen } of store.all()) {
    const cell = byKey.get(metric);
    if (!cell || isSame(write(cell.stored, cell.places), text, cell.places)) {
      store.drop(metric);
      continue;
    }
    // With the version its author saw, so that what others did meanwhile shows as a choice.
    cell.version = seen;
    commit(cell, text);
  }
  sheet.catchUp();
  readOnPhones([...byInput.keys()]);
  window.addEventListener("pagehide", () => sheet.flush());
  window.addEventListener("beforeunload", (event) => {
    sheet.flush();
    if (count() && !store.works) event.preventDefault();
  });
};

const page = document.querySelector("[data-office-grid]");
if (page) start(page);
