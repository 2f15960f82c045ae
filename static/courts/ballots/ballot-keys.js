/* A scrutineer's key is made in scrutineer.html, and what it wrote is handed in here: X and its
 * proof, later the answer of the rehearsal. Without another computer both are done in the page,
 * which says what that means. */

import { begin, get, post, takeCardFile, textsOf } from "./ballot-page.js";
import { Refused, canonical, fromHex, need } from "./ballot-bytes.js";
import { showGroups } from "./ballot-prints.js";
import {
  cardFile,
  cardOf,
  checkKey,
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
const one = (name) => page.querySelector(`[data-${name}]`);
const { id, name, token } = page.dataset;
const index = Number(page.dataset.index);

const tell = (place, key) => {
  one(place).textContent = say(key);
};
const fail = (place, error) => {
  one(place).textContent = error.said ?? say(error.code ?? "offline");
};

const saveAs = (link, text, kind) => {
  link.href = URL.createObjectURL(new Blob([text], { type: kind }));
};

/* The only file chosen, as JSON; a word of what is wrong with it otherwise. */
const chosen = async ({ target }, code) => {
  const [file] = target.files;
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Refused(code);
  } finally {
    target.value = "";
  }
};

const givenKey = async (event) => {
  try {
    const key = await chosen(event, "key-file");
    need(key && ["name", "X", "c", "z"].every((field) => typeof key[field] === "string"), "key-file");
    need(key.name === name, "key-name");
    try {
      checkKey(key, id, name);
    } catch {
      throw new Refused("key-round");
    }
    await post(page.dataset.key, token, canonical({ X: key.X, c: key.c, z: key.z }));
    tell("status", "key-given");
  } catch (error) {
    fail("status", error);
  }
};

const givenAnswer = async (event) => {
  try {
    const answer = await chosen(event, "answer-file");
    const fields = ["nonce", "c", "z"];
    need(answer && fields.every((field) => typeof answer[field] === "string"), "answer-file");
    const { nonce, c, z } = answer;
    await post(page.dataset.rehearsal, token, canonical({ nonce, c, z }));
    tell("status", "rehearsed");
  } catch (error) {
    fail("status", error);
  }
};

/* The manifest and something that no earlier answer fits, in one file to carry over. */
const request = async () => {
  try {
    const manifest = JSON.parse(await get(page.dataset.manifest));
    const { nonce } = await post(page.dataset.nonce, token, "{}");
    saveAs(one("save-request"), canonical({ manifest, nonce }), "application/json");
    one("request-made").hidden = false;
    tell("status", "request-made");
    one("save-request").focus();
  } catch (error) {
    fail("status", error);
  }
};

// --- In this page, for want of another computer ---

let secret = null;

const make = () => {
  secret = makeSecret();
  const { digits, check } = cardOf(secret);
  const card = one("card");
  one("digits").textContent = digits;
  one("check").textContent = check;
  saveAs(one("save"), cardFile(id, name, secret), "text/plain");
  card.hidden = false;
  one("make").disabled = true;
};

const send = async () => {
  const button = one("send");
  button.disabled = true;
  try {
    await post(page.dataset.key, token, canonical(proveKey(secret, id, name)));
    tell("status-here", "made");
  } catch (error) {
    button.disabled = false;
    fail("status-here", error);
  }
};

const rehearse = async () => {
  const typed = one("digits-in");
  const check = one("check-in");
  try {
    const key = readCard(typed.value, check.value);
    const manifest = readManifest(JSON.parse(await get(page.dataset.manifest)));
    need(manifest.data.trustees[index].X === publicOf(key), "card-other");
    const fingerprint = fingerprintOf(manifest.data);
    const asked = await post(page.dataset.nonce, token, "{}");
    const proof = proveReady(key, fromHex(fingerprint), asked.nonce, index);
    await post(page.dataset.rehearsal, token, canonical({ nonce: asked.nonce, ...proof }));
    typed.value = "";
    check.value = "";
    showGroups(one("print-here"), fingerprint);
    one("rehearsed-here").hidden = false;
    tell("status-here", "rehearsed");
  } catch (error) {
    fail("status-here", error);
  }
};

begin(page).then((works) => {
  if (!works) {
    return;
  }
  const presses = { make, send, try: rehearse, request };
  for (const [button, press] of Object.entries(presses)) {
    one(button)?.addEventListener("click", press);
  }
  one("key-file")?.addEventListener("change", givenKey);
  one("answer-file")?.addEventListener("change", givenAnswer);
  takeCardFile(page, id, (code) => tell("status-here", code));
  one("kept")?.addEventListener("change", ({ target }) => {
    one("send").disabled = !target.checked;
  });
});
