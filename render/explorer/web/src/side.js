// The column on the left: search, questions, filters, legend.

import { at, clean, cut, el, fill } from "./dom.js";
import { kindWords } from "./look.js";

/** @param {any} x the parts of the page, see main.js */
export function side(x) {
  const { model, state } = x;
  const search = /** @type {HTMLInputElement} */ (at("search")), hits = at("hits");
  let turn = 0;
  search.addEventListener("input", async () => {
    const mine = ++turn, q = search.value.trim();
    if (q === "") return fill(hits);
    const found = await x.find(q, 50);
    if (mine !== turn) return;
    fill(hits, ...found.matches.map((n, i) => el("li", { role: "option" }, el("button", { class: "link hit", tabindex: i === 0 ? "0" : "-1", title: clean(n.id).slice(0, 2000), onclick: () => { fill(hits); search.value = ""; x.choose(n.id, n); } },
      el("b", { text: cut(n.label || n.id, 44) }), " ", el("span", { class: "muted", text: cut(`${kindWords(n)} ${n.account ? x.accountName(n.account) : ""}`, 60) })))),
    found.more > 0 ? el("li", { class: "muted", text: `and ${found.more} more` }) : null, found.matches.length === 0 ? el("li", { class: "muted", text: "Nothing has this in its name." }) : null);
  });
  const move = (ev, list) => {
    const buttons = [...list.querySelectorAll("button.hit")], i = buttons.indexOf(document.activeElement);
    if (ev.key === "ArrowDown") buttons[Math.min(i + 1, buttons.length - 1)]?.focus();
    else if (ev.key === "ArrowUp") (i <= 0 ? search : buttons[i - 1]).focus();
    else return;
    ev.preventDefault();
  };
  search.addEventListener("keydown", (ev) => {
    if (ev.key === "Enter") hits.querySelector("button")?.click();
    else move(ev, hits);
  });
  hits.addEventListener("keydown", (ev) => move(ev, hits));

  const form = /** @type {HTMLFormElement} */ (at("ask"));
  const type = /** @type {HTMLSelectElement} */ (form.elements.namedItem("type"));
  const fields = () => {
    at("principal-row").hidden = type.value === "who-can";
    at("resource-row").hidden = type.value === "can" && !x.server;
  };
  type.addEventListener("change", fields);
  form.addEventListener("submit", (ev) => {
    ev.preventDefault();
    const get = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim();
    x.ask({ type: type.value, principal: get("principal"), resource: get("resource"), action: get("action") });
  });

  const account = /** @type {HTMLSelectElement} */ (at("f-account")), action = /** @type {HTMLInputElement} */ (at("f-action")), condition = /** @type {HTMLSelectElement} */ (at("f-condition"));
  for (const [e, key] of [[account, "account"], [action, "action"], [condition, "condition"]]) {
    e.addEventListener("input", () => { state.filter[key] = e.value; x.refresh(); });
  }
  return {
    show() {
      const kinds = new Map();
      for (const n of model.nodes.values()) kinds.set(n.kind, (kinds.get(n.kind) ?? 0) + 1);
      fill(at("kinds"), ...[...kinds].sort().map(([kind, count]) => el("label", { class: "kind" },
        el("input", { type: "checkbox", "data-kind": kind, checked: !state.filter.kinds.has(kind), onchange: (ev) => { state.filter.kinds[ev.target.checked ? "delete" : "add"](kind); x.refresh(); } }),
        x.sign(kind), " ", clean(kindWords({ kind })), el("span", { class: "muted", text: ` ${count}` }))));
      const accounts = new Set();
      for (const n of model.nodes.values()) if (n.account) accounts.add(n.account);
      if (account.options.length !== accounts.size + 1) {
        fill(account, el("option", { value: "", text: "every account" }), ...[...accounts].map((a) => [x.accountName(a), a]).sort().map(([label, a]) => el("option", { value: a, text: clean(label) })));
      }
      account.value = state.filter.account;
      if (document.activeElement !== action) action.value = state.filter.action;
      condition.value = state.filter.condition;
      if (state.question) {
        type.value = state.question.type;
        for (const k of ["principal", "resource", "action"]) /** @type {HTMLInputElement} */ (form.elements.namedItem(k)).value = state.question[k];
      }
      fields();
    },
  };
}
