import type { Clock } from '../domain/clock.js';

/** The clock of the machine, the same for every account. */
export const systemClock: Clock = {
  now: async () => new Date(),
};
