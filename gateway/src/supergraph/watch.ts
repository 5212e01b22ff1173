import { stat } from 'node:fs/promises';

export interface Watch {
  /** Looks at once, without waiting for the next turn. */
  readonly look: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Looks at a file every so many milliseconds and tells of each change: by its time, size and identity, so that files
 * which are written in place, renamed into place, or behind a link that is turned over are all noticed. A file that is
 * gone for a while is none.
 */
export async function watchFile(path: string, everyMs: number, onChange: () => void): Promise<Watch> {
  let known = await markOf(path);
  const look = async () => {
    const mark = await markOf(path);
    if (mark === undefined || mark === known) return;
    known = mark;
    onChange();
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

async function markOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}
