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

  // The figure around it says what is seen; the shapes one by one would say it worse.
  const quieten = (place) => {
    for (const name of ["role", "aria-roledescription", "aria-label"]) {
      for (const node of place.querySelectorAll(`[${name}]`)) node.removeAttribute(name);
      place.removeAttribute(name);
    }
    for (const node of place.querySelectorAll("[tabindex]")) node.removeAttribute("tabindex");
  };

  // The server's own picture, where this browser draws none.
  const showFile = (figure, place) => {
    const file = figure.querySelector(".chart-files a[href*='_format=svg']");
    if (!file) return;
    const picture = document.createElement("img");
    picture.src = file.href;
    picture.alt = "";
    place.replaceChildren(picture);
    place.hidden = false;
  };

  const draw = async (figure) => {
    const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const place = figure.querySelector("[data-drawing]");
    try {
      await window.vegaEmbed(place, spec, OPTIONS);
    } catch (error) {
      figure.dataset.drawn = "no";
      showFile(figure, place);
      console.error(error);
      return;
    }
    quieten(place);
    place.hidden = false;
    figure.querySelector("details").open = false;
    figure.dataset.drawn = "yes";
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
  });
})();
