/* What the pages of the ballot share: texts, requests, printing. */

import { missingIn } from "./ballot-features.js";
import { readCardFile, selfTest } from "./ballot-protocol.js";

/* What the page says, with what follows it. */
export const textsOf = (root = document) => {
  const texts = new Map();
  for (const one of root.querySelector("[data-texts]").content.querySelectorAll("[data-text]")) {
    texts.set(one.dataset.text, one.textContent);
  }
  return (name, ...values) => [texts.get(name) ?? texts.get("failed"), ...values].join("");
};

export const post = async (address, token, body) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body,
    credentials: "same-origin",
    cache: "no-store",
  });
  const kind = answer.headers.get("Content-Type") ?? "";
  const data = kind.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) {
    throw Object.assign(new Error(data.message ?? ""), { said: data.message });
  }
  return data;
};

export const get = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return answer.text();
};

/* Shows the page once this browser has gone through all that it will be asked for; otherwise says
 * what is missing, before anybody has typed anything. `inWorker` tries the worker's part. */
export const begin = async (root, inWorker = async () => {}) => {
  const unsupported = document.querySelector("[data-unsupported]");
  const checking = document.querySelector("[data-checking]");
  const missing = [...missingIn(window), ...(typeof fetch === "function" ? [] : ["fetch"])];
  unsupported.hidden = true;
  checking.hidden = false;
  try {
    if (missing.length === 0) {
      selfTest();
      await inWorker();
    }
  } catch (error) {
    if (error.said) {
      // Not the browser: what was asked for did not come, or is not what it should be.
      checking.textContent = error.said;
      return false;
    }
    missing.push(error.detail ?? error.message);
  }
  checking.hidden = true;
  if (missing.length > 0) {
    unsupported.querySelector("[data-missing]").textContent = missing.join(", ");
    unsupported.querySelector("[data-missing-line]").hidden = false;
    unsupported.hidden = false;
    return false;
  }
  root.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  return true;
};

/* Fills in the card from the file that was saved when the key was made, or says why not. */
export const takeCardFile = (root, id, tell) => {
  root.querySelector("[data-card-file]")?.addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    try {
      const { digits, check } = readCardFile(await file.text(), id);
      root.querySelector("[data-digits-in]").value = digits;
      root.querySelector("[data-check-in]").value = check;
      tell("card-read");
    } catch (error) {
      tell(error.code ?? "card-file");
    }
  });
};

export const fingerprintShown = () =>
  document.querySelector("[data-fingerprint]")?.dataset.fingerprint ?? "";
