/* The steps of voting, the same in the booth and in booth.html: recognise the fingerprint, mark,
 * look over, seal, and then give the sealed ballot away or have it checked, one of the two. The
 * worker keeps what a ballot was sealed with, and hands the ballot out once. */

import { marksOf, pointsOf, scoreRow } from "./ballot-marks.js";
import { listed, recognise, showGroups } from "./ballot-prints.js";

const STEPS = ["recognise", "marks", "look", "sealed", "spoiled"];

export const showTracker = (root, tracker) => {
  for (const place of root.querySelectorAll("[data-own-tracker]")) {
    showGroups(place, tracker);
  }
};

/* Who votes, from how many ballots on it counts, and who holds keys, as the manifest says it. */
export const showPeople = (root, { roll, min_ballots: least, trustees }) => {
  const names = trustees.map(({ name }) => name);
  const both = names.filter((name) => roll.includes(name));
  const write = (name, text) => {
    root.querySelector(`[data-${name}]`).textContent = text;
  };
  write("roll", `${roll.length}：${listed(roll)}`);
  write("least", String(least));
  write("trustees", listed(names));
  write("both", listed(both));
  root.querySelector("[data-some-both]").hidden = both.length === 0;
  root.querySelector("[data-few]").hidden = least >= 5 && least * 3 >= roll.length * 2;
};

/* `manifest`: its text. `give` takes what the worker hands out ({tracker, body}) and answers
 * whether it is done; it may be called again with the same bytes. `save` makes a link save text. */
export const startVoting = ({ root, manifest, fingerprint, slot, helper, tell, give, save }) => {
  const data = JSON.parse(manifest);
  const { unit: unitText, unit_max: unitMax } = data;
  const unit = Number(unitText);
  const one = (name) => root.querySelector(`[data-${name}]`);
  const bar = one("progress");
  const giveButton = one("give");
  const spoilButton = one("spoil");
  const state = { scores: null, tracker: "" };

  const show = (step) => {
    for (const name of STEPS) {
      one(name).hidden = name !== step;
    }
    tell("status", "");
  };

  const lookOver = () => {
    state.scores = marks.collected();
    if (!state.scores) {
      return;
    }
    one("look-rows").replaceChildren(
      ...state.scores.map((units, place) =>
        scoreRow(marks.names[place], pointsOf(units, unit)),
      ),
    );
    show("look");
    one("seal").focus();
  };

  const marks = marksOf(root, { unit, most: unit * unitMax, tell, onward: lookOver });

  const toMarks = () => {
    show("marks");
    marks.focus();
  };

  /* Runs one step with its buttons out of reach; what goes wrong is told. */
  const busy = async (buttons, step) => {
    for (const button of buttons) {
      button.disabled = true;
    }
    try {
      return await step();
    } catch (error) {
      tell("status", ...(error.said ? ["said", error.said] : [error.code ?? "failed"]));
      return false;
    } finally {
      bar.hidden = true;
      for (const button of buttons) {
        button.disabled = false;
      }
    }
  };

  const seal = () =>
    busy([one("seal"), one("back")], async () => {
      bar.value = 0;
      bar.hidden = false;
      tell("status", "sealing");
      helper.progress = (done, of) => {
        bar.value = done / of;
      };
      const sealed = await helper.ask({ kind: "seal", manifest, slot, scores: state.scores });
      state.tracker = sealed.tracker;
      showTracker(root.parentElement, state.tracker);
      show("sealed");
      spoilButton.hidden = false;
      one("sealed").focus();
    });

  const forget = () => {
    marks.clear();
    state.scores = null;
    one("look-rows").replaceChildren();
    one("spoiled-rows").replaceChildren();
  };

  const giveAway = () =>
    busy([giveButton, spoilButton], async () => {
      tell("status", "sending");
      const ballot = await helper.ask({ kind: "cast" });
      // From here on the same bytes or none: what would check it is gone.
      spoilButton.hidden = true;
      if (await give(ballot, state.tracker)) {
        forget();
        show("");
        helper.worker.terminate();
      }
    });

  const spoil = () =>
    busy([giveButton, spoilButton], async () => {
      const { spoiled } = await helper.ask({ kind: "spoil" });
      save(one("save-spoiled"), spoiled, `spoiled-${state.tracker.slice(0, 8)}.json`);
      one("spoiled-rows").replaceChildren(
        ...state.scores.map((units, place) =>
          scoreRow(marks.names[place], pointsOf(units, unit)),
        ),
      );
      show("spoiled");
      one("spoiled").focus();
    });

  one("look-over").addEventListener("click", lookOver);
  one("back").addEventListener("click", toMarks);
  one("vote-again").addEventListener("click", toMarks);
  const presses = [
    [one("seal"), seal],
    [giveButton, giveAway],
    [spoilButton, spoil],
  ];
  for (const [button, press] of presses) {
    // A key held down on the last mark must not seal, and one held down there must not vote.
    button.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    button.addEventListener("click", press);
  }
  showPeople(root, data);
  show("recognise");
  return recognise(one("recognise"), fingerprint, tell).then(toMarks);
};
