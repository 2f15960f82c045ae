/* What a person typed or pasted, previewed as a figure.
 *
 * The server reads every text itself and decides (`courts/files/values.py`). This module reads
 * by the same rules, so that sums and faults can be shown while a person types; it never changes a
 * text on its way to the server. A browser test compares both, row by row.
 */

const LARGEST = 999999999;
const LONGEST = 40;
// What Python strips: the server's blanks, which are not quite those of `String.trim`.
const BLANKS =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const AROUND = new RegExp(`^${BLANKS}+|${BLANKS}+$`, "g");
const PLAIN = /^[0-9]+(\.0*)?$/;
const GROUPED = /^[0-9]{1,3}(,[0-9]{3})+(\.0*)?$/;
const NUMBER = /^[-+]?[0-9][0-9,]*(\.[0-9]+)?$/;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const SHIFT = 0xfee0;

const halfWidth = (text) =>
  text.replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - SHIFT));

/** Read a text: a value (null when blank), or the name of the fault. */
export const read = (typed) => {
  const shown = typed.replace(AROUND, "");
  if (shown === "") return { value: null };
  if (Array.from(shown).length > LONGEST) return { fault: "no_figure" };
  const text = halfWidth(shown);
  if (PLAIN.test(text) || GROUPED.test(text)) {
    const value = Number(text.split(".")[0].replace(/,/g, ""));
    return value > LARGEST ? { fault: "too_large" } : { value };
  }
  if (text.startsWith("-") && NUMBER.test(text)) return { fault: "negative" };
  if (text.includes(".") && NUMBER.test(text)) return { fault: "fraction" };
  return { fault: text.startsWith("=") ? "formula" : "no_figure" };
};

/** A value as it stands in a cell. */
export const write = (value) => (value === null || value === undefined ? "" : String(value));

/** Whether two texts stand for the same: the same figure, both blank, or the same letters. */
export const isSame = (one, other) => {
  const [first, second] = [read(one), read(other)];
  if (first.fault || second.fault) return one === other;
  return first.value === second.value;
};
