/* Seals, and recounts boards, beside the page, so that the page stays alive. Asks nobody. */

import { canonical } from "./ballot-bytes.js";
import { openPart, readBoard, readManifest, seal } from "./ballot-protocol.js";

let board = null;

const progress = (done, of) => postMessage({ kind: "progress", done, of });

const work = {
  seal({ manifest, slot, scores }) {
    const read = readManifest(JSON.parse(manifest));
    return canonical(seal(read, slot, scores, undefined, progress));
  },
  board({ raw }) {
    board = readBoard(raw, { tallied: false, progress });
    return { phi: board.manifest.data, kappa: board.chain.closing.kappa };
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
