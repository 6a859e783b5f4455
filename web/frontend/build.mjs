// Bundles scripts and styles into web/static/, under hashed names that
// manifest.json tells the templates. Text lies there compressed, too: each once, as small
// as it gets, for browsers that take it so.
import { build } from "esbuild";
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const manifest = join(out, "manifest.json");

const result = await build({
  absWorkingDir: here,
  entryPoints: ["scripts/app.js", "styles/app.css", "styles/paper.css"],
  outdir: out,
  outbase: here,
  entryNames: "[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  loader: { ".woff2": "file" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

// The fonts' licence (OFL) asks to travel with them.
const fonts = ["inter", "newsreader"];
const licences = fonts.map((font) => `${font}-OFL.txt`);
for (const font of fonts) {
  const licence = join(here, "node_modules/@fontsource-variable", font, "LICENSE");
  await copyFile(licence, join(out, "fonts", `${font}-OFL.txt`));
}

const made = Object.entries(result.metafile.outputs);
const names = Object.fromEntries(
  made.flatMap(([path, { entryPoint }]) =>
    entryPoint ? [[basename(entryPoint), basename(path)]] : [],
  ),
);

// What an earlier build left is gone; the manifest is written last, so that it
// never names a file that is not there.
const whole = [...made.map(([path]) => basename(path)), ...licences];
const kept = new Set(whole.flatMap((name) => [name, `${name}.gz`, `${name}.br`]));
for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
  const stale = entry.isFile() && !kept.has(entry.name) && entry.name !== "manifest.json";
  /** @type {{ parentPath?: string, path?: string }} its folder has two names in Node 18 to 20 */
  const { parentPath, path } = entry;
  if (stale) await rm(join(parentPath ?? path ?? out, entry.name));
}
for (const [name] of made.filter(([one]) => /\.(js|css|map|txt)$/.test(one))) {
  const file = join(here, name);
  const bytes = await readFile(file);
  await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  await writeFile(`${file}.br`, brotliCompressSync(bytes));
}
await writeFile(manifest, `${JSON.stringify(names, null, 2)}\n`);

const bytes = made
  .filter(([path]) => /\.(js|css)$/.test(path))
  .reduce((sum, [, output]) => sum + output.bytes, 0);
console.log(`${made.length} files, scripts and styles ${Math.round(bytes / 1000)} kB`);
