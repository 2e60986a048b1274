// What shapes, letters and lines mean.

import { el } from "./dom.js";
import { kinds, lines } from "./look.js";

export function legend() {
  return el("div", { class: "legend" },
    el("ul", {}, ...Object.values(kinds).map((k) => el("li", {}, el("span", { class: `glyph ${k.hue} ${k.shape}` }, k.letter || "s"), k.words + (k.letter ? "" : ", with the first letter of its service")))),
    el("ul", {}, ...lines.map((l) => el("li", {}, el("span", { class: "line " + l.name + (l.name === "open" ? " dashed" : "") }), l.words)),
      el("li", {}, el("span", { class: "line access dashed" }), "dashes: each way depends on an open condition"),
      el("li", {}, el("span", { class: "glyph slate outside" }, ""), "broken outline: outside the snapshot")),
    el("p", { class: "muted" }, "A line may stand for several edges between the same two nodes; it looks like the first of them in this list."));
}
