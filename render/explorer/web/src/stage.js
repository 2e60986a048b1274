// The picture: sigma shows what the app says is to be seen.

import { DirectedGraph } from "graphology";
import Sigma from "sigma";
import { areas } from "./frames.js";
import { colors, kindOf, lineOf, lines, wordsOf } from "./look.js";
import { conditional } from "./model.js";
import { Overlay } from "./overlay.js";
import { edgePrograms, nodePrograms } from "./programs.js";

/** The radius of a node in the unit of positions. */
export const radius = 11;

/** More lines than this can't be clicked: finding the one under the mouse costs a second painting. */
const mostClickable = 3000;

/** More lines than this are drawn for what is lit alone: all of them hide what is below. */
export const mostLines = 15000;

/** As few lit nodes have their names, and lit edges their words, wherever they stand. */
export const fewLit = 14;

/** More lines than this have no arrows until they are lit. */
const mostArrows = 2000;

export class Stage {
  /**
   * @param {HTMLElement} box
   * @param {import("./model.js").Model} model
   * @param {{select(n: number|null): void, expand(n: number): void, pick(edges: number[]): void}} on
   */
  constructor(box, model, on) {
    this.box = box;
    this.model = model;
    this.on = on;
    this.graph = new DirectedGraph();
    /** @type {Map<string, number[]>} the edges that each line stands for */ this.bundles = new Map();
    /** @type {Map<number, [number, number]>} */ this.at = new Map();
    /** @type {Array<any>} */ this.frames = [];
    this.columns = false;
    this.selected = -1;
    /** @type {{nodes: Set<number>, edges: Set<number>}|null} */ this.lit = null;
    this.action = "";
    this.sigma = null;
    this.start();
  }

  /** Makes sigma anew, with the colours of the theme. */
  start() {
    const camera = this.sigma?.getCamera().getState();
    this.sigma?.kill();
    this.colors = colors();
    const c = this.colors;
    this.sigma = new Sigma(this.graph, this.box, {
      allowInvalidContainer: true,
      nodeProgramClasses: nodePrograms(c.back),
      edgeProgramClasses: edgePrograms,
      defaultNodeType: "circle",
      defaultEdgeType: "arrow",
      itemSizesReference: "positions",
      zoomToSizeRatioFunction: (ratio) => ratio,
      minEdgeThickness: 1.3,
      enableCameraRotation: false,
      enableEdgeEvents: this.model.edges.length <= mostClickable,
      renderEdgeLabels: false,
      labelFont: getComputedStyle(document.body).fontFamily,
      labelSize: 12,
      labelDensity: 3,
      labelGridCellSize: 60,
      labelRenderedSizeThreshold: 4,
      zIndex: true,
      minCameraRatio: 0.01,
      maxCameraRatio: 4,
      stagePadding: 24,
      defaultDrawNodeLabel: (ctx, data) => this.overlay.label(ctx, data),
      defaultDrawNodeHover: (ctx, data) => this.overlay.hover(ctx, data),
      nodeReducer: (key, data) => this.node(Number(key), data),
      edgeReducer: (key, data) => this.line(key, data),
    });
    this.overlay = new Overlay(this);
    if (camera) this.sigma.getCamera().setState(camera);
    this.sigma.on("clickNode", ({ node }) => this.on.select(Number(node)));
    this.sigma.on("doubleClickNode", (e) => {
      e.preventSigmaDefault();
      this.on.expand(Number(e.node));
    });
    this.sigma.on("clickStage", ({ event }) => {
      const edge = this.edgeNear(event.x, event.y);
      if (edge) this.on.pick(this.bundles.get(edge) ?? []);
      else this.on.select(null);
    });
    this.sigma.on("clickEdge", ({ edge }) => this.on.pick(this.bundles.get(edge) ?? []));
  }

  /** The line beside a point: nobody hits two pixels. */
  edgeNear(x, y) {
    if (!this.sigma.getSetting("enableEdgeEvents")) return null;
    for (const far of [1, 2, 3, 4]) {
      for (const [dx, dy] of [[0, far], [0, -far], [far, 0], [-far, 0]]) {
        const edge = this.sigma.getEdgeAtPoint(x + dx, y + dy);
        if (edge) return edge;
      }
    }
    return null;
  }

  /**
   * Shows these nodes and edges.
   *
   * @param {Set<number>} nodes @param {number[]} edges
   * @param {Map<number, [number, number]>} at y grows downwards
   * @param {boolean} columns whether they stand in columns, without frames
   */
  show(nodes, edges, at, columns) {
    const m = this.model;
    const c = this.colors;
    this.at = at;
    this.columns = columns;
    this.graph.clear();
    this.bundles.clear();
    for (const n of nodes) {
      const [x, y] = at.get(n);
      const node = m.nodes[n];
      const k = kindOf(node.kind);
      this.graph.addNode(String(n), { x, y: -y, size: radius, color: c[k.hue], type: k.shape + (node.external ? "-outside" : ""), label: node.label });
    }
    for (const e of edges) {
      const { from, to } = m.edges[e];
      if (from === to) continue;
      const key = from + ">" + to;
      const had = this.bundles.get(key);
      if (had) had.push(e);
      else this.bundles.set(key, [e]);
    }
    // Where lines are many, they are thin and pale, and those that are lit stand out.
    const many = this.bundles.size > mostArrows;
    for (const [key, bundle] of this.bundles) {
      const { from, to } = m.edges[bundle[0]];
      const name = lineName(m, bundle);
      this.graph.addDirectedEdgeWithKey(key, String(from), String(to), { size: name === "member" ? 1 : 1.8, color: mixed(c[name], c.back, many ? 0.5 : 1), type: many ? thinType(lineType(m, bundle, name)) : lineType(m, bundle, name) });
    }
    this.frames = columns ? [] : areas(m, nodes, (n) => at.get(n));
    this.sigma.setCustomBBox(this.bounds());
    this.sigma.refresh();
  }

