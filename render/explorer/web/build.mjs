// Makes ../assets from src and the libraries: npm ci && npm run build.

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);

/**
 * What the bundle is made from, as one hash. The package's test computes the
 * same, so that a bundle that was not made anew fails.
 */
async function sources() {
  const names = ["build.mjs", "package.json", "package-lock.json"];
  for (const name of await readdir(new URL("src", here))) names.push("src/" + name);
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    const text = await readFile(new URL(name, here));
    hash.update(`${name} ${text.length}\n`).update(text);
  }
  return hash.digest("hex");
}

const header = `/* Made by web/build.mjs; licences in LICENSES.txt. sources ${await sources()} */`;

/** One file of the bundle. An inline script or style may not end itself. */
async function bundle(entry, out) {
  const result = await build({ entryPoints: [new URL(entry, here).pathname], bundle: true, minify: true, write: false, format: "iife", charset: "ascii", target: ["es2022"], legalComments: "none", metafile: true });
  const text = header + "\n" + result.outputFiles[0].text;
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${out} would end the element it stands in`);
  await writeFile(new URL(`../assets/${out}`, here), text);
  return Object.keys(result.metafile.inputs);
}

const inputs = [...(await bundle("src/main.js", "explorer.js")), ...(await bundle("src/explorer.css", "explorer.css"))];

const packages = new Set();
for (const input of inputs) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
  if (found) packages.add(found[1]);
}
const licences = [];
for (const name of [...packages].sort()) {
  const dir = new URL(`node_modules/${name}/`, here);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", dir), "utf8"));
  const file = (await readdir(dir)).find((f) => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${name} ${version} (${license}) has no licence beside it: add it by hand`);
  licences.push(`${name} ${version}\n\n${(await readFile(new URL(file, dir), "utf8")).trim()}\n`);
}
await writeFile(new URL("../assets/LICENSES.txt", here), licences.join("\n----\n\n"));
