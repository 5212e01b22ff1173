import { createServer } from 'node:net';

/** A port that something is going to listen on, and the environment variable that sets it. */
export interface WantedPort {
  readonly variable: string;
  readonly port: number;
  readonly host: string;
}

/** Ports cannot be had; the message names each with its variable and what to do. */
export class PortError extends Error {
  override name = 'PortError';
}

/**
 * Tries every port before anything starts.
 * @throws PortError that names every port that is taken or wanted twice
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems = [...wantedTwice(wanted), ...(await taken(wanted))];
  if (problems.length > 0) throw new PortError(problems.join('\n'));
}

function wantedTwice(wanted: readonly WantedPort[]): string[] {
  const seen = new Map<number, string>();
  return wanted.flatMap(({ variable, port }) => {
    const other = seen.get(port);
    seen.set(port, variable);
    return other === undefined
      ? []
      : [`${other} and ${variable} are both ${port}: give each a port of its own.`];
  });
}

async function taken(wanted: readonly WantedPort[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { variable, port, host } of wanted) {
    const code = await tryToListen(port, host);
    if (code === undefined) continue;
    const advice = `${variable}=${port > 55_000 ? port - 10_000 : port + 10_000} npm start`;
    problems.push(
      code === 'EADDRINUSE'
        ? `Port ${port} (${variable}) is taken by another program. Stop it, or choose another port: ${advice}`
        : `Port ${port} (${variable}) cannot be used on ${host} (${code}). Choose another: ${advice}`,
    );
  }
  return problems;
}

/** Undefined when the port is free; otherwise the system's error code. */
async function tryToListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