  /** What is lit, while the rest is dimmed. */
  light(lit, selected, action) {
    this.lit = lit;
    this.selected = selected;
    this.action = action;
    this.sigma.refresh({ skipIndexation: false });
  }

  /** The area of everything, at least as large as the window: few nodes are not blown up. */
  bounds() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const grow = (x, y, w, h) => {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + w);
      bottom = Math.max(bottom, y + h);
    };
    for (const [x, y] of this.at.values()) grow(x - 20, y - 20, this.columns ? 240 : 150, 40);
    for (const f of this.frames) grow(f.x, f.y, f.w, f.h);
    if (left > right) grow(0, 0, 1, 1);
    const { width, height } = this.sigma.getDimensions();
    const x = Math.max(0, width - 60 - (right - left)) / 2;
    const y = Math.max(0, height - 60 - (bottom - top)) / 2;
    return { x: [left - x, right + x], y: [-bottom - y, -top + y] };
  }

  /** Whether lines are drawn for what is lit alone. */
  get crowded() { return this.bundles.size > mostLines; }

  node(n, data) {
    const r = { ...data };
    if (n === this.selected) r.highlighted = false;
    if (this.lit && !this.lit.nodes.has(n)) {
      r.color = this.colors.faint;
      r.label = null;
    } else if (this.lit) {
      r.zIndex = 1;
      r.forceLabel = this.lit.nodes.size <= fewLit;
    }
    return r;
  }

  line(key, data) {
    if (!this.lit) return this.crowded ? { ...data, hidden: true } : data;
    const on = this.bundles.get(key).filter((e) => this.lit.edges.has(e));
    if (on.length === 0) return this.crowded ? { ...data, hidden: true } : { ...data, color: this.colors.faint, size: 1 };
    const name = lineName(this.model, on);
    return { ...data, color: this.colors[name], size: 3, zIndex: 2, type: lineType(this.model, on, name) };
  }

  /** Moves the camera to a node. @param {number} n */
  look(n) {
    const d = this.sigma.getNodeDisplayData(String(n));
    if (!d) return;
    const camera = this.sigma.getCamera();
    const near = Math.min(camera.ratio, this.nearness());
    camera.animate({ x: d.x, y: d.y, ratio: near }, { duration: calm() ? 0 : 250 });
  }

  /** Shows all of it. */
  fit() {
    this.sigma.getCamera().animate({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }, { duration: calm() ? 0 : 250 });
  }

  /** @param {number} by above 1 is nearer */
  zoom(by) {
    const camera = this.sigma.getCamera();
    camera.animate({ ratio: camera.getBoundedRatio(camera.ratio / by) }, { duration: calm() ? 0 : 120 });
  }

  /** @param {number} dx @param {number} dy in parts of the window */
  pan(dx, dy) {
    const camera = this.sigma.getCamera();
    camera.setState({ x: camera.x + dx * camera.ratio, y: camera.y + dy * camera.ratio });
  }

  /** The ratio at which a node is as large as it was meant. */
  nearness() {
    const camera = this.sigma.getCamera();
    return camera.ratio * this.scale();
  }

  /** Pixels for a unit of positions. */
  scale() {
    const a = this.sigma.graphToViewport({ x: 0, y: 0 });
    return (this.sigma.graphToViewport({ x: 1000, y: 0 }).x - a.x) / 1000;
  }

  words(e) {
    return wordsOf(this.model.edges[e], this.action);
  }
}

/** A line that stands for several edges looks like the foremost of them. */
export function lineName(m, edges) {
  const names = new Set(edges.map((e) => lineOf(m.edges[e])));
  // Access without condition says more than the same under one.
  return lines.find((l) => names.has(l.name)).name;
}

/** A colour on the way to the paper: sigma adds up the colours of what is translucent. */
function mixed(color, back, part) {
  const at = (s, i) => parseInt(s.slice(i, i + 2), 16);
  return "#" + [1, 3, 5].map((i) => Math.round(at(color, i) * part + at(back, i) * (1 - part)).toString(16).padStart(2, "0")).join("");
}

/** Dashes: every edge of the line depends on an open condition. */
function lineType(m, edges, name) {
  if (name === "member") return "plain";
  return edges.filter((e) => lineOf(m.edges[e]) === name).every((e) => conditional(m.edges[e])) ? "dashed" : "arrow";
}

function thinType(type) {
  return type === "dashed" ? "thin-dashed" : "thin";
}

/** Whether people asked for less motion. */
function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
