import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateResolverTypes } from './generation.js';
import { readSubgraphs } from './subgraphs.js';

/** Writes everything that is generated from the contracts anew. */
for (const { path, content } of await generateResolverTypes(await readSubgraphs())) {
  const target = fileURLToPath(new URL(`../${path}`, import.meta.url));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}
