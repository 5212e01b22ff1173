/**
 * What has changed, in the order in which this process heard of it. A read that began before a change may have seen the state
 * before it, so its answer is not kept; the log remembers changes for as long as any read may take.
 */
export class ChangeLog {
  #sequence = 0;
  /** Reads that began before this are not kept, whatever they read. */
  #floor = 0;
  #live = false;
  /** By tag, the oldest change first. */
  readonly #changes = new Map<string, { readonly sequence: number; readonly at: number }>();

  /**
   * @param now in milliseconds
   * @param rememberedMs longer than any request lasts
   */
  constructor(
    private readonly now: () => number,
    private readonly rememberedMs = 60_000,
  ) {}

  /** True while changes are heard of: only then may anything be kept, or be answered from what was. */
  get live(): boolean {
    return this.#live;
  }

  /** What a read notes when it begins. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Changes are heard of from now on; what happened before is not known. */
  connected(): void {
    this.#forget();
    this.#live = true;
  }

  /** From now on changes may be missed. */
  lost(): void {
    this.#live = false;
    this.#forget();
  }

  changed(tags: readonly string[]): void {
    const at = this.now();
    this.#sequence += 1;
    for (const tag of tags) {
      this.#changes.delete(tag);
      this.#changes.set(tag, { sequence: this.#sequence, at });
    }
    this.#prune(at - this.rememberedMs);
  }

  /** True when an answer to a read that began at `since` may be older than a change of one of these. */
  changedSince(tags: Iterable<string>, since: number): boolean {
    if (!this.#live || since < this.#floor) return true;
    for (const tag of tags) {
      if ((this.#changes.get(tag)?.sequence ?? 0) > since) return true;
    }
    return false;
  }

  #prune(before: number): void {
    for (const [tag, { sequence, at }] of this.#changes) {
      if (at >= before) return;
      this.#changes.delete(tag);
      this.#floor = sequence;
    }
  }

  #forget(): void {
    this.#changes.clear();
    this.#sequence += 1;
    this.#floor = this.#sequence;
  }
}
