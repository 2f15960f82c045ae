/* The booth: scores stay in the page until a worker has sealed them; then one request goes out. */

import { begin, fingerprintShown, get, post, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { digest, hexOf, canonical } from "./ballot-bytes.js";
import { selfTest } from "./ballot-protocol.js";

const booth = document.querySelector("[data-booth]");
const say = textsOf();
const status = booth.querySelector("[data-status]");
const bar = booth.querySelector("[data-progress]");
const button = booth.querySelector("[data-seal]");
const { slot, token, cast, worker } = booth.dataset;
const unit = Number(booth.dataset.unit);
const most = Number(booth.dataset.max);
const rows = [...booth.querySelectorAll("[data-target]")];

/* Units of what was typed; null when it is no score. */
const unitsOf = (text) => {
  const value = Number(text.trim());
  const units = Math.round(value / unit);
  const fits = Math.abs(units * unit - value) < 1e-9 && value >= 0 && value <= most;
  return text.trim() !== "" && fits ? units : null;
};

/* The sum so far is shown; it becomes the score when all four are given and fit. */
const addUp = (row) => {
  const aspects = [...row.querySelectorAll("[data-aspect]")];
  const fits = aspects.map((one) => one.validity.valid);
  aspects.forEach((one, place) => one.setAttribute("aria-invalid", String(!fits[place])));
  const sum = aspects.reduce((total, one) => total + Math.round(Number(one.value) / unit), 0);
  row.querySelector("[data-added]").textContent = String(sum * unit);
  if (fits.every(Boolean) && aspects.every((one) => one.value !== "")) {
    row.querySelector("[data-score]").value = String(sum * unit);
  }
};

const collected = () => {
  const scores = [];
  let first = null;
  for (const row of rows) {
    const input = row.querySelector("[data-score]");
    const units = unitsOf(input.value);
    input.setAttribute("aria-invalid", String(units === null));
    if (units === null) {
      first ??= input;
    }
    scores.push(units);
  }
  if (first) {
    status.textContent =
      say("missing") +
      rows
        .filter((_row, place) => scores[place] === null)
        .map((row) => row.querySelector("label").textContent.trim())
        .join("、");
    first.focus();
    return null;
  }
  return scores;
};

const show = (receipt) => {
  const place = document.querySelector("[data-receipt]");
  place.querySelector("[data-tracker]").textContent = receipt.tracker;
  place.querySelector("[data-head]").textContent = receipt.head;
  place.querySelector("[data-print-of]").textContent = receipt.fingerprint;
  place.querySelector("[data-at]").textContent = new Date(receipt.at).toLocaleString();
  for (const input of booth.querySelectorAll("input")) {
    input.value = "";
  }
  booth.hidden = true;
  place.hidden = false;
  place.focus();
};

const vote = async () => {
  const scores = collected();
  if (!scores) {
    return;
  }
  button.disabled = true;
  bar.hidden = false;
  try {
    status.textContent = say("sealing");
    const manifest = await get(booth.dataset.manifest);
    const phi = hexOf(digest("QB1-manifest", canonical(JSON.parse(manifest))));
    if (phi !== fingerprintShown()) {
      status.textContent = say("fingerprint");
      return;
    }
    const helper = new Helper(worker, (done, of) => {
      bar.value = done / of;
    });
    const body = await helper.ask({ kind: "seal", manifest, slot, scores });
    helper.worker.terminate();
    status.textContent = say("sending");
    show(await post(cast, token, body));
  } catch (error) {
    status.textContent = error.said ?? say(error.code ?? "offline");
  } finally {
    button.disabled = false;
    bar.hidden = true;
  }
};

if (begin(selfTest, booth)) {
  for (const row of rows) {
    row.addEventListener("input", ({ target }) => {
      if (target.matches("[data-aspect]")) {
        addUp(row);
      }
    });
    // Enter goes on to the next court instead of nowhere.
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("[data-score]")) {
        const next = rows[rows.indexOf(row) + 1];
        (next?.querySelector("[data-score]") ?? button).focus();
      }
    });
  }
  button.addEventListener("click", vote);
}
