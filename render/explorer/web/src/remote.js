// Questions to the server that the page came from.

async function get(path, query) {
  const p = new URLSearchParams();
  for (const [k, v] of Object.entries(query)) for (const x of [v].flat()) if (x !== "" && x !== undefined) p.append(k, x);
  let r;
  try {
    r = await fetch(`/api/${path}?${p}`, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Error("pathfinder does not answer: is it still running?");
  }
  let body = null;
  try {
    body = await r.json();
  } catch {
    // What is no JSON says nothing that people could use.
  }
  if (!r.ok || body === null) throw new Error(body?.error ?? `the server answered ${r.status}`);
  return body;
}

export const meta = () => get("meta", {});
export const search = (q) => get("search", { q, limit: 12 });
export const around = (id) => get("around", { id, hops: 1 });

/** @param {import("./questions.js").Question} q */
export function ask(q) {
  const action = q.action.split(/[\s,]+/).filter(Boolean);
  switch (q.kind) {
    case "who":
      return get("who-can", { resource: q.b, action });
    case "what":
      return get("can", { principal: q.a, action });
  }
  return get("paths", { principal: q.a, resource: q.b, action });
}
