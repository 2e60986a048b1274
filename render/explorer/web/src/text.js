// Texts come from policies and names, which anybody may have written.

const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * Shows characters that are invisible or change what is around them, and cuts
 * what is too long to read.
 *
 * @param {string} s
 * @param {number} [most] how many characters are shown
 */
export function show(s, most = 300) {
  let text = String(s);
  const length = text.length;
  if (length > most) text = text.slice(0, most);
  text = text.replace(hidden, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
  // Half of a pair of surrogates is no character.
  text = text.toWellFormed ? text.toWellFormed() : text;
  if (length > most) text += most < 100 ? "…" : `… (${length.toLocaleString("en")} characters)`;
  return text;
}

/** Plural by number. @param {number} n @param {string} one @param {string} [many] */
export function count(n, one, many = one + "s") {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/**
 * Whether two patterns with * and ? have a text in common. Of what can't be told
 * they are said to.
 *
 * @param {string} a @param {string} b
 */
export function meets(a, b) {
  // Words around a pattern, such as what a statement leaves out, are not taken apart.
  if (a.includes(" ") || b.includes(" ")) return true;
  if (!/[*?]/.test(b)) return matches(a, b);
  if (!/[*?]/.test(a)) return matches(b, a);
  if (a.length * b.length > 1e6) return true;
  // Which suffixes of b have a text in common with the suffix of a, from its end.
  let below = new Uint8Array(b.length + 1);
  for (let i = a.length; i >= 0; i--) {
    const row = new Uint8Array(b.length + 1);
    for (let j = b.length; j >= 0; j--) {
      const [x, y] = [a[i], b[j]];
      if (x === undefined && y === undefined) row[j] = 1;
      else if (x === "*") row[j] = below[j] | (y !== undefined ? row[j + 1] : 0);
      else if (y === "*") row[j] = row[j + 1] | (x !== undefined ? below[j] : 0);
      else row[j] = x !== undefined && y !== undefined && (x === y || x === "?" || y === "?") ? below[j + 1] : 0;
    }
    below = row;
  }
  return below[0] === 1;
}

/** Whether text matches pattern, in linear space and without a RegExp. @param {string} pattern @param {string} text */
export function matches(pattern, text) {
  let p = 0;
  let t = 0;
  let star = -1;
  let back = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      back = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++back;
    } else return false;
  }
  while (p < pattern.length && pattern[p] === "*") p++;
  return p === pattern.length;
}
