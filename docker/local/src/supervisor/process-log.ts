import { createWriteStream, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const keptLines = 15;

/** What one process says: written to a file, its last lines kept at hand, each line handed on when somebody listens. */
export class ProcessLog {
  readonly #stream: WriteStream;
  readonly #last: string[] = [];

  /** Begins `<folder>/<name>.log` afresh; the log of the run before stays as `<name>.previous.log`. */
  constructor(
    folder: string,
    name: string,
    private readonly onLine: (line: string) => void = () => undefined,
  ) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, `${name}.log`);
    try {
      renameSync(this.file, path.join(folder, `${name}.previous.log`));
    } catch {
      // There was no run before.
    }
    this.#stream = createWriteStream(this.file, { flags: 'a', mode: 0o600 });
    // A full disk must not end the supervisor.
    this.#stream.on('error', () => undefined);
  }

  readonly file: string;

  /** Takes all that the stream says, until it ends. */
  follow(stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      this.#stream.write(`${line}\n`);
      this.#last.push(line);
      if (this.#last.length > keptLines) this.#last.shift();
      this.onLine(line);
    });
  }

  /** The last lines, the oldest first. */
  get lastLines(): readonly string[] {
    return this.#last;
  }

  close(): void {
    this.#stream.end();
  }
}
