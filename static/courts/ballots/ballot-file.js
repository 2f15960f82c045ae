/* What the offline files share: three languages, what is said in them, files read and saved. They
 * ask nobody: everything is in the file itself. */

import { Refused, canonical } from "./ballot-bytes.js";
import { missingIn } from "./ballot-features.js";
import { Helper } from "./ballot-helper.js";
import { selfTest } from "./ballot-protocol.js";

export const one = (name) => document.querySelector(`[data-${name}]`);

const texts = JSON.parse(document.getElementById("texts").textContent);
// What is said, so that it can be said again in another language.
const said = new Map();
const links = new Map();
let language = "zh-hans";

const text = (key) => texts[language][key] ?? texts[language].failed;

const show = (name) => {
  const { key, values } = said.get(name);
  const whole = key ? text(key) : "";
  one(name).textContent = whole.includes("%s")
    ? whole.replace("%s", () => values[0])
    : [whole, ...values].join("");
};

/* Says something at a place; a value stands where the text has `%s`, or follows it. */
export const tell = (name, key, ...values) => {
  said.set(name, { key, values });
  show(name);
};

const speak = (wanted) => {
  language = wanted;
  document.documentElement.lang = wanted;
  document.title = text("title");
  for (const place of document.querySelectorAll("[data-t]")) {
    place.textContent = text(place.dataset.t);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === wanted));
  }
  [...said.keys()].forEach(show);
};

/* The very letters of a file; what is no UTF-8 is refused, a mark before it is not dropped. */
export const lettersOf = async (file) => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(await file.arrayBuffer());
  } catch {
    throw new Refused("json");
  }
};

/* The letters of the one file chosen; null when none was. The same name chosen again is another
 * file perhaps. */
export const lettersIn = async (input) => {
  const [file] = input.files;
  const letters = file ? await lettersOf(file) : null;
  input.value = "";
  return letters;
};

/* A manifest comes alone, or with something for one person: what was saved from the page. */
export const manifestIn = (letters, extra) => {
  let data;
  try {
    data = JSON.parse(letters);
  } catch {
    throw new Refused("manifest-file");
  }
  const manifest = data?.manifest ?? data;
  if (typeof manifest?.id !== "string") {
    throw new Refused("manifest-file");
  }
  const value = data.manifest ? data[extra] : "";
  return { manifest: canonical(manifest), value: typeof value === "string" ? value : "" };
};

export const saveAs = (link, letters, name, kind = "application/json") => {
  URL.revokeObjectURL(links.get(link));
  link.href = URL.createObjectURL(new Blob([letters], { type: kind }));
  link.download = name;
  links.set(link, link.href);
};

/* The file's own script, as its worker. */
export const helperWith = (progress) => {
  const whole = document.querySelector("script[data-whole]").textContent;
  const own = new Blob([whole], { type: "text/javascript" });
  return new Helper(URL.createObjectURL(own), progress);
};

/* Speaks the reader's language; shows the page if this browser has all that it needs. */
export const begin = () => {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  const wanted = (navigator.language ?? "").slice(0, 2);
  speak({ ko: "ko", en: "en" }[wanted] ?? "zh-hans");
  const missing = missingIn(window);
  if (missing.length > 0) {
    one("missing").textContent = missing.join(", ");
    return false;
  }
  selfTest();
  one("unsupported").hidden = true;
  one("main").hidden = false;
  return true;
};
