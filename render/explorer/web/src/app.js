// What is looked at, and what happens when somebody acts.

import { inColumns } from "./arrange.js";
import { Details } from "./details.js";
import { button, el, fill } from "./dom.js";
import { Filters } from "./filters.js";
import { Finder, searchIn } from "./finder.js";
import { keys } from "./keys.js";
import { legend } from "./legend.js";
import { fromHash, toHash } from "./link.js";
import { onTheme } from "./look.js";
import { Model } from "./model.js";
import { Questions } from "./questions.js";
import * as remote from "./remote.js";
import { Stage } from "./stage.js";
import { toSVG } from "./svg.js";
import { count, show } from "./text.js";

export class App {
  /** @param {HTMLElement} root @param {any} data */
  constructor(root, data) {
    this.server = data.server;
    // What is empty may be null in JSON.
    this.view = { ...data.view, nodes: data.view.nodes ?? [] };
    this.model = new Model();
    this.model.add(data.view, data.positions);
    /** @type {number|null} */ this.selected = null;
    /** @type {import("./questions.js").Question|null} */ this.question = null;
    /** @type {{nodes: Set<number>, edges: Set<number>}|null} what the question is about */ this.answer = null;
    /** @type {{nodes: Set<number>, edges: Set<number>}|null} */ this.lit = null;
    /** @type {Set<number>|null} the only nodes shown; null for all */ this.walk = null;
    this.walkIsAnswer = false;
    this.accounts = new Map();
    this.asked = 0;
    // Before there is a graph, a server's page shows what is walked to.
    if (this.server && this.model.nodes.length === 0) this.walk = new Set();
    this.build(root);
  }

  build(root) {
    const search = this.server ? remote.search : searchIn(this.model);
    this.finder = new Finder({ label: "Search", hint: "principal or resource  ( / )", search, name: (a) => this.accountName(a), choose: (m) => this.goTo(m) });
    this.questions = new Questions(this, search);
    this.filters = new Filters(this.model, () => this.refresh());
    this.details = new Details(this);
    this.box = el("div", { id: "stage", role: "img", "aria-label": "The access graph. Everything in it can also be reached by search and in the details.", tabindex: "0" });
    this.status = el("span", { id: "status", role: "status" });
    this.all = button("Show everything", () => this.everything());
    this.facts = el("div", { class: "facts-of" });
    fill(root,
      el("header", {}, el("h1", {}, this.title()), this.facts, el("div", { class: "tools", role: "toolbar", "aria-label": "Picture" },
        button("−", () => this.stage?.zoom(1 / 1.5), { "aria-label": "Zoom out" }), button("+", () => this.stage?.zoom(1.5), { "aria-label": "Zoom in" }),
        button("Fit", () => this.stage?.fit(), { title: "Show all of it (f)" }), this.all, button("Save SVG", () => this.save(), { title: "What is on screen (s)" }))),
      el("div", { class: "body" },
        el("aside", { class: "side", "aria-label": "Search, questions and filters" }, this.finder.root,
          this.section("Ask", this.questions.root, true), this.section("Filter", this.filters.root, false), this.section("Legend", legend(), false), this.section("Keys", keyList(), false)),
        el("main", {}, this.box, this.status), this.details.root));
    this.drawFacts(this.view);
    try {
      this.stage = new Stage(this.box, this.model, { select: (n) => this.select(n), expand: (n) => this.expand(n), pick: (edges) => this.pick(edges) });
    } catch (err) {
      this.stage = null;
      fill(this.box, el("p", { class: "warn" }, "The picture needs WebGL, which this browser does not give: " + err.message + ". Search, questions and details work without it."));
    }
    onTheme(() => {
      this.stage?.start();
      this.refresh(true);
    });
    keys(this);
    window.addEventListener("hashchange", () => this.restore());
  }

  section(title, content, open) {
    return el("details", { class: "part", open }, el("summary", {}, title), content);
  }

