/* scrutineer.html recounts a downloaded board, and makes a scrutineer's part of the opening. */

import { canonical, need, written } from "./ballot-bytes.js";
import { drawn, takeCard } from "./ballot-offline-keys.js";
import { helperWith, lettersIn, one, saveAs, tell } from "./ballot-file.js";
import { gateOf } from "./ballot-gate.js";
import { plain, showGroups } from "./ballot-prints.js";
import { publicOf, readCard } from "./ballot-protocol.js";

let board = null;
let helper = null;
let gate = null;

const REASONS = ["json", "manifest", "key", "chain", "board", "partial", "sum"];
const OF_BALLOTS = ["round", "slot", "ballot", "bit"];

/* Why a board is refused: by what is wrong with it, not by which check saw it. */
const reasonOf = ({ code = "failed" }) => {
  if (["failed", "worker"].includes(code)) {
    return "failed";
  }
  if (OF_BALLOTS.includes(code)) {
    return "bad-ballot";
  }
  return `bad-${REASONS.includes(code) ? code : "shape"}`;
};

/* Units as points with two decimals, rounded half up. */
const points = (units, unit, ballots) => {
  const [whole, decimals = ""] = unit.split(".");
  const over = 10n ** BigInt(decimals.length) * BigInt(ballots);
  const value = BigInt(units) * BigInt(whole + decimals) * 100n;
  const digits = String((2n * value + over) / (2n * over)).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const element = (tag, content) => {
  const made = document.createElement(tag);
  made.textContent = content;
  return made;
};

const showBoard = () => {
  const { manifest, trackers, sums, isTallied } = board;
  one("round-title").textContent = manifest.title;
  one("round-id").textContent = manifest.id;
  one("ballots").textContent = `${trackers.length} / ${manifest.roll.length}`;
  showGroups(one("fingerprint"), board.fingerprint);
  // Of a board to be opened the closing hash comes from paper, and is typed.
  one("kappa-line").hidden = !isTallied;
  showGroups(one("kappa"), board.kappa);
  one("sums").hidden = !isTallied;
  one("sums-rows").replaceChildren(
    ...sums.map((sum, target) => {
      const row = document.createElement("tr");
      const head = element("th", manifest.targets[target].name);
      head.scope = "row";
      row.append(
        head,
        element("td", points(sum, manifest.unit, 1)),
        element("td", points(sum, manifest.unit, trackers.length)),
      );
      return row;
    }),
  );
  const choice = element("option", "—");
  choice.value = "";
  one("who").replaceChildren(choice, ...manifest.trustees.map(({ name }) => element("option", name)));
  one("good").hidden = false;
  one("opening").hidden = isTallied;
  startGate();
};

const startGate = () => {
  gate = board.isTallied ? null : gateOf(one("opening"), board, tell, () => one("who").value);
};

const forget = () => {
  board = null;
  gate = null;
  helper?.worker.terminate();
  for (const name of ["good", "opening", "made"]) {
    one(name).hidden = true;
  }
  for (const place of one("task-board").querySelectorAll("input:not([type=file]), textarea")) {
    place.value = "";
    place.checked = false;
  }
  for (const name of ["print-status", "found", "status-open"]) {
    tell(name, "");
  }
};

const recount = async ({ target }) => {
  forget();
  const bar = one("progress");
  try {
    const raw = await lettersIn(target);
    if (raw === null) {
      tell("status", "");
      return;
    }
    bar.value = 0;
    bar.hidden = false;
    tell("status", "checking");
    helper = helperWith((done, of) => {
      bar.value = done / of;
    });
    board = await helper.ask({ kind: "board", raw });
    showBoard();
    tell("status", board.isTallied ? "good-tallied" : "good-closed");
    one("good").focus();
  } catch (error) {
    tell("status", reasonOf(error));
  } finally {
    bar.hidden = true;
  }
};

const isPrintSame = () => plain(one("print-in").value) === board.fingerprint;

const comparePrint = () => {
  const typed = plain(one("print-in").value);
  const state = isPrintSame() ? "print-same" : typed.length < 64 ? "print-short" : "print-other";
  tell("print-status", typed ? state : "");
};

const findTracker = ({ target }) => {
  const typed = plain(target.value);
  const places = [
    [board.trackers, "found-counted"],
    [board.replaced, "found-replaced"],
    [board.heads, "found-head"],
  ];
  const place = places.find(([values]) => values.includes(typed));
  tell("found", place ? place[1] : typed.length < 64 ? "" : "found-none");
};

/* Which closing of this round was opened here before; null where the browser keeps nothing. */
const memory = (kappa) => {
  const place = `ballot-opened-${board.fingerprint}`;
  try {
    if (kappa) {
      localStorage.setItem(place, kappa);
    }
    return localStorage.getItem(place);
  } catch {
    return null;
  }
};

const whyNot = () => {
  if (one("print-in").value && !isPrintSame()) {
    return "print-other";
  }
  const before = memory();
  return before !== null && before !== board.kappa ? "again" : "";
};

const open = async () => {
  const { trustees } = board.manifest;
  one("made").hidden = true;
  try {
    need(gate.isOpen, "kappa-other");
    const no = whyNot();
    need(!no, no);
    const index = trustees.findIndex(({ name }) => name === one("who").value);
    need(index >= 0, "need-name");
    const secret = readCard(one("digits").value, one("check").value);
    tell("status-open", "working");
    await drawn();
    const holder = trustees.find(({ X }) => X === publicOf(secret));
    need(holder, "card-other");
    if (holder !== trustees[index]) {
      tell("status-open", "card-of", holder.name);
      return;
    }
    const d = await helper.ask({ kind: "open", secret: written(secret), index });
    memory(board.kappa);
    saveAs(one("save"), canonical({ kappa: board.kappa, d }), `partial-${index + 1}.json`);
    one("digits").value = "";
    one("check").value = "";
    tell("status-open", "made");
    one("made").hidden = false;
    one("save").focus();
  } catch (error) {
    tell("status-open", error.code ?? "failed");
  }
};

export const startBoard = () => {
  one("board").addEventListener("change", recount);
  one("print-in").addEventListener("input", comparePrint);
  one("find").addEventListener("input", findTracker);
  // Who opens asks somebody else for a tracker.
  one("who").addEventListener("change", startGate);
  one("card").addEventListener("change", async ({ target }) => {
    const name = await takeCard(target, board.manifest.id, "status-open", "");
    if (name && name !== one("who").value) {
      tell("status-open", "card-of", name);
    }
  });
  one("open").addEventListener("click", open);
};
