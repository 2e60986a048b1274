// Elements are made here, and texts always set as text: names are not trusted.

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; on… are listeners; text is the text
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") e.textContent = value;
    else if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") e[name] = value;
    else e.setAttribute(name, value === true ? "" : String(value));
  }
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

/** @param {Element} parent @param {...Node} children */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(Boolean));
}

/** @param {string} id */
export const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What does not show, as an escape: marks that turn text, control characters. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]/gu;

/** @param {string} s */
export function clean(s) {
  return s.replace(hidden, (c) => "\\u" + c.codePointAt(0).toString(16).padStart(4, "0"));
}

/** Cuts a text to some letters. @param {string} s @param {number} n */
export function cut(s, n) {
  s = clean(s.length > 4 * n ? s.slice(0, 4 * n) : s);
  const letters = [...s];
  return letters.length > n ? letters.slice(0, n - 1).join("") + "…" : s;
}
