import { expect, it } from 'vitest';
import { service } from '../testing/fixture.js';
import { checkHints } from './hints.js';

const shared = (description: string) => `"${description}" type Money @shareable { amount: String }`;

it('reports a shared type that is described in two ways', () => {
  const problems = checkHints({
    one: service(`type Query { a: Money } ${shared('Money.')}`),
    other: service(`type Query { b: Money } ${shared('An amount.')}`),
  });
  expect(problems).toEqual([
    expect.objectContaining({ message: expect.stringContaining('"Money" has inconsistent') }),
  ]);
});
