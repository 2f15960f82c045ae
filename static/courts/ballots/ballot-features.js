/* Names what the ballot uses and this browser has not; the page and its worker ask alike. */

const isFunction = (value) => typeof value === "function";

/* In both. What a page alone needs of the network, its own script asks for: files need none. */
const EVERYWHERE = {
  BigInt: (own) => isFunction(own.BigInt),
  "crypto.getRandomValues": (own) => isFunction(own.crypto?.getRandomValues),
  TextEncoder: (own) => isFunction(own.TextEncoder),
  "Uint8Array, DataView": (own) => isFunction(own.Uint8Array) && isFunction(own.DataView),
  "Map, Set": (own) => isFunction(own.Map) && isFunction(own.Set),
  "String.prototype.padStart": () => isFunction("".padStart),
  "String.prototype.codePointAt": () => isFunction("".codePointAt),
  "String.prototype.normalize": () => isFunction("".normalize),
  "Number.isSafeInteger": () => isFunction(Number.isSafeInteger),
  "Array.prototype.includes": () => isFunction([].includes),
  "Uint8Array.from": (own) => isFunction(own.Uint8Array?.from),
};
const IN_PAGE = {
  Worker: (own) => isFunction(own.Worker),
  Blob: (own) => isFunction(own.Blob?.prototype?.text),
  "URL.createObjectURL": (own) => isFunction(own.URL?.createObjectURL),
  "Element.replaceChildren": (own) => isFunction(own.Element?.prototype?.replaceChildren),
};

/* `own`: the global object, in a page or in a worker. */
export const missingIn = (own) => {
  const needed = { ...EVERYWHERE, ...(own.document ? IN_PAGE : {}) };
  return Object.keys(needed).filter((name) => !needed[name](own));
};
