// What is looked at stands in the address, so that it can be sent to others.

/** A walk of more nodes than this is not kept. */
const mostWalk = 150;

/** @param {any} app @returns {string} */
export function toHash(app) {
  const p = new URLSearchParams();
  const m = app.model;
  if (app.selected !== null) p.set("node", m.nodes[app.selected].id);
  if (app.question) {
    for (const [k, v] of Object.entries(app.question)) if (v) p.set(k === "kind" ? "ask" : k, v);
    if (app.walk && app.walkIsAnswer) p.set("only", "answer");
  }
  if (app.walk && !app.walkIsAnswer && app.walk.size <= mostWalk) for (const n of app.walk) p.append("walk", m.nodes[n].id);
  for (const k of app.filters.kinds) p.append("hide-kind", k);
  for (const a of app.filters.accounts) p.append("hide-account", a);
  if (app.filters.action) p.set("filter-action", app.filters.action);
  if (app.filters.condition) p.set("filter-condition", app.filters.condition);
  return p.toString();
}

/** @param {string} hash */
export function fromHash(hash) {
  const p = new URLSearchParams(hash.replace(/^#/, ""));
  const ask = p.get("ask");
  return {
    node: p.get("node"),
    question: ask === "who" || ask === "what" || ask === "paths" ? { kind: ask, a: p.get("a") ?? "", b: p.get("b") ?? "", action: p.get("action") ?? "" } : null,
    only: p.get("only") === "answer",
    walk: p.getAll("walk"),
    filters: {
      kinds: new Set(p.getAll("hide-kind")), accounts: new Set(p.getAll("hide-account")), action: p.get("filter-action") ?? "",
      condition: ["open", "none"].includes(p.get("filter-condition") ?? "") ? p.get("filter-condition") : "",
    },
  };
}
