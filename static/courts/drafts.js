/* Keeps the text of forms as it is typed, for the account the page was drawn for. A form works
   without it: what is sent after the session ended is kept by the server itself. */
"use strict";

(() => {
  const PAUSE_MILLISECONDS = 1200;
  const TEXT = "textarea, select, input[type=text], input[type=date], input:not([type])";

  const isText = (field) => field.name && field.matches(TEXT);

  const watch = (mark) => {
    const form = mark.form;
    let timer = 0;
    let changed = false;
    let isSent = false;

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
      fetch(mark.dataset.address, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {
        changed = true;
      });
    };

    form.addEventListener("input", (event) => {
      if (!isText(event.target)) return;
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_MILLISECONDS);
    });
    form.addEventListener("focusout", keep);
    form.addEventListener("submit", () => {
      isSent = true;
      clearTimeout(timer);
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
