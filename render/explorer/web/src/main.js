// The page: puts its parts together.

import { fromServer, inPage, named } from "./answers.js";
import { Canvas } from "./canvas.js";
import { at, clean, cut, el, fill } from "./dom.js";
import { kindColor } from "./look.js";
import { Model } from "./model.js";
import { panel } from "./panel.js";
import { side } from "./side.js";
import { State } from "./state.js";
import { toSVG } from "./svg.js";

const mostShown = 5000; // nodes that are drawn at a time

const data = JSON.parse(at("data").textContent);
const model = new Model(), state = new State();
const first = model.add(data.view);

const accountName = (id) => {
  const name = data.accounts[id];
  return name && name !== id ? `${clean(name)} ${id}` : clean(id);
};
const name = (id) => {
  const n = model.nodes.get(id);
  return cut(n ? n.label || n.id : id, 60);
};

function say(text) { fill(at("said"), text); }

/** Asks the server. @param {string} path @param {Record<string, any>} params */
async function api(path, params) {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(params)) if (v !== "" && v !== undefined) q.append(k, v);
  const response = await fetch(`/api/${path}?${q}`, { headers: { Accept: "application/json" } });
  const got = await response.json();
  if (!response.ok) throw new Error(got.error ?? `the server says ${response.status}`);
  return got;
}

const x = {
  model, state, server: data.server, lastAnswer: null, accountName,

  notes() {
    const notes = [...data.view.notes];
    if (model.nodes.size > mostShown && state.shown.size < model.nodes.size) notes.push(`${model.nodes.size} nodes are more than can be shown at once: search for one, and expand from there.`);
    return notes;
  },

  /** What passes the filters. */
  visible() {
    const f = state.filter, action = f.action.toLowerCase(), nodes = new Set(), edges = [];
    for (const id of state.shown) {
      const n = model.nodes.get(id);
      if (f.kinds.has(n.kind)) continue;
      if (f.account && n.account !== f.account && !n.focus) continue;
      nodes.add(id);
    }
    const seen = new Set();
    for (const id of nodes) {
      for (const e of model.out.get(id)) {
        if (!nodes.has(e.to)) continue;
        if (action && e.actions.length > 0 && !e.actions.some((a) => a.toLowerCase().includes(action))) continue;
        if (f.condition === "with" && !model.conditional(e)) continue;
        if (f.condition === "without" && model.conditional(e)) continue;
        edges.push(e);
        seen.add(e.from).add(e.to);
      }
    }
    // Filters of edges leave those nodes that they lead to.
    if (action || f.condition) for (const id of nodes) if (!seen.has(id) && id !== state.node) nodes.delete(id);
    return { nodes, edges };
  },

  refresh() {
    canvas.update();
    left.show();
    state.changed();
    const { nodes, edges } = x.visible();
    say(`${nodes.size} of ${model.nodes.size} nodes, ${edges.length} arrows`);
  },

  /** Edges between the same two nodes. @param {number} index */
  parallel(index) {
    const e = model.edges[index];
    return model.out.get(e.from).filter((o) => o.to === e.to);
  },

  async find(q, limit) {
    if (!x.server) return model.search(q, limit);
    try {
      return await api("search", { q, limit });
    } catch (err) {
      say(String(err.message));
      return { matches: [], more: 0 };
    }
  },

  /** Chooses a node, known or found by the server. @param {string} id @param {any} [found] */
  async choose(id, found) {
    if (!model.nodes.has(id)) await x.expand(id, found);
    if (!model.nodes.has(id)) return;
    if (!state.shown.has(id)) x.display([id]);
    state.node = id;
    state.edge = null;
    state.filter.kinds.delete(model.nodes.get(id).kind);
    if (state.filter.account && model.nodes.get(id).account !== state.filter.account) state.filter.account = "";
    x.refresh();
    canvas.goTo(id);
  },

  /** Shows more nodes. @param {Iterable<string>} ids */
  display(ids) {
    let left = mostShown - state.shown.size, more = 0;
    for (const id of ids) {
      if (state.shown.has(id)) continue;
      if (left-- > 0) state.shown.add(id);
      else more++;
    }
    if (more > 0) say(`${more} more are not shown: ${mostShown} are the limit. Hide some first.`);
  },

  /** Shows what is next to a node. @param {string} id */
  async expand(id) {
    if (x.server) {
      try {
        x.display(model.add((await api("around", { id, hops: 1 })).view));
      } catch (err) {
        return say(String(err.message));
      }
    }
    if (!model.nodes.has(id)) return;
    x.display([id, ...model.out.get(id).map((e) => e.to), ...model.in.get(id).map((e) => e.from)]);
    x.refresh();
  },

  hide(id) {
    state.shown.delete(id);
    state.node = null;
    x.refresh();
  },

  light(nodes, edges) {
    state.lit = { nodes: new Set(nodes), edges: new Set(edges) };
    x.display(nodes);
    canvas.update();
    state.changed();
  },

  lightEdge(index) {
    const e = model.edges[index];
    x.light([e.from, e.to], [index]);
  },

  async ask(q) {
    state.question = q;
    state.node = state.edge = null;
    let a;
    if (x.server) {
      say("Asking …");
      try {
        const params = q.type === "who-can" ? { resource: q.resource, action: q.action } : { principal: q.principal, resource: q.resource, action: q.action };
        const got = await api(q.type, params);
        const ids = model.add(got.view);
        state.shown = new Set();
        a = fromServer(model, q, got, ids, name);
      } catch (err) {
        a = { title: "No answer", notes: [String(err.message)], none: "", results: [], nodes: new Set(), edges: new Set() };
      }
    } else {
      a = inPage(model, q, name);
      if (q.type !== "can") q.resource = named(model, q.resource) ?? q.resource;
      if (q.type !== "who-can") q.principal = named(model, q.principal) ?? q.principal;
    }
    x.lastAnswer = a;
    x.display(a.nodes);
    state.lit = a.nodes.size > 0 ? { nodes: a.nodes, edges: a.edges } : null;
    x.refresh();
  },

  done() {
    x.lastAnswer = state.question = state.lit = null;
    x.refresh();
  },

  /** The sign of a kind, for the legend. @param {string} kind */
  sign(kind) {
    const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", "sign");
    svg.setAttribute("aria-hidden", "true");
    for (const s of data.glyphs[data.glyphOf[kind] ?? 0] ?? []) {
      const e = document.createElementNS(ns, s.r ? "circle" : "polyline");
      if (s.r) for (const [k, v] of [["cx", s.x], ["cy", s.y], ["r", s.r]]) e.setAttribute(k, v);
      else e.setAttribute("points", (s.closed ? [...s.p, s.p[0], s.p[1]] : s.p).join(" "));
      e.setAttribute("fill", "none");
      e.setAttribute("stroke", kindColor(kind));
      svg.append(e);
    }
    return svg;
  },
};

