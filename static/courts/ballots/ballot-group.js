/* The group of the ballot: ElectionGuard's published 4096-bit prime, a subgroup of order q.
 * Powers of g and of the joint key come from tables, so that a ballot is sealed in a second. */

import { digest, need, numberOf } from "./ballot-bytes.js";

export const NAME = "EG-4096-256";
export const Q = 2n ** 256n - 189n;
export const P = BigInt(
  "0x" +
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff93c467e37db0c7a4d1be3f81" +
    "0152cb56a1cecc3af65cc0190c03df34709affbd8e4b59fa03a9f0eed0649ccb621057d11056ae9132135a08" +
    "e43b4673d74bafea58deb878cc86d733dbe7bf38154b36cf8a96d1567899aaae0c09d4c8b6b7b86fd2a1ea1d" +
    "e62ff8643ec7c271827977225e6ac2f0bd61c746961542a3ce3bea5db54fe70e63e6d09f8fc28658e80567a4" +
    "7cfde60ee741e5d85a7bd46931ced8220365594964b839896fcaabccc9b31959c083f22ad3ee591c32fab2c7" +
    "448f2a057db2db49ee52e0182741e53865f004cc8e704b7c5c40bf304c4d8c4f13edf6047c555302d2238d8c" +
    "e11df2424f1b66c2c5d238d0744db679af2890487031f9c0aea1c4bb6fe9554ee528fdf1b05e5b256223b2f0" +
    "9215f3719f9c7ccc69ddf172d0d6234217fcc0037f18b93ef5389130b7a661e5c26e54214068bbcafea32a67" +
    "818bd3075ad1f5c7e9cc3d1737fb28171baf84dbb6612b7881c1a48e439cd03a92bf52225a2b38e6542e9f72" +
    "2bce15a381b5753ea842763381ccae83512b30511b32e5e8d80362149ad030aaba5f3a5798bb22aa7ec1b6d0" +
    "f17903f4e22d840734aa85973f79a93ffb82a75c47c03d43d2f9ca02d03199baceddd4533a52566affffffff" +
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
);
export const G = BigInt(
  "0x" +
    "1d41e49c477e15eaeef0c5e4ac08d4a46c268cd3424fc01d13769bdb43673218587bc86c4c1448d006a03699" +
    "f3abae5feb19e296f5d143cc5e4a3fc89088c9f4523d166ee3ae9d5fb03c0bdd77add5c017f6c55e2ec92c22" +
    "6fef5c6c1df2e7c36d90e7eaade098241d3409983bccd2b5379e9391fbc62f9f8d939d1208b160367c134264" +
    "122189595ec85c8cdbe5f9d307f46912c04932f8c16815a76b4682bd6bdc0ed52b00d8d30f59c731d5a7ffae" +
    "8165d53cf96649aac2b743da56f14f19dacc5236f29b1ab9f9befc69697293d5dead8b5bf5de9bab6de67c45" +
    "719e56344a3cbdf3609824b1b578e34eaeb6dd3190ab3571d6d671c512282c1da7bd36b4251d2584fadea80b" +
    "9e141423074dd9b5fb83acbdead4c87a58fff517f977a83080370a3b0cf98a1bc2978c47aac29611fd6c40e2" +
    "f9875c35d50443a9aa3f49611dcd3a0d6ff3cb3facf31471bdb61860b92c594d4e46569bb39feeadff1fd64c" +
    "836a6d6db85c6ba7241766b7ab56bf739633b054147f7170921412e948d9e47402d15bb1c257318612c121c3" +
    "6b80eb8433c08e7d0b7149e3ab0a8735a92edce8ff943e28a2dceacfcc69ec318909cb047be1c5858844b5ad" +
    "44f22eeb289e4cc554f7a5e2f3dea026877ff92851816071ce028eb868d965ccb2d2295a8c55bd1c070b39b0" +
    "9ae06b37d29343b9d8997dc244c468b980970731736ee018bbadb987",
);

const ELEMENT_DIGITS = 1024;
const WINDOW = 6n;
const WINDOWS = 43;

export const modQ = (number) => ((number % Q) + Q) % Q;

/* base^exponent by windows of four bits. */
export const power = (base, exponent) => {
  const small = [1n, base];
  for (let n = 2; n < 16; n += 1) {
    small.push((small[n - 1] * base) % P);
  }
  let found = 1n;
  for (const digit of exponent.toString(16)) {
    found = (found * found) % P;
    found = (found * found) % P;
    found = (found * found) % P;
    found = (found * found) % P;
    const value = Number.parseInt(digit, 16);
    if (value) {
      found = (found * small[value]) % P;
    }
  }
  return found;
};

/* All powers of one base that a scalar needs; then a power is 43 products. */
export class Table {
  constructor(base) {
    this.rows = [];
    let step = base;
    for (let row = 0; row < WINDOWS; row += 1) {
      const values = [1n, step];
      for (let n = 2; n < 64; n += 1) {
        values.push((values[n - 1] * step) % P);
      }
      this.rows.push(values);
      step = (values[63] * step) % P;
    }
  }

  power(exponent) {
    let found = 1n;
    let rest = exponent;
    for (const row of this.rows) {
      const value = Number(rest & 63n);
      if (value) {
        found = (found * row[value]) % P;
      }
      rest >>= WINDOW;
    }
    return found;
  }
}

let tableOfG = null;

export const gTable = () => {
  tableOfG ??= new Table(G);
  return tableOfG;
};

/* The element that makes 1 with this one: its order is q. */
export const inverse = (element) => power(element, Q - 1n);

export const el = (element) => {
  const digits = element.toString(16).padStart(ELEMENT_DIGITS, "0");
  const out = new Uint8Array(ELEMENT_DIGITS / 2);
  for (let place = 0; place < out.length; place += 1) {
    out[place] = Number.parseInt(digits.slice(place * 2, place * 2 + 2), 16);
  }
  return out;
};

export const isElement = (value) => value >= 1n && value < P && power(value, Q) === 1n;

export const elementOf = (data) => {
  const value = numberOf(data);
  need(isElement(value), "element");
  return value;
};

export const scalarOf = (data) => {
  const value = numberOf(data);
  need(value < Q, "number");
  return value;
};

export const challenge = (tag, ...parts) => scalarFrom(digest(tag, ...parts));

const scalarFrom = (bytes) => {
  let number = 0n;
  for (const byte of bytes) {
    number = (number << 8n) | BigInt(byte);
  }
  return number % Q;
};

/* A secret scalar, 1..q-1, from the browser's own randomness: drawn again where it is too large. */
export const fresh = () => {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    let number = 0n;
    for (const byte of bytes) {
      number = (number << 8n) | BigInt(byte);
    }
    if (number >= 1n && number < Q) {
      return number;
    }
  }
};

