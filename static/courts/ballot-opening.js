/* The opening: the whole board is recounted here before the key is asked for; one opening ever. */

import { Helper, begin, fingerprintShown, get, post, textsOf } from "./ballot-page.js";
import { canonical, digest, hexOf, written } from "./ballot-bytes.js";
import { readCard, selfTest } from "./ballot-protocol.js";

const page = document.querySelector("[data-opening]");

const start = async () => {
  const say = textsOf();
  const status = page.querySelector("[data-status]");
  const bar = page.querySelector("[data-progress]");
  const button = page.querySelector("[data-open]");
  const tell = (text) => {
    status.textContent = text;
  };
  const helper = new Helper(page.dataset.worker, (done, of) => {
    bar.value = done / of;
  });
  tell(say("checking"));
  let kappa = "";
  const memory = `ballot-opened-${fingerprintShown()}`;
  try {
    const raw = await get(page.dataset.board);
    const found = await helper.ask({ kind: "board", raw });
    kappa = found.kappa;
    if (hexOf(digest("QB1-manifest", canonical(found.phi))) !== fingerprintShown()) {
      tell(say("fingerprint"));
      return;
    }
  } catch (error) {
    tell(error.code ? say("broken") : say("offline"));
    return;
  } finally {
    bar.hidden = true;
  }
  const before = localStorage.getItem(memory);
  if (before !== null && before !== kappa) {
    tell(say("again"));
    return;
  }
  tell(say("holds"));
  page.querySelector("[data-kappa]").textContent = kappa;
  page.querySelector("[data-ready]").hidden = false;
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
      localStorage.setItem(memory, kappa);
      const answer = await post(page.dataset.partial, page.dataset.token, canonical({ kappa, d }));
      typed.value = "";
      check.value = "";
      button.disabled = true;
      tell(say(answer.tallied ? "tallied" : "opened"));
    } catch (error) {
      tell(error.said ?? say(error.code ?? "offline"));
    }
  });
};

if (page && begin(selfTest, page)) {
  start();
}
