import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../files.js';
import { commandLineOf, endProcess, isRunning } from '../process-table.js';

const processSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  /** The program's file: the sign by which the process is known again. */
  entry: z.string(),
});
const recordSchema = z.object({ supervisor: processSchema, children: z.array(processSchema) });

/** A process that was started, as it is written down. */
export type RecordedProcess = z.infer<typeof processSchema>;

/**
 * `processes.json`: who supervises and what was started, so that a start after kill -9 of everything knows what may be
 * left. It is written before anything else can happen, hence synchronously.
 */
export class ProcessRecord {
  readonly #children = new Map<string, RecordedProcess>();

  constructor(
    readonly file: string,
    readonly supervisor: RecordedProcess,
  ) {
    this.#write();
  }

  set(child: RecordedProcess): void {
    this.#children.set(child.name, child);
    this.#write();
  }

  delete(name: string): void {
    this.#children.delete(name);
    this.#write();
  }

  /** Everything has ended: nothing is left to be known. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  #write(): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    const unfinished = `${this.file}.${process.pid}`;
    const content = { supervisor: this.supervisor, children: [...this.#children.values()] };
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(unfinished, this.file);
  }
}

/** The supervisor that runs on this record now; undefined when none does. */
export async function runningSupervisor(file: string): Promise<RecordedProcess | undefined> {
  const record = await readJson(file, recordSchema);
  if (record === undefined || record.supervisor.pid === process.pid) return undefined;
  return (await isStillOurs(record.supervisor)) ? record.supervisor : undefined;
}

/**
 * Ends the processes that a killed supervisor left: those of the record whose id still belongs to the program that was
 * started. Returns the names of what it ended.
 */
export async function endLeftovers(file: string): Promise<string[]> {
  const record = await readJson(file, recordSchema);
  if (record === undefined) return [];
  const ended = await Promise.all(
    record.children.map(async (child) => {
      if (!(await isStillOurs(child))) return [];
      await endProcess(child.pid, 5_000);
      return [child.name];
    }),
  );
  return ended.flat();
}

/** Process ids are used again: only the command line tells. Where it cannot be read, the process counts as foreign. */
async function isStillOurs({ pid, entry }: RecordedProcess): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  return (await commandLineOf(pid))?.includes(entry) ?? false;
}
