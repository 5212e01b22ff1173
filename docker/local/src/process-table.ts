import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What tells a process from every other that has had or will have its id: when it began. Undefined when no such process
 * runs (a zombie does not run) or when the platform does not tell.
 */
export function signatureOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxSignature(pid);
    if (process.platform === 'win32') return undefined;
    const args = ['-o', 'lstart=', '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', env: plainWords }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** So that a start is told in the same words whatever the user's settings are. */
const plainWords = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The ticks from the machine's start to the process's, and which start of the machine that was. */
function linuxSignature(pid: number): string | undefined {
  const fields = linuxStat(pid);
  if (!runsByStat(fields)) return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${fields[19] ?? ''}`;
}

/** The fields of `/proc/<pid>/stat` from the third one, the state, on (proc(5)). */
function linuxStat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may hold anything.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/**
 * The one definition of what runs: whatever is neither a zombie (Z), which its parent has not yet taken notice of, nor dead (X).
 * A process that was killed is neither until it has let go of its memory, files and ports; its command line is empty before.
 */
const runsByStat = ([state]: readonly string[]): boolean => state !== 'Z' && state !== 'X';

/**
 * The command line of a running process, its arguments joined by blanks; undefined when no such process runs (a zombie
 * does not run) or when the platform does not tell.
 */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim() || undefined;
  }
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  const command = stdout.trim();
  return command === '' || command.startsWith('(') ? undefined : command;
}

/** True while the process runs. A zombie, which nobody may have reaped in a container, counts as ended. */
export async function isRunning(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return runsOnLinux(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return process.platform === 'win32' || (await commandLineOf(pid)) !== undefined;
}

function runsOnLinux(pid: number): boolean {
  try {
    return runsByStat(linuxStat(pid));
  } catch {
    return false;
  }
}

/** Waits until the process has ended; false when it still runs after `milliseconds`. */
export async function waitUntilEnded(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (await isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks a process to end (SIGTERM) and kills it when it has not within `milliseconds`. */
export async function endProcess(pid: number, milliseconds: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await waitUntilEnded(pid, milliseconds)) return;
  signal(pid, 'SIGKILL');
  await waitUntilEnded(pid, 5_000);
}
