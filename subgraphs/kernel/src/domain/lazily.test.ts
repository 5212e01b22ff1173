import { expect, it } from 'vitest';
import { lazily } from './lazily.js';

it('makes each part once, when it is first asked for, out of what its object was given', () => {
  const made: string[] = [];
  const create = lazily<string, { readonly first: { of: string }; readonly second: { of: string } }>({
    first: (given) => ({ of: made[made.push(`first of ${given}`) - 1] ?? '' }),
    second: (given) => ({ of: made[made.push(`second of ${given}`) - 1] ?? '' }),
  });
  const [one, other] = [create('one'), create('other')];
  expect(made).toEqual([]);
  expect(one.second).toEqual({ of: 'second of one' });
  expect(one.second).toBe(one.second);
  expect(other.second).toEqual({ of: 'second of other' });
  expect(made).toEqual(['second of one', 'second of other']);
});
