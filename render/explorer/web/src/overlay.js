// What is drawn on canvases around sigma's: frames, letters, labels, and the
// words on lit edges.

import { letterOf } from "./look.js";
import { fewLit } from "./stage.js";
import { show } from "./text.js";

export class Overlay {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    const sigma = stage.sigma;
    sigma.createCanvasContext("frames", { beforeLayer: "edges", style: { pointerEvents: "none" } });
    sigma.createCanvasContext("glyphs", { afterLayer: "nodes", style: { pointerEvents: "none" } });
    const canvases = sigma.getCanvases();
    this.behind = canvases.frames.getContext("2d");
    this.before = canvases.glyphs.getContext("2d");
    sigma.resize(true);
    sigma.on("afterRender", () => this.draw());
  }

  draw() {
    const { sigma } = this.stage;
    const { width, height } = sigma.getDimensions();
    // There is no rotation: two points tell where all are.
    const zero = sigma.graphToViewport({ x: 0, y: 0 });
    this.scale = this.stage.scale();
    this.x = (x) => zero.x + x * this.scale;
    this.y = (y) => zero.y + y * this.scale;
    this.behind.clearRect(0, 0, width, height);
    this.before.clearRect(0, 0, width, height);
    this.drawFrames(width, height);
    this.drawNames(width, height);
    if (this.scale * 11 >= 4) this.drawLetters(width, height);
    this.drawWords();
  }

  drawFrames(width, height) {
    const ctx = this.behind;
    const c = this.stage.colors;
    for (const f of this.stage.frames) {
      const [x, y, w, h] = [this.x(f.x), this.y(f.y), f.w * this.scale, f.h * this.scale];
      if (x > width || y > height || x + w < 0 || y + h < 0) continue;
      ctx.beginPath();
      ctx.roundRect(x, y, w, h, Math.min(8, 8 * this.scale));
      ctx.setLineDash(f.external ? [5, 4] : []);
      ctx.fillStyle = f.external ? c.outside : f.kind === "account" ? c.frame : c.back;
      ctx.strokeStyle = f.kind === "account" ? c.frameLine : c.unitLine;
      ctx.fill();
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  /** The names of frames, which stay where they can be seen while the frame is. */
  drawNames(width, height) {
    const ctx = this.before;
    const size = Math.max(10, Math.min(13, 13 * this.scale));
    ctx.font = `600 ${size}px ${this.font()}`;
    for (const f of this.stage.frames) {
      const [x, y, w, h] = [this.x(f.x), this.y(f.y), f.w * this.scale, f.h * this.scale];
      if (x > width || y > height || x + w < 0 || y + h < 0 || h < size * 1.6 || w < 30) continue;
      // Names of units are above those of accounts; when they are so small that
      // they would meet, accounts alone have theirs.
      if (f.kind !== "account" && 24 * this.scale < size) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(x, y, w, h);
      ctx.clip();
      this.text(ctx, show(f.label, 60) + (f.external ? " (outside)" : ""), Math.max(x, 0) + 8 * Math.min(1, this.scale * 2), Math.max(y, 0) + size + 3 * Math.min(1, this.scale), this.stage.colors.muted);
      ctx.restore();
    }
  }

  /** Text with the paper around it, which can be read above lines. */
  text(ctx, words, x, y, color) {
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.stage.colors.back;
    ctx.strokeText(words, x, y);
    ctx.lineWidth = 1;
    ctx.fillStyle = color;
    ctx.fillText(words, x, y);
  }

  drawLetters(width, height) {
    const ctx = this.before;
    const { at, model, lit, colors: c, graph, selected } = this.stage;
    const r = 11 * this.scale;
    ctx.font = `600 ${Math.round(r * 1.05)}px ${this.font()}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const [n, [px, py]] of at) {
      const x = this.x(px);
      const y = this.y(py);
      if (x < -r || y < -r || x > width + r || y > height + r || !graph.hasNode(String(n))) continue;
      ctx.fillStyle = lit && !lit.nodes.has(n) ? c.faint : c.text;
      ctx.fillText(letterOf(model.nodes[n]), x, y + r * 0.06);
    }
    ctx.textAlign = "start";
    ctx.textBaseline = "alphabetic";
    if (selected >= 0 && at.has(selected)) this.ring(at.get(selected), r);
  }

  ring([px, py], r) {
    const ctx = this.before;
    ctx.beginPath();
    ctx.arc(this.x(px), this.y(py), r + 4, 0, 2 * Math.PI);
    ctx.strokeStyle = this.stage.colors.mark;
    ctx.lineWidth = 2.5;
    ctx.stroke();
    ctx.lineWidth = 1;
  }

  /** The words on lit edges, where they are few. */
  drawWords() {
    const { lit, at, bundles, colors: c } = this.stage;
    if (!lit || lit.edges.size > fewLit) return;
    const ctx = this.before;
    ctx.font = `11px ${this.font()}`;
    for (const bundle of bundles.values()) {
      const on = bundle.filter((e) => lit.edges.has(e));
      if (on.length === 0) continue;
      const { from, to } = this.stage.model.edges[on[0]];
      const [a, b] = [at.get(from), at.get(to)];
      const [dx, dy] = [(b[0] - a[0]) * this.scale, (b[1] - a[1]) * this.scale];
      if (Math.hypot(dx, dy) < 70) continue;
      const text = show(this.stage.words(on[0]), 34) + (on.length > 1 ? ` (+${on.length - 1})` : "");
      const w = ctx.measureText(text).width;
      const [x, y] = [this.x((a[0] + b[0]) / 2) - w / 2, this.y((a[1] + b[1]) / 2)];
      ctx.fillStyle = c.back;
      ctx.globalAlpha = 0.85;
      ctx.fillRect(x - 3, y - 8, w + 6, 15);
      ctx.globalAlpha = 1;
      ctx.fillStyle = c.text;
      ctx.fillText(text, x, y + 3.5);
    }
  }

  /** A node's name, as long as there is room. */
  label(ctx, data) {
    if (!data.label) return;
    const { columns, colors: c, lit } = this.stage;
    const room = (columns ? 215 : 116) * this.scale;
    const letters = Math.floor(lit && lit.nodes.size <= fewLit ? Math.max(20, room / 7.2) : room / 7.2);
    if (letters < 5) return;
    ctx.font = `12px ${this.font()}`;
    this.text(ctx, show(data.label, letters), data.x + data.size + 4, data.y + 4, c.text);
  }

  /** The whole name of the node under the mouse, with its account. */
  hover(ctx, data) {
    const c = this.stage.colors;
    const node = this.stage.model.nodes[Number(data.key)];
    if (!node) return;
    const frame = this.stage.model.frames.get(node.account ?? "");
    const text = show(node.label, 80) + (node.account ? " · " + show(frame?.label ?? node.account, 40) : "");
    ctx.font = `600 12px ${this.font()}`;
    const w = ctx.measureText(text).width;
    const r = Math.max(data.size, 4);
    ctx.fillStyle = c.back;
    ctx.strokeStyle = c.mark;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.roundRect(data.x + r + 2, data.y - 11, w + 12, 22, 4);
    ctx.fill();
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(data.x, data.y, r + 2, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.fillStyle = c.text;
    ctx.fillText(text, data.x + r + 8, data.y + 4);
  }

  font() {
    return this.stage.sigma.getSetting("labelFont");
  }
}
