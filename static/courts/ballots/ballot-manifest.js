/* Keys, cards, the rehearsal and the manifest of the sealed ballot. Keys are made and tried in QB2
 * alone; manifests of QB1 are still read, for their boards. */

import {
  Refused,
  array,
  canonical,
  digest,
  hashText,
  hexOf,
  integer,
  isSorted,
  need,
  record,
  slotText,
  textOf,
  u4,
  unitText,
  written,
} from "./ballot-bytes.js";
import {
  NAME,
  P,
  Q,
  Table,
  challenge,
  el,
  elementOf,
  fresh,
  gTable,
  modQ,
  power,
  scalarOf,
} from "./ballot-group.js";

export const VERSION = "QB2";
export const EARLIER = "QB1";

const g = (exponent) => gTable().power(exponent);

// --- Keys ---

export const makeSecret = (draw = fresh) => 1n + (draw() % (Q - 1n));

const keyChallenge = (version, id, name, X, commitment) =>
  challenge(`${version}-key`, id, name, el(X), el(commitment));

export const proveKey = (secret, id, name, draw = fresh) => {
  const X = g(secret);
  const w = draw();
  const c = keyChallenge(VERSION, id, name, X, g(w));
  return { X: written(X), c: written(c), z: written(modQ(w - secret * c)) };
};

export const checkKey = (fields, id, name, version = VERSION) => {
  const X = elementOf(fields.X);
  const c = scalarOf(fields.c);
  const z = scalarOf(fields.z);
  need(X !== 1n, "key");
  const again = (g(z) * power(X, c)) % P;
  need(keyChallenge(version, id, name, X, again) === c, "key");
  return X;
};

const readyChallenge = (phi, nonce, k, X, commitment) =>
  challenge(`${VERSION}-ready`, phi, hashText(nonce), u4(k), el(X), el(commitment));

export const proveReady = (secret, phi, nonce, k, draw = fresh) => {
  const w = draw();
  const c = readyChallenge(phi, nonce, k, g(secret), g(w));
  return { c: written(c), z: written(modQ(w - secret * c)) };
};

export const checkReady = (proof, phi, nonce, k, X) => {
  const c = scalarOf(proof.c);
  const again = (g(scalarOf(proof.z)) * power(X, c)) % P;
  need(readyChallenge(phi, nonce, k, X, again) === c, "ready");
};

export const publicOf = (secret) => written(g(secret));

// --- Key cards ---

const checkOf = (digits) => hexOf(digest(`${VERSION}-card`, digits)).slice(0, 8);

export const cardOf = (secret) => {
  const digits = written(secret).padStart(64, "0");
  return { digits: digits.match(/.{4}/g).join(" "), check: checkOf(digits) };
};

/* What somebody typed from a card: the secret, or why it is none (length, digits, check). */
export const readCard = (typed, check) => {
  const digits = typed.replace(/[\s-]/g, "").toLowerCase();
  need(/^[0-9a-f]*$/.test(digits), "card-digits");
  need(digits.length === 64, "card-length");
  need(checkOf(digits) === check.replace(/\s/g, "").toLowerCase(), "card-check");
  const secret = BigInt(`0x${digits}`);
  need(secret >= 1n && secret < Q, "card-digits");
  return secret;
};

/* A card saved as a file: the round, the name, the key and its check, a line each. */
export const cardFile = (id, name, secret) => {
  const { digits, check } = cardOf(secret);
  return [id, name, digits, check, ""].join("\r\n");
};

export const readCardFile = (text, id) => {
  const [round, name, digits, check] = text.split(/\r?\n/);
  need(check !== undefined, "card-file");
  if (round !== id) {
    throw new Refused("card-round", round);
  }
  return { name, digits, check };
};

// --- The manifest ---

const MANIFEST = [
  "v", "group", "id", "title", "targets", "unit", "unit_max", "slots", "roll", "min_ballots",
  "trustees",
];

const isDistinct = (values) => new Set(values).size === values.length;
const phiOf = (data) => digest(`${data.v}-manifest`, canonical(data));

/* φ of a manifest as it travels, in hex; whether the manifest holds is another question. */
export const fingerprintOf = (data) => hexOf(phiOf(data));

export const readManifest = (data) => {
  record(data, MANIFEST);
  need([VERSION, EARLIER].includes(data.v) && data.group === NAME, "manifest");
  textOf(data.id);
  textOf(data.title);
  need(!/^[0.]*$/.test(unitText(data.unit)), "manifest");
  need(integer(data.unit_max) >= 1 && data.unit_max <= 1000, "manifest");
  const targets = array(data.targets).map((one) => {
    record(one, ["id", "name"]);
    return { id: textOf(one.id), name: textOf(one.name) };
  });
  need(targets.length > 0 && isDistinct(targets.map((one) => one.id)), "manifest");
  const slots = array(data.slots).map(slotText);
  const roll = array(data.roll).map(textOf);
  need(slots.length === roll.length && isSorted(slots) && isSorted(roll), "manifest");
  need(integer(data.min_ballots) >= 3 && data.min_ballots <= roll.length, "manifest");
  const names = array(data.trustees).map((one) => {
    record(one, ["name", "X", "c", "z"]);
    return textOf(one.name);
  });
  need(names.length >= 2 && isDistinct(names), "manifest");
  need(isDistinct(data.trustees.map((one) => one.X)), "manifest");
  const keys = data.trustees.map((one) => checkKey(one, data.id, one.name, data.v));
  const y = keys.reduce((product, key) => (product * key) % P, 1n);
  need(y !== 1n, "manifest");
  return {
    data,
    version: data.v,
    id: data.id,
    title: data.title,
    targets,
    unit: data.unit,
    unitMax: data.unit_max,
    weights: weightsOf(data.unit_max),
    slots,
    roll,
    minBallots: data.min_ballots,
    keys,
    names,
    y,
    yTable: new Table(y),
    phi: phiOf(data),
  };
};

/* Ballots are sealed, spoiled and opened by the protocol of today alone. */
export const needCurrent = (manifest) => need(manifest.version === VERSION, "version");

// --- Scores as bits ---

const bitLength = (number) => number.toString(2).length;

export const weightsOf = (most) => {
  const length = bitLength(most);
  const doubled = Array.from({ length: length - 1 }, (_one, place) => 2 ** place);
  return [...doubled, most - (2 ** (length - 1) - 1)];
};

export const bitsOf = (score, most) => {
  const length = bitLength(most);
  const last = score >= 2 ** (length - 1) ? 1 : 0;
  const rest = score - last * weightsOf(most)[length - 1];
  const bits = Array.from({ length: length - 1 }, (_one, place) => (rest >> place) & 1);
  return [...bits, last];
};
