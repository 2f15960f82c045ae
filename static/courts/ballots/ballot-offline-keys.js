/* scrutineer.html makes a scrutineer's key, and answers the rehearsal with it. The key is shown
 * and saved as a card; what is handed in holds X and proofs alone. */

import { canonical, hashText, hexOf, need } from "./ballot-bytes.js";
import { lettersIn, manifestIn, one, saveAs, tell } from "./ballot-file.js";
import { listed, plain, showGroups } from "./ballot-prints.js";
import {
  cardFile,
  cardOf,
  makeSecret,
  proveKey,
  proveReady,
  publicOf,
  readCard,
  readCardFile,
  readManifest,
} from "./ballot-protocol.js";

/* Once the page has drawn what was said before. */
export const drawn = () => new Promise((resolve) => setTimeout(resolve, 30));

const make = async () => {
  const id = one("make-id").value.trim();
  const name = one("make-name").value.trim();
  if (!id || !name) {
    tell("make-status", "make-missing");
    return;
  }
  tell("make-status", "working");
  await drawn();
  const secret = makeSecret();
  const { digits, check } = cardOf(secret);
  one("card-id").textContent = id;
  one("card-name").textContent = name;
  one("card-digits").textContent = digits;
  one("card-check").textContent = check;
  saveAs(one("save-card"), cardFile(id, name, secret), "key-card.txt", "text/plain");
  saveAs(one("save-key"), canonical({ name, ...proveKey(secret, id, name) }), "key.json");
  one("key-made").hidden = false;
  one("key-made").focus();
  tell("make-status", "make-done");
};

let manifest = null;

const takeRequest = async ({ target }) => {
  manifest = null;
  one("rehearse-read").hidden = true;
  one("answer-made").hidden = true;
  try {
    const letters = await lettersIn(target);
    if (letters === null) {
      return;
    }
    const found = manifestIn(letters, "nonce");
    tell("rehearse-status", "working");
    await drawn();
    manifest = readManifest(JSON.parse(found.manifest));
    one("rehearse-round").textContent = `${manifest.title}（${manifest.id}）`;
    one("rehearse-roll").textContent = `${manifest.roll.length}：${listed(manifest.roll)}`;
    one("rehearse-least").textContent = String(manifest.minBallots);
    one("rehearse-trustees").textContent = listed(manifest.names);
    showGroups(one("rehearse-print"), hexOf(manifest.phi));
    one("nonce").value = found.value;
    one("nonce-field").hidden = Boolean(found.value);
    one("rehearse-read").hidden = false;
    tell("rehearse-status", "rehearse-go");
  } catch (error) {
    const isFile = error.code === "manifest-file" || error.code === "json";
    tell("rehearse-status", isFile ? "manifest-file" : "bad-manifest");
  }
};

/* Fills in the two fields of a card from its file. */
export const takeCard = async (input, id, place, prefix) => {
  try {
    const letters = await lettersIn(input);
    if (letters !== null) {
      const { name, digits, check } = readCardFile(letters, id);
      one(`${prefix}digits`).value = digits;
      one(`${prefix}check`).value = check;
      tell(place, "card-read");
      return name;
    }
  } catch (error) {
    const isOther = error.code === "card-round";
    tell(place, ...(isOther ? [error.code, error.message] : ["card-file"]));
  }
  return "";
};

const answer = async () => {
  one("answer-made").hidden = true;
  try {
    const secret = readCard(one("try-digits").value, one("try-check").value);
    tell("rehearse-status", "working");
    await drawn();
    const X = publicOf(secret);
    const index = manifest.data.trustees.findIndex((trustee) => trustee.X === X);
    need(index >= 0, "card-other");
    const nonce = plain(one("nonce").value);
    try {
      hashText(nonce);
    } catch {
      tell("rehearse-status", "nonce-short");
      return;
    }
    const proof = proveReady(secret, manifest.phi, nonce, index);
    saveAs(one("save-answer"), canonical({ nonce, ...proof }), `rehearsal-${index + 1}.json`);
    one("try-digits").value = "";
    one("try-check").value = "";
    one("answer-made").hidden = false;
    one("save-answer").focus();
    tell("rehearse-status", "rehearse-done", manifest.names[index]);
  } catch (error) {
    tell("rehearse-status", error.code ?? "failed");
  }
};

export const startKeys = () => {
  one("make").addEventListener("click", make);
  one("request").addEventListener("change", takeRequest);
  one("try-card").addEventListener("change", ({ target }) =>
    takeCard(target, manifest.id, "rehearse-status", "try-"),
  );
  one("answer").addEventListener("click", answer);
};

