import { LRUCache } from 'lru-cache';
import type { ReadMoment } from './entity-store.js';

/** When a viewer's read begins. */
export interface ViewerMoment extends ReadMoment {
  /** The number of the viewer's last write; what was read before it is not for this viewer. */
  readonly wroteAt: number;
}

/**
 * Whoever wrote reads what was written: each write has a number, and a viewer is shown nothing that was read before the
 * viewer's own last one.
 */
export interface WriteFence {
  /** @param writer the account, partner or person as whom the viewer writes */
  moment(writer: string): Promise<ViewerMoment>;
  /** A write has ended, however it did. When this resolves, no read of the writer that begins later sees what was before. */
  wrote(writer: string): Promise<void>;
  /** Everything that was kept before is worth nothing. */
  reset(): Promise<void>;
}

/** Whether what was read at one moment may be shown to a viewer at another. */
export function mayShow(read: ReadMoment, viewer: ViewerMoment): boolean {
  return read.epoch === viewer.epoch && read.sequence >= viewer.wroteAt;
}

/** Keeps the numbers in this process: it answers for what was written through this process alone. */
export function createMemoryWriteFence(remembered = 100_000): WriteFence {
  let sequence = 0;
  let epoch = 0;
  /** Writers who were forgotten count as having written when the last of them did. */
  let floor = 0;
  const writes = new LRUCache<string, { readonly sequence: number }>({
    max: remembered,
    dispose: (write, _writer, reason) => {
      if (reason === 'evict') floor = Math.max(floor, write.sequence);
    },
  });
  return {
    moment: async (writer) => ({
      epoch: String(epoch),
      sequence,
      wroteAt: writes.get(writer)?.sequence ?? floor,
    }),
    async wrote(writer) {
      sequence += 1;
      writes.set(writer, { sequence });
    },
    async reset() {
      epoch += 1;
    },
  };
}
