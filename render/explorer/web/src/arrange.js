// Where a part of the graph is shown when it is looked at alone: in columns from
// who acts to what is reached.

import { structural } from "./model.js";

const column = 260;
const row = 46;

/**
 * @param {import("./model.js").Model} m
 * @param {Iterable<number>} shown
 * @returns {Map<number, [number, number]>}
 */
export function inColumns(m, shown) {
  const nodes = [...shown];
  const set = new Set(nodes);
  const level = levels(m, nodes, set);
  /** @type {number[][]} */ const columns = [];
  for (const n of nodes) (columns[level.get(n)] ??= []).push(n);
  const order = new Map();
  for (const c of columns) c?.forEach((n, i) => order.set(n, i - c.length / 2));
  for (let sweep = 0; sweep < 6; sweep++) {
    for (const c of sweep % 2 ? columns.toReversed() : columns) {
      if (!c) continue;
      const wish = new Map(c.map((n) => {
        const near = m.near(n).filter((x) => set.has(x) && x !== n);
        return [n, near.length ? near.reduce((s, x) => s + order.get(x), 0) / near.length : order.get(n)];
      }));
      c.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
      c.forEach((n, i) => order.set(n, i - c.length / 2));
    }
  }
  const at = new Map();
  let x = 0;
  for (const c of columns) {
    if (!c) continue;
    // A column of many is folded into several.
    const folds = Math.ceil(c.length / 40);
    c.forEach((n, i) => {
      const rows = Math.ceil(c.length / folds);
      at.set(n, [x + Math.floor(i / rows) * column, ((i % rows) - rows / 2) * row]);
    });
    x += folds * column;
  }
  return at;
}

/** The column of each node: one more than the last that leads to it, circles apart. */
function levels(m, nodes, set) {
  const level = new Map(nodes.map((n) => [n, 0]));
  const waits = new Map(nodes.map((n) => [n, 0]));
  const leads = (n) => m.out[n].filter((e) => (!structural(m.edges[e]) || m.edges[e].implied) && set.has(m.edges[e].to) && m.edges[e].to !== n).map((e) => m.edges[e].to);
  for (const n of nodes) for (const t of leads(n)) waits.set(t, waits.get(t) + 1);
  const done = new Set();
  let ready = nodes.filter((n) => waits.get(n) === 0);
  while (done.size < nodes.length) {
    // In a circle somebody has to be first.
    if (ready.length === 0) ready = [nodes.find((n) => !done.has(n))];
    const next = [];
    for (const n of ready) {
      if (done.has(n)) continue;
      done.add(n);
      for (const t of leads(n)) {
        if (done.has(t)) continue;
        level.set(t, Math.max(level.get(t), level.get(n) + 1));
        waits.set(t, waits.get(t) - 1);
        if (waits.get(t) === 0) next.push(t);
      }
    }
    ready = next;
  }
  return level;
}
