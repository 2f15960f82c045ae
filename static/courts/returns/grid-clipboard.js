/* Owns what is copied from a grid and which pasted blocks are taken by their position alone.
 *
 * Copies have the shape that spreadsheets give: cells parted by tabs, each row ended. A pasted
 * block is *bare* when it holds figures and blanks only; whatever else has names or headings in it,
 * which decide where its figures belong, and is handed to whoever recognises tables.
 */

import { read } from "./grid-figures.js";

const QUOTE = '"';

/** The text of places in rows, as a spreadsheet copies it. */
export const copyOf = (rectangle, textOf) =>
  rectangle
    .map((line) => `${line.map((place) => (place ? textOf(place) : "")).join("\t")}\r\n`)
    .join("");

/** The rows of a copied block, each a list of texts; blank rows and columns at the
 * end are dropped. */
export const block = (text) => {
  const rows = [[""]];
  let isQuoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place];
    const row = rows[rows.length - 1];
    const cell = row.length - 1;
    if (isQuoted && sign === QUOTE && text[place + 1] === QUOTE) {
      row[cell] += QUOTE;
      place += 1;
    } else if (isQuoted && sign === QUOTE) isQuoted = false;
    else if (isQuoted) row[cell] += sign;
    else if (sign === QUOTE && row[cell] === "" && text.indexOf(QUOTE, place + 1) > 0) {
      isQuoted = true;
    } else if (sign === "\t") row.push("");
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[place + 1] === "\n") place += 1;
      rows.push([""]);
    } else row[cell] += sign;
  }
  const isBlank = (cell) => read(cell).value === null;
  while (rows.length > 1 && rows[rows.length - 1].every(isBlank)) rows.pop();
  const filled = (row) => row.reduce((most, cell, x) => (isBlank(cell) ? most : x + 1), 1);
  const widest = rows.reduce((most, row) => Math.max(most, filled(row)), 1);
  return rows.map((row) => row.slice(0, widest));
};

/** Whether a block holds figures and blanks alone, in no more columns than given; `places` are the
 * most decimals that a figure of the grid has. */
export const isBare = (rows, mostColumns, places) =>
  rows.every((row) => row.length <= mostColumns && row.every((cell) => !read(cell, places).fault));

/** Hand a block, pasted in an input, to whoever recognises tables; whether somebody took it. */
export const handOver = (text, input) =>
  !document.dispatchEvent(
    new CustomEvent("grid:paste", { detail: { text, cell: input }, cancelable: true }),
  );