  title() {
    return show(this.view.title || "Access graph", 200);
  }

  /** When the facts are of, and what is not known. */
  drawFacts(v) {
    const taken = v.taken ? `Snapshot of ${show(String(v.taken), 30).replace("T", " ").replace(/(:\d\d)(\.\d+)?Z$/, "$1 UTC")}` : "Time of the snapshot not known";
    const unknown = v.unknown ?? [];
    fill(this.facts, el("span", {}, taken),
      v.complete ? el("span", { class: "good" }, "complete") : el("details", { class: "warn" }, el("summary", {}, `not complete: ${count(unknown.length, "thing")} not known`), el("ul", {}, ...unknown.slice(0, 200).map((u) => el("li", {}, show(u, 500))))),
      ...(v.notes?.length ? [el("details", {}, el("summary", {}, count(v.notes.length, "note")), el("ul", {}, ...v.notes.slice(0, 100).map((n) => el("li", {}, show(n, 500)))))] : []));
  }

  /** Shows what the address says, and the page. */
  async open() {
    if (this.server) {
      try {
        const m = await remote.meta();
        for (const a of m.accounts ?? []) this.accounts.set(a.id, a.name);
        this.drawFacts({ ...m, notes: this.view.notes });
      } catch (err) {
        this.questions.problem(show(err.message, 300));
      }
    }
    await this.restore();
    document.body.dataset.ready = "true";
  }

  async restore() {
    if (location.hash.slice(1) === this.hash) return;
    const to = fromHash(location.hash);
    this.hash = location.hash.slice(1);
    this.filters.set(to.filters, true);
    this.walk = this.server && this.view.nodes.length === 0 ? new Set() : null;
    this.walkIsAnswer = false;
    this.selected = null;
    this.clearAnswer(true);
    if (to.question) {
      await this.ask(to.question, true);
      if (to.only) this.onlyAnswer(true);
    }
    if (this.server) for (const id of [...to.walk, to.node ?? ""]) if (id && !this.model.byId.has(id)) await this.load(id);
    const walk = to.walk.map((id) => this.model.byId.get(id)).filter((n) => n !== undefined);
    if (walk.length) this.walk = new Set(walk);
    this.refresh();
    const n = to.node === null ? undefined : this.model.byId.get(to.node);
    if (n !== undefined) this.select(n, true);
  }

  /** The nodes and edges that are seen. */
  visible() {
    const m = this.model;
    const inside = (n) => (!this.walk || this.walk.has(n)) && this.filters.node(n);
    const edges = [];
    const touched = new Set();
    for (let i = 0; i < m.edges.length; i++) {
      const e = m.edges[i];
      // That an account owns something its frame says already.
      if (e.implied && !this.answer?.edges.has(i)) continue;
      if (!inside(e.from) || !inside(e.to) || !this.filters.edge(i)) continue;
      edges.push(i);
      touched.add(e.from).add(e.to);
    }
    const nodes = new Set();
    for (let n = 0; n < m.nodes.length; n++) if (inside(n) && (!this.filters.byEdge || touched.has(n))) nodes.add(n);
    return { nodes, edges };
  }

  /** Shows the nodes and edges anew. @param {boolean} [keep] the camera stays */
  refresh(keep = false) {
    const { nodes, edges } = this.visible();
    const m = this.model;
    const columns = this.walk !== null || [...nodes].some((n) => !m.nodes[n].at);
    const at = columns ? inColumns(m, nodes) : new Map([...nodes].map((n) => [n, /** @type {[number, number]} */ (m.nodes[n].at)]));
    this.stage?.show(nodes, edges, at, columns);
    if (!keep) this.stage?.fit();
    this.shown = nodes;
    this.light();
    const hidden = (this.walk ? this.walk.size : m.nodes.length) - nodes.size;
    this.status.textContent = `${count(nodes.size, "node")}, ${count(edges.length, "edge")}` + (this.walk ? ` of ${m.nodes.length.toLocaleString("en")} nodes` : "") + (hidden > 0 ? `; ${hidden.toLocaleString("en")} hidden by filters` : "") +
      (this.stage?.crowded ? "; lines are drawn for what is chosen" : "") + (this.server && m.nodes.length === 0 ? ": search, or ask a question" : "");
    this.all.hidden = this.walk === null || (this.server && this.view.nodes.length === 0);
    this.write();
  }

