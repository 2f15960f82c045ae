/* A scrutineer's key: made here, shown once, typed back in. Only X and its proof go out. */

import { begin, fingerprintShown, get, post, takeCardFile, textsOf } from "./ballot-page.js";
import { canonical, fromHex } from "./ballot-bytes.js";
import {
  cardFile,
  cardOf,
  fingerprintOf,
  makeSecret,
  proveKey,
  proveReady,
  publicOf,
  readCard,
  readManifest,
} from "./ballot-protocol.js";

const page = document.querySelector("[data-keys]");
const say = textsOf();
const status = page.querySelector("[data-status]");
const { id, name, token } = page.dataset;
const index = Number(page.dataset.index);
const tell = (text) => {
  status.textContent = text;
};

let secret = null;

const make = () => {
  secret = makeSecret();
  const { digits, check } = cardOf(secret);
  const card = page.querySelector("[data-card]");
  card.querySelector("[data-digits]").textContent = digits;
  card.querySelector("[data-check]").textContent = check;
  const file = new Blob([cardFile(id, name, secret)], { type: "text/plain" });
  card.querySelector("[data-save]").href = URL.createObjectURL(file);
  card.hidden = false;
  page.querySelector("[data-make]").disabled = true;
};

const send = async () => {
  const button = page.querySelector("[data-send]");
  button.disabled = true;
  try {
    await post(page.dataset.key, token, canonical(proveKey(secret, id, name)));
    tell(say("made"));
  } catch (error) {
    button.disabled = false;
    tell(error.said ?? say("offline"));
  }
};

const rehearse = async () => {
  const typed = page.querySelector("[data-digits-in]");
  const check = page.querySelector("[data-check-in]");
  try {
    const key = readCard(typed.value, check.value);
    const manifest = readManifest(JSON.parse(await get(page.dataset.manifest)));
    if (fingerprintOf(manifest.data) !== fingerprintShown()) {
      tell(say("fingerprint"));
      return;
    }
    if (manifest.data.trustees[index].X !== publicOf(key)) {
      tell(say("card-other"));
      return;
    }
    const asked = await post(page.dataset.nonce, token, "{}");
    const proof = proveReady(key, fromHex(fingerprintShown()), asked.nonce, index);
    await post(page.dataset.rehearsal, token, canonical({ nonce: asked.nonce, ...proof }));
    typed.value = "";
    check.value = "";
    tell(say("rehearsed"));
  } catch (error) {
    tell(error.said ?? say(error.code ?? "offline"));
  }
};

begin(page).then((works) => {
  if (!works) {
    return;
  }
  page.querySelector("[data-make]")?.addEventListener("click", make);
  page.querySelector("[data-send]")?.addEventListener("click", send);
  page.querySelector("[data-try]")?.addEventListener("click", rehearse);
  takeCardFile(page, id, (code) => tell(say(code)));
  page.querySelector("[data-kept]")?.addEventListener("change", ({ target }) => {
    page.querySelector("[data-send]").disabled = !target.checked;
  });
});
