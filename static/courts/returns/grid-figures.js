/* What a person typed or pasted, previewed as a figure.
 *
 * The server reads every text itself and decides (`courts/files/values.py`). This module reads
 * by the same rules, so that sums and faults can be shown while a person types; it never changes a
 * text on its way to the server. A browser test compares both, row by row.
 */

// As `scoring.schema` has them: counts, and amounts in 分.
const LARGEST_COUNT = 999999999;
const LARGEST_AMOUNT = 99999999999999;
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

/** Read a text: a value (null when blank), or the name of the fault. A figure with decimals
 * (`places`) is held without them, as hundredths. */
export const read = (typed, places = 0) => {
  const shown = typed.replace(AROUND, "");
  if (shown === "") return { value: null };
  if (Array.from(shown).length > LONGEST) return { fault: "no_figure" };
  const text = halfWidth(shown);
  const [whole, part = ""] = text.split(".");
  if (places && text.split(".").length < 3 && (PLAIN.test(whole) || GROUPED.test(whole))) {
    if (!/^[0-9]*$/.test(part)) return { fault: "no_figure" };
    if (/[1-9]/.test(part.slice(places))) return { fault: "decimals" };
    const digits = whole.replace(/,/g, "") + part.slice(0, places).padEnd(places, "0");
    const value = Number(digits);
    return value > LARGEST_AMOUNT ? { fault: "too_large" } : { value };
  }
  if (PLAIN.test(text) || GROUPED.test(text)) {
    const value = Number(text.split(".")[0].replace(/,/g, ""));
    return value > LARGEST_COUNT ? { fault: "too_large" } : { value };
  }
  if (text.startsWith("-") && NUMBER.test(text)) return { fault: "negative" };
  if (text.includes(".") && !places && NUMBER.test(text)) return { fault: "fraction" };
  return { fault: text.startsWith("=") ? "formula" : "no_figure" };
};

/** The sentence of a fault, as it is said of counts or of amounts. */
export const faultText = (texts, fault, places) =>
  texts.get(`${places ? "amount" : "fault"}_${fault}`);

/** A value as it stands in a cell. */
export const write = (value, places = 0) => {
  if (value === null || value === undefined) return "";
  if (!places) return String(value);
  const sign = value < 0 ? "-" : "";
  const digits = String(Math.abs(value)).padStart(places + 1, "0");
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** Whether two texts stand for the same: the same figure, both blank, or the same letters. */
export const isSame = (one, other, places = 0) => {
  const [first, second] = [read(one, places), read(other, places)];
  if (first.fault || second.fault) return one === other;
  return first.value === second.value;
};
