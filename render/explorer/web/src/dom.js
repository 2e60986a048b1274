// Elements are made here and nowhere else. Texts become text nodes: no markup is
// ever parsed.

/**
 * Makes an element. Properties that begin with "on" are listeners, the others
 * attributes; false, null and undefined leave an attribute out.
 *
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : String(value));
  }
  append(e, children);
  return e;
}

/** @param {Element} e @param {Array<Node|string|null|undefined|false>} children */
export function append(e, children) {
  for (const c of children) if (c) e.append(c);
}

/** Replaces what an element holds. @param {Element} e @param {...any} children */
export function fill(e, ...children) {
  e.replaceChildren();
  append(e, children);
}

/** A button. @param {string} text @param {() => void} act @param {Record<string, any>} [props] */
export function button(text, act, props = {}) {
  return el("button", { type: "button", onclick: act, ...props }, text);
}
