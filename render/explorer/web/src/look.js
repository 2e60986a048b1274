// How kinds look: colours in both themes, and a shape and a letter that say the
// same without colour.

import { conditional, structural } from "./model.js";
import { meets } from "./text.js";

/** Kinds in the order of the legend. @type {Record<string, {words: string, letter: string, shape: string, hue: string}>} */
export const kinds = {
  public: { words: "public", letter: "∗", shape: "diamond", hue: "red" },
  service: { words: "AWS service", letter: "S", shape: "diamond", hue: "amber" },
  provider: { words: "identity provider", letter: "P", shape: "diamond", hue: "amber" },
  root: { words: "root user", letter: "√", shape: "circle", hue: "blue" },
  user: { words: "user", letter: "U", shape: "circle", hue: "blue" },
  group: { words: "group", letter: "G", shape: "circle", hue: "slate" },
  role: { words: "role", letter: "R", shape: "hexagon", hue: "purple" },
  account: { words: "account", letter: "A", shape: "square", hue: "slate" },
  unit: { words: "organizational unit", letter: "O", shape: "square", hue: "slate" },
  organization: { words: "organization", letter: "Ω", shape: "square", hue: "slate" },
  policy: { words: "policy", letter: "§", shape: "square", hue: "slate" },
  resource: { words: "resource", letter: "", shape: "square", hue: "green" },
  unknown: { words: "not in the snapshot", letter: "?", shape: "circle", hue: "bare" },
};

/** @param {string} kind */
export function kindOf(kind) {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : kinds.unknown;
}

/** The letter in a node; of a resource the first of its service. @param {import("./model.js").Node} n */
export function letterOf(n) {
  const k = kindOf(n.kind);
  if (k.letter) return k.letter;
  const service = (n.type ?? "").split("::")[1] ?? "";
  return service ? service[0].toUpperCase() : "■";
}

const light = {
  back: "#ffffff", text: "#1a202c", muted: "#5b6b80", faint: "#dfe5ec", frame: "#f8fafc", frameLine: "#b4c0d0", unitLine: "#c3cdda",
  outside: "#fff8ea", access: "#2f855a", open: "#b7791f", assume: "#7b3fb5", enter: "#2b6cb0", member: "#94a3b8", deny: "#c53030",
  slate: "#64748b", red: "#c0392b", amber: "#b7791f", blue: "#2b6cb0", purple: "#7b3fb5", green: "#2f855a", bare: "#94a3b8", mark: "#d97706",
};
const dark = {
  back: "#0f172a", text: "#e8edf5", muted: "#a3b1c6", faint: "#263349", frame: "#162033", frameLine: "#41516a", unitLine: "#2e3c53",
  outside: "#211d14", access: "#4ade80", open: "#f5bd4f", assume: "#c99bff", enter: "#7ab8ff", member: "#64748b", deny: "#f87171",
  slate: "#a3b1c6", red: "#f87171", amber: "#f5bd4f", blue: "#7ab8ff", purple: "#c99bff", green: "#4ade80", bare: "#94a3b8", mark: "#fbbf24",
};

const asksDark = window.matchMedia("(prefers-color-scheme: dark)");

/** The colours of the theme that the browser asks for. */
export function colors() {
  return asksDark.matches ? dark : light;
}

/** Calls back when the theme changes. @param {() => void} changed */
export function onTheme(changed) {
  asksDark.addEventListener("change", changed);
}

/** Kinds of lines in the order of the legend: what is drawn over others first. */
export const lines = [
  { name: "deny", words: "denies, or is to be removed" },
  { name: "assume", words: "becomes the role" },
  { name: "access", words: "reaches" },
  { name: "open", words: "under an open condition" },
  { name: "enter", words: "enters the account" },
  { name: "member", words: "belongs to, contains" },
];

/** The kind of line of an edge. @param {import("./model.js").Edge} e */
export function lineOf(e) {
  if (e.deny || e.cut) return "deny";
  if (e.kind.startsWith("assume")) return "assume";
  if (structural(e) || e.kind === "member-of") return "member";
  if (e.kind === "enters") return "enter";
  return conditional(e) ? "open" : "access";
}

/** What an edge says, in a few words. @param {import("./model.js").Edge} e @param {string} [action] asked for: shown first */
export function wordsOf(e, action = "") {
  const asked = action.toLowerCase();
  const actions = asked ? e.actions.toSorted((a, b) => rank(a, asked) - rank(b, asked)) : e.actions;
  let words = e.label;
  if (e.kind.startsWith("assume-role-with-")) words = "becomes, with " + e.kind.slice(17).replaceAll("-", " ");
  else if (e.kind.startsWith("assume")) words = "becomes";
  else if (e.kind === "member-of") words = "belongs to";
  else if (structural(e)) words = e.kind === "owner" ? "owns" : e.kind;
  else if (actions.length) words = actions.slice(0, 3).join(", ") + (actions.length > 3 ? `, +${actions.length - 3} more` : "");
  return (e.deny ? "denies " : "") + (words || e.kind);
}

const rank = (action, asked) => (meets(action.toLowerCase(), asked) ? 0 : 1);
