/* The grid of a return: brings together its cells, the sheet, the line to the server, the panel
 * of effects and the details of a cell. Works without a secure context; keeps nothing elsewhere. */

import { faultText, write, isSame } from "./grid-figures.js";
import { readOnPhones } from "./grid-phone.js";
import { Sheet } from "./grid-sheet.js";
import { Store } from "./grid-store.js";
import { Sync } from "./grid-sync.js";
import { Texts } from "./grid-texts.js";
import { Cell } from "./returns-cells.js";
import { Details } from "./returns-details.js";

const EFFECT_PAUSE = 500;
const TOTAL = 0;
// No figure holds one, and no request may.
const CONTROL_SIGNS = /[\x00-\x08\x0e-\x1f\x7f]/;
const OPEN_STATES = ["unsent", "saving", "refused", "conflict"];

const start = (page) => {
  const { user, place, cellsAddress, effectAddress, token } = page.dataset;
  const texts = new Texts(page.querySelector("[data-texts]"));
  const rows = [...page.querySelectorAll("tr[data-metric]")];
  const cells = rows.map((row) => new Cell(row, texts));
  const byMetric = new Map(cells.map((cell) => [cell.metric, cell]));
  const byInput = new Map(cells.flatMap((cell) => cell.inputs.map((input) => [input, cell])));
  const store = new Store(user, place);
  const live = page.querySelector("[data-live]");
  const said = page.querySelector("[data-said]");
  const banner = page.querySelector("[data-line]");
  const effect = page.querySelector("[data-effect]");
  const submit = page.querySelector("[data-submits]");
  let effectTimer = null;
  let wrong = "";
  let isGoing = false;
  let latest = {};

  const say = (name, values) => {
    live.textContent = texts.get(name, values);
    said.textContent = "";
  };

  /** Say what the person has to see, not only hear. */
  const refuse = (name, values) => {
    said.textContent = texts.get(name, values);
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

  /** Show a text in a cell, under the cursor too, unless a person is typing there. */
  const show = (cell, text) => {
    if (sheet.isBusy(cell)) return;
    cell.show(text);
    sheet.choose();
  };

  const resolve = (cell, result, which) => {
    cell.settle(result.value, result.version);
    if (which === "theirs") {
      sync.forget(cell.metric);
      cell.show(write(cell.stored, cell.places));
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
      if (version === undefined || version <= cell.version || !isResting) continue;
      if (sheet.isBusy(cell)) continue;
      cell.settle(value, version);
      show(cell, write(value, cell.places));
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
    answered: (result, isNewer) => {
      const cell = byMetric.get(result.metric);
      if (!cell) return;
      if (result.status === "saved" || result.status === "unchanged") {
        cell.settle(result.value, result.version);
        if (isNewer) return;
        show(cell, write(result.value, cell.places));
        cell.rest();
      } else if (isNewer) {
        /* What was sent is gone from the cell; the later text has its own answer. */
      } else if (result.status === "conflict") {
        cell.showClash(result, (which) => resolve(cell, result, which));
        say("clash_said", { name: result.changed_by });
      } else {
        cell.setState("refused", result.message);
      }
    },
    state: (state) => {
      latest = state.values;
      adopt(latest);
      drawFindings(state.findings);
      drawProgress(state);
      clearTimeout(effectTimer);
      effectTimer = setTimeout(drawEffect, EFFECT_PAUSE);
    },
    line: showLine,
  };

  const placesOf = (metric) => byMetric.get(metric)?.places ?? 0;
  const sync = new Sync({ address: cellsAddress, token, user, store, hear, placesOf });

  const send = (cell, seen = cell.version) => {
    cell.setState("unsent");
    sync.put(cell.metric, cell.text, seen);
  };

  /** The text goes to the server as it is: the server alone says whether it is a figure. */
  const commit = (cell, text) => {
    if (cell.isLocked) return;
    said.textContent = "";
    // What others wrote is not known here until the choice is made: such a cell never just rests.
    const isUnknown = cell.state === "conflict" || sync.isOpen(cell.metric);
    cell.hideClash();
    cell.show(text);
    if (CONTROL_SIGNS.test(text)) {
      sync.forget(cell.metric);
      cell.setState("refused", faultText(texts, "no_figure", cell.places));
    } else if (cell.differs || isUnknown) {
      send(cell);
    } else {
      sync.forget(cell.metric);
      cell.show(write(cell.stored, cell.places));
      cell.rest();
      adopt(latest);
    }
  };

  /** Back to what is stored; a choice that is asked for is not answered that way. */
  const revert = (cell) => {
    if (cell.isLocked) return;
    if (cell.state === "conflict") cell.show(cell.text);
    else commit(cell, write(cell.stored, cell.places));
  };

  /** Go to another page once the cells under way were answered; stop where one was not accepted. */
  const goOn = async (address, mustRest) => {
    if (isGoing) return;
    isGoing = true;
    sheet.flush();
    if (sync.open) refuse("going", { count: sync.open });
    await sync.settled();
    isGoing = false;
    const open = mustRest && cells.find((cell) => OPEN_STATES.includes(cell.state));
    if (open) {
      open.total.focus();
      refuse("submit_waits");
    } else {
      said.textContent = "";
      location.assign(address);
    }
  };

  const sheet = new Sheet({
    table: page.querySelector("table.grid"),
    lines: cells.map((cell) => [cell.total, cell.alone ?? null]),
    cellOf: (input) => byInput.get(input),
    widest: 1,
    act: {
      say,
      refuse,
      commit,
      revert,
      atEnd: () => submit?.focus(),
      goOn: () => submit && goOn(submit.href, true),
      // Both columns are the same figures: one of them is what is copied or cleared.
      chooseAll: (input) => sheet.selection.column(byInput.get(input).inputs.indexOf(input)),
      beside: (input, by) => by < 0 && byInput.get(input).opener.focus(),
      details: (cell) => cell.opener.click(),
    },
  });
  new Details(page, cells);

  // What did not get through last time stands in its cell again and is sent with the version its
  // author saw, so that what others did meanwhile shows up as a choice.
  for (const { metric, text, seen } of store.all()) {
    const cell = byMetric.get(metric);
    if (!cell || isSame(write(cell.stored, cell.places), text, cell.places)) {
      store.drop(metric);
    } else if (cell.isLocked) {
      cell.own.push({ severity: "warning", sentence: texts.get("kept_locked", { value: text }) });
      cell.drawNotes();
    } else {
      cell.show(text);
      send(cell, seen);
    }
  }

  sheet.catchUp();
  readOnPhones(cells.flatMap((cell) => cell.inputs));

  // What this page sent while it was being left may have arrived after it was drawn again.
  const isOpen = cells.some((cell) => !cell.isLocked);
  if (isOpen) sync.refresh().then(hear.state, () => {});
  if (isOpen && !location.hash && document.activeElement === document.body) {
    cells.find((cell) => cell.text === "")?.total.focus();
  }

  page.addEventListener("keydown", (event) => {
    const cell = cells.find(({ opener }) => opener === event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const near = (by) => cells[cells.indexOf(cell) + by]?.opener;
    const to = { ArrowRight: cell.total, ArrowDown: near(1), ArrowUp: near(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-copies]")) sheet.copyColumn(TOTAL);
    if (event.target.closest("[data-retry]")) sync.now();
    const link = event.target.closest("a[data-waits]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goOn(link.href, link === submit);
  });
  document.addEventListener("grid:write", ({ detail }) => {
    const pairs = detail.pairs.map(({ metric, text }) => [byMetric.get(metric), text]);
    const count = sheet.write(pairs.filter(([cell]) => cell));
    say("pasted", { count });
  });
  window.addEventListener("pagehide", () => {
    sheet.flush();
    sync.leave();
  });
  window.addEventListener("beforeunload", (event) => {
    sheet.flush();
    if (sync.open && !store.works) event.preventDefault();
  });
};

const page = document.querySelector("[data-return]");
if (page) start(page);
