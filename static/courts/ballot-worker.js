/* Seals, and recounts boards, beside the page, so that the page stays alive. Asks nobody. */

import { canonical, hexOf } from "./ballot-bytes.js";
import { openPart, readBoard, readManifest, seal } from "./ballot-protocol.js";

let board = null;

const progress = (done, of) => postMessage({ kind: "progress", done, of });

const work = {
  seal({ manifest, slot, scores }) {
    const read = readManifest(JSON.parse(manifest));
    return canonical(seal(read, slot, scores, undefined, progress));
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
    postMessage({ kind: "failed", code: error.code ?? "failed" });
  }
});
