/* The sealed ballot QB2 in the browser, checked by the same vectors and refusals as the server's:
 * tests/ballots. Whatever is not exactly as it must be throws Refused. Here: the chain, the board
 * and the sums; boards of QB1 are recounted by the rules that it had. The rest is handed on. */

import {
  Refused,
  array,
  bytesOf,
  canonical,
  compare,
  digest,
  fromHex,
  hashText,
  hexOf,
  integer,
  isSorted,
  need,
  parse,
  record,
  slotText,
  textOf,
  u4,
  written,
} from "./ballot-bytes.js";
import {
  G,
  P,
  Q,
  challenge,
  el,
  elementOf,
  fresh,
  gTable,
  inverse,
  modQ,
  power,
  scalarOf,
} from "./ballot-group.js";
import {
  EARLIER,
  VERSION,
  bitsOf,
  cardFile,
  cardOf,
  checkKey,
  checkReady,
  fingerprintOf,
  makeSecret,
  needCurrent,
  proveKey,
  proveReady,
  publicOf,
  readCard,
  readCardFile,
  readManifest,
  weightsOf,
} from "./ballot-manifest.js";
import { readBallot, readSpoiled, seal, spoiledOf, trackerOf } from "./ballot-sealing.js";

const OVER_G = inverse(G);
const g = (exponent) => gTable().power(exponent);

// --- The chain ---

const EVENT = ["seq", "kind", "payload", "prev", "hash"];
const BOARD = ["manifest", "ballots", "events", "participants", "partials", "sums"];
const KINDS = ["open", "ballot", "extend", "close"];

export const linkOf = (prev, seq, kind, payload, version = VERSION) =>
  hexOf(digest(`${version}-event`, prev, u4(seq), kind, payload));

export const closingOf = (phi, before, participants, trackers, version = VERSION) => {
  const sorted = [...trackers].sort(compare);
  return digest(`${version}-close`, phi, before, canonical(participants), ...sorted);
};

export const readChain = (events, manifest) => {
  const { version } = manifest;
  const isEarlier = version === EARLIER;
  const current = new Map();
  const seen = new Set();
  const hashes = [];
  let prev = "0".repeat(64);
  let closing = null;
  array(events).forEach((event, place) => {
    record(event, EVENT);
    need(integer(event.seq) === place && event.prev === prev, "chain");
    textOf(event.kind);
    textOf(event.payload);
    need(event.hash === linkOf(prev, place, event.kind, event.payload, version), "chain");
    if (place === 0) {
      need(event.kind === "open" && event.payload === hexOf(manifest.phi), "chain");
    } else if (closing) {
      // QB1 let kinds by that it did not know; in QB2 the closing is the end.
      need(isEarlier && !KINDS.includes(event.kind), "chain");
    } else if (event.kind === "ballot") {
      const [slot, tracker] = array(parse(event.payload), 2);
      need(manifest.slots.includes(slotText(slot)) && !seen.has(hashText(tracker)), "chain");
      seen.add(tracker);
      current.set(slot, tracker);
    } else if (event.kind === "close") {
      const [kappa, names] = array(parse(event.payload), 2);
      closing = { kappa: hashText(kappa), names: array(names).map(textOf), before: prev };
    } else {
      need(event.kind === "extend", "chain");
      if (!isEarlier) {
        array(parse(event.payload), 1).forEach(textOf);
      }
    }
    prev = event.hash;
    hashes.push(prev);
  });
  need(closing, "chain");
  return { current, seen, hashes, closing };
};

/* A spoiled ballot that somebody cast after all tells its scores: it must be in no chain. */
export const neverCast = (tracker, chain) => need(!chain.seen.has(tracker), "cast");

// --- The board ---

/* Whether the sums are opened: every part and every sum is there, or none of either. */
const isOpened = (data, manifest, tallied) => {
  const nothing = manifest.version === EARLIER ? "[]" : "null";
  const isTallied = array(data.partials).length > 0 || canonical(data.sums) !== nothing;
  need(tallied === null || tallied === isTallied, "sum");
  if (isTallied) {
    array(data.partials, manifest.keys.length);
    array(data.sums, manifest.targets.length).forEach(integer);
  }
  return isTallied;
};

/* A board, recounted: every hash and every proof. `tallied` false: its sums are not opened yet;
 * null: whichever it says itself. */
