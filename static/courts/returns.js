/* The grid of a return: brings together its cells, the keyboard, the line to the server, the panel
 * of effects and the details of a cell. Works without a secure context; keeps nothing elsewhere. */

import { Cell, Texts } from "./returns-cells.js";
import { Details } from "./returns-details.js";
import { Keys } from "./returns-keys.js";
import { read, write } from "./returns-numbers.js";
import { Store } from "./returns-store.js";
import { Sync } from "./returns-sync.js";

const EFFECT_PAUSE = 500;

const start = (page) => {
  const { user, place, cellsAddress, effectAddress, token } = page.dataset;
  const texts = new Texts(page.querySelector("[data-texts]"));
  const rows = [...page.querySelectorAll("tr[data-metric]")];
  const cells = rows.map((row) => new Cell(row, texts));
  const byMetric = new Map(cells.map((cell) => [cell.metric, cell]));
  const store = new Store(user, place);
  const live = page.querySelector("[data-live]");
  const banner = page.querySelector("[data-line]");
  const effect = page.querySelector("[data-effect]");
  let effectTimer = null;
  let wrong = "";

  const say = (name, values) => {
    live.textContent = texts.get(name, values);
  };

  const showLine = (kind, detail = "") => {
    const count = cells.filter((cell) => cell.state === "unsent").length;
    banner.dataset.kind = kind;
    banner.hidden = kind === "well" || kind === "refused";
    for (const link of banner.querySelectorAll("a")) link.hidden = kind !== "signed_out";
    if (banner.hidden) return;
    const name = kind === "lost" && !store.works ? "line_lost_unkept" : `line_${kind}`;
    const text = detail || texts.get(name, { count });
    if (text !== wrong || !banner.querySelector("span").textContent) {
      banner.querySelector("span").textContent = text;
    }
    wrong = text;
  };

  const drawEffect = async () => {
    if (!effect) return;
    try {
      const answer = await fetch(effectAddress, { headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected) effect.innerHTML = await answer.text();
    } catch {
      /* The line's own banner tells of a lost connection. */
    }
  };

  const drawProgress = (state) => {
    for (const node of page.querySelectorAll("[data-filled]")) node.textContent = state.filled;
    for (const node of page.querySelectorAll("[data-errors]")) node.textContent = state.errors;
    for (const node of page.querySelectorAll("[data-warnings]")) node.textContent = state.warnings;
    const bar = page.querySelector(".grid-progress .fill");
    if (bar) bar.setAttribute("width", String(state.share));
  };

  const drawFindings = (findings) => {
    const perMetric = new Map(cells.map((cell) => [cell.metric, []]));
    for (const finding of findings) {
      for (const metric of finding.metrics) perMetric.get(metric)?.push(finding);
    }
    for (const cell of cells) cell.setFindings(perMetric.get(cell.metric));
  };

  const resolve = (cell, result, which) => {
    cell.settle(result.value, result.version);
    if (which === "theirs") {
      sync.forget(cell.metric);
      cell.show(write(cell.stored));
      cell.rest();
    } else if (cell.differs) {
      send(cell);
    } else {
      sync.forget(cell.metric);
      cell.rest();
    }
  };

  /** Take what others saved meanwhile into cells that nobody is busy with here. */
  const adopt = (values) => {
    for (const cell of cells) {
      const [value, version] = values[cell.metric] ?? [];
      const isResting = cell.state === "saved" || cell.state === "blank";
      const isBusy = cell.total === document.activeElement || cell.alone === document.activeElement;
      if (version === undefined || version <= cell.version || !isResting || isBusy) continue;
      cell.settle(value, version);
      cell.show(write(value));
      cell.rest();
    }
  };

  const hear = {
    sending: (metrics) => {
      for (const metric of metrics) byMetric.get(metric)?.setState("saving");
    },
    unsent: (metrics) => {
      for (const metric of metrics) byMetric.get(metric)?.setState("unsent");
    },
    refused: (metrics, reason) => {
      for (const metric of metrics) {
        byMetric.get(metric)?.setState("refused", reason || texts.get("refused"));
      }
    },
    answered: (result, sent, isNewer) => {
      const cell = byMetric.get(result.metric);
      if (!cell) return;
      if (result.status === "saved" || result.status === "unchanged") {
        cell.settle(result.value, result.version);
        if (isNewer) return;
        if (document.activeElement !== cell.total && document.activeElement !== cell.alone) {
          cell.show(write(result.value));
        }
        cell.rest();
      } else if (result.status === "conflict") {
        cell.showClash(result, (which) => resolve(cell, result, which));
        say("clash_said", { name: result.changed_by });
      } else {
        cell.setState("refused", result.message);
      }
    },
    state: (state) => {
      adopt(state.values);
      drawFindings(state.findings);
      drawProgress(state);
      clearTimeout(effectTimer);
      effectTimer = setTimeout(drawEffect, EFFECT_PAUSE);
    },
    line: showLine,
  };

  const sync = new Sync({ address: cellsAddress, token, user, store, hear });

  const send = (cell, seen = cell.version) => {
    cell.setState("unsent");
    sync.put(cell.metric, write(cell.now.value), seen);
  };

  const act = {
    say,
    commit: (cell, column, text) => {
      if (cell.isLocked) return;
      cell.hideClash();
      const { fault } = read(text);
      cell.show(cell.meant(column, text));
      if (fault) {
        sync.forget(cell.metric);
        cell.setState("refused", texts.get(fault));
      } else if (cell.differs || sync.isSending(cell.metric)) {
        send(cell);
      } else {
        sync.forget(cell.metric);
        cell.rest();
      }
    },
    revert: (cell) => {
      if (cell.isLocked || cell.state === "conflict" || sync.isSending(cell.metric)) return;
      sync.forget(cell.metric);
      cell.show(write(cell.stored));
      cell.rest();
    },
  };

  const keys = new Keys(page.querySelector("table"), cells, act);
  new Details(page, cells);

  // What did not get through last time stands in its cell again and is sent with the version its
  // author saw, so that what others did meanwhile shows up as a choice.
  for (const { metric, text, seen } of store.all()) {
    const cell = byMetric.get(metric);
    if (!cell || write(cell.stored) === text) {
      store.drop(metric);
    } else if (cell.isLocked) {
      cell.own.push({ severity: "warning", sentence: texts.get("kept_locked", { value: text }) });
      cell.drawNotes();
    } else {
      cell.show(text);
      send(cell, seen);
    }
  }

  // What this page sent while it was being left may have arrived after it was drawn again.
  if (cells.some((cell) => !cell.isLocked)) sync.refresh().then(hear.state, () => {});

  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) keys.copyColumn(button.dataset.copies);
    const retry = event.target.closest("[data-retry]");
    if (retry) sync.now();
    const submit = event.target.closest("[data-submits]");
    if (submit && (sync.open || cells.some((cell) => cell.differs))) {
      event.preventDefault();
      keys.flush();
      sync.now();
      say("submit_waits");
      page.querySelector("[data-said]").textContent = texts.get("submit_waits");
    }
  });
  window.addEventListener("pagehide", () => {
    keys.flush();
    sync.now(true);
  });
  window.addEventListener("beforeunload", (event) => {
    keys.flush();
    if (sync.open && !store.works) event.preventDefault();
  });
};

const page = document.querySelector("[data-return]");
if (page) start(page);
