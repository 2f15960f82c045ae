/* The booth: scores stay in the page until a worker has sealed them; then one request goes out.
 * The tracker is computed here, before that, and a receipt that says another one is refused. */

import { begin, get, post, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { canonical } from "./ballot-bytes.js";
import { keepTracker, keptTracker } from "./ballot-kept.js";
import { fingerprintOf, trackerOf } from "./ballot-protocol.js";
import { showTracker, startVoting } from "./ballot-vote.js";

const booth = document.querySelector("[data-booth]");
const say = textsOf();
const { slot, token, voter, worker } = booth.dataset;

let manifest = "";
let fingerprint = "";
let helper = null;

const tell = (name, key, ...values) => {
  const text = key === "said" ? values[0] : say(key, ...values);
  document.querySelector(`[data-${name}]`).textContent = key ? text : "";
};

const told = (name) => Object.assign(new Error(name), { said: say(name) });

/* Who is scored, on the page, must be who will be sealed, whoever wrote the page. */
const isAsManifest = ({ targets, slots }) => {
  const rows = [...booth.querySelectorAll("[data-target]")];
  const shown = rows.map((row) => row.querySelector("label").textContent.trim());
  const meant = targets.map(({ name }) => name.trim());
  return canonical(shown) === canonical(meant) && slots.includes(slot);
};

/* Everything that voting uses, with the very manifest, before a mark is asked for. */
const tryWorker = async () => {
  manifest = await get(booth.dataset.manifest).catch(() => {
    throw told("unreached");
  });
  const data = JSON.parse(manifest);
  fingerprint = fingerprintOf(data);
  if (!isAsManifest(data)) {
    throw told("page-other");
  }
  helper = new Helper(worker);
  await helper.ask({ kind: "trial", manifest, slot });
};

/* What comes back is compared with what went out; nothing of it is believed. */
const finish = (receipt, tracker) => {
  const isOurs = receipt.tracker === tracker && receipt.fingerprint === fingerprint;
  const place = document.querySelector(isOurs ? "[data-receipt]" : "[data-alarm]");
  if (isOurs) {
    place.querySelector("[data-head]").textContent = receipt.head;
    place.querySelector("[data-print-of]").textContent = fingerprint;
    place.querySelector("[data-at]").textContent = new Date(receipt.at).toLocaleString();
  } else {
    place.querySelector("[data-said-tracker]").textContent = String(receipt.tracker);
  }
  booth.hidden = true;
  document.querySelector("[data-offline-ballot]").hidden = true;
  place.hidden = false;
  place.focus();
};

/* Sends a sealed ballot, and keeps its tracker: first, for it may arrive though no answer does. */
const give = async ({ body }, shown) => {
  const tracker = trackerOf(JSON.parse(body));
  if (tracker !== shown) {
    throw told("failed");
  }
  const before = keptTracker(fingerprint, voter);
  keepTracker(fingerprint, voter, tracker);
  try {
    finish(await post(booth.dataset.cast, token, body), tracker);
    return true;
  } catch (error) {
    if (error.said) {
      keepTracker(fingerprint, voter, before);
      throw error;
    }
    throw told("offline");
  }
};

const save = (link, text, name) => {
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
};

/* A ballot that was sealed in booth.html, on a computer without a network. */
const offlineBallot = () => {
  const place = document.querySelector("[data-offline-ballot]");
  const button = place.querySelector("[data-hand-in]");
  let ballot = null;
  save(
    place.querySelector("[data-save-paper]"),
    canonical({ manifest: JSON.parse(manifest), slot }),
    "voting.json",
  );
  place.querySelector("[data-ballot-file]").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    ballot = null;
    place.querySelector("[data-sent]").hidden = true;
    try {
      const body = await file.text();
      const data = JSON.parse(body);
      if (data.e !== fingerprint || data.slot !== slot || data.t === undefined) {
        tell("hand-status", data.e === undefined ? "ballot-file" : "ballot-other");
        return;
      }
      ballot = { body, tracker: trackerOf(data) };
      showTracker(place, ballot.tracker);
      place.querySelector("[data-sent]").hidden = false;
      tell("hand-status", "ballot-read");
    } catch {
      tell("hand-status", "ballot-file");
    }
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      tell("hand-status", "sending");
      showTracker(document.querySelector("main"), ballot.tracker);
      await give(ballot, ballot.tracker);
    } catch (error) {
      tell("hand-status", "said", error.said ?? say("failed"));
    } finally {
      button.disabled = false;
    }
  });
  place.hidden = false;
};

if (booth) {
  begin(booth, tryWorker).then((works) => {
    if (works) {
      offlineBallot();
      startVoting({ root: booth, manifest, fingerprint, slot, helper, tell, give, save });
    }
  });
}
