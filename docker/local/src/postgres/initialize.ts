import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import { isMissing } from '../missing.js';
import type { ServerUser } from './server-user.js';

const run = promisify(execFile);

/**
 * UTF-8, compared by code point, with the server's own tables of characters: the same on every machine, whatever
 * locales and ICU it has.
 */
const clusterOptions = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
];

/**
 * Makes the server's data directory when it is absent, and returns the superuser's password, which lies beside it in
 * `<dataDirectory>.password`, readable by the owner alone. A directory appears whole or not at all.
 * @throws Error when the directory is there and its password is not.
 */
export async function ensureCluster(
  binaries: Binaries,
  dataDirectory: string,
  user: ServerUser,
): Promise<string> {
  const passwordFile = `${dataDirectory}.password`;
  if (await isCluster(dataDirectory)) return readPassword(dataDirectory, passwordFile);
  const password = randomBytes(24).toString('base64url');
  await mkdir(path.dirname(dataDirectory), { recursive: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  const unfinished = `${dataDirectory}.unfinished`;
  const handedOver = `${unfinished}.password`;
  await Promise.all([rm(unfinished, { recursive: true, force: true }), rm(handedOver, { force: true })]);
  await mkdir(unfinished, { mode: 0o700 });
  try {
    await writeFile(handedOver, password, { mode: 0o600 });
    if (user !== null) await Promise.all([unfinished, handedOver].map((at) => chown(at, user.uid, user.gid)));
    const options = [`--pgdata=${unfinished}`, `--pwfile=${handedOver}`, ...clusterOptions];
    await run(binaries.initdb, options, { cwd: unfinished, env: serverEnvironment(), ...user });
    await rename(unfinished, dataDirectory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not make its data directory ${dataDirectory}: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    await rm(handedOver, { force: true });
  }
  return password;
}

/** Removes a data directory and what lies beside it. No server may run on it. */
export async function removeCluster(dataDirectory: string): Promise<void> {
  const beside = ['', '.password', '.owner', '.log', '.unfinished', '.unfinished.password'];
  await Promise.all(
    beside.map((suffix) => rm(`${dataDirectory}${suffix}`, { recursive: true, force: true })),
  );
}

/** The server's programs read LANG, PGDATA and their like: they get none of the user's. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function isCluster(dataDirectory: string): Promise<boolean> {
  return stat(path.join(dataDirectory, 'PG_VERSION')).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

async function readPassword(dataDirectory: string, passwordFile: string): Promise<string> {
  const password = await readFile(passwordFile, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  if (password === '') {
    throw new Error(
      `${dataDirectory} has no password file ${passwordFile} any more. Begin afresh: npm start -- --reset`,
    );
  }
  return password;
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return stderr?.trim() || (message ?? String(error));
}
