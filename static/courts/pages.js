/* Comfort on top of pages that work without it: unfolding all, deep links, printing. */
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("has-script");

  const items = () => document.querySelectorAll("details[data-item]");

  const unfold = (open) => {
    for (const item of items()) item.open = open;
  };

  const openTarget = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const item = id && document.getElementById(id);
    if (!item || !item.matches("details[data-item]")) return;
    item.open = true;
    item.scrollIntoView();
    item.querySelector("summary").focus({ preventScroll: true });
  };

  const acts = {
    unfold: () => unfold(true),
    fold: () => unfold(false),
    print: () => window.print(),
    "print-all": () => {
      unfold(true);
      window.print();
    },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) acts[button.dataset.act]();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Inside a table that scrolls a term's line would be cut: it stands where the window has room.
  const place = ({ target }) => {
    const term = target.closest?.(".term");
    if (!term) return;
    const line = term.querySelector(".term-line");
    const { left, bottom, top } = term.getBoundingClientRect();
    line.style.position = "fixed";
    line.style.left = `${Math.max(8, Math.min(left, innerWidth - line.offsetWidth - 8))}px`;
    const isLow = bottom + line.offsetHeight > innerHeight && top > line.offsetHeight;
    line.style.top = `${isLow ? top - line.offsetHeight : bottom}px`;
  };
  const forget = ({ target }) => target.closest?.(".term")?.classList.remove("is-told");
  document.addEventListener("mouseover", place);
  document.addEventListener("focusin", place);
  document.addEventListener("mouseout", forget);
  document.addEventListener("focusout", forget);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) {
      term.classList.add("is-told");
    }
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A wheel over the figure that has the focus would change it, seen by nobody; the page moves on.
  document.addEventListener(
    "wheel",
    ({ target }) => {
      if (target === document.activeElement && target.matches("input[type='number']")) target.blur();
    },
    { passive: true },
  );

  // The server's answer may be from this morning; the paper says when it was printed.
  window.addEventListener("beforeprint", () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    for (const place of document.querySelectorAll("[data-printed-at]")) {
      place.textContent = `${two(now.getHours())}:${two(now.getMinutes())}`;
    }
  });

  window.addEventListener("hashchange", openTarget);
  // Not before: the browser's own way to the target would take the focus away again.
  window.addEventListener("load", openTarget);
})();
