// One topic on one screen: arrow keys turn the page, the decision is saved while people talk.
(() => {
  "use strict";

  const PAUSE_MILLISECONDS = 1000;
  const AGAIN_MILLISECONDS = 5000;
  const KEYS = { ArrowLeft: "previous", ArrowRight: "next", Escape: "back" };
  const form = document.querySelector("form[data-autosave]");
  let pending = Promise.resolve(true);
  let timer = 0;
  let changed = false;
  let stale = false;

  const say = (text, failed) => {
    const place = form.querySelector("[data-saved]");
    place.textContent = text;
    place.classList.toggle("fault", failed);
  };

  const send = async () => {
    clearTimeout(timer);
    if (!changed || stale) return !stale;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(location.href, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok) form.elements.seen.value = told.version;
      // Somebody else wrote in between: what stands here is theirs to copy, and is not sent again.
      else stale = true;
      say(told.said, !answer.ok);
      return answer.ok;
    } catch {
      changed = true;
      say(form.querySelector("[data-saved]").dataset.failed, true);
      timer = setTimeout(save, AGAIN_MILLISECONDS);
      return false;
    }
  };

  // One after the other: each save needs the version that the one before brought.
  const save = () => {
    pending = pending.then(send, send);
    return pending;
  };

  const typed = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MILLISECONDS);
  };

  if (form) {
    form.addEventListener("input", typed);
    // On a slow network people write before this script has come.
    const { decision } = form.elements;
    if (decision.value !== decision.defaultValue) typed();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      changed = true;
      save();
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed || stale) event.preventDefault();
    });
  }

  const leave = async (link) => {
    if (!form || (await save())) link.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    const field = event.target.closest("textarea, input, select");
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    const link = document.querySelector(`a[data-key="${KEYS[event.key]}"]`);
    if (!link) return;
    event.preventDefault();
    leave(link);
  });
})();
