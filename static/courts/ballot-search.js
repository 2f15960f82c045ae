/* Finds a tracker among those of the board, in any case, and prints. */

const board = document.querySelector("[data-board]");

if (board) {
  const found = board.querySelector("[data-found]");
  const lines = [...board.querySelectorAll("[data-tracker]")];
  board.querySelector("[data-find]").addEventListener("input", ({ target }) => {
    const wanted = target.value.replace(/\s/g, "").toLowerCase();
    for (const line of lines) {
      line.classList.toggle("is-found", line.dataset.tracker === wanted);
    }
    const isThere = lines.some((line) => line.dataset.tracker === wanted);
    found.textContent = wanted.length < 64 ? "" : isThere ? found.dataset.yes : found.dataset.no;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
