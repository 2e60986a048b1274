// The panel beside the picture: a node with its edges, or a path edge by edge.

import { button, el, fill } from "./dom.js";
import { kindOf, letterOf, lineOf, wordsOf } from "./look.js";
import { becomes, conditional, structural } from "./model.js";
import { count, show } from "./text.js";

/** Rows shown before one asks for more. */
const most = 60;

export class Details {
  /** @param {any} app */
  constructor(app) {
    this.app = app;
    this.root = el("section", { class: "details", id: "details", "aria-label": "Details", "aria-live": "polite", tabindex: "-1" });
    this.empty();
  }

  empty() {
    fill(this.root, el("h2", {}, "Details"), el("p", { class: "muted" }, "Choose a node to see its edges, with the statements and conditions of each. Double-click one to walk on from it."));
  }

  /** @param {number} n */
  node(n) {
    const { model } = this.app;
    const node = model.nodes[n];
    const groups = [
      ["Becomes, belongs to", model.out[n].filter((e) => becomes(model.edges[e])), false],
      ["Reaches", model.out[n].filter((e) => !becomes(model.edges[e]) && !structural(model.edges[e])), false],
      ["Becomes it, belongs to it", model.in[n].filter((e) => becomes(model.edges[e])), true],
      ["Reached by", model.in[n].filter((e) => !becomes(model.edges[e]) && !structural(model.edges[e])), true],
      ["Contains, governs", model.out[n].filter((e) => structural(model.edges[e])), false],
      ["Lies in, governed by", model.in[n].filter((e) => structural(model.edges[e])), true],
    ];
    fill(this.root,
      el("h2", {}, this.glyph(node), show(node.label, 200)),
      el("p", { class: "muted" }, kindOf(node.kind).words + (node.type ? " · " + show(node.type, 80) : "") + (node.external ? " · outside the snapshot" : "")),
      el("p", { class: "id" }, show(node.id, 2100)),
      node.account && el("p", {}, "Account ", el("span", { class: "id" }, show(node.account, 60)), " " + show(this.app.accountName(node.account), 80)),
      ...(node.lines ?? []).slice(0, 20).map((l) => el("p", {}, show(l, 200))),
      node.cycle && el("p", {}, "It can become another principal, and that one it."),
      node.members?.length > 1 && this.members(node.members),
      el("div", { class: "row" },
        button("Who reaches it", () => this.app.ask({ kind: "who", b: node.id })),
        button("What it reaches", () => this.app.ask({ kind: "what", a: node.id })),
        button("Expand", () => this.app.expand(n), { title: "Show its neighbours too (e)" }),
        button("Only this", () => this.app.only(n), { title: "Leave everything else out, to walk from here (o)" }),
        this.app.walk && this.app.walk.size > 1 && button("Hide", () => this.app.hide(n))),
      ...groups.filter(([, edges]) => edges.length).map(([title, edges, back]) => this.group(title, edges, back)));
  }

  members(ids) {
    return el("details", {}, el("summary", {}, `stands for ${count(ids.length, "node")}`), el("ul", {}, ...ids.slice(0, 200).map((id) => el("li", { class: "id" }, show(id, 300)))), ids.length > 200 && el("p", { class: "muted" }, count(ids.length - 200, "more", "more")));
  }

  group(title, edges, back) {
    const list = el("ul", { class: "edges" });
    let shown = 0;
    const more = button("", () => grow());
    const grow = () => {
      for (const e of edges.slice(shown, shown + most)) list.append(this.edge(e, back));
      shown = Math.min(edges.length, shown + most);
      more.hidden = shown === edges.length;
      more.textContent = `show more of ${count(edges.length, "edge")}`;
    };
    grow();
    return el("section", {}, el("h3", {}, `${title} (${edges.length.toLocaleString("en")})`), list, more);
  }

  /** One edge; what it says further is made when it is opened. */
  edge(i, back) {
    const { model } = this.app;
    const e = model.edges[i];
    const other = model.nodes[back ? e.from : e.to];
    const d = el("details", { "data-edge": i }, el("summary", {},
      el("span", { class: "line " + lineOf(e) + (conditional(e) ? " dashed" : ""), "aria-hidden": "true" }),
      el("span", {}, show(wordsOf(e), 90), conditional(e) && el("span", { class: "if" }, " if …"), e.cut && el("strong", {}, " CUT"))));
    d.addEventListener("toggle", () => {
      if (/** @type {HTMLDetailsElement} */ (d).open && d.childElementCount === 1) d.append(this.facts(e));
    });
    return el("li", {}, el("button", { type: "button", class: "to", onclick: () => this.app.select(back ? e.from : e.to, true) }, back ? "← " : "→ ", this.glyph(other), show(other.label, 80)), d);
  }

