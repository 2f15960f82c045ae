/* scrutineer.html looks into a ballot that a voter had checked instead of casting it. */

import { helperWith, lettersIn, manifestIn, one, tell } from "./ballot-file.js";
import { pointsOf, scoreRow } from "./ballot-marks.js";
import { showGroups } from "./ballot-prints.js";

const letters = { manifest: "", spoiled: "" };

const check = async () => {
  one("spoiled-good").hidden = true;
  if (!letters.manifest || !letters.spoiled) {
    tell("spoiled-status", letters.manifest ? "spoiled-next" : "spoiled-manifest");
    return;
  }
  tell("spoiled-status", "working");
  const helper = helperWith(() => {});
  try {
    const found = await helper.ask({ kind: "check_spoiled", ...letters });
    showGroups(one("spoiled-tracker"), found.tracker);
    showGroups(one("spoiled-print"), found.fingerprint);
    one("spoiled-rows").replaceChildren(
      ...found.scores.map((units, target) =>
        scoreRow(found.targets[target].name, pointsOf(units, Number(found.unit))),
      ),
    );
    one("spoiled-good").hidden = false;
    tell("spoiled-status", "spoiled-good");
  } catch (error) {
    const isFile = ["json", "shape", "manifest-file"].includes(error.code);
    const isRound = error.code === "round" || error.code === "slot";
    tell("spoiled-status", isFile ? "spoiled-file" : isRound ? "spoiled-round" : "spoiled-bad");
  } finally {
    helper.worker.terminate();
  }
};

const take = (name, read) => async ({ target }) => {
  letters[name] = "";
  try {
    letters[name] = read((await lettersIn(target)) ?? "");
    await check();
  } catch {
    one("spoiled-good").hidden = true;
    tell("spoiled-status", name === "manifest" ? "manifest-file" : "spoiled-file");
  }
};

export const startSpoiled = () => {
  const manifest = take("manifest", (text) => manifestIn(text, "slot").manifest);
  one("spoiled-manifest").addEventListener("change", manifest);
  one("spoiled-file").addEventListener("change", take("spoiled", (text) => text));
};
