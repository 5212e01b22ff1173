import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../files.js';
import { endProcess, signatureOf } from '../process-table.js';

const processSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  /** By this the process is known again: ids are used again. */
  signature: z.string(),
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

  /** Writes this process down as the one that supervises. */
  constructor(private readonly file: string) {
    this.#write();
  }

  set(name: string, pid: number): void {
    this.#children.set(name, recorded(name, pid));
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
    const content = {
      supervisor: recorded('supervisor', process.pid),
      children: [...this.#children.values()],
    };
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(unfinished, this.file);
  }
}

/** The supervisor that runs on this record now; undefined when none does. */
export async function runningSupervisor(file: string): Promise<RecordedProcess | undefined> {
  const record = await readRecord(file);
  if (record === undefined || record.supervisor.pid === process.pid) return undefined;
  return isStillOurs(record.supervisor) ? record.supervisor : undefined;
}

/**
 * Ends the processes that a killed supervisor left: those of the record whose id still belongs to the process that was
 * started. Returns the names of what it ended.
 */
export async function endLeftovers(file: string): Promise<string[]> {
  const record = await readRecord(file);
  if (record === undefined) return [];
  const ended = await Promise.all(
    record.children.map(async (child) => {
      if (!isStillOurs(child)) return [];
      await endProcess(child.pid, 5_000);
      return [child.name];
    }),
  );
  return ended.flat();
}

/** A record of another version, or a damaged one, says nothing: the ports tell what is left. */
async function readRecord(file: string): Promise<z.infer<typeof recordSchema> | undefined> {
  return readJson(file, recordSchema).catch(() => undefined);
}

function recorded(name: string, pid: number): RecordedProcess {
  return { name, pid, signature: signatureOf(pid) ?? 'unknown' };
}

/** Where the platform does not tell when a process began, it counts as foreign. */
function isStillOurs({ pid, signature }: RecordedProcess): boolean {
  return signatureOf(pid) === signature;
}
