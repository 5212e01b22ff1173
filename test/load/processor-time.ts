import { readFile } from 'node:fs/promises';

/** The user and system time that a process has taken, in microseconds; Linux counts hundredths of a second (proc(5)). */
export async function processorTime(pid: number): Promise<number> {
  const afterName = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1) ?? '';
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * 10_000;
}
