/* Says in the notice why the scripts of the page did not start. In words that every browser reads:
 * no module, and nothing younger than the oldest of them. */
(function () {
  "use strict";

  window.addEventListener("error", function (event) {
    var notice = document.querySelector("[data-unsupported]");
    if (!notice || notice.hidden || !event.message) {
      return;
    }
    notice.querySelector("[data-missing]").textContent = event.message;
    notice.querySelector("[data-missing-line]").hidden = false;
  });
})();