state.read(location.hash);
if (model.nodes.size <= mostShown) state.shown = new Set(first);
else {
  // Too many: what was asked about, and accounts and who is outside of them.
  const overview = (n) => n.focus || ["account", "root", "public", "service", "provider"].includes(n.kind) || n.external;
  state.shown = new Set(first.filter((id) => overview(model.nodes.get(id))).slice(0, mostShown));
}

const canvas = new Canvas(at("canvas"), model, state, {
  visible: x.visible, glyphs: data.glyphs, glyphOf: (n) => data.glyphOf[n.type ?? ""] ?? data.glyphOf[n.kind] ?? 0, open: (id) => x.expand(id),
});
const left = side(x), right = panel(x);
state.onchange(() => { right.show(); canvas.sigma.refresh({ skipIndexation: true }); });

addEventListener("hashchange", () => { state.read(location.hash); restore(); });
addEventListener("keydown", (ev) => {
  if (ev.key === "Escape") {
    /** @type {HTMLElement} */ (document.activeElement)?.blur();
    fill(at("hits"));
    state.node = state.edge = state.lit = null;
    return x.refresh();
  }
  if (ev.target.closest?.("input, select, textarea") || ev.ctrlKey || ev.metaKey || ev.altKey) return;
  const keys = {
    "/": () => at("search").focus(), "+": () => canvas.zoom(1 / 1.4), "-": () => canvas.zoom(1.4), 0: () => canvas.all(),
    e: () => state.node && x.expand(state.node), h: () => state.node && x.hide(state.node),
  };
  if (keys[ev.key]) {
    ev.preventDefault();
    keys[ev.key]();
  }
});
at("export").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([toSVG(canvas, data.view.title)], { type: "image/svg+xml" }));
  el("a", { href: url, download: "pathfinder.svg" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
at("all").addEventListener("click", () => { state.lit = null; x.display(model.nodes.keys()); x.refresh(); canvas.all(); });

async function restore() {
  if (state.question) await x.ask(state.question);
  else if (state.node) await x.choose(state.node);
  else x.refresh();
}
await restore();
document.documentElement.dataset.ready = "true";

// For tests: what is shown now.
globalThis.explorer = { shown: () => [...x.visible().nodes], lit: () => (state.lit ? [...state.lit.nodes] : null), svg: () => toSVG(canvas, data.view.title), at: (id) => canvas.sigma.graphToViewport(model.nodes.get(id)), pan: (dx) => { const c = canvas.sigma.getCamera(), s = c.getState(); c.setState({ x: s.x + dx }); } };
