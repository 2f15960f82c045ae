/* The page of scrutineer.html: recounts a downloaded board and makes a scrutineer's part of the
 * opening. It asks nobody and keeps nothing but which closing it has opened. */

import { Refused, canonical, need, written } from "./ballot-bytes.js";
import { missingIn } from "./ballot-features.js";
import { publicOf, readCard, readCardFile, selfTest } from "./ballot-protocol.js";
import { Helper } from "./ballot-helper.js";

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const one = (name) => document.querySelector(`[data-${name}]`);
const grouped = (hex) => hex.match(/.{1,4}/g).join(" ");
const plain = (text) => text.replace(/[\s-]/g, "").toLowerCase();

let language = "zh-hans";
let board = null;
let helper = null;
let link = "";
// What is said, so that it can be said again in another language.
const said = new Map();

const text = (key) => TEXTS[language][key] ?? TEXTS[language].failed;

const show = (name) => {
  const { key, values } = said.get(name);
  one(name).textContent = key
    ? values.reduce((whole, value) => whole.replace("%s", () => value), text(key))
    : "";
};

const tell = (name, key, ...values) => {
  said.set(name, { key, values });
  show(name);
};

const speak = (wanted) => {
  language = wanted;
  document.documentElement.lang = wanted;
  document.title = text("title");
  for (const place of document.querySelectorAll("[data-t]")) {
    place.textContent = text(place.dataset.t);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === wanted));
  }
  [...said.keys()].forEach(show);
};

/* The very letters of a file; what is no UTF-8 is refused, a mark before it is not dropped. */
const lettersOf = async (file) => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(await file.arrayBuffer());
  } catch {
    throw new Refused("json");
  }
};

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
  const { manifest, names, trackers, sums } = board;
  one("round-title").textContent = manifest.title;
  one("round-id").textContent = manifest.id;
  one("counted").textContent = `${trackers.length} / ${manifest.roll.length}`;
  one("names").textContent = names.join("、");
  one("fingerprint").textContent = grouped(board.fingerprint);
  for (const place of document.querySelectorAll("[data-kappa]")) {
    place.textContent = grouped(board.kappa);
  }
  one("sums").hidden = sums.length === 0;
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
  one("opening").hidden = sums.length > 0;
};

const forget = () => {
  board = null;
  helper?.worker.terminate();
  for (const name of ["good", "opening", "made"]) {
    one(name).hidden = true;
  }
  for (const place of document.querySelectorAll("section input:not([type=file]), textarea")) {
    place.value = "";
    place.checked = false;
  }
  for (const name of ["print-status", "found", "status-open"]) {
    tell(name, "");
  }
};

const recount = async ({ target }) => {
  const [file] = target.files;
  forget();
  if (!file) {
    tell("status", "");
    return;
  }
  const bar = one("progress");
  bar.value = 0;
  bar.hidden = false;
  tell("status", "checking");
  try {
    const raw = await lettersOf(file);
    const whole = document.querySelector("script[data-whole]").textContent;
    const own = new Blob([whole], { type: "text/javascript" });
    const progress = (done, of) => {
      bar.value = done / of;
    };
    helper = new Helper(URL.createObjectURL(own), progress);
    board = await helper.ask({ kind: "board", raw });
    showBoard();
    tell("status", board.sums.length ? "good-tallied" : "good-closed");
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

const takeCard = async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (!file) {
    return;
  }
  try {
    const { name, digits, check } = readCardFile(await lettersOf(file), board.manifest.id);
    one("who").value = name;
    one("digits").value = digits;
    one("check").value = check;
    tell("status-open", "card-read");
  } catch (error) {
    const isOther = error.code === "card-round";
    tell("status-open", ...(isOther ? [error.code, error.message] : ["card-file"]));
  }
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
  if (!one("print-seen").checked || (one("print-in").value && !isPrintSame())) {
    return "need-print";
  }
  if (!one("kappa-said").checked) {
    return "need-kappa";
  }
  const before = memory();
  return before !== null && before !== board.kappa ? "again" : "";
};

const open = async () => {
  const { trustees } = board.manifest;
  one("made").hidden = true;
  try {
    const no = whyNot();
    need(!no, no);
    const index = trustees.findIndex(({ name }) => name === one("who").value);
    need(index >= 0, "need-name");
    const secret = readCard(one("digits").value, one("check").value);
    const holder = trustees.find(({ X }) => X === publicOf(secret));
    need(holder, "card-other");
    if (holder !== trustees[index]) {
      tell("status-open", "card-of", holder.name);
      return;
    }
    tell("status-open", "opening");
    const d = await helper.ask({ kind: "open", secret: written(secret), index });
    memory(board.kappa);
    const part = canonical({ kappa: board.kappa, d });
    URL.revokeObjectURL(link);
    link = URL.createObjectURL(new Blob([part], { type: "application/json" }));
    one("save").href = link;
    one("save").download = `partial-${index + 1}.json`;
    one("digits").value = "";
    one("check").value = "";
    tell("status-open", "made");
    one("made").hidden = false;
    one("save").focus();
  } catch (error) {
    tell("status-open", error.code ?? "failed");
  }
};

const start = () => {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  const wanted = (navigator.language ?? "").slice(0, 2);
  speak({ ko: "ko", en: "en" }[wanted] ?? "zh-hans");
  const missing = missingIn(window);
  if (missing.length > 0) {
    one("missing").textContent = missing.join(", ");
    return;
  }
  selfTest();
  one("unsupported").hidden = true;
  one("main").hidden = false;
  // The same name chosen again is another file perhaps.
  one("board").addEventListener("click", ({ target }) => {
    target.value = "";
  });
  one("board").addEventListener("change", recount);
  one("print-in").addEventListener("input", comparePrint);
  one("find").addEventListener("input", findTracker);
  one("card").addEventListener("change", takeCard);
  one("open").addEventListener("click", open);
};

start();
