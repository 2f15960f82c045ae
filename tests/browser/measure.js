/* What hands and eyes would miss on a page: asked by the tests of any desk, any eye.
 *
 * The page is no wider than its window and nothing is cut off at its side; up to 704 px nothing to
 * press is smaller than 24 px, but for links in a sentence, and buttons are 44 px high. */
() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} px wide`);
  const isShown = (one) =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !one.closest(".visually-hidden, .skip");
  const named = (one) =>
    `${one.tagName.toLowerCase()} ${(one.textContent.trim() || one.name || one.className).slice(0, 24)}`;
  for (const one of document.querySelectorAll("main, main *")) {
    const { overflowX, textOverflow } = getComputedStyle(one);
    if (!["hidden", "clip"].includes(overflowX) || textOverflow === "ellipsis" || !isShown(one)) continue;
    if (one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && !one.closest("svg")) {
      faults.push(`cut off: ${named(one)}`);
    }
  }
  if (root.clientWidth > 704) return faults;
  const targets = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const one of document.querySelectorAll(targets)) {
    let { width, height } = one.getBoundingClientRect();
    if (!isShown(one) || !width || !height || one.matches("input[readonly]")) continue;
    for (const label of one.labels ?? []) {
      if (!one.matches("[type=checkbox], [type=radio]")) break;
      const box = label.getBoundingClientRect();
      [width, height] = [Math.max(width, box.width), Math.max(height, box.height)];
    }
    const said = `${named(one)} ${Math.round(width)}×${Math.round(height)}`;
    if (one.matches(".button") && height < 43.5) faults.push(`low: ${said}`);
    const inText =
      getComputedStyle(one).display === "inline" &&
      [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!inText && (width < 23.5 || height < 23.5)) faults.push(`small: ${said}`);
  }
  return faults;
}
