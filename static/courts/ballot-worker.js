/* Seals, and recounts boards, beside the page, so that the page stays alive. Asks nobody. */

import { Refused, canonical, hexOf } from "./ballot-bytes.js";
import { missingIn } from "./ballot-features.js";
import { openPart, readBallot, readBoard, readManifest, seal, selfTest } from "./ballot-protocol.js";

let board = null;
// A manifest that was read takes its tables with it; the next question needs the same.
let kept = { text: "", manifest: null };

const progress = (done, of) => postMessage({ kind: "progress", done, of });

const manifestOf = (text) => {
  if (kept.text !== text) {
    kept = { text, manifest: readManifest(JSON.parse(text)) };
  }
  return kept.manifest;
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
      const sealed = canonical(seal(one, slot, [read.unitMax], undefined, progress));
      readBallot(JSON.parse(sealed), one);
    }
    return true;
  },
  seal({ manifest, slot, scores }) {
    return canonical(seal(manifestOf(manifest), slot, scores, undefined, progress));
  },
  board({ raw, tallied = false }) {
    board = readBoard(raw, { tallied, progress });
    const { manifest, chain, names, trackers, sums } = board;
    return {
      manifest: manifest.data,
      fingerprint: hexOf(manifest.phi),
      kappa: chain.closing.kappa,
      names,
      trackers,
      replaced: [...chain.seen].filter((one) => !trackers.includes(one)),
      heads: chain.hashes,
      sums,
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
