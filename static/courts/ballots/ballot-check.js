/* The check after the closing: the whole board is recounted here, the closing hash recognised from
 * the notice board, and the own tracker compared. Only then are trackers listed: the page never
 * offers one. */

import { begin, get, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { keptTracker } from "./ballot-kept.js";
import { listed, plain, recognise, showGroups } from "./ballot-prints.js";

const page = document.querySelector("[data-check]");
const say = textsOf();
const one = (name) => page.querySelector(`[data-${name}]`);
const { voter } = page.dataset;

const tell = (name, key, ...values) => {
  document.querySelector(`[data-${name}]`).textContent = key ? say(key, ...values) : "";
};

const lineOf = (text) => {
  const line = document.createElement("li");
  line.className = "code";
  line.textContent = text;
  return line;
};

const list = (board, own) => {
  showGroups(one("kappa"), board.kappa);
  one("counted").textContent = `${board.trackers.length} / ${board.manifest.roll.length}`;
  one("names").textContent = listed(board.names);
  one("trackers").replaceChildren(
    ...board.trackers.map((tracker) => {
      const line = lineOf(tracker);
      line.classList.toggle("is-found", tracker === own);
      return line;
    }),
  );
  one("compare").hidden = true;
  one("list").hidden = false;
};

const offerObjection = () => {
  const objecting = document.querySelector("[data-objecting]");
  if (objecting) {
    objecting.open = true;
  }
};

/* Nothing is confirmed from here: what is left is an objection. */
const refuse = (key) => {
  tell("check-status", key);
  one("wrong").hidden = false;
  offerObjection();
  one("wrong").focus();
};

const accept = (board, key, own = "") => {
  tell("check-status", key);
  one("wrong").hidden = true;
  list(board, own);
  const confirm = document.querySelector("[data-confirm]");
  if (confirm) {
    confirm.hidden = false;
    confirm.querySelector("button").focus();
  }
};

const compare = (board, own) => {
  if (own.length !== 64) {
    tell("check-status", "tracker-short");
  } else if (board.trackers.includes(own)) {
    accept(board, "found-counted", own);
  } else {
    refuse(board.replaced.includes(own) ? "found-replaced" : "found-none");
  }
};

const start = async (helper) => {
  const bar = one("progress");
  helper.progress = (done, of) => {
    bar.value = done / of;
  };
  tell("check-status", "checking");
  let board = null;
  try {
    board = await helper.ask({ kind: "board", raw: await get(page.dataset.board) });
  } catch (error) {
    const isHere = ["failed", "worker"].includes(error.code);
    if (error.code && !isHere) {
      refuse("broken");
    } else {
      tell("check-status", isHere ? "failed" : "unreached-board");
    }
    return;
  } finally {
    bar.hidden = true;
  }
  tell("check-status", "holds");
  if (!voter) {
    list(board);
    return;
  }
  await recognise(one("recognise"), board.kappa, (name, key) => {
    tell(name, key);
    if (key === "picked-none") {
      offerObjection();
    }
  });
  const kept = keptTracker(board.fingerprint, voter);
  one("compare").hidden = false;
  one("kept").hidden = !kept;
  one("typed").hidden = Boolean(kept);
  if (kept) {
    // Whose it is, by the name under which it was found: the page might say another.
    one("kept-name").textContent = voter;
    showGroups(one("kept-tracker"), kept);
    one("same").addEventListener("click", () => compare(board, kept));
    one("other").addEventListener("click", () => {
      one("kept").hidden = true;
      one("typed").hidden = false;
      one("tracker-in").focus();
    });
    one("same").focus();
  } else {
    one("tracker-in").focus();
  }
  tell("check-status", "");
  const typed = () => compare(board, plain(one("tracker-in").value));
  one("look-up").addEventListener("click", typed);
  one("tracker-in").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      typed();
    }
  });
  one("absent").addEventListener("click", () => {
    if (board.names.includes(voter)) {
      refuse("absent-listed");
    } else {
      accept(board, "absent-fine");
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