  /** Everything an edge says: also of grants and steps of a server's answers. */
  facts(e) {
    const conditions = e.condition ? (Array.isArray(e.condition) ? e.condition : [e.condition]) : [];
    return el("div", { class: "facts" },
      el("p", { class: "muted" }, show(e.kind, 80) + (e.count > 1 ? ` · stands for ${count(e.count, "edge")}` : "")),
      e.label && el("p", {}, show(e.label, 500)),
      e.some && el("p", {}, "Holds for some of the members of its ends, not for each with each."),
      e.open && el("p", {}, "Each way it stands for depends on an open condition."),
      e.cut && el("p", {}, "Some of it is to be removed."),
      e.deny && el("p", {}, "It takes away, and grants nothing."),
      e.actions?.length > 0 && el("div", {}, el("h4", {}, count(e.actions.length, "action")), el("p", { class: "id" }, show(e.actions.slice(0, 150).join(", "), 8000) + (e.actions.length > 150 ? `, and ${e.actions.length - 150} more` : ""))),
      e.resources?.length > 0 && el("div", {}, el("h4", {}, "on"), el("p", { class: "id" }, show(e.resources.slice(0, 50).join(", "), 8000)), e.except?.length > 0 && el("p", { class: "id" }, "except " + show(e.except.slice(0, 50).join(", "), 8000))),
      ...conditions.map((c, i) => el("div", {}, el("h4", {}, i === 0 ? "only if" : "or if"), el("pre", { tabindex: "0" }, JSON.stringify(c, null, 2).slice(0, 20000).split("\n").map((l) => show(l, 5000)).join("\n")))),
      e.because?.length > 0 && el("div", {}, el("h4", {}, "because of"), el("ul", {}, ...e.because.slice(0, 50).map((s) => this.statement(s)), e.because.length > 50 && el("li", {}, count(e.because.length - 50, "more", "more")))));
  }

  statement(s) {
    return el("li", {}, el("span", { class: "id" }, show(s.policy, 300)), el("br"), `${show(s.type, 60)}, statement ${Number(s.statement)}` + (s.sid ? ` “${show(s.sid, 100)}”` : ""));
  }

  /** A path through the picture, edge by edge. @param {number[]} edges @param {string} title */
  path(edges, title) {
    const { model } = this.app;
    const items = [];
    for (const [i, x] of edges.entries()) {
      const e = model.edges[x];
      if (i === 0) items.push(this.stop(e.from));
      items.push(el("li", { class: "hop" }, el("strong", {}, show(wordsOf(e), 200), conditional(e) && el("span", { class: "if" }, " if …")), this.facts(e)), this.stop(e.to));
    }
    fill(this.root, el("h2", {}, title), el("ol", { class: "path" }, ...items));
  }

  stop(n) {
    const node = this.app.model.nodes[n];
    return el("li", {}, el("button", { type: "button", class: "to", onclick: () => this.app.select(n, true) }, this.glyph(node), show(node.label, 100)));
  }

  /** The edges of a line that was clicked. @param {number[]} edges */
  edges(edges) {
    const { model } = this.app;
    const { from, to } = model.edges[edges[0]];
    fill(this.root, el("h2", {}, show(model.nodes[from].label, 80) + " → " + show(model.nodes[to].label, 80)),
      el("ol", { class: "path" }, this.stop(from), ...edges.map((x) => el("li", { class: "hop" }, el("strong", {}, show(wordsOf(model.edges[x]), 200)), this.facts(model.edges[x]))), this.stop(to)));
  }

  /** One access of an exact answer. @param {any} a */
  access(a) {
    fill(this.root, el("h2", {}, "Access, as the server decided it"),
      el("ol", { class: "path" },
        ...(a.path ?? []).map((s, i) => el("li", {}, i > 0 && el("div", { class: "hop" }, el("strong", {}, show(s.kind, 60)), this.facts({ ...s, label: s.through })), el("p", { class: "id" }, show(s.principal, 300)))),
        ...(a.grants ?? []).map((g) => el("li", { class: "hop" }, el("strong", {}, "grants"), g.confidence === "low" && el("p", {}, "low confidence: leans on " + show((g.unsure ?? []).join(", "), 200)), this.facts({ ...g, kind: "grant" }))),
        el("li", {}, el("p", { class: "id" }, show(a.resource, 300)))),
      a.external && el("p", {}, "Its account is outside the snapshot: what its own policies allow is not known, and taken to be everything."),
      a.route && el("p", { class: "muted" }, "route: " + show(a.route, 80)),
      ...(a.edges ?? []).map((e) => el("details", {}, el("summary", {}, `${show(e.kind, 60)}: ${show(e.from, 80)} → ${show(e.to, 80)}`), this.facts({ ...e, label: e.target ?? "" }),
        ...(e.allows ?? []).map((g) => el("div", {}, el("h4", {}, "lets through"), this.facts({ ...g, kind: "" }))), ...(e.denies ?? []).map((g) => el("div", {}, el("h4", {}, "takes away"), this.facts({ ...g, kind: "" }))))));
  }

  glyph(node) {
    return el("span", { class: "glyph " + kindOf(node.kind).hue + (node.external ? " outside" : ""), "aria-hidden": "true" }, letterOf(node));
  }
}
