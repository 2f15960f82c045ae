/* Keeps the text of forms as it is typed, for the account the page was drawn for. A form works
   without it: what is sent after the session ended is kept by the server itself. */
"use strict";

(() => {
  const PAUSE_MILLISECONDS = 1200;
  const LONGEST_WAIT_MILLISECONDS = 2000;
  const TEXT = "textarea, select, input[type=text], input[type=date], input:not([type])";

  const isText = (field) => field.name && field.matches(TEXT);

  const watch = (mark) => {
    const form = mark.form;
    let timer = 0;
    let changed = false;
    let isSent = false;
    let underWay = null;

    const keep = () => {
      clearTimeout(timer);
      if (!changed || isSent) return;
      changed = false;
      const body = new URLSearchParams();
      for (const field of form.elements) {
        const isOurs = ["csrfmiddlewaretoken", "_draft", "_form"].includes(field.name);
        if (isOurs || isText(field)) body.append(field.name, field.value);
      }
      body.append("_thing", new URL(form.action, location.href).pathname);
      const request = { method: "POST", body, keepalive: true, redirect: "manual" };
      underWay = fetch(mark.dataset.address, request)
        .catch(() => {
          changed = true;
        })
        .then(() => {
          underWay = null;
        });
    };

    const typed = (field) => {
      if (!isText(field)) return;
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_MILLISECONDS);
    };
    form.addEventListener("input", ({ target }) => typed(target));
    // On a slow network people write before this script has come.
    for (const field of form.querySelectorAll("textarea, input")) {
      if (field.value !== field.defaultValue) typed(field);
    }
    form.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (!next || isText(next)) keep();
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (underWay && !isSent) {
        // A draft that arrives after the form would outlive it.
        event.preventDefault();
        const button = event.submitter;
        const late = new Promise((done) => setTimeout(done, LONGEST_WAIT_MILLISECONDS));
        Promise.race([underWay, late]).then(() => {
          underWay = null;
          form.requestSubmit(button);
        });
        return;
      }
      isSent = true;
    });
    // Back from the page that refused the form, out of the browser's own memory.
    window.addEventListener("pageshow", () => {
      isSent = false;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keep();
    });
  };

  for (const mark of document.querySelectorAll("form input[name=_draft]")) watch(mark);
})();
