/* Owns the dialog that shows what a pasted block says before anything is written.
 *
 * The grid hands over each block that is not bare figures ("grid:paste": its text, and the
 * input it was pasted in); the server pairs it with the grid's cells; what a person confirms goes back to the grid ("grid:write"), which writes it as if typed.
 */
"use strict";

(() => {
  const dialog = document.querySelector("dialog[data-paste]");
  if (!dialog) return;

  const MOST_SIGNS = 100000;
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const parts = {
    about: part("about"),
    faults: part("faults"),
    questions: part("questions"),
    doubts: part("doubts"),
    doubtTexts: part("doubt-texts"),
    agreed: part("agreed"),
    pairs: part("pairs"),
    leftOut: part("left-out"),
    write: part("write"),
  };
  const title = dialog.querySelector("h2");
  const texts = new Map(
    [...dialog.querySelectorAll("[data-text]")].map((node) => [
      node.dataset.text,
      node.dataset.as ?? node.textContent.trim(),
    ]),
  );
  const hasCourts = dialog.querySelectorAll("thead th").length > 5;

  let asked = 0;
  let block = null;
  let writes = [];

  const say = (name, values = {}) =>
    texts.get(name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));

  const make = (name, text = "", className = "") => {
    const node = document.createElement(name);
    node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  /** The input of the grid that a pair would be written into; null when it cannot be. */
  const inputOf = ({ court, metric }) => {
    const inputs = hasCourts
      ? document.querySelectorAll(`input[data-court="${court}"][data-metric="${metric}"]`)
      : document.querySelectorAll(`tr[data-metric="${metric}"] input[data-column="total"]`);
    return inputs.length && !inputs[0].readOnly ? inputs[0] : null;
  };

  // --- What the dialog shows ------------------------------------------------------------------

  const lineOf = (pair) => {
    const input = inputOf(pair);
    const old = input ? input.value.trim() : (pair.stored ?? "");
    const fault = pair.fault || (input ? "" : say("closed"));
    return { ...pair, old, fault, isSame: !fault && old === pair.text };
  };

  const drawPairs = (lines) => {
    const rows = lines.map((line) => {
      const row = document.createElement("tr");
      row.classList.toggle("is-faulty", line.fault !== "");
      const name = make("th", `${line.label} `);
      name.scope = "row";
      name.append(make("span", line.unit, "unit"));
      const from = make("td", line.address);
      if (line.name) from.append(" ", make("span", line.name, "muted"));
      const old = make("td", "", "num");
      old.append(make("del", line.old === "" ? say("blank") : line.old));
      const next = make("td", "", "num");
      next.append(make(line.fault ? "span" : "ins", line.text));
      const note = make("td");
      if (line.fault) note.append(make("span", line.fault, "flag-error"));
      row.append(...(hasCourts ? [make("td", line.court_name)] : []), name, from, old, next, note);
      return row;
    });
    parts.pairs.querySelector("tbody").replaceChildren(...rows);
    parts.pairs.hidden = !rows.length;
  };

  /** What was answered stays, so that the arrow keys can go on through the answers. */
  const drawQuestions = (questions) => {
    const known = [...parts.questions.children].map((set) => set.dataset.question);
    questions.filter(({ key }) => !known.includes(key)).forEach((question, place) => {
      const set = document.createElement("fieldset");
      set.className = "question";
      set.dataset.question = question.key;
      set.append(make("legend", question.sentence));
      for (const option of question.options) {
        const label = make("label", "", "check");
        const radio = document.createElement("input");
        radio.type = "radio";
        radio.name = `paste-question-${known.length + place}`;
        radio.value = option.key;
        const isPlace = question.key !== "blanks";
        label.append(radio, " ", isPlace ? make("strong", option.key) : "", ` ${option.heading} `);
        if (option.sample) label.append(make("span", option.sample, "muted"));
        set.append(label);
      }
      parts.questions.append(set);
    });
  };

  const drawLeftOut = (found) => {
    const items = found.map(({ reason, count, examples }) => {
      const item = make("li");
      item.append(make("strong", reason), ` ${examples.join(say("between"))}`);
      if (count > examples.length) item.append(` ${say("more", { count })}`);
      return item;
    });
    parts.leftOut.querySelector("ul").replaceChildren(...items);
    parts.leftOut.hidden = !items.length;
  };

  const drawFaults = (sentences) => {
    parts.faults.replaceChildren(...sentences.map((sentence) => make("p", sentence)));
    parts.faults.hidden = !sentences.length;
  };

  const drawWrite = (skipped) => {
    const count = writes.length;
    parts.write.hidden = !count;
    parts.write.disabled = !parts.doubts.hidden && !parts.agreed.checked;
    parts.write.textContent = say(skipped ? "write_rest" : "write", { count, skipped });
  };

  const clear = () => {
    writes = [];
    drawFaults([]);
    parts.questions.replaceChildren();
    drawPairs([]);
    drawLeftOut([]);
    parts.doubts.hidden = true;
    parts.agreed.checked = false;
    parts.write.hidden = true;
  };

  const aboutOf = (found, count, same) => {
    if (found.questions.length) return say("open");
    if (!count && !same) return say("nothing");
    const about = say(found.by_place ? "placed" : "named", { count: count + same });
    return same ? `${about} ${say("same", { count: same })}` : about;
  };

  const draw = (found) => {
    const lines = found.pairs.map(lineOf);
    const changed = lines.filter((line) => !line.isSame);
    const isOpen = found.questions.length > 0;
    writes = isOpen ? [] : changed.filter((line) => !line.fault);
    drawFaults(found.faults);
    drawQuestions(found.questions);
    drawPairs(changed);
    drawLeftOut(found.left_out);
    parts.doubtTexts.replaceChildren(...found.doubts.map((text) => make("p", text)));
    parts.doubts.hidden = !found.doubts.length || !writes.length;
    parts.about.textContent = aboutOf(found, changed.length, lines.length - changed.length);
    drawWrite(changed.length - writes.length);
  };

  /** Put the keyboard where the next thing is to be done. */
  const focusNext = () => {
    const radio = parts.questions.querySelector("input");
    if (radio) radio.focus();
    else if (!parts.doubts.hidden) parts.agreed.focus();
    else if (!parts.write.hidden) parts.write.focus();
    else dialog.querySelector("[data-closes]").focus();
  };

  // --- Opening and closing --------------------------------------------------------------------

  const open = () => {
    if (dialog.open) return;
    // A browser without modal dialogs shows it in the page.
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    title.focus();
  };

  const closed = () => {
    const input = block && block.cell.input;
    asked += 1;
    block = null;
    clear();
    if (input) input.focus();
  };

  const close = () => {
    if (dialog.close) {
      dialog.close();
    } else {
      dialog.removeAttribute("open");
      closed();
    }
  };

  const write = () => {
    const pairs = writes.map(({ court, metric, text }) =>
      hasCourts ? { court, metric, text } : { metric, text },
    );
    close();
    if (pairs.length) document.dispatchEvent(new CustomEvent("grid:write", { detail: { pairs } }));
  };

  // --- Asking the server ----------------------------------------------------------------------

  const ask = async () => {
    const { text, cell, answers } = block;
    const body = JSON.stringify({
      text,
      metric: cell.metric,
      court: cell.court || "",
      column: cell.column || "",
      answers,
    });
    try {
      const answer = await fetch(dialog.dataset.address, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": dialog.dataset.token,
        },
        credentials: "same-origin",
      });
      const kind = answer.headers.get("Content-Type") || "";
      if (!kind.startsWith("application/json")) return { message: say("signed_out") };
      return await answer.json();
    } catch {
      return { message: say("lost") };
    }
  };

  const look = async (isFirst) => {
    asked += 1;
    const number = asked;
    const found = await ask();
    if (number !== asked) return;
    if (found.message) {
      clear();
      parts.about.textContent = "";
      drawFaults([found.message]);
    } else {
      draw(found);
    }
    if (isFirst || found.message) focusNext();
  };

  document.addEventListener("grid:paste", (event) => {
    const { text, cell: input } = event.detail;
    const { metric } = input.closest("[data-metric]").dataset;
    const { court, column } = input.dataset;
    event.preventDefault();
    block = { text, cell: { metric, court, column, input }, answers: {} };
    clear();
    parts.about.textContent = say("asking");
    open();
    if (text.length > MOST_SIGNS) {
      parts.about.textContent = "";
      drawFaults([say("too_much")]);
      focusNext();
    } else {
      look(true);
    }
  });

  parts.questions.addEventListener("change", ({ target }) => {
    if (!block) return;
    block.answers[target.closest("fieldset").dataset.question] = target.value;
    look(false);
  });
  parts.agreed.addEventListener("change", () => {
    parts.write.disabled = !parts.agreed.checked;
  });
  parts.write.addEventListener("click", write);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) close();
  });
  dialog.addEventListener("close", closed);
  dialog.addEventListener("keydown", (event) => {
    // What is typed here is none of the grid's business.
    event.stopPropagation();
    if (event.key === "Escape" && !dialog.close) close();
  });
})();
