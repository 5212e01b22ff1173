/** What became of looking something up. */
export type CacheOutcome = 'hit' | 'miss' | 'stale' | 'bypass';

/** Told of each look-up, so that metrics can count them. */
export interface CacheCounters {
  entities(service: string, outcome: CacheOutcome, count: number): void;
  responses(outcome: 'hit' | 'miss'): void;
}

export const noCounters: CacheCounters = { entities: () => undefined, responses: () => undefined };
