/* The sealed ballot QB1 in the browser, checked by the same vectors and refusals as the server's:
 * tests/ballots. Whatever is not exactly as it must be throws Refused. */

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
  unitText,
  written,
} from "./ballot-bytes.js";
import {
  G,
  NAME,
  P,
  Q,
  Table,
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

const g = (exponent) => gTable().power(exponent);

// --- Keys ---

export const makeSecret = (draw = fresh) => 1n + (draw() % (Q - 1n));

export const proveKey = (secret, id, name, draw = fresh) => {
  const X = g(secret);
  const w = draw();
  const c = challenge("QB1-key", id, name, el(X), el(g(w)));
  return { X: written(X), c: written(c), z: written(modQ(w - secret * c)) };
};

export const checkKey = (fields, id, name) => {
  const X = elementOf(fields.X);
  const c = scalarOf(fields.c);
  const z = scalarOf(fields.z);
  need(X !== 1n, "key");
  const again = (g(z) * power(X, c)) % P;
  need(challenge("QB1-key", id, name, el(X), el(again)) === c, "key");
  return X;
};

const readyChallenge = (phi, nonce, k, X, commitment) =>
  challenge("QB1-ready", phi, nonce, u4(k), el(X), el(commitment));

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

export const cardOf = (secret) => {
  const digits = written(secret).padStart(64, "0");
  return {
    digits: digits.match(/.{4}/g).join(" "),
    check: hexOf(digest("QB1-card", digits)).slice(0, 8),
  };
};

/* What somebody typed from a card: the secret, or why it is none (length, digits, check). */
export const readCard = (typed, check) => {
  const digits = typed.replace(/[\s-]/g, "").toLowerCase();
  need(/^[0-9a-f]*$/.test(digits), "card-digits");
  need(digits.length === 64, "card-length");
  const wanted = check.replace(/\s/g, "").toLowerCase();
  need(hexOf(digest("QB1-card", digits)).slice(0, 8) === wanted, "card-check");
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

export const publicOf = (secret) => written(g(secret));

// --- The manifest ---

const MANIFEST = [
  "v", "group", "id", "title", "targets", "unit", "unit_max", "slots", "roll", "min_ballots",
  "trustees",
];

const isDistinct = (values) => new Set(values).size === values.length;

export const readManifest = (data) => {
  record(data, MANIFEST);
  need(data.v === "QB1" && data.group === NAME, "manifest");
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
  const keys = data.trustees.map((one) => checkKey(one, data.id, one.name));
  const y = keys.reduce((product, key) => (product * key) % P, 1n);
  need(y !== 1n, "manifest");
  return {
    data,
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
    phi: digest("QB1-manifest", canonical(data)),
  };
};

// --- Scores and bits ---

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

const bitChallenge = (manifest, slot, target, bit, elements) =>
  challenge("QB1-bit", manifest.phi, slot, u4(target), u4(bit), ...elements.map(el));

/* All powers are of g and y, since the sealer knows r: seven products of tables a bit. */
const sealBit = (manifest, slot, target, place, bit, draw) => {
  const y = (exponent) => manifest.yTable.power(exponent);
  const r = draw();
  const a = g(r);
  const b = bit ? (y(r) * G) % P : y(r);
  const other = 1 - bit;
  const c = [0n, 0n];
  const z = [0n, 0n];
  c[other] = draw();
  z[other] = draw();
  const w = draw();
  const A = [0n, 0n];
  const B = [0n, 0n];
  A[bit] = g(w);
  B[bit] = y(w);
  const exponent = modQ(z[other] + r * c[other]);
  A[other] = g(exponent);
  B[other] = (y(exponent) * g(modQ(BigInt(bit - other) * c[other]))) % P;
  const whole = bitChallenge(manifest, slot, target, place, [a, b, A[0], B[0], A[1], B[1]]);
  c[bit] = modQ(whole - c[other]);
  z[bit] = modQ(w - r * c[bit]);
  return [a, b, c[0], z[0], c[1], z[1]].map(written);
};

export const seal = (manifest, slot, scores, draw = fresh, progress = () => {}) => {
  need(scores.length === manifest.targets.length, "ballot");
  need(
    scores.every((one) => Number.isInteger(one) && one >= 0 && one <= manifest.unitMax),
    "ballot",
  );
  const t = scores.map((score, target) => {
    const bits = bitsOf(score, manifest.unitMax).map((bit, place) =>
      sealBit(manifest, slot, target, place, bit, draw),
    );
    progress(target + 1, scores.length);
    return bits;
  });
  return { e: hexOf(manifest.phi), slot, t };
};

export const trackerOf = (ballot) => hexOf(digest("QB1-ballot", canonical(ballot)));

const OVER_G = inverse(G);

export const readBallot = (data, manifest) => {
  record(data, ["e", "slot", "t"]);
  need(hashText(data.e) === hexOf(manifest.phi), "round");
  need(manifest.slots.includes(slotText(data.slot)), "slot");
  const used = new Set();
  const read = array(data.t, manifest.targets.length).map((bits) =>
    array(bits, manifest.weights.length).map((bit) => {
      array(bit, 6);
      const a = elementOf(bit[0]);
      const b = elementOf(bit[1]);
      need(a !== 1n && !used.has(bit[0]), "ballot");
      used.add(bit[0]);
      return { a, b, scalars: bit.slice(2).map(scalarOf) };
    }),
  );
  read.forEach((bits, target) => {
    bits.forEach(({ a, b, scalars: [c0, z0, c1, z1] }, place) => {
      const y = (exponent) => manifest.yTable.power(exponent);
      const elements = [
        a,
        b,
        (g(z0) * power(a, c0)) % P,
        (y(z0) * power(b, c0)) % P,
        (g(z1) * power(a, c1)) % P,
        (y(z1) * power((b * OVER_G) % P, c1)) % P,
      ];
      need(
        modQ(c0 + c1) === bitChallenge(manifest, data.slot, target, place, elements),
        "bit",
      );
    });
  });
  return { slot: data.slot, targets: read };
};

// --- The board ---

const EVENT = ["seq", "kind", "payload", "prev", "hash"];
const BOARD = ["manifest", "ballots", "events", "participants", "partials", "sums"];
const OURS = ["open", "ballot", "extend", "close"];

export const linkOf = (prev, seq, kind, payload) =>
  hexOf(digest("QB1-event", prev, u4(seq), kind, payload));

export const closingOf = (phi, before, participants, trackers) =>
  digest("QB1-close", phi, before, canonical(participants), ...[...trackers].sort());

export const readChain = (events, manifest) => {
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
    need(event.hash === linkOf(prev, place, event.kind, event.payload), "chain");
    if (place === 0) {
      need(event.kind === "open" && event.payload === hexOf(manifest.phi), "chain");
    } else if (closing) {
      need(!OURS.includes(event.kind), "chain");
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
    }
    prev = event.hash;
    hashes.push(prev);
  });
  need(closing, "chain");
  return { current, seen, hashes, closing };
};

