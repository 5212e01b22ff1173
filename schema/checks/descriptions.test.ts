import { expect, it } from 'vitest';
import { checkDescriptions } from './descriptions.js';

it('names every element without a description', () => {
  const sdl = `
    "Roots."
    type Query {
      "Described."
      good("Described." text: String): Int
      bad(text: String): Kind
    }
    interface Shape { area: Int }
    enum Kind { ONE }
    input Filter { text: String }
    scalar Day
    union Any = Query
  `;
  expect(checkDescriptions({ one: sdl }).map(({ at }) => at)).toEqual([
    'one: Shape',
    'one: Kind',
    'one: Kind.ONE',
    'one: Filter',
    'one: Day',
    'one: Any',
    'one: Query.bad',
    'one: Shape.area',
    'one: Filter.text',
    'one: Query.bad(text:)',
  ]);
});
