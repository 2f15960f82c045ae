// Draws every figure of the page from the spec beside it; without it the tables stay open.
(() => {
  "use strict";

  const OPTIONS = {
    mode: "vega-lite",
    // No code is made from text: the page's policy forbids it.
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: false,
  };

  const draw = async (figure) => {
    const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const place = figure.querySelector("[data-drawing]");
    try {
      await window.vegaEmbed(place, spec, OPTIONS);
    } catch (error) {
      figure.dataset.drawn = "no";
      console.error(error);
      return;
    }
    place.hidden = false;
    figure.querySelector("details").open = false;
    figure.dataset.drawn = "yes";
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
  });
})();