/* A board, recounted: every hash and every proof. `tallied` false: its sums are not opened yet. */
export const readBoard = (raw, { tallied = true, progress = () => {} } = {}) => {
  const data = record(parse(raw), BOARD);
  const manifest = readManifest(data.manifest);
  const chain = readChain(data.events, manifest);
  const names = array(data.participants).map(textOf);
  const found = array(data.ballots).map((one) => {
    record(one, ["e", "slot", "t"]);
    return [slotText(one.slot), trackerOf(one)];
  });
  need(isSorted(found.map(([slot]) => slot)) && found.length === chain.current.size, "board");
  need(found.every(([slot, tracker]) => chain.current.get(slot) === tracker), "board");
  need(found.length >= manifest.minBallots && names.length === found.length, "board");
  need(isSorted(names) && names.every((name) => manifest.roll.includes(name)), "board");
  need(canonical(names) === canonical(chain.closing.names), "board");
  const trackers = found.map(([, tracker]) => tracker);
  const kappa = closingOf(manifest.phi, chain.closing.before, names, trackers);
  need(hexOf(kappa) === chain.closing.kappa, "board");
  const ballots = data.ballots.map((one, place) => {
    const ballot = readBallot(one, manifest);
    progress(place + 1, found.length);
    return ballot;
  });
  const sealed = aggregateOf(ballots, manifest);
  array(data.partials, tallied ? manifest.keys.length : 0);
  array(data.sums, tallied ? manifest.targets.length : 0).forEach(integer);
  if (tallied) {
    const parts = data.partials.map((one, k) => checkPart(one, k, sealed, manifest, kappa));
    const sums = sumsOf(sealed, parts, manifest, ballots.length);
    need(canonical(sums) === canonical(data.sums), "sum");
  }
  return { manifest, chain, names, trackers, kappa, sealed, sums: data.sums };
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
  challenge("QB1-dec", manifest.phi, kappa, u4(k), u4(target), ...elements.map(el));

/* What a scrutineer sends. Only aggregates that this page made itself are ever raised to x. */
export const openPart = (secret, k, board, draw = fresh) => {
  const { manifest, kappa, sealed } = board;
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
  need(hexOf(digest("QB1-x", "a", "bc")) === KNOWN_HASH, "SHA-256");
  need(power(3n, 65537n * 3n) !== 0n && gTable().power(Q) === 1n, "BigInt");
  need(gTable().power(12345n) === power(G, 12345n), "BigInt");
  need(hexOf(digest("QB1-x", el(power(G, 12345n)))) === KNOWN_POWER, "BigInt, SHA-256");
  need(compare("\u{20bb7}", "\ufa11") > 0, "String.prototype.codePointAt");
  need(fresh() !== fresh(), "crypto.getRandomValues");
};

const KNOWN_POWER = "7544524c094eea234ab883d0dbef8561ab20e0c928c9fb1a5123cccb175f3740";
const KNOWN_HASH = "bece8d88720554f1d3ec1d6c5675971b0913cda615a42d20b7b194f7ac08f2ac";

export { bytesOf, fromHex, hexOf };
