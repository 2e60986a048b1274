// The panel on the right: what is chosen, and what an answer says.

import { at, clean, cut, el, fill } from "./dom.js";
import { edgeColor, edgeWords, kindWords } from "./look.js";

const most = 200; // edges of a node that are listed at first

/** @param {any} x the parts of the page, see main.js */
export function panel(x) {
  const { model, state } = x;
  const name = (id) => {
    const n = model.nodes.get(id);
    return cut(n ? n.label || n.id : id, 60);
  };
  const nodeLink = (id) => el("button", { class: "link", title: clean(id).slice(0, 2000), onclick: () => x.choose(id), text: name(id) });

  const condition = (c) => (c && JSON.stringify(c) !== "null" && c.length !== 0 ? el("pre", { class: "condition", text: clean(JSON.stringify(c, null, 1)).replaceAll("\\u000a", "\n") }) : null);

  /** An edge: who, what, under which condition, because of which statements. */
  const edgeBox = (e, open) => el("details", { class: "edge", open, "data-edge": e.index },
    el("summary", {}, el("span", { class: "swatch", style: undefined }), el("span", { class: "words" }, name(e.from), " → ", name(e.to)), el("br"),
      el("span", { class: "muted", text: clean(edgeWords(e)) + (model.conditional(e) ? " · under a condition" : "") })),
    el("div", {}, "From ", nodeLink(e.from), " to ", nodeLink(e.to)),
    el("div", { class: "muted", text: `kind ${clean(e.kind)}${e.some ? " · holds for some, not for each" : ""}${e.count > 1 ? ` · stands for ${e.count}` : ""}${e.cut ? " · to be removed" : ""}${e.deny ? " · denies" : ""}` }),
    e.actions.length > 0 ? el("div", {}, el("b", { text: e.actions.length === 1 ? "Action" : `${e.actions.length} actions` }), el("ul", { class: "actions" }, ...e.actions.slice(0, 400).map((a) => el("li", { text: clean(a) })))) : null,
    condition(e.condition) ? el("div", {}, el("b", { text: "Only if" }), condition(e.condition)) : null,
    e.open && !condition(e.condition) ? el("div", { text: "Each way it stands for has an open condition." }) : null,
    e.because.length > 0 ? el("div", {}, el("b", { text: "Because of" }), el("ul", {}, ...e.because.map((r) => el("li", { text: clean(`${r.policy} · ${r.type} · statement ${r.statement}${r.sid ? " · " + r.sid : ""}`) })))) : null,
    el("button", { onclick: () => x.lightEdge(e.index), text: "Show in the picture" }));

  const list = (title, edges) => {
    if (edges.length === 0) return null;
    const body = el("div", {}, ...edges.slice(0, most).map((e) => edgeBox(e, false)));
    if (edges.length > most) body.append(el("button", { text: `and ${edges.length - most} more`, onclick: (ev) => { ev.target.remove(); body.append(...edges.slice(most, 5000).map((e) => edgeBox(e, false))); } }));
    return el("section", {}, el("h3", { text: `${title} (${edges.length})` }), body);
  };

  function node(id) {
    const n = model.nodes.get(id);
    const hiddenNeighbours = new Set([...model.out.get(id).map((e) => e.to), ...model.in.get(id).map((e) => e.from)].filter((o) => !state.shown.has(o)));
    const members = n.members ?? [];
    fill(at("panel"),
      el("h2", { text: cut(n.label || n.id, 120) }),
      el("p", { class: "muted", text: kindWords(n) + (n.external ? " · outside the snapshot" : "") + (n.cycle ? " · can become another principal, and that one it" : "") }),
      el("p", { class: "id", text: clean(n.id).slice(0, 2000) }),
      n.account ? el("p", { text: `account ${x.accountName(n.account)}` }) : null,
      ...(n.lines ?? []).slice(0, 50).map((l) => el("p", { text: clean(l) })),
      el("div", { class: "row" },
        el("button", { id: "expand", onclick: () => x.expand(id), text: x.server ? "Expand neighbours" : hiddenNeighbours.size > 0 ? `Expand ${hiddenNeighbours.size} hidden neighbours` : "Expand neighbours" }),
        el("button", { onclick: () => x.hide(id), text: "Hide" }),
        el("button", { onclick: () => x.ask({ type: n.kind === "resource" || n.kind === "role" ? "who-can" : "can", principal: n.id, resource: n.id, action: "" }), text: n.kind === "resource" ? "Who can reach it?" : n.kind === "role" ? "Who can become it?" : "What can it reach?" })),
      members.length > 1 ? el("details", {}, el("summary", { text: `stands for ${members.length}` }), el("ul", {}, ...members.slice(0, 2000).map((m) => el("li", { text: clean(m).slice(0, 500) })))) : null,
      list("Reaches", model.out.get(id)), list("Reached by", model.in.get(id)));
  }

  function answer(a) {
    const item = (r) => el("li", {}, el("button", { class: "link result", onclick: () => x.light(r.nodes, r.edges), text: clean(r.text) }), r.more ? el("div", { class: "muted", text: clean(r.more) }) : null);
    const items = el("ol", { id: "results" }, ...a.results.slice(0, 300).map(item));
    fill(at("panel"), el("h2", { id: "answer", text: clean(a.title) }), ...a.notes.map((s) => el("p", { class: "note", text: clean(s) })),
      a.results.length === 0 ? el("p", { text: a.none }) : items,
      a.results.length > 300 ? el("button", { text: `and ${a.results.length - 300} more`, onclick: (ev) => { ev.target.remove(); items.append(...a.results.slice(300, 5000).map(item)); } }) : null,
      el("div", { class: "row" }, el("button", { text: "Done", onclick: () => x.done() })));
  }

  function start() {
    fill(at("panel"), el("h2", { text: "Choose something" }),
      el("p", { text: "Click a node or an arrow, or search for one. A double click, or “Expand neighbours”, shows what is next to a node." }),
      el("p", { class: "muted", text: "Keys: / searches, Esc lets go, + and - zoom, 0 shows all, e expands, h hides, arrows move along a list." }),
      ...x.notes().map((s) => el("p", { class: "note", text: clean(s) })));
  }

  return {
    show() {
      if (state.node && model.nodes.has(state.node)) node(state.node);
      else if (state.edge !== null && model.edges[state.edge]) fill(at("panel"), el("h2", { text: "Arrow" }), ...x.parallel(state.edge).map((e) => edgeBox(e, true)));
      else if (x.lastAnswer) answer(x.lastAnswer);
      else start();
    },
    edgeColor,
  };
}
