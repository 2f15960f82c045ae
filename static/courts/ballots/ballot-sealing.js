/* One ballot: sealed bit by bit, read and checked, or spoiled, that is opened instead of cast. */

import {
  array,
  canonical,
  digest,
  hashText,
  hexOf,
  integer,
  need,
  record,
  slotText,
  u4,
  written,
} from "./ballot-bytes.js";
import {
  G,
  P,
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
import { EARLIER, VERSION, bitsOf, needCurrent } from "./ballot-manifest.js";

const OVER_G = inverse(G);
const g = (exponent) => gTable().power(exponent);

/* C: the hash of every cipher of a ballot in order, to which each of its proofs is bound, so that
 * bits of two ballots do not make a third. */
const boundTo = (manifest, slot, targets) =>
  digest(
    `${VERSION}-cipher`,
    manifest.phi,
    slot,
    u4(targets.length),
    u4(targets[0].length),
    ...targets.flatMap((bits) => bits.flatMap(({ a, b }) => [el(a), el(b)])),
  );

/* What the proof of a bit says: where it stands, and of which ballot or (in QB1) which cipher. */
const bitChallenge = (manifest, slot, [target, bit], statement, commitments) =>
  challenge(
    `${manifest.version}-bit`,
    manifest.phi,
    slot,
    u4(target),
    u4(bit),
    ...statement,
    ...commitments.map(el),
  );

// --- Sealing ---

const encrypt = (manifest, bit, r) => {
  const hidden = manifest.yTable.power(r);
  return { a: g(r), b: bit ? (hidden * G) % P : hidden };
};

/* All powers are of g and y, since the sealer knows r: seven products of tables a bit. */
const proveBit = (manifest, slot, place, whole, { a, b, bit, r }, draw) => {
  const y = (exponent) => manifest.yTable.power(exponent);
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
  const total = bitChallenge(manifest, slot, place, [whole], [A[0], B[0], A[1], B[1]]);
  c[bit] = modQ(total - c[other]);
  z[bit] = modQ(w - r * c[bit]);
  return [a, b, c[0], z[0], c[1], z[1]].map(written);
};

/* The ballot, and the randomness of its bits in order. Whoever keeps that beside a ballot that is
 * cast has a receipt: the worker drops it before the ballot leaves. */
export const seal = (manifest, slot, scores, draw = fresh, progress = () => {}) => {
  needCurrent(manifest);
  need(scores.length === manifest.targets.length, "ballot");
  need(
    scores.every((one) => Number.isInteger(one) && one >= 0 && one <= manifest.unitMax),
    "ballot",
  );
  const bits = scores.map((score) =>
    bitsOf(score, manifest.unitMax).map((bit) => ({ bit, r: draw() })),
  );
  const sealed = bits.map((row) =>
    row.map(({ bit, r }) => ({ bit, r, ...encrypt(manifest, bit, r) })),
  );
  const whole = boundTo(manifest, slot, sealed);
  const t = sealed.map((row, target) => {
    const proved = row.map((one, place) =>
      proveBit(manifest, slot, [target, place], whole, one, draw),
    );
    progress(target + 1, scores.length);
    return proved;
  });
  return {
    ballot: { e: hexOf(manifest.phi), slot, t },
    randomness: bits.flatMap((row) => row.map(({ r }) => r)),
  };
};

export const trackerOf = (ballot, version = VERSION) =>
  hexOf(digest(`${version}-ballot`, canonical(ballot)));

// --- Reading ---

export const readBallot = (data, manifest) => {
  record(data, ["e", "slot", "t"]);
  need(hashText(data.e) === hexOf(manifest.phi), "round");
  need(manifest.slots.includes(slotText(data.slot)), "slot");
  const used = new Set();
  const targets = array(data.t, manifest.targets.length).map((bits) =>
    array(bits, manifest.weights.length).map((bit) => {
      array(bit, 6);
      const a = elementOf(bit[0]);
      const b = elementOf(bit[1]);
      need(a !== 1n && !used.has(bit[0]), "ballot");
      used.add(bit[0]);
      return { a, b, scalars: bit.slice(2).map(scalarOf) };
    }),
  );
  const isEarlier = manifest.version === EARLIER;
  const whole = isEarlier ? null : boundTo(manifest, data.slot, targets);
  const y = (exponent) => manifest.yTable.power(exponent);
  targets.forEach((bits, target) => {
    bits.forEach(({ a, b, scalars: [c0, z0, c1, z1] }, place) => {
      const commitments = [
        (g(z0) * power(a, c0)) % P,
        (y(z0) * power(b, c0)) % P,
        (g(z1) * power(a, c1)) % P,
        (y(z1) * power((b * OVER_G) % P, c1)) % P,
      ];
      const statement = isEarlier ? [el(a), el(b)] : [whole];
      need(
        modQ(c0 + c1) ===
          bitChallenge(manifest, data.slot, [target, place], statement, commitments),
        "bit",
      );
    });
  });
  return { slot: data.slot, targets };
};

// --- Spoiling ---

export const spoiledOf = (ballot, scores, randomness) => ({
  ballot,
  scores,
  r: randomness.map(written),
});

/* A spoiled ballot: the ballot itself checked whole, and sealed anew from what was opened. */
export const readSpoiled = (data, manifest) => {
  needCurrent(manifest);
  record(data, ["ballot", "scores", "r"]);
  const { slot, targets } = readBallot(data.ballot, manifest);
  const scores = array(data.scores, targets.length).map(integer);
  need(
    scores.every((one) => one >= 0 && one <= manifest.unitMax),
    "spoiled",
  );
  const length = manifest.weights.length;
  const r = array(data.r, targets.length * length).map(scalarOf);
  targets.forEach((bits, target) => {
    const said = bitsOf(scores[target], manifest.unitMax);
    bits.forEach((sealed, place) => {
      const own = r[target * length + place];
      const again = encrypt(manifest, said[place], own);
      need(own > 0n && sealed.a === again.a && sealed.b === again.b, "spoiled");
    });
  });
  return { slot, scores, tracker: trackerOf(data.ballot) };
};
