// Questions that are answered from the picture: by walking over its edges.
//
// A walk becomes roles and groups, and ends with a grant. In the graph of a whole
// snapshot an identity policy is an edge to the principal's account, from which
// edges lead to what the account owns, to what lets the account in, and to roles
// that trust it. Two such edges are walked as one step, and only if some action
// is in both; which resources the policy covers the picture does not say, so
// what is reached like that is only possibly reached.

import { becomes, delegates, grants } from "./model.js";
import { meets } from "./text.js";

/**
 * @typedef {{next: number, edges: number[], ends: boolean}} Step edges as access flows; ends: by a grant
 * @typedef {(edge: number) => boolean} May whether an edge is about the action that is asked for
 * @typedef {import("./model.js").Model} Model
 */

/** The steps from a node. @param {Model} m @param {number} at @param {May} may @returns {Step[]} */
function onwards(m, at, may) {
  const steps = [];
  for (const e of m.out[at]) {
    const edge = m.edges[e];
    if (delegates(m, edge)) {
      for (const h of m.out[edge.to]) {
        const next = m.edges[h];
        if (joins(m, e, h, may)) steps.push({ next: next.to, edges: [e, h], ends: !becomes(next) });
      }
    } else if (becomes(edge) || (grants(edge) && may(e))) steps.push({ next: edge.to, edges: [e], ends: !becomes(edge) });
  }
  return steps;
}

/** The steps to a node. @param {Model} m @param {number} at @param {May} may @returns {Step[]} */
function backwards(m, at, may) {
  const steps = [];
  for (const h of m.in[at]) {
    const edge = m.edges[h];
    if (becomes(edge) || (grants(edge) && may(h))) steps.push({ next: edge.from, edges: [h], ends: !becomes(edge) });
    if (m.nodes[edge.from].kind !== "account" || delegates(m, edge)) continue;
    for (const g of m.in[edge.from]) {
      if (delegates(m, m.edges[g]) && joins(m, g, h, may)) steps.push({ next: m.edges[g].from, edges: [g, h], ends: !becomes(edge) });
    }
  }
  return steps;
}

/** Whether an identity policy and an edge from the account have an action in common. */
function joins(m, g, h, may) {
  const policy = m.edges[g];
  const edge = m.edges[h];
  const has = (pattern) => policy.actions.length === 0 || policy.actions.some((a) => meets(a.toLowerCase(), pattern));
  if (becomes(edge)) return has("sts:assumerole*");
  if (!may(g)) return false;
  if (edge.implied) return has(m.nodes[edge.to].id.split(":")[2]?.toLowerCase() + ":*");
  return grants(edge) && !delegates(m, edge) && may(h) && (edge.actions.length === 0 || edge.actions.some((a) => has(a.toLowerCase())));
}

/** Whether a path goes through an account. @param {Model} m @param {number[]} path */
export function possible(m, path) {
  return path.some((e, i) => i < path.length - 1 && delegates(m, m.edges[e]));
}

/**
 * Everything that is reached from a node (or that reaches it, backwards), each
 * by a path with the fewest steps; first those by a path that goes through no account, if
 * there is one.
 *
 * @param {Model} m @param {number} start @param {boolean} back @param {May} may
 * @returns {Array<{node: number, path: number[]}>} paths as access flows
 */
export function reach(m, start, back, may) {
  /** @type {Map<number, number[]>} */ const found = new Map();
  for (const through of [false, true]) {
    /** @type {Map<number, number[]>} */ const via = new Map([[start, []]]);
    const walked = [start];
    const seen = new Set([start]);
    for (let i = 0; i < walked.length; i++) {
      const at = walked[i];
      for (const s of back ? backwards(m, at, may) : onwards(m, at, may)) {
        if (!through && s.edges.length > 1) continue;
        // A grant is the last step of a path: backwards the first that is walked.
        if (back && s.ends && at !== start) continue;
        const path = back ? [...s.edges, ...via.get(at)] : [...via.get(at), ...s.edges];
        if (!via.has(s.next)) {
          via.set(s.next, path);
          if (!found.has(s.next)) found.set(s.next, path);
        }
        if ((back || !s.ends) && !seen.has(s.next)) {
          seen.add(s.next);
          if (!s.ends || back) via.set(s.next, path);
          walked.push(s.next);
        }
      }
    }
  }
  found.delete(start);
  return [...found].map(([node, path]) => ({ node, path }));
}

/**
 * Simple paths from one node to another, those with the fewest steps first.
 *
 * @param {Model} m @param {number} from @param {number} to @param {May} may
 * @param {number} [most] how many paths
 * @returns {{paths: number[][], more: boolean}} more: there may be others
 */
export function paths(m, from, to, may, most = 50) {
  const arrives = new Set([to]);
  for (const at of arrives) {
    for (const s of backwards(m, at, may)) if (!s.ends || at === to) arrives.add(s.next);
  }
  /** @type {number[][]} */ const found = [];
  // Paths that can't arrive are not begun, and the work is bounded, as the number
  // of simple paths is not.
  let queue = arrives.has(from) && from !== to ? [{ node: from, path: [], seen: [from] }] : [];
  let work = 0;
  while (queue.length > 0) {
    const next = [];
    for (const { node, path, seen } of queue) {
      for (const s of onwards(m, node, may)) {
        if (++work > 200000) return { paths: found, more: true };
        if (seen.includes(s.next)) continue;
        if (s.next === to) {
          if (found.length === most) return { paths: found, more: true };
          found.push([...path, ...s.edges]);
        } else if (!s.ends && arrives.has(s.next)) {
          next.push({ node: s.next, path: [...path, ...s.edges], seen: [...seen, s.next] });
        }
      }
    }
    queue = next;
  }
  return { paths: found, more: false };
}
