import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A generated file: its path below the repository's root, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** The repository's root, with a slash at its end. */
export const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/** Writes generated files where they belong. */
export async function writeGenerated(files: readonly GeneratedFile[]): Promise<void> {
  for (const { path, content } of files) {
    await mkdir(dirname(`${REPOSITORY}${path}`), { recursive: true });
    await writeFile(`${REPOSITORY}${path}`, content);
  }
}
