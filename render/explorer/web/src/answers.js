// Answers to questions: walked in the page's own graph, or asked of the server.

/** @param {any} model @param {string} text @returns {string|null} the id of the one node that is meant */
export function named(model, text) {
  if (model.nodes.has(text)) return text;
  const { matches } = model.search(text, 2);
  if (matches.length === 1 || (matches.length > 1 && matches[0].label.toLowerCase() === text.toLowerCase() && matches[1].label.toLowerCase() !== text.toLowerCase())) return matches[0].id;
  return null;
}

/** Whether an edge may let one of some actions through. @param {any} e @param {string} action */
export function lets(e, action) {
  if (!action || e.kind.startsWith("assume") || e.kind === "member-of" || e.kind === "enters") return true;
  const want = action.toLowerCase();
  return e.actions.length === 0 || e.actions.some((a) => {
    const have = a.toLowerCase();
    return like(have, want) || like(want, have);
  });
}

/** Matches a text against a pattern of * and ?. */
function like(pattern, text) {
  let p = 0, t = 0, star = -1, mark = 0;
  while (t < text.length) {
    if (p < pattern.length && (pattern[p] === "?" || (pattern[p] !== "*" && pattern[p] === text[t]))) { p++; t++; }
    else if (p < pattern.length && pattern[p] === "*") { star = p++; mark = t; }
    else if (star >= 0) { p = star + 1; t = ++mark; }
    else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

const here = "These are the ways within this picture, arrow by arrow. Conditions of several arrows together may never hold; the commands who-can, can and paths decide that.";

/** @param {any} model @param {any} q @param {(id:string)=>string} name */
export function inPage(model, q, name) {
  const ok = (e) => lets(e, q.action);
  const through = q.action ? ` through ${q.action}` : "";
  const route = (edges) => edges.map((e) => name(e.to)).join(" → ");
  const conditions = (edges) => {
    const n = edges.filter((e) => model.conditional(e)).length;
    return n === 0 ? "no open condition" : n === 1 ? "1 arrow under a condition" : `${n} arrows under a condition`;
  };
  if (q.type === "paths") {
    const from = named(model, q.principal), to = named(model, q.resource);
    if (!from || !to) return refuse(!from ? q.principal : q.resource);
    const paths = model.paths(from, to, ok, 100);
    return {
      title: `How ${name(from)} reaches ${name(to)}${through}`, notes: [here], none: "There is no way in this picture.",
      results: paths.map((edges) => ({ text: name(from) + " → " + route(edges), more: conditions(edges), nodes: [from, ...edges.map((e) => e.to)], edges: edges.map((e) => e.index) })),
      nodes: new Set(paths.flatMap((edges) => [from, ...edges.map((e) => e.to)])), edges: new Set(paths.flat().map((e) => e.index)),
    };
  }
  const back = q.type === "who-can", start = named(model, back ? q.resource : q.principal);
  if (!start) return refuse(back ? q.resource : q.principal);
  const found = model.walk(start, back, ok);
  const results = [];
  for (const id of found.keys()) {
    if (id === start) continue;
    const edges = [];
    for (let at = id; at !== start;) {
      const e = found.get(at);
      edges.push(e);
      at = back ? e.to : e.from;
    }
    if (!back) edges.reverse();
    results.push({ text: name(id), more: (edges.length > 1 ? (back ? `through ${route(edges.slice(0, -1))} · ` : `through ${edges.slice(0, -1).map((e) => name(e.to)).join(" → ")} · `) : "directly · ") + conditions(edges), nodes: [start, id, ...edges.flatMap((e) => [e.from, e.to])], edges: edges.map((e) => e.index) });
  }
  return {
    title: back ? `Who reaches ${name(start)}${through}` : `What ${name(start)} reaches${through}`, notes: [here], none: back ? "Nobody in this picture." : "Nothing in this picture.",
    results, nodes: new Set(found.keys()), edges: new Set(results.flatMap((r) => r.edges)),
  };
}

function refuse(text) {
  return { title: "Which one?", notes: [text ? `“${text}” is in no name, or in several: choose it by the search, or give its ARN.` : "Give a name or an ARN."], none: "", results: [], nodes: new Set(), edges: new Set() };
}

/** What the server answered. @param {any} model @param {any} q @param {any} got @param {string[]} ids @param {(id:string)=>string} name */
export function fromServer(model, q, got, ids, name) {
  const a = got.answer, nodes = new Set(ids);
  const edges = new Set(model.edges.filter((e) => nodes.has(e.from) && nodes.has(e.to)).map((e) => e.index));
  const entries = q.type === "paths" ? a.paths.map((p) => p.access ?? p) : a.access;
  const results = entries.map((r) => {
    const steps = r.path.map((s) => s.principal), all = [...steps, ...(model.nodes.has(r.resource) ? [r.resource] : [])];
    const on = new Set(all);
    const actions = r.grants.flatMap((g) => g.actions);
    const open = r.grants.every((g) => g.condition) || r.path.some((s) => s.condition);
    return {
      text: steps.map(name).join(" → ") + (r.resource && q.type !== "who-can" ? " → " + name(r.resource) : ""),
      more: `${actions.slice(0, 3).join(", ")}${actions.length > 3 ? `, and ${actions.length - 3} more` : ""}${open ? " · under a condition" : ""}`,
      nodes: all, edges: model.edges.filter((e) => on.has(e.from) && on.has(e.to)).map((e) => e.index),
    };
  });
  const notes = a.complete ? [] : [`Incomplete: ${a.unknown.length} ${a.unknown.length === 1 ? "gap" : "gaps"} could add access, or take it away.`];
  const titles = { "who-can": `Who reaches ${name(a.resource ?? q.resource)}`, can: `What ${name(a.principal ?? q.principal)} reaches`, paths: `How ${name(a.principal ?? q.principal)} reaches ${name(a.resource ?? q.resource)}` };
  return { title: titles[q.type], notes, none: "Nothing, as far as the snapshot tells.", results, nodes, edges };
}
