// Bundles the page's script, and writes the hash of its sources in front, which a Go
// test compares: whoever changes a source has to build again.
//
//   npm ci && npm run build

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const sources = ["package.json", "package-lock.json", "build.mjs", ...readdirSync("src").sort().map((f) => "src/" + f)];
const hash = createHash("sha256");
for (const f of sources) hash.update(f + "\n").update(readFileSync(f)).update("\n");

await build({
  entryPoints: ["src/main.js"], bundle: true, minify: true, format: "esm", target: "es2022", charset: "ascii", legalComments: "none",
  outfile: "../assets/explorer.js", banner: { js: `/* sources ${hash.digest("hex")}; licences in LICENSES.txt */` },
});
const css = readFileSync("src/style.css", "utf8");
writeFileSync("../assets/explorer.css", css);

let licenses = "The explorer's page holds these packages, bundled.\n";
for (const [name, file] of [["sigma", "LICENSE.txt"], ["graphology", "LICENSE.txt"], ["graphology-utils", "LICENSE.txt"], ["events", "LICENSE"]]) {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  licenses += `\n== ${name} ${version} (${license})\n\n${readFileSync(`node_modules/${name}/${file}`, "utf8")}`;
}
writeFileSync("../assets/LICENSES.txt", licenses);