  light() {
    let lit = this.lit;
    if (!lit && this.selected !== null) {
      const m = this.model;
      const edges = new Set([...m.out[this.selected], ...m.in[this.selected]]);
      lit = { nodes: new Set([this.selected, ...m.near(this.selected)]), edges };
    }
    this.stage?.light(lit, this.selected ?? -1, this.question?.action ?? this.filters.action);
  }

  /** Puts what is looked at into the address. */
  write() {
    const hash = toHash(this);
    if (hash === this.hash) return;
    this.hash = hash;
    // Not pushed: each key would be a step back.
    history.replaceState(null, "", "#" + hash);
    this.hash = location.hash.slice(1);
  }

  /** @param {number|null} n @param {boolean} [look] whether the camera goes there */
  select(n, look = false) {
    if (n === null && this.selected === null && !this.lit) return;
    this.selected = n;
    this.lit = null;
    if (n === null) {
      this.details.empty();
    } else {
      if (this.walk && !this.walk.has(n)) {
        this.walk.add(n);
        this.walkIsAnswer = false;
        this.refresh(true);
      }
      this.details.node(n);
      if (look) this.stage?.look(n);
    }
    this.light();
    this.write();
  }

  /** @param {import("./finder.js").Match} m */
  async goTo(m) {
    if (!this.model.byId.has(m.id)) await this.load(m.id);
    const n = this.model.byId.get(m.id);
    if (n === undefined) return;
    if (this.shown && !this.shown.has(n) && !this.walk) this.filters.set({ kinds: new Set(), accounts: new Set(), action: "", condition: "" });
    this.select(n, true);
  }

  /** Adds what a server's answer shows. @param {any} view */
  take(view) {
    const added = this.model.add(view, view.positions ?? {});
    this.filters.draw();
    return added;
  }

  /** Asks the server for what is around a node. @param {string} id */
  async load(id) {
    try {
      const view = await remote.around(id);
      const added = this.take(view);
      if (this.walk) for (const n of added.nodes) this.walk.add(n);
      this.walkIsAnswer = false;
      this.refresh();
    } catch (err) {
      this.questions.problem(show(err.message, 300));
    }
  }

  /** Shows the neighbours of a node too. @param {number} n */
  async expand(n) {
    if (this.server) await this.load(this.model.nodes[n].id);
    if (this.walk) {
      this.walk.add(n);
      for (const x of this.model.near(n)) this.walk.add(x);
      this.walkIsAnswer = false;
      this.refresh();
    }
    this.select(n);
  }

  /** Leaves everything but a node and its neighbours out. @param {number} n */
  only(n) {
    this.walk = new Set([n, ...this.model.near(n)]);
    this.walkIsAnswer = false;
    this.refresh();
    this.select(n);
  }

  /** @param {number} n */
  hide(n) {
    this.walk?.delete(n);
    this.walkIsAnswer = false;
    this.select(null);
    this.refresh(true);
  }

  everything() {
    this.walk = null;
    this.walkIsAnswer = false;
    this.refresh();
  }

  /** @param {number[]} edges */
  pick(edges) {
    if (!edges.length) return;
    const m = this.model;
    this.selected = null;
    this.lit = { nodes: new Set(edges.flatMap((e) => [m.edges[e].from, m.edges[e].to])), edges: new Set(edges) };
    this.details.edges(edges);
    this.light();
    this.write();
  }

