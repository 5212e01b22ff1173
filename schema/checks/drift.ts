import { readFile } from 'node:fs/promises';
import { REPOSITORY, type GeneratedFile } from '../generated-file.js';
import type { Problem } from './problem.js';

/** Reads a file by its path below the repository's root; undefined when there is none. */
export type ReadCommitted = (path: string) => Promise<string | undefined>;

/** Every generated file is committed just as it would be generated now. */
export async function checkDrift(
  expected: readonly GeneratedFile[],
  read: ReadCommitted = readCommitted,
): Promise<Problem[]> {
  const problems = await Promise.all(
    expected.map(async ({ path, content }): Promise<Problem[]> => {
      const committed = await read(path);
      if (committed === content) return [];
      const what = committed === undefined ? 'it is missing' : 'it differs from what would be generated now';
      return [{ at: path, message: `${what}: run \`npm run generate\` and commit the result` }];
    }),
  );
  return problems.flat();
}

async function readCommitted(path: string): Promise<string | undefined> {
  try {
    return await readFile(`${REPOSITORY}${path}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
