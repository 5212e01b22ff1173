import type { Work } from './ports.js';

/** Runs work in a transaction: its rows and events commit together or not at all. */
export type RunTransaction = <T>(work: (unit: Work) => Promise<T>) => Promise<T>;
