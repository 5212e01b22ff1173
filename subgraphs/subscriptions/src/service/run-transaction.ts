import type { UnitOfWork } from './ports.js';

/** Runs work in a transaction: its rows and events commit together or not at all. */
export type RunTransaction = <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>;
