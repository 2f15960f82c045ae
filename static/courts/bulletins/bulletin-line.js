/* Owns the line between the page that edits a bulletin and the server: one request at a time.
 *
 * Only an answer marked as its own says what became of a block; everything else means "not saved".
 */

const PATIENCE = 20000;
const OWN = "blocks";

/** Why there is no answer. `kind`: lost, signed_out or refused; the message is the server's. */
export class Trouble extends Error {
  constructor(kind, message = "") {
    super(message || kind);
    this.kind = kind;
  }
}

export class BulletinLine {
  constructor({ address, token, user, language, since }) {
    Object.assign(this, { address, token, user, language, since });
    this.before = Promise.resolve();
  }

  /** Send one act; the answer, or `Trouble`. Acts wait for each other. */
  send(act, more = {}) {
    const answer = this.before.then(() => this.post({ act, ...more }));
    this.before = answer.catch(() => {});
    return answer;
  }

  async post(content) {
    const { user, language, since } = this;
    const body = JSON.stringify({ user, language, since, ...content });
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let answer = null;
    let text = "";
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.token,
        },
        credentials: "same-origin",
        body,
        signal: patience.signal,
      });
      text = await answer.text();
    } catch {
      throw new Trouble("lost");
    } finally {
      clearTimeout(timer);
    }
    return this.read(answer, text);
  }

  read(answer, text) {
    if (answer.headers.get("X-Part") !== OWN) {
      throw new Trouble(answer.redirected || answer.status === 403 ? "signed_out" : "lost");
    }
    let content = null;
    try {
      content = JSON.parse(text);
    } catch {
      throw new Trouble("lost");
    }
    if (!answer.ok) throw new Trouble("refused", content.message);
    this.since = content.since;
    this.token = content.token;
    return content;
  }
}
