// What is on screen, as a file.

import { kindOf, letterOf } from "./look.js";
import { conditional } from "./model.js";
import { fewLit, lineName, radius } from "./stage.js";
import { show } from "./text.js";

/** @param {string} s */
function text(s, most) {
  return show(s, most).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The part of a stage that can be seen. @param {import("./stage.js").Stage} stage @param {string} title */
export function toSVG(stage, title) {
  const { sigma, model: m, colors: c, lit, at } = stage;
  const { width, height } = sigma.getDimensions();
  const scale = stage.scale();
  const zero = sigma.graphToViewport({ x: 0, y: 0 });
  const num = (v) => String(Math.round(v * 10) / 10);
  const place = (n) => [zero.x + at.get(n)[0] * scale, zero.y + at.get(n)[1] * scale];
  const r = radius * scale;
  const seen = (n) => {
    const [x, y] = place(n);
    return x > -r && y > -r && x < width + r && y < height + r;
  };
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${num(width)}" height="${num(height)}" viewBox="0 0 ${num(width)} ${num(height)}" font-family="system-ui, sans-serif">`,
    `<title>${text(title, 200)}</title>`,
    `<rect width="100%" height="100%" fill="${c.back}"/>`,
  ];
  for (const f of stage.frames) {
    const [x, y, w, h] = [zero.x + f.x * scale, zero.y + f.y * scale, f.w * scale, f.h * scale];
    if (x > width || y > height || x + w < 0 || y + h < 0) continue;
    out.push(
      `<rect x="${num(x)}" y="${num(y)}" width="${num(w)}" height="${num(h)}" rx="${num(Math.min(8, 8 * scale))}" fill="${f.external ? c.outside : f.kind === "account" ? c.frame : c.back}" stroke="${f.kind === "account" ? c.frameLine : c.unitLine}"${f.external ? ' stroke-dasharray="5 4"' : ""}/>`,
      h > 16 && w > 30 ? `<text x="${num(x + 8)}" y="${num(y + Math.max(10, 13 * scale) + 4)}" font-size="${num(Math.max(8, Math.min(13, 13 * scale)))}" font-weight="600" fill="${c.muted}">${text(f.label, 60)}</text>` : "",
    );
  }
  const words = [];
  for (const [key, bundle] of stage.bundles) {
    const on = lit ? bundle.filter((e) => lit.edges.has(e)) : bundle;
    const edges = on.length ? on : bundle;
    const { from, to } = m.edges[edges[0]];
    if (!seen(from) && !seen(to)) continue;
    const name = lineName(m, edges);
    const [[x1, y1], [x2, y2]] = [place(from), place(to)];
    const far = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [ux, uy] = [(x2 - x1) / far, (y2 - y1) / far];
    const color = lit && !on.length ? c.faint : c[name];
    const thick = Math.max(0.9, (lit && on.length ? 3 : 1.8) * scale);
    const head = name === "member" ? 0 : thick * 5;
    const [ex, ey] = [x2 - ux * (r + head), y2 - uy * (r + head)];
    const dashed = name !== "member" && edges.every((e) => conditional(m.edges[e]));
    out.push(`<line x1="${num(x1)}" y1="${num(y1)}" x2="${num(ex)}" y2="${num(ey)}" stroke="${color}" stroke-width="${num(thick)}"${dashed ? ' stroke-dasharray="5.5 3.5"' : ""}><title>${text(edges.map((e) => stage.words(e)).join("; "), 300)}</title></line>`);
    if (head) {
      const side = thick * 2;
      out.push(`<path d="M${num(x2 - ux * r)} ${num(y2 - uy * r)}L${num(ex - uy * side)} ${num(ey + ux * side)}L${num(ex + uy * side)} ${num(ey - ux * side)}Z" fill="${color}"/>`);
    }
    if (lit && on.length && lit.edges.size <= fewLit && far >= 70) {
      words.push(`<text x="${num((x1 + x2) / 2)}" y="${num((y1 + y2) / 2 + 3.5)}" font-size="11" text-anchor="middle" fill="${c.text}" stroke="${c.back}" stroke-width="3" paint-order="stroke">${text(stage.words(on[0]), 34)}</text>`);
    }
  }
  for (const n of at.keys()) {
    if (!stage.graph.hasNode(String(n)) || !seen(n)) continue;
    const node = m.nodes[n];
    const [x, y] = place(n);
    const faint = lit && !lit.nodes.has(n);
    const color = faint ? c.faint : c[kindOf(node.kind).hue];
    out.push(`<g>${shape(kindOf(node.kind).shape, x, y, r, num, `fill="${c.back}" stroke="${color}" stroke-width="${num(Math.max(1, r * 0.16))}"${node.external ? ' stroke-dasharray="3 2"' : ""}`)}<title>${text(node.id, 2100)}</title></g>`);
    if (r >= 4) out.push(`<text x="${num(x)}" y="${num(y + r * 0.38)}" font-size="${num(r * 1.05)}" font-weight="600" text-anchor="middle" fill="${faint ? c.faint : c.text}">${text(letterOf(node), 2)}</text>`);
    if (r >= 4 && !faint) out.push(`<text x="${num(x + r + 4)}" y="${num(y + 4)}" font-size="${num(Math.min(12, r * 1.1))}" fill="${c.text}" stroke="${c.back}" stroke-width="2.5" paint-order="stroke">${text(node.label, stage.columns ? 34 : 18)}</text>`);
  }
  out.push(...words, "</svg>");
  return out.filter(Boolean).join("\n") + "\n";
}

function shape(name, x, y, r, num, style) {
  const points = (list) => `<polygon points="${list.map(([dx, dy]) => num(x + dx * r) + "," + num(y + dy * r)).join(" ")}" ${style}/>`;
  switch (name) {
    case "square":
      return points([[-0.73, -0.73], [0.73, -0.73], [0.73, 0.73], [-0.73, 0.73]]);
    case "diamond":
      return points([[0, -1], [1, 0], [0, 1], [-1, 0]]);
    case "hexagon":
      return points([[-0.5, -0.87], [0.5, -0.87], [1, 0], [0.5, 0.87], [-0.5, 0.87], [-1, 0]]);
  }
  return `<circle cx="${num(x)}" cy="${num(y)}" r="${num(r)}" ${style}/>`;
}
