// The meeting room's keys: they press the links that stand on the screen, and none besides.
(() => {
  "use strict";

  const keys = {
    ArrowLeft: "previous",
    ArrowRight: "next",
    Home: "first",
    End: "last",
    ArrowUp: "above",
    PageUp: "above",
    ArrowDown: "below",
    PageDown: "below",
    Escape: "back",
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = document.querySelector(`a[data-key="${keys[event.key]}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
