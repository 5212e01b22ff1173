import { expect, it } from 'vitest';
import { checkDeprecations } from './deprecations.js';

const problems = (reason: string) =>
  checkDeprecations({ one: `type Query { old: Int @deprecated(reason: "${reason}") }` }).map(
    ({ at, message }) => `${at}: ${message}`,
  );

it.each([
  ['Use new, since 2026-11-23, removal after 2027-08-23', undefined],
  ['Use new, since 2026-11-23, removal after 2027-08-22', 'less than 9 months'],
  ['Use new, since 2026-11-23, removal after 2026-02-30', 'must read'],
  ['Use new, removal after 2027-08-23', 'must read'],
  ['Use new', 'must read'],
])('judges "%s"', (reason, problem) => {
  const found = problems(reason);
  if (problem === undefined) expect(found).toEqual([]);
  else expect(found).toEqual([expect.stringContaining(problem)]);
});

it('names the deprecated element, also an argument and an enum value', () => {
  const sdl = `
    type Query { find(old: Int @deprecated): Int }
    enum Kind { OLD @deprecated }
  `;
  expect(checkDeprecations({ one: sdl }).map(({ at }) => at)).toEqual([
    'one: Query.find.old',
    'one: Kind.OLD',
  ]);
});
