/* The grid of all courts: an office changes figures on courts' behalf, then saves them together
 * under one reason, a request a court. Until then they stay on this machine. */

import { Texts } from "./returns-cells.js";
import { block, read, write } from "./returns-numbers.js";
import { Store } from "./returns-store.js";

const start = (page) => {
  const { user, place, token } = page.dataset;
  const texts = new Texts(page.querySelector("[data-texts]"));
  const form = page.querySelector("[data-behalf]");
  if (!form) return;
  const reason = form.querySelector("[data-reason]");
  const counter = form.querySelector("[data-count]");
  const notes = page.querySelector("[data-notes]");
  const store = new Store(user, `behalf/${place}`);
  const lines = [...page.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("input.figure")])
    .filter((line) => line.length);
  const inputs = lines.flat();
  const courts = new Map();
  for (const input of inputs) {
    if (!courts.has(input.dataset.court)) courts.set(input.dataset.court, []);
    courts.get(input.dataset.court).push(input);
  }

  const key = (input) => `${input.dataset.court}/${input.dataset.metric}`;
  const label = (input) => input.getAttribute("aria-label");
  const court = (input) => label(input).split("，")[0];
  const changed = (input) => {
    const now = read(input.value);
    return now.fault !== undefined || write(now.value) !== input.dataset.value;
  };

  /** Columns others hold are texts: their figures count in the sums all the same. */
  const total = (input) => {
    const row = input.closest("tr");
    let sum = null;
    for (const cell of row.querySelectorAll("td.num")) {
      const own = cell.querySelector("input, a.plain");
      if (!own) continue;
      const { value, fault } = read(own.value ?? own.textContent);
      if (!fault && value !== null) sum = (sum ?? 0) + value;
    }
    row.querySelector("[data-total]").textContent = sum ?? "—";
  };

  const count = () => {
    const open = inputs.filter(changed).length;
    counter.textContent = texts.get(open ? "unsaved" : "none", { count: open });
    return open;
  };

  const mark = (input) => {
    const now = read(input.value);
    input.classList.toggle("is-changed", changed(input));
    if (now.fault) {
      input.setAttribute("aria-invalid", "true");
      input.title = texts.get(now.fault);
    } else {
      input.removeAttribute("aria-invalid");
      input.title = "";
    }
    if (changed(input)) store.put(key(input), input.value, Number(input.dataset.version));
    else store.drop(key(input));
    total(input);
    count();
  };

  const settle = (input, value, version) => {
    input.dataset.value = write(value);
    input.dataset.version = String(version);
  };

  const note = (content) => {
    const item = document.createElement("li");
    item.append(...[content].flat());
    notes.append(item);
    notes.hidden = false;
  };

  const choose = (input, result) => {
    const blank = texts.get("blank");
    const words = {
      name: result.changed_by,
      time: result.changed_at,
      theirs: result.value ?? blank,
      mine: input.value === "" ? blank : input.value,
    };
    const why = texts.get("clash", words);
    const [court_, metric] = label(input).split("，");
    const buttons = ["theirs", "mine"].map((which) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = texts.get(`clash_${which}`, words);
      button.addEventListener("click", () => {
        settle(input, result.value, result.version);
        if (which === "theirs") input.value = write(result.value);
        mark(input);
        button.closest("li").remove();
        notes.hidden = !notes.children.length;
        input.focus();
      });
      return button;
    });
    note([texts.get("cell", { court: court_, metric, why }), " ", ...buttons]);
  };

  const answered = (sent, answer) => {
    let saved = 0;
    for (const result of answer.results) {
      const input = sent.find((each) => each.dataset.metric === result.metric);
      if (result.status === "saved" || result.status === "unchanged") {
        settle(input, result.value, result.version);
        input.value = write(result.value);
        mark(input);
        saved += 1;
      } else if (result.status === "conflict") {
        choose(input, result);
      } else {
        const [court_, metric] = label(input).split("，");
        note(texts.get("cell", { court: court_, metric, why: result.message }));
      }
    }
    return saved;
  };

  const ask = (address, options) =>
    fetch(address, {
      ...options,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token,
      },
      credentials: "same-origin",
    });

  /** Send the changes of one court; how many were saved, null when the session is over. */
  const send = async (sent) => {
    const { address } = sent[0].dataset;
    const cells = sent.map((input) => ({
      metric: input.dataset.metric,
      value: write(read(input.value).value),
      seen_version: Number(input.dataset.version),
    }));
    const body = JSON.stringify({ user, reason: reason.value, cells });
    try {
      const answer = await ask(address, { method: "POST", body });
      const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      if (answer.redirected && !isJson) return null;
      const found = isJson ? await answer.json() : {};
      if (answer.ok && isJson) return answered(sent, found);
      note(texts.get("refused", { court: court(sent[0]), why: found.message ?? "" }));
    } catch {
      note(texts.get("lost", { court: court(sent[0]) }));
    }
    return 0;
  };

  const save = async () => {
    notes.replaceChildren();
    notes.hidden = true;
    const open = inputs.filter(changed);
    const faulty = open.filter((input) => read(input.value).fault);
    if (faulty.length) {
      note(texts.get("faulty", { count: faulty.length }));
      faulty[0].focus();
      return;
    }
    if (!open.length) return;
    if (!reason.value.trim()) {
      note(texts.get("reason"));
      reason.focus();
      return;
    }
    counter.textContent = texts.get("saving");
    let saved = 0;
    for (const all of courts.values()) {
      const sent = all.filter(changed);
      if (!sent.length) continue;
      const done = await send(sent);
      if (done === null) {
        note(texts.get("signed_out"));
        break;
      }
      saved += done;
    }
    const left = count();
    if (!left) counter.textContent = texts.get("saved", { count: saved });
  };

  const move = (input, down, across) => {
    const y = lines.findIndex((line) => line.includes(input));
    const x = lines[y].indexOf(input);
    const next = lines[y + down]?.[x + across];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const atEnd = (input, by) =>
    (input.selectionStart === 0 && input.selectionEnd === input.value.length) ||
    (by < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length);

  const pressed = (event) => {
    const input = event.target;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      Enter: () => move(input, event.shiftKey ? -1 : 1, 0),
      ArrowDown: () => move(input, 1, 0),
      ArrowUp: () => move(input, -1, 0),
      Escape: () => {
        input.value = input.dataset.value;
        mark(input);
        input.select();
      },
      F2: () => input.setSelectionRange(input.value.length, input.value.length),
    };
    if (atEnd(input, -1)) moves.ArrowLeft = () => move(input, 0, -1);
    if (atEnd(input, 1)) moves.ArrowRight = () => move(input, 0, 1);
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  };

  const pasted = (event) => {
    const pastedLines = block(event.clipboardData.getData("text/plain"));
    if (pastedLines.length === 1 && pastedLines[0].length === 1) return;
    event.preventDefault();
    const y = lines.findIndex((line) => line.includes(event.target));
    const x = lines[y].indexOf(event.target);
    pastedLines.forEach((cells, down) => {
      cells.forEach((text, across) => {
        const input = lines[y + down]?.[x + across];
        if (!input) return;
        const { value, fault } = read(text);
        input.value = fault ? text : write(value);
        mark(input);
      });
    });
  };

  for (const input of inputs) {
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => mark(input));
    input.addEventListener("change", () => {
      const { value, fault } = read(input.value);
      if (!fault) input.value = write(value);
    });
    input.addEventListener("keydown", pressed);
    input.addEventListener("paste", pasted);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  for (const { metric, text, seen } of store.all()) {
    const input = inputs.find((each) => key(each) === metric);
    if (!input || input.dataset.value === text) {
      store.drop(metric);
      continue;
    }
    input.value = text;
    // With the version its author saw, so that what others did meanwhile shows as a choice.
    input.dataset.version = String(seen);
    mark(input);
  }
  window.addEventListener("beforeunload", (event) => {
    if (count() && !store.works) event.preventDefault();
  });
};

const page = document.querySelector("[data-office-grid]");
if (page) start(page);
