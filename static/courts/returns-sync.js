/* Owns sending cells: one request at a time, in order, again and again until it is answered.
 *
 * Terms: a cell is *waiting* until a request carries it and *sending* until the answer. The page
 * hears of answers and of the line's state; what they look like is not decided here.
 */

const PAUSE = 150;
const PATIENCE = 20000;
const WAITS = [2000, 5000, 10000, 30000];
const MOST_AT_ONCE = 200;

/** What stands between the page and the server. */
class Trouble extends Error {
  constructor(kind, message = "") {
    super(message || kind);
    this.kind = kind;
    this.detail = message;
  }
}

export class Sync {
  /** `hear` has the functions `sending`, `answered`, `unsent`, `refused` and `line`. */
  constructor({ address, token, user, store, hear }) {
    Object.assign(this, { address, token, user, store, hear });
    this.waiting = new Map();
    this.sending = new Map();
    this.failures = 0;
    this.timer = null;
    window.addEventListener("online", () => this.now());
    window.addEventListener("focus", () => this.now());
    document.addEventListener("visibilitychange", () => this.now(document.hidden));
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

  isSending(metric) {
    return this.sending.has(metric);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), pause);
  }

  async now(leaving = false) {
    if (this.sending.size || !this.waiting.size) return;
    clearTimeout(this.timer);
    for (const [metric, cell] of [...this.waiting].slice(0, MOST_AT_ONCE)) {
      this.sending.set(metric, cell);
      this.waiting.delete(metric);
    }
    this.hear.sending([...this.sending.keys()]);
    try {
      const answer = await this.post(leaving);
      this.failures = 0;
      this.settle(answer);
      this.hear.line("well");
    } catch (error) {
      this.failed(error);
    }
    if (this.waiting.size && !this.failures) this.later(0);
  }

  settle(answer) {
    const sent = new Map(this.sending);
    this.sending.clear();
    for (const result of answer.results) {
      const later = this.waiting.get(result.metric);
      if (result.status === "saved" || result.status === "unchanged") {
        if (later) later.seen = result.version;
        else this.store.drop(result.metric);
      } else if (result.status !== "conflict" && !later) this.store.drop(result.metric);
      if (later) this.store.put(result.metric, later.text, later.seen);
      this.hear.answered(result, sent.get(result.metric), Boolean(later));
    }
    this.hear.state(answer);
  }

  failed(error) {
    const kind = error instanceof Trouble ? error.kind : "lost";
    const cells = [...this.sending];
    this.sending.clear();
    for (const [metric, cell] of cells) {
      if (this.waiting.has(metric)) continue;
      if (kind === "refused") {
        this.store.drop(metric);
        continue;
      }
      this.waiting.set(metric, cell);
    }
    const metrics = cells.map(([metric]) => metric);
    if (kind === "refused") this.hear.refused(metrics, error.detail);
    else this.hear.unsent(metrics);
    this.hear.line(kind, error.detail);
    if (kind === "refused") return;
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    // Asking without end would keep a session alive, or a stranger's would take the cells.
    if (kind === "lost") this.later(wait);
  }

  async post(leaving) {
    const cells = [...this.sending].map(([metric, { text, seen }]) => ({
      metric,
      value: text,
      seen_version: seen,
    }));
    const body = JSON.stringify({ user: this.user, cells });
    const answer = await this.ask({ method: "POST", body, keepalive: leaving });
    if (answer.status !== 403) return this.read(answer);
    // Signing in again changes the token that proves a request is ours.
    await this.refresh();
    return this.read(await this.ask({ method: "POST", body }));
  }

  /** Ask how the return stands, and for a token that is valid now. */
  async refresh() {
    const state = await this.read(await this.ask({ method: "GET" }));
    if (String(state.user) !== String(this.user)) throw new Trouble("stranger");
    this.token = state.token;
    return state;
  }

  async ask(options) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (options.body) headers["Content-Type"] = "application/json";
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(this.address, {
        ...options,
        headers,
        credentials: "same-origin",
        signal: patience.signal,
      });
    } catch {
      throw new Trouble("lost");
    } finally {
      clearTimeout(timer);
    }
  }

  async read(answer) {
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.redirected && !isJson) throw new Trouble("signed_out");
    if (answer.ok && isJson) return answer.json();
    if (answer.status >= 400 && answer.status < 500) {
      const detail = isJson ? (await answer.json()).message : "";
      if (answer.status === 409) throw new Trouble("stranger", detail);
      throw new Trouble("refused", detail);
    }
    throw new Trouble("lost");
  }
}
