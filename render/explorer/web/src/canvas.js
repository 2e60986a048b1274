// The drawing: sigma for nodes and edges, a canvas below it for frames and one above
// it for signs.

import Graph from "graphology";
import Sigma from "sigma";
import { cut } from "./dom.js";
import { edgeColor, isDark, kindColor, paper } from "./look.js";

const mostSigns = 400; // more of them nobody can read

export class Canvas {
  /**
   * @param {HTMLElement} place
   * @param {import("./model.js").Model} model
   * @param {import("./state.js").State} state
   * @param {{visible: () => {nodes:Set<string>,edges:any[]}, glyphs: any, glyphOf: (n:any)=>number, open: (id:string)=>void}} p
   */
  constructor(place, model, state, p) {
    Object.assign(this, { place, model, state, p });
    this.graph = new Graph({ multi: false, type: "directed" });
    this.sigma = new Sigma(this.graph, place, {
      allowInvalidContainer: true, defaultEdgeType: "arrow", enableEdgeEvents: true, labelRenderedSizeThreshold: 6, labelDensity: 1, labelGridCellSize: 170,
      zIndex: true, minCameraRatio: 0.005, maxCameraRatio: 4, labelFont: "system-ui, sans-serif", labelSize: 12, hideEdgesOnMove: false,
      stagePadding: 60,
      nodeReducer: (id, data) => this.node(id, data), edgeReducer: (id, data) => this.edge(id, data),
    });
    this.frames = this.layer("frames", "edges");
    this.signs = this.layer("signs", null);
    this.sigma.on("afterRender", () => { this.drawFrames(); this.drawSigns(); });
    this.sigma.on("clickNode", ({ node }) => { state.node = node; state.edge = null; state.changed(); });
    this.sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => { preventSigmaDefault(); p.open(node); });
    this.sigma.on("clickEdge", ({ edge }) => { state.edge = this.graph.getEdgeAttribute(edge, "first"); state.node = null; state.changed(); });
    this.sigma.on("clickStage", () => { state.node = null; state.edge = null; state.changed(); });
    isDark.addEventListener("change", () => this.update());
    this.update();
  }

  /** A canvas of our own before one of sigma's, or above all that shows. */
  layer(id, before) {
    this.sigma.createCanvasContext(id, before ? { beforeLayer: before, style: { pointerEvents: "none" } } : { beforeLayer: "mouse", style: { pointerEvents: "none" } });
    return this.sigma.getCanvases()[id].getContext("2d");
  }

  /** Draws what is to be seen now. */
  update() {
    const { nodes, edges } = this.p.visible();
    const g = this.graph;
    this.sigma.setSetting("labelColor", { color: paper().text });
    g.clear();
    for (const id of nodes) {
      const n = this.model.nodes.get(id);
      const many = (n.members ?? []).length;
      g.addNode(id, {
        x: n.x, y: n.y, size: many > 1 ? 11 : n.focus ? 11 : 8, color: kindColor(n.kind),
        label: cut(many > 1 && !n.label ? `${many} × ${n.kind}` : n.label || n.id, 28), forceLabel: n.focus,
      });
    }
    // Parallel edges lie upon each other: one is drawn, the panel lists all.
    const between = new Map();
    for (const e of edges) {
      if (e.from === e.to) continue;
      const key = e.from + "\u0000" + e.to;
      if (!between.has(key)) between.set(key, []);
      between.get(key).push(e);
    }
    for (const list of between.values()) {
      const first = list[0], open = list.every((e) => this.model.conditional(e));
      g.addDirectedEdge(first.from, first.to, {
        first: first.index, all: new Set(list.map((e) => e.index)), color: edgeColor(first), size: open ? 1 : 2.2,
        type: first.kind === "member-of" || first.kind === "contains" ? "line" : "arrow",
      });
    }
    this.sigma.refresh();
  }

  node(id, data) {
    const lit = this.state.lit, chosen = this.state.node;
    const out = { ...data };
    if (id === chosen) Object.assign(out, { highlighted: true, forceLabel: true, zIndex: 2 });
    else if (lit) {
      if (lit.nodes.has(id)) Object.assign(out, { zIndex: 1, forceLabel: lit.nodes.size < 16 });
      else Object.assign(out, { color: paper().faint, label: "", zIndex: 0 });
    } else if (chosen && this.graph.hasNode(chosen) && this.graph.areNeighbors(id, chosen)) out.forceLabel = true;
    return out;
  }

  edge(id, data) {
    const { lit, node, edge } = this.state;
    const out = { ...data };
    if (edge !== null && data.all.has(edge)) return Object.assign(out, { size: 4, zIndex: 2 });
    if (lit) {
      for (const i of data.all) if (lit.edges.has(i)) return Object.assign(out, { size: data.size + 1, zIndex: 1 });
      return Object.assign(out, { color: paper().faint, zIndex: 0 });
    }
    if (node && this.graph.hasNode(node) && !this.graph.hasExtremity(id, node)) out.color = paper().faint;
    return out;
  }

  /** The boxes around nodes by frame, in graph coordinates, the outermost first. */
  boxes() {
    const boxes = new Map();
    for (const id of this.graph.nodes()) {
      const n = this.model.nodes.get(id);
      for (let f = this.model.frames.get(n.frame), depth = 0; f && depth < 50; f = this.model.frames.get(f.parent), depth++) {
        let b = boxes.get(f.id);
        if (!b) boxes.set(f.id, (b = { frame: f, level: 0, x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity }));
        b.level = Math.max(b.level, depth);
        b.x0 = Math.min(b.x0, n.x); b.x1 = Math.max(b.x1, n.x); b.y0 = Math.min(b.y0, n.y); b.y1 = Math.max(b.y1, n.y);
      }
    }
    return [...boxes.values()].sort((a, b) => b.level - a.level);
  }

  drawFrames() {
    const c = this.frames, { width, height } = this.sigma.getDimensions();
    c.clearRect(0, 0, width, height);
    const colors = paper();
    for (const b of this.boxes()) {
      const pad = 0.55 + 0.3 * b.level;
      const p = this.sigma.graphToViewport({ x: b.x0 - pad, y: b.y1 + pad + 0.5 }), q = this.sigma.graphToViewport({ x: b.x1 + pad, y: b.y0 - pad });
      const w = q.x - p.x, h = q.y - p.y;
      if (w < 6 || q.x < 0 || q.y < 0 || p.x > width || p.y > height) continue;
      c.beginPath();
      c.roundRect(p.x, p.y, w, h, Math.min(8, w / 8));
      c.fillStyle = b.frame.external ? colors.outside : b.frame.kind === "account" ? colors.frame : colors.back;
      c.fill();
      c.setLineDash(b.frame.external ? [4, 3] : []);
      c.strokeStyle = colors.frameLine;
      c.stroke();
      c.setLineDash([]);
      if (w > 50) {
        c.font = "600 11px system-ui, sans-serif";
        c.fillStyle = colors.muted;
        const letters = Math.floor(w / 6.5);
        c.fillText(cut(b.frame.label, letters), p.x + 5, p.y + 12, w - 8);
      }
    }
  }

  drawSigns() {
    const c = this.signs, { width, height } = this.sigma.getDimensions();
    c.clearRect(0, 0, width, height);
    let drawn = 0;
    for (const id of this.graph.nodes()) {
      const d = this.sigma.getNodeDisplayData(id);
      if (!d) continue;
      const size = this.sigma.scaleSize(d.size);
      if (size < 6) continue;
      const p = this.sigma.graphToViewport(this.graph.getNodeAttributes(id));
      if (p.x < -20 || p.y < -20 || p.x > width + 20 || p.y > height + 20) continue;
      if (++drawn > mostSigns) break;
      const n = this.model.nodes.get(id), s = (size * 1.25) / 16;
      c.strokeStyle = paper().back;
      c.lineWidth = 1.3;
      for (const stroke of this.p.glyphs[this.p.glyphOf(n)] ?? []) {
        c.beginPath();
        if (stroke.r) c.arc(p.x + (stroke.x - 8) * s, p.y + (stroke.y - 8) * s, stroke.r * s, 0, 7);
        else {
          stroke.p.forEach((v, i) => { if (i % 2 === 0) c[i ? "lineTo" : "moveTo"](p.x + (v - 8) * s, p.y + (stroke.p[i + 1] - 8) * s); });
          if (stroke.closed) c.closePath();
        }
        c.stroke();
      }
    }
  }

  /** Brings a node into the middle. @param {string} id */
  goTo(id) {
    const d = this.sigma.getNodeDisplayData(id);
    if (d) this.sigma.getCamera().animate({ x: d.x, y: d.y, ratio: Math.min(this.sigma.getCamera().ratio, 0.5) }, { duration: 200 });
  }

  all() { this.sigma.getCamera().animatedReset({ duration: 200 }); }

  /** @param {number} by */
  zoom(by) { this.sigma.getCamera().animate({ ratio: this.sigma.getCamera().ratio * by }, { duration: 100 }); }
}
