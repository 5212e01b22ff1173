import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('peers', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The exact versions that peers/package.json names. */
export async function peerVersions(): Promise<Readonly<Record<string, string>>> {
  return (await readManifest(folder)).dependencies;
}

/** True when every package that peers/package.json names lies there in its version. */
export async function peersAreInstalled(): Promise<boolean> {
  const installed = Object.entries(await peerVersions()).map(async ([name, version]) => {
    const manifest = await readManifest(path.join(folder, 'node_modules', name)).catch(() => undefined);
    return manifest?.version === version;
  });
  return (await Promise.all(installed)).every(Boolean);
}

/**
 * Installs the peers as their lock file says, into their own folder. None of their install scripts runs.
 * @throws with npm's own words when it fails
 */
export async function installPeers(signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(
      'npm',
      ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: folder,
        signal,
      },
    );
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`The gateways to compare with could not be installed in ${folder}:\n${stderr}`, {
      cause: error,
    });
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')) as Manifest;
}
