// What of the graph is shown: by account, kind, action and condition.

import { el, fill, button } from "./dom.js";
import { kindOf, kinds } from "./look.js";
import { conditional, structural } from "./model.js";
import { count, meets, show } from "./text.js";

/** More accounts than this are found by typing. */
const mostAccounts = 200;

export class Filters {
  /** @param {import("./model.js").Model} model @param {() => void} changed */
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    /** @type {Set<string>} kinds that are not shown */ this.kinds = new Set();
    /** @type {Set<string>} accounts that are not shown; "" for none */ this.accounts = new Set();
    this.action = "";
    this.condition = "";
    this.actionBox = /** @type {HTMLInputElement} */ (el("input", { type: "text", id: "filter-action", placeholder: "s3:Get* or part of a name", spellcheck: "false", autocomplete: "off",
      onchange: () => this.set({ action: this.actionBox.value.trim() }) }));
    this.conditionBox = /** @type {HTMLSelectElement} */ (el("select", { id: "filter-condition", onchange: () => this.set({ condition: this.conditionBox.value }) },
      el("option", { value: "" }, "with and without"), el("option", { value: "none" }, "without an open condition"), el("option", { value: "open" }, "under an open condition")));
    this.kindList = el("div", { class: "checks" });
    this.accountList = el("div", { class: "checks scroll" });
    this.accountBox = /** @type {HTMLInputElement} */ (el("input", { type: "text", id: "filter-account", placeholder: "find an account", spellcheck: "false", autocomplete: "off", oninput: () => this.drawAccounts() }));
    this.root = el("div", {},
      el("label", { for: "filter-action" }, "Action"), this.actionBox,
      el("label", { for: "filter-condition" }, "Condition"), this.conditionBox,
      el("fieldset", {}, el("legend", {}, "Kinds"), this.kindList),
      el("fieldset", {}, el("legend", {}, "Accounts"), this.accountBox, this.accountList,
        el("div", { class: "row" }, button("all", () => this.set({ accounts: new Set() })), button("none", () => this.set({ accounts: new Set(this.allAccounts()) })))),
      button("Clear filters", () => this.set({ kinds: new Set(), accounts: new Set(), action: "", condition: "" })));
    this.draw();
  }

  /** @param {Partial<{kinds: Set<string>, accounts: Set<string>, action: string, condition: string}>} to @param {boolean} [quiet] */
  set(to, quiet) {
    Object.assign(this, to);
    this.actionBox.value = this.action;
    this.conditionBox.value = this.condition;
    this.draw();
    if (!quiet) this.changed();
  }

  get active() {
    return this.kinds.size + this.accounts.size > 0 || this.byEdge;
  }

  /** Whether edges are chosen, so that nodes without any are not of interest. */
  get byEdge() {
    return this.action !== "" || this.condition !== "";
  }

  allAccounts() {
    return [...new Set(this.model.nodes.map((n) => n.account ?? ""))];
  }

  /** @param {number} n */
  node(n) {
    const { kind, account } = this.model.nodes[n];
    return !this.kinds.has(kind) && !this.accounts.has(account ?? "");
  }

  /** @param {number} i */
  edge(i) {
    const e = this.model.edges[i];
    if (this.condition && structural(e)) return false;
    if (this.condition === "none" && conditional(e)) return false;
    if (this.condition === "open" && !conditional(e)) return false;
    if (this.action === "") return true;
    return fits(e, this.action);
  }

  draw() {
    const used = new Map();
    for (const n of this.model.nodes) used.set(n.kind, (used.get(n.kind) ?? 0) + 1);
    const order = [...Object.keys(kinds), ...used.keys()];
    fill(this.kindList, ...[...new Set(order)].filter((k) => used.has(k)).map((k) => this.check(kindOf(k).words, used.get(k), !this.kinds.has(k), (on) => {
      const set = new Set(this.kinds);
      if (on) set.delete(k);
      else set.add(k);
      this.set({ kinds: set });
    }, "kind-" + (Object.hasOwn(kinds, k) ? k : "other"))));
    this.drawAccounts();
  }

  drawAccounts() {
    const used = new Map();
    for (const n of this.model.nodes) used.set(n.account ?? "", (used.get(n.account ?? "") ?? 0) + 1);
    const find = this.accountBox.value.trim().toLowerCase();
    const name = (a) => (a === "" ? "in no account" : this.model.frames.get(a)?.label ?? a);
    const found = [...used.keys()].filter((a) => (name(a) + "\n" + a).toLowerCase().includes(find));
    fill(this.accountList, ...found.slice(0, mostAccounts).map((a) => this.check(name(a), used.get(a), !this.accounts.has(a), (on) => {
      const set = new Set(this.accounts);
      if (on) set.delete(a);
      else set.add(a);
      this.set({ accounts: set });
    })), found.length > mostAccounts && el("p", { class: "muted" }, count(found.length - mostAccounts, "more account")));
  }

  check(words, number, on, change, id) {
    const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", "data-filter": id, onchange: () => change(box.checked) }));
    box.checked = on;
    return el("label", { class: "check" }, box, el("span", {}, show(words, 60)), el("span", { class: "muted" }, number.toLocaleString("en")));
  }
}

/** Whether an edge is about an action, or a pattern of actions, or a part of the name of one. */
export function fits(e, action) {
  const a = action.toLowerCase();
  const whole = a.includes(":") || a.includes("*") || a.includes("?");
  if (e.actions.length === 0) {
    const name = e.kind.startsWith("assume") ? "sts:" + e.kind.replaceAll("-", "") : e.label.toLowerCase();
    return whole ? meets(name, a) : name.includes(a);
  }
  return e.actions.some((x) => (whole ? meets(x.toLowerCase(), a) : x.toLowerCase().includes(a)));
}
