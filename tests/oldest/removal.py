"""Owns making a current browser as poor as the oldest we promise: a script that takes away."""

from __future__ import annotations

import json

from tests.oldest.collect import FILE

# What the tests' own driver needs in the page, and no script of ours may use all the same.
OF_THE_DRIVER = {"WeakRef"}
# Of the browser's own things only the static ones are named with their owner. A worker forgets
# that it could be a module.
BODY = """({ methods, statics, names }) => {
  const own = globalThis;
  const drop = (object, name) => {
    try { if (object) delete object[name]; } catch { /* what cannot be deleted stays */ }
  };
  const typed = Object.getPrototypeOf(Uint8Array);
  for (const [owner, name] of statics) {
    const whole = owner === "TypedArray" ? typed : own[owner];
    drop(whole, name);
    if (methods.includes(name)) drop(whole && whole.prototype, name);
  }
  drop(own.Crypto && own.Crypto.prototype, "randomUUID");
  for (const name of names) drop(own, name);
  if (own.Worker) {
    const Whole = own.Worker;
    own.Worker = class extends Whole { constructor(address) { super(address); } };
  }
}"""


def removal() -> str:
    """A script that deletes what `newer.json` names, in a page or a worker."""
    scripts = json.loads(FILE.read_text("utf-8"))["scripts"]
    data = {
        "methods": scripts["methods"],
        "statics": [name.split(".", 1) for name in scripts["statics"] if name.count(".") == 1],
        "names": [name for name in scripts["globals"] if name not in OF_THE_DRIVER],
    }
    return f"({BODY})({json.dumps(data)});\n"
