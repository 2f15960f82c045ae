/* Owns the line between a grid and the server: which answers are the grid's own, what all others mean.
 *
 * Only the grid's own answer says what became of a cell; it is marked as such. Whatever else comes
 * back — an error page, a login page, a proxy's word, half an answer, nothing — may stand for a
 * figure that was saved and for one that was not: it means "not sent yet".
 */

const PATIENCE = 20000;
const OWN = "cells";
const MOST_KEPT_ALIVE = 20000;

/** Why there is no answer to cells that were sent; only `refused` and `stranger` are the grid's own. */
export class Trouble extends Error {
  /** `kind`: lost, unread, signed_out, stranger or refused; `detail`: the server's words. */
  constructor(kind, detail = "") {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
  }
}

export class Line {
  constructor({ token, user }) {
    this.token = token;
    this.user = user;
  }

  bodyOf(cells, more = {}) {
    return JSON.stringify({
      user: this.user,
      ...more,
      cells: cells.map(({ metric, text, seen }) => ({ metric, value: text, seen_version: seen })),
    });
  }

  /** Send cells while the page goes away; nobody hears the answer. */
  leave(address, cells) {
    const body = this.bodyOf(cells);
    // Browsers limit how much may be sent after a page is gone.
    const keepalive = body.length < MOST_KEPT_ALIVE;
    this.ask(address, { method: "POST", body, keepalive }).catch(() => {});
  }

  /** Send cells, each with `metric`, `text` and `seen` version; the answer, or `Trouble`. */
  async send(address, cells, more = {}) {
    const options = { method: "POST", body: this.bodyOf(cells, more) };
    const answer = await this.ask(address, options);
    if (answer.status !== 403 || this.isOwn(answer)) return this.read(answer);
    // Signing in again changes the token that proves a request is ours.
    await this.refresh(address);
    return this.read(await this.ask(address, options));
  }

  /** Ask how the return stands, and for a token that is valid now. */
  async refresh(address) {
    const state = await this.read(await this.ask(address, { method: "GET" }));
    if (String(state.user) !== String(this.user)) throw new Trouble("stranger");
    this.token = state.token;
    return state;
  }

  async ask(address, options) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (options.body) headers["Content-Type"] = "application/json";
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        ...options,
        headers,
        credentials: "same-origin",
        signal: patience.signal,
      });
      return { answer, status: answer.status, text: await answer.text() };
    } catch {
      throw new Trouble("lost");
    } finally {
      clearTimeout(timer);
    }
  }

  isOwn({ answer }) {
    return answer.headers.get("X-Part") === OWN;
  }

  read(given) {
    const { answer, status, text } = given;
    if (!this.isOwn(given)) throw new Trouble(answer.redirected ? "signed_out" : "unread");
    let content = null;
    try {
      content = JSON.parse(text);
    } catch {
      throw new Trouble("unread");
    }
    if (answer.ok && Array.isArray(content.results)) return content;
    if (status === 409) throw new Trouble("stranger", content.message);
    if (status >= 400 && status < 500) throw new Trouble("refused", content.message);
    throw new Trouble("unread");
  }
}
