/* The opening: the whole board is recounted here, and what is on paper is typed, before the key is
 * asked for; one opening ever. */

import { begin, fingerprintShown, get, post, takeCardFile, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { canonical, need, written } from "./ballot-bytes.js";
import { gateOf } from "./ballot-gate.js";
import { readCard } from "./ballot-protocol.js";

const page = document.querySelector("[data-opening]");

const say = textsOf();
const one = (name) => page.querySelector(`[data-${name}]`);
const memory = `ballot-opened-${fingerprintShown()}`;

const tell = (name, key, ...values) => {
  one(name).textContent = key ? say(key, ...values) : "";
};

/* Whether this computer opened another closing of the round before; one opening ever. */
const isOther = (kappa) => ![null, kappa].includes(localStorage.getItem(memory));

const give = async (part, kappa) => {
  localStorage.setItem(memory, kappa);
  const answer = await post(page.dataset.partial, page.dataset.token, part);
  return answer.tallied ? "tallied" : "opened";
};

const fail = (name, error) => {
  one(name).textContent = error.said ?? say(error.code ?? "offline");
};

/* A part that was made in scrutineer.html, on a computer without a network: it was gone through
 * everything there, and opens what it was made for. */
const handIn = async (expected) => {
  const [file] = one("part-file").files;
  try {
    const part = await (file?.text() ?? "");
    const { kappa } = JSON.parse(part);
    tell("hand-status", kappa === expected ? await give(part, kappa) : "part-other");
  } catch (error) {
    fail("hand-status", error instanceof SyntaxError ? { code: "part-file" } : error);
  }
};

/* The board, recounted; null when it is not to be opened, and why is told. */
const recount = async (helper) => {
  const bar = one("progress");
  helper.progress = (done, of) => {
    bar.value = done / of;
  };
  tell("status", "checking");
  try {
    const raw = await get(page.dataset.board);
    const board = await helper.ask({ kind: "board", raw, tallied: false });
    if (board.fingerprint !== fingerprintShown()) {
      tell("status", "fingerprint");
      return null;
    }
    return board;
  } catch (error) {
    const isHere = ["failed", "worker"].includes(error.code);
    tell("status", isHere ? "failed" : error.code ? "broken" : "offline");
    return null;
  } finally {
    bar.hidden = true;
  }
};

const start = async (helper) => {
  const board = await recount(helper);
  if (!board) {
    return;
  }
  const { kappa } = board;
  if (isOther(kappa)) {
    tell("status", "again");
    return;
  }
  tell("status", "board-holds");
  const button = one("open");
  const gate = gateOf(page, board, tell, () => page.dataset.name);
  for (const part of page.querySelectorAll("[data-ready]")) {
    part.hidden = false;
  }
  one("kappa-in").focus();
  takeCardFile(page, page.dataset.id, (code) => tell("status-open", code));
  one("hand-in").addEventListener("click", () => handIn(kappa));
  button.addEventListener("click", async () => {
    const typed = one("digits-in");
    const check = one("check-in");
    try {
      need(gate.isOpen, "kappa-other");
      const secret = written(readCard(typed.value, check.value));
      const index = Number(page.dataset.index);
      const d = await helper.ask({ kind: "open", secret, index });
      const done = await give(canonical({ kappa, d }), kappa);
      typed.value = "";
      check.value = "";
      button.disabled = true;
      tell("status-open", done);
    } catch (error) {
      fail("status-open", error);
    }
  });
};

if (page) {
  let helper = null;
  const inWorker = () => {
    helper = new Helper(page.dataset.worker);
    return helper.ask({ kind: "trial" });
  };
  begin(page, inWorker).then((works) => works && start(helper));
}
