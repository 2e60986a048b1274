// What is shown and chosen, and the part of it that a link carries.

export class State {
  constructor() {
    /** @type {Set<string>} */ this.shown = new Set();
    /** @type {string|null} */ this.node = null;
    /** @type {number|null} */ this.edge = null;
    /** @type {{nodes:Set<string>,edges:Set<number>}|null} */ this.lit = null;
    /** @type {{type:string,principal:string,resource:string,action:string}|null} */ this.question = null;
    /** @type {{kinds:Set<string>,account:string,action:string,condition:string}} */ this.filter = { kinds: new Set(), account: "", action: "", condition: "" };
    this.listeners = [];
  }

  /** @param {() => void} f */
  onchange(f) { this.listeners.push(f); }

  changed() {
    for (const f of this.listeners) f();
    const hash = "#" + this.link();
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }

  link() {
    const p = new URLSearchParams();
    if (this.node) p.set("node", this.node);
    if (this.question) {
      p.set("ask", this.question.type);
      for (const k of ["principal", "resource", "action"]) if (this.question[k]) p.set(k, this.question[k]);
    }
    if (this.filter.kinds.size > 0) p.set("hide", [...this.filter.kinds].sort().join(","));
    for (const k of ["account", "condition"]) if (this.filter[k]) p.set(k, this.filter[k]);
    if (this.filter.action) p.set("through", this.filter.action);
    return p.toString();
  }

  /** @param {string} hash */
  read(hash) {
    const p = new URLSearchParams(hash.replace(/^#/, ""));
    this.node = p.get("node");
    const type = p.get("ask");
    this.question = ["who-can", "can", "paths"].includes(type ?? "")
      ? { type, principal: p.get("principal") ?? "", resource: p.get("resource") ?? "", action: p.get("action") ?? "" } : null;
    this.filter = {
      kinds: new Set((p.get("hide") ?? "").split(",").filter(Boolean)), account: p.get("account") ?? "",
      action: p.get("through") ?? "", condition: ["with", "without"].includes(p.get("condition") ?? "") ? p.get("condition") : "",
    };
  }
}
