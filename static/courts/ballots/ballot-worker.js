/* Seals, and recounts boards, beside the page, so that the page stays alive. Asks nobody.
 *
 * The randomness of a sealed ballot stays in here. A ballot leaves once: cast, after the randomness
 * is gone, or spoiled, together with it. What is cast again is the same bytes, never proved anew. */

import { Refused, canonical, hexOf, parse } from "./ballot-bytes.js";
import { missingIn } from "./ballot-features.js";
import {
  neverCast,
  openPart,
  readBoard,
  readManifest,
  readSpoiled,
  seal,
  selfTest,
  spoiledOf,
  trackerOf,
} from "./ballot-protocol.js";

let board = null;
// A manifest that was read takes its tables with it; the next question needs the same.
let kept = { text: "", manifest: null };
// What was sealed and not yet cast or spoiled; what was cast, to send it again.
let sealed = null;
let cast = null;

const progress = (done, of) => postMessage({ kind: "progress", done, of });

const manifestOf = (text) => {
  if (kept.text !== text) {
    kept = { text, manifest: readManifest(parse(text)) };
  }
  return kept.manifest;
};

const forget = () => {
  sealed = null;
  cast = null;
};

const work = {
  /* Everything that voting does, on one target and a mark that is nobody's; it never leaves here. */
  trial({ manifest = "", slot = "" }) {
    const missing = missingIn(self);
    if (missing.length > 0) {
      throw new Refused("missing", missing.join(", "));
    }
    selfTest();
    if (manifest) {
      const read = manifestOf(manifest);
      const one = { ...read, targets: read.targets.slice(0, 1) };
      const { ballot, randomness } = seal(one, slot, [read.unitMax], undefined, progress);
      const spoiled = canonical(spoiledOf(ballot, [read.unitMax], randomness));
      readSpoiled(parse(spoiled), one);
    }
    return true;
  },
  seal({ manifest, slot, scores }) {
    forget();
    const { ballot, randomness } = seal(manifestOf(manifest), slot, scores, undefined, progress);
    sealed = { ballot, scores, randomness, tracker: trackerOf(ballot) };
    return { tracker: sealed.tracker, fingerprint: ballot.e };
  },
  cast() {
    if (sealed) {
      cast = { tracker: sealed.tracker, body: canonical(sealed.ballot) };
      sealed = null;
    }
    if (!cast) {
      throw new Refused("nothing-sealed");
    }
    return cast;
  },
  spoil() {
    if (!sealed) {
      throw new Refused("nothing-sealed");
    }
    const { ballot, scores, randomness, tracker } = sealed;
    forget();
    return { tracker, spoiled: canonical(spoiledOf(ballot, scores, randomness)) };
  },
  forget() {
    forget();
    return true;
  },
  /* Of the round of a manifest, or of the board that was read before; in that board's chain a
   * spoiled ballot must not be. */
  check_spoiled({ spoiled, manifest = "" }) {
    const read = manifest || !board ? manifestOf(manifest) : board.manifest;
    const { slot, tracker, scores } = readSpoiled(parse(spoiled), read);
    const fingerprint = hexOf(read.phi);
    const isOnBoard = board !== null && hexOf(board.manifest.phi) === fingerprint;
    if (isOnBoard) {
      neverCast(tracker, board.chain);
    }
    const { targets, unit } = read;
    return { fingerprint, slot, tracker, scores, targets, unit, isOnBoard };
  },
  board({ raw, tallied = null }) {
    board = null;
    board = readBoard(raw, { tallied, progress });
    const { manifest, chain, names, trackers, sums, isTallied } = board;
    return {
      manifest: manifest.data,
      version: manifest.version,
      fingerprint: hexOf(manifest.phi),
      kappa: chain.closing.kappa,
      names,
      trackers,
      replaced: [...chain.seen].filter((one) => !trackers.includes(one)),
      heads: chain.hashes,
      sums,
      isTallied,
    };
  },
  open({ secret, index }) {
    return openPart(BigInt(`0x${secret}`), index, board);
  },
};

addEventListener("message", ({ data }) => {
  try {
    postMessage({ kind: "done", value: work[data.kind](data) });
  } catch (error) {
    postMessage({ kind: "failed", code: error.code ?? "failed", detail: error.message });
  }
});
