// The page's own data says the lists of its edges once each, see pack.go.

/**
 * @param {any} view as the page holds it
 * @returns {any} as the server sends one; edges share their lists
 */
export function unpack(view) {
  const { tables, ...rest } = view;
  if (!tables) return view;
  const edges = (view.edges ?? []).map((e) => ({
    ...e,
    actions: e.actions ? tables.actions[e.actions - 1] : undefined,
    condition: e.condition ? tables.conditions[e.condition - 1] : undefined,
    because: e.because ? tables.because[e.because - 1] : undefined,
  }));
  return { ...rest, edges };
}
