import { getOperationAST, parse } from 'graphql';
import { expect, it } from 'vitest';
import { KnownOperations } from './known-operations.js';

/** Has the server tell that a text is valid. */
async function learn(known: KnownOperations, source: string) {
  const document = parse(source);
  const listener = await known.plugin.requestDidStart?.({} as never);
  await listener?.didResolveOperation?.({ source, document, operation: getOperationAST(document) } as never);
}

it('remembers operations by what is made of them, however short their texts are, and the last the longest', async () => {
  const known = new KnownOperations(1_000_000);
  const long = `{ ${'a '.repeat(2_000)}}`;
  await learn(known, '{ first }');
  await learn(known, long);
  await learn(known, '{ second }');
  expect(known.find('{ first }', undefined)).toBeDefined();
  expect(known.find(long, undefined)).toBeDefined();
  // Ten texts of 4,000 characters each, of which one alone takes more than half of the room.
  for (let number = 0; number < 10; number += 1) await learn(known, `{ ${'b '.repeat(2_000)} c${number} }`);
  expect(known.find(long, undefined)).toBeUndefined();
  expect(known.find('{ first }', undefined)).toBeUndefined();
  expect(known.find(`{ ${'b '.repeat(2_000)} c9 }`, undefined)).toBeDefined();
});

it('remembers no text that takes more room than there is, and none of several operations', async () => {
  const known = new KnownOperations(100_000);
  const texts = [`{ ${'a '.repeat(2_000)}}`, 'query A { a } query B { b }'];
  for (const text of texts) await learn(known, text);
  expect(texts.filter((text) => known.find(text, undefined))).toEqual([]);
});
