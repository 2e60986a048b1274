// The graph as it is known: what the page came with, and what the server added.

/** @typedef {{id:string,kind:string,type?:string,label:string,account?:string,frame?:string,lines?:string[],members?:string[],external?:boolean,focus?:boolean,cycle?:boolean,x:number,y:number}} N */
/** @typedef {{from:string,to:string,kind:string,actions?:string[],label?:string,condition?:any,because?:any[],count:number,weight?:number,some?:boolean,open?:boolean,cut?:boolean,deny?:boolean,index:number}} E */

export class Model {
  constructor() {
    /** @type {Map<string, N>} */ this.nodes = new Map();
    /** @type {Map<string, any>} */ this.frames = new Map();
    /** @type {E[]} */ this.edges = [];
    /** @type {Map<string, E[]>} */ this.out = new Map();
    /** @type {Map<string, E[]>} */ this.in = new Map();
    this.keys = new Set();
    this.shift = 0;
  }

  /**
   * Adds a view: as the page holds one, with its lists in tables, or as the server
   * sends one, with positions beside.
   * @param {any} view
   * @returns {string[]} the ids of its nodes
   */
  add(view) {
    const list = (name, x) => (typeof x === "number" ? view.tables[name][x] : x);
    for (const n of view.nodes) if (view.positions?.[n.id]) [n.x, n.y] = view.positions[n.id];
    const ids = [];
    for (const f of view.frames) if (!this.frames.has(f.id)) this.frames.set(f.id, f);
    const fresh = view.nodes.filter((n) => !this.nodes.has(n.id));
    const dx = this.nodes.size > 0 && fresh.length > 0 ? this.room(view.nodes) : [0, 0];
    for (const n of view.nodes) {
      ids.push(n.id);
      const known = this.nodes.get(n.id);
      if (known) {
        known.focus = known.focus || n.focus;
        continue;
      }
      this.nodes.set(n.id, { ...n, x: n.x + dx[0], y: n.y + dx[1] });
      this.out.set(n.id, []);
      this.in.set(n.id, []);
    }
    for (const raw of view.edges) {
      const e = { ...raw, actions: list("actions", raw.actions) ?? [], condition: list("conditions", raw.condition), because: list("because", raw.because) ?? [] };
      const key = JSON.stringify([e.from, e.to, e.kind, e.label, e.actions, e.condition]);
      if (this.keys.has(key)) continue;
      this.keys.add(key);
      e.index = this.edges.length;
      this.edges.push(e);
      this.out.get(e.from).push(e);
      this.in.get(e.to).push(e);
    }
    return ids;
  }

  /** Where new nodes go: below what is there, but near a node that is known. */
  room(nodes) {
    for (const n of nodes) {
      const known = this.nodes.get(n.id);
      if (known) return [known.x - n.x, known.y - n.y];
    }
    let low = 0;
    for (const n of this.nodes.values()) low = Math.min(low, n.y);
    let high = 0;
    for (const n of nodes) high = Math.max(high, n.y);
    return [0, low - high - 4];
  }

  /** @param {E} e */
  conditional(e) { return Boolean(e.open || (e.condition && e.condition.length !== 0 && JSON.stringify(e.condition) !== "null")); }

  /** Whether access flows along an edge: all but what only says what is inside what. @param {E} e */
  flows(e) { return e.kind !== "contains" && !e.deny; }

  /** @param {string} text @param {number} limit */
  search(text, limit) {
    const q = text.toLowerCase();
    const ranked = [];
    for (const n of this.nodes.values()) {
      const label = n.label.toLowerCase(), id = n.id.toLowerCase();
      let rank = -1;
      if (label === q || id === q) rank = 0;
      else if (label.startsWith(q)) rank = 1;
      else if (label.includes(q)) rank = 2;
      else if (id.includes(q) || (n.members ?? []).some((m) => m.toLowerCase().includes(q))) rank = 3;
      if (rank >= 0) ranked.push([rank, n]);
    }
    ranked.sort((a, b) => a[0] - b[0] || (a[1].id < b[1].id ? -1 : 1));
    return { matches: ranked.slice(0, limit).map((r) => r[1]), more: Math.max(0, ranked.length - limit) };
  }

  /**
   * Everything that leads to a node (back) or that it leads to, with the edge by
   * which it was found, the shortest way.
   * @param {string} start @param {boolean} back @param {(e: E) => boolean} ok
   * @returns {Map<string, E|null>}
   */
  walk(start, back, ok) {
    const found = new Map([[start, null]]);
    for (let queue = [start]; queue.length > 0;) {
      const next = [];
      for (const id of queue) {
        for (const e of (back ? this.in : this.out).get(id) ?? []) {
          const other = back ? e.from : e.to;
          if (!found.has(other) && this.flows(e) && ok(e)) {
            found.set(other, e);
            next.push(other);
          }
        }
      }
      queue = next;
    }
    return found;
  }

  /**
   * Ways between two nodes that visit none twice, the shortest first.
   * @param {string} from @param {string} to @param {(e: E) => boolean} ok @param {number} most
   * @returns {E[][]}
   */
  paths(from, to, ok, most) {
    const near = this.walk(to, true, ok);
    const found = [];
    let queue = [{ at: from, edges: [], seen: new Set([from]) }];
    for (let steps = 0; queue.length > 0 && found.length < most && steps < 20000; steps++) {
      const { at, edges, seen } = queue.shift();
      if (at === to && edges.length > 0) {
        found.push(edges);
        continue;
      }
      for (const e of this.out.get(at) ?? []) {
        if (!seen.has(e.to) && near.has(e.to) && this.flows(e) && ok(e)) queue.push({ at: e.to, edges: [...edges, e], seen: new Set(seen).add(e.to) });
      }
    }
    return found;
  }
}
