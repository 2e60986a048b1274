// Reads what the page holds, and puts its parts together.

import { App } from "./app.js";
import { el } from "./dom.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
try {
  const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "");
  const app = new App(root, data);
  // For tests, and for the curious.
  Object.assign(window, { explorer: app });
  app.open();
} catch (err) {
  root.replaceChildren(el("p", { class: "warn", role: "alert" }, "The page could not be shown: " + err.message));
  throw err;
}
