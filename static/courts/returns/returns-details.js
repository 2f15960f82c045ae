/* Owns the dialog with the details of a cell: where it came from, who said what about it. */

export class Details {
  constructor(page, cells) {
    this.dialog = page.querySelector("dialog[data-details]");
    this.body = this.dialog.querySelector("[data-body]");
    for (const cell of cells) {
      cell.opener.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.open(cell);
      });
    }
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest("[data-closes]")) {
        this.dialog.close();
      }
    });
    this.dialog.addEventListener("close", () => this.cell?.total.focus());
    this.dialog.addEventListener("submit", (event) => this.send(event));
  }

  async open(cell) {
    this.cell = cell;
    const address = cell.opener.href;
    const answer = await this.ask(address, {});
    if (answer) this.show(answer);
    // Without the server, or signed out, the page itself says what is wrong.
    else location.assign(address);
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    button.disabled = true;
    const body = new URLSearchParams(new FormData(form));
    const answer = await this.ask(form.action, { method: "POST", body });
    button.disabled = false;
    if (answer) this.show(answer);
    else form.querySelector("[data-failed]").hidden = false;
  }

  async ask(address, options) {
    try {
      const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
      const isOurs = answer.headers.get("X-Part") === "cell";
      return isOurs ? answer.text() : null;
    } catch {
      return null;
    }
  }

  show(markup) {
    this.body.innerHTML = markup;
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }
}
