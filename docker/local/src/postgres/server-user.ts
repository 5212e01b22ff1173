import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user that the server runs as; null: the user who runs this. Numbers of the operating system. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/** PostgreSQL refuses to run as root, so root runs it as `nobody`; everybody else runs it as themselves. */
export async function serverUser(): Promise<ServerUser> {
  if (!runsAsRoot()) return null;
  const [uid, gid] = await Promise.all([idOfNobody('-u'), idOfNobody('-g')]);
  return { uid, gid };
}

/** True when this process is root. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Systems differ: 65534 on Linux, 4294967294 on macOS. */
async function idOfNobody(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [flag, 'nobody']).catch(() => ({ stdout: '65534' }));
  return Number.parseInt(stdout, 10);
}
