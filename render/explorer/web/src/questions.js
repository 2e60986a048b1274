// The form to ask with, and the answers below it.

import { paths, possible, reach } from "./ask.js";
import { button, el, fill } from "./dom.js";
import { fits } from "./filters.js";
import { Finder } from "./finder.js";
import { kindOf } from "./look.js";
import { conditional } from "./model.js";
import { count, show } from "./text.js";

/** Rows shown before one asks for more. */
const most = 100;

/** @typedef {{kind: "who"|"what"|"paths", a: string, b: string, action: string}} Question */

export class Questions {
  /** @param {any} app @param {import("./finder.js").Search} search */
  constructor(app, search) {
    this.app = app;
    const o = { hint: "name or ARN", search, name: (a) => app.accountName(a), choose: () => {} };
    this.a = new Finder({ ...o, label: "Principal" });
    this.b = new Finder({ ...o, label: "Resource, or role" });
    this.kind = /** @type {HTMLSelectElement} */ (el("select", { id: "ask-kind", onchange: () => this.fields() },
      el("option", { value: "who" }, "Who reaches …"), el("option", { value: "what" }, "What is reached by …"), el("option", { value: "paths" }, "Paths from … to …")));
    this.action = /** @type {HTMLInputElement} */ (el("input", { type: "text", id: "ask-action", placeholder: "any; s3:GetObject, s3:Get*", spellcheck: "false", autocomplete: "off" }));
    this.answer = el("div", { id: "answer", "aria-live": "polite" });
    const form = el("form", { onsubmit: (e) => {
      e.preventDefault();
      this.app.ask({ kind: this.kind.value, a: this.a.value, b: this.b.value, action: this.action.value.trim() });
    } },
      el("label", { for: "ask-kind" }, "Question"), this.kind, this.a.root, this.b.root, el("label", { for: "ask-action" }, "Action"), this.action,
      el("button", { type: "submit", class: "main" }, "Ask"));
    this.root = el("div", {}, form, this.answer);
    this.fields();
  }

  fields() {
    this.a.root.hidden = this.kind.value === "who";
    this.b.root.hidden = this.kind.value === "what";
  }

  /** Shows a question in the form. @param {Question} q */
  set(q) {
    this.kind.value = q.kind;
    const label = (id) => this.app.node(id)?.label ?? id;
    if (q.a) this.a.set(q.a, label(q.a));
    if (q.b) this.b.set(q.b, label(q.b));
    this.action.value = q.action;
    this.fields();
  }

  clear() {
    fill(this.answer);
  }

  /** Answers from the picture, and returns what it is about. @param {Question} q */
  ask(q) {
    const m = this.app.model;
    const find = (id) => m.byId.get(id) ?? m.byId.get(this.unique(id));
    const a = q.kind === "who" ? undefined : find(q.a);
    const b = q.kind === "what" ? undefined : find(q.b);
    const missing = (q.kind !== "who" && a === undefined && (q.a || "a principal")) || (q.kind !== "what" && b === undefined && (q.b || "a resource"));
    if (missing) {
      this.problem(`This picture has no node ${show(missing, 200)}: choose one from the list.`);
      return null;
    }
    const may = (e) => q.action === "" || m.edges[e].actions.length === 0 || fits(m.edges[e], q.action);
    /** @type {Array<{node: number, path: number[]}>} */ let rows;
    let more = false;
    let title;
    const name = (n) => show(m.nodes[n].label, 60);
    // Those that are only possibly reached are counted apart.
    const said = (verb) => {
      const perhaps = rows.filter((r) => possible(m, r.path)).length;
      const sure = rows.length - perhaps;
      if (sure === 0) return { number: perhaps, verb: "possibly " + verb(perhaps), more: "" };
      return { number: sure, verb: verb(sure), more: perhaps ? `, and ${perhaps.toLocaleString("en")} more possibly` : "" };
    };
    if (q.kind === "who") {
      rows = reach(m, b, true, may);
      const s = said((n) => (n === 1 ? "reaches" : "reach"));
      title = rows.length ? `${count(s.number, "node")} ${s.verb} ${name(b)}${s.more}` : `Nothing in this picture reaches ${name(b)}`;
    } else if (q.kind === "what") {
      rows = reach(m, a, false, may);
      const s = said(() => "reaches");
      title = rows.length ? `${name(a)} ${s.verb} ${count(s.number, "node")}${s.more}` : `${name(a)} reaches nothing in this picture`;
    } else {
      const found = paths(m, a, b, may);
      more = found.more;
      rows = found.paths.map((path) => ({ node: b, path }));
      title = rows.length ? `${count(rows.length, "path")}${more ? " or more" : ""} from ${name(a)} to ${name(b)}` : more ? "No path was found before the search was given up" : `No path from ${name(a)} to ${name(b)} in this picture`;
    }
    if (q.action) title += ` for ${show(q.action, 60)}`;
    const perhaps = rows.some((r) => possible(m, r.path));
    const nodes = new Set([a, b].filter((n) => n !== undefined));
    const edges = new Set();
    for (const r of rows) for (const e of r.path) {
      edges.add(e);
      nodes.add(m.edges[e].from).add(m.edges[e].to);
    }
    const everybody = q.kind === "who" && rows.some((r) => m.nodes[r.node].kind === "public");
    const about = m.edges.length === 0 ? "" : "These are the paths within this picture: each edge is what the solver says of that edge, and how they come together is not decided here. " + (perhaps ? "Possibly: by the principal’s own policy, of which the picture does not say which resources it covers. " : "") + (everybody ? "Everybody: also those who are not listed. " : "");
    this.rows(title, about + "For the exact answer, ask pathfinder " + { who: "who-can", what: "can", paths: "paths" }[q.kind] + ".", rows.map((r) => {
      const maybe = possible(m, r.path);
      const hops = r.path.length - 1;
      const open = r.path.filter((e) => conditional(m.edges[e])).length;
      return {
        label: q.kind === "paths" ? r.path.slice(0, -1).map((e) => name(m.edges[e].to)).join(" → ") || "directly" : name(r.node),
        where: (q.kind === "paths" ? "" : kindOf(m.nodes[r.node].kind).words + ", ") + (hops === 0 ? "directly" : "over " + count(hops, "other")) + (maybe ? ", possibly" : "") + (open ? ", if …" : ""),
        title: m.nodes[r.node].id,
        act: () => this.app.follow(r.path, `${name(m.edges[r.path[0]].from)} → ${name(m.edges[r.path.at(-1)].to)}`),
      };
    }));
    return { nodes, edges };
  }

