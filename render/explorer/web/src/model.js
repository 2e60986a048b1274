// The graph in memory. Nodes and edges are numbered; a model only grows.

/**
 * @typedef {{policy: string, type: string, statement: number, sid?: string}} Statement
 * @typedef {{id: string, kind: string, type?: string, label: string, account?: string, frame?: string,
 *   members?: string[], external?: boolean, focus?: boolean, cycle?: boolean, lines?: string[],
 *   key: string, at: [number, number]|null}} Node
 * @typedef {{from: number, to: number, kind: string, actions: string[], label: string, condition: any,
 *   because: Statement[], count: number, some: boolean, open: boolean, cut: boolean, deny: boolean,
 *   implied?: boolean}} Edge
 */

export class Model {
  constructor() {
    /** @type {Node[]} */ this.nodes = [];
    /** @type {Edge[]} */ this.edges = [];
    /** @type {number[][]} edges that leave a node */ this.out = [];
    /** @type {number[][]} edges that enter a node */ this.in = [];
    /** @type {Map<string, number>} */ this.byId = new Map();
    /** @type {Map<string, any>} frames by id */ this.frames = new Map();
    /** @type {Set<number>} resources whose owner has an edge */ this.known = new Set();
  }

  /**
   * Adds what a view shows, and returns the numbers of its nodes and edges.
   *
   * @param {any} view @param {Record<string, [number, number]>} positions
   */
  add(view, positions) {
    const at = new Map(Object.entries(positions ?? {}));
    for (const f of view.frames ?? []) if (!this.frames.has(f.id)) this.frames.set(f.id, f);
    const nodes = (view.nodes ?? []).map((n) => this.addNode(n, at.get(n.id) ?? null));
    this.own();
    const edges = [];
    for (const e of view.edges ?? []) {
      const from = this.byId.get(e.from);
      const to = this.byId.get(e.to);
      if (from === undefined || to === undefined) continue;
      edges.push(this.addEdge(from, to, e));
    }
    return { nodes, edges };
  }

  addNode(n, at) {
    const had = this.byId.get(n.id);
    if (had !== undefined) {
      if (at && !this.nodes[had].at) this.nodes[had].at = at;
      return had;
    }
    const i = this.nodes.length;
    this.nodes.push({ ...n, key: (n.label + "\n" + n.id).slice(0, 4096).toLowerCase(), at });
    this.out.push([]);
    this.in.push([]);
    this.byId.set(n.id, i);
    return i;
  }

  addEdge(from, to, e) {
    const edge = {
      from, to, kind: e.kind, actions: e.actions ?? [], label: e.label ?? "", condition: e.condition ?? null,
      because: e.because ?? [], count: e.count ?? 1, some: !!e.some, open: !!e.open, cut: !!e.cut, deny: !!e.deny,
    };
    // Several answers of a server may hold the same edge.
    const same = JSON.stringify(edge);
    const had = this.out[from].find((i) => this.edges[i].to === to && this.edges[i].same === same);
    if (had !== undefined) return had;
    edge.same = same;
    const i = this.edges.length;
    this.edges.push(edge);
    this.out[from].push(i);
    this.in[to].push(i);
    return i;
  }

  /**
   * Adds the edges from accounts to what they own, which the frames show instead.
   * A key or a role lets its account in by its own policy alone.
   */
  own() {
    const accounts = new Map();
    for (const [i, n] of this.nodes.entries()) if (n.kind === "account" && n.account) accounts.set(n.account, i);
    for (const [i, n] of this.nodes.entries()) {
      const owner = n.kind === "resource" && n.account ? accounts.get(n.account) : undefined;
      if (owner === undefined || this.known.has(i) || ["kms", "iam", "sts"].includes(n.id.split(":")[2])) continue;
      this.known.add(i);
      this.edges[this.addEdge(owner, i, { kind: "owner" })].implied = true;
    }
  }

  /** The neighbours of a node, by edges that the view states. @param {number} n */
  near(n) {
    const stated = (e) => !this.edges[e].implied;
    return [...this.out[n].filter(stated).map((e) => this.edges[e].to), ...this.in[n].filter(stated).map((e) => this.edges[e].from)];
  }
}

/** Whether an edge depends on an open condition. @param {Edge} e */
export function conditional(e) {
  return e.open || (Array.isArray(e.condition) ? e.condition.length > 0 : e.condition !== null);
}

/** Whether the one end becomes the other: what it may do, the one may do. @param {Edge} e */
export function becomes(e) {
  return !e.deny && (e.kind.startsWith("assume") || e.kind === "member-of");
}

/** Whether an edge only says where something is. @param {Edge} e */
export function structural(e) {
  return e.kind === "contains" || e.kind === "attached" || e.kind === "owner";
}

/** Whether an edge is an identity policy, which speaks to the account of the principal. @param {Model} m @param {Edge} e */
export function delegates(m, e) {
  return e.kind === "identity-grant" && m.nodes[e.to].kind === "account";
}

/** Whether the one end reaches the other. @param {Edge} e */
export function grants(e) {
  return !e.deny && !structural(e) && !becomes(e);
}
