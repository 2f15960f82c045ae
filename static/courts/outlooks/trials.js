// Figures and sliders follow each other, and the answer follows them; without this the button asks.
(() => {
  "use strict";

  const form = document.querySelector("[data-trial]");
  if (!form) return;
  const WAIT = 200;
  let timer = 0;
  let asked = 0;

  const changed = () => {
    const query = new URLSearchParams();
    for (const field of form.elements) {
      if (!field.name) continue;
      const now = field.dataset.now;
      if (now === undefined || field.value.trim() !== now) query.set(field.name, field.value);
    }
    return query;
  };

  const ask = async () => {
    const mine = (asked += 1);
    const query = changed();
    history.replaceState(null, "", `?${query}`);
    query.set("_part", "answer");
    const response = await fetch(`?${query}`, { headers: { Accept: "text/html" } });
    // Whatever was asked later has the last word.
    if (mine !== asked) return;
    if (!response.ok || response.redirected) {
      form.requestSubmit();
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.getElementById("answer").replaceChildren(...page.getElementById("answer").childNodes);
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.slide) {
      form.elements[field.dataset.slide].value = field.value;
    } else if (field.dataset.figure !== undefined) {
      const slider = form.querySelector(`[data-slide="${field.name}"]`);
      if (slider && /^\d+$/.test(field.value)) {
        slider.max = Math.max(Number(slider.max), Number(field.value));
        slider.value = field.value;
      }
    } else {
      return;
    }
    const line = field.closest(".trial-figure");
    const own = line.querySelector("[data-figure]");
    line.classList.toggle("is-changed", own.value.trim() !== own.dataset.now);
    later();
  });
})();
