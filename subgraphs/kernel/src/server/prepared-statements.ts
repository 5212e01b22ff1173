import { createHash } from 'node:crypto';

/** So many texts have a name in a process; each connection keeps at most as many plans. */
const mostNames = 300;
/** So many texts are remembered as having come once. */
const mostSeenOnce = 1_000;

/**
 * Names for statements that come again and again, under which PostgreSQL keeps them parsed and planned on each connection: a
 * statement over a dozen tables takes longer to plan than to run. A text has the same name in every process.
 */
export class PreparedStatements {
  readonly #names = new Map<string, string>();
  readonly #seenOnce = new Set<string>();
  readonly #given = new Set<string>();

  /** The name of a text; undefined for one that has come for the first time, was given up, or found no room. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#given.has(text)) return name;
    return this.#seenOnce.has(text) ? this.#name(text) : this.#see(text);
  }

  /** Has a text be sent without a name from now on. */
  giveUp(text: string): void {
    this.#names.delete(text);
    if (this.#given.size < mostNames) this.#given.add(text);
  }

  #name(text: string): string | undefined {
    if (this.#names.size + this.#given.size >= mostNames) return undefined;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.#names.set(text, name);
    this.#seenOnce.delete(text);
    return name;
  }

  #see(text: string): undefined {
    if (this.#seenOnce.size >= mostSeenOnce) this.#seenOnce.clear();
    this.#seenOnce.add(text);
  }
}

/**
 * Whether a statement failed for what is kept under its name, and goes well without: its table was altered since
 * (`cached plan must not change result type`), or whoever stands between us and the database has lost or mixed up the name.
 */
export function isPlanLost(error: unknown): boolean {
  const { code, routine } = error as { readonly code?: string; readonly routine?: string };
  return (code === '0A000' && routine === 'RevalidateCachedQuery') || code === '26000' || code === '42P05';
}

/**
 * Whether a transaction that failed with this may simply be begun again: nothing of it has happened, and there was nothing
 * wrong with it. It was the one to give way in a deadlock or a conflict of order (SQLSTATE class 40), or a plan was lost.
 */
export function isRepeatable(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === '40P01' || code === '40001' || isPlanLost(error);
}
