/* The opening: the whole board is recounted here before the key is asked for; one opening ever. */

import { begin, fingerprintShown, get, post, takeCardFile, textsOf } from "./ballot-page.js";
import { Helper } from "./ballot-helper.js";
import { canonical, written } from "./ballot-bytes.js";
import { readCard } from "./ballot-protocol.js";

const page = document.querySelector("[data-opening]");

const say = textsOf();
const memory = `ballot-opened-${fingerprintShown()}`;

/* Whether this computer opened another closing of the round before; one opening ever. */
const isOther = (kappa) => ![null, kappa].includes(localStorage.getItem(memory));

const give = async (part, kappa) => {
  localStorage.setItem(memory, kappa);
  const answer = await post(page.dataset.partial, page.dataset.token, part);
  return say(answer.tallied ? "tallied" : "opened");
};

/* A part that was made in scrutineer.html, on a computer without a network. */
const handIn = async (expected) => {
  const [file] = page.querySelector("[data-part-file]").files;
  const status = page.querySelector("[data-hand-status]");
  try {
    const part = await (file?.text() ?? "");
    const { kappa } = JSON.parse(part);
    status.textContent = kappa === expected ? await give(part, kappa) : say("part-other");
  } catch (error) {
    status.textContent = error.said ?? say(error instanceof SyntaxError ? "part-file" : "offline");
  }
};

const start = async (helper) => {
  const status = page.querySelector("[data-status]");
  const bar = page.querySelector("[data-progress]");
  const button = page.querySelector("[data-open]");
  const tell = (text) => {
    status.textContent = text;
  };
  helper.progress = (done, of) => {
    bar.value = done / of;
  };
  tell(say("checking"));
  let kappa = "";
  try {
    const raw = await get(page.dataset.board);
    const found = await helper.ask({ kind: "board", raw });
    kappa = found.kappa;
    if (found.fingerprint !== fingerprintShown()) {
      tell(say("fingerprint"));
      return;
    }
  } catch (error) {
    const isHere = ["failed", "worker"].includes(error.code);
    tell(say(isHere ? "failed" : error.code ? "broken" : "offline"));
    return;
  } finally {
    bar.hidden = true;
  }
  if (isOther(kappa)) {
    tell(say("again"));
    return;
  }
  tell(say("holds"));
  page.querySelector("[data-kappa]").replaceChildren(
    ...kappa.match(/.{4}/g).map((group) => {
      const span = document.createElement("span");
      span.textContent = group;
      return span;
    }),
  );
  for (const part of page.querySelectorAll("[data-ready]")) {
    part.hidden = false;
  }
  takeCardFile(page, page.dataset.id, (code) => tell(say(code)));
  page.querySelector("[data-hand-in]").addEventListener("click", () => handIn(kappa));
  page.querySelector("[data-same]").addEventListener("change", ({ target }) => {
    button.disabled = !target.checked;
  });
  button.addEventListener("click", async () => {
    const typed = page.querySelector("[data-digits-in]");
    const check = page.querySelector("[data-check-in]");
    try {
      const secret = written(readCard(typed.value, check.value));
      const index = Number(page.dataset.index);
      const d = await helper.ask({ kind: "open", secret, index });
      const done = await give(canonical({ kappa, d }), kappa);
      typed.value = "";
      check.value = "";
      button.disabled = true;
      tell(done);
    } catch (error) {
      tell(error.said ?? say(error.code ?? "offline"));
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
