/* What comes before a scrutineer's key, in the page and in scrutineer.html: the closing hash typed
 * from the sheet that the voters signed, and the tracker of one of them. A board is hashed, not
 * signed: only what people say outside the system tells a true one from a made-up one. */

import { keptTracker } from "./ballot-kept.js";
import { listed, plain } from "./ballot-prints.js";

/* How many signed; null when that is no number. */
const numberOf = (typed) => {
  const digits = plain(typed);
  return /^[0-9]{1,4}$/.test(digits) ? Number(digits) : null;
};

/* `board`: what the worker recounted. `own`: the scrutineer's name, if it is known. Shows each step
 * once the one before it holds, and hides it again; `isOpen` says whether the key may be used. */
export const gateOf = (root, board, tell, own = () => "") => {
  const one = (name) => root.querySelector(`[data-${name}]`);
  const { manifest, names, trackers, kappa } = board;
  const state = { isOpen: false };

  const kappaFault = () => {
    const typed = plain(one("kappa-in").value);
    if (typed === kappa) {
      return "";
    }
    return typed.length < 64 ? "kappa-short" : "kappa-other";
  };
  const voterFault = () => {
    const name = one("voter").value;
    const typed = plain(one("voter-tracker").value);
    if (!name || name === own()) {
      return "voter-name";
    }
    if (typed.length < 64) {
      return "voter-short";
    }
    if (own() && keptTracker(board.fingerprint, own()) === typed) {
      return "voter-own";
    }
    return trackers.includes(typed) ? "" : "voter-none";
  };
  const signedFault = () => {
    const signed = numberOf(one("signed").value);
    if (signed === null || !one("no-objection").checked) {
      return "signed-missing";
    }
    if (signed > trackers.length) {
      return "signed-many";
    }
    return signed < manifest.min_ballots ? "signed-few" : "";
  };

  const look = () => {
    const kappaNo = kappaFault();
    const voterNo = kappaNo || voterFault();
    const signedNo = voterNo || signedFault();
    const typed = one("kappa-in").value.trim();
    tell("kappa-status", typed ? kappaNo || "kappa-same" : "");
    tell("voter-status", one("voter-tracker").value.trim() ? voterNo || "voter-there" : "");
    const needed = signedNo === "signed-few" ? [String(manifest.min_ballots)] : [];
    tell("signed-status", one("signed").value.trim() ? signedNo : "", ...needed);
    one("past-kappa").hidden = Boolean(kappaNo);
    one("past-voter").hidden = Boolean(voterNo);
    one("past-signed").hidden = Boolean(signedNo);
    state.isOpen = !signedNo;
  };

  one("counted").textContent = `${trackers.length} / ${manifest.roll.length}`;
  one("names").textContent = listed(names);
  one("trackers").replaceChildren(
    ...trackers.map((tracker) => {
      const line = document.createElement("li");
      line.textContent = tracker;
      return line;
    }),
  );
  const nobody = document.createElement("option");
  nobody.value = "";
  nobody.textContent = "—";
  one("voter").replaceChildren(
    nobody,
    ...names
      .filter((name) => name !== own())
      .map((name) => {
        const option = document.createElement("option");
        option.textContent = name;
        return option;
      }),
  );
  for (const name of ["kappa-in", "voter", "voter-tracker", "signed", "no-objection"]) {
    one(name).oninput = look;
    one(name).onchange = look;
  }
  look();
  return state;
};
