/* Owns the ticks of an upload's preview: one for all of them, and a button that says what it does.
 * Without this script the button says that the ticked figures are written, which stays true. */
"use strict";

(() => {
  const form = document.querySelector("form[data-picks]");
  const button = form && form.querySelector("[data-picks-write]");
  if (!button) return;
  const all = form.querySelector("[data-picks-all]");
  const boxes = [...form.querySelectorAll("input[name=pick]")];

  const draw = () => {
    const count = boxes.filter((box) => box.checked).length;
    const words = { count, skipped: boxes.length - count };
    button.textContent = button.dataset.text.replace(/\{(\w+)\}/g, (whole, name) => words[name]);
    button.disabled = count === 0;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    draw();
  });
  for (const box of boxes) box.addEventListener("change", draw);
  // A page that comes back from the browser's history keeps its ticks, and its button must agree.
  window.addEventListener("pageshow", draw);
  draw();
})();
