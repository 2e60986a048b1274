// What keys do.

/** @param {any} app */
export function keys(app) {
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const target = /** @type {HTMLElement} */ (e.target);
    const typing = target instanceof HTMLInputElement && target.type === "text" || target instanceof HTMLSelectElement;
    if (e.key === "Escape") {
      if (typing) target.blur();
      else app.select(null);
      return;
    }
    if (typing) return;
    const act = keyed(app, e.key) ?? (target === app.box ? moved(app, e.key) : null);
    if (!act) return;
    e.preventDefault();
    act();
  });
}

function keyed(app, key) {
  const n = app.selected;
  switch (key) {
    case "/":
      return () => app.finder.input.focus();
    case "e":
      return n === null ? null : () => app.expand(n);
    case "o":
      return n === null ? null : () => app.only(n);
    case "a":
      return app.all.hidden ? null : () => app.everything();
    case "f":
      return () => app.stage?.fit();
    case "+":
    case "=":
      return () => app.stage?.zoom(1.5);
    case "-":
      return () => app.stage?.zoom(1 / 1.5);
    case "s":
      return () => app.save();
  }
  return null;
}

function moved(app, key) {
  const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[key];
  return by ? () => app.stage?.pan(by[0], by[1]) : null;
}
