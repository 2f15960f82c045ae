/* The page of scrutineer.html: one of four things to do at a time. It asks nobody and keeps
 * nothing but which closing it has opened. */

import { begin, one } from "./ballot-file.js";
import { startBoard } from "./ballot-offline-board.js";
import { startKeys } from "./ballot-offline-keys.js";
import { startSpoiled } from "./ballot-offline-spoiled.js";

const TASKS = ["keys", "rehearse", "board", "spoiled"];

const show = (task) => {
  for (const name of TASKS) {
    one(`task-${name}`).hidden = name !== task;
    one(`to-${name}`).setAttribute("aria-pressed", String(name === task));
  }
};

if (begin()) {
  for (const name of TASKS) {
    one(`to-${name}`).addEventListener("click", () => show(name));
  }
  startKeys();
  startBoard();
  startSpoiled();
}
