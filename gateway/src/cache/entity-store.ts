/** An answer of a service about one entity, or to root fields, as it is kept. */
export interface StoredAnswer {
  /** Plain JSON. It is shared: nobody changes it. */
  readonly value: unknown;
  /** What it depends on. */
  readonly tags: readonly string[];
  /** When it was asked for, in milliseconds since 1970. */
  readonly askedAt: number;
  /** Until when it holds, in milliseconds since 1970. */
  readonly freshUntil: number;
  /** Until when it may be shown, with its age, while its service is down. */
  readonly staleUntil: number;
  readonly moment: ReadMoment;
}

/** When a read began, by the order of writes. */
export interface ReadMoment {
  /** What was kept under another one is worth nothing. */
  readonly epoch: string;
  /** How many writes had been noted. */
  readonly sequence: number;
}

/** Where answers are kept. It forgets what it likes, and what has changed at once. */
export interface EntityStore {
  /** In the order of the keys; undefined for what is not there, has changed, or is not even to be shown stale. */
  get(keys: readonly string[]): Promise<readonly (StoredAnswer | undefined)[]>;
  set(entries: readonly (readonly [key: string, answer: StoredAnswer])[]): Promise<void>;
  /** @param id equal when the same change is told again, by whichever process */
  changed(id: string, tags: readonly string[]): Promise<void>;
  /** Drops everything. */
  clear(): Promise<void>;
}