export const readBoard = (raw, { tallied = true, progress = () => {} } = {}) => {
  const data = record(parse(raw), BOARD);
  const manifest = readManifest(data.manifest);
  const { version } = manifest;
  const chain = readChain(data.events, manifest);
  const names = array(data.participants).map(textOf);
  const found = array(data.ballots).map((one) => {
    record(one, ["e", "slot", "t"]);
    return [slotText(one.slot), trackerOf(one, version)];
  });
  need(isSorted(found.map(([slot]) => slot)) && found.length === chain.current.size, "board");
  need(found.every(([slot, tracker]) => chain.current.get(slot) === tracker), "board");
  need(found.length >= manifest.minBallots && names.length === found.length, "board");
  need(isSorted(names) && names.every((name) => manifest.roll.includes(name)), "board");
  need(canonical(names) === canonical(chain.closing.names), "board");
  const trackers = found.map(([, tracker]) => tracker);
  const kappa = closingOf(manifest.phi, chain.closing.before, names, trackers, version);
  need(hexOf(kappa) === chain.closing.kappa, "board");
  const isTallied = isOpened(data, manifest, tallied);
  const ballots = data.ballots.map((one, place) => {
    const ballot = readBallot(one, manifest);
    progress(place + 1, found.length);
    return ballot;
  });
  const sealed = aggregateOf(ballots, manifest);
  if (isTallied) {
    const parts = data.partials.map((one, k) => checkPart(one, k, sealed, manifest, kappa));
    const sums = sumsOf(sealed, parts, manifest, ballots.length);
    need(canonical(sums) === canonical(data.sums), "sum");
  }
  const sums = isTallied ? data.sums : [];
  return { manifest, chain, names, trackers, kappa, sealed, sums, isTallied };
};

// --- Sums ---

export const aggregateOf = (ballots, manifest) =>
  manifest.targets.map((_one, target) => {
    let A = 1n;
    let B = 1n;
    manifest.weights.forEach((weight, place) => {
      let a = 1n;
      let b = 1n;
      for (const ballot of ballots) {
        a = (a * ballot.targets[target][place].a) % P;
        b = (b * ballot.targets[target][place].b) % P;
      }
      A = (A * power(a, BigInt(weight))) % P;
      B = (B * power(b, BigInt(weight))) % P;
    });
    return [A, B];
  });

const partChallenge = (manifest, kappa, k, target, elements) =>
  challenge(
    `${manifest.version}-dec`,
    manifest.phi,
    kappa,
    u4(k),
    u4(target),
    ...elements.map(el),
  );

/* What a scrutineer sends. Only aggregates that this page made itself are ever raised to x. */
export const openPart = (secret, k, board, draw = fresh) => {
  const { manifest, kappa, sealed } = board;
  needCurrent(manifest);
  need(g(secret) === manifest.keys[k], "card-other");
  return sealed.map(([A], target) => {
    const D = power(A, secret);
    const w = draw();
    const elements = [manifest.keys[k], A, D, g(w), power(A, w)];
    const c = partChallenge(manifest, kappa, k, target, elements);
    return [D, c, modQ(w - secret * c)].map(written);
  });
};

export const checkPart = (part, k, sealed, manifest, kappa) =>
  array(part, sealed.length).map((share, target) => {
    array(share, 3);
    const D = elementOf(share[0]);
    const c = scalarOf(share[1]);
    const z = scalarOf(share[2]);
    const [A] = sealed[target];
    const X = manifest.keys[k];
    const elements = [X, A, D, (g(z) * power(X, c)) % P, (power(A, z) * power(D, c)) % P];
    need(partChallenge(manifest, kappa, k, target, elements) === c, "partial");
    return D;
  });

export const sumsOf = (sealed, parts, manifest, ballots) =>
  sealed.map(([, B], target) => {
    const hidden = parts.reduce((product, part) => (product * part[target]) % P, 1n);
    let left = (B * inverse(hidden)) % P;
    for (let sum = 0; sum <= ballots * manifest.unitMax; sum += 1) {
      if (left === 1n) {
        return sum;
      }
      left = (left * OVER_G) % P;
    }
    throw new Refused("sum");
  });

// --- A test with a known answer, before anything is trusted to this browser ---

export const selfTest = () => {
  need(hexOf(digest("QB2-x", "a", "bc")) === KNOWN_HASH, "SHA-256");
  need(power(3n, 65537n * 3n) !== 0n && gTable().power(Q) === 1n, "BigInt");
  need(gTable().power(12345n) === power(G, 12345n), "BigInt");
  need(hexOf(digest("QB2-x", el(power(G, 12345n)))) === KNOWN_POWER, "BigInt, SHA-256");
  need(compare("\u{20bb7}", "\ufa11") > 0, "String.prototype.codePointAt");
  need(fresh() !== fresh(), "crypto.getRandomValues");
};

const KNOWN_POWER = "5a45e40d22224d4f28a97012934390bf46065e6def4685363c54f46a13a7a991";
const KNOWN_HASH = "a9d7a3ddd027fdee8233b89ef030f59764614c827cbdf0a4e41695da19efce1e";

export {
  VERSION,
  bitsOf,
  bytesOf,
  cardFile,
  cardOf,
  checkKey,
  checkReady,
  fingerprintOf,
  fromHex,
  hexOf,
  makeSecret,
  proveKey,
  proveReady,
  publicOf,
  readBallot,
  readCard,
  readCardFile,
  readManifest,
  readSpoiled,
  seal,
  spoiledOf,
  trackerOf,
  weightsOf,
};
