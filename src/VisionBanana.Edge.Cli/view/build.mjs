// Bundles the page into dist/: one script, one style sheet, one page, and the licences of what is bundled.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";

const here = new URL(".", import.meta.url);
const dist = new URL("dist/", here);
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await build({
  absWorkingDir: here.pathname,
  entryPoints: { view: "src/main.ts", setup: "src/setup.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
});
await copyFile(new URL("src/favicon.svg", here), new URL("favicon.svg", dist));
await writeFile(new URL("licences.txt", dist), "three.js\n\n" + await readFile(new URL("node_modules/three/LICENSE", here), "utf8"));
await copyFile(new URL("src/setup.html", here), new URL("setup.html", dist));
// Last: the build takes it for the sign that everything is there.
await copyFile(new URL("src/index.html", here), new URL("index.html", dist));
