// A box to find a node in: a combobox with a list below it.

import { el, fill } from "./dom.js";
import { kindOf, letterOf } from "./look.js";
import { show } from "./text.js";

/** @typedef {{id: string, label: string, kind: string, account?: string, type?: string}} Match */
/** @typedef {(text: string) => Promise<{matches: Match[], more: number}>} Search */

let made = 0;

export class Finder {
  /**
   * @param {{label: string, hint: string, search: Search, name: (account: string) => string, choose(m: Match): void}} o
   */
  constructor(o) {
    this.o = o;
    this.id = "find" + ++made;
    /** @type {Match[]} */ this.matches = [];
    this.active = -1;
    this.asked = 0;
    this.chosen = "";
    this.input = /** @type {HTMLInputElement} */ (el("input", {
      type: "text", id: this.id, role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-controls": this.id + "-list", placeholder: o.hint, oninput: () => this.find(), onkeydown: (e) => this.key(e), onfocus: () => this.input.select(), onblur: () => this.close(),
    }));
    this.list = el("ul", { role: "listbox", id: this.id + "-list", class: "matches", "aria-label": o.label, hidden: true });
    // A press on the list must not take the focus from the box, which would close it.
    this.list.addEventListener("mousedown", (e) => e.preventDefault());
    this.root = el("div", { class: "finder" }, el("label", { for: this.id }, o.label), this.input, this.list);
  }

  /** Shows what was chosen, without asking anybody. @param {string} id @param {string} label */
  set(id, label) {
    this.chosen = id;
    this.input.value = label === "" ? "" : show(label, 200);
    this.shown = this.input.value;
    this.close();
  }

  /** The id that was chosen, or what was typed since. */
  get value() {
    return this.input.value === this.shown ? this.chosen : this.input.value.trim();
  }

  async find() {
    const text = this.input.value.trim();
    const asked = ++this.asked;
    if (text === "") return this.close();
    let found;
    try {
      found = await this.o.search(text);
    } catch (err) {
      found = { matches: [], more: 0, error: err.message };
    }
    // Only the last question counts.
    if (asked !== this.asked) return;
    this.matches = found.matches;
    this.active = found.matches.length ? 0 : -1;
    fill(this.list,
      ...found.matches.map((m, i) => el("li", { role: "option", id: `${this.id}-${i}`, onclick: () => this.choose(i), title: show(m.id, 2100) },
        el("span", { class: "glyph " + kindOf(m.kind).hue, "aria-hidden": "true" }, letterOf(/** @type {any} */ (m))),
        el("span", { class: "name" }, show(m.label, 80)),
        el("span", { class: "where" }, kindOf(m.kind).words + (m.account ? " · " + show(this.o.name(m.account), 40) : "")))),
      found.matches.length === 0 && el("li", { class: "none" }, found.error ? show(found.error, 200) : "nothing of that name"),
      found.more > 0 && el("li", { class: "none" }, `${found.more.toLocaleString("en")} more: type more of the name`));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  mark() {
    for (const [i, li] of [...this.list.children].entries()) li.setAttribute("aria-selected", String(i === this.active));
    if (this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
      this.list.children[this.active].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const open = !this.list.hidden;
    if (e.key === "Escape") {
      if (open) e.stopPropagation();
      else this.input.blur();
      this.close();
    } else if (e.key === "Enter" && open && this.active >= 0) {
      e.preventDefault();
      this.choose(this.active);
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !open) {
      this.find();
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && this.matches.length) {
      e.preventDefault();
      const by = e.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + by + this.matches.length) % this.matches.length;
      this.mark();
    }
  }

  /** @param {number} i */
  choose(i) {
    const m = this.matches[i];
    this.set(m.id, m.label);
    this.o.choose(m);
  }

  close() {
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** Searches the nodes of a model: names that are or begin with the text first. @param {import("./model.js").Model} m @param {number} most */
export function searchIn(m, most = 12) {
  /** @param {string} text */
  return async (text) => {
    const t = text.toLowerCase();
    /** @type {Array<[number, number]>} */ const found = [];
    for (const [i, n] of m.nodes.entries()) {
      const at = n.key.indexOf(t);
      if (at < 0) continue;
      const rank = at > 0 ? (at < n.label.length ? 2 : 3) : n.label.length === t.length ? 0 : 1;
      found.push([rank, i]);
    }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { matches: found.slice(0, most).map(([, i]) => m.nodes[i]), more: Math.max(0, found.length - most) };
  };
}
