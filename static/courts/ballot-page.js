/* What the pages of the ballot share: texts, requests, printing. */

import { readCardFile } from "./ballot-protocol.js";

export const textsOf = (root = document) => {
  const texts = new Map();
  for (const one of root.querySelector("[data-texts]").content.querySelectorAll("[data-text]")) {
    texts.set(one.dataset.text, one.textContent);
  }
  return (name) => texts.get(name) ?? texts.get("failed");
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

export const begin = (selfTest, root) => {
  try {
    selfTest();
  } catch {
    return false;
  }
  document.querySelector("[data-unsupported]").hidden = true;
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
