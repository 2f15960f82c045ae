/* The page of booth.html: seals on a computer without a network, from the file that the booth
 * saved, and saves the sealed ballot for the booth to send. It asks nobody and keeps nothing. */

import { Refused, slotText } from "./ballot-bytes.js";
import { begin, helperWith, lettersIn, manifestIn, one, saveAs, tell } from "./ballot-file.js";
import { plain } from "./ballot-prints.js";
import { fingerprintOf } from "./ballot-protocol.js";
import { startVoting } from "./ballot-vote.js";

let manifest = "";

const rowOf = ({ name }, place) => {
  const row = document.createElement("li");
  row.dataset.target = "";
  const label = document.createElement("label");
  label.textContent = name;
  label.htmlFor = `score-${place}`;
  const input = document.createElement("input");
  input.id = label.htmlFor;
  input.dataset.score = "";
  input.inputMode = "decimal";
  input.autocomplete = "off";
  row.append(label, input);
  return row;
};

/* What was saved: the sealed ballot, to the byte. */
const give = async ({ body }, tracker) => {
  saveAs(one("save-ballot"), body, `ballot-${tracker.slice(0, 8)}.json`);
  one("booth").hidden = true;
  one("done").hidden = false;
  one("done").focus();
  return true;
};

const start = async (slot) => {
  tell("paper-status", "working");
  const helper = helperWith(() => {});
  try {
    await helper.ask({ kind: "trial", manifest, slot });
  } catch (error) {
    helper.worker.terminate();
    tell("paper-status", error.code === "slot" ? "slot-other" : "paper-bad");
    return;
  }
  const data = JSON.parse(manifest);
  one("round-title").textContent = data.title;
  one("unit").textContent = data.unit;
  one("most").textContent = String(Number((Number(data.unit) * data.unit_max).toFixed(2)));
  one("score-rows").replaceChildren(...data.targets.map(rowOf));
  one("paper").hidden = true;
  one("booth").hidden = false;
  startVoting({
    root: one("booth"),
    manifest,
    fingerprint: fingerprintOf(data),
    slot,
    helper,
    tell,
    give,
    save: saveAs,
  });
};

const takePaper = async ({ target }) => {
  one("slot-field").hidden = true;
  try {
    const letters = await lettersIn(target);
    if (letters === null) {
      return;
    }
    const found = manifestIn(letters, "slot");
    manifest = found.manifest;
    if (found.value) {
      await start(slotText(found.value));
    } else {
      one("slot-field").hidden = false;
      tell("paper-status", "slot-missing");
    }
  } catch (error) {
    tell("paper-status", error instanceof Refused ? "manifest-file" : "failed");
  }
};

const takeSlot = async () => {
  const slot = plain(one("slot").value);
  if (/^[0-9a-f]{32}$/.test(slot)) {
    await start(slot);
  } else {
    tell("paper-status", "slot-short");
  }
};

if (begin()) {
  one("paper-file").addEventListener("change", takePaper);
  one("slot-go").addEventListener("click", takeSlot);
}
