// The month's slider goes where it was let go; without this the button does.
(() => {
  "use strict";

  const slider = document.querySelector("[data-slider]");
  if (!slider) return;
  const shown = document.querySelector("[data-shown]");
  slider.addEventListener("input", () => {
    shown.value = slider.value;
  });
  slider.addEventListener("change", () => slider.form.requestSubmit());
})();
