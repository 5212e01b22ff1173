import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { claims, createIdentity, createKey, issuer } from '../../../gateway/test/kit/identity.js';

const main = fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));

export interface PinnedGateway {
  readonly url: string;
  /** A token for each of so many viewers, none of whose requests can be shared with another's. */
  readonly tokens: readonly string[];
  /** The processor time that it has used, in seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** The built gateway as a process of its own, on one processor. */
export async function startPinnedGateway(
  services: Readonly<Record<string, string>>,
  { cpu, viewers }: { readonly cpu: number; readonly viewers: number },
): Promise<PinnedGateway> {
  const [identity, viewerKey] = await Promise.all([createIdentity(), createKey('gateway-1')]);
  const child = spawn('taskset', ['-c', String(cpu), process.execPath, main], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      IDENTITY_JWKS_URL: identity.jwksUrl,
      IDENTITY_ISSUER: issuer,
      VIEWER_SIGNING_KEY: JSON.stringify({ ...viewerKey.privateJwk, kty: 'OKP' }),
      SERVICES: JSON.stringify(services),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const tokens = await Promise.all(
    Array.from({ length: viewers }, (_, index) =>
      identity.key.sign({ ...claims.product(), sub: `viewer-${index}` }),
    ),
  );
  return {
    url: await readyUrl(child.stdout),
    tokens,
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The address from the line that says that the gateway is ready; all other lines are read and dropped. */
function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve((JSON.parse(line) as { url: string }).url);
    });
    lines.once('close', () => reject(new Error('The gateway ended before it was ready')));
  });
}

/** User and system time, which Linux counts in hundredths of a second (proc(5)). */
function cpuSecondsOf(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}
