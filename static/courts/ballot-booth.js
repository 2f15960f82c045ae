/* The booth: scores stay in the page until a worker has sealed them; then one request goes out. */

import { begin, fingerprintShown, get, post, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { fingerprintOf } from "./ballot-protocol.js";

const booth = document.querySelector("[data-booth]");
const say = textsOf();
const status = booth.querySelector("[data-status]");
const bar = booth.querySelector("[data-progress]");
const marks = booth.querySelector("[data-marks]");
const look = booth.querySelector("[data-look]");
const button = booth.querySelector("[data-seal]");
const { slot, token, cast, worker } = booth.dataset;
const unit = Number(booth.dataset.unit);
const most = Number(booth.dataset.max);
const mostAspect = Number(booth.dataset.maxAspect);
const rows = [...booth.querySelectorAll("[data-target]")];

let manifest = "";
let helper = null;

/* Units of what was typed, in figures of either width; null when it is no score. */
const unitsOf = (text, limit = most) => {
  const plain = text.normalize("NFKC").trim();
  const value = Number(plain);
  const units = Math.round(value / unit);
  const fits = Math.abs(units * unit - value) < 1e-9 && value <= limit;
  return /^[0-9]+(?:\.[0-9]+)?$/.test(plain) && fits ? units : null;
};

/* Units as points, without the tail that binary fractions leave. */
const pointsOf = (units) => String(Number((units * unit).toFixed(2)));

const mark = (input, fits) => input.setAttribute("aria-invalid", String(!fits));
const nameOf = (row) => row.querySelector("label").textContent.trim();

/* The sum so far is shown; it becomes the score when all four are given and fit. */
const addUp = (row) => {
  const aspects = [...row.querySelectorAll("[data-aspect]")];
  const units = aspects.map((one) => unitsOf(one.value, mostAspect));
  aspects.forEach((one, place) => mark(one, one.value.trim() === "" || units[place] !== null));
  const sum = units.reduce((total, one) => total + (one ?? 0), 0);
  row.querySelector("[data-added]").textContent = pointsOf(sum);
  if (units.every((one) => one !== null)) {
    row.querySelector("[data-score]").value = pointsOf(sum);
  }
};

const collected = () => {
  const scores = rows.map((row) => {
    const input = row.querySelector("[data-score]");
    const units = unitsOf(input.value);
    mark(input, units !== null);
    return units;
  });
  const without = rows.filter((_row, place) => scores[place] === null);
  if (without.length > 0) {
    status.textContent = say("missing") + without.map(nameOf).join("、");
    without[0].querySelector("[data-score]").focus();
    return null;
  }
  return scores;
};

/* On to the next field, its text selected; a mark that is none keeps the focus and is told. */
const goOn = (input) => {
  if (input.value.trim() !== "" && input.getAttribute("aria-invalid") === "true") {
    status.textContent = say("wrong");
    return;
  }
  status.textContent = "";
  const row = input.closest("[data-target]");
  const fields = input.matches("[data-aspect]")
    ? [...row.querySelectorAll("[data-aspect]"), row.querySelector("[data-score]")]
    : rows.map((one) => one.querySelector("[data-score]"));
  const next = fields[fields.indexOf(input) + 1];
  if (next) {
    next.focus();
    next.select();
  } else {
    lookOver();
  }
};

/* All marks once more, as they will be sealed. */
const lookOver = () => {
  const scores = collected();
  if (!scores) {
    return;
  }
  status.textContent = "";
  look.querySelector("[data-look-rows]").replaceChildren(
    ...rows.map((row, place) => {
      const line = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = nameOf(row);
      const points = document.createElement("td");
      points.className = "num";
      points.textContent = pointsOf(scores[place]);
      line.append(name, points);
      return line;
    }),
  );
  marks.hidden = true;
  look.hidden = false;
  button.focus();
};

const goBack = () => {
  look.hidden = true;
  marks.hidden = false;
  status.textContent = "";
  rows[0].querySelector("[data-score]").focus();
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
  look.querySelector("[data-look-rows]").replaceChildren();
  booth.hidden = true;
  place.hidden = false;
  place.focus();
};

const vote = async () => {
  const scores = collected();
  if (!scores) {
    goBack();
    collected();
    return;
  }
  button.disabled = true;
  bar.hidden = false;
  try {
    status.textContent = say("sealing");
    await helper.ask({ kind: "seal", manifest, slot, scores });
    const { body } = await helper.ask({ kind: "cast" });
    status.textContent = say("sending");
    show(await post(cast, token, body));
    helper.worker.terminate();
  } catch (error) {
    status.textContent = error.said ?? say(error.code ?? "offline");
  } finally {
    button.disabled = false;
    bar.hidden = true;
  }
};

const told = (name) => Object.assign(new Error(name), { said: say(name) });

/* Everything that voting uses, with the very manifest, before a mark is asked for. */
const tryWorker = async () => {
  manifest = await get(booth.dataset.manifest).catch(() => {
    throw told("unreached");
  });
  if (fingerprintOf(JSON.parse(manifest)) !== fingerprintShown()) {
    throw told("fingerprint");
  }
  helper = new Helper(worker);
  await helper.ask({ kind: "trial", manifest, slot });
  helper.progress = (done, of) => {
    bar.value = done / of;
  };
};

const listen = () => {
  for (const row of rows) {
    row.addEventListener("input", ({ target }) => {
      if (target.matches("[data-aspect]")) {
        addUp(row);
      }
    });
    row.addEventListener("change", ({ target }) => {
      if (target.matches("[data-score]")) {
        mark(target, target.value.trim() === "" || unitsOf(target.value) !== null);
      }
    });
    row.addEventListener("keydown", (event) => {
      const isOurs = event.target.matches("[data-score], [data-aspect]");
      if (event.key === "Enter" && isOurs && !event.isComposing && !event.repeat) {
        event.preventDefault();
        const { target } = event;
        const limit = target.matches("[data-aspect]") ? mostAspect : most;
        mark(target, target.value.trim() === "" || unitsOf(target.value, limit) !== null);
        goOn(target);
      }
    });
  }
  // A key held down on the last mark must not vote.
  button.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
  button.addEventListener("click", vote);
  booth.querySelector("[data-look-over]").addEventListener("click", lookOver);
  booth.querySelector("[data-back]").addEventListener("click", goBack);
};

if (booth) {
  begin(booth, tryWorker).then((works) => {
    if (works) {
      listen();
      rows[0].querySelector("[data-score]").focus();
    }
  });
}
