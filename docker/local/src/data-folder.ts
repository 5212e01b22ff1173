import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type DatabaseName, databaseNames } from './databases.js';
import { readJson, writeJson } from './files.js';

/** What lies where in the data folder. All paths are absolute. */
export interface DataFolder {
  readonly folder: string;
  readonly logs: string;
  /** Who supervises and what runs. */
  readonly processes: string;
  /** The passwords of the services' database roles. */
  readonly passwords: string;
  /** How far the demo data is loaded, and for which database. */
  readonly seeding: string;
  /** A customer and a partner of the demo data that are worth looking at first. */
  readonly demo: string;
  /** Where the embedded server's data lies, for a person to read. */
  readonly postgres: string;
  /** The private keys that sign license files. */
  readonly licenseKeys: string;
  /** The mails that licenses are sent with, as message files: nobody is written to from here. */
  readonly mails: string;
  /** Tokens for the explorer at the gateway's root page. */
  readonly explorerTokens: string;
}

/** Makes the data folder, for the owner alone to read, and keeps it out of version control wherever it lies. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(path.join(folder, 'logs'), { recursive: true });
    await writeFile(path.join(folder, '.gitignore'), '*\n');
  } catch (error) {
    throw new Error(
      `The data folder ${folder} cannot be written: ${(error as Error).message}. ` +
        'Does it belong to another user, root perhaps? Remove it, or name another: DATA_FOLDER=/some/folder npm start',
      { cause: error },
    );
  }
  const file = (name: string) => path.join(folder, name);
  return {
    folder,
    logs: file('logs'),
    processes: file('processes.json'),
    passwords: file('passwords.json'),
    seeding: file('seeding.json'),
    demo: file('demo.json'),
    postgres: file('postgres.json'),
    licenseKeys: file('license-keys'),
    mails: file('mails'),
    explorerTokens: file('identity/explorer-tokens.json'),
  };
}

const passwordsSchema = z.record(z.enum(databaseNames), z.string().min(1));

/** The passwords of the services' database roles, made once. */
export async function databasePasswords(data: DataFolder): Promise<Record<DatabaseName, string>> {
  const stored = await readJson(data.passwords, passwordsSchema);
  if (stored !== undefined) return stored;
  const made = databaseNames.map((name) => [name, randomBytes(18).toString('base64url')]);
  const passwords = passwordsSchema.parse(Object.fromEntries(made));
  await writeJson(data.passwords, passwords);
  return passwords;
}
