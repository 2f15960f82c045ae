/* What a person typed or pasted, read as a figure: the server reads it again and decides. */

const LARGEST = 999999999;
const SEPARATORS = /[\s,'_\u3000\u00a0\u200b]/g;
const WHOLE = /^(\d+)(?:\.0*)?$/;

const plain = (text) => text.normalize("NFKC").replace(SEPARATORS, "");

/** Read a text: a value (null when blank), or the name of the fault. */
export const read = (text) => {
  const digits = plain(text);
  if (digits === "") return { value: null };
  if (/^[-\u2212]/.test(digits)) return { fault: "negative" };
  const match = WHOLE.exec(digits);
  if (!match) return { fault: "not_whole" };
  const value = Number(match[1]);
  return value > LARGEST ? { fault: "too_large" } : { value };
};

/** A value as it stands in a cell. */
export const write = (value) => (value === null || value === undefined ? "" : String(value));

/** The lines of a pasted block, each a list of texts; trailing blank lines are dropped. */
export const block = (text) => {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  while (lines.length > 1 && lines[lines.length - 1].trim() === "") lines.pop();
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
};

/** The column of a block that holds the figures: the first that is numbers for the most part. */
export const figureColumn = (lines) => {
  const widest = Math.max(...lines.map((line) => line.length));
  for (let column = 0; column < widest; column += 1) {
    const texts = lines.map((line) => line[column] ?? "").filter((text) => text !== "");
    const numbers = texts.filter((text) => read(text).fault === undefined);
    if (texts.length && numbers.length * 2 >= texts.length) return column;
  }
  return 0;
};
