// The areas of accounts and organizational units around the nodes in them.

// The sizes that the nodes were placed with (internal/place).
const cell = { left: 20, top: 20, w: 150, h: 40 };
const pad = 12;
const head = 24;

/**
 * The areas of the frames that hold some of the nodes, those around others first.
 *
 * @param {import("./model.js").Model} m
 * @param {Iterable<number>} nodes
 * @param {(n: number) => [number, number]} at y grows downwards
 */
export function areas(m, nodes, at) {
  const boxes = new Map();
  const grow = (id, x, y, w, h) => {
    const b = boxes.get(id);
    if (!b) boxes.set(id, { x, y, right: x + w, bottom: y + h });
    else {
      b.x = Math.min(b.x, x);
      b.y = Math.min(b.y, y);
      b.right = Math.max(b.right, x + w);
      b.bottom = Math.max(b.bottom, y + h);
    }
  };
  for (const n of nodes) {
    const frame = m.nodes[n].frame;
    if (!frame || !m.frames.has(frame)) continue;
    const [x, y] = at(n);
    grow(frame, x - cell.left, y - cell.top, cell.w, cell.h);
  }
  const all = [];
  // Those inside others come later, so from the end every frame is complete.
  for (const f of [...m.frames.values()].reverse()) {
    const b = boxes.get(f.id);
    if (!b) continue;
    const area = { id: f.id, label: f.label, kind: f.kind, external: !!f.external, x: b.x - pad, y: b.y - pad - head, w: b.right - b.x + 2 * pad, h: b.bottom - b.y + 2 * pad + head };
    all.push(area);
    if (f.parent && m.frames.has(f.parent)) grow(f.parent, area.x, area.y, area.w, area.h);
  }
  return all.reverse();
}
