import { expect, it } from 'vitest';
import { checkDrift } from './drift.js';

it('names files that are missing or differ', async () => {
  const committed = new Map([
    ['same', 'text'],
    ['different', 'old text'],
  ]);
  const expected = ['same', 'different', 'missing'].map((path) => ({ path, content: 'text' }));
  const problems = await checkDrift(expected, async (path) => committed.get(path));
  expect(problems.map(({ at, message }) => `${at}: ${message}`)).toEqual([
    expect.stringContaining('different: it differs'),
    expect.stringContaining('missing: it is missing'),
  ]);
});

it('reads the repository', async () => {
  const [problem] = await checkDrift([{ path: 'schema/shared.graphql', content: 'something else' }]);
  expect(problem?.message).toContain('it differs');
  const [missing] = await checkDrift([{ path: 'schema/nothing.graphql', content: '' }]);
  expect(missing?.message).toContain('it is missing');
});