  /** The id of the only node of this name. @param {string} name */
  unique(name) {
    const all = this.app.model.nodes.filter((n) => n.label === name);
    return all.length === 1 ? all[0].id : name;
  }

  /** Shows a server's answer. @param {any} answer */
  exact(answer) {
    const list = answer.access ?? answer.paths ?? [];
    const open = (a) => (a.path ?? []).some((s) => full(s.condition)) || (a.grants?.length > 0 && a.grants.every((g) => full(g.condition)));
    const said = (gaps) => (gaps ?? []).map((g) => `${g.what}: ${g.why}`);
    const name = (id) => show(this.app.node(id)?.label ?? id, 60);
    const who = answer.pathfinder?.startsWith("who-can");
    // As a resource, "*" is none in particular; as a principal it is anybody.
    const reached = (id) => (id === "*" ? "no particular resource" : name(id));
    this.rows(list.length ? count(list.length, answer.paths ? "path" : "way") : answer.complete ? "No access" : "No access found, but not everything is known",
      "Decided by the server, exactly." + (answer.complete === false ? " Not everything that bears on it was read." : ""), list.map((a) => ({
        label: answer.paths ? (a.path ?? []).map((s) => name(s.principal)).join(" → ") : who ? name(a.principal) : reached(a.resource),
        where: ((a.path?.length ?? 1) > 1 && !answer.paths ? "as " + name(a.path.at(-1).principal) + ", " : "") + count(new Set((a.grants ?? []).flatMap((g) => g.actions)).size, "action") + (open(a) ? ", if …" : ""),
        title: who ? a.principal : a.resource,
        act: () => this.app.followAccess(a),
      })), said(answer.unknown), answer.public ? "Anonymous callers reach it." : "", said(answer.notes));
  }

  problem(text) {
    fill(this.answer, el("p", { class: "warn", role: "alert" }, text));
  }

  rows(title, note, rows, gaps = [], warning = "", notes = []) {
    const list = el("ul", { class: "rows", "aria-label": "Answers", onkeydown: arrows });
    let shown = 0;
    const more = button("", () => grow());
    const grow = () => {
      for (const r of rows.slice(shown, shown + most)) {
        list.append(el("li", {}, el("button", { type: "button", title: show(r.title, 2100), onclick: (e) => {
          for (const b of list.querySelectorAll("[aria-current]")) b.removeAttribute("aria-current");
          e.currentTarget.setAttribute("aria-current", "true");
          r.act();
        } }, el("span", { class: "name" }, r.label), el("span", { class: "where" }, r.where))));
      }
      shown = Math.min(rows.length, shown + most);
      more.hidden = shown >= rows.length;
      more.textContent = `show more of ${rows.length.toLocaleString("en")}`;
    };
    grow();
    fill(this.answer, el("h3", {}, title), warning && el("p", { class: "warn" }, warning), el("p", { class: "muted" }, note),
      gaps.length > 0 && el("details", { class: "warn" }, el("summary", {}, `${count(gaps.length, "thing")} not known`), el("ul", {}, ...gaps.slice(0, 100).map((g) => el("li", {}, show(g, 500))))),
      notes.length > 0 && el("details", { class: "notes", open: rows.length === 0 }, el("summary", {}, count(notes.length, "note")), el("ul", {}, ...notes.slice(0, 100).map((n) => el("li", {}, show(n, 500))))),
      rows.length > 0 && el("div", { class: "row" }, button("Show only these", () => this.app.onlyAnswer()), button("Light all", () => this.app.lightAnswer()), button("Clear", () => this.app.clearAnswer())),
      list, more);
  }
}

const full = (c) => (Array.isArray(c) ? c.length > 0 : c !== null && c !== undefined);

/** Arrow keys go from row to row. @param {KeyboardEvent} e */
function arrows(e) {
  if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
  const li = /** @type {HTMLElement} */ (e.target).closest("li");
  const next = e.key === "ArrowDown" ? li?.nextElementSibling : li?.previousElementSibling;
  if (next) {
    e.preventDefault();
    /** @type {HTMLElement} */ (next.firstElementChild).focus();
  }
}
