// How kinds look; the colours are those of drawn pictures, for light and dark pages.

const light = {
  back: "#ffffff", text: "#1a202c", muted: "#5b6b80", frame: "#f4f7fb", frameLine: "#94a3b8", outside: "#fffaee", faint: "#dde3ea",
  edges: { assume: "#7b3fb5", enter: "#2b6cb0", access: "#2f855a", member: "#94a3b8", cut: "#c53030" },
  kinds: { slate: "#64748b", red: "#c0392b", amber: "#b7791f", blue: "#2b6cb0", purple: "#7b3fb5", green: "#2f855a", bare: "#94a3b8" },
};
const dark = {
  back: "#0f172a", text: "#e8edf5", muted: "#a3b1c6", frame: "#162033", frameLine: "#52627a", outside: "#211d14", faint: "#263246",
  edges: { assume: "#c99bff", enter: "#7ab8ff", access: "#4ade80", member: "#64748b", cut: "#f87171" },
  kinds: { slate: "#a3b1c6", red: "#f87171", amber: "#f5bd4f", blue: "#7ab8ff", purple: "#c99bff", green: "#4ade80", bare: "#94a3b8" },
};

export const isDark = matchMedia("(prefers-color-scheme: dark)");
export const paper = () => (isDark.matches ? dark : light);

const hues = {
  public: "red", service: "amber", provider: "amber", root: "blue", user: "blue", group: "slate", role: "purple", account: "slate", unit: "slate",
  organization: "slate", resource: "green",
};

/** @param {string} kind */
export const kindColor = (kind) => paper().kinds[hues[kind] ?? "bare"];

/** @param {any} e */
export function edgeColor(e) {
  const c = paper().edges;
  if (e.cut || e.deny) return c.cut;
  if (e.kind.startsWith("assume")) return c.assume;
  if (e.kind === "enters") return c.enter;
  if (e.kind === "member-of" || e.kind === "contains") return c.member;
  return c.access;
}

/** What an edge says in few words. @param {any} e */
export function edgeWords(e) {
  if (e.kind.startsWith("assume")) return e.kind === "assume-role" ? "assumes" : "assumes with " + e.kind.replace("assume-role-with-", "").replaceAll("-", " ");
  if (e.kind === "member-of") return "belongs to";
  if (e.weight) return `${e.weight} ${e.weight === 1 ? "principal" : "principals"} ${e.label ?? ""}`;
  if (e.label) return e.label;
  const a = e.actions ?? [];
  if (a.length === 0) return e.kind;
  return a.slice(0, 3).join(", ") + (a.length > 3 ? `, and ${a.length - 3} more` : "");
}

/** @param {any} n */
export const kindWords = (n) => (n.type ? n.type.replace(/^AWS::/, "").replaceAll("::", " ") : n.kind === "unknown" ? "not in the snapshot" : n.kind);