  /** @param {import("./questions.js").Question} q @param {boolean} [quiet] the address stays */
  async ask(q, quiet = false) {
    const asked = ++this.asked;
    this.questions.set(q);
    this.selected = null;
    if (this.server) {
      try {
        const { answer, view } = await remote.ask(q);
        if (asked !== this.asked) return;
        const { nodes, edges } = this.take(view ?? {});
        this.answer = { nodes: new Set(nodes), edges: new Set(edges) };
        this.questions.exact(answer);
        this.walk = new Set(nodes);
        this.walkIsAnswer = true;
        this.question = q;
        this.lit = null;
        this.refresh();
      } catch (err) {
        if (asked === this.asked) this.questions.problem(show(err.message, 500));
        return;
      }
    } else {
      const answer = this.questions.ask(q);
      if (!answer) return;
      this.answer = answer;
      this.question = q;
      this.lit = answer;
      this.details.empty();
      this.refresh(true);
    }
    if (!quiet) this.write();
  }

  lightAnswer() {
    this.selected = null;
    this.lit = this.answer;
    this.details.empty();
    this.light();
  }

  /** @param {boolean} [quiet] */
  onlyAnswer(quiet = false) {
    if (!this.answer) return;
    this.walk = new Set(this.answer.nodes);
    this.walkIsAnswer = true;
    this.lit = null;
    if (!quiet) this.refresh();
  }

  /** @param {boolean} [quiet] */
  clearAnswer(quiet = false) {
    this.question = null;
    this.answer = null;
    this.lit = null;
    this.questions.clear();
    this.details.empty();
    this.selected = null;
    if (this.walkIsAnswer && !this.server) {
      this.walk = null;
      this.walkIsAnswer = false;
    }
    if (!quiet) this.refresh();
  }

  /** Lights a path and says what is on it. @param {number[]} path @param {string} title */
  follow(path, title) {
    const m = this.model;
    this.selected = null;
    this.lit = { nodes: new Set(path.flatMap((e) => [m.edges[e].from, m.edges[e].to])), edges: new Set(path) };
    this.details.path(path, title);
    this.light();
  }

  /** The same for an access of a server's answer. @param {any} access */
  followAccess(access) {
    const m = this.model;
    const ids = [...(access.path ?? []).map((s) => s.principal), access.resource];
    if (access.resource === "*") ids.pop(); // none in particular: nothing is drawn for it
    const stops = ids.map((id) => m.byId.get(id));
    const edges = new Set();
    for (let i = 1; i < stops.length; i++) {
      if (stops[i - 1] === undefined) continue;
      for (const e of m.out[stops[i - 1]]) if (m.edges[e].to === stops[i]) edges.add(e);
    }
    this.selected = null;
    this.lit = { nodes: new Set(stops.filter((n) => n !== undefined)), edges };
    this.details.access(access);
    this.light();
  }

  svg() {
    return this.stage ? toSVG(this.stage, this.title()) : "";
  }

  save() {
    if (!this.stage) return;
    const url = URL.createObjectURL(new Blob([this.svg()], { type: "image/svg+xml" }));
    const a = el("a", { href: url, download: "pathfinder.svg" });
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /** @param {string} id */
  node(id) {
    const n = this.model.byId.get(id);
    return n === undefined ? undefined : this.model.nodes[n];
  }

  /** @param {string} account */
  accountName(account) {
    return this.accounts.get(account) ?? this.model.frames.get(account)?.label ?? account;
  }
}

function keyList() {
  return el("dl", { class: "keys" }, ...[["/", "search"], ["Esc", "close, let go"], ["↑ ↓ Enter", "in lists"], ["e", "expand the node"], ["o", "only the node and its neighbours"], ["a", "show everything"], ["f", "fit"], ["+ −", "zoom"], ["arrows", "move the picture, when it has the focus"], ["s", "save as SVG"]]
    .flatMap(([k, words]) => [el("dt", {}, el("kbd", {}, k)), el("dd", {}, words)]));
}
