/* Owns the cells that have not reached the server, kept on this machine per account and return. */

export class Store {
  constructor(user, place) {
    this.prefix = `qy:unsent:${user}:${place}:`;
    this.works = this.probe();
  }

  probe() {
    try {
      localStorage.setItem(`${this.prefix}?`, "1");
      localStorage.removeItem(`${this.prefix}?`);
      return true;
    } catch {
      return false;
    }
  }

  put(metric, text, seen) {
    if (!this.works) return;
    try {
      localStorage.setItem(this.prefix + metric, JSON.stringify({ text, seen }));
    } catch {
      this.works = false;
    }
  }

  drop(metric) {
    if (this.works) localStorage.removeItem(this.prefix + metric);
  }

  /** Every kept cell: metric, text, and the version its author had before the eyes. */
  all() {
    if (!this.works) return [];
    const kept = [];
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (!key.startsWith(this.prefix)) continue;
      try {
        const { text, seen } = JSON.parse(localStorage.getItem(key));
        kept.push({ metric: key.slice(this.prefix.length), text, seen });
      } catch {
        /* Written by something else: not ours to read or to remove. */
      }
    }
    return kept;
  }
}
