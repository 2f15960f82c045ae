/* The fields of the booth, in the page and in the offline file: what was typed, as units. */

import { listed } from "./ballot-prints.js";

/* Units as points, without the tail that binary fractions leave. */
export const pointsOf = (units, unit) => String(Number((units * unit).toFixed(2)));

/* A row of a table: who is scored, and the points. */
export const scoreRow = (name, points) => {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const value = document.createElement("td");
  value.className = "num";
  value.textContent = points;
  row.append(head, value);
  return row;
};

const mark = (input, fits) => input.setAttribute("aria-invalid", String(!fits));

/* `root` holds a [data-target] for each who is scored, with a label and a [data-score], perhaps
 * with four [data-aspect]. `onward` is called when the last is filled in. */
export const marksOf = (root, { unit, most, tell, onward }) => {
  const rows = [...root.querySelectorAll("[data-target]")];
  const fields = rows.map((row) => row.querySelector("[data-score]"));
  const names = rows.map((row) => row.querySelector("label").textContent.trim());
  const mostOf = (input) => (input.matches("[data-aspect]") ? most / 4 : most);

  /* Units of what was typed, in figures of either width; null when it is no score. */
  const unitsOf = (input) => {
    const text = input.value.normalize("NFKC").trim();
    const value = Number(text);
    const units = Math.round(value / unit);
    const fits = Math.abs(units * unit - value) < 1e-9 && value <= mostOf(input);
    return /^[0-9]+(?:\.[0-9]+)?$/.test(text) && fits ? units : null;
  };
  const look = (input) => mark(input, input.value.trim() === "" || unitsOf(input) !== null);

  /* The sum so far is shown; it becomes the score when all four are given and fit. */
  const addUp = (row) => {
    const aspects = [...row.querySelectorAll("[data-aspect]")];
    aspects.forEach(look);
    const units = aspects.map(unitsOf);
    const sum = units.reduce((total, one) => total + (one ?? 0), 0);
    row.querySelector("[data-added]").textContent = pointsOf(sum, unit);
    if (units.every((one) => one !== null)) {
      row.querySelector("[data-score]").value = pointsOf(sum, unit);
    }
  };

  /* All scores in units; null, and a word to whom one is missing, when there is one missing. */
  const collected = () => {
    const scores = fields.map(unitsOf);
    fields.forEach((input, place) => mark(input, scores[place] !== null));
    const without = names.filter((_name, place) => scores[place] === null);
    if (without.length > 0) {
      tell("status", "missing", listed(without));
      fields[scores.indexOf(null)].focus();
      return null;
    }
    return scores;
  };

  /* On to the next field, its text selected; a mark that is none keeps the focus and is told. */
  const goOn = (input) => {
    look(input);
    if (input.getAttribute("aria-invalid") === "true") {
      tell("status", "wrong");
      return;
    }
    tell("status", "");
    const row = input.closest("[data-target]");
    const score = row.querySelector("[data-score]");
    const order = input.matches("[data-aspect]")
      ? [...row.querySelectorAll("[data-aspect]"), score]
      : fields;
    const next = order[order.indexOf(input) + 1];
    if (next) {
      next.focus();
      next.select();
    } else {
      onward();
    }
  };

  for (const row of rows) {
    row.addEventListener("input", ({ target }) => {
      if (target.matches("[data-aspect]")) {
        addUp(row);
      }
    });
    row.addEventListener("change", ({ target }) => {
      if (target.matches("[data-score]")) {
        look(target);
      }
    });
    row.addEventListener("keydown", (event) => {
      const isOurs = event.target.matches("[data-score], [data-aspect]");
      if (event.key === "Enter" && isOurs && !event.isComposing && !event.repeat) {
        event.preventDefault();
        goOn(event.target);
      }
    });
  }

  return {
    names,
    collected,
    focus: () => fields[0].focus(),
    clear: () => {
      for (const input of root.querySelectorAll("[data-score], [data-aspect]")) {
        input.value = "";
      }
    },
  };
};
