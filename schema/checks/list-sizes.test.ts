import { expect, it } from 'vitest';
import { checkListSizes } from './list-sizes.js';

it.each([
  ['things(first: Int, after: String): Things', 'first'],
  ['things(first: Int, last: Int): Things @listSize(slicingArguments: ["first"])', 'last'],
  ['things(first: Int, last: Int): Things @listSize(assumedSize: 20)', 'first and last'],
  ['things(first: Int, last: Int): Things @listSize(slicingArguments: ["first", "last"])', undefined],
  ['things(limit: Int): [Thing]', undefined],
])('%s', (field, missing) => {
  expect(checkListSizes({ shop: `type Query { ${field} }` })).toEqual(
    missing === undefined
      ? []
      : [{ at: 'shop: Query.things', message: `its @listSize must name ${missing} in slicingArguments` }],
  );
});
