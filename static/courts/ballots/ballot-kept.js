/* Keeps in this browser the trackers that it computed itself, a voter's latest for each round. A
 * tracker holds no mark. Where a browser keeps nothing the voter has the paper. */

const placeOf = (fingerprint) => `ballot-trackers-${fingerprint}`;

const all = (fingerprint) => {
  try {
    return JSON.parse(localStorage.getItem(placeOf(fingerprint))) ?? {};
  } catch {
    return {};
  }
};

/* The tracker of this voter's ballot in the round; empty where none is kept. */
export const keptTracker = (fingerprint, voter) => all(fingerprint)[voter] ?? "";

/* Keeps one, or forgets it when it is empty. */
export const keepTracker = (fingerprint, voter, tracker) => {
  const { [voter]: _before, ...others } = all(fingerprint);
  const trackers = tracker ? { ...others, [voter]: tracker } : others;
  try {
    localStorage.setItem(placeOf(fingerprint), JSON.stringify(trackers));
  } catch {
    // The voter has the paper.
  }
};
