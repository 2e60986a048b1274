// What is on the screen as an SVG, written as text: no script, no style sheet, nothing
// loaded.

import { clean } from "./dom.js";
import { kindColor, paper } from "./look.js";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const text = (s) => clean(s).replace(/[&<>"']/g, (c) => escapes[c]);
const num = (v) => (Math.round(v * 10) / 10).toString();

/** @param {import("./canvas.js").Canvas} canvas @param {string} title @returns {string} */
export function toSVG(canvas, title) {
  const { sigma, graph, model } = canvas;
  const { width, height } = sigma.getDimensions(), colors = paper();
  const out = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${num(width)}" height="${num(height)}" viewBox="0 0 ${num(width)} ${num(height)}" font-family="Helvetica, Arial, sans-serif">`,
    `<title>${text(title)}</title>`,
    `<rect width="100%" height="100%" fill="${colors.back}"/>`,
  ];
  for (const b of canvas.boxes()) {
    const pad = 0.55 + 0.3 * b.level;
    const p = sigma.graphToViewport({ x: b.x0 - pad, y: b.y1 + pad + 0.5 }), q = sigma.graphToViewport({ x: b.x1 + pad, y: b.y0 - pad });
    if (q.x - p.x < 6) continue;
    const fill = b.frame.external ? colors.outside : b.frame.kind === "account" ? colors.frame : colors.back;
    out.push(`<rect x="${num(p.x)}" y="${num(p.y)}" width="${num(q.x - p.x)}" height="${num(q.y - p.y)}" rx="6" fill="${fill}" stroke="${colors.frameLine}"/>`);
    if (q.x - p.x > 50) out.push(`<text x="${num(p.x + 5)}" y="${num(p.y + 12)}" font-size="11" font-weight="bold" fill="${colors.muted}">${text(b.frame.label)}</text>`);
  }
  const place = (id) => sigma.graphToViewport(graph.getNodeAttributes(id));
  graph.forEachEdge((id, data, from, to) => {
    const d = sigma.getEdgeDisplayData(id);
    if (!d || d.hidden) return;
    const a = place(from), b = place(to), r = sigma.scaleSize(graph.getNodeAttribute(to, "size"));
    const len = Math.hypot(b.x - a.x, b.y - a.y) || 1, ux = (b.x - a.x) / len, uy = (b.y - a.y) / len;
    const x = b.x - ux * r, y = b.y - uy * r;
    const dash = [...data.all].every((i) => model.conditional(model.edges[i])) ? ` stroke-dasharray="5 3"` : "";
    out.push(`<line x1="${num(a.x)}" y1="${num(a.y)}" x2="${num(x)}" y2="${num(y)}" stroke="${d.color}" stroke-width="${num(sigma.scaleSize(d.size))}"${dash}/>`);
    if (data.type === "arrow") out.push(`<path d="M${num(x)} ${num(y)}L${num(x - ux * 8 - uy * 3.5)} ${num(y - uy * 8 + ux * 3.5)}L${num(x - ux * 8 + uy * 3.5)} ${num(y - uy * 8 - ux * 3.5)}Z" fill="${d.color}"/>`);
  });
  graph.forEachNode((id, data) => {
    const d = sigma.getNodeDisplayData(id), p = place(id);
    if (!d || p.x < 0 || p.y < 0 || p.x > width || p.y > height) return;
    const r = sigma.scaleSize(data.size), n = model.nodes.get(id);
    out.push(`<circle cx="${num(p.x)}" cy="${num(p.y)}" r="${num(r)}" fill="${d.color}"/>`);
    const s = (r * 1.25) / 16;
    for (const k of canvas.p.glyphs[canvas.p.glyphOf(n)] ?? []) {
      if (k.r) out.push(`<circle cx="${num(p.x + (k.x - 8) * s)}" cy="${num(p.y + (k.y - 8) * s)}" r="${num(k.r * s)}" fill="none" stroke="${colors.back}"/>`);
      else {
        const pts = [];
        for (let i = 0; i < k.p.length; i += 2) pts.push(`${num(p.x + (k.p[i] - 8) * s)},${num(p.y + (k.p[i + 1] - 8) * s)}`);
        if (k.closed) pts.push(pts[0]);
        out.push(`<polyline points="${pts.join(" ")}" fill="none" stroke="${colors.back}"/>`);
      }
    }
    if (d.label) out.push(`<text x="${num(p.x + r + 3)}" y="${num(p.y + 4)}" font-size="12" fill="${colors.text}" stroke="${colors.back}" stroke-width="3" paint-order="stroke">${text(d.label)}</text>`);
  });
  out.push("</svg>");
  return out.join("\n");
}
