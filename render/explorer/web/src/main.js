// Reads what the page holds, and puts its parts together.

import { App } from "./app.js";
import { el } from "./dom.js";
import { unpack } from "./unpack.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
try {
  const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent ?? "");
  data.view = unpack(data.view);
  const app = new App(root, data);
  // For tests, and for the curious.
  Object.assign(window, { explorer: app });
  app.open();
} catch (err) {
  root.replaceChildren(el("p", { class: "warn", role: "alert" }, "The page could not be shown: " + err.message));
  throw err;
}
