/** Work that can be found by its key; linked to the next one in its bucket. */
export interface Keyed<Self> {
  readonly key: string;
  next: Self | undefined;
}

const buckets = 1_024;

/** Of a key its length and as many characters: enough to spread keys that differ, whatever they have in common. */
const sampled = 24;

/**
 * Work that is under way, by its key: what comes and goes thousands of times a second.
 *
 * A `Map` does this too, and costs more than all else about the work: whenever a `Map` grows or has had enough deletions it
 * moves to a new table, and the old one, until the next full collection of garbage, keeps all that was under way from being
 * freed with the young objects.
 */
export class OpenWork<Work extends Keyed<Work>> {
  private readonly heads: (Work | undefined)[] = Array.from({ length: buckets });

  find(key: string): Work | undefined {
    let work = this.heads[bucketOf(key)];
    while (work !== undefined && work.key !== key) work = work.next;
    return work;
  }

  /** To be called for a key that is not there. */
  add(work: Work): void {
    const bucket = bucketOf(work.key);
    work.next = this.heads[bucket];
    this.heads[bucket] = work;
  }

  /** Does nothing for work that is not there any more. */
  remove(work: Work): void {
    const bucket = bucketOf(work.key);
    let before: Work | undefined;
    for (let at = this.heads[bucket]; at !== undefined; at = at.next) {
      if (at === work) {
        if (before === undefined) this.heads[bucket] = at.next;
        else before.next = at.next;
        at.next = undefined;
        return;
      }
      before = at;
    }
  }

  clear(): void {
    this.heads.fill(undefined);
  }
}

function bucketOf(key: string): number {
  const { length } = key;
  const step = Math.max(1, Math.floor(length / sampled));
  let hash = length;
  for (let index = length - 1; index >= 0; index -= step) hash = (hash * 31 + key.charCodeAt(index)) | 0;
  return hash & (buckets - 1);
}
