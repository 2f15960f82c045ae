/* What the pages of the ballot share: texts, requests, a worker that answers, printing. */

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

/* One question after the other to a worker; `progress` hears how far it is. */
export class Helper {
  constructor(address, progress) {
    this.worker = new Worker(address, { type: "module" });
    this.progress = progress;
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      const failed = (code) => reject(Object.assign(new Error(code), { code }));
      this.worker.onerror = () => failed("failed");
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "progress") {
          this.progress(data.done, data.of);
        } else if (data.kind === "done") {
          resolve(data.value);
        } else {
          failed(data.code);
        }
      };
      this.worker.postMessage(question);
    });
  }
}

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

export const fingerprintShown = () =>
  document.querySelector("[data-fingerprint]")?.dataset.fingerprint ?? "";
