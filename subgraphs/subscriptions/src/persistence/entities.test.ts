import { expect, test } from 'vitest';
import { subscriptionHeadEntity, subscriptionVersionEntity } from './entities.js';

test('a head holds every column of a version', () => {
  const columns = (entity: typeof subscriptionHeadEntity) => Object.keys(entity.options.columns).toSorted();
  expect(columns(subscriptionHeadEntity)).toEqual(columns(subscriptionVersionEntity));
});
