import { accountStory, type PopulationSetting } from './accounts.js';
import { partnerStories } from './partners.js';
import type { StoryBatch } from './story.js';

export type { PopulationSetting };

/** Enough to be written by few statements, little enough to be held in memory many times over. */
export const batchSize = 500;

/**
 * A whole population, batch by batch: the partners first, then the accounts.
 * It depends on its size and the day alone, so a seeding that was stopped goes on with the same stories.
 */
export function* populationBatches(setting: PopulationSetting): Generator<StoryBatch> {
  yield { index: 0, partners: partnerStories(setting.accounts, setting.today), accounts: [] };
  for (let first = 0, index = 1; first < setting.accounts; first += batchSize, index += 1) {
    const count = Math.min(batchSize, setting.accounts - first);
    yield {
      index,
      partners: [],
      accounts: Array.from({ length: count }, (_, offset) => accountStory(first + offset, setting)),
    };
  }
}
