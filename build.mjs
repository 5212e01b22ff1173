// Compiles the package in the current folder: SOURCE/**/*.ts -> dist/**/*.js, file by file, types stripped.
// SOURCE is the first argument, `src` when left out. Types are checked once for the whole repository
// (`npm run check:types`), so a build takes a fraction of a second.
import { build } from 'esbuild';
import { cp, readdir, rm } from 'node:fs/promises';

const source = process.argv[2] ?? 'src';
await rm('dist', { recursive: true, force: true });
const files = (await readdir(source, { recursive: true })).filter(
  (file) => !/\.test\.ts$|(^|[\\/])(node_modules|dist|\.turbo)([\\/]|$)/.test(file),
);
await build({
  entryPoints: files.filter((file) => file.endsWith('.ts')).map((file) => `${source}/${file}`),
  outdir: 'dist',
  outbase: source,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
if (source !== '.') {
  for (const file of files.filter((name) => /\.(json|html|css|svg|js|graphql)$/.test(name))) {
    await cp(`${source}/${file}`, `dist/${file}`);
  }
}
