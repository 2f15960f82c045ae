/* Owns sending cells: one request at a time, in order, again and again until it is answered.
 *
 * Terms: a cell is *waiting* until a request carries it and *sending* until the answer. After a
 * request without an answer nobody knows whether its cells were saved: what was *tried* is
 * remembered, so that such a cell is never taken for resting. The page hears of answers and of the
 * line's state; what they look like is not decided here.
 */

import { read } from "./grid-figures.js";
import { Line, Trouble } from "./grid-line.js";

const PAUSE = 150;
const WAITS = [2000, 5000, 10000, 30000];
const MOST_AT_ONCE = 200;

export class Sync {
  /** `hear` has the functions `sending`, `answered`, `unsent`, `refused`, `state` and `line`. */
  constructor({ address, token, user, store, hear, placesOf = () => 0 }) {
    Object.assign(this, { address, store, hear, placesOf });
    this.line = new Line({ token, user });
    this.waiting = new Map();
    this.sending = new Map();
    this.tried = new Map();
    this.failures = 0;
    this.timer = null;
    this.expectant = [];
    window.addEventListener("online", () => this.now());
    window.addEventListener("focus", () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
  }

  get open() {
    return this.waiting.size + this.sending.size;
  }

  /** Take a cell; a later value of the same cell replaces one that still waits. */
  put(metric, text, seen) {
    this.waiting.set(metric, { text, seen });
    this.store.put(metric, text, seen);
    this.later(PAUSE);
  }

  /** Forget a cell that its author took back. */
  forget(metric) {
    this.waiting.delete(metric);
    this.store.drop(metric);
  }

  /** Whether the server may hold, or come to hold, another value than its last answer said. */
  isOpen(metric) {
    return this.sending.has(metric) || this.tried.has(metric);
  }

  /** Ask how the return stands. */
  refresh() {
    return this.line.refresh(this.address);
  }

  /** The page goes away: send everything once more, for a request under way may go with it.
   * It stays kept until an answer is heard; the same value again is no second write. */
  leave() {
    const cells = [...new Map([...this.sending, ...this.waiting])];
    if (!cells.length) return;
    this.line.leave(
      this.address,
      cells.map(([metric, cell]) => ({ metric, ...cell })),
    );
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), pause);
  }

  /** Wait until everything put so far was answered, or a request had no answer. */
  async settled() {
    if (!this.open) return;
    const done = new Promise((resolve) => this.expectant.push(resolve));
    this.now();
    await done;
  }

  async now() {
    if (this.sending.size || !this.waiting.size) return;
    clearTimeout(this.timer);
    for (const [metric, cell] of [...this.waiting].slice(0, MOST_AT_ONCE)) {
      this.sending.set(metric, cell);
      this.waiting.delete(metric);
    }
    this.hear.sending([...this.sending.keys()]);
    const cells = [...this.sending].map(([metric, cell]) => ({ metric, ...cell }));
    let answer = null;
    try {
      answer = await this.line.send(this.address, cells);
    } catch (error) {
      this.failed(error instanceof Trouble ? error : new Trouble("lost"));
    }
    if (answer && this.settle(answer)) {
      this.failures = 0;
      this.hear.line("well");
    }
    if (this.waiting.size && !this.failures) this.later(0);
    if (!this.open || this.failures) {
      for (const resolve of this.expectant.splice(0)) resolve();
    }
  }

  /** Take an answer; whether it was one for every cell. */
  settle(answer) {
    const sent = new Map(this.sending);
    this.sending.clear();
    for (const result of answer.results) {
      const { metric } = result;
      const own = sent.get(metric);
      if (!own) continue;
      sent.delete(metric);
      if (result.status === "conflict" && this.isOwnWork(result)) {
        // Saved by a request whose answer got lost: the author already saw this value.
        this.tried.delete(metric);
        const { text } = this.waiting.get(metric) ?? own;
        this.put(metric, text, result.version);
        continue;
      }
      this.tried.delete(metric);
      const later = this.waiting.get(metric);
      const isDone = result.status === "saved" || result.status === "unchanged";
      if (later && isDone) later.seen = result.version;
      if (later) this.store.put(metric, later.text, later.seen);
      else if (result.status !== "conflict") this.store.drop(metric);
      this.hear.answered(result, Boolean(later));
    }
    this.hear.state(answer);
    if (!sent.size) return true;
    // An answer that leaves a cell out is no answer for that cell.
    this.sending = sent;
    this.failed(new Trouble("unread"));
    return false;
  }

  isOwnWork(result) {
    return (this.tried.get(result.metric) ?? []).some(
      ({ text, seen }) => result.version === seen + 1 && read(text, this.placesOf(result.metric)).value === result.value,
    );
  }

  failed({ kind, detail }) {
    const cells = [...this.sending];
    this.sending.clear();
    const metrics = cells.map(([metric]) => metric);
    if (kind === "refused") {
      // The grid's own word on the request as a whole: nothing was written, the copy is kept.
      this.hear.refused(metrics, detail);
      this.hear.line(kind);
      return;
    }
    for (const [metric, cell] of cells) {
      this.tried.set(metric, [...(this.tried.get(metric) ?? []), cell]);
      if (!this.waiting.has(metric)) this.waiting.set(metric, cell);
    }
    this.hear.unsent(metrics);
    this.hear.line(kind, detail);
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    // Asking without end would keep a session alive, or a stranger's would take the cells.
    if (kind === "lost" || kind === "unread") this.later(wait);
  }
}
