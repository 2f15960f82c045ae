/* How the ballot writes and hashes: canonical JSON, lower-case hex, SHA-256 with lengths.
 * Its own SHA-256, for a plain page has no crypto.subtle and the ballot hashes inside loops. */

export class Refused extends Error {
  constructor(code, message) {
    super(message ?? code);
    this.code = code;
  }
}

export const need = (holds, code) => {
  if (!holds) {
    throw new Refused(code);
  }
};

const K = (() => {
  const words = new Uint32Array(64);
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) {
      if (n % d === 0) {
        prime = false;
      }
    }
    if (prime) {
      // 32 bits of the cube root's fraction, exactly.
      words[found] = Number(root(BigInt(n) << 96n, 3n) & 0xffffffffn);
      found += 1;
    }
  }
  return words;
})();

function root(value, degree) {
  let low = 0n;
  let high = 1n << 64n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= value) {
      low = middle;
    } else {
      high = middle - 1n;
    }
  }
  return low;
}

const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

export const sha256 = (data) => {
  const length = data.length;
  const padded = new Uint8Array((((length + 8) >> 6) + 1) << 6);
  padded.set(data);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const state = Uint32Array.from(START);
  const w = new Uint32Array(64);
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let t = 0; t < 16; t += 1) {
      w[t] = view.getUint32(offset + t * 4);
    }
    for (let t = 16; t < 64; t += 1) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) >>> 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) >>> 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) >>> 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, place) => {
      state[place] += value;
    });
  }
  const out = new Uint8Array(32);
  const words = new DataView(out.buffer);
  state.forEach((value, place) => words.setUint32(place * 4, value));
  return out;
};

// Not at once: a browser without it is to be told so by the page.
let encoder = null;

export const bytesOf = (text) => {
  encoder ??= new TextEncoder();
  return encoder.encode(text);
};

export const hexOf = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) =>
  Uint8Array.from({ length: text.length / 2 }, (_one, place) =>
    Number.parseInt(text.slice(place * 2, place * 2 + 2), 16),
  );

export const u4 = (number) => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, number);
  return out;
};

/* H of the protocol: the tag and the parts, each with its length before it. */
export const digest = (tag, ...parts) => {
  const chunks = [tag, ...parts].map((part) => (typeof part === "string" ? bytesOf(part) : part));
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length + 4, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(u4(chunk.length), offset);
    all.set(chunk, offset + 4);
    offset += chunk.length + 4;
  }
  return sha256(all);
};

/* Order by code point; JavaScript's own order goes by UTF-16. */
export const compare = (left, right) => {
  const one = [...left];
  const two = [...right];
  for (let place = 0; place < Math.min(one.length, two.length); place += 1) {
    const difference = one[place].codePointAt(0) - two[place].codePointAt(0);
    if (difference) {
      return difference;
    }
  }
  return one.length - two.length;
};

export const isSorted = (values) =>
  values.every((value, place) => place === 0 || compare(values[place - 1], value) < 0);

const LONE = /\p{Surrogate}/u;

export const canonical = (data) => {
  if (typeof data === "string") {
    need(!LONE.test(data), "text");
    return JSON.stringify(data);
  }
  if (typeof data === "number") {
    need(Number.isSafeInteger(data), "integer");
    return String(data);
  }
  if (Array.isArray(data)) {
    return `[${data.map(canonical).join(",")}]`;
  }
  if (data === null) {
    return "null";
  }
  need(typeof data === "object", "json");
  const keys = Object.keys(data).sort(compare);
  return `{${keys.map((key) => `${canonical(key)}:${canonical(data[key])}`).join(",")}}`;
};

/* Text that is canonical to the letter, and nothing else: so no key is repeated either. Null stands
 * for sums that are not there yet; whoever reads anything else wants a type. */
export const parse = (text) => {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Refused("json");
  }
  need(canonical(data) === text, "json");
  return data;
};

const hasOwn = Object.prototype.hasOwnProperty;

export const record = (data, keys) => {
  need(data !== null && typeof data === "object" && !Array.isArray(data), "shape");
  const found = Object.keys(data);
  need(found.length === keys.length && keys.every((key) => hasOwn.call(data, key)), "shape");
  return data;
};

export const array = (data, length = null) => {
  need(Array.isArray(data) && (length === null || data.length === length), "shape");
  return data;
};

export const textOf = (data) => {
  need(typeof data === "string" && !LONE.test(data), "text");
  return data;
};

export const integer = (data) => {
  need(typeof data === "number" && Number.isSafeInteger(data), "integer");
  return data;
};

const matching = (pattern, code) => (data) => {
  need(typeof data === "string" && pattern.test(data), code);
  return data;
};

export const hashText = matching(/^[0-9a-f]{64}$/, "hash");
export const slotText = matching(/^[0-9a-f]{32}$/, "slot");
export const unitText = matching(/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/, "manifest");
const numberText = matching(/^(?:0|[1-9a-f][0-9a-f]{0,1023})$/, "number");

export const numberOf = (data) => BigInt(`0x${numberText(data)}`);

export const written = (number) => number.toString(16);
