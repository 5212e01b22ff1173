import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export type Encoding = 'identity' | 'gzip';

/** A file that the page loads, kept in memory. */
export interface Asset {
  readonly type: string;
  /** Compressed at the first request that asks for it. */
  body(encoding: Encoding): Buffer;
}

/** Everything that the page is made of. */
export interface Assets {
  /** The page for a person who pastes a token. */
  readonly page: string;
  /** The page for a person who gets the demo's tokens. */
  readonly pageWithDemo: string;
  /** By `<hash>/<name>`. */
  readonly byPath: ReadonlyMap<string, Asset>;
}

/** Loaded together under one hash, because the scripts import each other by relative names. */
const ownFiles = [
  'explorer.css',
  'icon.svg',
  'main.js',
  'service-state.js',
  'tokens.js',
  'token-field.js',
  'workbench.js',
  'graphiql-panel.js',
];

/** The scripts and the style sheet of GraphiQL and what it needs, in the order in which they are loaded. */
const vendorFiles = [
  ['react', 'umd/react.production.min.js'],
  ['react-dom', 'umd/react-dom.production.min.js'],
  ['graphiql', 'graphiql.min.js'],
  ['graphiql', 'graphiql.min.css'],
] as const;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface NamedContent {
  readonly name: string;
  readonly content: Buffer;
}

/** Reads the page's own files and those of GraphiQL, and puts their addresses into the page. */
export async function loadAssets(): Promise<Assets> {
  const folder = fileURLToPath(new URL('./assets/', import.meta.url));
  const [own, vendor, page, picture] = await Promise.all([
    Promise.all(ownFiles.map((name) => read(join(folder, name)))),
    Promise.all(vendorFiles.map(([packageName, file]) => read(join(packageFolder(packageName), file)))),
    readFile(join(folder, 'index.html'), 'utf8'),
    readFile(join(folder, 'parts.svg'), 'utf8'),
  ]);
  const byPath = new Map<string, Asset>();
  const addresses = new Map<string, string>();
  for (const files of [own, ...vendor.map((file) => [file])]) {
    const hash = hashOf(files);
    for (const file of files) {
      byPath.set(`${hash}/${file.name}`, assetOf(file));
      addresses.set(file.name, `/explorer/assets/${hash}/${file.name}`);
    }
  }
  const render = (session: 'demo' | 'paste') =>
    fill(page, new Map([...addresses, ['parts.svg', picture.trim()], ['session', session]]));
  return { page: render('paste'), pageWithDemo: render('demo'), byPath };
}

async function read(path: string): Promise<NamedContent> {
  return { name: basename(path), content: await readFile(path) };
}

/** Some packages export only entry points, so the folder is found by the one file that each of them exports. */
function packageFolder(packageName: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
}

function hashOf(files: readonly NamedContent[]): string {
  const hash = createHash('sha256');
  for (const { name, content } of files) hash.update(`${name}\n${content.length}\n`).update(content);
  return hash.digest('hex').slice(0, 16);
}

function assetOf({ name, content }: NamedContent): Asset {
  const type = types[extname(name)];
  if (type === undefined) throw new Error(`explorer: no content type is known for ${name}`);
  let compressed: Buffer | undefined;
  return {
    type,
    body: (encoding) => (encoding === 'gzip' ? (compressed ??= gzipSync(content)) : content),
  };
}

/** @throws when the page asks for something that is not there */
function fill(page: string, values: ReadonlyMap<string, string>): string {
  return page.replaceAll(/\{\{([\w.-]+)\}\}/g, (_match, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`explorer: index.html asks for ${name}, which is not there`);
    return value;
  });
}
